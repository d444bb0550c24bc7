"""Values as they come in with a request: numbers, nested lists, or texts that write an array."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.errors import FINITE_NUMBER, NUMBER, EngineError, Words
from engine.syntax.arrays import UnreadableError, read, regular
from engine.values import Value, check_shape, frozen

ARRAY = Words("word.array")
NON_FINITE = ("NaN", "Infinity", "-Infinity")
"""How JSON spells what is not finite."""


def value_from(given: Any, code: str, **words: Any) -> Value:
    """A number, nested lists or a text as a value, finite. Raises EngineError `code`, or `bad_array`."""
    if isinstance(given, str) and given not in NON_FINITE:
        try:
            return frozen(read(given))
        except UnreadableError:
            code = "bad_array" if code == "bad_input" else code
            raise EngineError(code, None, "array_forms", expected=ARRAY, **words) from None
    if isinstance(given, list | tuple):
        try:
            return frozen(regular(checked(given)))
        except UnreadableError:
            raise EngineError(code, None, "array_forms", expected=ARRAY, **words) from None
    if isinstance(given, np.ndarray):
        check_shape(given.shape)
        if not np.isfinite(given).all():
            raise EngineError(code, expected=FINITE_NUMBER, **words)
        return frozen(given)
    return real(given, code, **words)


def checked(items: Any) -> Any:
    """Nested lists of floats. Raises UnreadableError for anything else in them."""
    if isinstance(items, list | tuple):
        return [checked(item) for item in items]
    if isinstance(items, bool) or not isinstance(items, int | float):
        raise UnreadableError
    try:
        return float(items)
    except OverflowError:
        raise UnreadableError from None


def real(given: Any, code: str, **words: Any) -> float:
    """A finite number as a float. Raises EngineError `code` for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise EngineError(code, expected=FINITE_NUMBER if given in NON_FINITE else NUMBER, **words)
    try:
        number = float(given)
    except OverflowError:
        number = float("inf")
    if not math.isfinite(number):
        raise EngineError(code, expected=FINITE_NUMBER, **words)
    return number
