"""Dijkstra's shunting yard: what waits for operands stands on a stack until something that binds less arrives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from engine import limits
from engine.errors import EngineError, Span
from engine.graph import Node
from engine.primitive import REGISTRY, Primitive
from engine.syntax import mistakes
from engine.syntax.names import ANY
from engine.syntax.tokenizer import ABS, BARS, NORM, Entry, Pending
from engine.values import Value, check_shape, frozen, is_array

BOTTOM = Pending("", rank=-1)
UPRIGHT = (ABS, NORM, BARS)
"""Brackets that look the same at both ends."""
UNREAD = Node(0, None)
"""In the place of an input until it is read."""


class Yard:
    """The stacks, and the nodes made from them.

    `ids` holds the operands not yet used; `starts` where each begins in the text, with the starts of the signs and
    brackets that wait in between, so that whatever is applied starts where the top of `starts` says. `bases` holds, for
    each open bracket, how many operands came before it; for a bar, the complement of that, to tell it from a bracket.
    `end` is where the last operand stops.

    An operand that is a word, such as True, has no node: in `ids` stands the complement of its place in `words`.
    `named` says which operands have names (axis=0) and where, by the number of open brackets and the place in `ids`.
    `loose` are the products that were written with a sign of mathematics, or without any.
    """

    __slots__ = (
        "bases", "elements", "end", "ids", "inputs", "loose", "named", "nodes", "source", "stack", "starts", "text",
        "variables", "words",
    )  # fmt: skip

    def __init__(self, source: str, text: str, inputs: Sequence[str]) -> None:
        self.source = source
        self.text = text
        self.inputs = dict(zip(inputs, range(len(inputs)), strict=True))
        self.nodes: list[Node] = [UNREAD] * len(inputs)
        self.variables: dict[str, int] = {}
        self.ids: list[int] = []
        self.starts: list[int] = []
        self.stack = [BOTTOM]
        self.bases: list[int] = []
        self.end = 0
        self.words: list[Any] = []
        self.named: dict[tuple[int, int], tuple[str, int]] = {}
        self.elements = 0
        self.loose: list[int] = []

    def reduce(self, pull: int, end: int) -> None:
        """Apply what waits with at least this rank; the last operand's text stops at `end`."""
        ids, starts, stack, nodes = self.ids, self.starts, self.stack, self.nodes
        while stack[-1].rank >= pull:
            pending = stack.pop()
            del starts[-1]
            start = starts[-1]
            inputs: tuple[int, ...]
            if not pending.unary:
                right = ids.pop()
                inputs = (ids[-1], right)
            elif pending.op is None or (pending.text == "-" and self.negated(start, end)):
                continue
            else:
                inputs = (ids[-1],)
            ids[-1] = node = len(nodes)
            nodes.append(Node(node, pending.op, inputs, Span(start, end)))
            if pending.loose:
                self.loose.append(node)

    def negated(self, start: int, end: int) -> bool:
        """Is the operand a literal right behind its minus? Then the two are one number, -2."""
        literal, span = self.nodes[-1], self.nodes[-1].span
        if (
            not isinstance(literal.const, float)
            or literal.id != self.ids[-1]
            or literal.params
            or span is None
            or span.end != end
        ):
            return False
        if self.text[span.start] == "-" or self.text[start + 1 : span.start].strip():
            return False
        self.nodes[-1] = Node(literal.id, None, (), Span(start, end), const=-literal.const)
        return True

    def append(
        self, op: Primitive | None, inputs: tuple[int, ...], span: Span, params: dict[str, Any] | None = None
    ) -> int:
        """Add the node `op(*inputs)`; return its id."""
        self.nodes.append(Node(len(self.nodes), op, inputs, span, params=params))
        return len(self.nodes) - 1

    def constant(self, value: float | tuple[str, float], span: Span) -> int:
        """Add a literal, or a constant with its symbol; return its id."""
        symbol, const = ({"symbol": value[0]}, value[1]) if isinstance(value, tuple) else (None, value)
        self.nodes.append(Node(len(self.nodes), None, (), span, const=const, params=symbol))
        return len(self.nodes) - 1

    def first_read(self, name: str, start: int) -> int:
        """The input `name`, whose node has waited for the place where it is first read."""
        node = self.inputs[name]
        if not self.nodes[node].name:
            self.nodes[node] = Node(node, None, (), Span(start, start + len(name)), (), name)
        self.variables[name] = node
        return node

    def push(self, node: int, start: int, end: int) -> None:
        """Put an operand on the stack."""
        self.ids.append(node)
        self.starts.append(start)
        self.end = end

    def open(self, bracket: Pending, start: int, width: int) -> None:
        """Let an operator before its operand, or a bracket (rank 0), wait."""
        if len(self.stack) > limits.NESTING:
            raise mistakes.too_deep(start, width)
        self.stack.append(bracket)
        self.starts.append(start)
        if bracket.rank == 0:
            self.bases.append(~len(self.ids) if bracket in UPRIGHT else len(self.ids))

    # ---- arrays ----

    def literal(self, value: Value, span: Span | None, symbol: str | None = None) -> int:
        """Add a constant that may be an array; return its id."""
        shape: tuple[int, ...] = value.shape if is_array(value) else ()
        self.elements += prod(shape)
        if self.elements > limits.TOTAL_ELEMENTS:
            limit, found = limits.TOTAL_ELEMENTS, self.elements
            raise EngineError("too_many_elements", span, "smaller_array", limit=limit, found=found)
        params = {"symbol": symbol} if symbol else None
        self.nodes.append(Node(len(self.nodes), None, (), span, shape, const=value, params=params))
        return len(self.nodes) - 1

    def close_list(self, end: int) -> None:
        """A list ends at `end`: literals become one constant, anything else is stacked."""
        bracket, base = self.stack.pop(), self.bases.pop()
        items = self.ids[base:]
        count = len(items)
        starts = self.starts[len(self.starts) - count :]
        del self.ids[base:], self.starts[len(self.starts) - count :]
        span = Span(self.starts[-1], end)
        edges = [0, *(place - base for place in bracket.breaks if place - base < count), count]
        if len({stop - start for start, stop in pairwise(edges)}) > 1:
            raise EngineError("ragged_list", span, "equal_rows")
        rows = len(edges) - 1 if bracket.breaks else 0
        joins = ANY in (self.stack[-1].rows or ())  # concatenate([a, b]): the elements are arguments, each for itself
        constant = None if joins else self.folded(items, starts, rows, span)
        if constant is not None:
            del self.nodes[len(self.nodes) - count :]
            self.ids.append(self.literal(constant, span))
        elif rows:
            lines = [self.stacked(items[start:stop], span) for start, stop in pairwise(edges)]
            self.ids.append(self.stacked(lines, span))
        else:
            self.ids.append(self.stacked(items, span))
        self.end = end

    def folded(self, items: Sequence[int], starts: Sequence[int], rows: int, span: Span) -> Value | None:
        """The array of a list of literals, or of a matrix of so many rows; None where anything else is in it."""
        tail = self.nodes[len(self.nodes) - len(items) :]
        if [node.id for node in tail] != list(items) or not all(map(self.is_written, tail, starts)):
            return None
        parts = [node.const for node in tail if node.const is not None]
        if len({np.shape(part) for part in parts}) > 1:
            raise EngineError("ragged_list", span, "equal_rows")
        array = np.array(parts, dtype=np.float64)
        if rows:
            array = array.reshape(rows, -1, *array.shape[1:])
        check_shape(array.shape, span)
        return frozen(array)

    def is_written(self, node: Node, start: int) -> bool:
        """Is the operand that starts at `start` this very literal, not a name for it?"""
        if node.const is None or node.params or node.span is None or node.span.start < start:
            return False
        return not self.text[start : node.span.start].strip("(+ \t\r\n")

    def stacked(self, items: Sequence[int], span: Span) -> int:
        """Add the node that stacks these; return its id."""
        return self.append(REGISTRY["stack"], tuple(items), span, {"axis": 0})

    def leaf(self, entry: Entry, start: int) -> int:
        """The node of a number, a constant or a variable."""
        _, what, width = entry
        if isinstance(what, str):
            node = self.variables.get(what)
            return self.first_read(what, start) if node is None else node
        return self.constant(what, Span(start, start + width))

    def opened(self) -> tuple[Pending, int]:
        """The innermost open bracket, and where it is."""
        depth = max(position for position, pending in enumerate(self.stack) if pending.rank == 0)
        operands = self.bases[-1] if self.bases[-1] >= 0 else ~self.bases[-1]
        waiting = sum(pending.rank == 0 or pending.unary for pending in self.stack[:depth])
        return self.stack[depth], self.starts[operands + waiting]

    def unclosed(self, at: int) -> EngineError:
        """The innermost bracket should have been closed before `at`."""
        bracket, start = self.opened()
        return mistakes.unclosed(self.source, self.text, bracket.text.rstrip(","), start, at)
