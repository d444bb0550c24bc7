"""What judges the corpus besides us: SymPy by algebra, mpmath with 50 digits at points of its own."""

import random
from typing import Any

import mpmath
import sympy

from tests.grading.answers.rows import Domain, Oracle, Row

DIGITS = 50
POINTS = 12
PLACES = 10
"""Points at which SymPy looks for a difference that is not 0."""
FREE = (-2.9, 3.1)
"""Where a task without a domain is compared."""


class Symbols:
    """The namespace of the oracle form, for SymPy."""

    pi, e = sympy.pi, sympy.E
    exp, log, sqrt, cbrt, abs = sympy.exp, sympy.log, sympy.sqrt, sympy.cbrt, sympy.Abs
    sin, cos, tan, sec, csc, cot = sympy.sin, sympy.cos, sympy.tan, sympy.sec, sympy.csc, sympy.cot
    asin, acos, atan, atan2 = sympy.asin, sympy.acos, sympy.atan, sympy.atan2
    sinh, cosh, tanh, asinh, acosh, atanh = (
        sympy.sinh, sympy.cosh, sympy.tanh, sympy.asinh, sympy.acosh, sympy.atanh,
    )  # fmt: skip
    floor, ceil, sign = sympy.floor, sympy.ceiling, sympy.sign
    less, min, max = sympy.StrictLessThan, sympy.Min, sympy.Max

    @staticmethod
    def d(text: str) -> Any:
        """A decimal or a fraction."""
        return sympy.Rational(text)

    @staticmethod
    def where(condition: Any, a: Any, b: Any) -> Any:
        return sympy.Piecewise((a, condition), (b, True))


class Digits:
    """The same for mpmath."""

    def __init__(self, mp: Any) -> None:
        self.mp = mp
        self.pi, self.e = +mp.pi, +mp.e

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mp, name)

    def d(self, text: str) -> Any:
        top, _, bottom = text.partition("/")
        return self.mp.mpf(top) / self.mp.mpf(bottom or "1")

    def abs(self, x: Any) -> Any:
        return abs(x)

    def cbrt(self, x: Any) -> Any:
        return self.mp.sign(x) * self.mp.cbrt(abs(x))

    def less(self, a: Any, b: Any) -> bool:
        return bool(a < b)

    def min(self, a: Any, b: Any) -> Any:
        return min(a, b)

    def max(self, a: Any, b: Any) -> Any:
        return max(a, b)

    def where(self, condition: bool, a: Any, b: Any) -> Any:
        return a if condition else b


def value(oracle: Oracle, mp: Any, point: dict[str, Any]) -> Any | None:
    """The oracle form at a point by mpmath; None where it is no finite real number."""
    try:
        found = mp.mpmathify(oracle(Digits(mp), **point))
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return None if isinstance(found, mp.mpc) or not mp.isfinite(found) else found


def points(row: Row, mp: Any, names: list[str]) -> list[dict[str, Any]]:
    """Points of the domain where the task has a value, drawn by Python's generator; and the row's own."""
    rng = random.Random(f"{row.source}|{row.answer}")
    found: list[dict[str, Any]] = []
    for _ in range(400):
        if len(found) == POINTS:
            break
        at = {name: mp.mpf(rng.uniform(*row.domain.get(name, FREE))) for name in names}
        if value(row.task, mp, at) is not None:
            found.append(at)
    assert len(found) == POINTS, f"no points for {row.source}"
    return found + ([{name: mp.mpf(x) for name, x in row.at.items()}] if row.at else [])


def names_of(oracle: Oracle) -> list[str]:
    code = oracle.__code__
    return list(code.co_varnames[1 : code.co_argcount])


def by_mpmath(row: Row) -> bool:
    """Do the two forms agree to 35 digits at every point?"""
    assert row.oracle is not None
    mp = mpmath.MPContext()
    mp.dps = DIGITS
    for at in points(row, mp, names_of(row.task)):
        expected, got = value(row.task, mp, at), value(row.oracle, mp, at)
        if got is None or abs(got - expected) > mp.mpf(10) ** -35 * (1 + abs(expected)):
            return False
    return True


def undefined_somewhere(row: Row) -> bool:
    """Has the answer no value at some point where the task has one? By mpmath."""
    assert row.oracle is not None
    mp = mpmath.MPContext()
    mp.dps = DIGITS
    return any(value(row.oracle, mp, at) is None for at in points(row, mp, names_of(row.task)))


def by_sympy(row: Row) -> bool | None:
    """Is the difference 0, the inputs real (positive where the domain is)? None where SymPy cannot tell.

    False by a value at a point that is not 0, to 50 digits; True by algebra.
    """
    assert row.oracle is not None
    names = names_of(row.task)
    rng = random.Random(row.source)
    places = [{name: between(rng, *row.domain.get(name, FREE)) for name in names} for _ in range(PLACES)]
    if row.at:
        places.append({name: sympy.Float(str(x), DIGITS + 10) for name, x in row.at.items()})
    for at in places:
        expected, got = (sympy.N(oracle(Symbols, **at), DIGITS) for oracle in (row.task, row.oracle))
        if expected.is_real and abs(got - expected) > sympy.Float(10) ** -35 * (1 + abs(expected)):
            return False
    symbols = {name: symbol(name, row.domain) for name in names}
    difference = row.oracle(Symbols, **symbols) - row.task(Symbols, **symbols)
    if difference == 0 or sympy.simplify(difference.rewrite(sympy.exp)) == 0 or sympy.simplify(difference) == 0:
        return True
    return None


def between(rng: random.Random, low: float, high: float) -> Any:
    """A number of the interval, with more digits than are compared."""
    return sympy.Float(str(rng.uniform(low, high)), DIGITS + 10)


def symbol(name: str, domain: Domain) -> Any:
    positive = name in domain and domain[name][0] >= 0
    return sympy.Symbol(name, real=True, positive=True if positive else None)
