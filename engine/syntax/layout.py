"""Statements: which line ends count, and which names are inputs. One look at the tokens before they are parsed.

A line end inside brackets is a blank. A name that is read before it is given a value is an input; knowing these
beforehand lets them be the first nodes of the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from engine import limits
from engine.errors import EngineError, Span
from engine.syntax.names import CONSTANTS
from engine.syntax.tokenizer import (
    BLANK,
    BRACKET,
    CALL,
    CLOSE,
    COMMA,
    CONSTANT,
    END,
    FACTOR,
    HEADER,
    KEYWORD,
    MAKER,
    NAME,
    OPEN,
    SEPARATOR,
    TARGET,
    WORD,
    Entry,
    is_variable,
)

Located = tuple[Entry, int]
"""A token's entry and its offset."""


def layout(text: str, tokens: Iterable[Located]) -> tuple[list[Located], list[str]]:
    """The tokens that matter with their offsets, and the inputs in their order: a header's first, then as they appear.

    Raises `too_many_inputs` at the first name that is one too many.
    """
    kept = _without_blanks(text, tokens)
    if any(kind in (TARGET, HEADER) and "e" in str(what) for (kind, what, _), _ in kept):
        kept = list(_with_own_e(kept))
    header: list[str] = []
    read: dict[str, None] = {}
    assigned: set[str] = set()
    target = ""
    for (kind, what, _), _ in kept:
        if is_variable(kind, what) and what not in assigned:
            read[what] = None
        elif kind == TARGET:
            target = what
        elif kind == SEPARATOR:
            assigned.add(target)
        elif kind == HEADER:
            header += (name for name in what[1] if name not in header)
            assigned.difference_update(header)  # its arguments are inputs, whatever had their names before
    inputs = [*header, *(name for name in read if name not in header)]
    _check(inputs, kept)
    return kept, inputs


def _without_blanks(text: str, tokens: Iterable[Located]) -> list[Located]:
    kept: list[Located] = []
    depth = 0
    line_end: Located | None = None
    for entry, start in tokens:
        kind = entry[0]
        if kind == BLANK:
            continue
        if kind == SEPARATOR and depth > 0 and text[start] != ";":
            line_end = (entry, start)
            continue
        if kind == TARGET and depth > 0 and kept[-1][0][0] in (COMMA, CALL, MAKER):  # not `u = ...` but `axis=...`
            line_end, kind = None, KEYWORD
        elif kind == NAME and entry[1] == "inf" and kept and kept[-1][0][0] == KEYWORD:
            kept.append(((WORD, inf, entry[2]), start))
            continue
        if line_end and kind in (TARGET, HEADER):  # a new statement for certain: the bracket was forgotten
            kept.append(line_end)
            depth = 0
        line_end = None
        if kind in (OPEN, CALL, FACTOR, MAKER, BRACKET):
            depth += 1
        elif kind in (CLOSE, END):
            depth -= 1
        kept.append(((kind, *entry[1:]), start))
    return kept


def _with_own_e(tokens: Iterable[Located]) -> Iterator[Located]:
    """After `e = ...`, and in `f(e) = ...`, the letter e is that variable and no longer Euler's number."""
    own, target = False, ""
    for (kind, what, width), start in tokens:
        if kind == TARGET:
            target = what
        elif kind == SEPARATOR:
            own = own or target == "e"
        elif kind == HEADER:
            own = own or "e" in what[1]
        if own and kind in (CONSTANT, FACTOR) and what == CONSTANTS["e"]:
            yield (NAME if kind == CONSTANT else FACTOR, "e", width), start
        else:
            yield (kind, what, width), start


def _check(inputs: Sequence[str], tokens: Iterable[Located]) -> None:
    if len(inputs) <= limits.INPUTS:
        return
    extra = inputs[limits.INPUTS]
    for (kind, what, width), start in tokens:
        if what == extra or (kind == HEADER and extra in what[1]):
            params = {"limit": limits.INPUTS, "found": len(inputs)}
            raise EngineError("too_many_inputs", Span(start, start + width), "shorter_formula", **params)
