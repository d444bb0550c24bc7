"""Where a derivative breaks: what each edge of a pass carries, whether a fault is its own, and the state it leaves.

The same for adjoints, which edges carry back, and for tangents, which they carry forward.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from engine.events import Contribute
from engine.graph import Graph
from engine.maps import Map, Mixing, arguments, shown
from engine.passes.evaluate import raises
from engine.primitive import Elementwise
from engine.values import TINY, Value, finite, ordinary, some


class Evidence(Protocol):
    """What a pass leaves, by id: values, local partials, and the states of values that are not ordinary."""

    @property
    def graph(self) -> Graph:
        """The list."""

    @property
    def values(self) -> Sequence[Value]:
        """Primal values."""

    @property
    def partials(self) -> Sequence[Sequence[Map | None]]:
        """Local partials or maps."""

    @property
    def states(self) -> Mapping[int, str]:
        """The states of values."""

    @property
    def out_of_range(self) -> Sequence[bool]:
        """Which values overflowed or underflowed, or are odd because of one that did."""


class Edge(NamedTuple):
    """What goes along an edge: `carried` times the partial of `node` by its argument is `sent`, and added to `before`.

    Reverse: `carried` is the adjoint of `node`, and `total` that of `source` so far. Forward, it is the tangent of
    `source`, and `total` that of `node`.
    """

    node: int
    argnum: int
    source: int
    carried: Value
    sent: Value
    before: Value
    total: Value
    forward: bool = False

    @property
    def sender(self) -> int:
        """The node whose derivative is carried."""
        return self.source if self.forward else self.node

    @property
    def receiver(self) -> int:
        """The node whose derivative it adds to."""
        return self.node if self.forward else self.source


class Break(NamedTuple):
    """What is odd about what an edge sends: its kind, and the cause, `inherited` where what it is made from was odd."""

    kind: str
    cause: str

    @property
    def own(self) -> bool:
        """Does the trouble begin here?"""
        return self.cause not in ("inherited", "values")


class Odd(NamedTuple):
    """Why a derivative is not an ordinary number: its state, and the edge and the fault that made it so."""

    state: str
    edge: Edge
    fault: Break


def judged(evidence: Evidence, edges: Iterable[Edge]) -> Iterator[tuple[Edge, Break | None, Odd | None]]:
    """Of each edge, in the order of the pass: what is odd about it, and about the derivative it has added to."""
    odd: dict[int, Odd] = {}
    for edge in edges:
        before = odd.get(edge.receiver)
        fault = broken(evidence, edge, odd.get(edge.sender))
        after = left(edge, fault, before)
        if after is not None:
            odd[edge.receiver] = after
        elif before is not None:
            del odd[edge.receiver]
        yield edge, fault, after


def edges_back(events: Iterable[object], adjoints: Sequence[Value | None]) -> Iterator[Edge]:
    """The edges of a reverse pass, as its events tell."""
    so_far: dict[int, Value] = {}
    for event in events:
        if isinstance(event, Contribute):
            adjoint, source = adjoints[event.node], event.source
            assert adjoint is not None
            before = so_far.get(source, 0.0)
            yield Edge(event.node, event.argnum, source, adjoint, event.cotangent, before, event.adjoint)
            so_far[source] = event.adjoint


def left(edge: Edge, fault: Break | None, before: Odd | None) -> Odd | None:
    """What is odd about the sum after an edge has added to it; the first fault of its own that explains it stays."""
    if finite(edge.total):
        if not some(np.abs(edge.total) < TINY):
            return None
        if before is not None and before.state == "underflow":
            return before
        return None if fault is None or fault.kind != "underflow" else Odd("underflow", edge, fault)
    turned = some(np.isnan(edge.total)) and not some(np.isnan(edge.before))
    if fault is None or fault.kind == "underflow":
        return before
    if before is not None and not turned and (before.fault.own or not fault.own) and before.state != "underflow":
        return before
    return Odd(fault.kind if fault.own else "inherited", edge, fault)


# ---- one edge ----


def broken(evidence: Evidence, edge: Edge, sender: Odd | None = None) -> Break | None:
    """What is odd about what an edge sends, or about the sum that it is added to; None for an ordinary number."""
    if ordinary(edge.sent) and finite(edge.total):
        return None
    if some(np.isnan(edge.total)) and not some(np.isnan(edge.sent) | np.isnan(edge.before)):
        return Break("undefined", "infinite_minus_infinite")
    if not finite(edge.sent):
        return not_finite(evidence, edge)
    if not finite(edge.total):
        return Break("overflow", "sum") if finite(edge.before) else None
    return too_small(evidence, edge, sender)


def not_finite(evidence: Evidence, edge: Edge) -> Break:
    """A product with an infinity or NaN: from what is carried, from the values, or new."""
    carried, partial = edge.carried, partial_of(evidence, edge.node, edge.argnum)
    undefined = some(np.isnan(edge.sent))
    if not finite(carried) and (some(np.isnan(carried)) or not undefined):
        return Break("undefined" if undefined else "overflow", "inherited")
    if partial is not None and finite(partial) and finite(carried):
        return Break("overflow", "product")
    if undefined and partial is not None and not some(np.isnan(partial)):
        return Break("undefined", "zero_times_infinite")
    if edge.node in evidence.states and evidence.states[edge.node] not in ("pole", "underflow"):
        return Break("undefined" if undefined else "overflow", "values")
    if undefined:
        return Break("undefined", "partial" if partial is not None else "inside")
    pole = evidence.states.get(edge.node) == "pole" or slope_raises("divide", evidence, edge)
    return Break("pole" if pole else "overflow", "partial")


def too_small(evidence: Evidence, edge: Edge, sender: Odd | None) -> Break | None:
    """A product that is 0 or subnormal only because the exact one is too small."""
    carried = edge.carried
    inherits = sender is not None and sender.state == "underflow"
    if isinstance(carried, float) and carried == 0 and not inherits:
        return None
    partial = partial_of(evidence, edge.node, edge.argnum)
    if partial is None or not finite(partial) or np.shape(carried) != np.shape(edge.sent):
        return None
    lost = (np.abs(edge.sent) < TINY) & (np.abs(carried) >= TINY)
    if not some(lost):
        small = (np.abs(carried) < TINY) & (np.abs(edge.sent) < TINY) & np.not_equal(partial, 0)
        return Break("underflow", "inherited") if inherits and some(small) else None
    if some(lost & (np.abs(partial) >= TINY)):
        return Break("underflow", "product")
    if any(evidence.out_of_range[i] for i in (edge.node, *evidence.graph.nodes[edge.node].inputs)):
        return Break("underflow", "values")
    return Break("underflow", "partial") if slope_raises("under", evidence, edge) else None


def partial_of(evidence: Evidence, node: int, argnum: int) -> Value | None:
    """The local partial of an edge; None where a map is never built."""
    partial = evidence.partials[node][argnum]
    if partial is None or isinstance(partial, Mixing):
        return None
    numbers = shown(partial)
    assert numbers is not None
    assert not isinstance(numbers, str)
    return numbers


def slope_raises(flag: str, evidence: Evidence, edge: Edge) -> bool:
    """Does computing the local partial of an edge raise this floating-point flag?"""
    node, values = evidence.graph.nodes[edge.node], evidence.values
    if not isinstance(node.op, Elementwise):
        return raises(flag, node, [values[i] for i in node.inputs])
    settings: dict[str, Any] = {"all": "ignore", flag: "raise"}
    try:
        with np.errstate(**settings):
            value = np.float64(values[node.id]) if not node.shape else values[node.id]
            node.op.rules[edge.argnum](np.float64(1.0), value, *arguments(node, values))
    except FloatingPointError:
        return True
    return False


def out_of_range(graph: Graph, values: Sequence[Value], states: Mapping[int, str]) -> list[bool]:
    """By node: did its value overflow or underflow, or is it infinite or that small because of an argument that did?"""
    found: list[bool] = []
    for node in graph.nodes:
        from_argument = any(found[i] for i in node.inputs) and not ordinary(values[node.id])
        found.append(states.get(node.id) in ("overflow", "underflow") or from_argument)
    return found
