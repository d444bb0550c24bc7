"""Kinds of nothing: of each value and each derivative, whether it is a number, and if not, which nothing and why."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.edges.records import InputReport, MissingPath, Say, SlopeKind, ValueKind
from engine.edges.run import Faults, Run
from engine.events import Contribute
from engine.explain.columns import Message
from engine.graph import zeros
from engine.kernels import sloped
from engine.passes.breaks import Edge, Odd, partial_of
from engine.primitive import Elementwise
from engine.values import Value, some

LISTED = 12
"""Nodes up to which a list of nodes is given."""


class Nothing(NamedTuple):
    """A kind, and the sentence that gives the reason; None for an ordinary number."""

    kind: Any
    reason: Message | None


# ---- values ----


def of_value(run: Run, node: int, lost: bool) -> Nothing:
    """What a value is; `lost` where no digit of it is sure."""
    kind, key = value_kind(run, node, lost)
    return Nothing(kind, None if kind == "number" else Message(f"nothing.value.{key}", {"node": run.called(node)}))


def value_kind(run: Run, node: int, lost: bool) -> tuple[ValueKind, str]:
    """The kind of a value, and the key of the sentence."""
    state = run.states.get(node)
    if state is not None:
        return state, state  # type: ignore[return-value]
    if run.out_of_range[node]:
        return "underflow", "underflow.inherited"
    if lost:
        return "cancelled", "cancelled"
    return ("number", "number") if some(run.values[node]) else ("zero", "zero")


# ---- derivatives ----


def of_slope(run: Run, faults: Faults, node: int) -> Nothing:
    """What the derivative of the output by a node is."""
    words: dict[str, str] = {"node": run.called(node), "output": run.called(run.output)}
    adjoint = run.adjoints[node]
    kind: SlopeKind = "number"
    if not run.moving[node]:
        constant = run.graph.nodes[node].const is not None
        return Nothing(
            "not_computed", Message(f"nothing.slope.not_computed.{'constant' if constant else 'node'}", words)
        )
    if adjoint is None:
        kind = "stopped" if run.leads[node] else "no_path"
        return Nothing(kind, Message(f"nothing.slope.{kind}", words))
    odd = faults.odd.get(node)
    if odd is not None:
        return Nothing(odd.state, why_odd(run, odd, words))
    if not some(adjoint):
        return Nothing("zero", why_zero(run, node, words))
    return Nothing(kind, None)


def why_odd(run: Run, odd: Odd, words: dict[str, str]) -> Message:
    """Why a derivative is not an ordinary number."""
    if odd.state == "inherited":
        return Message(f"nothing.slope.inherited.{'values' if odd.fault.cause == 'values' else 'adjoint'}", words)
    return Message(f"nothing.slope.{odd.state}.{odd.fault.cause}", words | edge_words(run, odd.edge))


def edge_words(run: Run, event: Edge | Contribute) -> dict[str, str]:
    """The user on an edge, and the operation there."""
    return {"user": run.called(event.node), "op": repr(run.graph.nodes[event.node].op)}


def why_zero(run: Run, node: int, words: dict[str, str]) -> Message:
    """Why a derivative is exactly 0."""
    events = run.received.get(node, [])
    for event in events:
        op = run.graph.nodes[event.node].op
        if isinstance(op, Elementwise) and event.argnum not in sloped(op):
            return Message("nothing.slope.zero.step", words | edge_words(run, event))
    if some_of(event.cotangent for event in events):
        return Message("nothing.slope.zero.sum", words)
    for event in events:
        partial = partial_of(run, event.node, event.argnum)
        if partial is not None and not some(partial) and some_of([run.adjoints[event.node]]):
            masked = repr(run.graph.nodes[event.node].op) == "where"
            return Message(f"nothing.slope.zero.{'masked' if masked else 'partial'}", words | edge_words(run, event))
    return Message("nothing.slope.zero.adjoint", words)


def some_of(values: Any) -> bool:
    """Is there an element in any of them that is not 0?"""
    return any(map(some, values))


# ---- inputs ----


def of_input(run: Run, faults: Faults, node: int, say: Say | None) -> InputReport:
    """An input of interest: its derivative, and why it is nothing."""
    graph = run.graph
    adjoint = run.adjoints[node]
    derivative: Value = zeros(graph, node) if adjoint is None else adjoint
    kind, reason = of_slope(run, faults, node)
    missing, stops = None, []
    if kind == "no_path":
        missing = missing_path(run, node)
        reason = missing_reason(run, node, missing)
    if kind == "stopped":
        reached = graph.depends_on([node])
        stops = [one.id for one in graph.nodes if one.op and one.op.stops and reached[one.id] and run.leads[one.id]]
        reason = Message("nothing.slope.stopped.by", {"node": run.called(node), "stops": listed(run, stops)})
    said = say(reason) if say and reason else None
    name = graph.nodes[node].name
    assert name is not None
    return InputReport(name, node, derivative, kind, said, missing, stops[:LISTED])


def missing_path(run: Run, node: int) -> MissingPath:
    """Where the paths from an input end, and what the output is made of."""
    reached = run.graph.depends_on([node])
    ends = [one.id for one in run.graph.nodes if reached[one.id] and not run.graph.users[one.id]]
    cone = [one.id for one in run.graph.nodes if one.op is not None and run.leads[one.id]]
    return MissingPath(ends[:LISTED], cone[-LISTED:])


def missing_reason(run: Run, node: int, missing: MissingPath) -> Message:
    """Which path there would have to be."""
    words = {"node": run.called(node), "output": run.called(run.output), "ends": listed(run, missing.ends)}
    if missing.ends in ([node], []):
        return Message("nothing.slope.no_path.unread", words)
    if not missing.cone:
        return Message("nothing.slope.no_path.leaf", words)
    return Message("nothing.slope.no_path.ends", words | {"cone": listed(run, missing.cone)})


def listed(run: Run, nodes: list[int]) -> str:
    """Nodes by name, each as a formula."""
    return ", ".join(f"${run.called(node)}$" for node in nodes[:LISTED])
