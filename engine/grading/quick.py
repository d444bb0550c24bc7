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
from engine.graph import Graph, Node
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
KEPT = 1024


class Quick(NamedTuple):
    """The values at the points, and at each a bound on their relative error in units of EPS.

    Is the formula `close` to an edge, where an operation with a branch is no longer analytic, beside how far off it
    usually is?
    """

    values: Array
    loss: Array
    close: bool


class Constants:
    """Numbers as arrays, one element per point: NumPy takes them faster than numbers."""

    __slots__ = ("count", "kept", "one", "zero")

    def __init__(self, count: int) -> None:
        self.count = count
        self.kept: dict[float, Array] = {}
        self.zero, self.one = np.zeros(count), np.ones(count)

    def array(self, number: float) -> Array:
        """The number, once per point."""
        found = self.kept.get(number)
        if found is None:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            found = self.kept[number] = np.full(self.count, number)
        return found


def quick(  # noqa: C901 - the hot loop, whose common cases stand in line
    graph: Graph, output: int, points: Mapping[str, Array], constants: Constants
) -> Quick | None:
    """The values of a graph of numbers, and their bound. Within `np.errstate`.

    None where an operation is not listed, or an operation's result is read twice: the bound is for trees. Raises
    FloatingPointError, if the caller's `np.errstate` says so, for what overflows, underflows or is undefined; KeyError
    for an input without points.
    """
    nodes = graph.nodes
    values: list[Any] = []
    tops: list[Any] = []
    others: list[Any] = []
    bottoms: list[Any] = []
    edges: list[Any] = []
    unread = bytearray(len(nodes))
    factor = FACTOR * (len(nodes) + 1)
    kept = constants.kept
    for node in nodes:
        op = node.op
        if op is None:
            number = node.const
            if number is None:
                values.append(points[node.name])  # type: ignore[index]
            elif type(number) is float:
                values.append(kept[number] if number in kept else constants.array(number))
            else:
                return None
            continue
        quotients = CONDITION.get(op)
        if quotients is None:
            return None
        inputs = node.inputs
        i = inputs[0]
        x = values[i]
        unread[node.id] = True
        if len(inputs) == 1:
            y = x
            w = op.value(x)
        else:
            j = inputs[1]
            y = values[j]
            w = op.value(x, y)
            if unread[j]:
                unread[j] = False
            elif nodes[j].op is not None:
                return None
        if unread[i]:
            unread[i] = False
        elif nodes[i].op is not None:
            return None
        values.append(w)
        if quotients is SUM:
            tops.append(x)
            others.append(y)
            bottoms.append(w)
            continue
        if op in BRANCHES:
            quotients, scale, branch = at_branch(graph, node, quotients)
            factor *= scale
            if branch:
                edges.append(x)
        if quotients:
            places = (x, y, w, constants.zero, constants.one)
            for a, b, c in quotients:
                tops.append(places[a])
                others.append(places[b])
                bottoms.append(places[c])
    result = values[output]
    close = bool(edges) and near(edges)
    if not tops:
        return Quick(result, constants.array(factor), close)
    count = len(tops)
    terms = np.array(tops + others + bottoms)
    np.abs(terms, terms)
    found = terms[:count]
    found += terms[count : 2 * count]
    found /= terms[2 * count :]
    return Quick(result, np.multiply.reduce(found) * factor, close)


def at_branch(graph: Graph, node: Node, quotients: Quotients) -> tuple[Quotients, float, bool]:
    """The quotients of an operation with a branch, what else to multiply with, and whether it may come near to it."""
    free = graph.nodes[node.inputs[0]].op is not None
    if node.op is not arithmetic.power:
        return quotients, 1.0, free
    base, exponent = graph.nodes[node.inputs[0]].const, literal(graph, node.inputs[1])
    if base is not None:
        return LITERAL, max(1.0, abs(float(np.log(base)))), False
    if exponent is not None:
        return LITERAL, 1.0, free and not exponent.is_integer()
    return quotients, 1.0, free


def near(edges: Sequence[Any]) -> bool:
    """Does one of these come close to 0?"""
    far = np.abs(np.array(edges))
    return bool((np.minimum.reduce(far, axis=1) < CLOSE / far.shape[1] * np.add.reduce(far, axis=1)).any())
