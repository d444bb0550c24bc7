"""What other systems read: one neutral report, and a writer for each of their formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, field

from engine.grading.records import Report
from server.body import parse
from server.formats import coderunner, gradescope, nbgrader, neutral, otter, prairielearn
from server.formats.neutral import About, Item, Neutral, submissions
from server.grading.jobs import Common
from server.grading.many import Answered
from server.locale import Catalogue
from server.version import version

__all__ = ["FORMATS", "About", "AnotherStudentError", "Item", "Neutral", "item", "submissions"]


class AnotherStudentError(ValueError):
    """A second student in a format for one."""

    def __init__(self, user: str) -> None:
        super().__init__(user)
        self.user = user


class Format(NamedTuple):
    """A row of the table: the writer, and whether it takes the answers of one student only."""

    write: Callable[[Iterable[Item], Catalogue], Iterator[bytes]]
    single: bool

    def written(self, lines: Iterable[Answered], common: Common, words: Catalogue) -> Iterator[bytes]:
        """Graded lines in this format. Raises AnotherStudentError."""
        items = (item(line, common) for line in lines)
        return self.write(of_one(items) if self.single else items, words)


FORMATS: dict[str, Format] = {
    "neutral": Format(lambda items, words: neutral.write(submissions(items, version())), single=False),
    "gradescope": Format(lambda items, words: gradescope.write(submissions(items, version())), single=True),
    "prairielearn": Format(lambda items, words: prairielearn.write(submissions(items, version())), single=True),
    "coderunner": Format(lambda items, words: coderunner.write(submissions(items, version()), words), single=True),
    "nbgrader": Format(lambda items, words: nbgrader.write(submissions(items, version())), single=False),
    "otter": Format(lambda items, words: otter.write(items), single=True),
}
"""Every format by its name on the command line."""


class Line(Struct):
    """What a format needs of a line as it came in; the rest has been read already."""

    task: dict[str, Any] = field(default_factory=dict)
    about: About = About()
    id: str | int | None = None


class Failure(Struct):
    """Why a line could not be graded."""

    message: str


class Graded(Struct):
    """What a format needs of an answer."""

    line: int
    report: Report | None = None
    error: Failure | None = None


def item(line: Answered, common: Common) -> Item:
    """A graded line, as formats take it. Raises RequestError for a line that says what is not known of itself."""
    found = msgspec.json.decode(line.body, type=Graded)
    given = parse(line.line.text, Line) if found.report else Line()
    task = given.task or (msgspec.json.decode(common.task) if common.task else {})
    called = f"q{found.line}" if given.id is None else str(given.id)
    return Item(called, given.about, found.report, task, found.error.message if found.error else "")


def of_one(items: Iterable[Item]) -> Iterator[Item]:
    """The items, all of one student. Raises AnotherStudentError."""
    first: str | None = None
    for found in items:
        if first is None:
            first = found.about.user
        elif found.about.user != first:
            raise AnotherStudentError(found.about.user)
        yield found
