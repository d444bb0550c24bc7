"""What the `python` templates of the rows call besides `math`: functions on floats.

As in `math`, one may raise ValueError, OverflowError or ZeroDivisionError where the row's `value` is not finite.
"""

from __future__ import annotations

import math
from functools import cache
from math import copysign, erfc, exp, expm1, inf, log, log1p, pi, tan

SQRT_HALF = math.sqrt(0.5)
LEAK = 0.01
HIGHEST_ORDER = 100
"""The order up to which `polygamma` computes; above it is NaN."""


# ---- arithmetic, comparison ----


def xlogy(x: float, y: float) -> float:
    """x ln y, and 0 where x = 0."""
    return x * log(y) if x or y != y else 0.0


def log_base(x: float, base: float) -> float:
    """The logarithm to any base, correct to the last digit for the bases 2 and 10."""
    if base == 10:
        return math.log10(x)
    return math.log2(x) if base == 2 else log(x) / log(base)


def minimum(x: float, y: float) -> float:
    """The smaller one; NaN if either is."""
    return x if x <= y or x != x else y


def maximum(x: float, y: float) -> float:
    """The larger one; NaN if either is."""
    return x if x >= y or x != x else y


def sign(x: float) -> float:
    """-1, 0 or 1; NaN for NaN."""
    return copysign(1.0, x) if x < 0 or x > 0 else x


def heaviside(x: float) -> float:
    """0, 1/2 or 1; NaN for NaN."""
    return 0.5 * (sign(x) + 1.0)


def floor(x: float) -> float:
    """As a float, with the sign of a zero kept."""
    return copysign(math.floor(x), x)


def ceil(x: float) -> float:
    """As a float, with the sign of a zero kept."""
    return copysign(math.ceil(x), x)


# ---- activations ----


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)); the exponential never overflows."""
    if x >= 0:
        return 1.0 / (1.0 + exp(-x))
    grown = exp(x)
    return grown / (1.0 + grown)


def softplus(x: float) -> float:
    """ln(1 + exp(x)); the exponential never overflows."""
    return log1p(exp(-abs(x))) + maximum(x, 0.0)


def leaky_relu(x: float) -> float:
    """x or 0.01 x, whichever is larger."""
    return maximum(x, LEAK * x)


def elu(x: float) -> float:
    """X above 0, exp(x) - 1 below."""
    return x if x > 0 else expm1(x)


def gelu(x: float) -> float:
    """X times the normal distribution function of x; erfc keeps the digits of its lower tail."""
    return 0.5 * x * erfc(-SQRT_HALF * x)


def silu(x: float) -> float:
    """X times the sigmoid of x."""
    return x * sigmoid(x)


# ---- the logarithmic derivatives of the gamma function ----

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
"""B2, B4, ..., B20."""


def digamma(x: float) -> float:
    """psi(x), by recurrence (DLMF 5.5.2), asymptotic series (5.11.2) and, for negative x, reflection (5.5.4)."""
    if x <= 0:
        return digamma(1.0 - x) - pi / tan(pi * math.remainder(x, 1.0))
    steps = 0.0
    while x < 10:
        steps += 1.0 / x
        x += 1.0
    inverse = 1.0 / (x * x)
    series = 0.0
    for k in range(7, 0, -1):
        series = inverse * (series + BERNOULLI[k - 1] / (2 * k))
    return log(x) - 0.5 / x - series - steps


def polygamma(n: float, x: float) -> float:
    """The n-th derivative of psi: (-1)^(n+1) n! zeta(n+1, x) (DLMF 5.15.2), reflected for negative x (5.15.6)."""
    if n == 0:
        return digamma(x)
    if not (n > 0 and n == int(n) and n <= HIGHEST_ORDER):
        raise ValueError("polygamma needs a whole order from 0 to 100")
    order = int(n)
    parity = -1.0 if order % 2 else 1.0
    if x <= 0:
        cotangent = 1.0 / tan(pi * math.remainder(x, 1.0))
        derivative = 0.0
        for coefficient in reversed(cotangent_derivative(order)):
            derivative = derivative * cotangent + coefficient
        return parity * polygamma(n, 1.0 - x) - pi ** (order + 1) * derivative
    if x == inf:
        return 0.0
    leading = 1.0
    for k in range(1, order + 1):
        leading *= k / x
    return -parity * leading * scaled_zeta(order, x)


def scaled_zeta(n: int, x: float) -> float:
    """x^n zeta(n+1, x), by Euler-Maclaurin summation (DLMF 25.11.28, 2.10.1); no term overflows."""
    total = 0.0
    z = x
    while z < n + 10:
        total += (x / z) ** n / z
        z += 1.0
    rising = (n + 1) / z / 2
    tail = 1.0 / n + 0.5 / z
    for k, bernoulli in enumerate(BERNOULLI, 1):
        tail += bernoulli * rising / z
        rising *= (n + 2 * k) / z / (2 * k + 1) * ((n + 2 * k + 1) / z / (2 * k + 2))
    return total + (x / z) ** n * tail


@cache
def cotangent_derivative(n: int) -> tuple[float, ...]:
    """Coefficients, from the constant up, of the polynomial in cot u that is the n-th derivative of cot u."""
    polynomial = [0, 1]
    for _ in range(n):
        slope = [k * coefficient for k, coefficient in enumerate(polynomial)][1:]
        polynomial = [-a - b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]  # times -(1 + cot²)
    return tuple(map(float, polynomial))
