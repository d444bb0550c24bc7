"""The error function, and the gamma function's family."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.ops import scalar
from engine.ops.arithmetic import square
from engine.ops.elementary import exp
from engine.primitive import Carrier, Elementwise, elementwise, zero

TWO_OVER_SQRT_PI = 2 / math.sqrt(math.pi)


def vectorised(function: Callable[..., float], arity: int, pole: Callable[..., float]) -> Callable[..., Carrier]:
    """A function of floats as one of arrays; where it raises, its value is `pole(*xs)`."""

    def total(*xs: float) -> float:
        try:
            return function(*xs)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return pole(*xs)

    ufunc = np.frompyfunc(total, arity, 1)
    return lambda *xs: np.asarray(ufunc(*xs), dtype=float)[()]


def pole(*_: float) -> float:
    """An infinity, with the flag by which a pole is told from an overflow."""
    return float(np.divide(1.0, 0.0))


def undefined(*_: float) -> float:
    """NaN: at a pole whose two sides disagree."""
    return math.nan


def polygamma_pole(n: float, x: float) -> float:
    """At 0, -1, -2, ... both sides rise to infinity for an odd order; for an even one they disagree."""
    return pole() if x <= 0 and n % 2 == 1 and n <= scalar.HIGHEST_ORDER else undefined()


# fmt: off

erf: Elementwise = elementwise(
    "erf", vectorised(math.erf, 1, undefined), python="erf({0})", latex=r"\operatorname{erf}({0})",
    rules=[lambda t, y, x: t * (TWO_OVER_SQRT_PI * exp(-square(x)))],
    en="Error function; its derivative is 2/√π exp(-x²).",
    zh="误差函数；导数为 2/√π exp(-x²)。",
)

erfc: Elementwise = elementwise(
    "erfc", vectorised(math.erfc, 1, undefined), python="erfc({0})", latex=r"\operatorname{erfc}({0})",
    rules=[lambda t, y, x: t * (-TWO_OVER_SQRT_PI * exp(-square(x)))],
    en="1 - erf(x), accurate for large x.",
    zh="余误差函数 1 - erf(x)，x 很大时仍然精确。",
)

lgamma: Elementwise = elementwise(
    "lgamma", vectorised(math.lgamma, 1, pole), python="lgamma({0})", latex=r"\operatorname{lgamma}({0})",
    domain=r"x \ne 0, -1, -2, \ldots", sample=[(0.5, 6)], aliases=["gammaln"],
    rules=[lambda t, y, x: t * digamma(x)],
    en="Logarithm of |Γ(x)|, the gamma function; its derivative is digamma. At 0 and the negative "
       "integers it is infinite, the derivative undefined.",
    zh="伽马函数绝对值的对数 ln |Γ(x)|；导数为双伽马函数 ψ。在 0 和负整数处为无穷大，导数不存在。",
)

digamma: Elementwise = elementwise(
    "digamma", vectorised(scalar.digamma, 1, undefined), python="digamma({0})", latex=r"\psi({0})",
    domain=r"x \ne 0, -1, -2, \ldots", sample=[(0.5, 6)],
    rules=[lambda t, y, x: t * polygamma(1.0, x)],
    en="Digamma function ψ, the derivative of ln Γ; undefined at 0 and the negative integers.",
    zh="双伽马函数 ψ，即 ln Γ 的导数；在 0 和负整数处未定义。",
)

polygamma: Elementwise = elementwise(
    "polygamma", vectorised(scalar.polygamma, 2, polygamma_pole), python="polygamma({0}, {1})",
    latex=r"\psi^{({0})}({1})", domain=r"x = 0, 1, 2, \ldots", sample=[(1, 1), (0.5, 6)],
    rules=[zero,
           lambda t, z, n, x: t * polygamma(n + 1, x)],
    en="Derivative of digamma at y, of whole order x up to 100. Convention: nothing is sent to the order.",
    zh="双伽马函数在 y 处的 x 阶导数，x 为不超过 100 的非负整数。约定：对阶数的导数取 0。",
)
