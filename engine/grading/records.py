"""What grading answers with: plain records, in the order of fields in which they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct

from engine.errors import Span
from engine.explain.columns import Message

CORRECT, FOLLOW_THROUGH, INCORRECT, MISSING = "correct", "follow_through", "incorrect", "missing"
"""What a cell can be; `follow_through`: right, given the student's own earlier slip."""
PARTIAL, MALFORMED = "partial", "malformed"
"""What a whole answer can be besides."""


class Task(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every task has: the points that a right answer earns."""

    points: float = 1.0

    @property
    def kind(self) -> str:
        """The kind as tasks name it: the tag of the record."""
        return str(self.__struct_config__.tag)


class Cell(Struct, frozen=True, omit_defaults=True):
    """One thing that is marked: a number of a table, a component of a gradient, the whole of a formula.

    It earns the fraction `earned` of its `weight`. `got` is what was answered, as it was read; `expected` is sent with
    full help alone.
    """

    cell: str
    verdict: str
    earned: float
    weight: float = 1.0
    got: Any = None
    expected: Any = None


class Finding(NamedTuple):
    """A misconception that explains a wrong cell: the mistake's name, the cell where it shows first, and its words.

    `variant` is appended to the keys of its sentences: `.adjoint` where there are other words for the pass back.
    """

    mistake: str
    cell: str
    words: Mapping[str, str | Message]
    variant: str = ""


class Difference(Struct, frozen=True):
    """The point at which a formula and an answer first differ, and what each is there."""

    at: dict[str, Any]
    expected: Any
    got: Any


class Shapes(Struct, frozen=True):
    """The shapes of a formula and of an answer to it that differ: equal up to broadcasting is not equal."""

    expected: str
    got: str


class Evidence(Struct, frozen=True, omit_defaults=True):
    """How two formulas were compared: at `points` points drawn by `seed`, to the relative tolerance `rtol`.

    `digits` is the precision of the arithmetic that decided: 16 for float64, more where digits were lost.
    """

    points: int
    seed: int
    rtol: float
    digits: int = 16
    differs: Difference | None = None
    shapes: Shapes | None = None


class Marking(NamedTuple):
    """An answer, marked: its cells, what explains the wrong ones, and for formulas how they were compared."""

    cells: list[Cell]
    findings: Sequence[Finding] = ()
    evidence: Mapping[str, Evidence] = MappingProxyType({})


class Diagnosis(Struct, frozen=True, omit_defaults=True):
    """A misconception in words: what it is called, and what a tutor would say."""

    mistake: str
    cell: str
    title: str = ""
    text: str = ""


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why an answer could not be read: an error of the engine, and the cell it is in."""

    code: str
    message: str
    span: Span | None
    hint: str | None
    cell: str | None = None


class Report(Struct, frozen=True, omit_defaults=True):
    """The verdict on one answer: docs/grading.md.

    `score` is from 0 to 1, `points` the same in the task's points. An answer that is not `gradable` costs no attempt.
    """

    kind: str
    verdict: str
    score: float
    points: float
    max_points: float
    gradable: bool
    feedback: str
    cells: list[Cell]
    diagnosis: list[Diagnosis] = []
    evidence: dict[str, Evidence] = {}
    model: Any = None
    error: Problem | None = None


class Submission(NamedTuple):
    """An answer whose verdict is known: what an exercise tests itself with."""

    answer: Any
    verdict: str
    score: float
    mistake: str | None = None


class Share(NamedTuple):
    """A line of a marking scheme: a cell, what it weighs, what it is."""

    cell: str
    weight: float
    about: Message
