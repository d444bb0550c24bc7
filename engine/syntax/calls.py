"""Calls: which row a name means, and which of its arguments are data, which are statics.

What is no data (an axis, a shape) is an operand like any other until its call ends. Then it must be a literal, and
its node, which is still the last one, goes again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, Span
from engine.primitive import REGISTRY, Primitive
from engine.syntax import mistakes
from engine.syntax.names import ANY, VARIADIC
from engine.syntax.statics import bound, expected, nested
from engine.syntax.tokenizer import POW, Pending
from engine.syntax.yard import Yard
from engine.values import is_array

Rows = dict[int, Primitive]


class Calls(Yard):
    """The yard with calls."""

    __slots__ = ()

    def close(self, start: int) -> None:
        """A closing bracket at `start`, all inside it applied, that closes no group and no single argument."""
        if not self.bases:
            raise mistakes.unmatched(start)
        if self.bases[-1] < 0 or self.stack[-1].text == "[":
            raise self.unclosed(start)
        if self.stack[-1].text == "(,":
            self.close_list(start + 1)
            return
        self.call(self.stack.pop(), len(self.ids) - self.bases.pop(), start + 1)

    def call(self, bracket: Pending, count: int, end: int) -> None:
        """Apply a function to the last `count` operands, of which some may be no data but statics."""
        ids, starts = self.ids, self.starts
        rows: Rows = bracket.rows or {}
        span = Span(starts[len(starts) - count - 1], end)
        op = rows.get(count) or chain(rows, count)
        params = None
        if self.words or self.named or (op.statics if op else any(row.statics for row in rows.values())):
            op, count, params = self.with_statics(bracket, count, span)
        if op is None:
            raise mistakes.wrong_arity(bracket.function or bracket.text, rows, count, span)
        del starts[len(starts) - count :]
        arguments = ids[len(ids) - count :]
        del ids[len(ids) - count :]
        if op.name in VARIADIC:
            while len(arguments) > 2:
                arguments[:2] = [self.append(op, (arguments[0], arguments[1]), span)]
        ids.append(self.append(op, tuple(arguments), span, params))
        if bracket.power is not None:
            exponent = self.leaf(*bracket.power)
            ids[-1] = self.append(POW.op, (ids[-1], exponent), span)

    def with_statics(self, bracket: Pending, count: int, span: Span) -> tuple[Primitive, int, dict[str, Any] | None]:
        """Take the statics among the last `count` operands away; return the row, the number of its data, its params."""
        rows: Rows = bracket.rows or {}
        written, base, depth = bracket.function or bracket.text, len(self.ids) - count, len(self.bases) + 1
        named = {i: self.named.pop((depth, base + i)) for i in range(count) if (depth, base + i) in self.named}
        places = self.places(count, named, span.end - 1)
        first = min(named, default=count)
        for i in range(first, count):
            if i not in named:
                raise EngineError("argument_order", places[i], "named_last")
        op = rows.get(first) or chain(rows, first) or rows.get(ANY) or rows[max(rows)]
        data = first if op.name in VARIADIC else self.joined(base, first) if op.arity is None else op.arity
        names = list(op.statics)
        gathers = first - data > 1 and names[:1] in (["shape"], ["axes"])  # reshape(x, 2, 3)
        if first < max(data, 1) or (first - data > len(names) and not gathers):
            raise mistakes.wrong_arity(written, rows, first, span)
        for i, place in zip(self.ids[base : base + data], places, strict=False):
            if i < 0:
                raise mistakes.no_data(self.source, self.words[~i], place)
        labels = names[:1] * (first - data) if gathers else names[: first - data]
        labels += [named[i][0] for i in range(first, count)]
        values = [self.take(op, written, *each) for each in reversed([*zip(labels, places[data:], strict=True)])][::-1]
        arguments = list(zip(labels, values, places[data:], strict=True))
        if gathers:
            extent = slice(first - data)
            whole = Span(places[data].start, places[first - 1].end)
            arguments[extent] = [(names[0], tuple(values[extent]), whole)]
        if op.arity is None and data == 1 and self.is_list(base):
            data = self.spread()
        return op, data, bound(op, written, arguments, span)

    def places(self, count: int, named: Mapping[int, tuple[str, int]], end: int) -> list[Span]:
        """Where the last `count` arguments stand, with their names."""
        starts = [named[i][1] if i in named else self.starts[i - count] for i in range(count)]
        stops = [*starts[1:], end]
        return [
            Span(start, start + len(self.text[start:stop].rstrip(", \t\r\n")))
            for start, stop in zip(starts, stops, strict=True)
        ]

    def take(self, op: Primitive, written: str, name: str, place: Span) -> Any:
        """The last operand as a static, off the stacks: a word, or a literal, whose node goes too."""
        i, start = self.ids.pop(), self.starts.pop()
        if i < 0:
            return self.words[~i]
        node = self.nodes[-1]
        if node.id != i or not self.is_written(node, start):
            raise EngineError("bad_static", place, "literal_static", op=written, name=name, expected=expected(op, name))
        self.nodes.pop()
        return nested(node.const) if is_array(node.const) else node.const

    def joined(self, base: int, count: int) -> int:
        """How many arguments are data where any number can be: one list with literals behind it, or all."""
        rest = (self.ids[base + i] for i in range(1, count))
        if count and self.is_list(base) and all(i < 0 or isinstance(self.nodes[i].const, float) for i in rest):
            return 1
        return count

    def is_list(self, position: int) -> bool:
        """Is the operand a list as it was written?"""
        i, start = self.ids[position], self.starts[position - len(self.ids)]
        if i < 0 or self.nodes[i].op is not REGISTRY["stack"]:
            return False
        span = self.nodes[i].span
        return span is not None and span.start == start and self.text[start] in "[("

    def spread(self) -> int:
        """Put the elements of the list that was read last in its place; return how many there are."""
        inputs = self.nodes.pop().inputs
        self.ids[-1:] = inputs
        self.starts += self.starts[-1:] * (len(inputs) - 1)
        return len(inputs)


def chain(rows: Mapping[int, Primitive], count: int) -> Primitive | None:
    """The row of two arguments that takes more, one after the other: max(a, b, c)."""
    return next((row for row in rows.values() if row.name in VARIADIC), None) if count > 2 else None
