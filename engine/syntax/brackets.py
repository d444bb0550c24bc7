"""Brackets of arrays: lists, indices, constant arrays, and parameters that are no data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from engine.errors import EngineError, Span
from engine.primitive import REGISTRY
from engine.syntax import mistakes
from engine.syntax.arrays import UnreadableError, made
from engine.syntax.calls import Calls
from engine.syntax.statics import KINDS, SYNONYMS, index, unknown_static
from engine.syntax.tokenizer import (
    BLANK,
    BRACKET,
    CALL,
    CLOSE,
    COMPARISON,
    END,
    FACTOR,
    GROUP,
    MAKER,
    OPEN,
    SEPARATOR,
    TARGET,
    Entry,
    Pending,
)
from engine.values import frozen

OPENING = frozenset({OPEN, CALL, FACTOR, MAKER, BRACKET})
LAST = re.compile(r"[ \t\r\n]*[,)]")
"""What follows an argument."""
PRIMED = re.compile(r"'+[ \t]*\(")
MAKER_FORMS = {"full": "full((2, 3), 1)", "arange": "arange(5)", "linspace": "linspace(0, 1, 5)", "eye": "eye(3)"}
"""How a constant array is written, where it is not by its shape."""
NOTHING: tuple[Entry, int] = ((BLANK, None, 0), 0)
Tokens = Iterator[tuple[Entry, int]]


class Brackets(Calls):
    """Calls, with what arrays need. A bool returned says whether an operand is still expected."""

    __slots__ = ()

    def make(self, name: str, start: int, width: int, tokens: Tokens) -> bool:
        """A constant array, such as zeros(2, 3): what it is made of stands in the brackets as numbers."""
        inner = self.skip_to(CLOSE, start, width, tokens)
        span = Span(start, self.end)
        try:
            array = made(name, inner)
        except UnreadableError:
            fix = MAKER_FORMS.get(name, f"{name}(2, 3)")
            raise EngineError("bad_constant", span, "write_call", name=name, fix=fix) from None
        except EngineError as refused:
            raise EngineError(refused.code, span, refused.hint, **refused.params) from None
        symbol = f"{name}({', '.join(''.join(inner.split()).split(','))})"
        self.push(self.literal(frozen(array), span, symbol), start, self.end)
        return False

    def skip_to(self, closing: int, start: int, width: int, tokens: Tokens) -> str:
        """The text up to the bracket that closes the one just read; `end` is then behind that."""
        depth, begin, stop = 1, start + width, len(self.text)
        for (kind, _, size), at in tokens:
            depth += (kind in OPENING) - (kind in (CLOSE, END))
            if (not depth and kind != closing) or (kind == SEPARATOR and self.text[at] == ";"):
                stop = at
                break
            if not depth:
                self.end = at + size
                return self.text[begin:at]
        raise mistakes.unclosed(self.source, self.text, "(" if closing == CLOSE else "[", start, stop)

    def named_argument(self, name: str, start: int, width: int) -> bool:
        """`axis=` before the value of a parameter."""
        bracket = self.stack[-1]
        if not bracket.rows or self.bases[-1] < 0:
            raise mistakes.misplaced(self.source, self.text, TARGET, name, start, width)
        known = [static for row in bracket.rows.values() for static in row.statics if static in KINDS]
        if SYNONYMS.get(name, name) not in known and name not in known:
            place = Span(start, start + len(name))
            raise unknown_static(bracket.function or bracket.text, name, known, place)
        self.named[len(self.bases), len(self.ids)] = name, start
        return True

    def word(self, what: Any, start: int, width: int) -> bool:
        """A word as an argument of a function that has parameters: True, None, 'fro'."""
        rows = self.stack[-1].rows
        if not rows or not any(row.statics for row in rows.values()) or not LAST.match(self.text, start + width):
            raise mistakes.no_data(self.source, what, Span(start, start + width))
        self.words.append(what)
        self.push(~(len(self.words) - 1), start, start + width)
        return False

    def close_empty(self, start: int) -> bool:
        """`]` where an operand is expected: right behind a comma or a semicolon, else wrong."""
        if not self.bases:
            raise EngineError("unmatched_bracket", Span(start, start + 1), "remove_or_open", bracket="]")
        if self.stack[-1].text != "[":
            raise mistakes.misplaced(self.source, self.text, END, None, start, 1)
        if len(self.ids) == self.bases[-1]:
            raise EngineError("empty_list", Span(self.starts[-1], start + 1), "array_forms")
        self.close_list(start + 1)
        return False

    def comma(self, start: int) -> None:
        """A comma parts arguments or the elements of a list; in round brackets in a call it makes a tuple."""
        top = self.stack[-1]
        if top is GROUP:
            outer = next(waits for waits in reversed(self.stack) if waits is not GROUP)
            if outer.text != "(," and not any(row.statics for row in (outer.rows or {}).values()):
                raise mistakes.misplaced_comma(self.source, self.text, start, self.starts[-2])
            self.stack[-1] = Pending("(,")
        elif not self.bases or self.bases[-1] < 0 or not (top.rows or top.text in ("[", "(,")):
            raise mistakes.misplaced_comma(self.source, self.text, start)

    def in_list(self) -> bool:
        """Is the innermost open bracket that of a list?"""
        return next(pending.text for pending in reversed(self.stack) if pending.rank <= 0) == "["

    def end_list(self, start: int) -> None:
        """`]` behind an element."""
        self.reduce(COMPARISON, self.end)
        if not self.bases:
            raise EngineError("unmatched_bracket", Span(start, start + 1), "remove_or_open", bracket="]")
        if self.stack[-1].text != "[":
            raise self.unclosed(start)
        self.close_list(start + 1)

    def index(self, start: int, width: int, tokens: Tokens) -> None:
        """`[...]` behind an operand picks elements."""
        inner = self.skip_to(END, start, width, tokens)
        at = index(inner, Span(start, self.end))
        self.ids[-1] = self.append(REGISTRY["index"], (self.ids[-1],), Span(self.starts[-1], self.end), {"at": at})

    def transpose(self, start: int, width: int) -> None:
        """`.T` or `'` behind an operand."""
        if self.nodes[self.ids[-1]].name in ("f", "g", "h") and PRIMED.match(self.text, start):
            raise EngineError("not_in_language", Span(start, start + 1), "prime", text="'")
        self.end = start + width
        span = Span(self.starts[-1], self.end)
        self.ids[-1] = self.append(REGISTRY["transpose"], (self.ids[-1],), span, {"axes": None})
