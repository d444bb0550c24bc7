"""Forward mode: dual numbers (v, v'), one pass for one direction. Baydin et al. 2018, section 3.1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from engine.events import Compute, Input
from engine.graph import Graph, Node
from engine.kernels import Linear, linear_kernel
from engine.maps import Map, linearised, shown
from engine.passes.evaluate import leaf, remark
from engine.primitive import Primitive
from engine.trace import Steps
from engine.values import Value, ordinary

ALGORITHM = (
    ("v[inputs], v̇[inputs] = x, ẋ", "i"),
    ("for i in tape:", "i"),
    ("  v[i], d = op[i](v[inputs(i)])", "i"),
    ("  v̇[i] = sum(d[k] * v̇[k])", "i"),
    ("return v[out], v̇[out]", None),
)


def forward(
    graph: Graph, inputs: Mapping[str, Value], tangents: Mapping[str, Value]
) -> Steps[tuple[list[Value], list[Value | None]]]:
    """Push the direction `tangents` (per input, in its shape) through the list together with the values.

    Returns values and tangents by id; a tangent is None where no input leads to the node, or only through
    stop_gradient.
    """
    v: list[Any] = []
    v_dot: list[Value | None] = []
    active: list[bool] = []
    tensors = graph.tensors
    kernels: dict[Primitive, Linear] = {op: linear_kernel(op) for op in graph.pointwise}
    for node in graph.nodes:
        if node.op is None:
            v.append(leaf(node, inputs))
            v_dot.append(None if node.name is None else tangents[node.name])
            active.append(node.name is not None)
            if node.name is not None:
                yield Input(1, node.id, v[-1], v_dot[-1])
            continue
        value: Value
        partials: tuple[Map | None, ...]
        if node.id in tensors:
            value, partials, moves = linearised(node, v, active)
        else:
            value, partials, moves = kernels[node.op](v, active, node.inputs)
        if node.op.stops:
            partials, moves = (None,), False
        terms, tangent = pushed(node, partials, v_dot)
        v.append(value)
        v_dot.append(tangent)
        active.append(moves)
        why = None if ordinary(value) else remark(node, v, value)
        yield Compute(4, node.id, value, tuple(map(shown, partials)), terms, tangent, why)
    return v, v_dot


def pushed(
    node: Node, partials: Sequence[Map | None], tangents: Sequence[Value | None]
) -> tuple[tuple[Value | None, ...], Value | None]:
    """The chain rule at one node: the products partial * tangent, and their sum, None where nothing moves."""
    terms = tuple(times(d, tangents[i]) for d, i in zip(partials, node.inputs, strict=True))
    products = [term for term in terms if term is not None]
    return terms, reduce(add, products) if products else None


def times(partial: Map | None, tangent: Value | None) -> Value | None:
    """Their product, or None where nothing moves."""
    return None if partial is None or tangent is None else partial * tangent
