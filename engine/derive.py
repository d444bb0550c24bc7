"""Graphs of derivatives, to any order: the reverse graph, simplified, taken as a graph in its own right."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from engine import limits
from engine.errors import EngineError
from engine.graph import Builder, Graph, check_scalar, zeros
from engine.passes.adjoint_graph import adjoint_graph
from engine.passes.simplify import simplify
from engine.trace import finish


def gradient_graph(graph: Graph, wrt: Sequence[str], limit: int = limits.DERIVED_NODES) -> Graph:
    """A graph whose outputs are the partial derivatives of the first output by `wrt`, in that order, as built.

    Its seed is the literal 1, so that simplifying it away is allowed. Raises EngineError `output_not_scalar`, and
    `too_many_nodes` past `limit`.
    """
    check_scalar(graph)
    ids = [graph.inputs[name] for name in wrt]
    built = finish(adjoint_graph(graph, None, ids, limit=limit))
    seed = len(graph.nodes)
    builder = Builder(built.graph.nodes, limit=limit + len(ids))
    builder.nodes[seed] = replace(builder.nodes[seed], params=None)
    outputs = [built.adjoints[node] if node in built.adjoints else builder.const(zeros(graph, node)) for node in ids]
    return Graph(builder.nodes, outputs, graph.source, graph.labels)


def simplified(graph: Graph) -> Graph:
    """The graph after every rewrite."""
    return finish(simplify(graph))[1]


def derivative(graph: Graph, of: Sequence[str]) -> Graph:
    """The graph of the partial derivative of the first output by the inputs `of`, one after the other.

    Raises EngineError `order_too_high` and `too_many_nodes`.
    """
    if len(of) > limits.DERIVATIVE_ORDER:
        raise EngineError("order_too_high", limit=limits.DERIVATIVE_ORDER, found=len(of))
    for name in of:
        graph = simplified(gradient_graph(graph, [name], limit=limits.NODES))
    return graph
