"""Points with the values of a formula there, and what rounding may have done to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.grading.points import Points, chosen, joined
from engine.grading.walk import EPS, Walk, tensors
from engine.graph import Graph
from engine.values import Array


class Lot(NamedTuple):
    """Points, the subject's values there, and what rounding may have done to each: None if that is not known."""

    points: Points
    values: Array
    errors: Any

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.values)


def values_at(graph: Graph, output: int, points: Points, count: int) -> Array:
    """The values of a node at points: an array of shape (count, *its shape)."""
    if graph.tensors:
        return tensors(graph, output, points, count)
    with np.errstate(all="ignore"):
        return np.array(np.broadcast_to(Walk(graph, output).values(points)[output], (count,)), dtype=float)


def rounding(graph: Graph, output: int, points: Points, count: int) -> Any:
    """What rounding may add up to at each point; not known for arrays."""
    if graph.tensors:
        return None
    with np.errstate(all="ignore"):
        walk = Walk(graph, output)
        return np.broadcast_to(EPS * walk.bound(walk.values(points)), (count,))


def some(lot: Lot, which: Sequence[int]) -> Lot:
    """Some points of a lot."""
    keep = list(which)
    return Lot(chosen(lot.points, keep), lot.values[keep], None if lot.errors is None else lot.errors[keep])


def together(lots: Sequence[Lot]) -> Lot:
    """Several lots as one."""
    errors = None if lots[0].errors is None else np.concatenate([lot.errors for lot in lots])
    return Lot(joined([lot.points for lot in lots]), np.concatenate([lot.values for lot in lots]), errors)
