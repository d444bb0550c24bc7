"""Patterns: formulas whose letters stand for any nodes, and whether one occurs at a node of a graph."""

from __future__ import annotations

from functools import lru_cache

from engine.graph import Graph
from engine.syntax import parse

Binding = dict[str, int]
"""Which node of the graph stands for each letter."""


@lru_cache(maxsize=1024)
def parsed(source: str) -> Graph:
    """A source of a table; formulas may name an extent, so not all can be kept."""
    return parse(source)


def unified(pattern: Graph, at: int, graph: Graph, node: int, bound: Binding, statics: bool = True) -> bool:
    """Does the pattern from its node `at` down occur at `node`? A letter stands for one node wherever it occurs.

    Without `statics`, operations may differ in theirs, such as an axis.
    """
    wanted, given = pattern.nodes[at], graph.nodes[node]
    if wanted.name is not None:
        return bound.setdefault(wanted.name, node) == node
    if wanted.op is None:
        return (
            given.op is None and given.params is None and isinstance(given.const, float) and given.const == wanted.const
        )
    if wanted.op is not given.op or (statics and (wanted.params or {}) != (given.params or {})):
        return False
    return len(wanted.inputs) == len(given.inputs) and all(
        unified(pattern, inner, graph, outer, bound, statics)
        for inner, outer in zip(wanted.inputs, given.inputs, strict=True)
    )
