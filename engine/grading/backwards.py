"""The reverse sweep of a student: with her own adjoints where she named them, and with a slip in it.

One sweep (engine.passes.sweep) on handles serves all: the right adjoints, what follows from hers, and what a known
mistake would give, which is compared with hers at points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from engine.graph import Builder, Expr, Graph, Node
from engine.passes.adjoint_graph import Partial
from engine.passes.sweep import sweep
from engine.trace import finish

Values = list[Any]
"""The value of each node at points."""


class Slip(NamedTuple):
    """A mistake at the edge (node, argnum), from a node back to what it reads; none is the sweep as it should be."""

    mistake: str
    node: int
    argnum: int


DROPPED, KEPT, OPERAND, INNER, SIGN, OUTER = (
    "dropped_branch", "overwrote", "wrong_operand", "forgot_inner", "sign", "no_adjoint",
)  # fmt: skip
MISTAKES = (DROPPED, KEPT, SIGN, OPERAND, INNER, OUTER)
"""From the simplest on: a contribution that is left out, or alone; its sign; another argument's partial; no partial;
no adjoint."""


class Slipped:
    """A local partial with a slip in its product with the adjoint."""

    __slots__ = ("builder", "mistake", "node", "right")

    def __init__(self, right: Partial, mistake: str) -> None:
        self.right, self.builder, self.node, self.mistake = right, right.builder, right.node, mistake

    def __rmul__(self, adjoint: Expr) -> list[Expr]:
        if self.mistake == SIGN:
            return [-part for part in self.right.__rmul__(adjoint)]
        if self.mistake == OPERAND:
            return Partial(self.builder, self.node, 1 - self.right.argnum).__rmul__(adjoint)
        if self.mistake == INNER:
            return [adjoint]
        ones = self.builder.const(np.ones(adjoint.shape) if adjoint.shape else 1.0, params={"symbol": "seed"})
        return self.right.__rmul__(self.builder.handle(ones))


class Sweep(NamedTuple):
    """What a sweep leaves: the graph with its nodes, and by node what its contributions add up to."""

    graph: Graph
    totals: dict[int, int]


def everywhere(graph: Graph, points: Mapping[str, Any]) -> Values:
    """The value of every node of a graph of numbers at points, an array with an element for each."""
    values: Values = []
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            if node.op is not None:
                values.append(node.op.value(*[values[i] for i in node.inputs]))
            else:
                values.append(points[node.name] if node.name is not None else np.float64(node.const or 0.0))
    return values


def swept(
    graph: Graph, nodes: Sequence[Node], own: Mapping[int, int], slip: Slip | None = None, known: bool = True
) -> Sweep:
    """Sweep `graph`, whose nodes are the first of `nodes`; where `own` has an adjoint, it goes on with that one."""
    builder = Builder(nodes, limit=len(nodes) + 100 * len(graph.nodes) + 100)
    active = graph.depends_on(graph.inputs.values())
    totals: dict[int, int] = {}
    handle = builder.handle

    def partial(node: Node, argnum: int, source: int) -> Any:
        if not active[source]:
            return None
        right = Partial(builder, node, argnum)
        if slip is None or slip.mistake == KEPT or (slip.node, slip.argnum) != (node.id, argnum):
            return right
        return None if slip.mistake == DROPPED else Slipped(right, slip.mistake)

    partials = [[partial(node, k, i) for k, i in enumerate(node.inputs)] for node in graph.nodes]
    kept: dict[int, int] = {}

    def gather(node: Node, parts: list[Expr]) -> tuple[Expr, None]:
        if slip is not None and slip.mistake == KEPT and graph.nodes[slip.node].inputs[slip.argnum] == node.id:
            parts = [handle(kept[node.id])]
        total = reduce(add, parts)
        totals[node.id] = total.id
        return (handle(own[node.id]) if node.id in own else total), None

    def send(line: int, node: int, argnum: int, source: int, sent: list[Expr], _: list[Expr]) -> None:
        if slip is not None and (slip.node, slip.argnum) == (node, argnum):
            kept[source] = sent[0].id

    seed = handle(builder.const(1.0, params={"symbol": "seed"}))
    finish(sweep(graph, active, partials, graph.outputs[0], [seed], 0, send, lambda *edge: None, gather))
    return Sweep(Graph(builder.nodes, graph.outputs), totals)


def slips(graph: Graph, near: int) -> Iterator[Slip]:
    """Every slip that can be made, those at the node `near` first, the simple ones first."""
    leads = graph.leads_to(graph.outputs, through_stops=False)
    active = graph.depends_on(graph.inputs.values())
    edges = [
        (node, argnum, source)
        for node in reversed(graph.nodes)
        if leads[node.id] and node.op is not None and not node.op.stops
        for argnum, source in enumerate(node.inputs)
        if active[source]
    ]
    edges.sort(key=lambda edge: edge[2] != near)
    branches = {source: sum([edge[2] == source for edge in edges]) for _, _, source in edges}
    for mistake in MISTAKES:
        for node, argnum, source in edges:
            if is_possible(mistake, graph, node, source, branches[source]):
                yield Slip(mistake, node.id, argnum)


def is_possible(mistake: str, graph: Graph, node: Node, source: int, branches: int) -> bool:
    """Can somebody make this mistake here, and would shapes allow it?"""
    shape = graph.nodes[source].shape
    if mistake == DROPPED:
        return branches > 1
    if mistake == KEPT:
        return branches > 2
    if mistake == OPERAND:
        return len(node.inputs) == 2 and graph.nodes[node.inputs[0]].shape == graph.nodes[node.inputs[1]].shape
    if mistake == INNER:
        return shape == node.shape
    return True
