"""Derivatives of graphs of arrays without steps: one list of operations, pushed forward or pulled back.

The peer of `engine.tape` for arrays: an operation costs more than what Python adds to it, so the rows' rules are called
as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.graph import Graph
from engine.primitive import NONE, Params, Primitive, fitted, shape_of
from engine.values import Value, plain

Operation = tuple[int, Primitive, tuple[int, ...], Params, tuple[int, ...]]
"""A node, its operation, inputs and statics, and the arguments that are active."""


class ArrayTape:
    """The part of a graph that leads to `outputs`, differentiated with respect to the inputs `wrt`.

    An operation that no output or no input of interest depends on costs nothing in a derivative.
    """

    __slots__ = ("constants", "inputs", "operations", "outputs", "shapes", "size", "wrt")

    def __init__(self, graph: Graph, outputs: Sequence[int], wrt: Sequence[int]) -> None:
        self.outputs = tuple(outputs)
        self.wrt = tuple(wrt)
        self.size = len(graph.nodes)
        self.shapes = [node.shape for node in graph.nodes]
        self.inputs = list(graph.inputs.items())
        self.constants = [(node.id, number(node.const)) for node in graph.nodes if node.const is not None]
        live, active = graph.leads_to(outputs), graph.depends_on(wrt)
        self.operations: list[Operation] = []
        for node in graph.nodes:
            if node.op is not None and live[node.id]:
                moving = [k for k, i in enumerate(node.inputs) if active[i] and not node.op.stops]
                statics = node.op.all_statics(node.params or NONE)
                self.operations.append((node.id, node.op, node.inputs, statics, tuple(moving)))

    def evaluate(self, point: Mapping[str, Value], kept: dict[int, Any] | None = None) -> list[Any]:
        """The value of every node at `point`, by id; what rows keep for their slopes goes to `kept`."""
        values: list[Any] = [None] * self.size
        for name, node in self.inputs:
            values[node] = number(point[name])
        for node, constant in self.constants:
            values[node] = constant
        with np.errstate(all="ignore"):
            for node, op, inputs, statics, moving in self.operations:
                xs = [values[i] for i in inputs]
                if kept is None or op.keeps is None or not moving:
                    values[node] = op.value(*xs, **statics)
                else:
                    values[node], kept[node] = op.keeps(*xs, **statics)
        return values

    def pull(
        self, values: Sequence[Any], seed: Value, output: int = 0, kept: Mapping[int, Any] = MappingProxyType({})
    ) -> list[Value]:
        """The cotangents of the inputs of interest (zeros where no path leads) for that of one output."""
        adjoints: list[Any] = [None] * self.size
        adjoints[self.outputs[output]] = number(seed)
        with np.errstate(all="ignore"):
            for node, op, inputs, statics, moving in reversed(self.operations):
                adjoint, y = adjoints[node], values[node]
                if adjoint is None or not moving:
                    continue
                xs = [values[i] for i in inputs]
                extra = {"kept": kept[node]} if node in kept else NONE
                for argnum in moving:
                    source = inputs[argnum]
                    sent = fitted(op.vjps(argnum)(adjoint, y, *xs, **statics, **extra), self.shapes[source])
                    before = adjoints[source]
                    adjoints[source] = sent if before is None else before + sent
        return [self.whole(node, adjoints[node]) for node in self.wrt]

    def push(self, values: Sequence[Any], direction: Mapping[int, Value]) -> list[Value]:
        """The tangents of the outputs for those of the inputs, by id (nothing moves along the others)."""
        tangents: list[Any] = [None] * self.size
        for node, tangent in direction.items():
            tangents[node] = number(tangent)
        with np.errstate(all="ignore"):
            for node, op, inputs, statics, moving in self.operations:
                xs = [values[i] for i in inputs]
                for argnum in moving:
                    tangent = tangents[inputs[argnum]]
                    if tangent is None:
                        continue
                    sent = op.push(argnum, tangent, values[node], xs, statics)
                    tangents[node] = sent if tangents[node] is None else tangents[node] + sent
        return [self.whole(node, tangents[node]) for node in self.outputs]

    def run(self, point: Mapping[str, Value], seed: Value = 1.0) -> tuple[Value, list[Value]]:
        """The value of the first output at `point`, and the gradient in the order of `wrt`, times `seed`."""
        kept: dict[int, Any] = {}
        values = self.evaluate(point, kept)
        return plain(values[self.outputs[0]]), self.pull(values, seed, kept=kept)

    def whole(self, node: int, found: Any) -> Value:
        """A derivative in the node's shape; where nothing arrived, zeros."""
        shape = self.shapes[node]
        if found is None or shape_of(found) != shape:
            return plain(np.broadcast_to(0.0 if found is None else found, shape).copy())
        return plain(found)


def number(value: Any) -> Any:
    """A float as NumPy's, whose arithmetic never raises."""
    return np.float64(value) if isinstance(value, float) else value
