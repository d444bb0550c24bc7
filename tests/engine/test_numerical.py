"""Differences, extrapolation and the complex step against known errors, mpmath and automatic differentiation."""

import math
from typing import Any

import numpy as np
import pytest

from engine import api
from engine.methods import numerical
from engine.methods.analytic import obstacle
from engine.methods.function import Function
from engine.methods.records import Refused
from engine.methods.reference import Reference, reference
from engine.primitive import REGISTRY, Elementwise
from tests.corpus import CORPUS, Case
from tests.oracles.reference import load

LOGISTIC = "l = x\nl = 4*l*(1 - l)\nl = 4*l*(1 - l)\nl = 4*l*(1 - l)"
L4, SLOPE = 0.28901376, 9.0660864
"""The logistic map four times and its derivative at 0.2 (Baydin et al. 2018, figure 2)."""
EPS = float(np.finfo(float).eps)


def function(source: str, **inputs: Any) -> Function:
    point = api.values(api.parsed(source), inputs)
    return Function(api.formed(source, api.shapes_of(point)), point, list(point))


def exact(of: Function) -> Reference:
    return reference(of.graph, of.point, of.names)


def derivative(source: str, name: str, h: float | None = None, **inputs: Any) -> float:
    found, _ = numerical.gradient(function(source, **inputs), numerical.NUMERICAL[name], h)
    return float(found[next(iter(inputs))])


def refusal(source: str, name: str, h: float | None = None, **inputs: Any) -> Refused | None:
    return numerical.gradient(function(source, **inputs), numerical.NUMERICAL[name], h)[1]


# ---- the errors of the literature ------------------------------------------------------------------------------------


def test_the_logistic_map() -> None:
    of = function(LOGISTIC, x=0.2)
    assert of.value == pytest.approx(L4, rel=1e-14)
    assert exact(of).shown()["x"].value == pytest.approx(SLOPE, rel=1e-15)


@pytest.mark.parametrize(
    ("name", "h", "error", "within"),
    [
        ("forward_difference", 1e-2, 2.7e-1, 1.05), ("forward_difference", 1e-6, 3.4e-5, 1.05),
        ("forward_difference", 1e-8, 3.3e-7, 2), ("forward_difference", 1e-12, 6e-5, 20),
        ("forward_difference", 1e-14, 7e-3, 20),
        ("central_difference", 1e-2, 6.6e-2, 1.05), ("central_difference", 1e-6, 5.8e-10, 3),
        ("central_difference", 1e-8, 4.5e-9, 5), ("central_difference", 1e-12, 6e-5, 20),
        ("central_difference", 1e-14, 7e-3, 20),
    ],
)  # fmt: skip
def test_errors_have_the_size_that_the_literature_gives(name: str, h: float, error: float, within: float) -> None:
    found = abs(derivative(LOGISTIC, name, h, x=0.2) - SLOPE)
    assert error / within < found < error * within


def test_the_complex_step_is_as_exact_as_automatic_differentiation() -> None:
    forward = api.derivatives(LOGISTIC, {"x": 0.2}, [], jvp={"x": 1}).jvp
    assert isinstance(forward, float)
    for h in (1e-12, 1e-20, 1e-200):
        assert abs(derivative(LOGISTIC, "complex_step", h, x=0.2) - forward) <= math.ulp(SLOPE)


def test_a_quotient_is_what_it_says() -> None:
    assert derivative("x^2", "forward_difference", 0.5, x=3) == (3.5**2 - 9) / 0.5
    assert derivative("x^2", "backward_difference", 0.5, x=3) == (9 - 2.5**2) / 0.5
    assert derivative("x^2", "central_difference", 0.5, x=3) == 6.0
    assert derivative("x^5", "richardson", 0.5, x=1.0) == pytest.approx(5, rel=1e-14)
    assert derivative("x^3", "complex_step", 1.0, x=2) == pytest.approx(11, rel=1e-15)  # 12 - h^2


def test_the_table_of_the_extrapolation_is_rombergs() -> None:
    of = function("exp(x)", x=0.0)
    table = numerical.richardson(numerical.along(of, next(of.places)), 1.0).table
    assert table is not None
    assert [len(row) for row in table] == [1, 2, 3, 4, 5, 6]
    assert table[0] == [pytest.approx(math.sinh(1))]
    assert table[1][1] == pytest.approx((4 * table[1][0] - table[0][0]) / 3)
    errors = [abs(row[-1] - 1) for row in table]
    assert errors[5] < 1e-13 < errors[2] < errors[1] < errors[0]


@pytest.mark.parametrize("name", numerical.NUMERICAL)
def test_evaluations_are_counted_as_they_happen(name: str) -> None:
    of = function("x*y*sin(z)", x=1.0, y=2.0, z=3.0)
    method = numerical.NUMERICAL[name]
    numerical.gradient(of, method, None)
    assert of.evaluations == method.evaluations(3)


def test_every_element_of_an_array_is_moved() -> None:
    found, doubt = numerical.gradient(
        function("sum(X @ X)", X=[[1.0, 2.0], [3.0, 4.0]]), numerical.NUMERICAL["complex_step"], None
    )
    assert doubt is None
    assert np.asarray(found["X"]) == pytest.approx(np.array([[7.0, 11.0], [9.0, 13.0]]), rel=1e-15)


# ---- honesty ---------------------------------------------------------------------------------------------------------


def test_at_the_edge_of_the_domain_the_side_is_named() -> None:
    for name in ("backward_difference", "central_difference", "richardson"):
        doubt = refusal("ln(x)", name, x=1e-9)
        assert doubt is not None
        assert (doubt.code, doubt.node, doubt.words["name"]) == ("undefined_behind", 1, "x")
        assert math.isnan(derivative("ln(x)", name, x=1e-9))
    assert refusal("ln(x)", "forward_difference", x=1e-9) is None
    assert getattr(refusal("asin(x)", "forward_difference", x=1), "code", None) == "undefined_ahead"
    assert getattr(refusal("ln(x)", "forward_difference", x=0), "code", None) == "undefined_here"


def test_a_step_lost_in_rounding_is_noticed() -> None:
    assert derivative("x", "forward_difference", 1e-10, x=1e10) == 0.0
    assert getattr(refusal("x", "forward_difference", 1e-10, x=1e10), "code", None) == "step_vanishes"
    assert refusal("x", "forward_difference", x=1e10) is None  # the method's own step grows with x


def test_a_difference_sees_what_stop_gradient_hides() -> None:
    doubt = refusal("x + stop_gradient(x^2)", "central_difference", x=3)
    assert doubt is not None
    assert doubt.code == "sees_stopped"
    assert derivative("x + stop_gradient(x^2)", "central_difference", x=3) == pytest.approx(7)


@pytest.mark.parametrize(
    ("source", "code", "node"),
    [
        ("x + abs(x*x)", "not_analytic", "abs"), ("max(x, 1)", "not_analytic", "maximum"), ("relu(x)", "not_analytic", "relu"),
        ("min(x, 1)", "not_analytic", "minimum"), ("clip(x, 0, 3)", "not_analytic", "clip"), ("elu(x)", "not_analytic", "elu"),
        ("x*floor(x)", "flat", "floor"), ("x*(x > 0)", "flat", "greater"), ("sign(x)*x", "flat", "sign"),
        ("where(x, x^2, 1)", "flat", "where"), ("stop_gradient(x)*x", "stopped", "stop_gradient"),
        ("erf(x)", "no_complex", "erf"), ("hypot(x, 1)", "no_complex", "hypot"), ("lgamma(x)", "no_complex", "lgamma"),
        ("amax([x, 2])", "not_analytic", "amax"), ("norm([x, 2])", "not_analytic", "norm"),
    ],
)  # fmt: skip
def test_the_complex_step_is_refused_where_it_would_be_wrong(source: str, code: str, node: str) -> None:
    of = function(source, x=1.5)
    with pytest.raises(Refused) as refused:
        numerical.gradient(of, numerical.NUMERICAL["complex_step"], None)
    assert refused.value.code == code
    assert refused.value.node is not None
    assert repr(of.graph.nodes[refused.value.node].op) == node


def test_what_does_not_move_does_not_hinder_it() -> None:
    found, doubt = numerical.gradient(
        function("x*abs(y) + where(y > 0, x^2, 0)", x=1.5, y=2.0), numerical.NUMERICAL["central_difference"], None
    )
    assert doubt is None
    of = Function(function("x*abs(y) + where(y > 0, x^2, 0)", x=1.5, y=2.0).graph, {"x": 1.5, "y": 2.0}, ["x"])
    assert numerical.gradient(of, numerical.NUMERICAL["complex_step"], None)[0] == {"x": 5.0}
    assert found["x"] == pytest.approx(5.0)


ANALYTIC = """add sub mul div neg reciprocal square power log xlogy exp expm1 log1p log2 log10 log_base sqrt sin cos tan sec
csc cot asin acos atan sinh cosh tanh asinh acosh atanh sigmoid softplus silu where""".split()
BENT = """abs minimum maximum clip hypot cbrt atan2 sign heaviside floor ceil less less_equal greater greater_equal equal
not_equal stop_gradient relu leaky_relu elu gelu erf erfc lgamma digamma polygamma""".split()


def test_which_rows_are_analytic_is_derived() -> None:
    free = []
    for op in REGISTRY.values():
        if isinstance(op, Elementwise):
            node = function(
                f"{op.name}({', '.join('xyz'[: op.arity])})",
                **dict(zip("xyz"[: op.arity], (1.5, 2.0, 3.0), strict=False)),
            ).graph.nodes[-1]
            if obstacle(node, op.arity - 1, [()] * op.arity) is None:
                free.append(op.name)
    assert set(ANALYTIC) <= set(free)
    assert set(BENT).isdisjoint(free)


# ---- the corpus ------------------------------------------------------------------------------------------------------

READINGS = list(zip(CORPUS, load("mpmath"), strict=True))


@pytest.mark.parametrize(("case", "reading"), READINGS, ids=[f"{case.source} at {case.inputs}" for case in CORPUS])
def test_the_reference_is_mpmaths(case: Case, reading: Any) -> None:
    of = function(case.source, **case.inputs)
    truth = dict(zip(case.inputs, reading.reference.gradient, strict=True))
    for name, found in exact(of).shown().items():
        assert found.value == pytest.approx(float(truth[name]), rel=1e-15)
        assert float(found.digits) == found.value


def test_the_bound_within_which_the_complex_step_is_forward_mode() -> None:
    """As docs/api.md and the lesson state it, of every derivative of the corpus to which the method applies."""
    distances, refused = [], 0
    for case in CORPUS:
        of = function(case.source, **case.inputs)
        try:
            found, _ = numerical.gradient(of, numerical.NUMERICAL["complex_step"], None)
        except Refused:
            refused += 1
            continue
        truth = exact(of)
        for name, slope in found.items():
            forward = api.derivatives(case.source, case.inputs, [], jvp={name: 1}).jvp
            assert isinstance(forward, float)
            distances.append(abs(float(slope) - forward) / math.ulp(max(abs(float(slope)), abs(forward))))
            assert truth.error(name, slope) <= 4 * EPS + 2 * truth.error(name, forward), case.source
    assert len(distances) > 400
    assert refused < 80
    assert sum(distance <= 1 for distance in distances) > 0.85 * len(distances)
    assert sum(distance <= 2 for distance in distances) > 0.94 * len(distances)


@pytest.mark.parametrize(("name", "digits"), [("forward_difference", 6), ("central_difference", 8), ("richardson", 10)])
def test_differences_have_as_many_digits_as_theory_gives(name: str, digits: int) -> None:
    right = 0
    for case in CORPUS:
        of = function(case.source, **case.inputs)
        truth = exact(of)
        found, _ = numerical.gradient(of, numerical.NUMERICAL[name], None)
        right += all(truth.error(key, slope) < 10.0**-digits for key, slope in found.items())
    assert right > 0.8 * len(CORPUS)
