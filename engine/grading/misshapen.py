"""The shapes that known mistakes give: a lost axis, a vector taken for a column, a broadcast that was not summed back.

Each mistake is simulated on the shapes a node reads, as the student had them, and named only where it gives her shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.graph import Graph
from engine.primitive import Primitive, Shape, ShapeError

KEEPS = "keepdims"


def value(op: Primitive, read: Sequence[Shape], params: Mapping[str, Any], right: Shape) -> Iterator[tuple[str, Shape]]:
    """The wrong shapes of an operation on arguments of the shapes `read`; the simplest mistake goes first."""
    if "axis" in op.statics:
        yield from reduced(op, read, params, right)
    if op.name == "matmul":
        yield from multiplied(*read)
    if op.pointwise and len(read) > 1:
        for shape in read:
            if shape != right:
                yield "not_stretched", shape
        if len(read) == 2 and len(read[0]) == len(read[1]) == 2 and read[0][1] == read[1][0]:
            yield "matrix_for_elementwise", (read[0][0], read[1][1])
        if any(read):
            for order in (read, read[::-1]):
                yield "concatenated", tuple([extent for shape in order for extent in shape])
    if op.name in ("transpose", "permute"):
        for shape in read:
            if shape != right:
                yield "not_transposed", shape
    yield from reread(right)


def reduced(
    op: Primitive, read: Sequence[Shape], params: Mapping[str, Any], right: Shape
) -> Iterator[tuple[str, Shape]]:
    """A reduction along another axis, or along all; with its axis kept where it goes, or lost where it stays."""
    if KEEPS in op.statics:
        kept = bool(params.get(KEEPS, False))
        shape = inferred(op, read, {**params, KEEPS: not kept})
        if shape is not None:
            yield ("lost_axis" if kept else "kept_axis"), shape
    for axis in range(len(read[0])):
        shape = inferred(op, read, {**params, "axis": axis})
        if shape is not None and shape != right:
            yield "wrong_axis", shape
    if params.get("axis") is not None and right != () and KEEPS in op.statics:
        yield "all_axes", ()


def multiplied(first: Shape, second: Shape) -> Iterator[tuple[str, Shape]]:
    """A matrix product that keeps what it sums over, or is taken element by element."""
    if not first or not second:
        return
    outer = first[-1:]
    for shape in dict.fromkeys((first, second, first + second, (*first[:-1], *outer, *second[1:]), outer)):
        yield "inner_dimension", shape


def reread(right: Shape) -> Iterator[tuple[str, Shape]]:
    """The right shape backwards; a vector as a row or a column; without an axis of one, or with one more."""
    if len(right) > 1:
        yield "transposed_shape", right[::-1]
    if len(right) == 1:
        yield "row_or_column", (1, *right)
        yield "row_or_column", (*right, 1)
    for axis, extent in enumerate(right):
        if extent == 1:
            yield "lost_axis", right[:axis] + right[axis + 1 :]
    for axis in range(len(right) + 1):
        yield "kept_axis", (*right[:axis], 1, *right[axis:])


def adjoint(graph: Graph, node: int) -> Iterator[tuple[str, Shape]]:
    """The wrong shapes of an adjoint: that of what reads the node, which was not summed back; or its own, reread."""
    right = graph.nodes[node].shape
    for user in dict.fromkeys(graph.users[node]):
        op = graph.nodes[user].op
        shape = graph.nodes[user].shape
        if shape != right and op is not None:
            yield ("unsummed_shape" if op.pointwise and len(shape) >= len(right) else "users_shape"), shape
    yield from reread(right)


def inferred(op: Primitive, read: Sequence[Shape], params: Mapping[str, Any]) -> Shape | None:
    """The shape of an operation, None where it cannot work on these."""
    try:
        return op.shape(*read, **params)
    except ShapeError:
        return None
