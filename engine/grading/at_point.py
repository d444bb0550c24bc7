"""A point in words, points that are mistaken for it, and formulas with points, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from engine import writing
from engine.api import parsed
from engine.grading import drawn
from engine.grading.draw import Draw
from engine.graph import spelled
from engine.values import Value, is_array

LOOKED_AT = 8
"""Inputs up to which exchanged ones and other seeds are simulated."""
WRITTEN = 16
"""Elements up to which an array is written out."""


def exchanged(point: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """The point with the values of two inputs in each other's place."""
    names = [name for name in point if not is_array(point[name])][:LOOKED_AT]
    for a, b in combinations(names, 2):
        if point[a] != point[b]:
            yield {**point, a: point[b], b: point[a]}


def at(point: Mapping[str, Value]) -> str:
    """A point in words."""
    return ", ".join([f"{name} = {said(item)}" for name, item in point.items()]) or "-"


def said(item: Value) -> str:
    """A number as a person writes it, an array as nested lists if it is small, else its shape."""
    if is_array(item):
        return str(item.tolist()) if item.size <= WRITTEN else spelled(item.shape)
    return repr(float(item)).removesuffix(".0")


def problem(draw: Draw) -> tuple[str, dict[str, Any]]:
    """A formula or a Wengert list, and a point of few digits."""
    graph = drawn.graph(draw, draw.integer(3, 6))
    source = writing.program(graph) if draw.below(2) else writing.expression(graph)
    return source, {name: draw.integer(1, 24) / 8 for name in parsed(source).inputs}
