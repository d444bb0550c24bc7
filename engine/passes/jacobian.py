"""The Jacobian, pass by pass: one evaluation, then a column for each forward pass or a row for each reverse pass.

Griewank and Walther, Evaluating Derivatives (2008), sections 3.1 and 3.2. Every pass reads the same recorded maps, and
its seed is a vector of the standard basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine import limits
from engine.blocks import FORWARD, REVERSE, Blocks, cheaper, check_entries, elements, from_columns, from_rows, units
from engine.errors import EngineError
from engine.events import JacobianColumn, JacobianRow
from engine.graph import Graph, zeros
from engine.passes.evaluate import Partials, linearise
from engine.passes.forward import pushed
from engine.passes.sweep import sweep
from engine.primitive import Shape
from engine.shapes import work_of
from engine.trace import Steps, finish
from engine.values import Value

RECORD = (
    ("v[inputs] = x", "i"),
    ("for i in tape:", "i"),
    ("  v[i], d[i] = op[i](v[inputs(i)])", "i"),
)
COLUMNS = (
    *RECORD,
    ("for j in columns(J):", None),
    ("  v̇[inputs] = e[j]", None),
    ("  for i in tape:", None),
    ("    v̇[i] = sum(d[i][k] * v̇[k])", None),
    ("  J[:, j] = v̇[out]", None),
    ("return J", None),
)
ROWS = (
    *RECORD,
    ("for j in rows(J):", None),
    ("  v̄[out] = e[j]", None),
    ("  for i in reversed(tape):", None),
    ("    for k in inputs(i):", None),
    ("      v̄[k] += v̄[i] * d[i][k]", None),
    ("  J[j, :] = v̄[inputs]", None),
    ("return J", None),
)
ALGORITHMS = {FORWARD: COLUMNS, REVERSE: ROWS}


class Jacobian(NamedTuple):
    """Values by node, the blocks of the Jacobian, and by which mode of how many passes it was found."""

    values: list[Value]
    blocks: Blocks
    mode: str
    rows: int
    columns: int


def jacobian(graph: Graph, inputs: Mapping[str, Value], wrt: Sequence[int], mode: str | None = None) -> Steps[Jacobian]:
    """The Jacobian of all outputs by the inputs `wrt`; in the mode that takes fewer passes unless one is given.

    Raises EngineError `too_many_passes`, `too_many_elements` and `too_much_work` before anything is computed.
    """
    outputs, sources = shapes_of(graph, graph.outputs), shapes_of(graph, wrt)
    rows, columns = elements(outputs), elements(sources)
    mode = mode or cheaper(rows, columns)
    check_passes(graph, rows if mode == REVERSE else columns)
    check_entries(rows, columns)
    values, partials, active = yield from linearise(graph, inputs, frozenset(wrt), lines=(1, 3))
    if mode == REVERSE:
        blocks = from_rows((yield from pull_rows(graph, partials, active, wrt)), outputs, sources)
    else:
        blocks = from_columns((yield from push_columns(graph, partials, wrt)), outputs, sources)
    return Jacobian(values, blocks, mode, rows, columns)


def push_columns(graph: Graph, partials: Partials, wrt: Sequence[int]) -> Steps[list[tuple[Value, ...]]]:
    """A forward pass for each element of the inputs."""
    columns = []
    for node, place, unit in seeds(graph, wrt):
        tangents = push(graph, partials, node, unit)
        columns.append(whole(graph, graph.outputs, tangents))
        yield JacobianColumn(8, node, place, columns[-1])
    return columns


def pull_rows(
    graph: Graph, partials: Partials, active: Sequence[int], wrt: Sequence[int]
) -> Steps[list[tuple[Value, ...]]]:
    """A reverse pass for each element of the outputs."""
    rows = []
    for node, place, unit in seeds(graph, graph.outputs):
        with np.errstate(all="ignore"):
            adjoints = finish(sweep(graph, active, partials, node, unit, 8, unseen, unseen))
        rows.append(whole(graph, wrt, adjoints))
        yield JacobianRow(9, node, place, rows[-1])
    return rows


def push(graph: Graph, partials: Partials, source: int, seed: Value) -> list[Value | None]:
    """The tangent of every node for that of one input, None where it does not move."""
    tangents: list[Value | None] = [None] * len(graph.nodes)
    tangents[source] = seed
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            if node.op is not None and not node.op.stops:
                tangents[node.id] = pushed(node, partials[node.id], tangents)[1]
    return tangents


def unseen(*_: object) -> None:
    """A step inside a pass, which is not shown."""


def seeds(graph: Graph, nodes: Sequence[int]) -> Iterator[tuple[int, int, Value]]:
    """Every element of some nodes: the node, the place of the element, and 1 there with 0 elsewhere."""
    for node in nodes:
        for place, unit in enumerate(units(graph.nodes[node].shape)):
            yield node, place, unit


def whole(graph: Graph, nodes: Sequence[int], found: Sequence[Value | None]) -> tuple[Value, ...]:
    """The derivatives of some nodes; where nothing arrived, zeros."""
    return tuple([zeros(graph, node) if (part := found[node]) is None else part for node in nodes])


def shapes_of(graph: Graph, nodes: Sequence[int]) -> list[Shape]:
    """The shapes of some nodes."""
    return [graph.nodes[node].shape for node in nodes]


def check_passes(graph: Graph, passes: int) -> None:
    """Raises EngineError `too_many_passes` and `too_much_work`."""
    if passes > limits.SHOWN_PASSES:
        raise EngineError("too_many_passes", None, "numbers_only", limit=limits.SHOWN_PASSES, found=passes)
    for limit, work in ((limits.WORK, passes * work_of(graph)), (limits.SHOWN_VISITS, passes * len(graph.nodes))):
        if work > limit:
            raise EngineError("too_much_work", None, "numbers_only", limit=limit, found=work)
