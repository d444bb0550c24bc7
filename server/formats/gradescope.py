"""Gradescope: the `results.json` of an autograder. https://gradescope-autograders.readthedocs.io/en/latest/specs/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from server import wire
from server.formats.neutral import Neutral, Test, passed


def write(submissions: Iterable[Neutral]) -> Iterator[bytes]:
    """One student's results; the score of the whole is the sum of the tests'."""
    for found in submissions:
        yield wire.pretty(wire.encode(results(found))) + b"\n"


def results(found: Neutral) -> dict[str, Any]:
    """The object of the file."""
    return {
        "output": "\n".join(found.format_errors),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"grader": found.grader, "gradable": found.gradable},
        "tests": [entry(test) for test in found.tests],
    }


def entry(test: Test) -> dict[str, Any]:
    """A test; only one with all its marks has passed."""
    return {
        "score": test.score,
        "max_score": test.max_score,
        "status": "passed" if passed(test) else "failed",
        "name": test.name,
        "number": test.number,
        "output": test.output,
        "tags": test.tags,
        "visibility": test.visibility,
        "extra_data": {"id": test.id, **test.extra},
    }
