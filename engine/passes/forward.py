"""Forward mode: dual numbers (v, v'), one pass for one direction. Baydin et al. 2018, section 3.1."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from math import isfinite
from operator import add

from engine.events import Compute, Input
from engine.graph import Graph
from engine.kernels import linear_kernel
from engine.passes.evaluate import leaf, state
from engine.trace import Steps

ALGORITHM = (
    ("v[inputs], v̇[inputs] = x, ẋ", "i"),
    ("for i in tape:", "i"),
    ("  v[i], d = op[i](v[inputs(i)])", "i"),
    ("  v̇[i] = sum(d[k] * v̇[k])", "i"),
    ("return v[out], v̇[out]", None),
)


def forward(
    graph: Graph, inputs: Mapping[str, float], tangents: Mapping[str, float]
) -> Steps[tuple[list[float], list[float | None]]]:
    """Push the direction `tangents` (one number per input) through the list together with the values.

    Returns values and tangents by id; a tangent is None where no input leads to the node, or only through
    stop_gradient.
    """
    v: list[float] = []
    v_dot: list[float | None] = []
    active: list[bool] = []
    kernels = {op: linear_kernel(op) for op in graph.ops}
    for node in graph.nodes:
        if node.op is None:
            v.append(leaf(node, inputs))
            v_dot.append(None if node.name is None else tangents[node.name])
            active.append(node.name is not None)
            if node.name is not None:
                yield Input(1, node.id, v[-1], v_dot[-1])
            continue
        value, partials, moves = kernels[node.op](v, active, node.inputs)
        if node.op.stops:
            partials, moves = (None,), False
        terms = tuple(times(d, v_dot[i]) for d, i in zip(partials, node.inputs, strict=True))
        products = [term for term in terms if term is not None]
        tangent = reduce(add, products) if products else None
        v.append(value)
        v_dot.append(tangent)
        active.append(moves)
        why = None if isfinite(value) else state(node.op, [v[i] for i in node.inputs], value)
        yield Compute(4, node.id, value, partials, terms, tangent, why)
    return v, v_dot


def times(partial: float | None, tangent: float | None) -> float | None:
    """Their product, or None where nothing moves."""
    return None if partial is None or tangent is None else partial * tangent
