"""One reverse pass, read to its end: values, local partials, adjoints, and every contribution in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine import latex
from engine.events import Compute, Contribute
from engine.graph import Graph, constant
from engine.passes.breaks import Break, Edge, Odd, edges_back, judged, out_of_range
from engine.passes.evaluate import Partials
from engine.passes.reverse import reverse
from engine.trace import record
from engine.values import TINY, Value, some


class Run(NamedTuple):
    """What a reverse pass leaves, by id; `states` has only what is not an ordinary number.

    `sent` lists the contributions in the order in which they came, `received` those to each node. `moving` marks what
    depends on the inputs of interest, `leads` what leads to the output. `out_of_range` marks what overflowed or
    underflowed, and what is infinite, 0 or subnormal for that reason.
    """

    graph: Graph
    wrt: list[int]
    names: list[str]
    values: list[Value]
    partials: Partials
    states: dict[int, str]
    adjoints: list[Value | None]
    sent: list[Contribute]
    received: dict[int, list[Contribute]]
    moving: bytearray
    leads: bytearray
    out_of_range: list[bool]

    @property
    def output(self) -> int:
        """The node that is differentiated."""
        return self.graph.outputs[0]

    def called(self, node: int) -> str:
        """A node where another reads it, in LaTeX."""
        return latex.reference(self.graph, node, self.names.__getitem__)[0]

    def statement(self, node: int) -> str:
        """The right-hand side of a node's assignment, in LaTeX."""
        return latex.statement(self.graph, self.graph.nodes[node], self.names.__getitem__)

    def inputs_of(self, node: int) -> tuple[int, ...]:
        """What a node reads."""
        return self.graph.nodes[node].inputs


class Faults(NamedTuple):
    """Everything odd that is sent, as sent; and by node, why its derivative is not an ordinary number."""

    broken: list[tuple[Edge, Break]]
    odd: dict[int, Odd]


def faults_of(run: Run) -> Faults:
    """What breaks on the way back."""
    broken: list[tuple[Edge, Break]] = []
    odd: dict[int, Odd | None] = {}
    for edge, fault, left in judged(run, edges_back(run.sent, run.adjoints)):
        odd[edge.receiver] = left
        if fault is not None:
            broken.append((edge, fault))
    return Faults(broken, {node: one for node, one in odd.items() if one is not None})


def run_of(graph: Graph, point: Mapping[str, Value], wrt: Sequence[int]) -> Run:
    """Run the reverse pass; of an array, the sum of its elements is differentiated."""
    output = graph.outputs[0]
    seed = constant(np.ones(graph.nodes[output].shape))
    events, back = record(reverse(graph, point, wrt, seed))
    states = {event.node: event.state for event in events if isinstance(event, Compute) and event.state}
    sent = [event for event in events if isinstance(event, Contribute)]
    received: dict[int, list[Contribute]] = {}
    for event in sent:
        received.setdefault(event.source, []).append(event)
    return Run(
        graph, list(wrt), latex.names(graph), back.values, back.partials, states, back.adjoints, sent, received,
        graph.depends_on(wrt), graph.leads_to([output]), out_of_range(graph, back.values, states),
    )  # fmt: skip


def tiny(value: Value) -> bool:
    """Is there an element that is 0 or subnormal?"""
    return some(np.abs(value) < TINY)
