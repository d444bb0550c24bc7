"""A formula at many points at once, and a bound on what rounding does to it.

The values of a graph of numbers are arrays with an element per point; a graph with arrays is walked a point at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.array_tape import ArrayTape
from engine.graph import Graph
from engine.kernels import sloped
from engine.ops import arithmetic, comparison, special
from engine.primitive import Elementwise, Primitive
from engine.values import TINY, Array, Value

EPS = float(np.finfo(np.float64).eps)
ULPS = 2.0
"""What an operation may be off by, in units of EPS of its value."""
LOOSE = {special.lgamma: 64.0, special.digamma: 64.0, special.polygamma: 256.0}
COMPARISONS = frozenset({
    comparison.less, comparison.less_equal, comparison.greater, comparison.greater_equal, comparison.equal,
    comparison.not_equal,
})  # fmt: skip


def from_whole(x: Any) -> Any:
    """How far a number is from the nearest whole one."""
    return np.abs(x - np.rint(x))


def gap(x: Any, y: Any) -> Any:
    """How far two numbers are from being equal."""
    return np.abs(x - y)


STEPS: dict[Primitive, Callable[[Any], Any]] = {
    comparison.sign: np.abs, comparison.heaviside: np.abs, comparison.floor: from_whole, comparison.ceil: from_whole,
}  # fmt: skip
"""Functions that jump, and how far an argument is from the nearest jump."""
SAFE = frozenset({arithmetic.add, arithmetic.sub, arithmetic.neg, comparison.abs, *COMPARISONS, *STEPS})
"""Operations whose result never underflows."""


class Walk:
    """The part of a graph of numbers that leads to one node."""

    __slots__ = ("constants", "inputs", "operations", "output", "size")

    def __init__(self, graph: Graph, output: int) -> None:
        live = graph.leads_to([output])
        nodes = [node for node in graph.nodes if live[node.id]]
        self.output = output
        self.size = output + 1
        self.inputs = [(node.name, node.id) for node in nodes if node.name is not None]
        self.constants = [(node.id, np.float64(node.const)) for node in nodes if node.const is not None]
        self.operations = [(node.id, node.op, node.op.value, node.inputs) for node in nodes if node.op is not None]

    def values(self, points: Mapping[str, Any]) -> list[Any]:
        """The value of every node by id, an array with an element per point or a number. Within `np.errstate`."""
        values: list[Any] = [None] * self.size
        for name, node in self.inputs:
            values[node] = points[name]
        for node, constant in self.constants:
            values[node] = constant
        for node, _, function, inputs in self.operations:
            values[node] = function(*[values[i] for i in inputs])
        return values

    def bound(self, values: Sequence[Any]) -> Any:
        """How far off the output's value may be for rounding alone, to first order, in units of EPS.

        Running error analysis (J. H. Wilkinson, "Error analysis revisited", IMA Bulletin 22, 1986), each operation's
        local partials being those of its rules. Infinite where a step is nearer to its jump than that. Within
        `np.errstate`.
        """
        errors: list[Any] = [None] * self.size
        for _, node in self.inputs:
            errors[node] = np.abs(values[node]) / 2
        for node, constant in self.constants:
            errors[node] = 0.0 if float(constant).is_integer() else abs(constant) / 2
        for node, op, _, inputs in self.operations:
            assert isinstance(op, Elementwise)
            xs = [values[i] for i in inputs]
            size = np.abs(values[node])
            error = size * LOOSE.get(op, ULPS)
            if op not in SAFE:
                error = np.where(size < TINY, TINY / EPS, error)
            if op is arithmetic.mul:  # a factor that is 0 without error leaves no room for underflow
                zero = [np.logical_and(x == 0, errors[i] == 0) for x, i in zip(xs, inputs, strict=True)]
                error = np.where(np.logical_or(*zero), 0.0, error)
            for k in range(op.arity):
                if op.stops or k in sloped(op):
                    partial = 1.0 if op.stops else op.rules[k](1.0, values[node], *xs)
                    error = error + np.where(errors[inputs[k]] == 0, 0.0, np.abs(partial) * errors[inputs[k]])
            if op in COMPARISONS:
                error = jump(gap(*xs), errors[inputs[0]] + errors[inputs[1]])
            elif op in STEPS:
                error = jump(STEPS[op](xs[0]), errors[inputs[0]])
            elif op is comparison.where:
                error = np.where(errors[inputs[0]] > 0, np.inf, np.where(xs[0], errors[inputs[1]], errors[inputs[2]]))
            errors[node] = error
        return errors[self.output]


def jump(distance: Any, error: Any) -> Any:
    """The error of a step: none, or without bound where its argument may lie on either side of the jump."""
    return np.where(distance > 4 * EPS * error, 0.0, np.where(error == 0, 0.0, np.inf))


def tensors(graph: Graph, output: int, points: Mapping[str, Array], count: int) -> Array:
    """The values of a graph with arrays: an array of shape (count, *shape of the output)."""
    tape = ArrayTape(graph, [output], [])
    shape = graph.nodes[output].shape
    found = np.empty((count, *shape))
    for k in range(count):
        point: dict[str, Value] = {name: column[k] for name, column in points.items()}
        found[k] = tape.evaluate(point)[output]
    return found
