"""A graph as a function of its inputs, to be evaluated at one point after another, without steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from engine import limits
from engine.array_tape import ArrayTape
from engine.graph import Graph
from engine.kernels import kernel
from engine.methods.records import Refused
from engine.passes.evaluate import leaf, state
from engine.primitive import Elementwise
from engine.values import Value, finite, is_array

CALL = 1_000
"""Operations on the elements of an array that take about as long as calling one operation."""


class Place(NamedTuple):
    """One number among the inputs: an input, or the element of one at an index."""

    name: str
    at: tuple[int, ...]


class Function:
    """The first output of a graph, a number, around a point."""

    def __init__(self, graph: Graph, point: Mapping[str, Value], names: Sequence[str]) -> None:
        self.graph = graph
        self.point = dict(point)
        self.names = list(names)
        self.output = graph.outputs[0]
        self.tape = ArrayTape(graph, [self.output], [])
        self.evaluations = 0
        self._value: float | None = None

    @property
    def value(self) -> float:
        """The value at the point itself, computed once."""
        if self._value is None:
            self._value = float(self.at(self.point))
        return self._value

    @property
    def places(self) -> Iterator[Place]:
        """Every number to differentiate by, input by input."""
        return (Place(name, index) for name in self.names for index in np.ndindex(np.shape(self.point[name])))

    @property
    def count(self) -> int:
        """How many those are."""
        return sum(np.size(self.point[name]) for name in self.names)

    @property
    def calls(self) -> int:
        """How long an evaluation takes, in calls of an operation on numbers."""
        nodes = self.graph.nodes
        shapes = ([nodes[i].shape for i in inputs] for _, _, inputs, _, _ in self.tape.operations)
        costs = (
            1 + op.cost(*given, **params) // CALL if any(given) else 1
            for (_, op, _, params, _), given in zip(self.tape.operations, shapes, strict=True)
        )
        return sum(costs)

    def allow(self, evaluations: int) -> None:
        """Refuse what would take too long."""
        if evaluations * max(self.calls, 1) > limits.COMPARED_CALLS:
            raise Refused("too_much_work", count=f"{evaluations:,}")

    def values(self, point: Mapping[str, Any]) -> list[Any]:
        """The values of all nodes that the output depends on, by id: floats by the kernels of the rows."""
        self.evaluations += 1
        if self.graph.tensors or any(isinstance(value, np.complexfloating) for value in point.values()):
            return self.tape.evaluate(point)
        values: list[Any] = [leaf(node, point) if node.op is None else None for node in self.graph.nodes]
        for node, op, inputs, _, _ in self.tape.operations:
            assert isinstance(op, Elementwise)
            values[node] = kernel(op)(*[values[i] for i in inputs])
        return values

    def at(self, point: Mapping[str, Any]) -> Any:
        """The output at a point, perhaps a complex one."""
        return self.values(point)[self.output]

    def number(self, place: Place) -> float:
        """The value of the input at a place."""
        value = self.point[place.name]
        return float(value[place.at]) if is_array(value) else float(value)

    def moved(self, place: Place, by: float | complex) -> dict[str, Any]:
        """The point with `by` added at one place."""
        value = self.point[place.name]
        kind = np.complex128 if isinstance(by, complex) else np.float64
        if not is_array(value):
            return {**self.point, place.name: np.complex128(value + by) if isinstance(by, complex) else value + by}
        array = value.astype(kind)
        array[place.at] += by
        return {**self.point, place.name: array}

    def towards(self, direction: Mapping[str, Value], by: float) -> dict[str, Any]:
        """The point, moved along a direction."""
        return {name: value + by * direction[name] for name, value in self.point.items()}

    def along(self, place: Place, by: float | complex) -> Any:
        """The output with `by` added at one place: at the point itself it is computed only once."""
        if by == 0:
            return self.value
        with np.errstate(all="ignore"):
            return self.at(self.moved(place, by))

    def trouble(self, point: Mapping[str, Any]) -> tuple[int, str] | None:
        """The first node that is not finite at a point, and what it is there; None where the output is finite."""
        values = self.values(point)
        self.evaluations -= 1  # looking for the reason is no evaluation of the method
        if isfinite(float(values[self.output])):
            return None
        for node, _, _, _, _ in self.tape.operations:
            if not finite(values[node]):
                return node, state(self.graph.nodes[node], values, values[node])
        return self.output, "undefined"
