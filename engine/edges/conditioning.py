"""Conditioning: how much an operation magnifies relative errors, and how they add up along the graph.

Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 1.6 and 3.3: running error analysis. Inputs and
constants count as exact, and no condition number asks about a constant; every operation adds its own rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10, prod
from typing import Any, NamedTuple

import numpy as np

from engine.blocks import units
from engine.graph import Graph, Node
from engine.maps import Diagonal, Map, Mixing
from engine.passes.evaluate import linearise
from engine.primitive import Shape
from engine.trace import finish
from engine.values import Value, finite

EPS = float(np.finfo(np.float64).eps)
DIGITS = -log10(EPS)
"""Decimal digits of a float64: 15.65."""
SMALLEST = 5e-324
EXACT = frozenset(
    "neg abs minimum maximum clip sign heaviside floor ceil where stop_gradient relu less less_equal greater "
    "greater_equal equal not_equal".split()
)
"""Operations that round nothing."""
ROUNDED = frozenset("add sub mul div sqrt reciprocal square".split())
"""Operations that IEEE 754 rounds correctly: half an eps. Others are off by up to one."""
COLUMNS, ENTRIES = 64, 4096
"""Elements of an argument, and entries, up to which the Jacobian of an operation that mixes elements is built."""


class Known(NamedTuple):
    """How well a node is known: `condition` of its operation, the relative `error` in eps, and the absolute one.

    None where that is not defined, as at a value that is not finite, or not counted, for its size.
    """

    condition: float | None
    error: float | None
    absolute: Value | None


def conditioning(graph: Graph, point: Mapping[str, Value], states: Mapping[int, str]) -> list[Known]:
    """The condition of every operation and the accumulated bound of every node's error."""
    leaves = frozenset([node.id for node in graph.nodes if node.op is None])
    values, partials, _ = finish(linearise(graph, point, leaves, lines=(1, 3)))
    known: list[Known] = []
    twins = twins_of(graph)
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            if node.op is None:
                known.append(Known(None, 0.0, np.zeros(node.shape)))
                continue
            slopes = grouped(node, twins, values, partials[node.id])
            known.append(of_node(node, graph, values, slopes, known, states.get(node.id)))
    return known


def twins_of(graph: Graph) -> list[int]:
    """By node, the first that computes the same: equal expressions round equally, so their errors may cancel."""
    seen: dict[object, int] = {}
    twins: list[int] = []
    for node in graph.nodes:
        key: object = node.const if isinstance(node.const, float) else ("leaf", node.id)
        if node.op is not None:
            key = node.op, tuple([twins[i] for i in node.inputs]), repr(node.params)
        twins.append(seen.setdefault(key, node.id))
    return twins


def of_node(
    node: Node,
    graph: Graph,
    values: Sequence[Value],
    slopes: Mapping[int, Any] | None,
    known: Sequence[Known],
    state: str | None,
) -> Known:
    """One operation: what it magnifies, what it inherits, what it adds."""
    value = values[node.id]
    if slopes is None or not finite(value):
        return Known(None, None, None)
    nothing: Any = np.zeros(node.shape)
    terms = {i: carried(node, slope, np.abs(values[i])) for i, slope in slopes.items()}
    moving = sum((term for i, term in terms.items() if graph.nodes[i].const is None), start=nothing)
    condition = largest_ratio(moving, value)
    inherited = nothing
    for i, slope in slopes.items():
        error = known[i].absolute
        if error is None:
            return Known(condition, None, None)
        inherited = inherited + carried(node, slope, error)
    absolute = inherited + rounding(node, graph, value, sum(terms.values(), start=nothing))
    if np.isnan(absolute).any():
        return Known(condition, None, None)
    if state == "underflow":
        absolute = absolute + SMALLEST
    return Known(condition, largest_ratio(absolute, value, EPS) or 0.0, absolute)


def grouped(
    node: Node, twins: Sequence[int], values: Sequence[Value], partials: Sequence[Map | None]
) -> dict[int, Any] | None:
    """The slope by each node that is read, summed over twins; None for a map too large to build.

    That of a pointwise operation is the diagonal of its Jacobian, that of any other the whole of it.
    """
    assert node.op is not None
    slopes: dict[int, Any] = {}
    for source, partial in zip(node.inputs, partials, strict=True):
        if partial is None:
            continue
        slope = 1.0 if node.op.stops else slope_of(partial, np.shape(values[source]), node.shape)
        if slope is None:
            return None
        twin = twins[source]
        slopes[twin] = slopes[twin] + slope if twin in slopes else slope
    return slopes


def slope_of(partial: Map, source: Shape, out: Shape) -> Any:
    """A local partial or map as an array; None where that is too large."""
    if isinstance(partial, Diagonal):
        return partial.partial
    if not isinstance(partial, Mixing):
        return partial
    columns = prod(source)
    if columns > COLUMNS or columns * prod(out) > ENTRIES:
        return None
    pushed = [np.asarray(partial * unit) for unit in units(source)]
    return np.reshape(np.stack(pushed, axis=-1) if pushed else np.zeros(0), (*out, *source))


def carried(node: Node, slope: Any, errors: Any) -> Any:
    """What absolute errors of an argument become: times the size of the slope. An exact argument carries nothing."""
    assert node.op is not None
    size = np.abs(slope)
    if node.op.pointwise:
        return np.where(np.equal(errors, 0), 0.0, size * errors)
    return np.tensordot(size, errors, np.ndim(errors))


def rounding(node: Node, graph: Graph, value: Value, terms: Any) -> Any:
    """The absolute error that the operation itself adds."""
    op = node.op
    assert op is not None
    if op.pointwise:
        units_of_eps = 0.0 if op.name in EXACT else 0.5 if op.name in ROUNDED else 1.0
        return units_of_eps * EPS * np.abs(value)
    cost = op.cost(*[graph.nodes[i].shape for i in node.inputs], **(node.params or {}))
    return 0.5 * EPS * cost / max(1, prod(node.shape)) * terms


def largest_ratio(terms: Any, value: Value, unit: float = 1.0) -> float | None:
    """The largest of terms / (unit * |value|), element by element; None where every one would be 0 / 0."""
    size = np.abs(value)
    there = (size > 0) | (terms > 0)
    if not np.any(there):
        return None
    return float(np.max((terms / (unit * size))[there]))


def digits(magnified: float | None) -> float | None:
    """The decimal digits that a magnification of relative errors costs."""
    return None if magnified is None else log10(max(magnified, 1.0))


def left(error: float | None) -> float | None:
    """The decimal digits that a relative error, in eps, leaves."""
    return None if error is None else max(0.0, DIGITS - log10(max(error, 1.0)))
