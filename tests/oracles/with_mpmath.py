"""Every row once more, by mpmath with 50 digits; and derivatives by differences so fine that 20 digits are sure."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from mpmath import mp

from tests.oracles.reference import Reference

mp.dps = 50


def cbrt(x: Any) -> Any:
    return -mp.cbrt(-x) if x < 0 else mp.cbrt(x)


def heaviside(x: Any) -> Any:
    return (mp.sign(x) + 1) / 2


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "reciprocal": lambda x: 1 / x,
    "square": lambda x: x * x,
    "power": lambda x, n: x**n,
    "log": mp.log,
    "xlogy": lambda a, b: a * mp.log(b),
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log1p": lambda x: mp.log(1 + x),
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "log_base": lambda x, b: mp.log(x) / mp.log(b),
    "sqrt": mp.sqrt,
    "cbrt": cbrt,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "sec": mp.sec,
    "csc": mp.csc,
    "cot": mp.cot,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "atan2": mp.atan2,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "digamma": mp.digamma,
    "polygamma": lambda n, x: mp.psi(int(n), x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "relu": lambda x: max(x, mp.zero),
    "leaky_relu": lambda x: max(x, mp.mpf(0.01) * x),
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "gelu": lambda x: x * mp.ncdf(x),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "abs": abs,
    "sign": mp.sign,
    "minimum": min,
    "maximum": max,
    "clip": lambda x, low, high: min(max(x, low), high),
    "hypot": mp.hypot,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "heaviside": heaviside,
    "less": lambda a, b: mp.mpf(a < b),
    "less_equal": lambda a, b: mp.mpf(a <= b),
    "greater": lambda a, b: mp.mpf(a > b),
    "greater_equal": lambda a, b: mp.mpf(a >= b),
    "equal": lambda a, b: mp.mpf(a == b),
    "not_equal": lambda a, b: mp.mpf(a != b),
    "where": lambda c, a, b: a if c else b,
    "stop_gradient": lambda x: x,
}

F = SimpleNamespace(**FUNCTIONS, pi=mp.pi, e=mp.e)


def reference(function: Callable[..., Any], inputs: Mapping[str, float]) -> Reference:
    """Value, gradient and Hessian of `function(F, **inputs)`, to 20 digits."""
    point = [mp.mpf(x) for x in inputs.values()]
    width = len(point)

    def at(*xs: Any) -> Any:
        return function(F, **dict(zip(inputs, xs, strict=True)))

    def partial(*argnums: int) -> str:
        orders = [argnums.count(i) for i in range(width)]
        return str(mp.nstr(mp.diff(at, tuple(point), tuple(orders)), 20))

    gradient = [partial(i) for i in range(width)]
    half = {(i, j): partial(i, j) for i in range(width) for j in range(i + 1)}
    hessian = [[half[max(i, j), min(i, j)] for j in range(width)] for i in range(width)]
    return Reference(str(mp.nstr(mp.mpf(at(*point)), 20)), gradient, hessian)
