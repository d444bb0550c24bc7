"""What an explanation is made of: messages, and the columns of a rule with a number under every symbol."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from engine import latex
from engine.latex import Text
from engine.values import Value

DIGITS = 4


class Message(NamedTuple):
    """A sentence of the catalogue; a word may be a message itself."""

    key: str
    words: Mapping[str, str | Message] = MappingProxyType({})


class Column(Struct, frozen=True):
    """A symbol of the rule and the number that belongs under it; `role` is primal, tangent, adjoint, partial or op."""

    symbol: str
    number: str
    role: str


class EventText(NamedTuple):
    """One step, explained; `say` is for the ear and holds no LaTeX."""

    title: Message
    why: list[Message]
    say: Message
    rule: list[Column]


class Explanation(NamedTuple):
    """LaTeX per node (right-hand side of its statement, name, local partials), and the text of every event."""

    nodes: list[str]
    names: list[str]
    partials: list[list[str]]
    events: list[EventText]


def op(symbol: str) -> Column:
    """A sign that stands in both rows."""
    return Column(symbol, symbol, "op")


def once(columns: list[Column]) -> list[Column]:
    """Without the array on the left of `left = right`, where it would only be said again."""
    if len(columns) != 3 or not columns[0].number.startswith("["):
        return columns
    left, _, right = columns
    return [Column(left.symbol, "", left.role), Column("=", "", "op"), right]


def number(value: Value | None) -> Text:
    """A value of the rule, its numbers with four significant digits."""
    assert value is not None
    return latex.value(value, DIGITS)


def bracketed(value: Text, after_sign: bool) -> str:
    """A number in a row of symbols: negative ones in brackets where a sign stands before them."""
    text, precedence = value
    return f"({text})" if after_sign and precedence == 25 else text


def heard(value: Value) -> str | Message:
    """A value for the ear: digits, or a word where it is not finite; of an array, its shape."""
    if not isinstance(value, float):
        return Message("number.array", {"shape": " × ".join(map(str, value.shape))})
    if value != value:
        return Message("number.undefined")
    if isinf(value):
        return Message("number.infinite" if value > 0 else "number.minus_infinite")
    return latex.number(value, DIGITS)[0].replace(" \\cdot ", "×").replace("^{", "^").replace("}", "")
