"""The worked examples of numerical, symbolic and automatic differentiation, and of conventions, number by number.

The logistic map of Baydin et al. 2018 (figure 2), as SymPy counts it; and what TensorFlow 2.21 and JAX 0.10.2 say at
kinks. Through the public API.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
import sympy

from engine.methods.symbolic import symbolic
from engine.methods.trees import iterated
from tests.engine.test_symbolic import LOGISTIC as ONCE
from tests.engine.test_symbolic import to_sympy
from tests.server.conftest import Post

LOGISTIC = "l1 = x\nl2 = 4*l1*(1 - l1)\nl3 = 4*l2*(1 - l2)\n4*l3*(1 - l3)"
SLOPE = 9.0660864
NAN, INF = "NaN", "Infinity"


def methods(post: Post, **more: Any) -> dict[str, Any]:
    """Every method on the logistic map at 0.2, by name."""
    answer = post("compare", source=LOGISTIC, inputs={"x": 0.2}, want=["methods"], **more)
    return {method["name"]: method for method in answer["methods"]}


@pytest.mark.parametrize(
    ("h", "forward", "central", "within"),
    [
        (1e-2, 2.7e-1, 6.6e-2, 1.05), (1e-6, 3.4e-5, 5.8e-10, 3), (1e-8, 3.3e-7, 4.5e-9, 5),
        (1e-12, 6e-5, 6e-5, 20), (1e-14, 7e-3, 7e-3, 20),
    ],
)  # fmt: skip
def test_errors_of_difference_quotients(post: Post, h: float, forward: float, central: float, within: float) -> None:
    """Magnitudes: what rounding leaves is a matter of chance, and of the platform."""
    found = methods(post, h=h)
    for name, size in (("forward_difference", forward), ("central_difference", central)):
        assert found[name]["h"] == h
        error = abs(found[name]["gradient"]["x"] - SLOPE)
        assert size / within < error < size * within
        assert found[name]["error"] == pytest.approx(error / SLOPE, rel=1e-3)


def test_the_curves_pass_through_the_same_errors(post: Post) -> None:
    found = post("compare", source=LOGISTIC, inputs={"x": 0.2}, want=["errors"])["errors"]
    assert found["exact"]["value"] == pytest.approx(SLOPE, rel=2**-52)
    at = {round(4 * math.log10(h)): k for k, h in enumerate(found["h"])}
    forward = {h: found["curves"]["forward_difference"][at[4 * h]] * SLOPE for h in (-2, -6, -8, -12, -14)}
    for h, size in {-2: 2.7e-1, -6: 3.4e-5, -8: 3.3e-7, -12: 6e-5, -14: 7e-3}.items():
        assert size / 20 < forward[h] < size * 20
    best = found["best"]
    assert best["forward_difference"]["h"] > best["complex_step"]["h"]
    assert found["truncation_order"]["forward_difference"] == pytest.approx(1, abs=0.1)
    assert found["truncation_order"]["central_difference"] == pytest.approx(2, abs=0.1)


def test_the_exact_methods_are_exact(post: Post) -> None:
    """The complex step is automatic differentiation to a unit in the last place; 0.2 itself is no number of 64 bits."""
    found = methods(post)
    slopes = {name: method["gradient"]["x"] for name, method in found.items()}
    assert abs(slopes["complex_step"] - slopes["forward"]) <= math.ulp(SLOPE)
    assert found["complex_step"]["h"] == 1e-20
    for name in ("complex_step", "symbolic", "forward", "reverse"):
        assert abs(slopes[name] - SLOPE) <= 4 * math.ulp(SLOPE), name


@pytest.mark.parametrize("depth", range(1, 6))
def test_symbolic_sizes_are_those_of_sympy_on_the_same_expressions(post: Post, depth: int) -> None:
    source = "\n".join(["l = x", *["l = 4*l*(1 - l)"] * depth])
    answer = post("compare", source=source, inputs={"x": 0.2}, want=["methods"])
    sizes = next(method for method in answer["methods"] if method["name"] == "symbolic")["sizes"]
    graph = iterated(ONCE, "x", depth)
    found = symbolic(graph, "x")
    for key, written in (("function", graph), ("raw", found.derivative), ("simplified", found.simplified)):
        assert sizes[key] == sympy.count_ops(to_sympy(written)), key
    # SymPy's own, which collects numbers as it goes: l2 .. l6, and their derivatives as diff leaves them.
    x = sympy.Symbol("x")
    f = x
    for _ in range(depth):
        f = 4 * f * (1 - f)
    theirs = [(3, 2), (8, 21), (18, 82), (38, 264), (78, 768)][depth - 1]
    assert (sympy.count_ops(f), sympy.count_ops(sympy.diff(f, x))) == theirs
    assert sizes["function"] >= theirs[0]


def test_speelpenning_costs_four_forward_passes_or_one_reverse(post: Post) -> None:
    at = {"x1": 1, "x2": 2, "x3": 3, "x4": 4}
    answer = post("compare", source="x1*x2*x3*x4", inputs=at, want=["methods"])
    found = {method["name"]: method for method in answer["methods"]}
    assert (found["forward"]["passes"], found["reverse"]["passes"]) == (4, 1)
    for name in ("forward", "reverse", "symbolic"):
        assert found[name]["gradient"] == {"x1": 24, "x2": 12, "x3": 8, "x4": 6}


CONVENTIONS: list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("relu", "relu(x)", {"x": 0}, {"x": 0}, {"x": 0}, {"x": 0}),
    ("abs", "abs(x)", {"x": 0}, {"x": 0}, {"x": 0}, {"x": 1}),
    ("maximum", "max(x, y)", {"x": 1, "y": 1}, {"x": 0.5, "y": 0.5}, {"x": 1, "y": 0}, {"x": 0.5, "y": 0.5}),
    ("amax", "amax(x)", {"x": [1, 1]}, {"x": [0.5, 0.5]}, {"x": [0.5, 0.5]}, {"x": [0.5, 0.5]}),
    ("sqrt", "sqrt(x)", {"x": 0}, {"x": INF}, {"x": INF}, {"x": INF}),
    ("power_zero_integer", "x**0", {"x": 0}, {"x": NAN}, {"x": NAN}, {"x": 0}),
    ("where_sqrt", "where(x > 0, sqrt(x), 0)", {"x": 0}, {"x": NAN}, {"x": 0}, {"x": NAN}),
    ("where_log", "where(x > 0, log(x), 0)", {"x": 0}, {"x": NAN}, {"x": NAN}, {"x": NAN}),
    ("where_reciprocal", "where(x > 0, 1/x, 0)", {"x": 0}, {"x": NAN}, {"x": NAN}, {"x": NAN}),
    ("unconnected", "u = 2*x\ny**2", {"x": 1, "y": 3}, {"x": 0, "y": 6}, {"x": None, "y": 6}, {"x": 0, "y": 6}),
]
"""Key, source, point; ours, TensorFlow 2.21's, JAX 0.10.2's."""


@pytest.mark.parametrize(("key", "source", "inputs", "ours", "tensorflow", "jax"), CONVENTIONS)
def test_conventions_that_differ(
    post: Post, client: Any, key: str, source: str, inputs: Any, ours: Any, tensorflow: Any, jax: Any
) -> None:
    table = {kink["row"]["key"]: kink["row"] for kink in client.get("/api/v1/kinks").json()["kinks"]}
    assert (table[key]["ours"], table[key]["tensorflow"], table[key]["jax"]) == (ours, tensorflow, jax)
    found = post("inspect", source=source, inputs=inputs)
    assert key in [kink["row"] for kink in found["kinks"]]
    assert {report["name"]: report["derivative"] for report in found["derivatives"]} == ours
    assert post("derivatives", source=source, inputs=inputs, want=["gradient"])["gradient"] == ours


def test_a_float_exponent_of_zero_is_undefined_in_jax_too(client: Any) -> None:
    table = {kink["row"]["key"]: kink["row"] for kink in client.get("/api/v1/kinks").json()["kinks"]}
    assert table["power_zero_float"]["jax"]["x"] == NAN
    assert table["power_zero_float"]["ours"]["x"] == NAN
