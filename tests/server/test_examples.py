"""The gallery opens, explains itself, and shows the numbers of the literature."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.examples import EXAMPLES, Example

BY_ID = {example.id: example for example in EXAMPLES}

# value, then what is said of the derivatives: the numbers are those of the sources that the examples name
NUMBERS: dict[str, tuple[float, dict[str, float]]] = {
    "baydin-reverse": (11.6520714552231, {"x1": 5.5, "x2": 1.71633781453677}),
    "baydin-forward": (11.6520714552231, {"x1": 5.5, "x2": 1.71633781453677}),
    "baydin-graph": (11.6520714552231, {"x1": 5.5, "x2": 1.71633781453677}),
    "dlsys-reverse-graph": (2, {"v1": 3}),
    "colah": (6, {"a": 2, "b": 5}),
    "cs231n-gates": (-12, {"x": -4, "y": -4, "z": 3}),
    "cs231n-max": (-20, {"x": -8, "y": 6, "z": 2, "w": 0}),
    "cs231n-neuron": (
        0.731058578630005,
        {
            "w0": -0.196611933241482, "x0": 0.393223866482964, "w1": -0.393223866482964, "x1": -0.589835799724446,
            "w2": 0.196611933241482,
        },
    ),
    "cs231n-staged": (1.54564488410664, {"x": 2.05956979557217, "y": 1.59223275148381}),
    "tanh-neuron": (0.707106781186548, {"x1": -1.5, "w1": 1, "x2": 0.5, "w2": 0, "b": 0.5}),
    "micrograd-loss": (-8, {"a": 6, "b": -4, "c": -2, "f": 4}),
    "micrograd-readme": (24.70408163265306, {"a": 138.83381924198252, "b": 645.5772594752186}),
    "griewank": (2.0166466694282, {"x1": 3.01184332767391, "x2": -13.7239615093141}),
    "griewank-tape": (2.0166466694282, {"x1": 3.01184332767391, "x2": -13.7239615093141}),
    "speelpenning": (24, {"x1": 24, "x2": 12, "x3": 8, "x4": 6}),
    "logistic-map": (0.28901376, {"x": 9.0660864}),
    "polar-x": (1.73205080756888, {"r": 0.866025403784439, "t": -1}),
    "polar-y": (1, {"r": 0.5, "t": 1.73205080756888}),
    "rosenbrock": (24.2, {"x": -215.6, "y": -88}),
    "third-order": (2, {"x": 3}),
    "sigmoid-slope": (0.5, {"x": 0.25}),
    "stop-gradient": (27, {"x": 9}),
}  # fmt: skip


def test_examples_have_names_of_their_own() -> None:
    assert len(BY_ID) == len(EXAMPLES) >= 20


@pytest.mark.parametrize("text", ["en", "zh"])
@pytest.mark.parametrize("example", EXAMPLES, ids=list(BY_ID))
def test_every_example_opens(post: Any, example: Example, text: str) -> None:
    trace = post("trace", source=example.source, inputs=example.inputs, text=text, **{"pass": example.pass_name})
    assert len(trace["events"]) > 1
    assert example.k is None or 0 <= example.k <= len(trace["events"])
    assert example.lanes in (None, "overlay", "mirror")
    assert len(trace["graph"]["nodes"]) <= 200, "small enough to be drawn"


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_are_those_of_the_source(post: Any, name: str) -> None:
    example = BY_ID[name]
    value, gradient = NUMBERS[name]
    answer = post("derivatives", source=example.source, inputs=example.inputs, want=["value", "gradient"])
    assert answer["value"] == pytest.approx(value, rel=1e-12)
    assert answer["gradient"] == pytest.approx(gradient, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_polar_map_has_the_jacobian_of_the_textbook(post: Any, mode: str) -> None:
    example = BY_ID["polar"]
    assert example.pass_name == "jacobian"
    result = post(
        "trace", source=example.source, inputs=example.inputs, options={"mode": mode}, **{"pass": "jacobian"}
    )["result"]
    (a, c), (b, d) = result["jacobian"]["r"], result["jacobian"]["t"]
    assert [a, b, c, d] == pytest.approx([0.866025403784439, -1, 0.5, 1.73205080756888], rel=1e-12)
    assert a * d - b * c == pytest.approx(2, rel=1e-12), "the determinant is r"


def test_higher_orders_of_the_exponential(post: Any) -> None:
    """y', y'', y''' of exp(2x) + exp(x) at 0 are 3, 5, 9."""
    example = BY_ID["third-order"]
    for order, value in enumerate([2, 3, 5, 9]):
        body = {
            "source": example.source,
            "inputs": example.inputs,
            "pass": "evaluate",
            "options": {"of": ["x"] * order},
        }
        assert post("trace", **body)["result"]["value"] == pytest.approx(value, rel=1e-12)


def test_what_breaks_is_named(post: Any) -> None:
    example = BY_ID["pole"]
    trace = post("trace", source=example.source, inputs=example.inputs, **{"pass": "reverse"})
    states = {event["node"]: event["state"] for event in trace["events"] if "state" in event}
    assert "pole" in states.values()


def test_the_gallery_is_sent_in_order(client: TestClient) -> None:
    sent = client.get("/api/v1/examples").json()["examples"]
    assert [one["id"] for one in sent] == [example.id for example in EXAMPLES]
    assert sent[0]["pass"] == "reverse"
    assert "k" not in sent[0]
