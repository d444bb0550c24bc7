"""Symbolic differentiation: the laws of calculus, one at a time, on a formula; and how it swells.

The formula is read as on paper, as a tree: what a program computes once and reads twice is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine import limits
from engine.derive import gradient_graph, simplified
from engine.errors import EngineError
from engine.graph import Graph
from engine.methods.chalk import RuleStep, written_down
from engine.methods.laws import Board, carried_out, check
from engine.methods.trees import assembled, iterated, operations, tree_size, unfolded

__all__ = ["RuleStep", "Sizes", "Swell", "Symbolic", "swell", "symbolic"]

EXACT = 2**53
"""Counts up to this are exact in every reader of JSON."""


class Sizes(NamedTuple):
    """Operations of the function and of its derivative: raw and simplified as trees, and with everything shared."""

    function: int
    raw: int
    simplified: int
    shared: int


class Symbolic(NamedTuple):
    """The derivative as the laws give it, simplified, and with common subexpressions shared; and the steps to it.

    Of `steps` the first are written down, and `unwritten` more were taken.
    """

    steps: list[RuleStep]
    derivative: Graph
    simplified: Graph
    shared: Graph
    sizes: Sizes
    unwritten: int


class Swell(NamedTuple):
    """By depth (how often the formula is applied): operations of the function, its derivatives, the reverse pass."""

    depth: list[int]
    function: list[int]
    raw: list[int]
    simplified: list[int]
    shared: list[int]
    reverse: list[int]


def symbolic(graph: Graph, name: str, limit: int = limits.SYMBOLIC_NODES) -> Symbolic:
    """Differentiate the first output by the input `name`; other inputs are constants.

    Raises EngineError `not_symbolic` for arrays, `expression_swell` where a tree has more than `limit` operations.
    """
    board = Board(graph, check(graph, name))
    order = carried_out(board)
    raw = assembled(board, order)
    if max(tree_size(graph), tree_size(raw)) > limit:
        raise EngineError("expression_swell", hint="share_subexpressions", limit=limit)
    shared = simplified(raw)
    steps = written_down(board, order, limits.SYMBOLIC_STEPS)
    return Symbolic(steps, unfolded(raw), unfolded(shared), shared, sizes(graph, raw, shared), len(order) - len(steps))


def sizes(graph: Graph, raw: Graph, shared: Graph) -> Sizes:
    """Sizes, counted without writing any tree."""
    return Sizes(tree_size(graph), tree_size(raw), tree_size(shared), operations(shared))


def swell(graph: Graph, name: str, depths: Iterable[int], limit: int = limits.SWELL_OPERATIONS) -> Swell:
    """How the derivative of f(f(... f(x))) grows with the depth, as far as the operations computed stay below `limit`.

    At depth 0 it is x itself. Raises EngineError `not_symbolic` for arrays.
    """
    check(graph, name)
    found = Swell([], [], [], [], [], [])
    for depth in depths:
        if depth * operations(graph) > limit:
            break
        deep = iterated(graph, name, depth)
        board = Board(deep, deep.inputs[name])
        raw = assembled(board, carried_out(board))
        counted = sizes(deep, raw, simplified(raw))
        if max(counted) > EXACT:
            break
        row = (depth, *counted, operations(gradient_graph(deep, [name])))
        for column, count in zip(found, row, strict=True):
            column.append(count)
    return found
