"""Evaluation: every node in the order of the list, alone or with the local partials that a reverse pass will read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from engine.events import Compute, Input
from engine.graph import Graph, Node, is_tensor
from engine.kernels import Linear, kernel, linear_kernel
from engine.maps import Map, computed, linearised, shown
from engine.primitive import Elementwise, Primitive
from engine.trace import Steps
from engine.values import TINY, Value, finite, ordinary

ALGORITHM = (
    ("v[inputs] = x", "i"),
    ("for i in tape:", "i"),
    ("  v[i] = op[i](v[inputs(i)])", "i"),
    ("return v[out]", None),
)

Partials = list[tuple[Map | None, ...]]
"""By node: the local partial (or map) of each argument, None where nothing is differentiated through it."""


def evaluate(graph: Graph, inputs: Mapping[str, Value], lines: tuple[int, int] = (1, 3)) -> Steps[list[Value]]:
    """Compute every node's value, in order; return them by id.

    `lines` are those of the caller's algorithm that take an input and compute a node.
    """
    input_line, compute_line = lines
    values: list[Value] = []
    for node in graph.nodes:
        if node.op is None:
            values.append(leaf(node, inputs))
            if node.name is not None:
                yield Input(input_line, node.id, values[-1])
            continue
        value = value_of(node, graph.nodes, values)
        values.append(value)
        yield Compute(compute_line, node.id, value, state=None if ordinary(value) else remark(node, values, value))
    return values


def value_of(node: Node, nodes: Sequence[Node], values: Sequence[Any]) -> Value:
    """The value of an operation, from the values by id: floats by the fast kernels, arrays by the row itself."""
    if is_tensor(node, nodes):
        return computed(node, values)
    assert isinstance(node.op, Elementwise)
    return kernel(node.op)(*[values[i] for i in node.inputs])


def linearise(
    graph: Graph, inputs: Mapping[str, Value], wrt: Collection[int], lines: tuple[int, int]
) -> Steps[tuple[list[Value], Partials, list[bool]]]:
    """Compute every node's value and keep its local partials by the arguments that are active.

    Active is an input of `wrt`, and what reads something active. Returns values and partials by id, the tape that a
    reverse pass reads, and which nodes are active.
    """
    input_line, compute_line = lines
    values: list[Any] = []
    partials: Partials = []
    active: list[bool] = []
    tensors = graph.tensors
    kernels: dict[Primitive, Linear] = {op: linear_kernel(op) for op in graph.pointwise}
    for i, node in enumerate(graph.nodes):
        op = node.op
        if op is None:
            values.append(leaf(node, inputs))
            partials.append(())
            active.append(i in wrt)
            if node.name is not None:
                yield Input(input_line, i, values[i])
            continue
        if i in tensors:
            result, maps, moves = linearised(node, values, active)
            values.append(result)
            partials.append(maps)
            active.append(moves)
            why = None if ordinary(result) else remark(node, values, result)
            yield Compute(compute_line, i, result, tuple(map(shown, maps)), state=why)
            continue
        value, kept, moves = kernels[op](values, active, node.inputs)
        values.append(value)
        partials.append(kept)
        active.append(moves)
        if TINY <= abs(value) < inf:
            yield Compute(compute_line, i, value, kept)
        else:
            yield Compute(compute_line, i, value, kept, state=remark(node, values, value))
    return values, partials, active


def leaf(node: Node, inputs: Mapping[str, Value]) -> Value:
    """The value of an input or a constant."""
    if node.name is not None:
        return inputs[node.name]
    assert node.const is not None
    return node.const


def remark(node: Node, values: Sequence[Value], value: Value) -> str | None:
    """What is odd about a value that is not ordinary: its state where it is not finite, or `underflow`.

    A 0 or a subnormal number that is exact raises no flag (IEEE 754, section 7.5), and nothing is odd about it.
    """
    if not finite(value):
        return state(node, values, value)
    return "underflow" if raises("under", node, [values[i] for i in node.inputs]) else None


def state(node: Node, values: Sequence[Value], value: Value) -> str:
    """Why a value is not finite: `inherited` from an argument, else `undefined`, `pole` or `overflow`.

    A pole and an overflow both give an infinity; the floating-point flags (IEEE 754, section 7) tell them apart.
    """
    args = [values[i] for i in node.inputs]
    if not all(map(finite, args)):
        return "inherited"
    if np.isnan(value).any():
        return "undefined"
    return "pole" if raises("divide", node, args) else "overflow"


def raises(flag: str, node: Node, args: Sequence[Value]) -> bool:
    """Does computing a node raise this floating-point flag, one of NumPy's?"""
    assert node.op is not None
    settings: dict[str, Any] = {"all": "ignore", flag: "raise"}
    try:
        with np.errstate(**settings):
            node.op.value(*map(np.asarray, args), **(node.params or {}))
    except FloatingPointError:
        return True
    return False
