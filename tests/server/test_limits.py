"""Every published limit: what stands at it passes, one over and ten times over are refused."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from engine import limits


class Limit(NamedTuple):
    name: str
    size: int
    code: str
    path: str
    body: Callable[[int], dict[str, Any]]


def graph(source: str) -> dict[str, Any]:
    return {"source": source}


def padded(size: int) -> dict[str, Any]:
    """A formula of `size` characters, of few nodes."""
    return graph("x" + " " * (size - 3) + "+1")


def chain(size: int) -> dict[str, Any]:
    """A formula of `size` nodes: an input and as many signs as are left; each `-` is a node."""
    lines = ["a = -x"] + ["a = -a"] * (size - 2)
    return graph("\n".join(lines))


def wide(size: int) -> dict[str, Any]:
    return graph("+".join(f"x{i}" for i in range(size)))


def by_inputs(size: int) -> dict[str, Any]:
    names = [f"x{i}" for i in range(size)]
    return {"source": "*".join(names), "inputs": dict.fromkeys(names, 1.0), "want": ["hessian"]}


def by_passes(size: int) -> dict[str, Any]:
    return {"source": "sin(x)", "inputs": {"x": f"ones({size})"}, "pass": "jacobian"}


def by_sums(size: int) -> dict[str, Any]:
    """An inspection of `size` nodes: an input, and a sum for each further time that it is read."""
    return {"source": "x" + "+x" * (size - 1), "inputs": {"x": 1}}


def deep(size: int) -> dict[str, Any]:
    return graph("(" * size + "x" + ")" * size)


LIMITS = [
    Limit("source_characters", limits.SOURCE_CHARACTERS, "source_too_long", "graph", padded),
    Limit("nesting", limits.NESTING, "too_deep", "graph", deep),
    Limit("number_characters", limits.NUMBER_CHARACTERS, "number_too_long", "graph", lambda n: graph("1" * n)),
    Limit("inputs", limits.INPUTS, "too_many_inputs", "graph", wide),
    Limit("hessian_inputs", limits.HESSIAN_INPUTS, "too_many_inputs", "derivatives", by_inputs),
    Limit("inspected_nodes", limits.INSPECTED_NODES, "too_many_nodes", "inspect", by_sums),
    Limit("shown_passes", limits.SHOWN_PASSES, "too_many_passes", "trace", by_passes),
    Limit(
        "derivative_order", limits.DERIVATIVE_ORDER, "order_too_high", "trace",
        lambda n: {"source": "exp(x)", "inputs": {"x": 0}, "pass": "evaluate", "options": {"of": ["x"] * n}},
    ),
]  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS, ids=[limit.name for limit in LIMITS])
def test_at_over_and_far_over(client: TestClient, limit: Limit) -> None:
    def ask(size: int) -> Any:
        return client.post(f"/api/v1/{limit.path}", json=limit.body(size))

    at = ask(limit.size)
    assert at.status_code == 200, at.text[:500]
    for size in (limit.size + 1, limit.size * 10):
        over = ask(size)
        assert over.status_code == 422
        # ten times as many of anything may also be too long a text
        assert over.json()["code"] in {limit.code, "source_too_long"}
    assert ask(limit.size + 1).json()["code"] == limit.code


@pytest.mark.parametrize(("mode", "status"), [("forward", 422), ("reverse", 200)])
def test_the_passes_of_the_mode_are_counted(client: TestClient, mode: str, status: int) -> None:
    body = {"source": "sum(x^2)", "inputs": {"x": "ones(257)"}, "pass": "jacobian", "options": {"mode": mode}}
    answer = client.post("/api/v1/trace", json=body)
    assert answer.status_code == status
    if status == 422:
        assert "257" in answer.json()["message"]
        assert "/derivatives" in answer.json()["hint"]


def test_too_many_nodes(client: TestClient) -> None:
    body = {"source": "-" * (limits.NODES - 1) + "x"}
    answers = {size: client.post("/api/v1/graph", json={"source": "x" + "+x" * size}) for size in (10_000, 16_000)}
    assert all(answer.status_code == 200 for answer in answers.values())
    many = client.post("/api/v1/graph", json={"source": "+".join(["x^2"] * 8000)})
    assert (many.status_code, many.json().get("code")) == (422, "too_many_nodes")
    assert client.post("/api/v1/graph", json=body).status_code in (200, 422)


def test_a_long_name(client: TestClient) -> None:
    def status(size: int) -> int:
        return client.post("/api/v1/graph", json={"source": "a" * size}).status_code

    assert status(limits.NAME_CHARACTERS) == 200
    assert status(limits.NAME_CHARACTERS + 1) == status(limits.NAME_CHARACTERS * 10) == 422


def body_of(size: int) -> bytes:
    """A request of exactly `size` bytes."""
    body = json.dumps({"source": "x"}).encode()
    return body + b" " * (size - len(body))


def test_the_body(client: TestClient) -> None:
    def ask(content: Any) -> Any:
        return client.post("/api/v1/graph", content=content, headers={"content-type": "application/json"})

    assert ask(body_of(limits.BODY_BYTES)).status_code == 200
    for size in (limits.BODY_BYTES + 1, limits.BODY_BYTES * 10):
        answer = ask(body_of(size))
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert str(limits.BODY_BYTES) in answer.json()["message"]


def test_a_body_of_unknown_length(client: TestClient) -> None:
    """Sent in chunks, nothing announces how much will come."""

    def chunks(count: int) -> Any:
        yield from [b" " * 1024] * count
        yield b'{"source": "x"}'

    def ask(count: int) -> int:
        headers = {"content-type": "application/json"}
        return client.post("/api/v1/graph", content=chunks(count), headers=headers).status_code

    assert ask(1000) == 200
    assert ask(1024) == 413
    assert ask(10_240) == 413


def test_nesting_of_the_body(client: TestClient) -> None:
    def ask(depth: int) -> Any:
        """A body whose brackets are `depth` deep."""
        text = '{"source": "x", "options": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
        headers = {"content-type": "application/json"}
        return client.post("/api/v1/graph", content=text, headers=headers).json()["code"]

    assert ask(limits.JSON_DEPTH) == "unknown_field"
    assert ask(limits.JSON_DEPTH + 1) == ask(limits.JSON_DEPTH * 10) == "too_nested"


def test_brackets_in_text_are_no_nesting(client: TestClient) -> None:
    source = "(" * 100 + '"[[[[' + "[{" * 100
    assert client.post("/api/v1/graph", json={"source": source}).json()["code"] != "too_nested"
