"""Reverse mode, backpropagation: one pass back for the derivatives with respect to all inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.events import Absent, Contribute, Seed, Stop
from engine.graph import Graph
from engine.passes.evaluate import Partials, linearise
from engine.passes.sweep import sweep
from engine.trace import Steps
from engine.values import Value

ALGORITHM = (
    ("v[inputs] = x", "i"),
    ("for i in tape:", "i"),
    ("  v[i], d[i] = op[i](v[inputs(i)])", "i"),
    ("v̄[out] = 1", "i"),
    ("for i in reversed(tape):", "i"),
    ("  for k in inputs(i):", "k"),
    ("    v̄[k] += v̄[i] * d[i][k]", "k"),
    ("return v̄[inputs]", "i"),
)


class Backward(NamedTuple):
    """Values, partials and adjoints by id, and why an input got no adjoint: `no_path`, or every path `stopped`."""

    values: list[Value]
    partials: Partials
    adjoints: list[Value | None]
    reasons: dict[int, str]


def reverse(graph: Graph, inputs: Mapping[str, Value], wrt: Sequence[int], seed: Value = 1.0) -> Steps[Backward]:
    """Evaluate, keeping local partials; then accumulate adjoints from the output back to the inputs `wrt`."""
    values, partials, active = yield from linearise(graph, inputs, frozenset(wrt), lines=(1, 3))
    output = graph.outputs[0]
    yield Seed(4, output, seed)
    adjoints = yield from sweep(graph, active, partials, output, seed, 7, Contribute, Stop)
    reasons = yield from absences(graph, wrt, adjoints, line=8)
    return Backward(values, partials, adjoints, reasons)


def absences(graph: Graph, wrt: Sequence[int], adjoints: Sequence[object], line: int) -> Steps[dict[int, str]]:
    """Say of every input that got no adjoint whether no path leads to the output, or every path is stopped."""
    missing = [node for node in wrt if adjoints[node] is None]
    leads = graph.leads_to(graph.outputs[:1]) if missing else ()
    reasons = {node: "stopped" if leads[node] else "no_path" for node in missing}
    for node, reason in reasons.items():
        yield Absent(line, node, reason)
    return reasons
