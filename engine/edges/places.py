"""Which nodes of a function sit exactly at a kink, at the point that was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.edges.records import KinkReport, Say, Trouble
from engine.edges.run import Run
from engine.edges.troubles import masked_by
from engine.explain.columns import Message
from engine.graph import Node
from engine.maps import arguments
from engine.primitive import NONE
from engine.values import some


class Corner(NamedTuple):
    """Where operations have a kink: `here(node, y, *xs)` says whether it, or an element of it, is there."""

    row: str
    ops: tuple[str, ...]
    here: Callable[..., Any]


def at_zero(node: Node, y: Any, x: Any, *_: Any) -> Any:
    """The argument is 0."""
    return np.equal(x, 0)


def equal(node: Node, y: Any, a: Any, b: Any) -> Any:
    """Both arguments are the same."""
    return np.equal(a, b)


def whole(node: Node, y: Any, x: Any) -> Any:
    """The argument is where the steps are."""
    return np.equal(x, np.floor(x))


def both_zero(node: Node, y: Any, a: Any, b: Any) -> Any:
    """The point is the origin."""
    return np.equal(a, 0) & np.equal(b, 0)


def vanishing(node: Node, y: Any, *xs: Any) -> Any:
    """The value is 0, the least that it can be."""
    return np.equal(y, 0)


def tied(node: Node, y: Any, *xs: Any) -> Any:
    """Several elements share the derivative of the largest or the smallest."""
    assert node.op is not None
    shares = node.op.pull(0, np.ones_like(y), y, xs, node.params or NONE)
    return np.greater(shares, 0) & np.less(shares, 1)


def is_literal(run: Run, node: int) -> bool:
    """Is a node a constant?"""
    return run.graph.nodes[node].const is not None


CORNERS = (
    Corner("abs", ("abs",), at_zero),
    Corner("relu", ("relu",), at_zero),
    Corner("leaky_relu", ("leaky_relu",), at_zero),
    Corner("sign", ("sign",), at_zero),
    Corner("heaviside", ("heaviside",), at_zero),
    Corner("floor", ("floor",), whole),
    Corner("ceil", ("ceil",), whole),
    Corner("maximum", ("maximum",), equal),
    Corner("minimum", ("minimum",), equal),
    Corner("amax", ("amax", "max_pool2d"), tied),
    Corner("amin", ("amin",), tied),
    Corner("clip", ("clip",), lambda node, y, x, low, high: np.equal(x, low) | np.equal(x, high)),
    Corner("hinge", ("hinge",), lambda node, y, x, labels: np.equal(x * labels, 1)),
    Corner("sqrt", ("sqrt",), at_zero),
    Corner("cbrt", ("cbrt",), at_zero),
    Corner("log", ("log", "log2", "log10"), at_zero),
    Corner("asin", ("asin", "acos"), lambda node, y, x: np.equal(np.abs(x), 1)),
    Corner("power_root", ("power",), lambda node, y, x, n: np.equal(x, 0) & np.greater(n, 0) & np.less(n, 1)),
    Corner("power_zero", ("power",), both_zero),
    Corner("xlogy", ("xlogy",), both_zero),
    Corner("norm", ("norm",), vanishing),
    Corner("hypot", ("hypot",), both_zero),
    Corner("atan2", ("atan2",), both_zero),
    Corner("std", ("std",), vanishing),
)
MASKED = {"sqrt": "where_sqrt", "log": "where_log", "div": "where_reciprocal", "reciprocal": "where_reciprocal"}
"""The row of an operation whose slope is infinite in a branch that `where` leaves out."""


def kinks_of(run: Run, found: Sequence[Trouble], say: Say | None) -> list[KinkReport]:
    """The nodes that the derivative goes through and that are at a kink, and the inputs that nothing connects."""
    rows: list[tuple[int, str]] = []
    for node in run.graph.nodes:
        if node.op is not None and run.moving[node.id] and run.leads[node.id]:
            rows += [(node.id, row) for row in rows_of(run, node)]
    for trouble in found:
        mask = masked_by(run, trouble.node) if trouble.cause == "masked" else None
        name = repr(run.graph.nodes[trouble.node].op)
        if mask is not None and repr(run.graph.nodes[mask].op) == "where" and name in MASKED:
            rows.append((trouble.node, MASKED[name]))
    rows += [(node, "unconnected") for node in run.wrt if not run.leads[node]]
    return [
        KinkReport(node, row, say(Message(f"kink.{row}", {"node": run.called(node)})) if say else None)
        for node, row in dict.fromkeys(rows)
    ]


def rows_of(run: Run, node: Node) -> list[str]:
    """The rows of the table at which an operation is."""
    corners = [corner for corner in CORNERS if repr(node.op) in corner.ops]
    if not corners:
        return []
    y, xs = run.values[node.id], arguments(node, run.values)
    with np.errstate(all="ignore"):
        rows = [corner.row for corner in corners if some(corner.here(node, y, *xs))]
    kind = "integer" if is_literal(run, node.inputs[-1]) else "float"
    return [f"{row}_{kind}" if row == "power_zero" else row for row in rows]
