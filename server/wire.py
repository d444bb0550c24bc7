"""Documents to JSON bytes and back. JSON has no NaN and no infinity: they travel as the strings of NON_FINITE."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import msgspec
import numpy as np

from engine import limits

LONG = 1 << 16
LL = int.from_bytes(b"ll", "little")
Given = float | str | list[Any]
"""A value as it comes in: a number, nested lists of numbers, or a text that writes an array."""
_BINARY_NON_FINITE = re.compile(rb"\xcb[\x7f\xff][\xf0-\xff]")


class Encoders(NamedTuple):
    """To JSON, to MessagePack, and what both do with an array."""

    json: msgspec.json.Encoder
    binary: msgspec.msgpack.Encoder
    hook: Callable[[Any], Any]


@cache
def encoders(largest: int) -> Encoders:
    """Encoders that send an array of up to `largest` elements as nested lists, and of a larger one what it is like."""

    def hook(array: Any) -> Any:
        if not isinstance(array, np.ndarray):
            raise TypeError(f"{type(array).__name__} is nothing that is sent")
        return array.tolist() if array.size <= largest else summary(array)

    return Encoders(msgspec.json.Encoder(enc_hook=hook), msgspec.msgpack.Encoder(enc_hook=hook), hook)


def summary(array: Any) -> dict[str, Any]:
    """What a large array is like: shape, range, mean and Euclidean norm of its numbers, and how many are NaN."""
    there = array[~np.isnan(array)]
    with np.errstate(all="ignore"):
        low, high, mean = (there.min(), there.max(), there.mean()) if there.size else (math.nan,) * 3
        norm = float(np.linalg.norm(there))
    return {
        "shape": list(array.shape), "min": float(low), "max": float(high), "mean": float(mean), "norm": norm,
        "nan": int(array.size - there.size),
    }  # fmt: skip


def encode(document: Any, numbers: Any = None, largest: int = limits.ELEMENTS) -> bytes:
    """The JSON of a document, the same bytes for the same document; `numbers` are the parts of it that can hold floats.

    An array of more than `largest` elements is sent as its `summary`.

    The encoder writes `null` for a number that is not finite, and `null` is legal elsewhere. Whether there is such a
    number shows in the document's MessagePack, where a float is the byte CB and then its IEEE 754 bytes: an exponent of
    all ones stands in the first two of them. Other bytes may look the same; that costs the slow path and nothing else.
    """
    json, binary, hook = encoders(largest)
    body = json.encode(document)
    if may_hold_null(body) and _BINARY_NON_FINITE.search(binary.encode(document if numbers is None else numbers)):
        return json.encode(spelled(msgspec.to_builtins(document, enc_hook=hook)))
    return body


def may_hold_null(body: bytes) -> bool:
    """Could `null` occur? In a long body two bytes are compared at a time: `ll` stands in none of our keys."""
    if len(body) < LONG:
        return body.rfind(b"null") >= 0  # from the right, which takes two thirds of the time
    pairs = (np.frombuffer(body, "<u2", (len(body) - start) // 2, start) for start in range(2))
    return any((pair == LL).any() for pair in pairs)


def spelled(value: Any) -> Any:
    """The same plain data with numbers that are not finite spelled out."""
    if isinstance(value, float):
        return value if math.isfinite(value) else spell(value)
    if isinstance(value, dict):
        return {key: spelled(content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(content) for content in value]
    return value


def spell(value: float) -> str:
    """NaN, Infinity or -Infinity."""
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def extend(body: bytes, field: str, content: Any) -> bytes:
    """A JSON object with one more field at its end."""
    return b'%s,"%s":%s}' % (body[:-1], field.encode(), msgspec.json.encode(content))


def pretty(body: bytes) -> bytes:
    """The same JSON for people."""
    return msgspec.json.format(body, indent=2)
