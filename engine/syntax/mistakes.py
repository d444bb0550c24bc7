"""What is wrong with a formula, in terms of what its author typed: the code, the place, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import combining

from engine import limits
from engine.errors import EngineError, Span
from engine.primitive import ALIASES, Primitive
from engine.syntax.names import ANY, VARIADIC, overloads, quote, suggest
from engine.syntax.tokenizer import (
    BINARY,
    BLANK,
    CALL,
    CLOSE,
    COMMA,
    COMPARE,
    EQUALS,
    EXPONENTS,
    FACTOR,
    HEADER,
    OPEN,
    POW,
    SEPARATOR,
    SIGN,
    STRAY,
    TARGET,
    VOCABULARY,
    WORD,
    Stray,
    split,
)  # fmt: skip

ENDS = frozenset({SIGN, COMPARE, COMMA, EQUALS, SEPARATOR, TARGET, HEADER, STRAY, BLANK, BINARY})
"""What ends the argument of a function written without brackets, as in sin 2x + 1."""
ARGUMENTS = ("x", "y", "z")
CHARACTERS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "ⁿ": "^n", "ˣ": "^x", "ⁱ": "^i", "∜": "^(1/4)",
}  # fmt: skip
"""Characters outside the language that have an obvious spelling in it."""
INVERSES = {"exp": "log", "log": "exp", "ln": "exp", "log2": "", "log10": ""}
DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+)")
POWERED = re.compile(r"[ \t]*((?:\^|\*\*)[ \t]*\(?[-+]?[ \t]*[\w.]+\)?|[⁺⁻]?[⁰¹²³⁴-⁹]+)[ \t]*")
CLOSINGS = {"(": ")", "[": "]", "|": "|", "||": "||", "‖": "‖"}
LONG = 200
"""As much of a text as is worth looking at for a message."""


def too_deep(start: int, width: int) -> EngineError:
    """More is open at once than the limit allows."""
    return EngineError("too_deep", Span(start, start + width), "name_the_parts", limit=limits.NESTING)


def unmatched(start: int) -> EngineError:
    """A closing bracket with nothing to close."""
    return EngineError("unmatched_bracket", Span(start, start + 1), "remove_or_open", bracket=")")


def unclosed(source: str, text: str, bracket: str, start: int, at: int) -> EngineError:
    """A bracket that should be closed before `at`; `start` is where its text begins, maybe with a function's name."""
    place = text.index(bracket, start)
    closing = CLOSINGS[bracket]
    return EngineError(
        "unclosed_bracket", Span(place, place + len(bracket)), "close_it", bracket=bracket, closing=closing,
        fix=quote(source[start:at].rstrip()[:60]) + closing,
    )  # fmt: skip


def unexpected_end(source: str, text: str, at: int) -> EngineError:
    """The statement stops where an operand was expected; the place is what it stops after."""
    start, width = _last_token(text, at)
    after = quote(source[start : start + width])
    return EngineError("unexpected_end", Span(start, start + width), "finish_it", after=after)


def _last_token(text: str, at: int) -> tuple[int, int]:
    start = at
    for piece in reversed(split(text[:at])):
        start -= len(piece)
        kind, _, width = VOCABULARY[piece]
        if kind not in (BLANK, SEPARATOR):
            return start, width
    return 0, at


def misplaced(source: str, text: str, kind: int, what: Any, start: int, width: int) -> EngineError:
    """This token cannot stand here, or anywhere."""
    written = source[start : start + width]
    if kind in (EQUALS, TARGET, HEADER):
        place = start + text[start : start + width].rindex("=")
        hint = "augmented" if kind == EQUALS and text[start - 1 : start] in tuple("+-*/^@") else "compare_or_assign"
        return EngineError("misplaced_equals", Span(place, place + 1), hint)
    if kind == WORD:
        return no_data(source, what, Span(start, start + width))
    if kind != STRAY:
        turned = kind == COMPARE and text[start - 1 : start] == "="
        hint, fix = ("turn_around", quote(written) + "=") if turned else ("operand_before", "")
        return EngineError("unexpected_token", Span(start, start + width), hint, found=quote(written), fix=fix)
    stray: Stray = what
    params = dict(stray.params)
    hint_key = stray.hint
    if stray.code == "unexpected_character":
        params["character"] = f"U+{ord(written):04X}" if combining(written) else quote(written)
        params["fix"] = CHARACTERS.get(written, "")
        hint_key = "write_instead" if params["fix"] else "allowed_characters"
    return EngineError(stray.code, Span(start, start + width), hint_key, **params)


def no_data(source: str, word: Any, place: Span) -> EngineError:
    """A word where an operand is expected: 1 + True."""
    hint = "text" if isinstance(word, str) else "largest_number" if isinstance(word, float) else "keyword"
    return EngineError("not_in_language", place, hint, text=quote(source[place.start : place.end]))


def missing_operator(source: str, left: int, end: int, start: int, width: int, *, in_list: bool) -> EngineError:
    """A number right behind an operand: x 3."""
    first, second = quote(source[left:end]), quote(source[start : start + width])
    return EngineError(
        "missing_operator", Span(start, start + width), "list_commas" if in_list else "times_or_power",
        left=first, right=second, product=f"{first}*{second}", power=f"{first}^{second}",
    )  # fmt: skip


def misplaced_comma(source: str, text: str, at: int, group: int | None = None) -> EngineError:
    """A comma outside the brackets of a function; between digits it was meant as a decimal point.

    `group` is where the round brackets begin that it stands in.
    """
    for number in DECIMAL_COMMA.finditer(text, max(0, at - LONG), at + LONG):
        if number.start(2) - 1 == at:
            span = Span(number.start(), number.end())
            return EngineError("misplaced_comma", span, "decimal_point", fix=f"{number[1]}.{number[2]}")
    if group is not None:
        fix = f"[{quote(source[group:at].lstrip('(（ '))}, …]"
        return EngineError("misplaced_comma", Span(at, at + 1), "square_brackets", fix=fix)
    return EngineError("misplaced_comma", Span(at, at + 1), "comma_in_function", fix="max(x, y)")


def chained(source: str, starts: Sequence[int], end: int, start: int, width: int) -> EngineError:
    """A second comparison of the same operands."""
    first, middle, operator = source[starts[0] : end], source[starts[1] : end], source[start : start + width]
    fix = f"({quote(first)})*({quote(middle)} {operator} …)"
    return EngineError("chained_comparison", Span(start, start + width), "multiply_comparisons", fix=fix)


def wrong_arity(name: str, rows: Mapping[int, Primitive], found: int, span: Span) -> EngineError:
    """An operation with too few or too many arguments."""
    fewest, most = min(rows) or 1, max(rows) or 1
    chain = ANY in rows or any(row.name in VARIADIC for row in rows.values())
    expected = f"≥ {fewest}" if chain else str(fewest) if fewest == most else f"{fewest}–{most}"
    fix = f"{name}({', '.join(ARGUMENTS[: most if found > fewest else fewest])})"
    return EngineError("wrong_arity", span, "write_call", name=name, expected=expected, found=found, fix=fix)


def unknown_function(name: str, start: int, end: int) -> EngineError:
    """A name before a bracket that is neither an operation nor, as far as is known, a variable."""
    near = suggest(name)
    hint = "did_you_mean" if near else "multiply"
    return EngineError("unknown_function", Span(start, end), hint, name=name, near=near or "", fix=f"{name}*(…)")


def missing_brackets(source: str, text: str, name: str, start: int, width: int) -> EngineError:
    """A function without brackets: sin x, sin^2 x, or sin^-1(x), which could mean two things."""
    power = POWERED.match(text, start + width)
    argument = _argument(source, text, power.end() if power else start + width)
    span = Span(start, power.end(1) if power else start + width)
    prefix, dot, plain = name.rpartition(".")
    fewest = min(overloads(plain) or (1,))
    call = f"{name}({argument or 'x' if fewest == 1 or ',' in argument else ', '.join(ARGUMENTS[:fewest])})"
    if not power:
        return EngineError("missing_brackets", span, "write_call", name=name, fix=call)
    exponent = power[1].translate(EXPONENTS).lstrip("^*() \t").rstrip(")").replace(" ", "")
    if exponent != "-1":
        return EngineError("missing_brackets", span, "write_call", name=name, fix=f"{call}^{exponent}")
    inverse = INVERSES.get(plain, f"a{plain}")
    hint = "inverse_or_reciprocal" if inverse in ALIASES else "reciprocal"
    both = {"inverse": f"{prefix}{dot}{inverse}({argument or 'x'})", "reciprocal": f"1/{call}"}
    return EngineError("ambiguous_inverse", span, hint, name=name, **both)


def _argument(source: str, text: str, at: int) -> str:
    """What is meant as the argument of a function without brackets: all up to the next sign, or a bracket's content."""
    at += len(text) - at - len(text[at:].lstrip(" \t"))
    depth, end = 0, at
    for piece in split(text[at : at + LONG]):
        kind, what, _ = VOCABULARY[piece]
        depth += (kind in (OPEN, CALL, FACTOR)) - (kind == CLOSE)
        if depth < 0 or (depth == 0 and kind in ENDS and (what is not POW or end == at)):
            break
        end += len(piece)
        if depth == 0 and kind == CLOSE and text[at] == "(":
            return quote(source[at + 1 : text.rindex(")", at, end)])
    return quote(source[at:end])
