"""Evaluation: every node in the order of the list, alone or with the local partials that a reverse pass will read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import isfinite

import numpy as np

from engine.events import Compute, Input
from engine.graph import Graph, Node
from engine.kernels import kernel, linear_kernel
from engine.primitive import Primitive
from engine.trace import Steps

ALGORITHM = (
    ("v[inputs] = x", "i"),
    ("for i in tape:", "i"),
    ("  v[i] = op[i](v[inputs(i)])", "i"),
    ("return v[out]", None),
)

Partials = list[tuple[float | None, ...]]
"""By node: the local partial of each argument, None where nothing is differentiated through it."""


def evaluate(graph: Graph, inputs: Mapping[str, float], lines: tuple[int, int] = (1, 3)) -> Steps[list[float]]:
    """Compute every node's value, in order; return them by id.

    `lines` are those of the caller's algorithm that take an input and compute a node.
    """
    input_line, compute_line = lines
    values: list[float] = []
    for node in graph.nodes:
        if node.op is None:
            values.append(leaf(node, inputs))
            if node.name is not None:
                yield Input(input_line, node.id, values[-1])
            continue
        args = [values[i] for i in node.inputs]
        value = kernel(node.op)(*args)
        values.append(value)
        yield Compute(compute_line, node.id, value, state=None if isfinite(value) else state(node.op, args, value))
    return values


def linearise(
    graph: Graph, inputs: Mapping[str, float], wrt: Collection[int], lines: tuple[int, int]
) -> Steps[tuple[list[float], Partials, list[bool]]]:
    """Compute every node's value and keep its local partials by the arguments that are active.

    Active is an input of `wrt`, and what reads something active. Returns values and partials by id, the tape that a
    reverse pass reads, and which nodes are active.
    """
    input_line, compute_line = lines
    values: list[float] = []
    partials: Partials = []
    active: list[bool] = []
    kernels = {op: linear_kernel(op) for op in graph.ops}
    for i, node in enumerate(graph.nodes):
        op = node.op
        if op is None:
            values.append(leaf(node, inputs))
            partials.append(())
            active.append(i in wrt)
            if node.name is not None:
                yield Input(input_line, i, values[i])
            continue
        value, kept, moves = kernels[op](values, active, node.inputs)
        values.append(value)
        partials.append(kept)
        active.append(moves)
        if isfinite(value):
            yield Compute(compute_line, i, value, kept)
        else:
            why = state(op, [values[k] for k in node.inputs], value)
            yield Compute(compute_line, i, value, kept, state=why)
    return values, partials, active


def leaf(node: Node, inputs: Mapping[str, float]) -> float:
    """The value of an input or a constant."""
    if node.name is not None:
        return inputs[node.name]
    assert node.const is not None
    return node.const


def state(op: Primitive, args: Sequence[float], value: float) -> str:
    """Why a value is not finite: `inherited` from an argument, else `undefined`, `pole` or `overflow`.

    A pole and an overflow both give an infinity; the floating-point flags (IEEE 754, section 7) tell them apart.
    """
    if not all(map(isfinite, args)):
        return "inherited"
    if value != value:
        return "undefined"
    try:
        with np.errstate(divide="raise", over="ignore", invalid="ignore"):
            op.value(*map(np.float64, args))
    except FloatingPointError:
        return "pole"
    return "overflow"
