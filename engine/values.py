"""What a node holds: a float, or an array of floats with at least one axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite, prod
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from engine import limits
from engine.errors import EngineError, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Value = float | Array
else:  # what a value looks like in JSON, for the schema
    Array = list[Any]
    Value = float | list[Any]

TINY = float(np.finfo(np.float64).tiny)
"""The smallest normal number: what is nearer to 0 has lost digits, or is 0 (IEEE 754, subnormal numbers)."""
FEW = 6
"""Elements up to which an array is written out where it has no name."""


def is_array(value: Any) -> TypeGuard[Array]:
    """Is it an array, not a number?"""
    return isinstance(value, np.ndarray)


def plain(value: Any) -> Value:
    """An array with axes as it is, anything else as a Python float."""
    return value if isinstance(value, np.ndarray) and value.ndim else float(value)


def frozen(value: Any) -> Value:
    """A value nobody can write to: arrays are shared between nodes, events and caches."""
    if not isinstance(value, np.ndarray) or not value.ndim:
        return float(value)
    array = np.array(value, dtype=np.float64)
    array.flags.writeable = False
    return array


def finite(value: Value) -> bool:
    """Is every number in it finite?"""
    return isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())


def ordinary(value: Value) -> bool:
    """Is every number in it finite, and none so near to 0 that it may have underflowed?"""
    if isinstance(value, float):
        return TINY <= abs(value) < inf
    size = np.abs(value)
    return bool(((size >= TINY) & (size < inf)).all())


def some(condition: Any) -> bool:
    """Does it hold for an element?"""
    return bool(np.any(condition)) if isinstance(condition, np.ndarray) else bool(condition)


def check_shape(shape: Sequence[int], span: Span | None = None) -> None:
    """Refuse an array before it is made. Raises EngineError `rank_too_high` and `too_many_elements`."""
    if len(shape) > limits.RANK:
        raise EngineError("rank_too_high", span, "fewer_axes", limit=limits.RANK, found=len(shape))
    if prod(shape) > limits.ELEMENTS:
        raise EngineError("too_many_elements", span, "smaller_array", limit=limits.ELEMENTS, found=prod(shape))


def brief(value: Value) -> str:
    """A number as a person writes it, a small array as nested lists, a large one by its shape."""
    if isinstance(value, float | int):
        return repr(float(value)).removesuffix(".0")
    if value.size <= FEW:
        return _nested(value.tolist())
    return f"[{'×'.join(map(str, value.shape))}]"


def _nested(part: Any) -> str:
    return "[" + ", ".join(map(_nested, part)) + "]" if isinstance(part, list) else brief(part)
