"""Tokens -> graph, by Dijkstra's shunting yard: an operator waits on a stack until one that binds less tightly arrives.

Nothing here is recursive, so no text is too deep for the interpreter; how much may wait at once is our own limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from engine import limits
from engine.errors import EngineError, Span
from engine.graph import Graph, Node
from engine.primitive import Primitive
from engine.syntax import mistakes
from engine.syntax.brackets import NOTHING, Brackets, Tokens
from engine.syntax.names import is_single
from engine.syntax.tokenizer import (
    ABS,
    BAR,
    BARS,
    BINARY,
    BRACKET,
    CLOSE,
    COMMA,
    COMPARE,
    COMPARISON,
    CONSTANT,
    END,
    FACTOR,
    FUNCTION,
    GROUP,
    HEADER,
    IMPLIED,
    KEYWORD,
    MAKER,
    NAME,
    NUMBER,
    OPEN,
    ORDERS,
    POSTFIX,
    POW,
    PRODUCT,
    RADICAL,
    ROOT,
    SEPARATOR,
    SIGN,
    SUPERSCRIPT,
    TARGET,
    WORD,
    Entry,
    Pending,
)
from engine.syntax.yard import UPRIGHT

LETTERS = re.compile(r"\w+")


class Parser(Brackets):
    """One run over the tokens of a source."""

    __slots__ = ("defined", "header", "labels", "output", "target")

    def __init__(self, source: str, text: str, inputs: Sequence[str]) -> None:
        super().__init__(source, text, inputs)
        self.target: str | None = None
        """The name that the statement gives a value to."""
        self.header: Span | None = None
        self.defined: Span | None = None
        """The header of this statement, and of an earlier one."""
        self.labels: dict[str, int] = {}
        self.output: int | None = None

    def parse(self, tokens: Iterable[tuple[Entry, int]]) -> Graph:
        """The graph of the whole text."""
        expecting = self.run(iter(tokens))
        self.finish(expecting, len(self.text))
        if self.output is None:
            raise EngineError("empty_source", Span(0, len(self.source)), "first_formula", fix="x^2 + 3x")
        if len(self.nodes) > limits.NODES:
            raise EngineError("too_many_nodes", self.nodes[limits.NODES].span, "shorter_formula", limit=limits.NODES)
        return Graph(self.nodes, (self.output,), self.source, self.labels, frozenset(self.loose))

    def run(self, tokens: Tokens) -> bool:  # noqa: C901 - the hot loop, whose common cases stand in line
        """Read all tokens; return whether an operand is still expected."""
        ids, starts, stack, bases, nodes, variables = (
            self.ids, self.starts, self.stack, self.bases, self.nodes, self.variables,
        )  # fmt: skip
        deepest = limits.NESTING
        expecting = True
        end = 0
        for (kind, what, width), start in tokens:
            if not expecting:
                if kind <= MAKER:  # an implied product; then the token is read as an operand
                    if kind == NUMBER:
                        raise mistakes.missing_operator(
                            self.source, starts[-1], end, start, width, in_list=self.in_list()
                        )
                    if stack[-1].rank >= PRODUCT:
                        self.reduce(PRODUCT, end)
                    stack.append(IMPLIED)
                elif kind <= BINARY:
                    if stack[-1].rank >= what.pull:
                        self.reduce(what.pull, end)
                    elif len(stack) > deepest:
                        raise mistakes.too_deep(start, width)
                    stack.append(what)
                    expecting = True
                    continue
                elif kind == CLOSE:
                    if stack[-1].rank > 0:
                        self.reduce(COMPARISON, end)
                    end = start + 1
                    bracket = stack[-1]
                    if bracket is GROUP:  # the operand inside now starts at the bracket
                        del stack[-1], starts[-1], bases[-1]
                    elif bracket.op and bases and bases[-1] == len(ids) - 1:
                        del stack[-1], starts[-1], bases[-1]
                        span = Span(starts[-1], end)
                        node = len(nodes)
                        nodes.append(Node(node, bracket.op, (ids[-1],), span))
                        ids[-1] = node
                    else:
                        self.close(start)
                    continue
                else:
                    self.end = end
                    expecting = self.after_operand(kind, what, start, width, tokens)
                    end = self.end
                    continue
            if kind == NAME:
                try:
                    ids.append(variables[what])
                except KeyError:
                    ids.append(self.first_read(what, start))
                starts.append(start)
                end = start + width
                expecting = False
            elif kind == NUMBER:
                starts.append(start)
                end = start + width
                node = len(nodes)
                ids.append(node)
                nodes.append(Node(node, None, (), Span(start, end), (), None, what))
                expecting = False
            elif kind <= OPEN:
                if len(stack) > deepest:
                    raise mistakes.too_deep(start, width)
                stack.append(what)
                starts.append(start)
                bases.append(len(ids))
                expecting = True
            else:
                self.end = end
                expecting = self.operand(kind, what, start, width, tokens)
                end = self.end
        self.end = end
        return expecting

    # ---- where an operand is expected: what the loop leaves. A bool returned says whether one still is. ----

    def operand(self, kind: int, what: Any, start: int, width: int, tokens: Tokens) -> bool:
        """Take a token where an operand should start."""
        if kind in (CONSTANT, FACTOR):
            return self.factor(kind, what, start, width)
        if kind in (ROOT, SIGN):
            self.open(what if kind == ROOT else what.prefix, start, width)
        elif kind == BAR:
            self.open_bar(what, start, width)
        elif kind == FUNCTION:
            self.powered(what, start, width, tokens)
        elif kind == CLOSE:
            return self.close_nothing(start)
        elif kind == BRACKET:
            self.open(Pending("["), start, width)
        elif kind == END:
            return self.close_empty(start)
        elif kind == MAKER:
            return self.make(what, start, width, tokens)
        elif kind in (KEYWORD, WORD):
            return self.named_argument(what, start, width) if kind == KEYWORD else self.word(what, start, width)
        elif kind == SEPARATOR and not (self.text[start] == ";" and self.stack[-1].text == "["):
            self.finish(True, start)
        elif kind in (TARGET, HEADER) and self.is_fresh():
            self.target = what if kind == TARGET else self.define(what, start, width)
        else:
            raise mistakes.misplaced(self.source, self.text, kind, what, start, width)
        return True

    def factor(self, kind: int, what: Any, start: int, width: int) -> bool:
        """A constant, or a name before a bracket: `x(y + 1)` is a product where x is a variable."""
        end = self.name_end(what, start, width) if kind == FACTOR else start + width
        self.push(self.leaf((kind, what, end - start), start), start, end)
        if kind == FACTOR:
            if self.stack[-1].rank >= PRODUCT:
                self.reduce(PRODUCT, end)
            self.stack.append(IMPLIED)
            self.open(GROUP, start + width - 1, 1)
        return kind == FACTOR

    def name_end(self, what: Any, start: int, width: int) -> int:
        """Where the name before a bracket stops. Raises `unknown_function` for one that can be no variable."""
        end = start + len(self.text[start : start + width].rstrip("( \t"))
        if isinstance(what, str) and what not in self.variables and not is_single(what):
            raise mistakes.unknown_function(what, start, end)
        return end

    def powered(self, function: tuple[str, dict[int, Primitive]], start: int, width: int, tokens: Tokens) -> None:
        """A power between a function and its bracket: sin^2(x)."""
        name, rows = function
        (kind, what, size), at = next(tokens, NOTHING)
        if kind == BINARY and what is POW:
            (kind, what, size), at = next(tokens, NOTHING)
            power = ((kind, what, size), at) if kind in (NUMBER, CONSTANT, NAME, FACTOR) else None
        else:
            power = ((NUMBER, what, size), at) if kind == SUPERSCRIPT and what > 0 else None
        if power and kind != FACTOR:
            kind = next(tokens, NOTHING)[0][0]
        if not power or kind not in (OPEN, FACTOR) or 1 not in rows:
            raise mistakes.missing_brackets(self.source, self.text, name, start, width)
        if kind == FACTOR:  # sin^n(x): the exponent's token has the bracket
            power = ((FACTOR, what, self.name_end(what, at, size) - at), at)
        self.open(Pending("(", rows=rows, function=name, power=power), start, width)

    def close_nothing(self, start: int) -> bool:
        """A closing bracket where an operand is expected: behind a tuple's last comma, else wrong in three ways."""
        if self.bases and self.stack[-1].text == "(," and len(self.ids) > self.bases[-1]:
            self.close_list(start + 1)
            return False
        if not self.bases:
            raise mistakes.unmatched(start)
        bracket, opened = self.opened()
        if bracket is self.stack[-1] and bracket.rows and self.bases[-1] == len(self.ids):
            raise mistakes.wrong_arity(bracket.function or bracket.text, bracket.rows, 0, Span(opened, start + 1))
        raise mistakes.misplaced(self.source, self.text, CLOSE, None, start, 1)

    def is_fresh(self) -> bool:
        """Has nothing been read of this statement?"""
        return not self.ids and len(self.stack) == 1 and self.target is None

    def define(self, header: tuple[str, list[str]], start: int, width: int) -> str:
        """`f(x, y) =` makes its arguments inputs, read or not."""
        name, arguments = header
        self.header = Span(start, start + width)
        places = {word.group(): word.start() for word in LETTERS.finditer(self.text, start + len(name), start + width)}
        for argument in arguments:
            self.first_read(argument, places[argument])
        return name

    # ---- after an operand ----

    def after_operand(self, kind: int, what: Any, start: int, width: int, tokens: Tokens) -> bool:
        """Take a token after an operand; return whether another is expected."""
        end = self.end
        if kind == BAR:
            return self.bar(what, start, width)
        if kind == SUPERSCRIPT:
            self.reduce(RADICAL, end)
            self.end = start + width
            exponent = self.constant(what, Span(start, self.end))
            self.ids[-1] = self.append(POW.op, (self.ids[-1], exponent), Span(self.starts[-1], self.end))
            return False
        if kind == COMPARE:
            self.reduce(COMPARISON + 1, end)
            if self.stack[-1].rank == COMPARISON:
                raise mistakes.chained(self.source, self.starts[-2:], end, start, width)
            self.stack.append(what)
        elif kind == COMMA:
            self.reduce(COMPARISON, end)
            self.comma(start)
        elif kind == SEPARATOR and self.text[start] == ";" and self.in_list():
            self.reduce(COMPARISON, end)
            self.stack[-1].breaks.append(len(self.ids))
        elif kind == SEPARATOR:
            self.finish(False, start)
        elif kind == BRACKET:
            self.index(start, width, tokens)
            return False
        elif kind == END:
            self.end_list(start)
            return False
        elif kind == POSTFIX:
            self.transpose(start, width)
            return False
        else:
            raise mistakes.misplaced(self.source, self.text, kind, what, start, width)
        return True

    def open_bar(self, what: Pending, start: int, width: int) -> None:
        """A bar where an operand is expected, which has no index yet."""
        if what not in UPRIGHT:
            raise mistakes.misplaced(self.source, self.text, BAR, what, start, width)
        self.open(what, start, width)

    def bar(self, what: Pending, start: int, width: int) -> bool:
        """A bar after an operand closes the innermost bracket if that is a bar; otherwise it opens a factor: 2|x|.

        `||` ends what `||` began, perhaps with the index of a norm, and is two bars elsewhere.
        """
        if not self.bases or self.bases[-1] >= 0:
            if self.stack[-1].rank >= PRODUCT:
                self.reduce(PRODUCT, self.end)
            self.stack.append(IMPLIED)
            self.open_bar(what, start, width)
            return True
        self.reduce(COMPARISON, self.end)
        if what is ABS and self.stack[-1] is BARS:
            self.part_bars()
        if what is BARS and self.stack[-1] is ABS:
            self.bar(ABS, start, 1)
            return self.bar(ABS, start + 1, 1)
        bars, _, index = what.text.partition("_")
        if self.stack[-1].text != bars:
            raise self.unclosed(start)
        if index:
            self.words.append(ORDERS[index])
            self.push(~(len(self.words) - 1), start + len(bars) + 1, start + width)
        self.bases.pop()
        self.end = start + width
        self.call(self.stack.pop(), 2 if index else 1, self.end)
        return False

    def part_bars(self) -> None:
        """What `||` began ends with a single bar, so it was two."""
        self.stack[-1:] = [ABS, ABS]
        self.starts.insert(-1, self.starts[-2] + 1)
        self.bases.append(self.bases[-1])

    def finish(self, expecting: bool, at: int) -> None:
        """The statement ends at `at`."""
        if expecting:
            if self.is_fresh():
                return
            if self.bases and self.stack[-1].rank == 0:
                raise self.unclosed(at)
            raise mistakes.unexpected_end(self.source, self.text, at)
        if self.bases:
            raise self.unclosed(at)
        if self.defined:
            raise EngineError("definition_not_last", self.defined, "definition_last")
        self.reduce(COMPARISON, self.end)
        self.output = self.ids.pop()
        self.starts.clear()
        if self.target is not None:
            self.labels[self.target] = self.variables[self.target] = self.output
        self.target, self.defined = None, self.header
