"""POST /inspect and GET /kinks as they are sent."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from engine.edges import KINKS
from engine.edges.cures import ROWS
from server.locale import LOCALES, catalogue
from tests.corpus import CORPUS
from tests.server.conftest import Post
from tests.server.test_fuzz import INPUTS, TREES
from tests.server.test_openapi import Schema, documented

BREAKING: list[tuple[str, dict[str, Any]]] = [
    ("where(x > 0, sqrt(x), 0)", {"x": 0}),
    ("ln(softmax(x))", {"x": [0, 1000]}),
    ("1/(1 + exp(-x)) + stop_gradient(y)", {"x": -1000, "y": 2}),
    ("u = 2x\ny^y", {"x": 1, "y": 0}),
    ("sum((X @ W + b)**2)", {"X": [[1, 2], [3, 4]], "W": [[1, 0], [-1, 2]], "b": [0.5, -0.5]}),
    ("x", {"x": 0}),
    ("3", {}),
    ("inv(A)", {"A": [[1, 2], [2, 4]]}),
    ("cross_entropy(z, y)", {"z": [[1, 2], [3, 4]], "y": [0, 1]}),
    ("zeros(0) + x", {"x": 1}),
]


@pytest.mark.parametrize("text", [None, *LOCALES])
@pytest.mark.parametrize(("source", "inputs"), BREAKING)
def test_an_inspection_fits_its_schema(
    client: TestClient, source: str, inputs: dict[str, Any], text: str | None
) -> None:
    document = client.get("/openapi.json").json()
    schema = Schema(document["components"]["schemas"])
    body = {"source": source, "inputs": inputs, "text": text}
    assert schema.errors(body, document["components"]["schemas"]["InspectRequest"]) == []
    answer = client.post("/api/v1/inspect", json=body)
    if source.startswith("zeros(0)"):
        assert answer.status_code == 422
        return
    assert answer.status_code == 200, answer.text
    assert schema.errors(answer.json(), documented(document, "/api/v1/inspect", "post", 200)) == []
    assert answer.content == client.post("/api/v1/inspect", json=body).content


def test_the_where_trap_is_sent(post: Post) -> None:
    found = post("inspect", source="where(x > 0, sqrt(x), 0)", inputs={"x": 0}, text="zh")
    assert (found["value"], found["first"], found["output"]) == (0, 0, "v3")
    trouble = found["troubles"][0]
    assert (trouble["phase"], trouble["node"], trouble["value"], trouble["path"]) == ("backward", 3, "NaN", [3, 0])
    assert (trouble["cure"]["key"], trouble["cure"]["node"]) == ("where_trap", 3)
    assert trouble["cure"]["source"] == "sqrt(where(x > 0, x, 1))"
    assert trouble["cure"]["said"].startswith("where 陷阱")
    assert found["derivatives"][0]["kind"] == "undefined"
    assert [kink["row"] for kink in found["kinks"]] == ["sqrt", "where_sqrt"]


def test_without_text_nothing_is_said(post: Post) -> None:
    found = post("inspect", source="where(x > 0, sqrt(x), 0)", inputs={"x": 0})
    said = [found["troubles"][0]["reason"], found["troubles"][0]["cure"]["said"], found["conditioning"]["said"]]
    said += [report[field] for report in found["nodes"] for field in ("value_reason", "derivative_reason")]
    assert [*said, found["derivatives"][0]["reason"], found["kinks"][0]["said"]] == [None] * (len(said) + 2)


def test_its_options(post: Post) -> None:
    found = post("inspect", source="u = x^2*y\nu + y", inputs={"x": 0, "y": 1}, wrt=["x"], output="u", of=["x"])
    assert (found["value"], found["wrt"]) == (0, ["x"])
    assert found["derivatives"] == [
        {"name": "x", "node": 0, "derivative": 2, "kind": "number", "reason": None, "missing": None, "stops": []}
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"wrt": ["z"]}, "unknown_wrt"), ({"of": ["z"]}, "unknown_wrt"), ({"output": "z"}, "unknown_output"),
        ({"of": ["x"] * 9}, "order_too_high"), ({"inputs": {}}, "missing_input"), ({"seed": 1}, "unknown_field"),
        ({"text": "fr"}, "wrong_value"),
    ],
)  # fmt: skip
def test_refusals(client: TestClient, more: dict[str, Any], code: str) -> None:
    answer = client.post("/api/v1/inspect", json={"source": "x*x", "inputs": {"x": 1}, **more})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_table_of_kinks_is_sent(client: TestClient) -> None:
    found = client.get("/api/v1/kinks").json()
    assert found["versions"] == {"tensorflow": "2.21", "pytorch": "2.13", "jax": "0.10.2"}
    assert [record["row"]["key"] for record in found["kinks"]] == [row.key for row in KINKS]
    rows = {record["row"]["key"]: record for record in found["kinks"]}
    assert rows["maximum"]["row"]["tensorflow"] == {"x": 1, "y": 0}
    assert rows["unconnected"]["row"]["pytorch"] == {"x": None, "y": 6}
    assert rows["power_zero_integer"]["row"]["ours"] == {"x": "NaN"}
    assert rows["abs"]["about"]["en"].startswith("$v$ is at the corner of the absolute value.")
    assert "折点" in rows["abs"]["about"]["zh"]


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_that_an_inspection_can_say_has_a_message(locale: str) -> None:
    words = catalogue(locale)
    forward, faults = ("undefined", "pole", "overflow", "underflow", "cancelled", "imprecise"), (
        "undefined.masked", "undefined.zero_times_infinite", "undefined.partial", "undefined.inside",
        "undefined.infinite_minus_infinite", "pole.partial", "overflow.partial", "overflow.product", "overflow.sum",
        "underflow.product", "underflow.partial",
    )  # fmt: skip
    wanted = [f"trouble.{kind}" for kind in forward] + [f"cure.default.{kind}" for kind in forward]
    wanted += [f"trouble.back.{fault}" for fault in faults] + [f"cure.{row.key}" for row in ROWS] + ["cure.where_trap"]
    wanted += [f"cure.default.back.{fault.split('.')[0]}" for fault in faults]
    wanted += [f"nothing.slope.{fault}" for fault in faults if fault != "undefined.masked"]
    wanted += [f"kink.{row.key}" for row in KINKS]
    assert [key for key in wanted if key not in words] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_said_is_complete(post: Post, locale: str) -> None:
    for source, inputs in BREAKING[:-1]:
        found = post("inspect", source=source, inputs=inputs, text=locale)
        said = re.findall(r'"(?:reason|said|value_reason|derivative_reason)": "((?:[^"\\]|\\.)*)"', json.dumps(found))
        assert [one for one in said if re.search(r"\{\w+\}(?!\$)", re.sub(r"\\+\w+(\{[^}]*\})+", "", one))] == []
        assert [one for one in said if re.match(r"(nothing|trouble|cure|kink|conditioning)\.", one)] == []


@pytest.mark.parametrize("case", CORPUS[::7], ids=lambda case: f"{case.source} at {case.inputs}")
def test_values_and_gradients_are_those_of_the_other_ways(post: Post, case: Any) -> None:
    found = post("inspect", source=case.source, inputs=case.inputs)
    numbers = post("derivatives", source=case.source, inputs=case.inputs, want=["value", "gradient"])
    assert found["value"] == pytest.approx(numbers["value"], rel=1e-14)
    gradient = {report["name"]: report["derivative"] for report in found["derivatives"]}
    assert gradient == pytest.approx(numbers["gradient"], rel=1e-12, abs=1e-14)


@settings(max_examples=150, deadline=None)
@given(source=TREES, inputs=INPUTS, text=st.sampled_from([None, "en", "zh"]), of=st.sampled_from([None, ["x"]]))
def test_no_formula_is_too_odd(client: TestClient, source: str, inputs: Any, text: str | None, of: Any) -> None:
    needed = {name: value for name, value in inputs.items() if re.search(rf"\b{name}\b", source)}
    answer = client.post("/api/v1/inspect", json={"source": source, "inputs": needed, "text": text, "of": of})
    assert answer.status_code in (200, 422), (source, inputs, answer.text)


ARRAYS = st.sampled_from(
    ["sum(x)", "softmax(x)", "amax(x)", "x @ x", "norm(x)", "cumsum(x)", "ln(x)", "sqrt(x)", "exp(x)", "x / y", "where(x > 0, ln(x), y)",
     "outer(x, x)", "prod(x)", "std(x)", "logsumexp(x)", "x[0] * y", "sum(x * stop_gradient(x))", "layer_norm(x)", "argmax(x) * y",
     "concatenate([x, x])", "x**y", "clip(x, 0, 1)", "mean(x**2) - mean(x)**2", "inv(outer(x, x))", "det(outer(x, x))"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    source=ARRAYS,
    x=st.lists(
        st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 1e-308, 5e-324, 0.5, 800.0]), min_size=1, max_size=4
    ),
    y=st.sampled_from([0.0, 1.0, -1.0, 1e308, 1e-320]),
    text=st.sampled_from([None, "en", "zh"]),
)
def test_no_array_is_too_odd(client: TestClient, source: str, x: list[float], y: float, text: str | None) -> None:
    inputs = {"x": x, "y": y} if re.search(r"\by\b", source) else {"x": x}
    answer = client.post("/api/v1/inspect", json={"source": source, "inputs": inputs, "text": text})
    assert answer.status_code in (200, 422), (source, inputs, answer.text)
