"""Whatever is sent, the answer is no 5xx, is JSON, and is the same twice."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from engine.passes import PASSES
from engine.primitive import ALIASES
from server.errors import STATUS

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.sampled_from([0, 1, -1, 1e308, 5e-324])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20) | st.sampled_from(["NaN", "Infinity", "x", "reverse"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
WORDS = st.sampled_from(
    [
        *sorted(ALIASES),
        *"xy()+-*/^=,|<\n; 20e²√·（）−[]:'@#\u202e",
        "x1",
        "pi",
        "**",
        ".5",
        "1e3",
        "1e-320",
        "for",
        "if",
        "x̄",
    ]
)
FUNCTIONS = st.sampled_from(["sin", "exp", "ln", "sqrt", "abs", "relu", "tanh", "-"])
SIGNS = st.sampled_from(["+", "-", "*", "/", "^"])
SOURCES = st.lists(WORDS, max_size=25).map("".join) | st.text(max_size=60)
TREES = st.recursive(
    st.sampled_from(["x", "y", "2", "0.5", "pi"]),
    lambda inner: (
        st.tuples(inner, SIGNS, inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})")
        | st.tuples(FUNCTIONS, inner).map(lambda t: f"{t[0]}({t[1]})")
    ),
    max_leaves=15,
)  # fmt: skip
INPUTS = st.fixed_dictionaries({"x": NUMBERS, "y": NUMBERS})
ENDPOINTS = st.sampled_from(["graph", "trace", "inspect", "derivatives"])


def check(client: TestClient, path: str, content: bytes, **headers: str) -> int:
    answers = [
        client.post(f"/api/v1/{path}", content=content, headers={"content-type": "application/json", **headers})
        for _ in range(2)
    ]
    first = answers[0]
    assert first.status_code < 500, (content, first.text)
    assert first.content == answers[1].content
    answer = json.loads(first.content, parse_constant=pytest.fail)
    if first.status_code != 200:
        assert first.status_code in {422, *STATUS.values()}
        assert {"code", "message", "span", "hint"} <= answer.keys()
        assert len(first.content) < 4000
    return first.status_code


@given(ENDPOINTS, st.binary(max_size=200))
def test_bytes(client: TestClient, path: str, content: bytes) -> None:
    check(client, path, content)


@given(ENDPOINTS, JSON)
def test_any_json(client: TestClient, path: str, value: Any) -> None:
    check(client, path, json.dumps(value).encode())


@given(
    ENDPOINTS,
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("inputs", "pass", "wrt", "seed", "output", "options", "text", "want", "jvp", "vjp", "other"), JSON
        ),
    ),
    SOURCES,
)
def test_fields_of_any_kind(client: TestClient, path: str, fields: dict[str, Any], source: str) -> None:
    check(client, path, json.dumps({**fields, "source": source}).encode())


@given(SOURCES)
def test_any_source(client: TestClient, source: str) -> None:
    check(client, "graph", json.dumps({"source": source}).encode())


@settings(max_examples=150)
@given(TREES, INPUTS, st.sampled_from(sorted(PASSES)), st.sampled_from([None, "en", "zh"]))
def test_formulas_are_traced(
    client: TestClient, source: str, inputs: dict[str, Any], name: str, text: str | None
) -> None:
    used = client.post("/api/v1/graph", json={"source": source}).json()["inputs"]
    given = {asked["name"]: inputs[asked["name"]] for asked in used}
    status = check(
        client, "trace", json.dumps({"source": source, "inputs": given, "pass": name, "text": text}).encode()
    )
    assert status == 200 or any(abs(value) > 1e308 for value in given.values())


@given(TREES, INPUTS)
def test_formulas_are_differentiated(client: TestClient, source: str, inputs: dict[str, Any]) -> None:
    used = client.post("/api/v1/graph", json={"source": source}).json()["inputs"]
    given = {asked["name"]: inputs[asked["name"]] for asked in used}
    body = {"source": source, "inputs": given, "want": ["value", "gradient", "jacobian", "hessian"], "vjp": 1}
    check(client, "derivatives", json.dumps(body).encode())


@given(
    st.dictionaries(
        st.sampled_from(
            ["accept-language", "accept-encoding", "if-none-match", "range", "content-encoding", "x-other"]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    ),
    st.sampled_from(["/", "/docs", "/openapi.json", "/api/v1/ops", "/static/x", "/metrics"]),
)
def test_any_headers(client: TestClient, headers: dict[str, str], path: str) -> None:
    assert client.get(path, headers=headers).status_code < 500


@given(st.text(max_size=40), st.sampled_from(["/", "/static/", "/api/v1/", "/docs/"]))
def test_any_path(client: TestClient, path: str, before: str) -> None:
    quoted = quote(path, safe="/%", errors="surrogatepass")
    assert client.get(before + quoted.lstrip("/")).status_code < 500
