"""Arrays as people write them: nested lists, `[1, 2; 3, 4]`, a print-out or a table, `randn(3, seed=1)`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from engine import limits
from engine.syntax.normalise import normalise
from engine.values import Array, check_shape

WORD = re.compile(r"[-+]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
CALL = re.compile(r"(?:(?:np|numpy|torch|tf|jnp)\.)?(?:random\.)?(\w+)\s*\((.*)\)", re.DOTALL)
WRAPPED = re.compile(r"(?:(?:np|numpy|torch|tf|jnp)\.)?(?:array|tensor|constant|asarray|Array)\s*\((.*)\)", re.DOTALL)
LABEL = re.compile(r"(?:shape|size|num)\s*=\s*")
DTYPE = re.compile(r",\s*(?:dtype|device|requires_grad)\s*=[^\[\]]*$")


class UnreadableError(ValueError):
    """The text is no array."""


def read(text: str) -> Array | float:
    """The number or array that `text` writes. Raises UnreadableError, and EngineError past the limits."""
    text = normalise(text).strip()
    if wrapped := WRAPPED.fullmatch(text):
        end = wrapped[1].rfind("]") + 1
        text = (wrapped[1][:end] + DTYPE.sub("", wrapped[1][end:])).strip()
    if call := CALL.fullmatch(text):
        return made(call[1], call[2])
    if text.startswith("["):
        return regular(nested(text))
    rows = [row for row in re.split(r"[;\n\r]+", text) if row.strip()]
    if not rows:
        raise UnreadableError
    table = [numbers(row) for row in rows]
    return regular(table if len(table) > 1 else table[0] if len(table[0]) > 1 else table[0][0])


def numbers(row: str) -> list[float]:
    """Numbers separated by blanks, tabs or commas."""
    words = row.replace(",", " ").split()
    if not words:
        raise UnreadableError
    return [number(word) for word in words]


def number(word: str) -> float:
    """One number, or a fraction such as 1/3; finite."""
    top, slash, bottom = word.partition("/")
    if not slash:
        return plain_number(top)
    divisor = plain_number(bottom)
    if not divisor:
        raise UnreadableError
    return finite(plain_number(top) / divisor)


def plain_number(word: str) -> float:
    """One number, finite."""
    if len(word) > limits.NUMBER_CHARACTERS or not WORD.fullmatch(word):
        raise UnreadableError
    return finite(float(word))


def finite(value: float) -> float:
    """The same. Raises UnreadableError for an infinity."""
    if not math.isfinite(value):
        raise UnreadableError
    return value


def nested(text: str) -> list[Any]:
    """Brackets within brackets; what stands between them is separated by commas or blanks, rows by semicolons too."""
    open_lists: list[list[Any]] = [[]]
    for piece in re.findall(r"[\[\];]|[^\[\];]+", text):
        if piece == "[":
            if len(open_lists) > limits.RANK + 1:
                raise UnreadableError
            open_lists.append([])
        elif piece == "]":
            if len(open_lists) == 1:
                raise UnreadableError
            done = split_rows(open_lists.pop())
            open_lists[-1].append(done)
        elif piece == ";":
            open_lists[-1].append(";")
        elif piece.replace(",", " ").strip():
            open_lists[-1] += numbers(piece)
    if len(open_lists) != 1 or len(open_lists[0]) != 1:
        raise UnreadableError
    found: list[Any] = open_lists[0][0]
    return found


def split_rows(items: list[Any]) -> list[Any]:
    """`1, 2; 3, 4` as two rows."""
    if ";" not in items:
        return items
    rows: list[list[Any]] = [[]]
    for item in items:
        if item == ";":
            rows.append([])
        else:
            rows[-1].append(item)
    return [row for row in rows if row]


def regular(items: Any) -> Array | float:
    """Nested lists as an array. Raises UnreadableError when they are ragged, empty or hold anything but numbers."""
    if isinstance(items, float):
        return items
    shape = []
    level = items
    while isinstance(level, list):
        shape.append(len(level))
        if not level:
            raise UnreadableError
        level = level[0]
    check_shape(shape)
    try:
        array = np.array(items, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise UnreadableError from None
    if array.shape != tuple(shape) or not np.isfinite(array).all():
        raise UnreadableError
    return array


# ---- arrays that are computed ----


def randn(seed: int, *shape: int) -> Array:
    """Standard normal, from the stream of RandomState, which NumPy keeps frozen (NEP 19): the same everywhere."""
    return np.random.RandomState(seed).standard_normal(shape)


def rand(seed: int, *shape: int) -> Array:
    """Uniform on [0, 1)."""
    return np.random.RandomState(seed).random_sample(shape)


def filled(value: float) -> Callable[..., Array]:
    """A maker of arrays of one number."""
    return lambda seed, *shape: np.full(shape, value)


SPACED = ("arange", "linspace")
MAKERS: dict[str, Callable[..., Array]] = {
    "randn": randn, "normal": randn, "rand": rand, "uniform": rand, "zeros": filled(0.0), "ones": filled(1.0),
    "full": filled(0.0), "eye": lambda seed, rows, columns: np.eye(rows, columns),
}  # fmt: skip


def made(name: str, arguments: str) -> Array:
    """`randn(3, 2, seed=1)` and its like; the seed is 0 unless given. Raises as `read` does."""
    words = [LABEL.sub("", word.strip()) for word in re.sub(r"[()\[\]]", "", arguments).split(",") if word.strip()]
    seeds = [word for word in words if word.startswith("seed")]
    plain = [word for word in words if word not in seeds]
    seed = whole(seeds[0].partition("=")[2]) if seeds else 0
    if name in SPACED:
        return spaced(name, [number(word) for word in plain])
    fill = number(plain.pop()) if name == "full" and plain else 0.0
    shape = [whole(word) for word in plain]
    if name == "eye":
        shape = shape * 2 if len(shape) == 1 else shape
    if name not in MAKERS or not shape or min(shape) < 1 or (name == "eye" and len(shape) != 2):
        raise UnreadableError
    check_shape(shape)
    return np.full(shape, fill) if name == "full" else MAKERS[name](seed, *shape)


def spaced(name: str, bounds: list[float]) -> Array:
    """`arange(n)`, `arange(start, stop, step)`, `linspace(start, stop, n)`."""
    if name == "linspace":
        if len(bounds) != 3 or bounds[2] < 1 or bounds[2] % 1:
            raise UnreadableError
        check_shape((int(bounds[2]),))
        return np.linspace(bounds[0], bounds[1], int(bounds[2]))
    if not 1 <= len(bounds) <= 3 or (len(bounds) == 3 and not bounds[2]):
        raise UnreadableError
    start, stop, step = (0.0, bounds[0], 1.0) if len(bounds) == 1 else (*bounds, 1.0)[:3]
    extent = (stop - start) / step
    if not 0 < extent < math.inf:
        raise UnreadableError
    count = math.ceil(extent)
    check_shape((count,))
    return np.asarray(start + step * np.arange(count), dtype=np.float64)


def whole(word: str) -> int:
    """A whole number, not negative."""
    if not word.strip().isdecimal() or len(word) > 9:
        raise UnreadableError
    return int(word)
