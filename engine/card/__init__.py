"""The card of a node: its values, the Jacobian that would be, and the products that are computed instead."""

from __future__ import annotations

from engine import latex
from engine.card.around import Around
from engine.card.closed import closed_forms
from engine.card.jacobians import block
from engine.card.products import Say, pulled, pushed
from engine.card.records import Card, CardBlock, CardProduct, CardText
from engine.documents import TraceDocument
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.graph import Graph, Node

__all__ = ["Card", "Say", "card_of"]

ARGUMENTS = 12
"""Arguments up to which there are products and Jacobians: a list may have thousands, all alike."""


def card_of(document: TraceDocument, graph: Graph, at: int, say: Say | None = None) -> Card:
    """The card of node `at` of a trace; with `say`, in words. Raises EngineError `unknown_node`."""
    if not 0 <= at < len(graph.nodes):
        raise EngineError("unknown_node", node=at, count=len(graph.nodes))
    around = Around(document, graph)
    node = graph.nodes[at]
    output = [around.value(at)]
    if around.tangents:
        output.append(around.tangent(at))
    if around.adjoints:
        output.append(around.adjoint(at))
    name, statement = around.called(at), latex.statement(graph, node, around.names.__getitem__)
    if node.op is None:
        text = leaf_text(around, node, say) if say else None
        return Card(at, None, name, statement, output, [], [], [], [], 0, [], text)
    places = [k if is_open(graph, node, k) else None for k in range(len(node.inputs))]
    pushes = [None if k is None else pushed(around, node, k, say) for k in places]
    pulls = [None if k is None else pulled(around, node, k, say) for k in places]
    jacobians = [None if k is None else block(around, node, k, pulls[k] is None, say) for k in places]
    cost = node.op.cost(*[graph.nodes[i].shape for i in node.inputs], **(node.params or {}))
    products = pushes if around.tangents else pulls
    text = op_text(around, node, jacobians, products, cost, say) if say else None
    inputs = [around.value(i) for i in node.inputs]
    return Card(
        at,
        node.op.name,
        name,
        statement,
        output,
        inputs,
        jacobians,
        pushes,
        pulls,
        cost,
        closed_forms(around, node),
        text,
    )


def is_open(graph: Graph, node: Node, argnum: int) -> bool:
    """Is anything differentiated through an argument, and is it one of those that are shown?"""
    assert node.op is not None
    return argnum < ARGUMENTS and not node.op.stops and graph.nodes[node.inputs[argnum]].const is None


# ---- in words ----


def leaf_text(around: Around, leaf: Node, say: Say) -> CardText:
    """Of an input or a constant there is little to say."""
    kind = "input" if leaf.name is not None else "constant"
    return CardText(
        shapes_text(around, leaf, say), say(Message("card.jacobian.leaf")), say(Message("card.product.leaf")),
        say(Message("card.layout")), say(Message(f"card.about.{kind}")),
    )  # fmt: skip


def op_text(
    around: Around,
    node: Node,
    blocks: list[CardBlock | None],
    products: list[CardProduct | None],
    cost: int,
    say: Say,
) -> CardText:
    """The sentences of an operation."""
    assert node.op is not None
    return CardText(
        shapes_text(around, node, say), say(sizes(blocks, node.id in around.graph.tensors)),
        say(effort([product for product in products if product is not None], cost)),
        say(Message("card.layout")), say(Message(f"op.{node.op.name}")),
    )  # fmt: skip


def shapes_text(around: Around, node: Node, say: Say) -> str:
    """The adjoint, or after a forward pass the tangent, has the shape of the value."""
    quantity = "tangent" if around.tangents else "adjoint"
    shape = {"shape": latex.shape(node.shape)}
    return say(Message(f"card.shapes.{quantity}" if node.shape else f"card.shapes.{quantity}.number", shape))


def sizes(jacobians: list[CardBlock | None], tensors: bool) -> Message:
    """How many numbers the Jacobian would have, and how many of them are zero by structure."""
    blocks = [block for block in jacobians if block is not None]
    if not blocks:
        return Message("card.jacobian.none")
    if not tensors:
        return Message("card.jacobian.numbers")
    counts = [block.empty for block in blocks]
    words = {"total": f"{sum(block.rows * block.columns for block in blocks):,}"}
    if None in counts:
        return Message("card.jacobian.large", words)
    empty = sum(filter(None, counts))
    return Message("card.jacobian" if empty else "card.jacobian.full", words | {"empty": f"{empty:,}"})


def effort(products: list[CardProduct], cost: int) -> Message:
    """What the products cost, next to the forward computation."""
    costs = [product.cost for product in products]
    words = {"count": str(len(costs)), "total": f"{sum(costs):,}", "forward": f"{cost:,}"}
    if not costs:
        return Message("card.product.none")
    if not any(costs):
        return Message("card.product.free")
    if all(one == cost for one in costs):
        return Message(f"card.product.same.{len(costs)}" if len(costs) < 3 else "card.product.same", words)
    return Message("card.product", words)
