"""What each method costs, counted on the graph by the rows' own `cost`, not measured.

Pushing a tangent and pulling a cotangent are counted as the rules are written: they are run on handles, and the
operations that appear are added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from engine import limits
from engine.explain.symbols import literals_of
from engine.graph import Builder, Expr, Graph, Node
from engine.methods.records import ByCount, Cost
from engine.primitive import NONE, Primitive

COUNTS = [2**k for k in range(11)]
FOLDED, OTHER = (-1.0, 0.0, 1.0, 2.0), 3.0
"""Numbers that make a rule shorter, such as the exponent 2, and one that stands for all others."""


class Work(NamedTuple):
    """Operations of the function, of one push and one pull; numbers on the whole tape, and alive at the same time."""

    function: int
    push: int
    pull: int
    values: int
    live: int


def work(graph: Graph, names: list[str]) -> Work:
    """Count them for the first output, differentiated by `names`."""
    live, active = graph.leads_to(graph.outputs[:1]), graph.depends_on([graph.inputs[name] for name in names])
    kept = [node for node in graph.nodes if live[node.id]]
    function = push = pull = 0
    received: set[int] = set()
    known: dict[Any, tuple[int, int]] = {}
    for node in kept:
        if node.op is None:
            continue
        function += cost_of(node.op, graph, node)
        moving = [] if node.op.stops else [k for k, i in enumerate(node.inputs) if active[i]]
        for argnum in moving:
            pushed, pulled = products(graph, node, argnum, known)
            push, pull = push + pushed, pull + pulled
            source = node.inputs[argnum]
            pull += prod(graph.nodes[source].shape) if source in received else 0
            received.add(source)
        push += max(0, len(moving) - 1) * prod(node.shape)
    return Work(function, push, pull, sum(prod(node.shape) for node in kept), peak(graph, kept))


def cost_of(op: Primitive, graph: Graph, node: Node) -> int:
    """The row's count for a node."""
    return op.cost(*[graph.nodes[i].shape for i in node.inputs], **(node.params or {}))


def products(graph: Graph, node: Node, argnum: int, known: dict[Any, tuple[int, int]]) -> tuple[int, int]:
    """The operations of pushing through an argument, and of pulling; alike for nodes that are alike."""
    shapes = tuple([graph.nodes[i].shape for i in node.inputs])
    literals = [OTHER if x is not None and x not in FOLDED else x for x in literals_of(graph, node)]
    key = node.op, argnum, shapes, tuple(literals), repr(node.params)
    if key not in known:
        op, params = node.op, node.params or NONE
        assert op is not None
        known[key] = (
            counted(op.push, argnum, shapes[argnum], node, shapes, literals, params),
            counted(op.pull, argnum, node.shape, node, shapes, literals, params),
        )
    return known[key]


def counted(
    apply: Any, argnum: int, moving: Any, node: Node, shapes: Any, literals: Any, params: Mapping[str, Any]
) -> int:
    """The operations that a rule, run on handles, adds and needs."""
    builder = Builder(limit=limits.DERIVED_NODES)
    xs = [
        builder.handle(builder.input(f"x{k}", shape) if literal is None else builder.const(literal))
        for k, (shape, literal) in enumerate(zip(shapes, literals, strict=True))
    ]
    y, t = (builder.handle(builder.input(*named)) for named in (("y", node.shape), ("t", moving)))
    result = apply(argnum, t, y, xs, params)
    if not isinstance(result, Expr):
        return 0
    rule = Graph(builder.nodes, [result.id])
    live = rule.leads_to(rule.outputs)
    return sum(cost_of(made.op, rule, made) for made in rule.nodes if made.op is not None and live[made.id])


def peak(graph: Graph, kept: list[Node]) -> int:
    """The most numbers that evaluation has to keep at the same time."""
    last = {i: node.id for node in kept for i in node.inputs}
    dying: dict[int, list[int]] = {}
    for source, user in last.items():
        dying.setdefault(user, []).append(source)
    alive = most = 0
    for node in kept:
        alive += prod(node.shape)
        most = max(most, alive)
        alive -= sum(prod(graph.nodes[source].shape) for source in dying.get(node.id, []))
    return most


def passes(inputs: int, outputs: int) -> dict[str, int]:
    """A forward pass for each input, a reverse pass for each output."""
    return {"forward": inputs, "reverse": outputs}


def operations(found: Work, inputs: int, outputs: int) -> dict[str, int]:
    """Of all derivatives: the function once and a product for each pass; or two values for each input."""
    return {
        "forward": found.function + inputs * found.push,
        "reverse": found.function + outputs * found.pull,
        "central_difference": 2 * inputs * found.function,
    }


def cost(found: Work, inputs: int, outputs: int) -> Cost:
    """The counts, and how they grow with the number of inputs and of outputs."""
    return Cost(
        inputs, outputs, found.function, found.push, found.pull, found.values, found.live, passes(inputs, outputs),
        outputs * found.pull / found.push if found.push else None,
        by_count([operations(found, count, outputs) for count in COUNTS]),
        by_count([operations(found, inputs, count) for count in COUNTS]),
    )  # fmt: skip


def by_count(rows: list[dict[str, int]]) -> ByCount:
    """A column for each method."""
    return ByCount(COUNTS, *[[row[name] for row in rows] for name in ByCount.__struct_fields__[1:]])
