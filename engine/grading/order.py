"""Kind `order`: a topological order of the operations, or a reverse one; any that is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta

from engine.api import parsed
from engine.errors import EngineError, Words
from engine.explain.columns import Message
from engine.grading.draw import Draw
from engine.grading.drawn import formula
from engine.grading.exercise import Exercise, Kind, MalformedError
from engine.grading.names import node_key
from engine.grading.records import (
    CORRECT,
    INCORRECT,
    MALFORMED,
    MISSING,
    PARTIAL,
    Cell,
    Finding,
    Marking,
    Share,
    Submission,
    Task,
)
from engine.graph import Graph
from engine.primitive import ATOM

TOPOLOGICAL, REVERSE = "topological", "reverse"
SEPARATORS = re.compile(r"[\s,;|<>，、；|→➔⟶⇒]+|-{1,4}>|=>")
"""What may stand between two names in a text: blanks, commas, arrows."""


class Order(Task, frozen=True, kw_only=True, tag="order"):
    """Put the operations of a source in an order in which they can be evaluated, or swept in reverse."""

    source: Annotated[str, Meta(description="The formula or program.")]
    direction: Annotated[
        Literal["topological", "reverse"],
        Meta(description="`topological`: inputs of a node before it; `reverse`: users of a node before it."),
    ] = "topological"


class Edge(NamedTuple):
    """A data edge between two nodes, by id: `user` reads `source`."""

    source: int
    user: int


class OrderExercise(Exercise):
    """An edge is right when the order respects it.

    A cell for every data edge between two operations, so that a misplaced node costs the edges it breaks and no more:
    exchanging two neighbours that stand the wrong way round always raises the score, and an order that runs backwards
    has none. An operation without such an edge is a cell of its own.
    """

    def __init__(self, task: Order) -> None:
        self.task: Order = task
        self.graph = parsed(task.source)
        if not self.operations:
            raise EngineError("no_operation", hint="formula_with_operation")

    @cached_property
    def operations(self) -> list[int]:
        """Ids of the operations, in the order of the list."""
        return [node.id for node in self.graph.nodes if node.op is not None]

    @cached_property
    def edges(self) -> list[Edge]:
        """The data edges between operations, each once."""
        return [edge for edge in edges_of(self.graph) if self.graph.nodes[edge.source].op is not None]

    @cached_property
    def from_inputs(self) -> list[Edge]:
        """The data edges that start at an input; they count where the answer names it."""
        return [edge for edge in edges_of(self.graph) if self.graph.nodes[edge.source].name is not None]

    @cached_property
    def alone(self) -> list[int]:
        """Operations without an edge to another one."""
        tied = {node for edge in self.edges for node in edge}
        return [node for node in self.operations if node not in tied]

    def name(self, node: int) -> str:
        """What a node is called."""
        return self.graph.names[node]

    def key(self, edge: Edge) -> str:
        """The cell of an edge."""
        return f"{self.name(edge.source)}->{self.name(edge.user)}"

    def statement(self) -> Message:
        """What is asked."""
        return Message(f"task.order.{self.task.direction}", {"source": self.task.source})

    def model(self) -> list[str]:
        """The order of the list, or its reverse."""
        names = [self.name(node) for node in self.operations]
        return names if self.task.direction == TOPOLOGICAL else names[::-1]

    def scheme(self) -> list[Share]:
        """A mark for each edge."""
        about = f"scheme.order.{self.task.direction}"
        shares = [
            Share(self.key(edge), 1.0, Message(about, {"input": self.name(edge.source), "node": self.name(edge.user)}))
            for edge in self.edges
        ]
        return shares + [
            Share(self.name(i), 1.0, Message("scheme.order.alone", {"node": self.name(i)})) for i in self.alone
        ]

    # ---- marking ----

    def mark(self, answer: Any) -> Marking:
        """A cell for each edge; one more for an input that is misplaced, and for a node that is named twice."""
        order = self.read(answer)
        places = Places(order)
        cells = [self.judge(places, edge) for edge in self.edges]
        cells += [
            Cell(self.name(i), CORRECT if i in places.first else MISSING, float(i in places.first)) for i in self.alone
        ]
        cells += [Cell(self.key(edge), INCORRECT, 0.0) for edge in self.from_inputs if self.broken(places, edge)]
        cells += [Cell(self.name(node), INCORRECT, 0.0) for node in places.repeated]
        return Marking(cells, self.diagnose(order, places))

    def read(self, answer: Any) -> list[int]:
        """The nodes of an answer, constants left out. Raises MalformedError."""
        items = re.split(SEPARATORS, answer) if isinstance(answer, str) else answer
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise MalformedError(EngineError("bad_answer", expected=Words("word.node_names")))
        constants = {self.name(node.id) for node in self.graph.nodes if node.const is not None}
        names = [item.strip() for item in items]
        found = [node_key(self.graph, name) for name in names if name and name not in constants]
        if not found:
            raise MalformedError(EngineError("bad_answer", expected=Words("word.node_names")))
        return [node for node in found if self.graph.nodes[node].const is None]

    def judge(self, places: Places, edge: Edge) -> Cell:
        """The cell of an edge between operations."""
        if not (edge.source in places.first and edge.user in places.first):
            return Cell(self.key(edge), MISSING, 0.0)
        broken = self.broken(places, edge)
        return Cell(self.key(edge), INCORRECT if broken else CORRECT, float(not broken))

    def broken(self, places: Places, edge: Edge) -> bool:
        """Do both its nodes stand in the answer, in the wrong order?"""
        before, after = edge if self.task.direction == TOPOLOGICAL else edge[::-1]
        return before in places.last and after in places.first and places.last[before] >= places.first[after]

    # ---- diagnosis ----

    def diagnose(self, order: Sequence[int], places: Places) -> list[Finding]:
        """What explains a wrong order: it is another known one, or the first edge it breaks; then what is missing."""
        findings = []
        broken = [edge for edge in (*self.from_inputs, *self.edges) if self.broken(places, edge)]
        if broken:
            # the first that the reader of the answer meets
            first = min(broken, key=lambda edge: max(places.first[edge.user], places.first[edge.source]))
            findings.append(self.explain(order, broken, first))
        if places.repeated:
            findings.append(self.finding("repeated_node", places.repeated[0]))
        missing = [node for node in self.operations if node not in places.first]
        if missing:
            findings.append(self.finding("missing_from_order", missing[0]))
        return findings

    def explain(self, order: Sequence[int], broken: Sequence[Edge], first: Edge) -> Finding:
        """A wrong order in one finding."""
        words = {"input": self.name(first.source), "node": self.name(first.user)}
        operations = [node for node in order if self.graph.nodes[node].op is not None]
        if len(self.edges) > 1 and set(self.edges) <= set(broken):
            return Finding("reversed_order", self.key(first), words)
        if operations in self.by_text:
            return Finding("order_of_text", self.key(first), words)
        slip = "used_too_early" if self.task.direction == TOPOLOGICAL else "swept_too_early"
        return Finding(slip, self.key(first), words)

    def finding(self, mistake: str, node: int) -> Finding:
        """What is wrong with one node."""
        return Finding(mistake, self.name(node), {"node": self.name(node)})

    @cached_property
    def by_text(self) -> list[list[int]]:
        """The operations as their signs stand in the text, from left to right and from right to left."""
        found = sorted(self.operations, key=lambda node: sign_at(self.graph, node))
        return [found, found[::-1]]

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model, with the inputs and as a text too; every simulated mistake; malformed answers."""
        model = self.model()
        inputs = list(self.graph.inputs)
        whole = inputs + model if self.task.direction == TOPOLOGICAL else model + inputs[::-1]
        for right in (model, whole, ", ".join(model), " → ".join(whole)):
            yield Submission(right, CORRECT, 1.0)
        if len(self.edges) > 1:
            yield Submission(model[::-1], *self.worth(model[::-1]), "reversed_order")
        for order in self.by_text:
            names = [self.name(node) for node in order]
            verdict, score = self.worth(names)
            if 0 < score < 1 or (score == 0 and len(self.edges) == 1):
                yield Submission(names, verdict, score, "order_of_text")
        if len(model) > 1:
            verdict, score = self.worth(model[:-1])
            yield Submission(model[:-1], verdict, score, "missing_from_order")
        whole_weight = len(self.edges) + len(self.alone)
        yield Submission([*model, model[0]], *self.repeated(model[0], whole_weight), None)
        yield Submission([*model, "nothing_here"], MALFORMED, 0.0)
        yield Submission(7, MALFORMED, 0.0)

    def worth(self, names: Sequence[str]) -> tuple[str, float]:
        """Verdict and score of an order without repetitions, counted pair by pair."""
        at = {name: place for place, name in enumerate(names)}
        if self.task.direction == REVERSE:
            at = {name: -place for name, place in at.items()}
        pairs = [(self.name(edge.source), self.name(edge.user)) for edge in self.edges]
        kept = sum([a in at and b in at and at[a] < at[b] for a, b in pairs])
        kept += sum([self.name(i) in at for i in self.alone])
        score = kept / (len(pairs) + len(self.alone))
        return CORRECT if score == 1 else PARTIAL if score else INCORRECT, score

    def repeated(self, name: str, weight: int) -> tuple[str, float]:
        """Verdict and score when the first node of a right order stands at its end again."""
        lost = sum([name in (self.name(edge.source), self.name(edge.user)) for edge in self.edges])
        score = (weight - lost) / (weight + 1)
        return PARTIAL if score else INCORRECT, score


class Places:
    """Where each node stands in an order, first and last."""

    def __init__(self, order: Sequence[int]) -> None:
        self.last: Mapping[int, int] = {node: place for place, node in enumerate(order)}
        self.first: Mapping[int, int] = {node: place for place, node in reversed([*enumerate(order)])}
        self.repeated = [node for node in self.first if self.first[node] != self.last[node]]


def edges_of(graph: Graph) -> list[Edge]:
    """All data edges, parallel ones once."""
    return list(dict.fromkeys([Edge(source, node.id) for node in graph.nodes for source in node.inputs]))


def sign_at(graph: Graph, node: int) -> int:
    """Where in the source the sign or the name of an operation stands."""
    found = graph.nodes[node]
    span, op = found.span, found.op
    assert span is not None
    assert op is not None
    if op.precedence >= ATOM or len(found.inputs) != 2:
        return span.start
    first = graph.nodes[found.inputs[0]].span
    return first.end if first is not None and span.start <= first.start < first.end <= span.end else span.start + 1


def variant(draw: Draw) -> Order:
    """A drawn formula, in either direction."""
    source = formula(draw, draw.integer(4, 8))
    return Order(source=source, direction="reverse" if draw.below(2) else "topological")


KIND = Kind(Order, OrderExercise, variant)
