"""POST /card: the card of a node as it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.server.test_openapi import Schema, documented

PICTURE: dict[str, Any] = {
    "source": "sum((X @ W + b)**2)",
    "inputs": {"X": [[1, 2], [3, 4], [5, 6]], "W": [[1, 0], [-1, 2]], "b": [0.5, -0.5]},
    "pass": "reverse",
    "node": 3,
}


def ask(client: TestClient, **more: Any) -> Any:
    answer = client.post("/api/v1/card", json={**PICTURE, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("text", [None, "en", "zh"])
@pytest.mark.parametrize("name", ["evaluate", "forward", "reverse", "adjoint_graph", "jacobian", "simplify"])
def test_every_card_of_a_graph_fits_its_schema(client: TestClient, name: str, text: str | None) -> None:
    document = client.get("/openapi.json").json()
    schema = Schema(document["components"]["schemas"])
    trace = client.post(
        "/api/v1/trace", json={**{k: v for k, v in PICTURE.items() if k != "node"}, "pass": name}
    ).json()
    for node in trace["graph"]["nodes"]:
        card = ask(client, node=node["id"], text=text, **{"pass": name})
        assert schema.errors(card, documented(document, "/api/v1/card", "post", 200)) == []
        assert card["op"] == node["op"]
        assert (card["text"] is None) == (text is None)


def test_the_picture_is_sent(client: TestClient) -> None:
    card = ask(client, text="zh")
    assert [block["empty"] for block in card["jacobians"]] == [24, 12]
    assert card["jacobians"][0]["entries"][1][:3] == [0, 2, None]
    assert [pull["to"]["value"] for pull in card["pulls"]] == [[[-1, 15], [-1, 31], [-1, 47]], [[-9, 167], [-12, 212]]]
    assert card["text"]["jacobian"] == "共 60 个数，其中 36 个按结构为空。从不构造。"
    summed = ask(client, node=4)["pulls"][1]
    assert (summed["to"]["value"], summed["summed"]) == ([-3, 45], {"axes": [0], "from": [3, 2], "to": [2]})


def test_large_arrays_are_summarised_unless_all_is_asked_for(client: TestClient) -> None:
    inputs = {"X": "randn(30, 20, seed=1)", "W": "randn(20, 2, seed=2)", "b": [1, 2]}
    card = ask(client, inputs=inputs)
    assert card["inputs"][0]["value"].keys() == {"shape", "min", "max", "mean", "norm", "nan"}
    assert card["jacobians"][0]["entries"] is None
    whole = ask(client, inputs=inputs, arrays="full")
    assert len(whole["inputs"][0]["value"]) == 30
    assert len(whole["pulls"][0]["lines"][-1]["value"]) == 30


def test_what_is_not_finite_is_spelled_out(client: TestClient) -> None:
    card = ask(client, source="sum(log(x))", inputs={"x": [0, 1]}, node=1)
    assert card["output"][0]["value"] == ["-Infinity", 0]
    assert card["jacobians"][0]["entries"] == [["Infinity", None], [None, 1]]


@pytest.mark.parametrize("node", [-1, 9])
def test_a_node_that_is_not_there_is_refused(client: TestClient, node: int) -> None:
    answer = client.post("/api/v1/card", json={**PICTURE, "node": node})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_node")
    assert answer.json()["message"] == f"The graph has no node {node}; its 8 nodes are numbered from 0."


def test_the_node_must_be_named(client: TestClient) -> None:
    answer = client.post("/api/v1/card", json={k: v for k, v in PICTURE.items() if k != "node"})
    assert (answer.status_code, answer.json()["code"]) == (422, "missing_field")
