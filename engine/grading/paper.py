"""A formula for a person to read: simplified, no operation in it that paper does not know, known numbers by name."""

from __future__ import annotations

import math

from engine import writing
from engine.derive import simplified
from engine.grading.slips import RADIANS
from engine.graph import Builder, Graph
from engine.ops.arithmetic import log, mul, xlogy

NAMED = {repr(RADIANS): "(pi/180)", repr(math.log(10)): "log(10)", repr(math.log(2)): "log(2)", repr(math.e): "e"}


def paper(graph: Graph) -> str:
    """The first output as on paper. It has the value of the graph, but for 0 log 0, which is 0 in xlogy alone."""
    text = writing.expression(spread(simplified(graph)))
    for number, name in NAMED.items():
        text = text.replace(number, name)
    return text


def spread(graph: Graph) -> Graph:
    """The same, each xlogy(a, b) as the product a log(b) that it stands for."""
    if xlogy not in graph.ops:
        return graph
    builder = Builder(limit=2 * len(graph.nodes))
    ids: list[int] = []
    for node in graph.nodes:
        args = tuple(ids[i] for i in node.inputs)
        if node.name is not None:
            ids.append(builder.input(node.name, node.shape, node.span))
        elif node.op is None:
            assert node.const is not None
            ids.append(builder.const(node.const, node.span, node.params))
        elif node.op is xlogy:
            ids.append(builder.apply(mul, (args[0], builder.apply(log, args[1:]))))
        else:
            ids.append(builder.apply(node.op, args, node.params, node.span))
    return Graph(builder.nodes, [ids[i] for i in graph.outputs], graph.source)
