"""What chooses or jumps: absolute value, extrema, rounding, comparisons (1 where true, 0 where false) and `where`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.ops.arithmetic import choose
from engine.primitive import Carrier, Elementwise, elementwise, zero


def as_number(compare: Callable[..., Any]) -> Callable[..., Carrier]:
    """A comparison that gives 1 where it is true, 0 where it is false."""
    return lambda a, b: compare(a, b).astype(float)


# fmt: off

# ---- kinks ----

abs: Elementwise = elementwise(
    "abs", np.abs, python="fabs({0})", latex=r"\left| {0} \right|", sample=[(0.5, 2)], aliases=["fabs", "absolute"],
    rules=[lambda t, y, x: t * sign(x)],
    en="Absolute value. Convention: the derivative at 0 is 0.",
    zh="绝对值。约定：在 0 处导数取 0。",
)

minimum: Elementwise = elementwise(
    "minimum", np.minimum, python="minimum({0}, {1})", latex=r"\min({0}, {1})", aliases=["min"],
    rules=[lambda t, z, a, b: t * heaviside(b - a),
           lambda t, z, a, b: t * heaviside(a - b)],
    en="The smaller of two. Convention: where they are equal, each gets half of the derivative.",
    zh="两者中较小的一个。约定：相等时导数各分一半。",
)

maximum: Elementwise = elementwise(
    "maximum", np.maximum, python="maximum({0}, {1})", latex=r"\max({0}, {1})", aliases=["max"],
    rules=[lambda t, z, a, b: t * heaviside(a - b),
           lambda t, z, a, b: t * heaviside(b - a)],
    en="The larger of two. Convention: where they are equal, each gets half of the derivative.",
    zh="两者中较大的一个。约定：相等时导数各分一半。",
)

clip: Elementwise = elementwise(
    "clip", lambda x, low, high: np.minimum(np.maximum(x, low), high), python="minimum(maximum({0}, {1}), {2})",
    latex=r"\operatorname{clip}({0}, {1}, {2})", aliases=["clamp", "clip_by_value"],
    sample=[(-2, 2), (-1.5, -0.5), (0.5, 1.5)],
    rules=[lambda t, w, x, low, high: t * (heaviside(x - low) * heaviside(high - x)),
           lambda t, w, x, low, high: t * (heaviside(low - x) * heaviside(high - low)),
           lambda t, w, x, low, high: t * heaviside(maximum(x, low) - high)],
    en="x kept between y and z: min(max(x, y), z). Convention: where x is at a bound, both get half of the derivative.",
    zh="把 x 限制在 y 与 z 之间，即 min(max(x, y), z)。约定：x 恰好等于某个界时，两者各分一半导数。",
)

hypot: Elementwise = elementwise(
    "hypot", np.hypot, python="hypot({0}, {1})", latex=r"\operatorname{hypot}({0}, {1})",
    sample=[(0.5, 2), (0.5, 2)],
    rules=[lambda t, z, a, b: t * (a / z),
           lambda t, z, a, b: t * (b / z)],
    en="Length of (x, y), without overflow on the way; its derivative at (0, 0) is undefined.",
    zh="向量 (x, y) 的长度，计算途中不会上溢；在 (0, 0) 处导数不存在。",
)

# ---- steps: the derivative is 0, also where they jump ----

sign: Elementwise = elementwise(
    "sign", np.sign, python="sign({0})", latex=r"\operatorname{sgn}({0})", sample=[(0.5, 2)], aliases=["sgn"],
    rules=[zero],
    en="Sign: -1, 0 or 1. Convention: the derivative is 0 everywhere.",
    zh="符号函数，取值 -1、0 或 1。约定：导数处处为 0。",
)

heaviside: Elementwise = elementwise(
    "heaviside", lambda x: np.heaviside(x, 0.5), python="heaviside({0})", latex=r"\operatorname{H}({0})",
    sample=[(0.5, 2)],
    rules=[zero],
    en="Unit step: 0 below 0, 1 above, 1/2 at 0. Convention: the derivative is 0 everywhere.",
    zh="单位阶跃：负数取 0，正数取 1，在 0 处取 1/2。约定：导数处处为 0。",
)

floor: Elementwise = elementwise(
    "floor", np.floor, python="floor({0})", latex=r"\lfloor {0} \rfloor", sample=[(0.1, 0.9)],
    rules=[zero],
    en="Largest integer not above x. Convention: the derivative is 0 everywhere.",
    zh="向下取整。约定：导数处处为 0。",
)

ceil: Elementwise = elementwise(
    "ceil", np.ceil, python="ceil({0})", latex=r"\lceil {0} \rceil", sample=[(0.1, 0.9)], aliases=["ceiling"],
    rules=[zero],
    en="Smallest integer not below x. Convention: the derivative is 0 everywhere.",
    zh="向上取整。约定：导数处处为 0。",
)

# ---- comparisons ----

less: Elementwise = elementwise(
    "less", as_number(np.less), python="float({0} < {1})", latex="[{0} < {1}]", precedence=5,
    rules=[zero, zero],
    en="1 where x < y, else 0; the derivative is 0.",
    zh="x < y 时为 1，否则为 0；导数为 0。",
)

less_equal: Elementwise = elementwise(
    "less_equal", as_number(np.less_equal), python="float({0} <= {1})", latex=r"[{0} \le {1}]",
    precedence=5,
    rules=[zero, zero],
    en="1 where x ≤ y, else 0; the derivative is 0.",
    zh="x ≤ y 时为 1，否则为 0；导数为 0。",
)

greater: Elementwise = elementwise(
    "greater", as_number(np.greater), python="float({0} > {1})", latex="[{0} > {1}]", precedence=5,
    rules=[zero, zero],
    en="1 where x > y, else 0; the derivative is 0.",
    zh="x > y 时为 1，否则为 0；导数为 0。",
)

greater_equal: Elementwise = elementwise(
    "greater_equal", as_number(np.greater_equal), python="float({0} >= {1})",
    latex=r"[{0} \ge {1}]", precedence=5,
    rules=[zero, zero],
    en="1 where x ≥ y, else 0; the derivative is 0.",
    zh="x ≥ y 时为 1，否则为 0；导数为 0。",
)

equal: Elementwise = elementwise(
    "equal", as_number(np.equal), python="float({0} == {1})", latex="[{0} = {1}]", precedence=5,
    rules=[zero, zero],
    en="1 where x = y, else 0; the derivative is 0.",
    zh="x = y 时为 1，否则为 0；导数为 0。",
)

not_equal: Elementwise = elementwise(
    "not_equal", as_number(np.not_equal), python="float({0} != {1})", latex=r"[{0} \ne {1}]",
    precedence=5,
    rules=[zero, zero],
    en="1 where x ≠ y, else 0; the derivative is 0.",
    zh="x ≠ y 时为 1，否则为 0；导数为 0。",
)

# ---- choice ----

where: Elementwise = elementwise(
    "where", choose, python="({1} if {0} else {2})",
    latex=r"\operatorname{where}({0}, {1}, {2})", sample=[(0.5, 2), (-2, 2), (-2, 2)],
    rules=[zero,
           lambda t, w, c, a, b: where(c, t, 0.0),
           lambda t, w, c, a, b: where(c, 0.0, t)],
    en="y where x is not 0, else z. Both are computed; only the chosen one gets a derivative.",
    zh="x 不为 0 时取 y，否则取 z。两者都会计算，只有被选中的一支得到导数。",
)

stop_gradient: Elementwise = elementwise(
    "stop_gradient", np.positive, python="{0}", latex=r"\operatorname{sg}({0})",
    rules=[zero], stops=True,
    en="x itself, as a constant for every derivative.",
    zh="值仍为 x，但求导时视为常数（停止梯度）。",
)
