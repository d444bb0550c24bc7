"""Kind `forward_table`: the value and the tangent of every operation, along a seed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce
from operator import add
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from msgspec.structs import replace

from engine.errors import EngineError, Words
from engine.explain.columns import Message
from engine.grading.at_point import LOOKED_AT, at, exchanged, problem
from engine.grading.draw import Draw
from engine.grading.entries import Entry, Own, TableTask, refuse_bare, shown
from engine.grading.exercise import Kind, MalformedError
from engine.grading.misreckoned import Slip, wrong_maps, wrong_values
from engine.grading.names import node_key
from engine.grading.reading import part_key, value
from engine.grading.tables import Table
from engine.graph import Node, zeros
from engine.maps import arguments, linearised
from engine.ops import arithmetic
from engine.passes import Job
from engine.passes.evaluate import value_of
from engine.passes.forward import forward, times
from engine.primitive import NONE
from engine.trace import finish
from engine.values import Value, is_array, plain

VALUE, TANGENT = "value", "tangent"
PARTS = {
    VALUE: ("v", "primal", "values", "值", "原值", "函数值"),
    TANGENT: ("dot", "t", "d", "tangents", "derivative", "v̇", "\\dot{v}", "v'", "切线", "切线值", "导数"),
}


class ForwardTable(TableTask, frozen=True, kw_only=True, tag="forward_table"):
    """Forward mode by hand: value and tangent of every operation, `{"v1": {"value": 2, "tangent": 0.5}, ...}`."""

    seed: Annotated[
        dict[str, Any] | None,
        Meta(description="A tangent for each input, 0 where none is given; 1 for the first unless given."),
    ] = None


class ForwardExercise(Table):
    """Two entries for each operation. A tangent follows from the student's own values and tangents."""

    task: ForwardTable

    def __init__(self, task: ForwardTable) -> None:
        super().__init__(task)
        self.direction = self.job().direction
        v, v_dot = finish(forward(self.graph, self.point, self.direction))
        self.values: list[Value] = v
        self.tangents = [zeros(self.graph, i) if t is None else t for i, t in enumerate(v_dot)]
        self.moving = [t is not None for t in v_dot]
        names = self.graph.names
        self.entries = [
            Entry(f"{names[node.id]}.{part}", (part, node.id), found[node.id])
            for node in self.graph.nodes
            if node.op is not None and self.live[node.id]
            for part, found in ((VALUE, self.values), (TANGENT, self.tangents))
        ]
        if not self.entries:
            raise EngineError("no_operation", hint="formula_with_operation")

    def job(self) -> Job:
        """What the pass is asked."""
        return Job(self.graph, self.point, list(self.graph.inputs), self.task.seed, {})

    def statement(self) -> Message:
        """What is asked."""
        return Message(
            "task.forward_table", {"source": self.task.source, "point": at(self.point), "seed": at(self.direction)}
        )

    # ---- reading and writing ----

    def read(self, answer: Any) -> Own:
        """Values and tangents by node; what is said of inputs and constants is passed over."""
        refuse_bare(answer, "word.forward_table")
        found: Own = {}
        for name, given in answer.items():
            node = self.places.get(name)
            if node is None:
                node = node_key(self.graph, name, name)
            pair = given
            if isinstance(given, list | tuple):
                if len(given) != 2:
                    raise MalformedError(self.odd_pair(), name)
                pair = dict(zip(PARTS, given, strict=True))
            elif not isinstance(given, dict):
                pair = {VALUE: given}
            for part, item in pair.items():
                key = part if part in PARTS else part_key(part, PARTS)
                found[key, node] = item if type(item) is float else value(item, f"{name}.{part}")
        return found

    @cached_property
    def places(self) -> dict[str, int]:
        """The operations by the names of the trace."""
        return {self.graph.names[key[1]]: key[1] for _, key, _ in self.entries}

    @staticmethod
    def odd_pair() -> EngineError:
        """An entry that is neither {"value": ..., "tangent": ...} nor [value, tangent]."""
        return EngineError("bad_answer", expected=Words("word.forward_table"))

    def written(self, own: Own) -> dict[str, dict[str, Any]]:
        """By node what is known of it."""
        found: dict[str, dict[str, Any]] = {}
        for (part, node), item in own.items():
            found.setdefault(self.graph.names[node], {})[part] = shown(item)
        return found

    # ---- what follows ----

    def values_of(self, node: Node, own: Own) -> list[Any]:
        """The values that a node reads and its own, as the student has them; of the other nodes the right ones."""
        found: list[Any] = self.values.copy()
        for i in (node.id, *node.inputs):
            if (VALUE, i) in own:
                found[i] = own[VALUE, i]
        return found

    def tangent_of(self, i: int, own: Own) -> Any:
        """A node's tangent, as the student has it; None where nothing moves."""
        return own.get((TANGENT, i), self.tangents[i]) if self.moving[i] else None

    def follow(self, entry: Entry, own: Own) -> list[Value]:
        """A value from the student's values of what the node reads; a tangent from those and their tangents.

        A rule reads the output too (that of exp is the output): the student's, or the one that her inputs give.
        """
        part, i = entry.key
        node = self.graph.nodes[i]
        read = self.values_of(node, own)
        if part == VALUE:
            return [value_of(node, self.graph.nodes, read)]
        if not self.moving[i]:
            return [self.tangents[i]]
        found = [reduce(add, self.terms(node, read, own))]
        read[i] = value_of(node, self.graph.nodes, read)
        return [*found, reduce(add, self.terms(node, read, own))]

    def terms(self, node: Node, read: list[Any], own: Own) -> list[Value]:
        """What each argument adds to a node's tangent."""
        xs, op, y = arguments(node, read), node.op, read[node.id]
        assert op is not None
        y = np.float64(y) if isinstance(y, float) else y
        return [
            plain(op.push(k, t, y, xs, node.params or NONE))
            for k, i in enumerate(node.inputs)
            if (t := self.tangent_of(i, own)) is not None
        ]

    # ---- slips ----

    def slips(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """Slips in a value, or in the chain rule."""
        part, i = entry.key
        node = self.graph.nodes[i]
        read: list[Any] = [own.get((VALUE, n), right) for n, right in enumerate(self.values)]
        if part == VALUE:
            yield from wrong_values(self.graph, node, read)
        elif self.moving[i]:
            yield from self.wrong_tangents(node, read, own)

    def wrong_tangents(self, node: Node, read: list[Any], own: Own) -> Iterator[Slip]:
        """A term left out or wrong; the tangent or the local partial forgotten; a product of derivatives."""
        i, op = node.id, node.op
        tangents = {source: self.tangent_of(source, own) for source in node.inputs}
        moving = [k for k, source in enumerate(node.inputs) if tangents[source] is not None]
        terms = dict(zip(moving, self.terms(node, read, own), strict=True))
        maps = linearised(node, read, self.moving)[1]
        if len(moving) > 1:
            for k in moving:
                rest = [term for n, term in terms.items() if n != k]
                yield Slip("dropped_branch", reduce(add, rest), i, node.inputs[k])
        if op is arithmetic.mul and len(moving) > 1:
            yield Slip("product_rule", tangents[node.inputs[0]] * tangents[node.inputs[1]], i)
        for k in moving:
            source = node.inputs[k]
            rest = [term for n, term in terms.items() if n != k]
            if not is_array(tangents[source]) and self.graph.nodes[source].op is not None:
                alone: Any = times(maps[k], 1.0)
                yield Slip("forgot_inner", reduce(add, [*rest, alone]), i, source)
            if not is_array(self.tangents[i]):
                yield Slip("no_partial", reduce(add, [*rest, tangents[source]]), i, source)
            for mistake, wrong in wrong_maps(node, k, read, maps[k]):  # type: ignore[arg-type]
                term = wrong * tangents[source]
                if term is not None:
                    yield Slip(mistake, reduce(add, [*rest, term]), i, source)

    def elsewhere(self) -> list[tuple[Slip, Table]]:
        """Seeds on another input or on all; two inputs exchanged."""
        names = list(self.graph.inputs)
        out = self.graph.outputs[0]
        seeds: list[dict[str, Any]] = [{name: 1.0} for name in names]
        if len(names) > 1:
            seeds.append(dict.fromkeys(names, 1.0))
        found: list[tuple[Slip, Table]] = []
        for seed in seeds[:LOOKED_AT]:
            task = replace(self.task, seed=seed)
            found.append((Slip("wrong_seed", 0.0, out), ForwardExercise(task)))
        for point in exchanged(self.point):
            task = replace(self.task, inputs=point, seed=self.direction)
            found.append((Slip("wrong_point", 0.0, out), ForwardExercise(task)))
        return found


def variant(draw: Draw) -> ForwardTable:
    """A drawn formula at a drawn point."""
    source, inputs = problem(draw)
    return ForwardTable(source=source, inputs=inputs, seed={draw.choice(list(inputs)): 1.0})


KIND = Kind(ForwardTable, ForwardExercise, variant)
