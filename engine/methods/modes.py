"""Forward and reverse mode, and the symbolic derivative, as rows of the comparison: exact up to rounding."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.blocks import from_columns, units
from engine.graph import zeros
from engine.methods.function import Function
from engine.passes.evaluate import linearise
from engine.passes.jacobian import push
from engine.passes.reverse import reverse
from engine.trace import finish
from engine.values import Value


def by_forward(function: Function) -> dict[str, Value]:
    """A forward pass for each number among the inputs, all on one evaluation."""
    function.allow(3 * function.count)
    graph, ids = function.graph, [function.graph.inputs[name] for name in function.names]
    _, partials, _ = finish(linearise(graph, function.point, frozenset(ids), (0, 0)))
    columns = []
    for node in ids:
        for unit in units(graph.nodes[node].shape):
            tangent = push(graph, partials, node, unit)[function.output]
            columns.append((0.0 if tangent is None else tangent,))
    blocks = from_columns(columns, [()], [graph.nodes[node].shape for node in ids])
    return dict(zip(function.names, blocks[0], strict=True))


def by_reverse(function: Function) -> dict[str, Value]:
    """One reverse pass."""
    graph, ids = function.graph, [function.graph.inputs[name] for name in function.names]
    adjoints = finish(reverse(graph, function.point, ids)).adjoints
    found: Mapping[str, Value | None] = {name: adjoints[node] for name, node in zip(function.names, ids, strict=True)}
    return {name: zeros(graph, graph.inputs[name]) if adjoint is None else adjoint for name, adjoint in found.items()}


def number_at(value: Value, at: tuple[int, ...]) -> float:
    """One number of a derivative."""
    return float(np.asarray(value)[at])
