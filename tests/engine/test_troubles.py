"""Classic stories of NaN, infinities and lost digits: the first place is named, the way it took, the usual cure."""

import math
from typing import Any

import numpy as np
import pytest

from engine import api
from engine.edges.cures import ROWS
from engine.patterns import parsed
from tests.engine.inspecting import first, inspected

STORIES: list[tuple[str, dict[str, Any], str, str, str, str, list[int], str, str | None]] = [
    # source, inputs, phase, operation, kind, cause, path, cure, what to type instead
    ("where(x > 0, sqrt(x), 0)", {"x": 0.0}, "backward", "sqrt", "undefined", "masked", [3, 0], "where_trap", "sqrt(where(x > 0, x, 1))"),
    ("(x > 0) * sqrt(x)", {"x": 0.0}, "backward", "sqrt", "undefined", "masked", [3, 0], "where_trap", "sqrt(where(x > 0, x, 1))"),
    ("where(x > 0, ln(x), 0)", {"x": 0.0}, "forward", "log", "pole", "pole", [3], "where_trap", "ln(where(x > 0, x, 1))"),
    ("where(x != 0, sin(x)/x, 1)", {"x": 0.0}, "forward", "div", "undefined", "undefined", [4], "where_trap", "sin(where(x != 0, x, 1))/where(x != 0, x, 1)"),
    ("sqrt(x)", {"x": 0.0}, "backward", "sqrt", "pole", "partial", [1, 0], "sqrt_at_zero", "sqrt(x + 1e-12)"),
    ("sqrt(x^2 + y^2)", {"x": 0.0, "y": 0.0}, "backward", "sqrt", "pole", "partial", [7, 6, 3, 0], "hypot_at_zero", "sqrt(x**2 + y**2 + 1e-12)"),
    ("sqrt(sum(x*x))", {"x": [0.0, 0.0]}, "backward", "sqrt", "pole", "partial", [3, 2, 1, 0], "norm", "norm(x)"),
    ("sqrt(x^2 + y^2)", {"x": 1e200, "y": 1.0}, "forward", "power", "overflow", "overflow", [3, 6, 7], "hypot", "hypot(x, y)"),
    ("ln(1 + exp(x))", {"x": 1000.0}, "forward", "exp", "overflow", "overflow", [2, 3, 4], "softplus", "softplus(x)"),
    ("1/(1 + exp(-x))", {"x": -1000.0}, "forward", "exp", "overflow", "overflow", [4, 5], "sigmoid", "sigmoid(x)"),
    ("exp(x)/(exp(x) + exp(y))", {"x": 1000.0, "y": 1000.0}, "forward", "exp", "overflow", "overflow", [2, 6], "two_class_softmax", "sigmoid(x - y)"),
    ("sum(exp(x)/sum(exp(x)) * x)", {"x": [1000.0, 1.0]}, "forward", "exp", "overflow", "overflow", [1, 4, 5, 6], "softmax", "softmax(x)"),
    ("ln(sum(exp(x)))", {"x": [1000.0, 1.0]}, "forward", "exp", "overflow", "overflow", [1, 2, 3], "logsumexp", "logsumexp(x)"),
    ("ln(sum(exp(x)))", {"x": [-1000.0, -1000.0]}, "forward", "exp", "underflow", "underflow", [1, 2, 3], "logsumexp", "logsumexp(x)"),
    ("ln(exp(x) + exp(y))", {"x": 1000.0, "y": 1.0}, "forward", "exp", "overflow", "overflow", [2, 4, 5], "logaddexp", "y + softplus(x - y)"),
    ("-sum(p * ln(softmax(x)))", {"p": [1.0, 0.0], "x": [-1000.0, 0.0]}, "forward", "softmax", "underflow", "underflow", [2, 3, 4, 5, 6], "log_softmax", "log_softmax(x)"),
    ("ln(sigmoid(x))", {"x": -1000.0}, "forward", "sigmoid", "underflow", "underflow", [1, 2], "log_sigmoid", "-softplus(-x)"),
    ("sum(p * ln(p))", {"p": [0.0, 1.0]}, "forward", "log", "pole", "pole", [1, 2, 3], "xlogy", "xlogy(p, p)"),
    ("ln(prod(x))", {"x": [1e-200, 1e-200]}, "forward", "prod", "underflow", "underflow", [1, 2], "log_of_product", "sum(log(x))"),
    ("x / y", {"x": 0.0, "y": 0.0}, "forward", "div", "undefined", "undefined", [2], "zero_over_zero", None),
    ("1 / x", {"x": 0.0}, "forward", "div", "pole", "pole", [2], "division_by_zero", "1 / (x + 1e-12)"),
    ("ln(x - 3)", {"x": 2.0}, "forward", "log", "undefined", "undefined", [3], "log_of_negative", "log(maximum((x - 3), 1e-12))"),
    ("x^(1/3)", {"x": -8.0}, "forward", "power", "undefined", "undefined", [4], "cube_root", "cbrt(x)"),
    ("asin(x)", {"x": 1.0}, "backward", "asin", "pole", "partial", [1, 0], "arc_at_one", None),
    ("x^y", {"x": 0.0, "y": 0.0}, "backward", "power", "undefined", "partial", [2, 0], "power_at_zero", None),
    ("1 - cos(x)", {"x": 1e-9}, "forward", "sub", "cancelled", "cancelled", [3], "cosine", "2 * sin(x / 2)**2"),
    ("(1 - cos(x)) / x^2", {"x": 1e-5}, "forward", "sub", "imprecise", "imprecise", [3, 6], "cosine", "2 * sin(x / 2)**2"),
    ("exp(x) - 1", {"x": 1e-12}, "forward", "sub", "imprecise", "imprecise", [3], "expm1", "expm1(x)"),
    ("ln(1 + x)", {"x": 1e-12}, "forward", "log", "imprecise", "imprecise", [3], "log1p", "log1p(x)"),
    ("sqrt(x + 1) - sqrt(x)", {"x": 1e15}, "forward", "sub", "imprecise", "imprecise", [5], "conjugate", "((x + 1) - x) / (sqrt((x + 1)) + sqrt(x))"),
    ("mean(x^2) - mean(x)^2", {"x": [1e8, 1e8 + 1]}, "forward", "sub", "cancelled", "cancelled", [7], "variance", "var(x)"),
    ("1e-200 * (1e-200 * x)", {"x": 1e300}, "backward", "mul", "underflow", "product", [3, 0], "product_underflow", None),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=[f"{story[0]} at {story[1]}" for story in STORIES])
def test_a_story(story: tuple[Any, ...]) -> None:
    source, inputs, phase, op, kind, cause, path, cure, instead = story
    for text in ("en", "zh"):
        found = inspected(source, text, **inputs)
        trouble = first(found)
        assert (trouble.phase, found.graph.nodes[trouble.node].op) == (phase, op)
        assert (trouble.kind, trouble.cause, trouble.path) == (kind, cause, path)
        assert (trouble.cure.key, trouble.cure.source) == (cure, instead)
        assert trouble.path[0] == trouble.node
        assert trouble.reason
        assert trouble.cure.said
        for said in (trouble.reason, trouble.cure.said):
            assert "{" not in said.replace("{}", "").split("$")[0]


@pytest.mark.parametrize(
    ("source", "inputs"), [("sin(x) + x*y", {"x": 1.0, "y": 2.0}), ("x - 1", {"x": 1.0}), ("relu(x)", {"x": 0.0})]
)
def test_where_nothing_breaks_nothing_is_found(source: str, inputs: dict[str, float]) -> None:
    found = inspected(source, **inputs)
    assert (found.troubles, found.first) == ([], None)


def test_the_where_trap_is_explained_and_its_cure_works() -> None:
    trouble = first(inspected("where(x > 0, sqrt(x), 0)", x=0.0))
    assert trouble.reason == (
        "The adjoint of $v_2$ is 0, because $v_3$ leaves it out; but its partial by $x$ is infinite, and zero times "
        "infinite is undefined. So the branch that was not chosen spoils the derivative: $v_2 \\to x$."
    )
    assert math.isnan(trouble.value)  # type: ignore[arg-type]
    assert trouble.arrives


TRAPS: list[tuple[str, dict[str, Any], str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    # source, a point in the trap, the cured formula, its gradient there, a point outside, the gradient there
    ("where(x > 0, sqrt(x), 0)", {"x": 0.0}, "where(x > 0, sqrt(where(x > 0, x, 1)), 0)", {"x": 0.0}, {"x": 4.0}, {"x": 0.25}),
    ("(x > 0) * sqrt(x)", {"x": 0.0}, "(x > 0) * sqrt(where(x > 0, x, 1))", {"x": 0.0}, {"x": 4.0}, {"x": 0.25}),
    ("where(x > 0, 3*ln(x), x)", {"x": 0.0}, "where(x > 0, 3*ln(where(x > 0, x, 1)), x)", {"x": 1.0}, {"x": 2.0}, {"x": 1.5}),
    ("where(x == 0, 1, 1/x)", {"x": 0.0}, "where(x == 0, 1, 1/where(x == 0, 1, x))", {"x": 0.0}, {"x": 2.0}, {"x": -0.25}),
    ("where(y > 0, x/y, 0) + x", {"x": 1.0, "y": 0.0}, "where(y > 0, x/where(y > 0, y, 1), 0) + x", {"x": 1.0, "y": 0.0}, {"x": 1.0, "y": 2.0}, {"x": 1.5, "y": -0.25}),
    ("where(abs(x) < 1, asin(x), 0)", {"x": 1.0}, "where(abs(x) < 1, asin(where(abs(x) < 1, x, 0.5)), 0)", {"x": 0.0}, {"x": 0.6}, {"x": 1.25}),
    ("where(x > 0, x^0.5, 0)", {"x": 0.0}, "where(x > 0, where(x > 0, x, 1)^0.5, 0)", {"x": 0.0}, {"x": 4.0}, {"x": 0.25}),
    ("c = x > 0\ns = sqrt(x)\nwhere(c, s, 0)", {"x": 0.0}, "c = x > 0\ns = sqrt(where(c, x, 1))\nwhere(c, s, 0)", {"x": 0.0}, {"x": 4.0}, {"x": 0.25}),
    ("where(x > 0, sqrt(x*y), 0)", {"x": 0.0, "y": 4.0}, "where(x > 0, sqrt(where(x > 0, x*y, 1)), 0)", {"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 4.0}, {"x": 1.0, "y": 0.25}),
    ("sum(where(x > 0, sqrt(x), 0))", {"x": [0.0, 4.0]}, "sum(where(x > 0, sqrt(where(x > 0, x, 1)), 0))", {"x": [0.0, 0.25]}, {"x": [1.0, 4.0]}, {"x": [0.5, 0.25]}),
]  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS, ids=[repr(trap[0]) for trap in TRAPS])
def test_the_cure_of_a_where_trap_has_the_right_gradient(trap: tuple[Any, ...]) -> None:
    source, inside, cured, gradient, outside, slopes = trap
    found = inspected(source, **inside)
    cure = first(found).cure
    assert (cure.key, cure.node) == ("where_trap", first(found).node)
    assert cure.latex
    assert cure.instead
    assert "where" in cure.instead
    span = found.graph.nodes[cure.node or 0].span
    assert span is not None
    assert source[: span.start] + (cure.source or "") + source[span.end :] == cured
    again = inspected(cured, **inside)
    assert (again.troubles, again.value) == ([], found.value)
    for point, expected in ((inside, gradient), (outside, slopes)):
        derivatives = api.derivatives(cured, point, ["gradient"]).gradient
        for name, slope in expected.items():
            np.testing.assert_allclose(derivatives[name], slope, rtol=1e-15)
        was, now = (api.derivatives(one, point, ["value"]).value for one in (source, cured))
        assert now == was


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("s = sqrt(x)\nwhere(x > 0, s, 0) + 0*s", "it reaches the output by another way"),
        ("s = sqrt(x)\nc = x > 0\nwhere(c, s, 0)", "the condition has its name only later"),
        ("s = sqrt(x)\nwhere(s > 0, s, 0)", "the condition is made of it"),
    ],
)
def test_where_a_choice_cannot_guard_there_is_advice_only(source: str, why: str) -> None:
    cures = [one.cure for one in inspected(source, x=0.0).troubles]
    assert cures, why
    assert all(cure.key != "where_trap" or cure.source is None for cure in cures), why


def test_the_way_of_a_nan_ends_where_it_is_left_out() -> None:
    trouble = first(inspected("where(x > 0, 2*ln(x), 0) + x", x=-1.0))
    assert (trouble.path, trouble.arrives) == ([4, 5], False)


def test_a_trouble_elsewhere_is_not_that_of_the_output() -> None:
    assert inspected("u = ln(x)\nx*x", x=0.0).troubles == []


def test_the_first_of_those_that_lead_to_the_nan_comes_first() -> None:
    found = inspected("u = exp(y)\nln(exp(x)) + u", x=-800.0, y=-800.0)
    assert [found.graph.nodes[one.node].op for one in found.troubles[:3]] == ["exp", "exp", "log"]
    assert first(found).path[0] == found.troubles[1].node


def test_a_long_list_of_troubles_is_cut_the_serious_ones_kept() -> None:
    source = " + ".join(["exp(-800*x)"] * 20 + ["ln(x - 1)"])
    found = inspected(source, x=1.0)
    forward = [one for one in found.troubles if one.phase == "forward"]
    assert len(forward) == 8
    assert [one.kind for one in forward] == ["underflow"] * 7 + ["pole"]


@pytest.mark.parametrize("row", [row for row in ROWS if row.instead], ids=lambda row: f"{row.key}: {row.spellings[0]}")
def test_what_is_written_instead_is_the_same_function(row: Any) -> None:
    """At a harmless point, all spellings and the cure agree; cures that change the value change it little."""
    loose = {"sqrt_at_zero", "hypot_at_zero", "log_of_zero", "division_by_zero"}
    tolerance = 1e-11 if row.key in loose else 1e-12
    arrays = row.key in ("logsumexp", "softmax", "log_softmax", "norm", "variance", "log_of_product")
    a: Any = np.array([0.5, 0.7, 1.1]) if arrays else np.array([[2.0, 0.3], [0.1, 1.5]]) if row.key == "logdet" else 0.7
    for spelling in row.spellings:
        values = []
        for source in (spelling, row.instead):
            point = {name: a if name == "a" else 0.4 for name in parsed(source).inputs}
            values.append(api.derivatives(source, point, ["value"]).value)
        np.testing.assert_allclose(values[0], values[1], rtol=tolerance)


def test_a_cure_names_the_node_that_it_replaces() -> None:
    found = inspected("(1-cos(y))/y^2", y=1e-8)
    cure = first(found).cure
    assert cure.node is not None
    assert found.nodes[cure.node].statement == "1 - v_1"
    span = found.graph.nodes[cure.node].span
    assert span is not None
    assert found.source[span.start : span.end] == "1-cos(y)"
