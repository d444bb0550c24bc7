"""Activation functions."""

from __future__ import annotations

import math

import numpy as np

from engine.ops.arithmetic import choose, square
from engine.ops.comparison import greater, where
from engine.ops.elementary import exp
from engine.ops.scalar import LEAK, SQRT_HALF
from engine.ops.special import erfc
from engine.primitive import Carrier, Elementwise, elementwise

INV_SQRT_2PI = 1 / math.sqrt(2 * math.pi)


def sigmoid_value(x: Carrier) -> Carrier:
    """1 / (1 + exp(-x)); the exponential never overflows, and complex numbers keep their imaginary part."""
    above = np.greater_equal(x, 0)
    small = np.exp(choose(above, np.negative(x), x))
    return choose(above, 1.0, small) / (1.0 + small)


def softplus_value(x: Carrier) -> Carrier:
    """ln(1 + exp(x)), of which the same holds."""
    above = np.greater_equal(x, 0)
    return np.log1p(np.exp(choose(above, np.negative(x), x))) + choose(above, x, 0.0)


def normal_cdf(x: Carrier) -> Carrier:
    """The normal distribution function; erfc keeps the digits of its lower tail."""
    return 0.5 * erfc(-SQRT_HALF * x)


def silu_rule(t: Carrier, y: Carrier, x: Carrier) -> Carrier:
    """s + y (1 - s), s being the sigmoid of x."""
    s = sigmoid(x)
    return t * (s + y * (1 - s))


# fmt: off

sigmoid: Elementwise = elementwise(
    "sigmoid", sigmoid_value, python="sigmoid({0})", latex=r"\sigma({0})", aliases=["logistic", "expit"],
    rules=[lambda t, y, x: t * (y * (1 - y))],
    en="Logistic function 1/(1 + exp(-x)); its derivative is y (1 - y).",
    zh="逻辑斯谛函数（sigmoid）1/(1 + exp(-x))；导数为 y (1 - y)。",
)

softplus: Elementwise = elementwise(
    "softplus", softplus_value,
    python="softplus({0})", latex=r"\operatorname{softplus}({0})",
    rules=[lambda t, y, x: t * sigmoid(x)],
    en="ln(1 + exp(x)), a smooth relu; its derivative is the sigmoid.",
    zh="ln(1 + exp(x))，relu 的光滑近似；导数为 sigmoid 函数。",
)

relu: Elementwise = elementwise(
    "relu", lambda x: np.maximum(x, 0.0), python="maximum({0}, 0.0)", latex=r"\operatorname{relu}({0})",
    sample=[(0.5, 2)],
    rules=[lambda t, y, x: t * greater(x, 0.0)],
    en="x above 0, else 0. Convention: the derivative at 0 is 0.",
    zh="线性整流：x > 0 时为 x，否则为 0。约定：在 0 处导数取 0。",
)

leaky_relu: Elementwise = elementwise(
    "leaky_relu", lambda x: np.maximum(x, LEAK * x), python="leaky_relu({0})",
    latex=r"\operatorname{lrelu}({0})", sample=[(-2, -0.5)],
    rules=[lambda t, y, x: t * where(greater(x, 0.0), 1.0, LEAK)],
    en="x above 0, else 0.01 x. Convention: the derivative at 0 is 0.01.",
    zh="带泄漏的 relu：x > 0 时为 x，否则为 0.01 x。约定：在 0 处导数取 0.01。",
)

elu: Elementwise = elementwise(
    "elu", lambda x: choose(np.greater(x, 0), x, np.expm1(x)), python="elu({0})",
    latex=r"\operatorname{elu}({0})", sample=[(-2, -0.5)],
    rules=[lambda t, y, x: t * where(greater(x, 0.0), 1.0, y + 1.0)],
    en="x above 0, else exp(x) - 1; the derivative at 0 is 1 from both sides.",
    zh="x > 0 时为 x，否则为 exp(x) - 1；在 0 处左右导数都是 1。",
)

gelu: Elementwise = elementwise(
    "gelu", lambda x: x * normal_cdf(x), python="gelu({0})", latex=r"\operatorname{gelu}({0})",
    rules=[lambda t, y, x: t * (normal_cdf(x) + x * (INV_SQRT_2PI * exp(-0.5 * square(x))))],
    en="x Φ(x), Φ being the normal distribution function: the exact form by erf, not the approximation by tanh.",
    zh="x Φ(x)，Φ 为标准正态分布函数：用 erf 的精确式，不是 tanh 近似式。",
)

silu: Elementwise = elementwise(
    "silu", lambda x: x * sigmoid_value(x), python="silu({0})", latex=r"\operatorname{silu}({0})", aliases=["swish"],
    rules=[silu_rule],
    en="x times the sigmoid of x, also called swish.",
    zh="x 乘以 sigmoid(x)，又称 swish。",
)
