"""PrairieLearn: the `results.json` of an external grader. https://docs.prairielearn.com/externalGrading/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from server import wire
from server.formats.neutral import Neutral, Test


def write(submissions: Iterable[Neutral]) -> Iterator[bytes]:
    """One submission's results."""
    for found in submissions:
        yield wire.pretty(wire.encode(results(found))) + b"\n"


def results(found: Neutral) -> dict[str, Any]:
    """The object of the file. An answer that cannot be read makes the submission ungradable: no attempt is lost."""
    if not found.gradable:
        return {"gradable": False, "format_errors": found.format_errors}
    return {
        "gradable": True,
        "score": found.fraction,
        "tests": [entry(test) for test in found.tests if test.visibility == "visible"],
    }


def entry(test: Test) -> dict[str, Any]:
    """A test as `<pl-external-grader-results>` shows it."""
    return {
        "name": test.name,
        "points": test.score,
        "max_points": test.max_score,
        "message": test.output,
    }
