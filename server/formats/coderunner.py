"""Moodle CodeRunner: what a combinator template grader prints. https://coderunner.org.nz/, "Template graders"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from server import wire
from server.formats.neutral import Neutral, Test, passed
from server.locale import Catalogue

SPECIAL = ("iscorrect", "ishidden")
"""Columns that CodeRunner reads and does not show; they have no format."""
COLUMNS = ("name", "verdict", "points", "feedback")


def write(submissions: Iterable[Neutral], words: Catalogue) -> Iterator[bytes]:
    """One student's table of results, on one line: standard output may hold nothing else."""
    for found in submissions:
        yield wire.encode(results(found, words)) + b"\n"


def results(found: Neutral, words: Catalogue) -> dict[str, Any]:
    """The object that is printed; every shown column is text, which CodeRunner escapes."""
    head = [*SPECIAL, *(words.say(f"format.{name}") for name in COLUMNS)]
    return {
        "fraction": found.fraction,
        "testresults": [head, *(row(test, words) for test in found.tests)],
        "columnformats": ["%s"] * len(COLUMNS),
    }


def row(test: Test, words: Catalogue) -> list[Any]:
    """A line of the table."""
    points = f"{test.score:g}/{test.max_score:g}"
    hidden = test.visibility != "visible"
    return [passed(test), hidden, test.name, words.say(f"verdict.word.{test.status}"), points, test.output]
