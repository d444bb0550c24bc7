"""The states of adjoints and tangents, told after a pass: its loop is the hot one, and ordinary numbers need none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from engine.events import Compute, Contribute, Event
from engine.graph import Graph
from engine.passes.breaks import Edge, edges_back, judged, out_of_range
from engine.passes.evaluate import Partials, linearise
from engine.passes.reverse import Backward
from engine.trace import finish
from engine.values import Value, ordinary


class Left(NamedTuple):
    """What a pass leaves: `engine.passes.breaks.Evidence`."""

    graph: Graph
    values: Sequence[Value]
    partials: Partials
    states: Mapping[int, str]
    out_of_range: Sequence[bool]


def told_back(graph: Graph, events: list[Event], back: Backward) -> list[Event]:
    """The events of a reverse pass, each contribution with the state of the adjoint it has added to."""
    if all(map(ordinary, [event.adjoint for event in events if type(event) is Contribute])):
        return events
    evidence = left_by(graph, events, back.values, back.partials)
    after = iter([odd and odd.state for _, _, odd in judged(evidence, edges_back(events, back.adjoints))])
    return [replace(event, state=next(after)) if isinstance(event, Contribute) else event for event in events]


def told_forward(graph: Graph, inputs: Mapping[str, Value], events: list[Event]) -> list[Event]:
    """The events of a forward pass, each computation with the state of its tangent."""
    tangents = [event.tangent for event in events if type(event) is Compute]
    if all(tangent is None or ordinary(tangent) for tangent in tangents):
        return events
    every = frozenset(graph.inputs.values())
    values, partials, _ = finish(linearise(graph, inputs, every, lines=(1, 3)))
    states: dict[int, str | None] = {}
    for edge, _, odd in judged(left_by(graph, events, values, partials), edges_forward(graph, events)):
        states[edge.node] = odd and odd.state
    return [
        replace(event, tangent_state=states[event.node])
        if isinstance(event, Compute) and states.get(event.node)
        else event
        for event in events
    ]


def edges_forward(graph: Graph, events: Sequence[Event]) -> Iterator[Edge]:
    """The edges of a forward pass, as its events tell."""
    tangents: dict[int, Value] = {}
    for event in events:
        tangent = getattr(event, "tangent", None)
        if tangent is not None:
            tangents[event.node] = tangent  # type: ignore[attr-defined]
        if not isinstance(event, Compute):
            continue
        total: Value = 0.0
        for argnum, (source, term) in enumerate(zip(graph.nodes[event.node].inputs, event.terms or (), strict=False)):
            if term is not None:
                before, total = total, total + term
                yield Edge(event.node, argnum, source, tangents[source], term, before, total, forward=True)


def left_by(graph: Graph, events: Sequence[Event], values: Sequence[Value], partials: Partials) -> Left:
    """What a pass has left, with the states of its values."""
    states = {event.node: event.state for event in events if isinstance(event, Compute) and event.state}
    return Left(graph, values, partials, states, out_of_range(graph, values, states))
