"""The reverse graph: the reverse pass run on handles, so that the gradient is itself a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

from engine import limits
from engine.events import Append, Build, Event, SeedNode, Stop, Visit
from engine.graph import Builder, Expr, Graph, Node, constant
from engine.passes.evaluate import leaf, linearise, remark, value_of
from engine.passes.reverse import absences
from engine.passes.sweep import sweep
from engine.primitive import NONE, Carrier
from engine.trace import Steps, one_by_one
from engine.values import Value, ordinary

ALGORITHM = (
    ("v, d = evaluate(graph, x)", "i"),
    ("node_to_grad = {out: [1]}", "i"),
    ("for i in reverse_topo(out):", "i"),
    ("  v̄[i] = sum(node_to_grad[i])", "i"),
    ("  for k in inputs(i):", "k"),
    ("    c = v̄[i] * ∂v[i]/∂v[k]", "k"),
    ("    node_to_grad[k].append(c)", "k"),
    ("return v̄[inputs]", "i"),
)


class AdjointGraph(NamedTuple):
    """The forward list extended by the reverse one: `adjoints` maps a forward node to the node that is its adjoint."""

    graph: Graph
    values: list[Value] | None
    adjoints: dict[int, int]
    reasons: dict[int, str]


class Partial:
    """A local partial that is not yet a node: `adjoint * partial` appends what the rule of the edge needs.

    The product is a list of one handle, so that adding products up (`node_to_grad`) is joining lists.
    """

    __slots__ = ("argnum", "builder", "node")

    def __init__(self, builder: Builder, node: Node, argnum: int) -> None:
        self.builder = builder
        self.node = node
        self.argnum = argnum

    def __rmul__(self, adjoint: Expr) -> list[Expr]:
        op, handle = self.node.op, self.builder.handle
        assert op is not None
        xs = [handle(i) for i in self.node.inputs]
        sent: Carrier = op.pull(self.argnum, adjoint, handle(self.node.id), xs, self.node.params or NONE)
        return [sent if isinstance(sent, Expr) else handle(self.builder.const(constant(sent)))]


class Grower:
    """Tells what is new in a growing list since it last looked, and evaluates it unless `values` is None."""

    def __init__(self, builder: Builder, values: list[Value] | None) -> None:
        self.builder = builder
        self.values = values
        self.seen = len(builder.nodes)
        self.odd: dict[int, str] = {}

    def grown(self) -> tuple[tuple[int, ...], tuple[Value, ...]]:
        """Ids and values of the nodes, literals left out, that have appeared since the last call.

        The states of those that are not ordinary numbers are kept, for `states`.
        """
        new = self.builder.nodes[self.seen :]
        self.seen += len(new)
        created = tuple([node.id for node in new if node.op is not None or node.params])
        values = self.values
        if values is None:
            return created, ()
        for node in new:
            if node.op is None:
                values.append(leaf(node, {}))
                continue
            value = value_of(node, self.builder.nodes, values)
            values.append(value)
            why = None if ordinary(value) else remark(node, values, value)
            if why is not None:
                self.odd[node.id] = why
        return created, tuple([values[i] for i in created])

    def states(self, created: Sequence[int]) -> tuple[str | None, ...] | None:
        """The states of new nodes; None where all are ordinary numbers."""
        odd = self.odd
        if not odd or odd.keys().isdisjoint(created):
            return None
        return tuple([odd.get(node) for node in created])


def adjoint_graph(
    graph: Graph,
    inputs: Mapping[str, Value] | None,
    wrt: Sequence[int],
    seed: Value = 1.0,
    limit: int = limits.DERIVED_NODES,
) -> Steps[AdjointGraph]:
    """Extend the graph by the nodes that compute the adjoints of the inputs `wrt`, in reverse topological order.

    The algorithm of CMU's Deep Learning Systems, lecture 4: what a node receives is listed in node_to_grad and summed
    when the node is visited. Without `inputs` nothing is evaluated. Raises EngineError `too_many_nodes`
    past `limit`.
    """
    active = graph.depends_on(wrt)
    values = None if inputs is None else (yield from linearise(graph, inputs, frozenset(wrt), lines=(1, 1)))[0]
    builder = Builder(graph.nodes, limit=limit)
    grower = Grower(builder, values)
    output = graph.outputs[0]
    forward = len(graph.nodes)

    first = builder.handle(builder.const(seed, params={"symbol": "seed"}))
    yield SeedNode(2, output, first.id, *grower.grown())

    def gather(node: Node, parts: list[Expr]) -> tuple[Expr, list[Event]]:
        total = reduce(add, parts)
        created, new = grower.grown()
        listed = tuple([part.id for part in parts])
        return total, [Visit(4, node.id, listed, total.id, created, new, grower.states(created))]

    def reads(made: Sequence[int]) -> tuple[int, ...]:
        read = {i for new in made for i in builder.nodes[new].inputs if i < forward}
        return tuple(sorted(i for i in read if graph.nodes[i].const is None))

    def send(line: int, node: int, argnum: int, source: int, sent: list[Expr], _: list[Expr]) -> list[Event]:
        (cotangent,) = sent
        created, new = grower.grown()
        product, needed = created[-1:], created[:-1]
        steps: list[Event] = []
        if needed:
            steps.append(Build(line, node, argnum, source, needed, new[:-1], reads(needed), grower.states(needed)))
        states = grower.states(product)
        steps.append(Append(line + 1, node, argnum, source, cotangent.id, product, new[-1:], reads(product), states))
        return steps

    def stop(*edge: int) -> list[Event]:
        return [Stop(*edge)]

    partials = [
        [Partial(builder, node, argnum) if active[i] else None for argnum, i in enumerate(node.inputs)]
        for node in graph.nodes
    ]
    handles = yield from one_by_one(sweep(graph, active, partials, output, [first], 6, send, stop, gather))
    adjoints = {node: handle.id for node, handle in enumerate(handles) if handle is not None}
    reasons = yield from absences(graph, wrt, handles, line=8)
    outputs = [adjoints[node] for node in wrt if node in adjoints]
    return AdjointGraph(Graph(builder.nodes, outputs, graph.source, graph.labels), values, adjoints, reasons)
