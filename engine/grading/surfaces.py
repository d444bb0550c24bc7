"""Where a formula bends, jumps or ends: by operation, how far its arguments are from there.

In between a formula is analytic, so that two which agree somewhere agree all over the piece (the identity theorem).
Poles end no piece: they are isolated in the complex plane, and both sides belong together. Only under a function with a
branch at infinity do they count: atan(1/x) jumps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.grading.walk import COMPARISONS, STEPS, gap
from engine.graph import Graph, Node
from engine.ops import arithmetic, comparison, elementary, neural, special
from engine.primitive import Primitive

Distance = Callable[..., Any]

SWITCHES: dict[Primitive, Distance] = {
    **STEPS,
    **dict.fromkeys((*COMPARISONS, comparison.minimum, comparison.maximum), gap),
    **dict.fromkeys((comparison.abs, neural.relu, neural.leaky_relu, neural.elu), np.abs),
    comparison.clip: lambda x, low, high: np.minimum(np.abs(x - low), np.abs(x - high)),
    comparison.hypot: np.hypot,
    comparison.where: lambda condition, a, b: np.abs(condition),
}
"""Operations that are put together of several formulas."""
ENDS: dict[Primitive, Distance] = {
    **dict.fromkeys((elementary.sqrt, elementary.cbrt, arithmetic.log, elementary.log2, elementary.log10), np.abs),
    **dict.fromkeys((elementary.asin, elementary.acos, elementary.atanh), lambda x: np.abs(1 - np.abs(x))),
    **dict.fromkeys((special.lgamma, special.digamma), np.abs),
    elementary.log1p: lambda x: np.abs(1 + x),
    elementary.acosh: lambda x: np.abs(x - 1),
    elementary.log_base: lambda x, b: np.minimum(np.abs(x), np.abs(1 - b)),
    arithmetic.xlogy: lambda x, y: np.abs(y),
    arithmetic.power: lambda x, n: np.abs(x),
    elementary.atan2: lambda y, x: np.where(x < 0, np.abs(y), np.hypot(x, y)),
}
"""Operations with a branch point on the real axis: sqrt(x^2) bends at 0. A whole power has none."""
POLES: dict[Primitive, Distance] = {
    arithmetic.div: lambda x, y: np.abs(y),
    arithmetic.reciprocal: np.abs,
}
BRANCHED = frozenset({elementary.atan, elementary.asinh, neural.softplus, special.erf, special.erfc, neural.gelu})
"""Functions that tell one infinity from the other."""


class Surface(NamedTuple):
    """How far the values at `inputs` are from where an operation bends; `switch`: it is put together of several."""

    distance: Distance
    inputs: tuple[int, ...]
    switch: bool


def switched(graph: Graph) -> bool:
    """Is a formula put together of several?"""
    return not graph.ops.isdisjoint(SWITCHES)


def surfaces(graph: Graph, output: int) -> list[Surface]:
    """All places of a graph of numbers where it may bend, jump or end, as far as they depend on the inputs.

    An input itself is no surface: wherever it can be positive and negative, there are points on both sides of 0.
    """
    live, moving = graph.leads_to([output]), graph.depends_on(graph.inputs.values())
    poles = not graph.ops.isdisjoint(BRANCHED)
    found = []
    for node in graph.nodes:
        if node.op is None or not live[node.id]:
            continue
        if node.op in SWITCHES:
            if any(moving[i] for i in node.inputs) and not of_a_comparison(graph, node):
                found.append(Surface(SWITCHES[node.op], node.inputs, True))
            continue
        end = ENDS.get(node.op) or (POLES.get(node.op) if poles else None)
        if end is not None:
            deciding = graph.nodes[node.inputs[1 if node.op in (arithmetic.div, arithmetic.xlogy) else 0]]
            if moving[deciding.id] and deciding.op is not None and not is_whole_power(graph, node):
                found.append(Surface(end, node.inputs, False))
    return found


def of_a_comparison(graph: Graph, node: Node) -> bool:
    """Is it a choice by a comparison, which is a surface already?"""
    return node.op is comparison.where and graph.nodes[node.inputs[0]].op in COMPARISONS


def literal(graph: Graph, node: int) -> float | None:
    """The number that a node writes, with its sign, or None."""
    found = graph.nodes[node]
    sign = 1.0
    if found.op is arithmetic.neg:
        sign, found = -1.0, graph.nodes[found.inputs[0]]
    return sign * found.const if isinstance(found.const, float) and not found.params else None


def is_whole_power(graph: Graph, node: Node) -> bool:
    """Is it x^n, n written as a whole number?"""
    if node.op is not arithmetic.power:
        return False
    exponent = literal(graph, node.inputs[1])
    return exponent is not None and exponent.is_integer()


def distances(found: Sequence[Surface], values: Sequence[Any], count: int) -> list[Any]:
    """How far the points are from each surface, by the values of all nodes. Within `np.errstate`."""
    return [np.broadcast_to(s.distance(*[values[i] for i in s.inputs]), (count,)) for s in found]
