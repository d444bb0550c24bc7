"""What grading takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from engine.grading import AnyTask, Report
from server.errors import ErrorBody
from server.schemas.responses import Bilingual

OneTask = Annotated[AnyTask, Meta(description="The task; its `kind` says which fields it has.")]
Answer = Annotated[Any, Meta(description="The student's answer, in the form that the kind of task asks for.")]
Help = Annotated[
    Literal["none", "hint", "full"],
    Meta(description="How much the student is told: the verdict; where to look; what it was, and a right answer."),
]
TextLocale = Annotated[
    Literal["en", "zh"] | None, Meta(description="The language of the report; that of Accept-Language unless given.")
]
Id = Annotated[str | int | None, Meta(description="Whatever the line is called by; it comes back with the answer.")]
TaskId = Annotated[str, Meta(description="The same for the same task.")]


class GradeRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A task and an answer to it."""

    task: OneTask
    answer: Answer
    help: Help = "hint"
    text: TextLocale = None


class GradeLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a batch. Where the first has no `answer`, its task, help and text are those of the lines without."""

    task: OneTask | UnsetType = UNSET
    answer: Answer | UnsetType = UNSET
    help: Help | UnsetType = UNSET
    text: TextLocale = None
    id: Id = None
    about: Annotated[
        dict[str, Any] | UnsetType,
        Meta(description="For whoever reads the reports; grading does not look at it."),
    ] = UNSET


class GradeResponse(Report, frozen=True, omit_defaults=True, kw_only=True):
    """The verdict on an answer (docs/grading.md), the id of the task, and the version that graded."""

    task: TaskId
    grader: str


class GradedLine(Struct, frozen=True):
    """What became of a line: a report, or an error that kept it from being graded."""

    line: Annotated[int, Meta(description="The number of the line, counted from 1.")]
    id: str | int | UnsetType = UNSET
    report: GradeResponse | UnsetType = UNSET
    error: ErrorBody | UnsetType = UNSET


class TaskRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A task to be shown."""

    task: OneTask
    text: TextLocale = None


class ShareRecord(Struct, frozen=True):
    """A line of a marking scheme: a cell, what it weighs, what it is."""

    cell: str
    weight: float
    about: str


class SubmissionRecord(Struct, frozen=True):
    """An answer, and the verdict that it gets."""

    answer: Any
    verdict: str
    score: float
    mistake: str | None
    title: Annotated[str | None, Meta(description="What the mistake is called.")]


class TaskResponse(Struct, frozen=True):
    """A task in words: what is asked, a right answer, the marking scheme, and answers with the score they get."""

    id: TaskId
    task: AnyTask
    statement: str
    model: Any
    scheme: list[ShareRecord]
    submissions: list[SubmissionRecord]


class DrawRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of task, and a seed that decides the task."""

    kind: Annotated[str, Meta(description="One of the kinds that `GET /api/v1/task-kinds` lists.")]
    seed: Annotated[int, Meta(description="The same seed draws the same task, on every machine.")]


class DrawResponse(Struct, frozen=True):
    """The task that was drawn."""

    id: TaskId
    task: AnyTask


class TaskKind(Struct, frozen=True):
    """A kind of task: the JSON schema of its tasks, one of them, what it asks, and a right answer to it."""

    kind: str
    schema: dict[str, Any]
    task: AnyTask
    statement: Bilingual
    answer: Any


class TaskKindsResponse(Struct, frozen=True):
    """Every kind of task."""

    kinds: list[TaskKind]
