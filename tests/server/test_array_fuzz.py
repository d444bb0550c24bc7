"""Any row with any parameters on arrays of any shape, and any value for an input: answered, or refused in words."""

import json
import re
from inspect import Parameter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from engine.passes import PASSES
from engine.primitive import ALIASES, Primitive
from engine.syntax.statics import KINDS
from tests.server.test_fuzz import check

LITERALS = [
    "0",
    "1",
    "-1",
    "2",
    "7",
    "-9",
    "99999999",
    "1.5",
    "None",
    "True",
    "False",
    "inf",
    "'fro'",
    "(0, 1)",
    "(0, 0)",
]
LITERALS += [
    "(1, 0)",
    "(-1,)",
    "(-1, -1)",
    "(2, 3)",
    "(1, 1, 1, 1, 1)",
    "((0, 1), (1, 0))",
    "((1,), 2)",
    "(100000, 100000)",
    "[0]",
]
INDICES = [
    "0",
    "-1",
    "5",
    ":",
    "1:",
    "::2",
    "::-1",
    "2:2",
    "None",
    "...",
    "[0]",
    "[0, 0, 1]",
    "[9]",
    "-9:9",
    "::0",
    "i",
    "",
]
NUMBERS = st.sampled_from([0, 1, -1, 2, 0.5, -0.0, 1e308, 5e-324])
SHAPE = st.lists(st.integers(1, 3), max_size=4).map(tuple)
SHAPES = SHAPE.map(lambda shape: [shape] * 3) | st.lists(SHAPE, min_size=3, max_size=3)
MIXING = sorted(name for name, row in ALIASES.items() if row.statics)
TEXTS = st.text("[]0123456789.,;-+_e \n", max_size=12) | st.sampled_from(
    [
        "randn(2, 2)",
        "randn(1e9)",
        "zeros(0)",
        "eye(2)",
        "ones(9, 9, 9, 9, 9)",
        "array([1, 2])",
        "[[1, 2], [3]]",
        "NaN",
        "[NaN]",
    ]
)
ANYTHING = st.recursive(
    NUMBERS | TEXTS | st.none() | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=9
)


def statics_of(draw: st.DrawFn, row: Primitive) -> list[str]:
    """Some of a row's parameters, all that it needs, each as a literal that may not fit."""
    names = [
        name
        for name, default in row.statics.items()
        if name in KINDS and (default is Parameter.empty or draw(st.booleans()))
    ]
    suits = {name: [example.strip() for example in re.split(r",(?![^(]*\))", KINDS[name][1])] for name in names}
    return [f"{name}={draw(st.sampled_from(suits[name]) | st.sampled_from(LITERALS))}" for name in names]


@st.composite
def calls(draw: st.DrawFn) -> str:
    """A call of a row; perhaps with an index, a transposition or a sum around it."""
    name = draw(st.sampled_from(MIXING) | st.sampled_from(sorted(ALIASES)))
    row = ALIASES[name]
    arguments = ["x", "y", "z"][: row.arity or draw(st.integers(1, 3))]
    if draw(st.integers(0, 3)) == 0:
        items = draw(st.lists(st.sampled_from(INDICES), min_size=1, max_size=3))
        arguments[0] += f"[{', '.join(items)}]"
    call = f"{name}({', '.join([*arguments, *statics_of(draw, row)])})"
    return draw(st.sampled_from(["{}", "{}", "sum({})", "-{}.T @ x", "[{}, {}]", "{} ^ -1"])).replace("{}", call)


@st.composite
def arrays(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """Nested lists of this shape."""
    if not shape:
        return draw(NUMBERS)
    return [draw(arrays(shape[1:])) for _ in range(shape[0])]


def refused_alike(client: TestClient, path: str, body: dict[str, Any]) -> None:
    """Whatever is refused is refused in both languages, at the same place, with every word filled in."""
    sent = [client.post(f"/api/v1/{path}", json=body, headers={"accept-language": locale}) for locale in ("en", "zh")]
    if sent[0].status_code == 200:
        return
    english, chinese = (answer.json() for answer in sent)
    assert english["message"] != chinese["message"]
    assert (english["code"], english["span"]) == (chinese["code"], chinese["span"])
    for said in (english["message"], chinese["message"], english["hint"] or "", chinese["hint"] or ""):
        assert not re.search(r"\{\w+\}", said)
    if english["code"] == "shape_mismatch":
        assert english["span"]
        assert 0 <= english["span"]["start"] < english["span"]["end"] <= len(body["source"])


@settings(max_examples=150)
@given(calls(), SHAPES, st.sampled_from(sorted(PASSES)), st.data())
def test_any_call_of_any_row_is_answered(
    client: TestClient, source: str, shapes: list[tuple[int, ...]], name: str, data: st.DataObject
) -> None:
    values = {letter: data.draw(arrays(shape)) for letter, shape in zip("xyz", shapes, strict=True)}
    asked = client.post("/api/v1/graph", json={"source": source}).json().get("inputs", [])
    inputs = {one["name"]: values[one["name"]] for one in asked if one["name"] in values}
    body = {"source": source, "inputs": inputs}
    check(client, "derivatives", json.dumps({**body, "want": ["value", "jacobian"]}).encode())
    check(client, "trace", json.dumps({**body, "pass": name, "text": "zh"}).encode())
    refused_alike(client, "derivatives", {**body, "want": ["value"]})


@settings(max_examples=150)
@given(ANYTHING, st.sampled_from(["sum(x)", "x", "x @ x", "[x, 1]", "max(x)", "x[0]"]))
def test_any_value_of_an_input_is_answered(client: TestClient, value: Any, source: str) -> None:
    body = {"source": source, "inputs": {"x": value}}
    check(client, "trace", json.dumps({**body, "pass": "reverse"}).encode())
    check(client, "derivatives", json.dumps({**body, "want": ["value"], "vjp": value, "jvp": {"x": value}}).encode())
    refused_alike(client, "derivatives", {**body, "want": ["value"]})
