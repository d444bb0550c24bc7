"""The quick way through a formula: its values at some points, and a bound on how many digits they can have lost.

A value's relative error is at most the sum, over the operations, of their own rounding times the condition numbers on
the way to the result (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", SIAM 2002, chapter 3). In a tree
that is at most (number of operations) x (product of all condition numbers), each of which is bounded by one quotient of
values that were computed anyway. Where this bound is too coarse, or an operation is not listed, `walk` has a finer one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.grading.probe import CLOSE
from engine.grading.surfaces import literal
from engine.graph import Graph
from engine.ops import arithmetic, elementary, neural
from engine.primitive import Primitive
from engine.values import Array

X, Y, W, ZERO, ONE = range(5)
"""An operation's arguments x and y, its result w, and the numbers 0 and 1."""
Quotients = tuple[tuple[int, int, int], ...]
"""Of (a, b, c), the quotient (|a| + |b|)/|c|; the product of an operation's quotients bounds its condition number."""

SUM: Quotients = ((X, Y, W),)
GROWING: Quotients = ((X, ONE, ONE),)
"""For exp, sinh, cosh: the condition number is at most 1 + |x|."""
WAVE: Quotients = ((X, W, W),)
"""For sin and cos: |x cot x| and |x tan x| are below |x|/|w|."""
POLES: Quotients = ((X, W, W), (W, ONE, ONE), (X, ONE, ONE))
"""For tan and cot: |x| (|w| + 1/|w|)."""
LOGARITHM: Quotients = ((ONE, W, W),)
DOUBLE: Quotients = ((ONE, ONE, ONE),)

CONDITION: dict[Primitive | None, Quotients] = {
    **dict.fromkeys((arithmetic.add, arithmetic.sub), SUM),
    **dict.fromkeys((arithmetic.mul, arithmetic.div, arithmetic.neg, arithmetic.reciprocal), ()),
    **dict.fromkeys((elementary.sqrt, elementary.cbrt, elementary.atan, elementary.asinh, elementary.tanh), ()),
    arithmetic.square: DOUBLE,
    arithmetic.power: ((Y, ONE, ONE), (W, ONE, ONE), (ONE, W, W)),
    **dict.fromkeys((elementary.exp, elementary.sinh, elementary.cosh, neural.sigmoid), GROWING),
    **dict.fromkeys((elementary.sin, elementary.cos), WAVE),
    **dict.fromkeys((elementary.tan, elementary.cot), POLES),
    **dict.fromkeys((elementary.sec, elementary.csc), ((X, ONE, ONE), (W, ONE, ONE))),
    **dict.fromkeys((arithmetic.log, elementary.log2, elementary.log10), LOGARITHM),
}  # fmt: skip
"""The operations whose condition numbers are bounded. For a power's exponent |y ln x| = |ln w|,
which is below (1 + |w|)(1 + 1/|w|).
"""
LITERAL: Quotients = ((Y, ONE, ONE),)
"""For a power whose exponent is a literal, or whose base is one: |y|, and |y ln x|, which `scale` makes up for."""
BRANCHES = frozenset({
    arithmetic.power, arithmetic.log, elementary.sqrt, elementary.cbrt, elementary.log2, elementary.log10,
})  # fmt: skip
"""Those of them that have a branch at 0."""
FACTOR = 2.5
"""An operation is off by two units of EPS, a constant or an input each time it is read by half of one."""
KEPT = 4096

arrays: dict[tuple[float, int], Array] = {}
"""Constants as arrays: NumPy takes them faster than numbers."""


class Quick(NamedTuple):
    """The values at the points, and at each the bound on their relative error in units of EPS; None: not bounded.

    Is the formula `close` to an edge, where an operation with a branch is no longer analytic, beside how far off it
    usually is?
    """

    values: Any
    loss: Any
    close: bool = False


def constant(number: float, count: int) -> Array:
    """A number, once per point."""
    found = arrays.get((number, count))
    if found is None:
        if len(arrays) >= KEPT:
            arrays.clear()
        found = arrays[number, count] = np.full(count, number)
    return found


def quick(graph: Graph, output: int, points: Mapping[str, Array], count: int) -> Quick:
    """The values of a graph of numbers, and their bound. Within `np.errstate`.

    Raises FloatingPointError, if the caller's `np.errstate` says so, for what overflows, underflows or is undefined.
    """
    values: list[Any] = []
    keep = values.append
    for node in graph.nodes:
        op, inputs = node.op, node.inputs
        if op is None:
            number = node.const
            keep(points[node.name] if number is None else constant(number, count))  # type: ignore[index, arg-type]
        elif len(inputs) == 2:
            keep(op.value(values[inputs[0]], values[inputs[1]]))
        else:
            keep(op.value(*[values[i] for i in inputs]))
    result = values[output]
    found = conditions(graph)
    if found is None:
        return Quick(result, None)
    factor, quotients, edges = found
    close = bool(edges) and near(values, edges)
    if not quotients:
        return Quick(result, constant(factor, count), close)
    keep(constant(0.0, count))
    keep(constant(1.0, count))
    terms = np.abs(np.array(values))[np.array(quotients)]
    return Quick(result, np.multiply.reduce((terms[:, 0] + terms[:, 1]) / terms[:, 2]) * factor, close)


def conditions(graph: Graph) -> tuple[float, list[tuple[int, int, int]], list[int]] | None:
    """The bound as a factor and quotients of nodes (after the last come 0 and 1), and the nodes whose zeros are edges.

    None where an operation is not listed, or where an operation's result is used twice: in a tree it is not.
    """
    nodes = graph.nodes
    zero = len(nodes)
    factor = 1.0
    used = bytearray(zero)
    quotients: list[tuple[int, int, int]] = []
    edges: list[int] = []
    for node in nodes:
        if node.op is None:
            continue
        found = CONDITION.get(node.op)
        if found is None:
            return None
        i, j = node.inputs[0], node.inputs[-1]
        if used[i] or used[j] or (i == j and len(node.inputs) == 2 and nodes[i].op is not None):
            return None
        used[i] = nodes[i].op is not None
        used[j] = nodes[j].op is not None
        if found is SUM:
            quotients.append((i, j, node.id))
            continue
        if node.op in BRANCHES:
            found, scale, branch = at_power(graph, i, j) if node.op is arithmetic.power else (found, 1.0, True)
            factor *= scale
            if branch and nodes[i].op is not None:
                edges.append(i)
        if found:
            places = (i, j, node.id, zero, zero + 1)
            quotients += [(places[a], places[b], places[c]) for a, b, c in found]
    return factor * FACTOR * (zero + 1), quotients, edges


def at_power(graph: Graph, base: int, exponent: int) -> tuple[Quotients, float, bool]:
    """The quotients of a power, what else to multiply with, and whether the base's zeros are edges."""
    number, whole = graph.nodes[base].const, literal(graph, exponent)
    if number is not None:
        return LITERAL, max(1.0, abs(float(np.log(number)))), False
    if whole is not None:
        return LITERAL, 1.0, not whole.is_integer()
    return CONDITION[arithmetic.power], 1.0, True


def near(values: Sequence[Any], edges: Sequence[int]) -> bool:
    """Does one of these nodes come close to 0?"""
    far = np.abs(np.array([values[i] for i in edges]))
    return bool((np.minimum.reduce(far, axis=1) < CLOSE / far.shape[1] * np.add.reduce(far, axis=1)).any())
