"""Error curves, the order of the Taylor remainder, counted costs, and the rows of the comparison."""

import math
from typing import Any

import pytest

from engine import api, limits
from engine.errors import EngineError
from engine.methods.compare import METHODS, WANTS
from engine.methods.records import Check, Comparison, Method
from tests.corpus import CORPUS

LOGISTIC = "l = x\nl = 4*l*(1 - l)\nl = 4*l*(1 - l)\nl = 4*l*(1 - l)"


def compared(source: str, want: str = "methods", **inputs: Any) -> Comparison:
    return api.compare(source, inputs, want=want.split())


def methods(source: str, **inputs: Any) -> dict[str, Method]:
    found = compared(source, **inputs).methods
    assert found is not None
    return {method.name: method for method in found}


def checked(source: str, claim: dict[str, Any] | None = None, seed: int = 0, **inputs: Any) -> Check:
    found = api.compare(source, inputs, want=["check"], claim=claim, seed=seed).check
    assert found is not None
    return found


# ---- errors over h ---------------------------------------------------------------------------------------------------


def test_truncation_and_rounding() -> None:
    found = compared(LOGISTIC, "errors", x=0.2).errors
    assert found is not None
    assert (found.name, len(found.h), found.h[0], found.h[-1]) == ("x", 65, 1.0, 1e-16)
    orders = {"forward_difference": 1, "backward_difference": 1, "central_difference": 2, "complex_step": 2}
    for name, order in orders.items():
        assert found.truncation_order[name] == pytest.approx(order, abs=0.15)
    for name in ("forward_difference", "backward_difference", "central_difference", "richardson"):
        assert found.rounding_slope[name] == pytest.approx(-1, abs=0.15)
    assert found.rounding_slope["complex_step"] is None
    assert 1e-10 < found.best["forward_difference"].h < 1e-7
    assert 1e-7 < found.best["central_difference"].h < 1e-4
    assert found.best["complex_step"].error < 1e-15
    assert found.theory["forward_difference"].h == pytest.approx(1.49e-8, rel=1e-2)
    assert found.theory["central_difference"].h == pytest.approx(6.06e-6, rel=1e-2)
    at = dict(zip(found.h, found.curves["forward_difference"], strict=True))
    assert at[1e-6] * 9.0660864 == pytest.approx(3.37e-5, rel=1e-2)


def test_a_curve_has_no_number_where_the_function_has_none() -> None:
    found = compared("ln(x)", "errors", x=0.5).errors
    assert found is not None
    assert math.isnan(found.curves["central_difference"][0])  # ln(-0.5)
    assert not math.isnan(found.curves["forward_difference"][0])


def test_why_there_are_no_curves() -> None:
    assert {name: reason.code for name, reason in compared("abs(x)", "errors", x=0).reasons.items()} == {
        "reference": "kink_here",
        "errors": "kink_here",
    }
    assert compared("3", "errors check swell").reasons.keys() == {"errors", "check", "swell"}
    complexless = compared("abs(x)", "errors", x=1).errors
    assert complexless is not None
    assert "complex_step" not in complexless.curves


# ---- the reference ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "inputs", "digits"),
    [
        ("exp(x)", {"x": 1}, "2.7182818284590452353602874713526624977572470937"),
        ("log2(x)", {"x": 1}, "1.4426950408889634073599246810018921374266459541"),
        ("erf(x)", {"x": 0}, "1.1283791670955125738961589031215451716881012586"),
        ("gelu(x)", {"x": 0}, "0.5"),
        ("(1 - cos(x))/x^2", {"x": 1e-8}, "-0.00000000083333333333333334521324513621817134"),
        ("(x + 1e60) - 1e60", {"x": 1}, "1.0"),
        ("2^x", {"x": 0}, "0.69314718055994530941723212145817656807550013436"),
    ],
)  # fmt: skip
def test_fifty_digits(source: str, inputs: dict[str, float], digits: str) -> None:
    found = compared(source, **inputs).reference
    assert found is not None
    assert found["x"].digits.startswith(digits)


@pytest.mark.parametrize(
    ("source", "inputs", "code", "op"),
    [
        ("2 + sum([x, 2])", {"x": 1}, "no_reference", "stack"), ("sqrt(x)", {"x": 0}, "reference_undefined", "sqrt"),
        ("ln(x)", {"x": -1}, "reference_undefined", "log"), ("relu(x)", {"x": 0}, "kink_here", "relu"),
        ("max(x, y)", {"x": 1, "y": 1}, "kink_here", "maximum"), ("x*(x > y)", {"x": 1, "y": 1}, "kink_here", "greater"),
        ("floor(x)", {"x": 2}, "kink_here", "floor"), ("where(x, x, 1)", {"x": 0}, "kink_here", "where"),
        ("exp(exp(x))", {"x": 20}, "reference_out_of_range", "exp"),
    ],
)  # fmt: skip
def test_why_there_is_no_reference(source: str, inputs: dict[str, Any], code: str, op: str) -> None:
    found = compared(source, **inputs)
    assert found.reference is None
    reason = found.reasons["reference"]
    assert reason.code == code
    assert reason.node is not None
    graph = api.graph(source, inputs).graph
    assert graph.nodes[reason.node].op == op
    assert all(method.error is None for method in found.methods or [])


def test_an_array_that_nothing_depends_on() -> None:
    found = api.compare("a = x^2\nb = sum(X)", {"x": 3, "X": [1, 2]}, output="a", want=list(WANTS))
    assert found.reasons["reference"].code == "array_input"
    assert found.methods is not None
    assert all(method.gradient is None or float(method.gradient["x"]) == pytest.approx(6) for method in found.methods)
    only = api.compare("a = x^2\nb = sum(X)", {"x": 3, "X": [1, 2]}, output="a", wrt=["x"])
    assert only.reference is not None
    assert only.reference["x"].value == 6


def test_a_kink_elsewhere_leaves_the_reference() -> None:
    assert compared("where(x > 0, x^2, -x)", x=-2.3).reference is not None
    assert compared("x*abs(0) + sign(0)", x=2).reference is not None


# ---- the gradient check ----------------------------------------------------------------------------------------------


def test_right_gradients_have_order_two_and_wrong_ones_order_one() -> None:
    right = [checked(case.source, **case.inputs) for case in CORPUS]
    assert all(found.verdict == "right" for found in right), [
        case for case, found in zip(CORPUS, right, strict=True) if found.verdict != "right"
    ]
    orders = [found.order for found in right if found.order is not None]
    assert sum(abs(order - 2) <= 0.1 for order in orders) > 0.97 * len(orders)
    for case, found in zip(CORPUS[::3], right[::3], strict=True):
        name = next(iter(case.inputs))
        slope = float(found.gradient[name])
        wrong = checked(case.source, {name: slope * 1.5 + 0.1}, **case.inputs)
        assert wrong.verdict in ("wrong", "undecided"), case
        if wrong.verdict == "wrong":
            assert wrong.order == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize(
    ("source", "inputs", "claim", "verdict", "code", "order"),
    [
        ("x^2*y", {"x": 3, "y": 2}, {"x": "2x*y", "y": "x^2"}, "right", None, 2),
        ("x^2*y", {"x": 3, "y": 2}, {"x": "2x", "y": "x^2"}, "wrong", None, 1),
        ("x^2*y", {"x": 3, "y": 2}, {"x": 12}, "right", None, 2),
        ("sum(x*x)", {"x": [1, 2]}, {"x": "2*x"}, "right", None, 2),
        ("sum(x*x)", {"x": [1, 2]}, {"x": [2, 5]}, "wrong", None, 1),
        ("abs(x)", {"x": 0}, None, "undecided", "kink", 1), ("max(x, y)", {"x": 1, "y": 1}, None, "undecided", "kink", 1),
        ("relu(x)", {"x": 0}, {"x": 1}, "undecided", "kink", 1),
        ("3x - y", {"x": 1, "y": 2}, None, "right", "linear", None),
        ("3x - y", {"x": 1, "y": 2}, {"x": 3.0001}, "wrong", None, 1),
        ("x*floor(x)", {"x": 2.3}, None, "right", "linear", None),
        ("sqrt(x)", {"x": 0}, None, "undecided", "not_finite", None),
        ("ln(x)", {"x": 1e-9}, None, "right", None, 2),
        ("(1e8 + x) - 1e8 + x^2", {"x": 1}, None, "right", None, 2),
        ("x^3", {"x": 0}, None, "right", None, 3),
    ],
)  # fmt: skip
def test_verdicts(source: str, inputs: Any, claim: Any, verdict: str, code: str | None, order: float | None) -> None:
    for seed in (0, 1, 2):
        found = checked(source, claim, seed, **inputs)
        assert found.verdict == verdict
        assert (found.reason.code if found.reason else None) == code
        assert found.order == (None if order is None else pytest.approx(order, abs=0.1))


def test_the_remainders_are_what_they_are_called() -> None:
    found = checked("x^2", x=3)
    d, h = float(found.direction["x"]), found.h[0]
    assert found.first[0] == pytest.approx((3 + h * d) ** 2 - 9)
    assert found.second[0] == pytest.approx((h * d) ** 2)
    assert checked("x^2", seed=1, x=3).direction != found.direction


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"z": 1}, "unknown_wrt"), ({"x": "2*q"}, "bad_claim"), ({"x": "2*"}, "bad_claim"), ({"x": "1/0"}, "bad_claim"),
        ({"x": float("nan")}, "bad_claim"), ({"x": [1, 2]}, "bad_shape"), ({"x": "[1, 2]"}, "bad_shape"),
        ({"x": True}, "bad_claim"),
    ],
)  # fmt: skip
def test_claims_that_are_refused(claim: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as refused:
        checked("x^2", claim, x=3)
    assert refused.value.code == code


@pytest.mark.parametrize("h", [0.0, -1.0, 1e-301, 1e11, float("nan"), float("inf")])
def test_steps_that_are_refused(h: float) -> None:
    with pytest.raises(EngineError) as refused:
        api.compare("x", {"x": 1}, h=h)
    assert refused.value.code == "bad_step"


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seeds_that_are_refused(seed: int) -> None:
    with pytest.raises(EngineError) as refused:
        api.compare("x", {"x": 1}, seed=seed)
    assert refused.value.code == "bad_random_seed"


def test_only_a_number_is_compared() -> None:
    with pytest.raises(EngineError) as refused:
        api.compare("[x, 2x]", {"x": 1})
    assert refused.value.code == "output_not_scalar"
    with pytest.raises(EngineError) as unknown:
        api.compare("x", {"x": 1}, want=["speed"])
    assert unknown.value.params["expected"] == "methods, errors, check, swell, cost" == ", ".join(WANTS)


# ---- cost ------------------------------------------------------------------------------------------------------------


def test_speelpenning() -> None:
    product = {"x1": 1, "x2": 2, "x3": 3, "x4": 4}
    found = methods("x1*x2*x3*x4", **product)
    for name, method in found.items():
        assert method.gradient == {key: pytest.approx(24 / value, rel=1e-9) for key, value in product.items()}, name
    assert {name: (method.evaluations, method.passes) for name, method in found.items()} == {
        "forward_difference": (5, 0), "backward_difference": (5, 0), "central_difference": (8, 0), "richardson": (48, 0),
        "complex_step": (4, 0), "symbolic": (0, 0), "forward": (1, 4), "reverse": (1, 1),
    }  # fmt: skip
    cost = compared("x1*x2*x3*x4", "cost", **product).cost
    assert cost is not None
    assert cost.passes == {"forward": 4, "reverse": 1}
    assert (cost.function, cost.push, cost.pull) == (3, 9, 6)
    assert (found["forward"].operations, found["reverse"].operations) == (3 + 4 * 9, 3 + 6)


def test_the_crossover() -> None:
    cost = compared("[r*cos(t), r*sin(t)]", "cost", r=2, t=0.5).cost
    assert cost is not None
    assert (cost.inputs, cost.outputs) == (2, 2)
    assert cost.crossover is not None
    cheaper = [
        count
        for count, f, r in zip(cost.by_inputs.count, cost.by_inputs.forward, cost.by_inputs.reverse, strict=True)
        if r <= f
    ]
    assert cheaper == [count for count in cost.by_inputs.count if count >= cost.crossover]
    assert cost.by_outputs.forward == [cost.function + 2 * cost.push] * 11
    assert cost.by_outputs.reverse[3] == cost.function + 8 * cost.pull


def test_reverse_mode_remembers_what_forward_mode_forgets() -> None:
    found = methods("y = x\n" + "y = sin(y)\n" * 50, x=1)
    assert (found["central_difference"].memory, found["forward"].memory) == (2, 4)
    assert found["reverse"].memory == 51 + 2


# ---- rows ------------------------------------------------------------------------------------------------------------


def test_rows_and_steps() -> None:
    found = methods("ln(x1) + x1*x2 - sin(x2)", x1=2, x2=5)
    assert list(found) == list(METHODS)
    for name, method in found.items():
        assert method.reason is None
        assert method.error is not None
        assert method.error < 1e-7
        assert 0 < len(method.steps) <= 6, name
        assert all(step.title is None and step.rule for step in method.steps)
    forward = found["forward_difference"]
    assert [[column.symbol for column in step.rule] for step in forward.steps][2:] == [
        ["f(x_1 + h, \\ldots)", "-", "f(x_1, \\ldots)", "=", "\\Delta f"],
        ["\\frac{\\partial f}{\\partial x_1}", "\\approx", "\\frac{\\Delta f}{h}"],
    ]
    assert forward.gradient is not None
    assert forward.steps[-1].numbers["quotient"] == forward.gradient["x1"]
    assert forward.steps[2].numbers["digits_lost"] == pytest.approx(7.85, abs=0.2)
    assert found["complex_step"].steps[0].numbers["imaginary"] == pytest.approx(5.5e-20)
    assert found["richardson"].table is not None
    assert found["richardson"].steps[-1].numbers["T_{5,5}"] == found["richardson"].table[-1][-1]
    assert found["symbolic"].size == found["symbolic"].sizes.simplified == 4  # type: ignore[union-attr]


def test_a_row_that_does_not_apply_has_a_reason() -> None:
    found = methods("sum(X @ X)", X=[[1, 2], [3, 4]])
    reason = found["symbolic"].reason
    assert reason is not None
    assert (found["symbolic"].gradient, reason.code) == (None, "not_symbolic")
    many = methods("sum(exp(x))", x=[0.5] * 100_000)
    assert many["central_difference"].reason is not None
    assert many["central_difference"].reason.code == "too_much_work"
    assert many["reverse"].gradient is not None


def test_limits_are_kept() -> None:
    long = "y = x\n" + "y = sin(y)\n" * limits.REFERENCE_NODES
    assert compared(long, "check", x=1.0).reference is not None
    assert compared(long + "y = sin(y)", "check", x=1.0).reasons["reference"].code == "no_reference_so_long"
    swollen = methods("y = x\n" + "y = 4*y*(1 - y)\n" * 30, x=0.2)["symbolic"]
    assert swollen.reason is not None
    assert swollen.reason.code == "expression_swell"


def test_the_swell_of_the_logistic_map() -> None:
    found = compared("4x*(1 - x)", "swell", x=0.2).swell
    assert found is not None
    assert found.f[:5] == [3, 9, 21, 45, 93]
    assert found.depth == list(range(1, 9))
    assert found.raw == sorted(found.raw)
    assert found.raw[-1] > 100 * found.shared[-1] > found.shared[-1] >= found.reverse[-1] / 2
