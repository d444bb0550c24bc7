"""When a number of an answer counts as right: |got - expected| <= atol + rtol |expected|, as `numpy.isclose` has it."""

from __future__ import annotations

from math import floor, inf, isfinite, log10
from typing import NamedTuple

import numpy as np

from engine.values import Value

DIGITS = (2, 3, 4, 5, 6, 7, 8, 9)
"""Significant digits to which somebody may have rounded too early."""


class Tolerance(NamedTuple):
    """A relative and an absolute tolerance."""

    rtol: float
    atol: float

    def close(self, got: float, expected: float) -> bool:
        """Is it near enough? NaN wants NaN, an infinity one of the same sign."""
        if got == expected:
            return True
        if abs(expected) == inf or abs(got) == inf:
            return False
        return abs(got - expected) <= self.atol + self.rtol * abs(expected) or (got != got and expected != expected)

    def same(self, got: Value, expected: Value) -> bool:
        """Are two values near, every element and the shape?"""
        if isinstance(got, float) and isinstance(expected, float):
            return self.close(got, expected)
        return np.shape(got) == np.shape(expected) and all(self.each(got, expected))

    def each(self, got: Value, expected: Value) -> list[bool]:
        """Element by element, for two of the same shape."""
        with np.errstate(all="ignore"):
            return np.isclose(got, expected, self.rtol, self.atol, equal_nan=True).ravel().tolist()

    def rounded(self, got: Value, expected: Value) -> bool:
        """Is it right to two or more digits, and no more were written?"""
        if np.shape(got) != np.shape(expected):
            return False
        pairs = list(zip(np.ravel(got).tolist(), np.ravel(expected).tolist(), strict=True))
        return any(
            all(
                self.close(a, b) or (isfinite(a) and isfinite(b) and cut(a, n) == a and near(a, b, n)) for a, b in pairs
            )
            for n in DIGITS
        )


def cut(number: float, digits: int) -> float:
    """A number to so many significant digits."""
    return round(number, digits - 1 - floor(log10(abs(number)))) if number else number


def near(got: float, expected: float, digits: int) -> bool:
    """Is `got` what is left of `expected` at so many digits, rounded or cut off?"""
    if not expected:
        return False
    step = 10.0 ** (floor(log10(abs(expected))) + 1 - digits)
    return abs(got - expected) < step
