"""What is computed in the place of a Jacobian: the row's own rule, run on handles, so that its nodes are the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from engine import latex, limits
from engine.card.around import Around
from engine.card.records import CardLine, CardPart, CardProduct, Summed
from engine.explain.columns import Message
from engine.explain.symbols import literals_of, written
from engine.graph import Builder, Expr, Graph, Node
from engine.passes.evaluate import value_of
from engine.primitive import ATOM, NONE, Elementwise, Shape
from engine.values import Value

SIGNS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "matmul": "@", "power": "**", "less": "<", "less_equal": "<=",
    "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!=",
}  # fmt: skip
"""How the operations are written that stand between their arguments."""

Say = Callable[[Message], str]
"""Turns a message into a sentence of some language."""


class Rule(NamedTuple):
    """A rule run on handles: the list that its result, the last node, needs, and what its inputs stand for."""

    nodes: list[Node]
    parts: dict[str, CardPart]


def pushed(around: Around, node: Node, argnum: int, say: Say | None) -> CardProduct | None:
    """Jacobian times tangent: what the tangent of an argument adds to that of the node."""
    return product(around, node, argnum, around.tangent(node.inputs[argnum]), say)


def pulled(around: Around, node: Node, argnum: int, say: Say | None) -> CardProduct | None:
    """Cotangent times Jacobian: what the node sends back to an argument."""
    return product(around, node, argnum, around.adjoint(node.id), say)


def product(around: Around, node: Node, argnum: int, moving: CardPart, say: Say | None) -> CardProduct | None:
    """The product with the tangent or adjoint `moving`; None where nothing is sent."""
    rule = on_handles(around, node, argnum, moving)
    if rule is None:
        return None
    source, back = node.inputs[argnum], moving.role == "adjoint"
    texts = [text for text, _ in written(rule.nodes, {name: (part.latex, ATOM) for name, part in rule.parts.items()})]
    values = evaluated(rule)
    leaves, inner = in_order_of_use(rule)
    places = {node: place for place, node in enumerate((*leaves, *inner))}
    operands = [operand(rule, leaf) for leaf in leaves]
    lines = [line(rule, i, texts[i], [places[k] for k in rule.nodes[i].inputs], values[i]) for i in inner]
    if back:
        target = around.part(around.sent(source, node.id), "adjoint", source, values[-1])
    else:
        target = around.part(latex.accent("dot", around.called(node.id)), "tangent", node.id, values[-1])
    said = None if say is None else say(sentence(around, node, argnum, texts[-1], back))
    cost = sum(step.cost for step in lines)
    stretch = summed(around.graph, node, argnum, rule, back)
    return CardProduct(argnum, target, texts[-1], operands, lines, stretch, cost, said)


def on_handles(around: Around, node: Node, argnum: int, moving: CardPart) -> Rule | None:
    """Run the rule of an argument on handles; None where the rule is zero."""
    graph, op = around.graph, node.op
    assert op is not None
    builder = Builder(limit=limits.DERIVED_NODES)
    handles = [
        builder.handle(builder.input(f"{k}", graph.nodes[i].shape) if literal is None else builder.const(literal))
        for k, (i, literal) in enumerate(zip(node.inputs, literals_of(graph, node), strict=True))
    ]
    y, t = (builder.handle(builder.input(*named)) for named in (("y", node.shape), ("t", moving.shape)))
    apply = op.pull if moving.role == "adjoint" else op.push
    result = apply(argnum, t, y, handles, node.params or NONE)
    if not isinstance(result, Expr):
        return None
    nodes = needed(builder.nodes, result.id)
    read = [leaf.name for leaf in nodes if leaf.name is not None]
    parts = {"t": moving, "y": around.value(node.id)}
    return Rule(nodes, {name: parts.get(name) or around.value(node.inputs[int(name)]) for name in read})


def needed(nodes: list[Node], result: int) -> list[Node]:
    """The part of a list that leads to a node, numbered anew."""
    live = Graph(nodes, (result,)).leads_to((result,))
    places: dict[int, int] = {}
    kept: list[Node] = []
    for node in nodes:
        if live[node.id]:
            places[node.id] = len(kept)
            kept.append(replace(node, id=len(kept), inputs=tuple([places[i] for i in node.inputs])))
    return kept


def evaluated(rule: Rule) -> list[Value | None]:
    """The values of the nodes; None for what needs a quantity that the pass never computes."""
    values: list[Any] = []
    for node in rule.nodes:
        if node.op is None:
            values.append(node.const if node.name is None else rule.parts[node.name].value)
        elif any(values[i] is None for i in node.inputs):
            values.append(None)
        else:
            values.append(value_of(node, rule.nodes, values))
    return values


def in_order_of_use(rule: Rule) -> tuple[list[int], list[int]]:
    """The leaves, as they occur in the result from left to right, and the operations in list order."""
    seen: set[int] = set()
    leaves: list[int] = []
    waiting = [len(rule.nodes) - 1]
    while waiting:
        node = rule.nodes[waiting.pop()]
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.op is None:
            leaves.append(node.id)
        waiting.extend(reversed(node.inputs))
    return leaves, sorted(seen.difference(leaves))


def operand(rule: Rule, leaf: int) -> CardPart:
    """What a leaf stands for: a quantity of the trace, or a constant of the rule."""
    node = rule.nodes[leaf]
    if node.name is not None:
        return rule.parts[node.name]
    assert node.const is not None
    return CardPart(latex.leaf(node)[0], "partial", node.shape, node.const)


def line(rule: Rule, at: int, text: str, args: list[int], value: Value | None) -> CardLine:
    """One operation of a rule."""
    node = rule.nodes[at]
    assert node.op is not None
    params = node.params or {}
    cost = node.op.cost(*[rule.nodes[i].shape for i in node.inputs], **params)
    return CardLine(node.op.name, SIGNS.get(node.op.name), text, args, dict(params), node.shape, value, cost)


def summed(graph: Graph, node: Node, argnum: int, rule: Rule, back: bool) -> Summed | None:
    """Along which axes broadcasting stretched the argument, and the pull sums."""
    last = rule.nodes[-1]
    given = graph.nodes[node.inputs[argnum]].shape
    if isinstance(node.op, Elementwise):
        wide, narrow = node.shape, given
    elif last.op is not None and last.op.name == ("sum_to" if back else "broadcast_to"):
        ends = rule.nodes[last.inputs[0]].shape, last.shape
        wide, narrow = ends if back else ends[::-1]
    else:
        return None
    return None if wide == narrow else Summed(stretched_axes(wide, narrow), wide, narrow)


def stretched_axes(wide: Shape, narrow: Shape) -> tuple[int, ...]:
    """The axes of `wide` that `narrow` lacks, or has with extent 1."""
    lead = len(wide) - len(narrow)
    return tuple(k for k, extent in enumerate(wide) if k < lead or (narrow[k - lead] == 1 != extent))


def sentence(around: Around, node: Node, argnum: int, text: str, back: bool) -> Message:
    """What the product does, in words."""
    source = node.inputs[argnum]
    words = {
        "node": around.called(node.id), "source": around.called(source), "partial": text,
        "shape": latex.shape(node.shape) or "1",
        "shape_source": latex.shape(around.graph.nodes[source].shape) or "1",
    }  # fmt: skip
    if not back:
        return Message("card.push", words)
    if node.id not in around.graph.tensors:
        return Message("card.pull", words)
    assert node.op is not None
    if not node.op.pointwise:
        return Message(f"why.vjp.{node.op!r}.{argnum}", words)
    same = around.graph.nodes[source].shape == node.shape
    return Message("why.vjp.pointwise" if same else "why.vjp.stretched", words)
