"""A graph as text that the parser reads back: brackets from the rows' precedence, as in engine.latex.

Sums and products are written as on paper, a + b + c and 2*x*y, so that what is read back may differ in the last bit.
An internal row, which no formula can call, is written like the others, but not read back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from engine.graph import Graph, Node
from engine.primitive import ATOM, Shape
from engine.values import Value

SIGNS = {
    "div": "{0}/{1}", "square": "{0}^2", "power": "{0}^{1}", "reciprocal": "1/{0}", "matmul": "{0} @ {1}",
    "less": "{0} < {1}", "greater": "{0} > {1}", "less_equal": "{0} <= {1}", "greater_equal": "{0} >= {1}",
    "equal": "{0} == {1}", "not_equal": "{0} != {1}",
}  # fmt: skip
"""Rows that are written with a sign; sums and products are written apart."""
SUM, PRODUCT, NEGATIVE = 10, 20, 25
"""How tightly these bind, as in their rows."""


class Text(NamedTuple):
    """A formula, how tightly it binds, and where it is the negative of another, that one."""

    text: str
    binds: int
    negated: tuple[str, int] | None = None


def expression(graph: Graph, output: int | None = None) -> str:
    """The whole output as one formula; what is read twice is written twice."""
    target = graph.outputs[0] if output is None else output
    live = graph.leads_to([target])
    texts: dict[int, Text] = {}
    for node in graph.nodes:
        if live[node.id]:
            texts[node.id] = leaf(node) if node.op is None else fill(graph, node, [texts[i] for i in node.inputs])
    return texts[target].text


def written_size(graph: Graph, output: int | None = None) -> int:
    """How many operations `expression` writes: exponentially many where nodes are read twice again and again."""
    target = graph.outputs[0] if output is None else output
    sizes: list[int] = []
    for node in graph.nodes[: target + 1]:
        sizes.append((node.op is not None) + sum([sizes[i] for i in node.inputs]))
    return sizes[target]


def program(graph: Graph, called: Callable[[int], str] | None = None, ids: Sequence[int] | None = None) -> str:
    """A Wengert list: `name = operation` for every node of `ids`, all unless given, a line each."""
    name = called or graph.names.__getitem__
    nodes = [graph.nodes[i] for i in (range(len(graph.nodes)) if ids is None else ids)]
    lines = []
    for node in nodes:
        if node.op is not None:
            args = [
                leaf(graph.nodes[i]) if graph.nodes[i].const is not None else Text(name(i), ATOM) for i in node.inputs
            ]
            lines.append(f"{name(node.id)} = {fill(graph, node, args).text}")
    return "\n".join(lines)


def leaf(node: Node) -> Text:
    """An input's name, a constant's symbol or number."""
    if node.name is not None:
        return Text(node.name, ATOM)
    if node.params and node.params["symbol"] != "seed":
        return Text(str(node.params["symbol"]), ATOM)
    assert node.const is not None
    return literal(node.const)


def literal(value: Value) -> Text:
    """A number with all its digits, or an array of them. What is not finite is `inf`, or `inf - inf`."""
    if isinstance(value, np.ndarray):
        return Text(repr(value.tolist()), ATOM)
    if not isfinite(value):
        return Text("inf", ATOM) if value > 0 else Text("-inf", NEGATIVE) if value < 0 else Text("inf - inf", SUM)
    text = repr(value + 0.0).removesuffix(".0")
    return Text(text, NEGATIVE, (text[1:], ATOM)) if text.startswith("-") else Text(text, ATOM)


def fill(graph: Graph, node: Node, args: Sequence[Text]) -> Text:
    """A node's operation with these arguments, in brackets where they bind less tightly than their place asks."""
    op = node.op
    assert op is not None
    name, binds = op.name, op.precedence
    match name, args:
        case "neg", [inner]:
            return Text(f"-{held(inner, PRODUCT)}", NEGATIVE, (inner.text, inner.binds))
        case "add", [left, right]:
            if left.negated and not right.negated:
                return difference(right, left.negated)
            return (
                difference(left, right.negated)
                if right.negated
                else Text(f"{held(left, SUM)} + {held(right, SUM)}", SUM)
            )
        case "sub", [left, right]:
            return difference(left, (right.text, right.binds))
        case "mul", [left, right]:
            if right.text[:1].isdigit() and not left.text[:1].isdigit():  # a product commutes, bit by bit
                left, right = right, left
            return Text(f"{held(left, PRODUCT)}*{held(right, PRODUCT)}", PRODUCT)
        case "transpose", [array] if not (node.params or {}).get("axes"):
            return Text(f"{held(array, ATOM)}'", ATOM)
        case "sum_to", [inner]:
            return summed(inner, graph.nodes[node.inputs[0]].shape, node.shape)
    sign = SIGNS.get(name)
    if sign is None:
        statics = {key: value for key, value in (node.params or {}).items() if op.statics.get(key) != value}
        given = ", ".join([arg.text for arg in args] + [f"{key}={value!r}" for key, value in statics.items()])
        return Text(f"{name}({given})", ATOM)
    raised = name in ("power", "square")
    parts = [
        held(arg, binds + (argnum > 0 or raised or name == "reciprocal"), argnum) for argnum, arg in enumerate(args)
    ]
    return Text(sign.format(*parts), binds)


def summed(inner: Text, wide: Shape, narrow: Shape) -> Text:
    """A sum over the axes along which broadcasting has stretched an array, by a call for each."""
    lost = len(wide) - len(narrow)
    text = inner.text
    for axis, extent in enumerate(narrow):
        if extent == 1 != wide[axis + lost]:
            text = f"sum({text}, axis={axis + lost}, keepdims=True)"
    for _ in range(lost):
        text = f"sum({text}, axis=0)"
    return Text(text, ATOM)


def held(arg: Text, needed: int, argnum: int = 0) -> str:
    """An argument, in brackets if it binds less tightly than its place needs, or has a sign behind another sign."""
    signed = arg.text.startswith("-") and (argnum > 0 or needed > SUM)
    return arg.text if arg.binds >= needed and not signed else f"({arg.text})"


def difference(left: Text, right: tuple[str, int]) -> Text:
    """left - right."""
    return Text(f"{held(left, SUM)} - {held(Text(*right), SUM + 1)}", SUM)
