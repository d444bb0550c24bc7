"""Kinds `derivative`, `gradient`, `expression`: a formula, right in any form that is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

from msgspec import Meta, field

from engine import writing
from engine.api import check_wrt, formed, parsed, select, shape_key
from engine.derive import derivative, gradient_graph, simplified
from engine.errors import EngineError, Words
from engine.explain.columns import Message
from engine.grading import textbook
from engine.grading.equivalence import RTOL, Subject
from engine.grading.exercise import Exercise, Kind, MalformedError
from engine.grading.formula_reading import formula
from engine.grading.formula_slips import Suspects
from engine.grading.names import unknown
from engine.grading.records import (
    CORRECT,
    INCORRECT,
    MALFORMED,
    MISSING,
    PARTIAL,
    Cell,
    Evidence,
    Finding,
    Marking,
    Share,
    Submission,
    Task,
)
from engine.graph import Graph
from engine.shapes import guessed

ANSWER = "answer"
"""The cell of a task that has only one."""
LOOSEST = 1e-6

Source = Annotated[str, Meta(description="The function, as a formula or a program.")]
Domain = Annotated[
    dict[str, tuple[float, float]],
    Meta(description="By input the interval on which the answer must be right; where none is given, the whole line."),
]
Shapes = Annotated[dict[str, tuple[int, ...]], Meta(description="By input its shape; guessed unless given.")]
Seed = Annotated[int, Meta(description="Decides the points of comparison, together with the source.")]
Rtol = Annotated[float, Meta(gt=0, le=LOOSEST, description="The relative tolerance of the comparison.")]
Output = Annotated[str | None, Meta(description="A node by its name; the last one unless given.")]


class FormulaTask(Task, frozen=True, kw_only=True):
    """What the kinds share."""

    source: Source
    output: Output = None
    domain: Domain = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict)
    seed: Seed = 0
    rtol: Rtol = RTOL


class Derivative(FormulaTask, frozen=True, kw_only=True, tag="derivative"):
    """Differentiate a source by an input, or by several one after the other; the answer is a formula."""

    wrt: Annotated[str | list[str], Meta(description="The input, or for a higher derivative a list of inputs.")]


class Gradient(FormulaTask, frozen=True, kw_only=True, tag="gradient"):
    """Give the partial derivatives of a source as formulas: `{"x": "2x", "y": "3"}`."""

    wrt: Annotated[list[str] | None, Meta(description="The inputs; all unless given.")] = None


class Expression(FormulaTask, frozen=True, kw_only=True, tag="expression"):
    """Give a formula that has the value of the source everywhere."""


def function(task: FormulaTask) -> Graph:
    """The function that a task is about, its inputs in their shapes."""
    found = parsed(task.source)
    for name in task.shapes:
        if name not in found.inputs:
            raise EngineError("unexpected_input", name=name, expected=", ".join(found.inputs) or "-")
    shapes = guessed(found, task.shapes)
    return select(formed(task.source, shape_key(found, shapes)), task.output)


class Target:
    """A formula that a cell of an answer must be."""

    def __init__(self, cell: str, graph: Graph, suspects: Suspects, task: FormulaTask) -> None:
        self.cell = cell
        self.graph = graph
        self.suspects = suspects
        self.shapes = {name: graph.nodes[node].shape for name, node in graph.inputs.items()}
        self.arrays = any(self.shapes.values())
        needs = () if suspects.wrt is None else suspects.graph.outputs[:1]
        self.subject = Subject(graph, graph.outputs[0], task.domain, seed=task.seed, rtol=task.rtol, needs=needs)

    @cached_property
    def text(self) -> str:
        """The model answer."""
        return writing.expression(simplified(self.graph))

    def mark(self, given: Any) -> tuple[Cell, list[Finding], Evidence | None]:
        """Mark a formula. Raises MalformedError."""
        if given is None and self.cell != ANSWER:
            return Cell(self.cell, MISSING, 0.0, expected=self.text), [], None
        graph = formula(given, self.cell, self.shapes if self.arrays else None)
        try:
            equal, evidence, values = self.subject.judge(graph)
        except EngineError as error:
            raise MalformedError(error, self.cell) from None
        if equal:
            return Cell(self.cell, CORRECT, 1.0, got=given), [], evidence
        finding = self.suspects.explain(self.subject, graph, self.cell, values)
        return Cell(self.cell, INCORRECT, 0.0, got=given, expected=self.text), finding, evidence


class FormulaExercise(Exercise):
    """Formulas, a cell for each; what the kinds differ in are the targets."""

    task: FormulaTask
    targets: list[Target]

    def scheme(self) -> list[Share]:
        """A share for each formula."""
        about = f"scheme.{self.task.kind}"
        return [Share(target.cell, 1.0, Message(about, {"input": target.cell})) for target in self.targets]

    def model(self) -> Any:
        """The formula, or one for each input."""
        if self.single:
            return self.targets[0].text
        return {target.cell: target.text for target in self.targets}

    @property
    def single(self) -> bool:
        """Is the answer one formula, not one for each input?"""
        return self.targets[0].cell == ANSWER

    def mark(self, answer: Any) -> Marking:
        """Mark every formula. Raises MalformedError."""
        cells: list[Cell] = []
        findings: list[Finding] = []
        evidence: dict[str, Evidence] = {}
        for target, given in zip(self.targets, self.parts(answer), strict=True):
            cell, found, compared = target.mark(given)
            cells.append(cell)
            findings += found
            if compared is not None:
                evidence[target.cell] = compared
        return Marking(cells, self.exchanged(cells, findings), evidence)

    def parts(self, answer: Any) -> Sequence[Any]:
        """The formulas of an answer, in the order of the targets. Raises MalformedError."""
        if self.single:
            return [answer]
        names = [target.cell for target in self.targets]
        if isinstance(answer, list) and len(answer) == len(names):
            return answer
        if not isinstance(answer, Mapping):
            if len(names) == 1:
                return [answer]
            raise MalformedError(EngineError("bad_answer", expected=Words("word.formula_by_input")))
        for name in answer:
            if name not in names:
                raise unknown(str(name), names)
        return [answer.get(name) for name in names]

    def exchanged(self, cells: Sequence[Cell], findings: list[Finding]) -> list[Finding]:
        """Two right formulas in each other's place explain more than what else was found."""
        if self.single:
            return findings
        wrong = [k for k, cell in enumerate(cells) if cell.verdict == INCORRECT]
        if len(wrong) != 2:
            return findings
        first, second = wrong
        here, there = self.targets[first], self.targets[second]
        if all(
            one.subject.judge(formula(cells[k].got, one.cell, one.shapes)).equal
            for one, k in ((here, second), (there, first))
            if one.subject.shape == self.targets[k].subject.shape
        ) and here.subject.shape == there.subject.shape:  # fmt: skip
            return [Finding("swapped", here.cell, {"node": here.cell, "input": there.cell})]
        return findings

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model and the same written otherwise; every mistake that shows; malformed answers."""
        model = self.model()
        yield Submission(model, CORRECT, 1.0)
        yield Submission(self.rewritten(), CORRECT, 1.0)
        for place, target in enumerate(self.targets):
            for mistake, text in target.suspects.submissions(target.subject):
                yield Submission(self.with_one(place, text), *self.worth(1), mistake)
        yield Submission(self.with_one(0, "2 +"), MALFORMED, 0.0)
        yield Submission(self.with_one(0, "nobody + 1"), MALFORMED, 0.0)
        yield Submission(self.with_one(0, True), MALFORMED, 0.0)
        if not self.single:
            yield Submission({**model, "nobody": "1"}, MALFORMED, 0.0)
            yield Submission(
                {name: text for name, text in model.items() if name != self.targets[0].cell}, *self.worth(1)
            )

    def rewritten(self) -> Any:
        """The model answer, each formula as it is before it is simplified, with the left side of an equation."""
        texts = [f"= {writing.expression(target.graph)}" for target in self.targets]
        return texts[0] if self.single else dict(zip([target.cell for target in self.targets], texts, strict=True))

    def with_one(self, place: int, text: Any) -> Any:
        """The model answer with another formula in one place."""
        return text if self.single else {**self.model(), self.targets[place].cell: text}

    def worth(self, wrong: int) -> tuple[str, float]:
        """Verdict and score with so many wrong formulas."""
        score = (len(self.targets) - wrong) / len(self.targets)
        return PARTIAL if score else INCORRECT, score


class DerivativeExercise(FormulaExercise):
    """One derivative."""

    def __init__(self, task: Derivative) -> None:
        self.task: Derivative = task
        self.graph = function(task)
        self.wrt = [task.wrt] if isinstance(task.wrt, str) else task.wrt
        for name in self.wrt:
            check_wrt(self.graph, [name])
        if not self.wrt:
            raise EngineError("missing_wrt")
        before = derivative(self.graph, self.wrt[:-1])
        graph = gradient_graph(before, self.wrt[-1:])
        self.targets = [Target(ANSWER, graph, Suspects(before, self.wrt[-1], self.graph), task)]

    def statement(self) -> Message:
        """What is asked."""
        words = {"source": self.task.source, "input": ", ".join(self.wrt), "order": str(len(self.wrt))}
        return Message("task.derivative" if len(self.wrt) == 1 else "task.derivative.higher", words)


class GradientExercise(FormulaExercise):
    """A derivative for each input."""

    def __init__(self, task: Gradient) -> None:
        self.task: Gradient = task
        self.graph = function(task)
        self.wrt = check_wrt(self.graph, task.wrt)
        if not self.wrt:
            raise EngineError("missing_wrt")
        self.targets = [
            Target(name, gradient_graph(self.graph, [name]), Suspects(self.graph, name, self.graph), task)
            for name in self.wrt
        ]

    def statement(self) -> Message:
        """What is asked."""
        return Message("task.gradient", {"source": self.task.source, "input": ", ".join(self.wrt)})


class ExpressionExercise(FormulaExercise):
    """The value itself."""

    def __init__(self, task: Expression) -> None:
        self.task: Expression = task
        self.graph = function(task)
        self.targets = [Target(ANSWER, self.graph, Suspects(self.graph, None, self.graph), task)]

    def statement(self) -> Message:
        """What is asked."""
        return Message("task.expression", {"source": self.task.source})


def derivative_variant(draw: Any) -> Derivative:
    """A function of one input, from the textbook."""
    source, domain = textbook.of_one(draw)
    return Derivative(source=source, wrt="x", domain={"x": domain})


def gradient_variant(draw: Any) -> Gradient:
    """A function of two inputs."""
    source, domain = textbook.of_two(draw)
    return Gradient(source=source, domain=domain)


def expression_variant(draw: Any) -> Expression:
    """A function to be written otherwise."""
    source, domain = textbook.of_one(draw)
    return Expression(source=source, domain={"x": domain})


KINDS = (
    Kind(Derivative, DerivativeExercise, derivative_variant),
    Kind(Gradient, GradientExercise, gradient_variant),
    Kind(Expression, ExpressionExercise, expression_variant),
)
