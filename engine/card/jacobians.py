"""The Jacobian that would be: its entries where they can be drawn, and which of them are zero by structure."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import latex
from engine.blocks import units
from engine.card.around import Around
from engine.card.products import Say
from engine.card.records import CardBlock, Structure
from engine.explain.columns import Message
from engine.explain.symbols import literals_of, partial_symbols
from engine.graph import Node
from engine.maps import Diagonal, Map, local_map
from engine.primitive import NONE, Elementwise

DRAWN = 24
"""Rows and columns up to which the entries are computed."""
TEXTBOOK = frozenset(
    "matmul.0.22 matmul.1.22 matmul.0.21 matmul.1.21 matmul.0.12 matmul.1.12 matmul.0.11 matmul.1.11 outer.0.11 "
    "outer.1.11 solve.1.21 solve.1.22 inv.0.2 det.0.2 logdet.0.2 trace.0.2 softmax.0.1 softmax.0.2 log_softmax.0.1 "
    "cumsum.0.1 sum.0.1 sum.0.2 mean.0.1 mean.0.2 prod.0 norm.0.1 logsumexp.0.1 mse.0.11 mse.1.11 cross_entropy.0.10 "
    "cross_entropy.0.11 cross_entropy.0.21 cross_entropy.0.22 transpose.0 flip.0 roll.0 broadcast_to.0 sum_to.0 "
    "conv1d.0 conv1d.1 conv2d.0 conv2d.1 avg_pool2d.0".split()
)
"""What textbooks know the Jacobian of: the operation, the argument, and perhaps the ranks of all arguments."""
Matrix = NDArray[np.float64]
Pattern = NDArray[np.bool_]


class Found(NamedTuple):
    """What is known of a block: its entries, which of them may be other than 0, how many may not, how these lie."""

    entries: Matrix | None
    possible: Pattern | None
    empty: int | None
    structure: Structure
    block: tuple[int, int] | None = None
    ones: bool = False


def block(around: Around, node: Node, argnum: int, flat: bool, say: Say | None) -> CardBlock | None:
    """The Jacobian of a node by one argument; `flat` says that its rule is zero, as for labels, which have none."""
    op, graph = node.op, around.graph
    assert op is not None
    if flat and not op.pointwise:
        return None
    source = graph.nodes[node.inputs[argnum]]
    xs = [np.float64(x) if isinstance(x, float) else x for x in (around.values[i] for i in node.inputs)]
    local = local_map(op, argnum, around.values[node.id], xs, node.params or NONE)
    rows, columns = prod(node.shape), prod(source.shape)
    if flat or not rows * columns:
        found = nothing(rows, columns)
    elif isinstance(local, Diagonal):
        found = stretched_diagonal(local, symbol(around, node, argnum) == "1")
    elif max(rows, columns) <= DRAWN:
        found = drawn(node, argnum, xs, local)
    else:
        found = sounded(node, argnum, xs)
    name = f"\\frac{{\\partial {around.called(node.id)}}}{{\\partial {around.called(source.id)}}}"
    caption = None if say is None else say(sentence(around, node, argnum, found))
    return CardBlock(argnum, name, rows, columns, spelled(found), found.empty, found.structure, found.block, caption)


def spelled(found: Found) -> list[list[float | None]] | None:
    """The entries, None where they are zero by structure."""
    if found.entries is None or found.possible is None:
        return None
    rows = zip(found.entries.tolist(), found.possible.tolist(), strict=True)
    return [[entry if there else None for entry, there in zip(*row, strict=True)] for row in rows]


def nothing(rows: int, columns: int) -> Found:
    """A block of zeros: the argument has no influence on the slope."""
    if max(rows, columns) > DRAWN:
        return Found(None, None, rows * columns, "empty")
    return Found(np.zeros((rows, columns)), np.zeros((rows, columns), dtype=bool), rows * columns, "empty")


# ---- pointwise operations: a diagonal, stretched by broadcasting ----


def stretched_diagonal(local: Diagonal, ones: bool) -> Found:
    """Each element of the output depends on one element of the argument, so one entry of each row is possible.

    `ones` says that the partial is 1 wherever one looks, not by chance.
    """
    rows, columns = prod(local.out), prod(local.source)
    column = np.broadcast_to(np.arange(columns).reshape(local.source), local.out).ravel()
    structure, size = by_columns(column, columns, ones)
    entries = possible = None
    if max(rows, columns) <= DRAWN:
        possible = column[:, None] == np.arange(columns)
        partial = np.broadcast_to(local.partial, local.out).reshape(rows, 1)
        entries = np.where(possible, partial, 0.0)
    return Found(entries, possible, rows * (columns - 1), structure, size, ones)


def by_columns(column: Any, columns: int, ones: bool) -> tuple[Structure, tuple[int, int] | None]:
    """The structure of a block from the column of each row's entry."""
    rows = len(column)
    if rows == columns:
        return "diagonal", None
    if columns == 1:
        return "dense", None
    if ones:
        return "selection", None
    height = rows // columns
    if np.array_equal(column, np.arange(rows) // height):
        return "blocks", (height, 1)
    return "sparse", None


# ---- operations that mix elements ----


def drawn(node: Node, argnum: int, xs: list[Any], local: Map) -> Found:
    """Every entry, a column at a time: the map applied to a unit, and a NaN sent through to see where it may arrive."""
    columns = [np.ravel(local * unit) for unit in units(np.shape(xs[argnum]))]
    marks = [touched(node, argnum, xs, place) for place in range(len(columns))]
    entries = np.stack(columns, axis=1)
    possible = np.stack(marks, axis=1) | (entries != 0)
    structure, size = by_pattern(entries, possible)
    return Found(entries, possible, int((~possible).sum()), structure, size, bool((entries == 1).all(where=possible)))


def touched(node: Node, argnum: int, xs: list[Any], place: int) -> Pattern:
    """Which elements of the output depend on one element of an argument: those that a NaN in its place reaches."""
    assert node.op is not None
    probe = np.array(xs[argnum], dtype=float)
    probe.flat[place] = np.nan
    with np.errstate(all="ignore"):
        found = node.op.value(*xs[:argnum], probe[()], *xs[argnum + 1 :], **(node.params or NONE))
    reached: Pattern = np.isnan(found).ravel()
    return reached


def sounded(node: Node, argnum: int, xs: list[Any]) -> Found:
    """Of a block too large to draw, one column: if all of it is possible, the block is taken to be dense."""
    full = touched(node, argnum, xs, np.size(xs[argnum]) // 2).all()
    return Found(None, None, None, "dense" if full else "sparse")


def by_pattern(entries: Matrix, possible: Pattern) -> tuple[Structure, tuple[int, int] | None]:
    """The name for how the possible entries lie, and the size of blocks on the diagonal."""
    rows, columns = possible.shape
    square = rows == columns
    if not possible.any():
        return "empty", None
    if square and not off_diagonal(possible).any():
        return "diagonal", None
    if possible.all():
        return "dense", None
    if (possible.sum(axis=1) <= 1).all() and (entries[possible] == 1).all():
        return "selection", None
    for count in range(min(rows, columns), 1, -1):
        if not rows % count and not columns % count and in_blocks(possible, count):
            return "blocks", (rows // count, columns // count)
    if square and not np.triu(possible, 1).any():
        return "lower", None
    if square and not np.tril(possible, -1).any():
        return "upper", None
    return "sparse", None


def off_diagonal(possible: Pattern) -> Pattern:
    """The same without the diagonal."""
    return possible & ~np.eye(len(possible), dtype=bool)


def in_blocks(possible: Pattern, count: int) -> bool:
    """Do all possible entries lie in so many equal blocks on the diagonal?"""
    rows, columns = possible.shape
    inside = np.kron(np.eye(count), np.ones((rows // count, columns // count))).astype(bool)
    return not (possible & ~inside).any()


# ---- in words ----


def sentence(around: Around, node: Node, argnum: int, found: Found) -> Message:
    """What the block looks like, as textbooks put it, or else by its structure."""
    op, graph = node.op, around.graph
    assert op is not None
    first = node.inputs[:2]  # a list may have thousands
    ranks = "".join(str(len(graph.nodes[i].shape)) for i in first)
    words = {f"x{k}": around.called(i) for k, i in enumerate(first)}
    words |= {"node": around.called(node.id), "source": around.called(node.inputs[argnum])}
    words["block"] = latex.shape(found.block or ())
    name = f"{'matmul' if op.name == 'dot' else op.name}.{argnum}"
    for textbook in (f"{name}.{ranks}", name):
        if textbook in TEXTBOOK:
            return Message(f"card.textbook.{textbook}", words)
    kind: str = found.structure
    if kind == "diagonal":
        kind = "number" if prod(node.shape) == 1 else "identity" if found.ones else kind
    if not isinstance(op, Elementwise):
        return Message(f"card.block.{kind}", words)
    words["partial"] = symbol(around, node, argnum)
    return Message(f"card.block.{kind}.pointwise", words)


def symbol(around: Around, node: Node, argnum: int) -> str:
    """The partial of a pointwise operation by one argument, in LaTeX."""
    assert isinstance(node.op, Elementwise)
    rules = partial_symbols(node.op, tuple(literals_of(around.graph, node)))
    return rules[argnum]([around.called(i) for i in node.inputs], around.called(node.id))
