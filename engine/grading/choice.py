"""Kind `choice`: multiple choice, each wrong option what a misconception leads to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, NamedTuple

import numpy as np
from msgspec import Meta

from engine.api import check_wrt, values
from engine.derive import derivative, gradient_graph
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading import labels, textbook
from engine.grading.draw import Draw
from engine.grading.equivalence import Subject
from engine.grading.exercise import Exercise, Kind, MalformedError
from engine.grading.formula_reading import formula
from engine.grading.formula_slips import Suspect, Suspects, close
from engine.grading.formulas import ANSWER, FormulaTask, function
from engine.grading.lots import values_at
from engine.grading.paper import paper
from engine.grading.points import decimal, fingerprint
from engine.grading.records import CORRECT, INCORRECT, MALFORMED, Cell, Finding, Marking, Share, Submission
from engine.grading.slips import SLIPS, Place, Slip, derived
from engine.graph import Builder, Expr, Graph
from engine.ops.shaping import transpose
from engine.values import Array

FEWEST, MOST = 2, 8
LONGER = 16
"""Characters beyond twice the right option's, which a wrong one may have: length tells nothing."""
COMMON = {name: rank for rank, name in enumerate(dict.fromkeys(slip.name for slip in SLIPS))}
"""Mistakes by how common they are; all others are rarer."""
RIGHT = Slip("", Place.right)
"""No mistake at all: so that nothing but a mistake tells the right option from the others."""


class Choice(FormulaTask, frozen=True, kw_only=True, tag="choice"):
    """Choose the derivative of a source, a formula or its value at a point, among what misconceptions lead to."""

    wrt: Annotated[str | list[str], Meta(description="The input, or for a higher derivative a list of inputs.")]
    inputs: Annotated[
        dict[str, float] | None, Meta(description="A point: the options are values there, to 6 significant digits.")
    ] = None
    options: Annotated[
        int, Meta(ge=FEWEST, le=MOST, description="How many options; fewer where there are not as many mistakes.")
    ] = 4


class Option(NamedTuple):
    """A formula to choose, its values, and the mistake that leads to it: "" for the right one."""

    suspect: Suspect
    values: Array


class Formulas:
    """Options that are formulas: two are the same when they agree on the domain."""

    def __init__(self, task: Choice, right: Graph, suspects: Suspects) -> None:
        self.suspects = suspects
        needs = suspects.graph.outputs[:1]
        self.subject = Subject(right, right.outputs[0], task.domain, seed=task.seed, rtol=task.rtol, needs=needs)
        self.shapes = self.subject.shapes
        self.right = Option(Suspect("", {}, right), self.subject.values)

    def wrong(self) -> Iterator[Option]:
        """What mistakes lead to, wherever the right formula is finite."""
        for suspect, found in self.suspects.values(self.subject):
            if np.isfinite(found).all():
                yield Option(suspect, found)
        for suspect in whole(self.right.suspect.graph, self.suspects):
            yield Option(suspect, self.subject.values_of(suspect.graph))

    def fits(self, option: Option) -> bool:
        """Is it about as long as the right one?"""
        return len(self.text(option)) <= 2 * len(self.text(self.right)) + LONGER

    def same(self, one: Option, other: Option) -> bool:
        """Do two options say the same? The right one is compared with every care."""
        if "" in (one.suspect.mistake, other.suspect.mistake):
            return self.subject.judge((other if one.suspect.mistake == "" else one).suspect.graph).equal
        return one.values.shape == other.values.shape and close(one.values, other.values)

    def text(self, option: Option) -> str:
        """The formula, simplified."""
        return paper(option.suspect.graph)

    def read(self, graph: Graph) -> Option:
        """A formula that somebody wrote. Raises EngineError."""
        return Option(Suspect("?", {}, graph), self.subject.values_of(graph))


class Values:
    """Options that are values at a point: two are the same when they are written the same."""

    def __init__(self, task: Choice, right: Graph, suspects: Suspects) -> None:
        graph, self.suspects = suspects.source, suspects
        if right.tensors or right.nodes[right.outputs[0]].shape:
            raise EngineError("not_symbolic", name=graph.source)
        point = values(graph, task.inputs or {})
        self.point = {name: np.array([value]) for name, value in point.items()}
        self.shapes = {name: graph.nodes[node].shape for name, node in graph.inputs.items()}
        self.right = self.read(right, "")
        if not np.isfinite(self.right.values):
            raise EngineError("no_point", names=", ".join(graph.inputs))

    def wrong(self) -> Iterator[Option]:
        """The values that mistakes lead to."""
        for suspect in (*self.suspects.all, *whole(self.right.suspect.graph, self.suspects)):
            option = Option(suspect, self.read(suspect.graph).values)
            if not option.values.shape and np.isfinite(option.values):
                yield option

    def fits(self, option: Option) -> bool:
        """Every number is as good as any other."""
        return True

    def same(self, one: Option, other: Option) -> bool:
        """Are both the same number, to the digits that are shown?"""
        return self.text(one) == self.text(other)

    def text(self, option: Option) -> str:
        """The value; of an array nothing that any option could say."""
        return "" if option.values.shape else f"{float(option.values) + 0.0:.6g}"

    def read(self, graph: Graph, mistake: str = "?") -> Option:
        """The value of a formula at the point. Raises EngineError for an unknown name."""
        for name, node in graph.inputs.items():
            if name not in self.shapes:
                expected = ", ".join(self.shapes) or "-"
                raise EngineError("unexpected_input", graph.nodes[node].span, name=name, expected=expected)
        return Option(Suspect(mistake, {}, graph), values_at(graph, graph.outputs[0], self.point, 1)[0])


def whole(right: Graph, suspects: Suspects) -> Iterator[Suspect]:
    """Mistakes in the answer as a whole, for sources in which little can go wrong: its sign, its transpose."""
    words = {"node": suspects.source.source, "input": suspects.wrt or "", "rule": ""}
    target = right.outputs[0]
    builder = Builder(right.nodes)
    minus = -builder.handle(target)
    assert isinstance(minus, Expr)
    yield Suspect("sign", words, Graph(builder.nodes, [minus.id], right.source))
    if len(right.nodes[target].shape) == 2:
        turned = transpose(builder.handle(target))
        assert isinstance(turned, Expr)
        yield Suspect("transpose", words, Graph(builder.nodes, [turned.id], right.source))


def picked(sheet: Formulas | Values, draw: Draw, count: int) -> list[Option]:
    """The right option and `count` - 1 wrong ones, no two the same: each by another mistake as long as there are any.

    Drawn, the common mistakes sooner than the rare.
    """
    groups: dict[str, list[Option]] = {}
    for option in sheet.wrong():
        groups.setdefault(option.suspect.mistake, []).append(option)
    chosen = [sheet.right]
    waiting: list[str] = []
    while len(chosen) < count and groups:
        waiting = waiting or sorted(groups, key=lambda name: COMMON.get(name, len(COMMON)))
        name = waiting.pop(min(draw.below(len(waiting)), draw.below(len(waiting))))
        group = groups[name]
        while group:
            option = group.pop(draw.below(len(group)))
            if sheet.fits(option) and not any(sheet.same(other, option) for other in chosen):
                chosen.append(option)
                break
        if not group:
            del groups[name]
    return chosen


class ChoiceExercise(Exercise):
    """One cell: the option that was chosen."""

    def __init__(self, task: Choice) -> None:
        self.task: Choice = task
        graph = function(task)
        self.wrt = [task.wrt] if isinstance(task.wrt, str) else task.wrt
        for name in self.wrt:
            check_wrt(graph, [name])
        if not self.wrt:
            raise EngineError("missing_wrt")
        before = derivative(graph, self.wrt[:-1])
        self.names = set(graph.inputs)
        suspects = Suspects(before, self.wrt[-1], graph)
        kind = Formulas if task.inputs is None else Values
        self.sheet = kind(task, differentiated(before, self.wrt[-1]), suspects)
        draw = Draw(task.seed ^ fingerprint(graph, graph.outputs[0]))
        self.options = draw.shuffled(picked(self.sheet, draw, task.options))
        if len(self.options) < FEWEST:
            raise EngineError("too_few_options", None, "richer_source")

    @cached_property
    def texts(self) -> list[str]:
        """The options as they are shown."""
        return [self.sheet.text(option) for option in self.options]

    @cached_property
    def answer(self) -> int:
        """The right option's place."""
        return self.options.index(self.sheet.right)

    def statement(self) -> Message:
        """What is asked, an option a line."""
        lines = [f"{labels.LETTERS[k]}  {text}" for k, text in enumerate(self.texts)]
        words = {"source": self.task.source, "input": ", ".join(self.wrt), "order": str(len(self.wrt))}
        key = "task.choice" if len(self.wrt) == 1 else "task.choice.higher"
        if self.task.inputs is not None:
            key += ".value"
            words["at"] = ", ".join([f"{name} = {value:.15g}" for name, value in self.task.inputs.items()])
        return Message(key, {**words, "options": "\n".join(lines)})

    def model(self) -> str:
        """The letter of the right option."""
        return labels.LETTERS[self.answer]

    def scheme(self) -> list[Share]:
        """All for the right option."""
        return [Share(ANSWER, 1.0, Message("scheme.choice"))]

    def mark(self, answer: Any) -> Marking:
        """Mark an option, and say which misconception leads to a wrong one. Raises MalformedError."""
        place = self.chosen(answer)
        letter = labels.LETTERS[place]
        if place == self.answer:
            return Marking([Cell(ANSWER, CORRECT, 1.0, got=letter)])
        suspect = self.options[place].suspect
        cell = Cell(ANSWER, INCORRECT, 0.0, got=letter, expected=self.model())
        return Marking([cell], [Finding(suspect.mistake, ANSWER, suspect.words)])

    def chosen(self, answer: Any) -> int:
        """The place of the option that is meant. Raises MalformedError where it is none, or might be several."""
        label = labels.read(answer, self.texts, self.names)
        places = [label.place] if label is not None and label.place is not None else []
        if label is not None and label.sure:
            return self.only(places)
        try:
            option = self.sheet.read(formula(answer, ANSWER, self.sheet.shapes))
            places += [k for k, other in enumerate(self.options) if self.sheet.same(other, option)]
        except MalformedError:
            if label is None:
                raise
        except EngineError as error:
            if label is None:
                raise MalformedError(error, ANSWER) from None
        return self.only(sorted(set(places)))

    def only(self, found: list[int]) -> int:
        """The one of these places. Raises MalformedError for none, or several."""
        if len(found) == 1:
            return found[0]
        letters = ", ".join([labels.LETTERS[k] for k in found or range(len(self.options))])
        raise MalformedError(EngineError("ambiguous_option" if found else "not_an_option", expected=letters), ANSWER)

    def submissions(self) -> Iterator[Submission]:
        """Every option by its letter, its number and its text; what is no option."""
        for place, option in enumerate(self.options):
            mistake = option.suspect.mistake or None
            worth = (INCORRECT, 0.0) if mistake else (CORRECT, 1.0)
            letter = labels.LETTERS[place]
            for answer in (
                letter,
                f"{letter.lower()})",
                f"（{letter}）",
                f"{place + 1}.",
                f"{letter}  {self.texts[place]}",
            ):
                yield Submission(answer, *worth, mistake)
        yield Submission(f"{labels.LETTERS[len(self.options)]})", MALFORMED, 0.0)
        yield Submission("nobody + 1", MALFORMED, 0.0)
        yield Submission("2 +", MALFORMED, 0.0)
        yield Submission(True, MALFORMED, 0.0)


def differentiated(graph: Graph, wrt: str) -> Graph:
    """The right derivative, made as the wrong ones are."""
    found = None if graph.tensors else derived(graph, graph.inputs[wrt], RIGHT, None)
    return gradient_graph(graph, [wrt]) if found is None else found.graph


def choice_variant(draw: Draw) -> Choice:
    """A function from the textbook; in one of three tasks the derivative's value at a point."""
    seed = draw.below(1 << 16)
    source, domain = textbook.of_two(draw)
    if draw.below(2):
        source, interval = textbook.of_one(draw)
        domain = {"x": interval}
    wrt = draw.choice(sorted(domain))
    if draw.below(3):
        return Choice(source=source, wrt=wrt, domain=domain, seed=seed)
    point = {name: decimal(draw, interval) for name, interval in domain.items()}
    return Choice(source=source, wrt=wrt, domain=domain, inputs=point, seed=seed)


KIND = Kind(Choice, ChoiceExercise, choice_variant)
