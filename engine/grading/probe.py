"""Points close to where a formula bends, jumps or ends, so that each of its pieces is compared.

From the points that are nearest to such a place, smaller and smaller boxes are searched for nearer ones, and all points
that are met on the way are points of comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from engine.grading.draw import Draw
from engine.grading.points import Interval, Points, decimal
from engine.grading.surfaces import Surface, distances, surfaces
from engine.grading.walk import Walk
from engine.graph import Graph

DENSE = 240
"""Points more for a formula that is put together of several."""
BOX = 16
"""Points in a box."""
ROUNDS = 11
"""Boxes, each a quarter as wide as the one before: from an eighth of the domain to less than a millionth."""
STARTS = 3
"""Places to start from for each operation."""
MOST = 24
"""Places to start from altogether."""
WORK, DRAWN, WALKED = 20_000, 50, 8
"""What all boxes may cost, and what one does for each input and each node: about microseconds."""
CLOSE = 0.02
"""How near to its end an operation must come, beside how far it usually is, to be followed there."""


def boxes(draw: Draw, graph: Graph, output: int, points: Points, domain: Mapping[str, Interval]) -> Iterator[Points]:
    """The points of smaller and smaller boxes around the places where a graph of numbers may bend, jump or end."""
    places = surfaces(graph, output)
    if not places:
        return
    walk = Walk(graph, output)
    count = len(next(iter(points.values())))
    with np.errstate(all="ignore"):
        far = distances(places, walk.values(points), count)
    for place, at in starts(places, far, points)[: affordable(graph)]:
        yield from narrowing(draw, walk, place, {name: float(column[at]) for name, column in points.items()}, domain)


def starts(places: Sequence[Surface], far: Sequence[Any], points: Points) -> list[tuple[Surface, int]]:
    """The places to start from: a surface, and the number of a point; the nearest to each surface come first."""
    first, *others = points.values()
    order = np.arange(len(first)) if others else np.argsort(first)
    found: list[tuple[int, Surface, int]] = []
    for place, each in zip(places, far, strict=True):
        line = np.concatenate([[inf], np.nan_to_num(each, nan=inf, posinf=inf)[order], [inf]])
        inner = line[1:-1]
        low = float(inner.min())
        if low == inf or not (place.switch or low < CLOSE * float(inner.mean())):
            continue
        lowest = np.flatnonzero((inner <= line[:-2]) & (inner <= line[2:])) if not others else np.arange(len(inner))
        best = lowest[np.argsort(inner[lowest], kind="stable")][:STARTS]
        found += [(rank, place, int(order[at])) for rank, at in enumerate(best)]
    return [(place, at) for _, place, at in sorted(found, key=lambda start: start[0])]


def affordable(graph: Graph) -> int:
    """How many places a formula can be followed to: fewer for a long one, and for one of many inputs."""
    inputs = len(graph.inputs)
    rounds = ROUNDS if inputs == 1 else 2 * ROUNDS
    return max(2, min(MOST, WORK // (rounds * (DRAWN * inputs + WALKED * len(graph.nodes)))))


def narrowing(
    draw: Draw, walk: Walk, place: Surface, at: dict[str, float], domain: Mapping[str, Interval]
) -> Iterator[Points]:
    """Boxes around a point, each around what was nearest to the surface in all before."""
    single = len(at) == 1
    radius = {name: size(x, domain.get(name)) / 8 for name, x in at.items()}
    nearest = inf
    for _ in range(ROUNDS if single else 2 * ROUNDS):
        box = {
            name: np.array([inside(draw, x, radius[name], domain.get(name)) for _ in range(BOX)])
            for name, x in at.items()
        }
        yield box
        with np.errstate(all="ignore"):
            far = np.nan_to_num(distances([place], walk.values(box), BOX)[0], nan=inf, posinf=inf)
        best = int(np.argmin(far))
        if far[best] < nearest:
            nearest = float(far[best])
            at = {name: float(column[best]) for name, column in box.items()}
        radius = {name: width / (4 if single else 2) for name, width in radius.items()}


def size(x: float, interval: Interval | None) -> float:
    """The width of a domain; without one, of the magnitude of the point."""
    return interval[1] - interval[0] if interval else 4 * max(abs(x), 0.1)


def inside(draw: Draw, x: float, radius: float, interval: Interval | None) -> float:
    """A decimal near x, inside the domain."""
    low, high = x - radius, x + radius
    if interval:
        low, high = max(low, interval[0]), min(high, interval[1])
    return decimal(draw, (low, high)) if low < high else x
