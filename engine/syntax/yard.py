"""Dijkstra's shunting yard: what waits for operands stands on a stack until something that binds less arrives."""

from __future__ import annotations

from collections.abc import Sequence

from engine import limits
from engine.errors import EngineError, Span
from engine.graph import Node
from engine.primitive import Primitive
from engine.syntax import mistakes
from engine.syntax.names import VARIADIC
from engine.syntax.tokenizer import ABS, POW, Entry, Pending

BOTTOM = Pending("", rank=-1)
UNREAD = Node(0, None)
"""In the place of an input until it is read."""


class Yard:
    """The stacks, and the nodes made from them.

    `ids` holds the operands not yet used; `starts` where each begins in the text, with the starts of the signs and
    brackets that wait in between, so that whatever is applied starts where the top of `starts` says. `bases` holds, for
    each open bracket, how many operands came before it; for a bar, the complement of that, to tell it from a bracket.
    `end` is where the last operand stops.
    """

    __slots__ = ("bases", "end", "ids", "inputs", "nodes", "source", "stack", "starts", "text", "variables")

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

    def negated(self, start: int, end: int) -> bool:
        """Is the operand a literal right behind its minus? Then the two are one number, -2."""
        literal, span = self.nodes[-1], self.nodes[-1].span
        if literal.const is None or literal.id != self.ids[-1] or literal.params or span is None or span.end != end:
            return False
        if self.text[span.start] == "-" or self.text[start + 1 : span.start].strip():
            return False
        self.nodes[-1] = Node(literal.id, None, (), Span(start, end), const=-literal.const)
        return True

    def append(self, op: Primitive | None, inputs: tuple[int, ...], span: Span) -> int:
        """Add the node `op(*inputs)`; return its id."""
        self.nodes.append(Node(len(self.nodes), op, inputs, span))
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
            self.bases.append(~len(self.ids) if bracket is ABS else len(self.ids))

    def close(self, start: int) -> None:
        """A closing bracket at `start`, all inside it applied, that closes no group and no single argument."""
        if not self.bases:
            raise mistakes.unmatched(start)
        if self.bases[-1] < 0:
            raise self.unclosed(start)
        self.call(self.stack.pop(), len(self.ids) - self.bases.pop(), start + 1)

    def call(self, bracket: Pending, count: int, end: int) -> None:
        """Apply a function to the last `count` operands."""
        ids, starts = self.ids, self.starts
        rows: dict[int, Primitive] = bracket.rows or {}
        chain = next((row for row in rows.values() if row.name in VARIADIC), None) if count > 2 else None
        op = rows.get(count) or chain
        del starts[len(starts) - count :]
        span = Span(starts[-1], end)
        if op is None:
            raise mistakes.wrong_arity(bracket.function or bracket.text, rows, count, span)
        arguments = ids[len(ids) - count :]
        del ids[len(ids) - count :]
        if chain:
            while len(arguments) > 2:
                arguments[:2] = [self.append(chain, (arguments[0], arguments[1]), span)]
        ids.append(self.append(op, tuple(arguments), span))
        if bracket.power is not None:
            exponent = self.leaf(*bracket.power)
            ids[-1] = self.append(POW.op, (ids[-1], exponent), span)

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
        return mistakes.unclosed(self.source, self.text, bracket.text, start, at)
