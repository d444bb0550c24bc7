"""Honesty at the edges: kinds of nothing, where a NaN came from, conditioning, kinks. One inspection of a function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine import limits
from engine.documents import graph_record
from engine.edges.conditioning import EPS, Known, conditioning, digits, left
from engine.edges.kinks import KINKS, VERSIONS, Kink
from engine.edges.nothing import of_input, of_slope, of_value
from engine.edges.places import kinks_of
from engine.edges.records import Conditioning, Inspection, NodeReport, Say
from engine.edges.run import Faults, Run, faults_of, run_of
from engine.edges.troubles import LOST, first_of, troubles
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.graph import Graph
from engine.latex import number
from engine.values import Value, finite

__all__ = ["KINKS", "VERSIONS", "Inspection", "Kink", "Say", "inspection"]

ILL = 100.0
"""A condition number, or an error in eps, above which two digits and more are lost."""


def inspection(graph: Graph, point: Mapping[str, Value], wrt: Sequence[str], say: Say | None = None) -> Inspection:
    """Inspect the first output of a graph at a point; with `say`, in words.

    Of an output with axes, the sum of its elements is differentiated. Raises EngineError `too_many_nodes`.
    """
    if len(graph.nodes) > limits.INSPECTED_NODES:
        raise EngineError("too_many_nodes", limit=limits.INSPECTED_NODES)
    ids = [graph.inputs[name] for name in wrt]
    run = run_of(graph, point, ids)
    known = conditioning(graph, point, run.states)
    faults = faults_of(run)
    found = troubles(run, known, faults, say)
    return Inspection(
        graph.source, dict(point), list(wrt), graph.names[run.output], graph_record(graph), run.names,
        run.values[run.output], [node_report(run, faults, node.id, known[node.id], say) for node in graph.nodes],
        [of_input(run, faults, node, say) for node in ids], found, first_of(run, found), summary(run, known, say),
        kinks_of(run, found, say),
    )  # fmt: skip


def node_report(run: Run, faults: Faults, node: int, known: Known, say: Say | None) -> NodeReport:
    """All about one node."""
    value_kind, value_reason = of_value(run, node, (known.error or 0.0) >= LOST)
    slope_kind, slope_reason = of_slope(run, faults, node)
    return NodeReport(
        node, run.names[node], run.statement(node), run.values[node], value_kind,
        say(value_reason) if say and value_reason else None,
        run.adjoints[node], slope_kind, say(slope_reason) if say and slope_reason else None,
        known.condition, digits(known.condition), known.error, left(known.error),
    )  # fmt: skip


def summary(run: Run, known: Sequence[Known], say: Say | None) -> Conditioning:
    """How well the output is known, and which operation costs most of its digits."""
    error = known[run.output].error
    cone = [node.id for node in run.graph.nodes if run.leads[node.id] and known[node.id].condition is not None]
    worst = max(cone, key=lambda node: known[node].condition or 0.0, default=None)
    condition = None if worst is None else known[worst].condition
    said = None
    if say is not None:
        words = {"output": run.called(run.output), "left": f"{left(error) or 0.0:.1f}"}
        if worst is not None and condition is not None:
            words |= {
                "node": run.called(worst), "statement": run.statement(worst), "condition": number(condition, 3)[0],
                "lost": f"{digits(condition) or 0.0:.1f}",
            }  # fmt: skip
        said = say(Message(f"conditioning.{verdict(run.values[run.output], error, condition)}", words))
    return Conditioning(error, left(error), worst, condition, said)


def verdict(value: Value, error: float | None, condition: float | None) -> str:
    """Which sentence says how well the output is known."""
    if not finite(value):
        return "broken"
    if error is None:
        return "unknown"
    if error * EPS >= 1:
        return "lost"
    return "ill" if condition is not None and condition > ILL and error > ILL else "well"
