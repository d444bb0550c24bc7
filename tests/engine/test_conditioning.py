"""Condition numbers and accumulated error bounds, against what is really lost, by mpmath with 50 digits."""

import math
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from engine.edges.conditioning import DIGITS, EPS
from engine.graph import Builder, Graph
from engine.primitive import REGISTRY, Elementwise
from tests.corpus import CORPUS
from tests.engine.inspecting import exactly, inspected
from tests.oracles.with_mpmath import FUNCTIONS


def really(source: str, value: float, **inputs: float) -> float:
    """The relative error of a value, in eps."""
    exact = exactly(source, **inputs)[-1]
    return float(abs((mp.mpf(value) - exact) / exact) / EPS)


@pytest.mark.parametrize(
    ("source", "inputs", "least"),
    [
        ("1 - cos(x)", {"x": 1e-5}, 1e8),
        ("1 - cos(x)", {"x": 1e-3}, 1e3),
        ("exp(x) - 1", {"x": 1e-10}, 1e7),
        ("sqrt(x + 1) - sqrt(x)", {"x": 1e12}, 1e9),
        ("ln(1 + x)", {"x": 1e-10}, 1e7),
        ("x^2 - y^2", {"x": 1.0e3 / 3, "y": 1.0e3 / 3 + 1e-7}, 1e5),
        ("tan(x)", {"x": 1.5707963}, 0.0),
        ("x^3 - 3x^2 + 3x - 1", {"x": 1.00001}, 1e10),
        ("2 * sin(x / 2)**2", {"x": 1e-5}, 0.0),
        ("expm1(x)", {"x": 1e-10}, 0.0),
    ],
)
def test_the_bound_holds_and_says_no_more_than_it_must(source: str, inputs: dict[str, float], least: float) -> None:
    found = inspected(source, **inputs)
    error, lost = found.conditioning.error, really(source, found.value, **inputs)  # type: ignore[arg-type]
    assert error is not None
    assert least <= lost <= error
    assert error <= max(8.0, 300 * lost)
    assert found.conditioning.left == pytest.approx(max(0, DIGITS - math.log10(max(error, 1))))


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: f"{case.source} at {case.inputs}")
def test_the_bound_holds_on_the_corpus(case: Any) -> None:
    found = inspected(case.source, **case.inputs)
    exact = exactly(case.source, **case.inputs)
    for node in found.nodes:
        if node.error is None or not math.isfinite(node.error) or not exact[node.node]:
            continue
        value = node.value
        assert isinstance(value, float)
        relative = float(abs((mp.mpf(value) - exact[node.node]) / exact[node.node]) / EPS)
        assert relative <= 4 * node.error + 4, (node.name, relative)  # some functions are off by a few units


SLOPED = [
    op for op in REGISTRY.values()
    if isinstance(op, Elementwise) and op.name in FUNCTIONS and not op.stops and op.name != "polygamma"
]  # fmt: skip


@pytest.mark.parametrize("op", SLOPED, ids=repr)
def test_the_condition_of_every_row_is_that_of_mpmath(op: Elementwise) -> None:
    from engine.edges import inspection

    point = [(0.63 - k / 9) * high + (0.37 + k / 9) * low for k, (low, high) in enumerate(op.sample)]
    builder = Builder()
    ids = [builder.input(name) for name in "xyz"[: op.arity]]
    graph = Graph(builder.nodes, [builder.apply(op, tuple(ids))])
    found = inspection(graph, dict(zip("xyz", point, strict=False)), list(graph.inputs)).nodes[-1].condition
    exact = [mp.mpf(x) for x in point]
    value = FUNCTIONS[op.name](*exact)
    orders = [tuple(int(i == k) for i in range(op.arity)) for k in range(op.arity)]
    slopes = [mp.diff(FUNCTIONS[op.name], tuple(exact), order) for order in orders]
    if value == 0:
        assert found is None
        return
    expected = sum(abs(x * slope / value) for x, slope in zip(exact, slopes, strict=True))
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def test_cancellation_is_visible_where_it_happens() -> None:
    found = inspected("1 - cos(x)", x=1e-5)
    cosine, difference = found.nodes[2], found.nodes[3]
    assert cosine.condition == pytest.approx(1e-10, rel=1e-3)
    assert difference.condition == pytest.approx(2e10, rel=1e-3)
    assert difference.lost == pytest.approx(10.3, abs=0.01)
    assert found.conditioning.worst == 3
    assert found.conditioning.said == (
        "About 5.4 of 15.7 digits of $v_2$ are sure. Most are lost at $v_2 = 1 - v_1$, whose condition number is "
        "$2.00 \\cdot 10^{10}$: 10.3 digits."
    )
    assert "约有 5.4 位可信" in (inspected("1 - cos(x)", "zh", x=1e-5).conditioning.said or "")


@pytest.mark.parametrize(
    ("source", "inputs", "key"),
    [
        ("x*x", {"x": 3.0}, "well known"), ("1 - cos(x)", {"x": 1e-9}, "No digit"),
        ("ln(x)", {"x": 0.0}, "not finite"), ("sum(A @ A)", {"A": "randn(30, 30, seed=1)"}, "not counted"),
    ],
)  # fmt: skip
def test_the_verdict_in_words(source: str, inputs: dict[str, Any], key: str) -> None:
    assert key in (inspected(source, **inputs).conditioning.said or "")


def test_inputs_are_exact_and_constants_are_not_asked_about() -> None:
    found = inspected("x^2", x=3.0)
    assert [node.error for node in found.nodes[:2]] == [0.0, 0.0]
    assert found.nodes[-1].condition == pytest.approx(2.0)


def test_what_is_read_twice_is_added_up_before_its_size_is_taken() -> None:
    assert inspected("sin(x) - sin(x)", x=2.0).nodes[-1].value_kind == "zero"
    assert inspected("sin(2x) - sin(2x)", x=2.0).nodes[-1].value_kind == "zero"
    found = inspected("u = sin(x)\nu - u", x=2.0).nodes[-1]
    assert (found.error, found.value_kind) == (0.0, "zero")


def test_a_step_and_a_stop_pass_errors_on_as_they_are() -> None:
    assert inspected("stop_gradient(1 - cos(x))", x=1e-5).conditioning.error == pytest.approx(2e10, rel=1e-2)
    assert inspected("floor(x)", x=1e-5).conditioning.error == 0.0


def test_sums_and_products_of_arrays_have_theirs() -> None:
    found = inspected("sum(x)", x=[1e8, 1.0, -1e8])
    assert found.nodes[-1].condition == pytest.approx(2e8 + 1)
    exact = inspected("x @ w", x=[1.0, 2.0], w=[3.0, 4.0]).nodes[-1]
    assert exact.condition == pytest.approx(2.0)
    assert exact.error is not None
    assert 0 < exact.error < 5
    assert np.isclose(inspected("sum(x * x)", x=[1.0, 2.0]).nodes[-2].condition or 0, 2.0)
