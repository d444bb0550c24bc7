"""Points at which formulas are compared: decimals of few digits, drawn from a seed, spread over the whole domain.

Each input is stratified, and the strata of several inputs are paired at random (Latin hypercube sampling: McKay,
Beckman and Conover, Technometrics 21(2), 1979). The last digit of a point is 1, 3, 7 or 9, so that none is a whole
number, a half or another place where different formulas like to agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from itertools import pairwise
from math import floor, isfinite, log10, prod

import numpy as np

from engine.errors import EngineError
from engine.grading.draw import Draw
from engine.graph import Graph
from engine.primitive import Shape
from engine.values import Array

Interval = tuple[float, float]
Points = dict[str, Array]
"""For each input an array of shape (count, *shape)."""
BANDS: tuple[Interval, ...] = (
    (0.3, 0.7), (-0.7, -0.3), (1.2, 2.0), (-2.0, -1.2), (0.03, 0.3), (-0.3, -0.03), (2.8, 4.0), (-4.0, -2.8),
    (0.7, 1.2), (-1.2, -0.7), (2.0, 2.8), (-2.8, -2.0), (0.1, 0.5), (-0.5, -0.1), (4.0, 6.0), (-6.0, -4.0),
)  # fmt: skip
"""Where an input without a domain is drawn: both signs, several magnitudes."""
DIGITS = 3
"""Digits to which the width of a stratum is resolved."""
LAST = (1, 3, 7, 9)
RIM = 1 / 256
"""The part of a domain at each end that has a point of its own."""


def fingerprint(graph: Graph, output: int) -> int:
    """A number that depends on all of a formula, so that the points of one task tell nothing about another's."""
    parts = [f"{output}"]
    for node in graph.nodes:
        const = None if node.const is None else np.asarray(node.const).tolist()
        parts.append(f"{node.name}|{node.op}|{node.inputs}|{const}|{node.shape}|{node.params}")
    return int.from_bytes(blake2b("\n".join(parts).encode(), digest_size=8).digest(), "big")


def checked(domain: Mapping[str, Sequence[float]], names: Sequence[str]) -> dict[str, Interval]:
    """The intervals of a domain. Raises EngineError `bad_domain`, and `unexpected_input` for an unknown name."""
    found = {}
    for name, interval in domain.items():
        if name not in names:
            raise EngineError("unexpected_input", name=name, expected=", ".join(names) or "-")
        try:
            low, high = map(float, interval)
        except (TypeError, ValueError, OverflowError):
            low = high = 0.0
        if not low < high or not isfinite(high - low):
            raise EngineError("bad_domain", None, "domain_form", name=name)
        found[name] = low, high
    return found


def strata(interval: Interval | None, count: int) -> list[Interval]:
    """`count` intervals that cover a domain; without a domain, the bands of magnitudes, each cut if there are more."""
    if interval is None:
        parts = [strata(band, -(-count // len(BANDS))) for band in BANDS]
        return [part for same in zip(*parts, strict=True) for part in same][:count]
    low, high = interval
    cuts = [*[low + (high - low) * (k / count) for k in range(count)], high]
    return list(pairwise(cuts))


def covering(interval: Interval | None, count: int) -> list[Interval]:
    """The same, with two of them close to the ends of a domain."""
    if interval is None or count < 4:
        return strata(interval, count)
    low, high = interval
    rim = (high - low) * RIM
    return [(low, low + rim), *strata((low + rim, high - rim), count - 2), (high - rim, high)]


def decimal(draw: Draw, interval: Interval) -> float:
    """A decimal inside an interval, of as few digits as resolve it, the last of them 1, 3, 7 or 9."""
    low, high = interval
    places = DIGITS - floor(log10(high - low))
    tens = Decimal(1).scaleb(1 - places)
    first, last = int(Decimal(low) / tens), int(Decimal(high) / tens)
    number = (first + draw.below(last - first)) * 10 + draw.choice(LAST)
    found = float(Decimal(number).scaleb(-places))
    return found if low < found < high else low + (high - low) / 2


def drawn(draw: Draw, domain: Mapping[str, Interval], shapes: Mapping[str, Shape], count: int) -> Points:
    """`count` points, of which each input has one in each of its strata."""
    found = {}
    for name, shape in shapes.items():
        cells = prod(shape)
        columns = [
            [decimal(draw, part) for part in draw.shuffled(covering(domain.get(name), count))] for _ in range(cells)
        ]
        found[name] = np.array(columns).reshape(cells, count).T.reshape(count, *shape)
    return found


def chosen(points: Points, which: Sequence[int]) -> Points:
    """Some of the points."""
    return {name: column[list(which)] for name, column in points.items()}


def joined(parts: Sequence[Points]) -> Points:
    """Several lots of points as one."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
