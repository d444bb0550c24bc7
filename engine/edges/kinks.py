"""Kinks: places where mathematics gives no derivative, or frameworks choose different ones. One row each.

What TensorFlow, PyTorch and JAX say is data; `tests/oracles/kinks.py` asks those that are installed again.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from engine.values import Value

VERSIONS = {"tensorflow": "2.21", "pytorch": "2.13", "jax": "0.10.2"}
"""Which releases gave the answers, in float64. TensorFlow's are taken from the course's worked examples (5.12)."""
INF, NAN = float("inf"), float("nan")
HALVES = [0.5, 0.5]

Slopes = dict[str, Value | None]
"""A derivative for each input; None where the framework itself says None, for an input without a path."""


class Kink(Struct, frozen=True):
    """A row of the table: a function, a point, and the derivatives there.

    `op` is the operation that has the kink, None for an input without a path. A framework's answer is None where it was
    not asked, or has no derivative for the operation.
    """

    key: str
    op: str | None
    source: str
    inputs: dict[str, Value]
    ours: Slopes
    tensorflow: Slopes | None
    pytorch: Slopes | None
    jax: Slopes | None


def at(
    key: str, op: str | None, source: str, inputs: dict[str, Any], ours: Any, tensorflow: Any, pytorch: Any, jax: Any
) -> Kink:
    """A row; the derivatives are listed in the order of the inputs."""
    answers = [
        None if answer is None else dict(zip(inputs, answer, strict=True))
        for answer in (ours, tensorflow, pytorch, jax)
    ]
    return Kink(key, op, source, inputs, answers[0] or {}, *answers[1:])


ZERO, ONES, TWO = {"x": 0.0}, {"x": [1.0, 1.0]}, {"x": 1.0, "y": 1.0}
NOT_ASKED = None

# fmt: off
KINKS: tuple[Kink, ...] = (
    #   key, operation, function, point,                                  ours, TensorFlow, PyTorch, JAX
    at("abs", "abs", "abs(x)", ZERO, [0.0], [0.0], [0.0], [1.0]),
    at("relu", "relu", "relu(x)", ZERO, [0.0], [0.0], [0.0], [0.0]),
    at("leaky_relu", "leaky_relu", "leaky_relu(x)", ZERO, [0.01], NOT_ASKED, [0.01], [1.0]),
    at("sign", "sign", "sign(x)", ZERO, [0.0], NOT_ASKED, [0.0], [0.0]),
    at("heaviside", "heaviside", "heaviside(x)", ZERO, [0.0], NOT_ASKED, NOT_ASKED, [0.0]),
    at("floor", "floor", "floor(x)", ZERO, [0.0], NOT_ASKED, [0.0], [0.0]),
    at("ceil", "ceil", "ceil(x)", ZERO, [0.0], NOT_ASKED, [0.0], [0.0]),
    at("maximum", "maximum", "maximum(x, y)", TWO, HALVES, [1.0, 0.0], HALVES, HALVES),
    at("minimum", "minimum", "minimum(x, y)", TWO, HALVES, NOT_ASKED, HALVES, HALVES),
    at("amax", "amax", "amax(x)", ONES, [HALVES], [HALVES], [HALVES], [HALVES]),
    at("amin", "amin", "amin(x)", ONES, [HALVES], NOT_ASKED, [HALVES], [HALVES]),
    at("clip", "clip", "clip(x, 0, 1)", {"x": 1.0}, [0.5], NOT_ASKED, [1.0], [0.5]),
    at("hinge", "hinge", "hinge(x, y)", TWO, [0.0, 0.0], NOT_ASKED, [0.0, 0.0], [-0.5, -0.5]),
    at("sqrt", "sqrt", "sqrt(x)", ZERO, [INF], [INF], [INF], [INF]),
    at("cbrt", "cbrt", "cbrt(x)", ZERO, [INF], NOT_ASKED, NOT_ASKED, [INF]),
    at("log", "log", "log(x)", ZERO, [INF], NOT_ASKED, [INF], [INF]),
    at("asin", "asin", "asin(x)", {"x": 1.0}, [INF], NOT_ASKED, [INF], [INF]),
    at("power_zero_integer", "power", "x**0", ZERO, [NAN], [NAN], [0.0], [0.0]),
    at("power_zero_float", "power", "x**n", {"x": 0.0, "n": 0.0}, [NAN, -INF], NOT_ASKED, [0.0, 0.0], [NAN, 0.0]),
    at("power_root", "power", "x**0.5", ZERO, [INF], NOT_ASKED, [INF], [INF]),
    at("xlogy", "xlogy", "xlogy(x, y)", {"x": 0.0, "y": 0.0}, [-INF, NAN], NOT_ASKED, [0.0, NAN], [-INF, NAN]),
    at("norm", "norm", "norm(x)", {"x": [0.0, 0.0]}, [[0.0, 0.0]], NOT_ASKED, [[0.0, 0.0]], [[NAN, NAN]]),
    at("hypot", "hypot", "hypot(x, y)", {"x": 0.0, "y": 0.0}, [NAN, NAN], NOT_ASKED, [NAN, NAN], HALVES),
    at("atan2", "atan2", "atan2(x, y)", {"x": 0.0, "y": 0.0}, [NAN, NAN], NOT_ASKED, [0.0, 0.0], [NAN, NAN]),
    at("std", "std", "std(x)", {"x": [2.0, 2.0]}, [[0.0, 0.0]], NOT_ASKED, [[0.0, 0.0]], [[NAN, NAN]]),
    at("where_sqrt", "sqrt", "where(x > 0, sqrt(x), 0)", ZERO, [NAN], [0.0], [NAN], [NAN]),
    at("where_log", "log", "where(x > 0, log(x), 0)", ZERO, [NAN], [NAN], [NAN], [NAN]),
    at("where_reciprocal", "div", "where(x > 0, 1/x, 0)", ZERO, [NAN], [NAN], [NAN], [NAN]),
    at("unconnected", None, "u = 2*x\ny**2", {"x": 1.0, "y": 3.0}, [0.0, 6.0], [None, 6.0], [None, 6.0], [0.0, 6.0]),
)
# fmt: on
"""TensorFlow's nan for x**0 holds for a float exponent and for an integer; JAX gives nan for a float exponent."""
