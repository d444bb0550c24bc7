"""Documents to JSON bytes and back. JSON has no NaN and no infinity: they travel as the strings of NON_FINITE."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import numpy as np

LONG = 1 << 16
LL = int.from_bytes(b"ll", "little")
NON_FINITE = ("NaN", "Infinity", "-Infinity")
Number = float | Literal["NaN", "Infinity", "-Infinity"]
"""A float64 as it comes in."""

_json = msgspec.json.Encoder()
_binary = msgspec.msgpack.Encoder()
_BINARY_NON_FINITE = re.compile(rb"\xcb[\x7f\xff][\xf0-\xff]")


def encode(document: Any, numbers: Any = None) -> bytes:
    """The JSON of a document, the same bytes for the same document; `numbers` are the parts of it that can hold floats.

    The encoder writes `null` for a number that is not finite, and `null` is legal elsewhere. Whether there is such a
    number shows in the document's MessagePack, where a float is the byte CB and then its IEEE 754 bytes: an exponent of
    all ones stands in the first two of them. Other bytes may look the same; that costs the slow path and nothing else.
    """
    body = _json.encode(document)
    if may_hold_null(body) and _BINARY_NON_FINITE.search(_binary.encode(document if numbers is None else numbers)):
        return _json.encode(spelled(msgspec.to_builtins(document)))
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


def numbers(values: Mapping[str, float | str]) -> dict[str, float]:
    """Numbers that came in as JSON: a string is one of NON_FINITE."""
    return {name: float(value) for name, value in values.items()}


def extend(body: bytes, field: str, content: Any) -> bytes:
    """A JSON object with one more field at its end."""
    return b'%s,"%s":%s}' % (body[:-1], field.encode(), _json.encode(content))


def pretty(body: bytes) -> bytes:
    """The same JSON for people."""
    return msgspec.json.format(body, indent=2)
