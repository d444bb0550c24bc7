"""Where mathematics leaves a choice, or floating-point numbers end: what we chose, row by row."""

import math
from typing import Any

import numpy as np
import pytest

from engine.graph import Builder
from engine.primitive import REGISTRY, zero


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize(
    ("name", "xs", "partials"),
    [
        ("relu", [0.0], [0.0]),
        ("leaky_relu", [0.0], [0.01]),
        ("elu", [0.0], [1.0]),
        ("abs", [0.0], [0.0]),
        ("maximum", [1.0, 1.0], [0.5, 0.5]),
        ("minimum", [1.0, 1.0], [0.5, 0.5]),
        ("sign", [0.0], [0.0]),
        ("floor", [1.0], [0.0]),
        ("ceil", [1.0], [0.0]),
        ("heaviside", [0.0], [0.0]),
        ("sqrt", [0.0], [math.inf]),
        ("cbrt", [0.0], [math.inf]),
        ("log", [0.0], [math.inf]),
        ("asin", [1.0], [math.inf]),
        ("acos", [1.0], [-math.inf]),
        ("hypot", [0.0, 0.0], [math.nan, math.nan]),
        ("power", [0.0, 2.0], [0.0, 0.0]),
        ("power", [0.0, 1.0], [1.0, 0.0]),
        ("power", [-2.0, 3.0], [12.0, math.nan]),
        ("xlogy", [0.0, 0.5], [math.log(0.5), 0.0]),
        ("where", [1.0, 3.0, math.inf], [0.0, 1.0, 0.0]),
        ("stop_gradient", [3.0], [0.0]),
    ],
    ids=str,
)
def test_conventions_where_there_is_no_derivative(name: str, xs: list[float], partials: list[float]) -> None:
    op = REGISTRY[name]
    arrays = list(map(np.float64, xs))
    found = [float(rule(np.float64(1.0), op.value(*arrays), *arrays)) for rule in op.rules]
    assert found == pytest.approx(partials, rel=1e-15, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "xs", "value"),
    [
        ("div", [1.0, 0.0], math.inf),
        ("div", [0.0, 0.0], math.nan),
        ("power", [0.0, 0.0], 1.0),
        ("power", [-8.0, 1 / 3], math.nan),
        ("cbrt", [-8.0], -2.0),
        ("log_base", [1000.0, 10.0], 3.0),
        ("log_base", [8.0, 2.0], 3.0),
        ("heaviside", [0.0], 0.5),
        ("xlogy", [0.0, 0.0], 0.0),
        ("sigmoid", [-800.0], 0.0),
        ("softplus", [800.0], 800.0),
        ("gelu", [-30.0], -2.940602826128e-196),
        ("silu", [-700.0], -6.901777672e-302),
        ("maximum", [1.0, math.nan], math.nan),
        ("lgamma", [-2.0], math.inf),
        ("digamma", [0.0], math.nan),
        ("digamma", [-math.inf], math.nan),
        ("polygamma", [1.0, -3.0], math.inf),
        ("polygamma", [2.0, -3.0], math.nan),
        ("polygamma", [1.5, 1.0], math.nan),
        ("polygamma", [0.0, 1.0], -0.5772156649015329),
    ],
    ids=str,
)
def test_values_at_the_edges(name: str, xs: list[float], value: float) -> None:
    assert float(REGISTRY[name].value(*map(np.float64, xs))) == pytest.approx(value, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", ["exp", "lgamma", "div", "reciprocal", "log", "polygamma"])
def test_a_pole_raises_the_flag_that_an_overflow_does_not(name: str) -> None:
    poles = {"lgamma": [-1.0], "div": [1.0, 0.0], "reciprocal": [0.0], "log": [0.0], "polygamma": [1.0, -1.0]}
    overflows = {"exp": [800.0], "lgamma": [1e308], "div": [1e300, 1e-300]}
    with np.errstate(divide="raise", over="ignore"):
        if name in poles:
            with pytest.raises(FloatingPointError):
                REGISTRY[name].value(*map(np.float64, poles[name]))
        if name in overflows:
            assert REGISTRY[name].value(*map(np.float64, overflows[name])) == math.inf


@pytest.mark.parametrize(
    ("name", "created"),
    [
        ("add", [0, 0]), ("sub", [0, 1]), ("mul", [1, 1]), ("div", [1, 3]), ("neg", [1]), ("square", [2]), ("exp", [1]),
        ("log", [1]), ("sqrt", [2]), ("sin", [2]), ("cos", [3]), ("tan", [3]), ("tanh", [3]), ("sigmoid", [3]),
        ("relu", [2]), ("power", [4, 2]), ("floor", [0]), ("less", [0, 0]), ("where", [0, 1, 1]),
    ],
)  # fmt: skip
def test_rules_add_no_more_nodes_than_the_textbook(name: str, created: list[int]) -> None:
    op = REGISTRY[name]
    for rule, count in zip(op.rules, created, strict=True):
        builder = Builder()
        handles = [builder.handle(builder.input(name)) for name in ["t", "y", "x0", "x1", "x2"][: op.arity + 2]]
        rule(*handles)
        assert sum(node.op is not None for node in builder.nodes) == count


def test_the_power_rule_is_printed_as_in_school() -> None:
    builder = Builder()
    x, t = builder.handle(builder.input("x")), builder.handle(builder.input("t"))
    n = builder.handle(builder.const(3.0))
    REGISTRY["power"].rules[0](t, None, x, n)
    assert [node.op.name for node in builder.nodes if node.op] == ["power", "mul", "mul"]
    assert [node.const for node in builder.nodes if node.const is not None][:2] == [3.0, 2.0]


def test_a_step_sends_no_node_and_no_nan() -> None:
    assert zero(math.inf, math.nan, math.nan) == 0.0
