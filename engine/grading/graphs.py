"""Kind `graph`: the computation graph of a source, in any names and any order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Meta

from engine import limits, writing
from engine.api import parsed
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading import misdrawn
from engine.grading.draw import Draw
from engine.grading.drawn import formula
from engine.grading.exercise import Exercise, Kind
from engine.grading.likeness import Likeness, Reference, isomorphic
from engine.grading.pictures import Item, Picture, of_graph, read
from engine.grading.records import (
    CORRECT,
    FOLLOW_THROUGH,
    INCORRECT,
    MISSING,
    Cell,
    Finding,
    Marking,
    Share,
    Submission,
    Task,
)
from engine.syntax.names import quote

SHOWN = 8
"""Arguments of a node that are shown."""
BACKWARDS = 0.5
"""What a node earns in a graph that is right but for the direction of all its edges."""


class ComputationGraph(Task, frozen=True, kw_only=True, tag="graph"):
    """Draw the computation graph of a source: its operations and what each reads."""

    source: Annotated[str, Meta(description="The formula or program.")]
    sharing: Annotated[
        Literal["any", "as_written"],
        Meta(description="`any`: what is written twice may be one node; `as_written`: it must be two."),
    ] = "any"
    ops: Annotated[bool, Meta(description="Must every operation be named? Otherwise the edges alone count.")] = True


class GraphExercise(Exercise):
    """A cell for every operation of the source, another one for every node that does not belong there."""

    def __init__(self, task: ComputationGraph) -> None:
        self.task: ComputationGraph = task
        self.graph = parsed(task.source)
        if len(self.graph.nodes) > limits.DRAWN_NODES:
            raise EngineError("too_many_nodes", hint="shorter_formula", limit=limits.DRAWN_NODES)
        if not self.operations:
            raise EngineError("no_operation", hint="formula_with_operation")
        self.reference = Reference(of_graph(self.graph), task.ops)

    @cached_property
    def operations(self) -> list[int]:
        """Ids of the operations."""
        return [node.id for node in self.graph.nodes if node.op is not None]

    def name(self, node: int) -> str:
        """What a node is called."""
        return self.graph.names[node]

    def written(self, node: int) -> str:
        """A node as a line of a Wengert list."""
        return writing.program(self.graph, ids=[node])

    def statement(self) -> Message:
        """What is asked."""
        return Message(f"task.graph.{self.task.sharing}", {"source": self.task.source})

    def model(self) -> dict[str, Any]:
        """A node list; constants stand among the inputs."""
        return node_list(self.graph)

    def scheme(self) -> list[Share]:
        """A mark for each operation."""
        return [
            Share(self.name(i), 1.0, Message("scheme.graph.node", {"node": self.written(i)})) for i in self.operations
        ]

    # ---- marking ----

    def mark(self, answer: Any) -> Marking:
        """A cell for each operation, one more for a node too many, and the first slip."""
        picture = read(answer, self.graph, self.task.ops)
        likeness = self.reference.compare(picture)
        cells: list[Cell] = []
        findings: list[Finding] = []
        left = {c: [*members] for c, members in likeness.members.items()}
        seen: set[int] = set()
        for i in self.operations:
            kind = self.reference.classes.of[i]
            cell, finding = self.judge(i, likeness, left.get(kind, []), again=kind in seen)
            seen.add(kind)
            cells.append(cell)
            findings += [finding] if finding else []
        extra, reasons = self.superfluous(likeness)
        cells += extra
        findings += reasons
        wrong = any(cell.verdict != CORRECT for cell in cells)
        if not wrong and self.task.sharing == "as_written" and not isomorphic(self.reference.classes, likeness.classes):
            cells[-1] = Cell(cells[-1].cell, INCORRECT, 0.0)
            findings.append(Finding("other_sharing", cells[-1].cell, {"node": cells[-1].cell}))
        if picture.backwards:
            cells = [Cell(c.cell, INCORRECT, BACKWARDS * c.earned, c.weight, c.got, c.expected) for c in cells]
            findings.insert(0, Finding("reversed_edges", cells[0].cell, {}))
        return Marking(cells, findings[:1])

    def judge(self, i: int, likeness: Likeness, left: list[int], again: bool) -> tuple[Cell, Finding | None]:
        """The cell of an operation; `left` are the nodes of the answer that stand for it and are not yet counted."""
        expected = self.written(i)
        kind = self.reference.classes.of[i]
        members = likeness.members.get(kind, [])
        if not members:
            words = {"node": expected}
            return Cell(self.name(i), MISSING, 0.0, expected=expected), Finding("missing_node", self.name(i), words)
        first = left.pop(0) if left else members[0]
        got = shown(likeness.picture, first)
        if likeness.is_exact(first):
            if again and self.task.sharing == "as_written" and len(members) < self.reference.counts[kind] and not left:
                first_copy = self.name(self.reference.first[kind])
                words = {"node": self.name(i), "other": first_copy}
                cell = Cell(self.name(i), INCORRECT, 0.0, 1.0, got, expected)
                return cell, Finding("merged_nodes", self.name(i), words)
            return Cell(self.name(i), CORRECT, 1.0, 1.0, got, expected), None
        if likeness.follows(first) or likeness.follows_gap(kind, first):
            return Cell(self.name(i), FOLLOW_THROUGH, 1.0, 1.0, got, expected), None
        mistake, words = misdrawn.explained(self.reference, likeness, i, first)
        words = {"node": self.name(i), "got": got, "expected": expected, **words}
        return Cell(self.name(i), INCORRECT, 0.0, 1.0, got, expected), Finding(mistake, self.name(i), words)

    def superfluous(self, likeness: Likeness) -> tuple[list[Cell], list[Finding]]:
        """Cells for nodes that stand for nothing, that repeat a shared one, or that nothing reads."""
        cells, findings = [], []
        sinks = likeness.classes.sinks()
        for i in likeness.classes.operations():
            kind, item = likeness.stands[i], likeness.picture.items[i]
            place = likeness.members[kind].index(i)
            mistake = None
            if kind not in self.reference.counts:
                mistake = "extra_node"
            elif place >= self.reference.counts[kind]:
                mistake = "not_shared"
            elif i in sinks and kind not in self.reference.sinks and likeness.is_exact(i):
                mistake = "unused_node"
            if mistake:
                got = shown(likeness.picture, i)
                name = quote(item.name)
                cells.append(Cell(f"+{name}", INCORRECT, 0.0, 1.0, got))
                findings.append(Finding(mistake, f"+{name}", {"node": name, "got": got}))
        return cells, findings

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model in all forms and in other names; every simulated mistake; malformed answers."""
        yield from misdrawn.submissions(self)


def node_list(graph: Any) -> dict[str, Any]:
    """A graph of ours as a node list."""
    nodes = []
    for node in graph.nodes:
        if node.name is not None:
            nodes.append({"name": node.name})
        elif node.op is not None:
            read = [argument(graph, k) for k in node.inputs]
            statics = {"params": dict(node.params)} if node.params else {}
            nodes.append({"name": graph.names[node.id], "op": node.op.name, "inputs": read, **statics})
    return {"nodes": nodes}


def argument(graph: Any, node: int) -> str:
    """What is read: a node's name, a constant written out."""
    found = graph.nodes[node]
    return str(graph.names[node]) if found.const is None else writing.leaf(found)[0]


def shown(picture: Picture, i: int) -> str:
    """A node of an answer in a line: mul(x, y)."""
    item: Item = picture.items[i]
    read = ", ".join([quote(picture.items[k].name) for k in item.inputs[:SHOWN]])
    return f"{quote(item.name)} = {item.op.name if item.op else ''}({read})"


def variant(draw: Draw) -> ComputationGraph:
    """A drawn formula."""
    return ComputationGraph(source=formula(draw, draw.integer(3, 7)))


KIND = Kind(ComputationGraph, GraphExercise, variant)
