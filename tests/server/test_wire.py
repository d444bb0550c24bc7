import json
import math
import struct
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import Derivatives
from engine.events import Compute, Contribute, Event
from server import wire

FLOATS = st.floats(allow_nan=True, allow_infinity=True)


class Document(msgspec.Struct):
    text: str
    events: list[Event]
    nothing: None = None


def reference(value: Any) -> Any:
    """What the wire must say, written down plainly."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: reference(content) for key, content in value.items()}
    return [reference(content) for content in value] if isinstance(value, list | tuple) else value


@given(st.text(), st.lists(st.tuples(FLOATS, FLOATS | st.none())))
def test_every_float_arrives(text: str, numbers: list[tuple[float, float | None]]) -> None:
    events = [Compute(1, 0, value, (partial,)) for value, partial in numbers]
    found = json.loads(wire.encode(Document(text, events)))
    expected = [{"kind": "compute", "line": 1, "node": 0, "value": v, "partials": [p]} for v, p in numbers]
    assert found == reference({"text": text, "events": expected, "nothing": None})


@given(st.dictionaries(st.text(), FLOATS))
def test_floats_in_tables_arrive(numbers: dict[str, float]) -> None:
    assert json.loads(wire.encode(Derivatives(gradient=numbers))) == {"gradient": reference(numbers)}


@given(st.integers(0, 2**52 - 1), st.booleans())
def test_no_bit_pattern_of_nan_or_infinity_is_missed(payload: int, negative: bool) -> None:
    (value,) = struct.unpack(">d", struct.pack(">Q", negative << 63 | 0x7FF << 52 | payload))
    assert b"null" not in wire.encode(Derivatives(value=value))


def test_null_stays_where_it_is_meant() -> None:
    assert wire.encode([None, math.nan, {"op": None}]) == b'[null,"NaN",{"op":null}]'


def test_text_that_looks_like_trouble_is_left_alone() -> None:
    document = Document("null NaN Infinity \u00cb\u007f\u00f0", [Contribute(1, 2, 0, 1, 0.5, -0.0)])
    assert json.loads(wire.encode(document))["text"] == document.text


def test_both_ways_write_the_same() -> None:
    document = Document("x", [Compute(3, 1, 0.1, (1e300, None), None, 5e-324)])
    slow = msgspec.json.encode(wire.spelled(msgspec.to_builtins(document)))
    assert wire.encode(document) == slow


@pytest.mark.parametrize("value", [0.1, -0.0, 5e-324, 1.7976931348623157e308, 2.0, 1e22, 1 / 3])
def test_numbers_survive_the_journey(value: float) -> None:
    back = json.loads(wire.encode(Derivatives(value=value)))["value"]
    assert struct.pack("d", back) == struct.pack("d", value)


def test_a_field_is_added_at_the_end() -> None:
    assert wire.extend(b'{"a":1}', "text", ["b"]) == b'{"a":1,"text":["b"]}'


@pytest.mark.parametrize("length", [10, wire.LONG - 5, wire.LONG + 1, wire.LONG + 2, wire.LONG + 3, wire.LONG + 4])
@pytest.mark.parametrize("where", [0, 1, 2, 3, -4])
def test_a_null_is_found_wherever_it_stands(length: int, where: int) -> None:
    body = bytearray(b"nul " * (length // 4 + 1))[:length]
    assert not wire.may_hold_null(bytes(body))
    start = where % length
    body[start : start + 4] = b"null"
    assert wire.may_hold_null(bytes(body))
