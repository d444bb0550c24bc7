"""Where a cotangent breaks: what each edge of the reverse pass sends, and whether the fault is its own."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from engine.edges.run import Run, some
from engine.events import Contribute
from engine.maps import Mixing, arguments, shown
from engine.passes.evaluate import raises
from engine.primitive import Elementwise
from engine.values import TINY, Value, finite, ordinary


class Break(NamedTuple):
    """What is odd about a contribution: its kind, and the cause, `inherited` where what it was made from was odd."""

    kind: str
    cause: str


Faults = dict[int, list[tuple[Contribute, Break]]]
"""By node: the contributions to it that are odd."""


def faults_of(run: Run) -> Faults:
    """Everything odd that is sent, by the node that receives it, in the order in which it came."""
    found: Faults = {}
    for source, events in run.received.items():
        before: Value = 0.0
        for event in events:
            fault = broken(run, event, before)
            if fault is not None:
                found.setdefault(source, []).append((event, fault))
            before = event.adjoint
    return found


def broken(run: Run, event: Contribute, before: Value) -> Break | None:
    """What is odd about what an edge sends, or about the sum that it is added to; None for an ordinary number."""
    if ordinary(event.cotangent) and finite(event.adjoint):
        return None
    if some(np.isnan(event.adjoint)) and not some(np.isnan(event.cotangent) | np.isnan(before)):
        return Break("undefined", "infinite_minus_infinite")
    if not finite(event.cotangent):
        return not_finite(run, event)
    if not finite(event.adjoint):
        return Break("overflow", "sum") if finite(before) else None
    return too_small(run, event)


def not_finite(run: Run, event: Contribute) -> Break:
    """A cotangent with an infinity or NaN: from the adjoint, from the values, or new."""
    adjoint, partial = adjoint_of(run, event), partial_of(run, event)
    undefined = some(np.isnan(event.cotangent))
    if not finite(adjoint) and (some(np.isnan(adjoint)) or not undefined):
        return Break("undefined" if undefined else "overflow", "inherited")
    if partial is not None and finite(partial) and finite(adjoint):
        return Break("overflow", "product")
    if undefined and partial is not None and not some(np.isnan(partial)):
        return Break("undefined", "zero_times_infinite")
    if event.node in run.states and run.states[event.node] not in ("pole", "underflow"):
        return Break("undefined" if undefined else "overflow", "values")
    if undefined:
        return Break("undefined", "partial" if partial is not None else "inside")
    return Break("pole" if slope_raises("divide", run, event) else "overflow", "partial")


def too_small(run: Run, event: Contribute) -> Break | None:
    """A cotangent that is 0 or subnormal only because the exact one is too small."""
    adjoint, partial = adjoint_of(run, event), partial_of(run, event)
    if partial is None or not finite(partial) or np.shape(adjoint) != np.shape(event.cotangent):
        return None
    lost = (np.abs(event.cotangent) < TINY) & (np.abs(adjoint) >= TINY)
    if not some(lost):
        return None
    if some(lost & (np.abs(partial) >= TINY)):
        return Break("underflow", "product")
    if any(run.out_of_range[i] for i in (event.node, *run.inputs_of(event.node))):
        return Break("underflow", "values")
    return Break("underflow", "partial") if slope_raises("under", run, event) else None


def adjoint_of(run: Run, event: Contribute) -> Value:
    """The adjoint of the node that sends."""
    adjoint = run.adjoints[event.node]
    assert adjoint is not None
    return adjoint


def partial_of(run: Run, event: Contribute) -> Value | None:
    """The local partial of an edge; None where a map is never built."""
    partial = run.partials[event.node][event.argnum]
    return None if partial is None or isinstance(partial, Mixing) else as_value(shown(partial))


def as_value(part: Value | str | None) -> Value:
    """A partial that is known to be numbers."""
    assert part is not None
    assert not isinstance(part, str)
    return part


def slope_raises(flag: str, run: Run, event: Contribute) -> bool:
    """Does computing the local partial of an edge raise this floating-point flag?"""
    node = run.graph.nodes[event.node]
    if not isinstance(node.op, Elementwise):
        return raises(flag, node, [run.values[i] for i in node.inputs])
    settings: dict[str, Any] = {"all": "ignore", flag: "raise"}
    try:
        with np.errstate(**settings):
            value = np.float64(run.values[node.id]) if not node.shape else run.values[node.id]
            node.op.rules[event.argnum](np.float64(1.0), value, *arguments(node, run.values))
    except FloatingPointError:
        return True
    return False
