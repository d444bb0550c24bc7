"""What an explanation is made of: messages, and the columns of a rule with a number under every symbol."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from engine import latex
from engine.latex import Text

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


def number(value: float | None) -> Text:
    """A number of the rule, with four significant digits."""
    assert value is not None
    return latex.number(value, DIGITS)


def bracketed(value: Text, after_sign: bool) -> str:
    """A number in a row of symbols: negative ones in brackets where a sign stands before them."""
    text, precedence = value
    return f"({text})" if after_sign and precedence == 25 else text


def heard(value: float) -> str | Message:
    """A number for the ear: digits, or a word where it is not finite."""
    if value != value:
        return Message("number.undefined")
    if isinf(value):
        return Message("number.infinite" if value > 0 else "number.minus_infinite")
    return latex.number(value, DIGITS)[0].replace(" \\cdot ", "×").replace("^{", "^").replace("}", "")
