"""Reverse accumulation, once, over any carrier: on numbers it is backpropagation, on handles it builds a graph."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from engine.graph import Graph, Node
from engine.primitive import Carrier

Step = TypeVar("Step")
Send = Callable[[int, int, int, int, Carrier, Carrier], Step]
"""(line, node, argnum, source, cotangent, all that source has received by now) -> the step to show."""
Stop = Callable[[int, int, int, int], Step]
"""(line, node, argnum, source) -> the step to show."""
Gather = Callable[[Node, Carrier], tuple[Carrier, Step]]
"""A node and all it has received -> its adjoint, and the step to show."""


def sweep(
    graph: Graph,
    active: Sequence[int],
    partials: Sequence[Sequence[Carrier | None]],
    output: int,
    seed: Carrier,
    line: int,
    send: Send[Step],
    stop: Stop[Step],
    gather: Gather[Step] | None = None,
) -> Generator[Step, None, list[Carrier | None]]:
    """Carry adjoints from one output back to the active inputs; return them by id, None where nothing arrived.

    Griewank and Walther, Evaluating Derivatives (2008), section 3.2. `adjoint * partial` and `+` are a product and a
    sum of numbers; or the product appends the nodes that the rule of the edge asks for, the sum is a list that grows
    (`node_to_grad` of CMU's Deep Learning Systems, lecture 4), and `gather` adds it up when the node is visited. A node
    no output depends on is never visited, and nothing is sent along an edge without a partial.
    """
    adjoints: list[Carrier | None] = [None] * len(graph.nodes)
    if active[output]:
        adjoints[output] = seed
    for node in reversed(graph.nodes):
        i = node.id
        adjoint = adjoints[i]
        if adjoint is None:
            continue
        if gather is not None:
            adjoint, step = gather(node, adjoint)
            adjoints[i] = adjoint
            yield step
        op, inputs = node.op, node.inputs
        if op is None:
            continue
        argnum = -1
        for partial in partials[i]:
            argnum += 1  # enumerate() would take longer than all the rest, on a tuple of two
            if partial is None:
                continue
            k = inputs[argnum]
            if op.stops:
                yield stop(line, i, argnum, k)
                continue
            cotangent = adjoint * partial
            before = adjoints[k]
            total = adjoints[k] = cotangent if before is None else before + cotangent
            yield send(line, i, argnum, k, cotangent, total)
    return adjoints
