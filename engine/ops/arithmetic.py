"""Sums, products and powers; and the logarithm, which the derivative of a power needs."""

from __future__ import annotations

import numpy as np

from engine.primitive import REGISTRY, Carrier, Elementwise, elementwise, shape_of


def choose(condition: Carrier, a: Carrier, b: Carrier) -> Carrier:
    """np.where, but a number for numbers."""
    return np.asarray(np.where(condition, a, b))[()]


def power_value(x: Carrier, n: Carrier) -> Carrier:
    """The power in floats; the commonest one, a square, without the general function."""
    return np.square(x) if shape_of(n) == () and n == 2 else np.float_power(x, n)


def power_slope(x: Carrier, n: Carrier) -> Carrier:
    """n x^(n - 1); in an array of exponents, such as those of a polynomial, 0 has slope 0 also where x is 0."""
    base = REGISTRY["where"](n, x, 1.0) if shape_of(n) else x
    return n * base ** (n - 1)


# fmt: off

add: Elementwise = elementwise(
    "add", np.add, python="{0} + {1}", latex="{0} + {1}", precedence=10,
    rules=[lambda t, z, a, b: t,
           lambda t, z, a, b: t],
    en="Sum: both partials are 1, so the derivative is passed on unchanged.",
    zh="加法：两个偏导数都是 1，导数原样传递。",
)

sub: Elementwise = elementwise(
    "sub", np.subtract, python="{0} - {1}", latex="{0} - {1}", precedence=10, aliases=["subtract"],
    rules=[lambda t, z, a, b: t,
           lambda t, z, a, b: -t],
    en="Difference: the partials are 1 and -1.",
    zh="减法：偏导数分别为 1 和 -1。",
)

mul: Elementwise = elementwise(
    "mul", np.multiply, python="{0} * {1}", latex=r"{0} \cdot {1}", precedence=20, aliases=["multiply"],
    rules=[lambda t, z, a, b: t * b,
           lambda t, z, a, b: t * a],
    en="Product: the partial by each factor is the other factor.",
    zh="乘法：对一个因子的偏导数等于另一个因子。",
)

div: Elementwise = elementwise(
    "div", np.divide, python="{0} / {1}", latex=r"\frac{{0}}{{1}}", precedence=20, aliases=["divide"],
    domain=r"y \ne 0", sample=[(-2, 2), (0.5, 2)],
    rules=[lambda t, z, a, b: t / b,
           lambda t, z, a, b: t * (-z / b)],
    en="Quotient, in IEEE arithmetic: 1/0 is infinite, 0/0 is undefined.",
    zh="除法，按 IEEE 浮点规则：1/0 为无穷大，0/0 未定义。",
)

neg: Elementwise = elementwise(
    "neg", np.negative, python="-{0}", latex="-{0}", precedence=25, aliases=["negative"],
    rules=[lambda t, y, x: -t],
    en="Negation: the partial is -1.",
    zh="取相反数：偏导数为 -1。",
)

reciprocal: Elementwise = elementwise(
    "reciprocal", lambda x: np.divide(1.0, x), python="1.0 / {0}", latex=r"\frac{1}{{0}}", precedence=20,
    domain=r"x \ne 0", sample=[(0.5, 2)],
    rules=[lambda t, y, x: t * -square(y)],
    en="Reciprocal 1/x, at 0 infinite.",
    zh="倒数 1/x，在 0 处为无穷大。",
)

square: Elementwise = elementwise(
    "square", np.square, python="{0} * {0}", latex="{0}^{2}", precedence=40, aliases=["sqr"],
    rules=[lambda t, y, x: t * (2 * x)],
    en="Square of x.",
    zh="平方。",
)

power: Elementwise = elementwise(
    "power", power_value, python="pow({0}, {1})", latex="{0}^{{1}}", precedence=40, aliases=["pow"],
    domain=r"x > 0", sample=[(0.5, 2), (-2, 2)],
    rules=[lambda t, z, x, n: t * power_slope(x, n),
           lambda t, z, x, n: t * xlogy(z, x)],
    en="Power: a negative base needs a whole exponent, else it is undefined; 0^0 is 1, its partials undefined. "
       "Convention: the partial by the exponent, z ln x, is 0 where z = 0; of an array of exponents, those of 0 have "
       "slope 0 by x.",
    zh="幂：底数为负时指数须为整数，否则未定义；0^0 取 1，其偏导数未定义。约定：对指数的偏导数为 z ln x，z = 0 时取 0；"
       "指数为数组时，指数 0 处对 x 的偏导数取 0。",
)

log: Elementwise = elementwise(
    "log", np.log, python="log({0})", latex=r"\ln {0}", precedence=30, aliases=["ln"],
    domain="x > 0", sample=[(0.5, 3)],
    rules=[lambda t, y, x: t / x],
    en="Natural logarithm, to base e: of 0 minus infinity, of a negative number undefined.",
    zh="自然对数，以 e 为底；0 的对数为负无穷大，负数的对数未定义。",
)

xlogy: Elementwise = elementwise(
    "xlogy", lambda a, b: choose(np.equal(a, 0) & np.equal(b, b), 0.0, a * np.log(b)),
    python="xlogy({0}, {1})", latex=r"{0} \cdot \ln({1})", precedence=20,
    domain="y > 0", sample=[(-2, 2), (0.5, 3)],
    rules=[lambda t, z, a, b: t * log(b),
           lambda t, z, a, b: t * (a / b)],
    en="x ln y, taken as 0 where x = 0, as in entropies.",
    zh="x ln y；x = 0 时约定取 0，熵的定义即如此。",
)
