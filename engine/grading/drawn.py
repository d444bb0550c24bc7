"""Formulas drawn from a seed, for variants of a task."""

from __future__ import annotations

from engine import writing
from engine.grading.draw import Draw
from engine.graph import Builder, Graph
from engine.primitive import REGISTRY

UNARY = ("sin", "cos", "tanh", "square")
BINARY = ("add", "mul", "sub", "mul")


def graph(draw: Draw, operations: int, names: str = "xyz") -> Graph:
    """A graph of about `operations` operations, of which each leads to the output. Its values are tame."""
    builder = Builder()
    inputs = [builder.input(name) for name in names[: draw.integer(2, len(names))]]
    waiting = draw.shuffled(inputs)
    enough = len(inputs) + operations
    while len(builder.nodes) < enough or len(waiting) > 1:
        first = waiting.pop(draw.below(len(waiting)))
        if len(builder.nodes) < enough and draw.below(3) == 0:
            waiting.append(builder.apply(REGISTRY[draw.choice(UNARY)], (first,)))
        else:
            second = waiting.pop(draw.below(len(waiting))) if waiting else draw.choice(inputs)
            op = draw.choice(BINARY) if first != second else "mul"
            waiting.append(builder.apply(REGISTRY[op], (first, second)))
        if len(builder.nodes) < enough and draw.below(2) == 0:
            waiting.append(draw.choice(range(len(builder.nodes))))
    return Graph(builder.nodes, waiting)


def formula(draw: Draw, operations: int) -> str:
    """The same as one formula, or as a Wengert list in which nodes are read more than once."""
    found = graph(draw, operations)
    return writing.expression(found) if draw.below(2) else writing.program(found)
