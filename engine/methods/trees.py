"""Expressions as trees: every node that is read twice is written twice. That is what a formula on paper is."""

from __future__ import annotations

from engine import limits
from engine.graph import Builder, Graph, Node
from engine.methods.laws import Applied, Board


def tree_sizes(graph: Graph) -> list[int]:
    """Operations of every node written out as a tree."""
    sizes: list[int] = []
    for node in graph.nodes:
        sizes.append(0 if node.op is None else 1 + sum([sizes[i] for i in node.inputs]))
    return sizes


def tree_size(graph: Graph) -> int:
    """Operations of the output written out as a tree."""
    return tree_sizes(graph)[graph.outputs[0]]


def operations(graph: Graph) -> int:
    """Operations of a graph, each of which is computed once."""
    return sum(node.op is not None for node in graph.nodes)


def copied(builder: Builder, node: Node, inputs: tuple[int, ...] = ()) -> int:
    """Append the same node, reading others; return its id."""
    if node.name is not None:
        return builder.input(node.name, node.shape, node.span)
    if node.op is not None:
        return builder.apply(node.op, inputs, node.params, node.span)
    assert node.const is not None
    return builder.const(node.const, node.span, node.params)


def unfolded(graph: Graph) -> Graph:
    """The output as a tree: no node is shared except inputs and constants. Its size should be known to be small."""
    builder = Builder(limit=tree_size(graph) + len(graph.nodes))
    leaves = {node.id: copied(builder, node) for node in graph.nodes if node.name is not None}
    pending, made = [(graph.outputs[0], False)], list[int]()
    while pending:
        at, complete = pending.pop()
        node = graph.nodes[at]
        if node.op is None:
            if at not in leaves:
                leaves[at] = copied(builder, node)
            made.append(leaves[at])
        elif complete:
            inputs = tuple(made[-len(node.inputs) :])
            del made[-len(node.inputs) :]
            made.append(copied(builder, node, inputs))
        else:
            pending.append((at, True))
            pending.extend((source, False) for source in reversed(node.inputs))
    return Graph(builder.nodes, made, graph.source)


def assembled(board: Board, order: list[Applied]) -> Graph:
    """The raw derivative: the result of every law in the place of the derivative it was applied to.

    Nothing is simplified, but what occurs several times is there once; `unfolded` is the tree.
    """
    builder = Builder(board.graph.nodes, limits.DERIVED_NODES)
    placed = {node.id: node.id for node in board.graph.nodes}
    for step in reversed(order):
        for i in step.made:
            node = board.builder.nodes[i]
            if node.name is None:
                placed[i] = copied(builder, node, tuple([placed[source] for source in node.inputs]))
        placed[board.pending[step.node]] = placed[step.result]
    return Graph(builder.nodes, [placed[board.pending[board.graph.outputs[0]]]], board.graph.source)


def iterated(graph: Graph, name: str, depth: int) -> Graph:
    """f(f(... f(x))): the output put in the place of the input `name`, so that f is applied `depth` times."""
    builder = Builder(limit=limits.DERIVED_NODES)
    x = graph.inputs[name]
    placed = {i: copied(builder, graph.nodes[i]) for i in graph.inputs.values()}
    for _ in range(depth):
        for node in graph.nodes:
            if node.name is None:
                placed[node.id] = copied(builder, node, tuple([placed[source] for source in node.inputs]))
        placed[x] = placed[graph.outputs[0]]
    return Graph(builder.nodes, [placed[x]], graph.source)
