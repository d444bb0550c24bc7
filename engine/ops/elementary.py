"""Exponentials and logarithms, roots, trigonometric and hyperbolic functions, and their inverses."""

from __future__ import annotations

import math

import numpy as np

from engine.ops.arithmetic import choose, log, square
from engine.primitive import Carrier, Elementwise, elementwise

LN2 = math.log(2)
LN10 = math.log(10)


def log_base_value(x: Carrier, b: Carrier) -> Carrier:
    """The logarithm to base b, correct to the last digit for the bases 2 and 10: log(1000, 10) is 3."""
    return choose(np.equal(b, 10), np.log10(x), choose(np.equal(b, 2), np.log2(x), np.log(x) / np.log(b)))


# fmt: off

# ---- exponentials and logarithms ----

exp: Elementwise = elementwise(
    "exp", np.exp, python="exp({0})", latex=r"\exp {0}", precedence=30,
    rules=[lambda t, y, x: t * y],
    en="Exponential function: its own derivative.",
    zh="指数函数：导数等于自身。",
)

expm1: Elementwise = elementwise(
    "expm1", np.expm1, python="expm1({0})", latex=r"\operatorname{expm1}({0})",
    rules=[lambda t, y, x: t * exp(x)],
    en="exp(x) - 1, accurate near 0.",
    zh="exp(x) - 1，在 0 附近仍然精确。",
)

log1p: Elementwise = elementwise(
    "log1p", np.log1p, python="log1p({0})", latex=r"\operatorname{log1p}({0})",
    domain="x > -1", sample=[(-0.5, 2)],
    rules=[lambda t, y, x: t / (1 + x)],
    en="ln(1 + x), accurate near 0; at -1 minus infinity, below undefined.",
    zh="ln(1 + x)，在 0 附近仍然精确；在 -1 处为负无穷大，更小时未定义。",
)

log2: Elementwise = elementwise(
    "log2", np.log2, python="log2({0})", latex=r"\log_{2} {0}", precedence=30,
    domain="x > 0", sample=[(0.5, 3)],
    rules=[lambda t, y, x: t / (LN2 * x)],
    en="Logarithm to base 2: of 0 minus infinity, of a negative number undefined.",
    zh="以 2 为底的对数；0 的对数为负无穷大，负数的对数未定义。",
)

log10: Elementwise = elementwise(
    "log10", np.log10, python="log10({0})", latex=r"\log_{10} {0}", precedence=30, aliases=["lg"],
    domain="x > 0", sample=[(0.5, 3)],
    rules=[lambda t, y, x: t / (LN10 * x)],
    en="Logarithm to base 10: of 0 minus infinity, of a negative number undefined.",
    zh="常用对数，以 10 为底；0 的对数为负无穷大，负数的对数未定义。",
)

log_base: Elementwise = elementwise(
    "log_base", log_base_value, python="log_base({0}, {1})", latex=r"\log_{{1}} {0}", precedence=30,
    domain=r"x > 0, \; y > 0, \; y \ne 1", sample=[(0.5, 3), (2, 4)],
    rules=[lambda t, z, x, b: t / (x * log(b)),
           lambda t, z, x, b: t * (-z / (b * log(b)))],
    en="Logarithm of x to base y; log(x, b) means the same.",
    zh="以 y 为底 x 的对数，也可写作 log(x, b)。",
)

# ---- roots ----

sqrt: Elementwise = elementwise(
    "sqrt", np.sqrt, python="sqrt({0})", latex=r"\sqrt{{0}}",
    domain=r"x \ge 0", sample=[(0.5, 3)],
    rules=[lambda t, y, x: t / (2 * y)],
    en="Square root; its derivative at 0 is infinite. Of a negative number it is undefined.",
    zh="平方根；在 0 处导数为无穷大，负数的平方根未定义。",
)

cbrt: Elementwise = elementwise(
    "cbrt", np.cbrt, python="cbrt({0})", latex=r"\sqrt[3]{{0}}", sample=[(0.5, 3)],
    rules=[lambda t, y, x: t / (3 * square(y))],
    en="Cube root, real for negative x too; its derivative at 0 is infinite.",
    zh="立方根，x 为负时也取实根；在 0 处导数为无穷大。",
)

# ---- trigonometric functions; angles are in radians ----

sin: Elementwise = elementwise(
    "sin", np.sin, python="sin({0})", latex=r"\sin {0}", precedence=30,
    rules=[lambda t, y, x: t * cos(x)],
    en="Sine of x in radians.",
    zh="正弦，x 以弧度计。",
)

cos: Elementwise = elementwise(
    "cos", np.cos, python="cos({0})", latex=r"\cos {0}", precedence=30,
    rules=[lambda t, y, x: t * -sin(x)],
    en="Cosine of x in radians.",
    zh="余弦，x 以弧度计。",
)

tan: Elementwise = elementwise(
    "tan", np.tan, python="tan({0})", latex=r"\tan {0}", precedence=30, aliases=["tg"],
    domain=r"\cos x \ne 0", sample=[(-1.2, 1.2)],
    rules=[lambda t, y, x: t * (1 + square(y))],
    en="Tangent; its derivative is 1 + tan² x = sec² x.",
    zh="正切；导数为 1 + tan² x = sec² x。",
)

sec: Elementwise = elementwise(
    "sec", lambda x: 1.0 / np.cos(x), python="1.0 / cos({0})", latex=r"\sec {0}", precedence=30,
    domain=r"\cos x \ne 0", sample=[(-1.2, 1.2)],
    rules=[lambda t, y, x: t * (y * tan(x))],
    en="Secant, 1/cos x.",
    zh="正割，即 1/cos x。",
)

csc: Elementwise = elementwise(
    "csc", lambda x: 1.0 / np.sin(x), python="1.0 / sin({0})", latex=r"\csc {0}", precedence=30, aliases=["cosec"],
    domain=r"\sin x \ne 0", sample=[(0.4, 2.7)],
    rules=[lambda t, y, x: t * -(y * cot(x))],
    en="Cosecant, 1/sin x.",
    zh="余割，即 1/sin x。",
)

cot: Elementwise = elementwise(
    "cot", lambda x: 1.0 / np.tan(x), python="1.0 / tan({0})", latex=r"\cot {0}", precedence=30, aliases=["ctg"],
    domain=r"\sin x \ne 0", sample=[(0.4, 2.7)],
    rules=[lambda t, y, x: t * -(1 + square(y))],
    en="Cotangent, 1/tan x; its derivative is -(1 + cot² x) = -csc² x.",
    zh="余切，即 1/tan x；导数为 -(1 + cot² x) = -csc² x。",
)

asin: Elementwise = elementwise(
    "asin", np.arcsin, python="asin({0})", latex=r"\arcsin {0}", precedence=30, aliases=["arcsin"],
    domain=r"-1 \le x \le 1", sample=[(-0.8, 0.8)],
    rules=[lambda t, y, x: t / sqrt(1 - square(x))],
    en="Inverse sine, in radians; its derivative at -1 and 1 is infinite.",
    zh="反正弦，单位弧度；在 ±1 处导数为无穷大。",
)

acos: Elementwise = elementwise(
    "acos", np.arccos, python="acos({0})", latex=r"\arccos {0}", precedence=30, aliases=["arccos"],
    domain=r"-1 \le x \le 1", sample=[(-0.8, 0.8)],
    rules=[lambda t, y, x: t / -sqrt(1 - square(x))],
    en="Inverse cosine, in radians; its derivative at -1 and 1 is infinite.",
    zh="反余弦，单位弧度；在 ±1 处导数为无穷大。",
)

atan: Elementwise = elementwise(
    "atan", np.arctan, python="atan({0})", latex=r"\arctan {0}", precedence=30, aliases=["arctan", "arctg"],
    rules=[lambda t, y, x: t / (1 + square(x))],
    en="Inverse tangent, in radians.",
    zh="反正切，单位弧度。",
)

atan2: Elementwise = elementwise(
    "atan2", np.arctan2, python="atan2({0}, {1})", latex=r"\operatorname{atan2}({0}, {1})", aliases=["arctan2"],
    domain=r"(x, y) \ne (0, 0)", sample=[(-2, 2), (0.5, 2)],
    rules=[lambda t, z, a, b: t * (b / (square(a) + square(b))),
           lambda t, z, a, b: t * (-a / (square(a) + square(b)))],
    en="Angle of the point whose ordinate is x and whose abscissa is y: the ordinate comes first. At (0, 0) it is 0, "
       "the derivative undefined.",
    zh="点的辐角：第一个参数是纵坐标，第二个是横坐标。在 (0, 0) 处取 0，导数不存在。",
)

# ---- hyperbolic functions ----

sinh: Elementwise = elementwise(
    "sinh", np.sinh, python="sinh({0})", latex=r"\sinh {0}", precedence=30,
    rules=[lambda t, y, x: t * cosh(x)],
    en="Hyperbolic sine.",
    zh="双曲正弦。",
)

cosh: Elementwise = elementwise(
    "cosh", np.cosh, python="cosh({0})", latex=r"\cosh {0}", precedence=30,
    rules=[lambda t, y, x: t * sinh(x)],
    en="Hyperbolic cosine.",
    zh="双曲余弦。",
)

tanh: Elementwise = elementwise(
    "tanh", np.tanh, python="tanh({0})", latex=r"\tanh {0}", precedence=30,
    rules=[lambda t, y, x: t * (1 - square(y))],
    en="Hyperbolic tangent; its derivative is 1 - tanh² x.",
    zh="双曲正切；导数为 1 - tanh² x。",
)

asinh: Elementwise = elementwise(
    "asinh", np.arcsinh, python="asinh({0})", latex=r"\operatorname{arsinh} {0}", precedence=30,
    aliases=["arcsinh", "arsinh"],
    rules=[lambda t, y, x: t / sqrt(square(x) + 1)],
    en="Inverse hyperbolic sine.",
    zh="反双曲正弦。",
)

acosh: Elementwise = elementwise(
    "acosh", np.arccosh, python="acosh({0})", latex=r"\operatorname{arcosh} {0}", precedence=30,
    domain=r"x \ge 1", sample=[(1.5, 4)], aliases=["arccosh", "arcosh"],
    rules=[lambda t, y, x: t / sqrt(square(x) - 1)],
    en="Inverse hyperbolic cosine; its derivative at 1 is infinite.",
    zh="反双曲余弦；在 1 处导数为无穷大。",
)

atanh: Elementwise = elementwise(
    "atanh", np.arctanh, python="atanh({0})", latex=r"\operatorname{artanh} {0}", precedence=30,
    domain="-1 < x < 1", sample=[(-0.8, 0.8)], aliases=["arctanh", "artanh"],
    rules=[lambda t, y, x: t / (1 - square(x))],
    en="Inverse hyperbolic tangent, infinite at -1 and 1.",
    zh="反双曲正切，在 ±1 处为无穷大。",
)
