"""Kind `shapes`: the shape of every node, axis by axis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from engine import limits
from engine.api import formed, parsed, select, shape_key, values
from engine.errors import EngineError, Words
from engine.explain.columns import Message
from engine.grading import misshapen
from engine.grading.draw import Draw
from engine.grading.exercise import Exercise, Kind, MalformedError
from engine.grading.names import barred, node_key
from engine.grading.records import (
    CORRECT,
    FOLLOW_THROUGH,
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
from engine.graph import Graph, inferred, spelled
from engine.primitive import Shape, shape_of
from engine.syntax.normalise import normalise

BETWEEN = re.compile(r"\s*[,x×*·;]\s*|\s+", re.IGNORECASE)
"""What may stand between two extents: (2, 3), 2x3, 2×3."""
BRACKETS = re.compile(r"(?:(?:torch\.)?Size|shape|TensorShape)?\s*[(\[{]*(.*?)[)\]}]*\s*", re.DOTALL | re.IGNORECASE)
SCALAR = frozenset({"", "scalar", "number", "标量", "数"})
LONGEST = 100
EXTENT = re.compile(r"\d{1,9}")

Extent = Annotated[int, Meta(ge=1, le=limits.ELEMENTS)]


class ShapesTask(Task, frozen=True, kw_only=True, tag="shapes"):
    """The shape of every operation of a source, or that of every adjoint."""

    source: Annotated[str, Meta(description="The formula or program.")]
    shapes: Annotated[dict[str, list[Extent]], Meta(description="The shape of each input: a number unless given.")] = (
        msgspec.field(default_factory=dict)
    )
    inputs: Annotated[
        dict[str, Any] | None, Meta(description="Values of all the inputs, in place of their shapes.")
    ] = None
    output: Annotated[str | None, Meta(description="The node that counts as the output: the last unless given.")] = None
    direction: Annotated[
        Literal["forward", "reverse"],
        Meta(description="`forward`: of each operation's value; `reverse`: of each adjoint, inputs included."),
    ] = "forward"


class ShapesExercise(Exercise):
    """A cell for every node, which earns the share of its axes that is right when their number is."""

    def __init__(self, task: ShapesTask) -> None:
        self.task: ShapesTask = task
        found = parsed(task.source)
        for name in task.shapes:
            if name not in found.inputs:
                raise EngineError("unexpected_input", name=name, expected=", ".join(found.inputs) or "-")
        given: dict[str, Shape] = {name: tuple(task.shapes.get(name, ())) for name in found.inputs}
        if task.inputs is not None:
            given |= {name: shape_of(value) for name, value in values(found, task.inputs).items()}
        self.graph: Graph = select(formed(task.source, shape_key(found, given)), task.output)
        if not self.asked:
            raise EngineError("no_operation", hint="formula_with_operation")

    @cached_property
    def back(self) -> bool:
        """Are the adjoints meant?"""
        return self.task.direction == "reverse"

    @cached_property
    def asked(self) -> list[int]:
        """The nodes that are asked for, in the order of the pass."""
        nodes = self.graph.nodes
        if not self.back:
            return [node.id for node in nodes if node.op is not None]
        leads, active = self.graph.leads_to(self.graph.outputs), self.graph.depends_on(self.graph.inputs.values())
        return [node.id for node in reversed(nodes) if leads[node.id] and active[node.id]]

    def key(self, node: int) -> str:
        """The cell of a node."""
        return self.graph.names[node]

    def statement(self) -> Message:
        """What is asked."""
        given = ", ".join(
            [f"{name}: {spelled(self.graph.nodes[node].shape)}" for name, node in self.graph.inputs.items()]
        )
        return Message(f"task.shapes.{self.task.direction}", {"source": self.task.source, "shapes": given})

    def model(self) -> dict[str, list[int]]:
        """Every shape as a list."""
        return {self.key(i): list(self.graph.nodes[i].shape) for i in self.asked}

    def scheme(self) -> list[Share]:
        """A mark for each node."""
        about = f"scheme.shapes.{self.task.direction}"
        return [Share(self.key(i), 1.0, Message(about, {"node": self.key(i)})) for i in self.asked]

    # ---- marking ----

    def mark(self, answer: Any) -> Marking:
        """A cell for each node, and the first slip."""
        given = self.read(answer)
        cells: list[Cell] = []
        findings: list[Finding] = []
        for i in self.asked:
            expected, got = self.graph.nodes[i].shape, given.get(i)
            cell = self.judge(i, got, given)
            cells.append(cell)
            if cell.verdict == INCORRECT and not findings and got is not None:
                findings = self.diagnose(i, got, expected, given)
        return Marking(cells, findings)

    def judge(self, i: int, got: Shape | None, given: Mapping[int, Shape]) -> Cell:
        """The cell of a node."""
        expected = self.graph.nodes[i].shape
        if got is None:
            return Cell(self.key(i), MISSING, 0.0, expected=list(expected))
        shown = list(got), list(expected)
        if got == expected:
            return Cell(self.key(i), CORRECT, 1.0, 1.0, *shown)
        if not self.back and got == self.followed(i, given):
            return Cell(self.key(i), FOLLOW_THROUGH, 1.0, 1.0, *shown)
        agree = sum([m == n for m, n in zip(got, expected, strict=False)]) if len(got) == len(expected) else 0
        return Cell(self.key(i), INCORRECT, agree / max(len(expected), 1), 1.0, *shown)

    def read(self, answer: Any) -> dict[int, Shape]:
        """Shapes by node. Raises MalformedError."""
        if not isinstance(answer, dict):
            raise MalformedError(EngineError("bad_answer", expected=Words("word.shapes_by_node")))
        found = {}
        for name, shape in answer.items():
            node = node_key(self.graph, (barred(name) if self.back else None) or name, name)
            found[node] = shape_read(shape, name)
        return found

    def followed(self, i: int, given: Mapping[int, Shape]) -> Shape | None:
        """The shape of a node from the student's own of its inputs, None where these do not fit."""
        node = self.graph.nodes[i]
        if node.op is None or all(
            given.get(k, self.graph.nodes[k].shape) == self.graph.nodes[k].shape for k in node.inputs
        ):
            return None
        try:
            return inferred(node.op, self.read_by(i, given), node.params, None)
        except EngineError:
            return None

    def read_by(self, i: int, given: Mapping[int, Shape]) -> list[Shape]:
        """The shapes that a node reads: the student's, where she gave them."""
        nodes = self.graph.nodes
        return [nodes[k].shape if nodes[k].op is None else given.get(k, nodes[k].shape) for k in nodes[i].inputs]

    # ---- diagnosis ----

    def slips(self, i: int, given: Mapping[int, Shape]) -> Iterator[tuple[str, Shape]]:
        """The wrong shapes that known mistakes give a node, each with its name."""
        node = self.graph.nodes[i]
        if self.back:
            yield from misshapen.adjoint(self.graph, i)
        elif node.op is not None:
            read = self.read_by(i, given)
            right = self.followed(i, given) or node.shape
            yield from misshapen.value(node.op, read, node.params or {}, right)

    def diagnose(self, i: int, got: Shape, expected: Shape, given: Mapping[int, Shape]) -> list[Finding]:
        """The mistake that gives a node this shape."""
        op = self.graph.nodes[i].op
        words = {"node": self.key(i), "got": spelled(got), "expected": spelled(expected), "op": op.name if op else "-"}
        for mistake, shape in self.slips(i, given):
            if shape == got:
                return [Finding(mistake, self.key(i), words)]
        return []

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model in its notations, every simulated mistake at every node, malformed answers."""
        model = self.model()
        yield Submission(model, CORRECT, 1.0)
        yield Submission({name: spelled(tuple(shape)) for name, shape in model.items()}, CORRECT, 1.0)
        yield Submission({name: "×".join(map(str, shape)) or "scalar" for name, shape in model.items()}, CORRECT, 1.0)
        for i in self.asked:
            seen = {self.graph.nodes[i].shape}
            for mistake, shape in self.slips(i, {}):
                if shape not in seen:
                    seen.add(shape)
                    yield self.wrong(i, mistake, shape)
        first = self.key(self.asked[0])
        yield Submission({name: shape for name, shape in model.items() if name != first}, *scored(len(model), 0.0))
        yield Submission({**model, "nothing_here": [1]}, MALFORMED, 0.0)
        yield Submission({**model, first: "two by three"}, MALFORMED, 0.0)
        yield Submission({**model, first: True}, MALFORMED, 0.0)

    def wrong(self, i: int, mistake: str, shape: Shape) -> Submission:
        """One slip, and all the rest right: where axes are as many, those that agree count."""
        expected = self.graph.nodes[i].shape
        agree = [m == n for m, n in zip(shape, expected, strict=True)] if len(shape) == len(expected) else []
        return Submission(
            {**self.model(), self.key(i): list(shape)},
            *scored(len(self.asked), sum(agree) / max(len(expected), 1)),
            mistake,
        )


def scored(count: int, earned: float) -> tuple[str, float]:
    """Verdict and score when all cells but one are right."""
    score = (count - 1 + earned) / count
    return PARTIAL if score else INCORRECT, score


def shape_read(given: Any, cell: str) -> Shape:
    """A shape from [2, 3], "(2, 3)", "2x3", "2×3", "scalar", or 3 for a vector. Raises MalformedError."""
    refused = MalformedError(EngineError("bad_answer", expected=Words("word.shape")), cell)
    if isinstance(given, str):
        if len(given) > LONGEST:
            raise refused
        try:
            text = BRACKETS.fullmatch(normalise(given).strip())
        except EngineError as error:
            raise MalformedError(error, cell) from None
        inside = text[1].strip().rstrip(",") if text else given
        words = [] if inside.lower() in SCALAR else re.split(BETWEEN, inside)
        if not all(EXTENT.fullmatch(word) for word in words):
            raise refused
        given = [int(word) for word in words]
    if isinstance(given, int) and not isinstance(given, bool):
        given = [given]
    if not isinstance(given, list | tuple) or len(given) > 2 * limits.RANK:
        raise refused
    if not all(isinstance(extent, int) and not isinstance(extent, bool) and 0 <= extent < 10**9 for extent in given):
        raise refused
    return tuple(given)


def variant(draw: Draw) -> ShapesTask:
    """Matrices of drawn extents in a formula of a neural network."""
    n, m, k = draw.shuffled(range(2, 7))[:3]
    source, shapes = draw.choice(
        [
            ("sum((X @ W + b)^2)", {"X": [n, m], "W": [m, k], "b": [k]}),
            ("Z = tanh(W @ x + b)\nsum(Z*Z)", {"W": [n, m], "x": [m], "b": [n]}),
            ("X - mean(X, axis=0)", {"X": [n, m]}),
            ("X / sum(X, axis=1, keepdims=True)", {"X": [n, m]}),
            ("r = A @ x - b\nr @ r", {"A": [n, m], "x": [m], "b": [n]}),
            ("sum(a*c, axis=0)", {"a": [n, 1], "c": [m]}),
            ("A.T @ A + B @ B.T", {"A": [n, m], "B": [m, k]}),
            ("H = relu(X @ V)\nsoftmax(H @ W + c)", {"X": [n, m], "V": [m, k], "W": [k, n], "c": [n]}),
        ]
    )
    return ShapesTask(source=source, shapes=shapes, direction=draw.choice(("forward", "forward", "reverse")))


KIND = Kind(ShapesTask, ShapesExercise, variant)
