"""A graph as text that the parser reads back: brackets from the rows' precedence, as in engine.latex."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np

from engine.graph import Graph, Node
from engine.primitive import ATOM
from engine.values import Value

SIGNS = {
    "add": "{0} + {1}", "sub": "{0} - {1}", "mul": "{0}*{1}", "div": "{0}/{1}", "neg": "-{0}", "square": "{0}^2",
    "power": "{0}^{1}", "reciprocal": "1/{0}", "matmul": "{0} @ {1}", "less": "{0} < {1}", "greater": "{0} > {1}",
    "less_equal": "{0} <= {1}", "greater_equal": "{0} >= {1}", "equal": "{0} == {1}", "not_equal": "{0} != {1}",
}  # fmt: skip
"""Rows that are written with a sign."""
Text = tuple[str, int]
"""A formula and how tightly it binds."""


def expression(graph: Graph, output: int | None = None) -> str:
    """The whole output as one formula; what is read twice is written twice."""
    target = graph.outputs[0] if output is None else output
    live = graph.leads_to([target])
    texts: dict[int, Text] = {}
    for node in graph.nodes:
        if live[node.id]:
            texts[node.id] = leaf(node) if node.op is None else fill(node, [texts[i] for i in node.inputs])
    return texts[target][0]


def program(graph: Graph, called: Callable[[int], str] | None = None, ids: Sequence[int] | None = None) -> str:
    """A Wengert list: `name = operation` for every node of `ids`, all unless given, a line each."""
    name = called or graph.names.__getitem__
    nodes = [graph.nodes[i] for i in (range(len(graph.nodes)) if ids is None else ids)]
    lines = []
    for node in nodes:
        if node.op is not None:
            args = [leaf(graph.nodes[i]) if graph.nodes[i].const is not None else (name(i), ATOM) for i in node.inputs]
            lines.append(f"{name(node.id)} = {fill(node, args)[0]}")
    return "\n".join(lines)


def leaf(node: Node) -> Text:
    """An input's name, a constant's symbol or number."""
    if node.name is not None:
        return node.name, ATOM
    if node.params and node.params["symbol"] != "seed":
        return str(node.params["symbol"]), ATOM
    assert node.const is not None
    return literal(node.const)


def literal(value: Value) -> Text:
    """A number with all its digits, or an array of them. What is not finite is `inf`, or `inf - inf`."""
    if isinstance(value, np.ndarray):
        return repr(value.tolist()), ATOM
    if not isfinite(value):
        return ("inf", ATOM) if value > 0 else ("-inf", 25) if value < 0 else ("inf - inf", 10)
    text = repr(value + 0.0).removesuffix(".0")
    return text, 25 if text.startswith("-") else ATOM


def fill(node: Node, args: Sequence[Text]) -> Text:
    """A node's operation with these arguments, in brackets where they bind less tightly than their place asks."""
    op = node.op
    assert op is not None
    sign = SIGNS.get(op.name)
    if sign is None:
        given = ", ".join(
            [text for text, _ in args] + [f"{key}={value!r}" for key, value in (node.params or {}).items()]
        )
        return f"{op.name}({given})", ATOM
    raised = op.name in ("power", "square")
    held = []
    for argnum, (text, precedence) in enumerate(args):
        needed = op.precedence + (argnum > 0 or raised or op.name in ("neg", "reciprocal"))
        held.append(text if precedence >= needed and not (argnum and text.startswith("-")) else f"({text})")
    return sign.format(*held), op.precedence
