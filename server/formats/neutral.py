"""The neutral report on one submission: what every autograder's format is written from (docs/grading.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import fsum
from typing import Any, Literal

from msgspec import Struct

from engine.grading.records import CORRECT, Report
from server import wire

NEUTRAL_VERSION = 1
Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]


class About(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an autograder wants to know of an item besides task and answer; all of it is optional.

    `user` is the student, whose items must follow each other; `name` is what the item is called.
    """

    name: str = ""
    user: str = ""
    assignment: str = ""
    visibility: Visibility = "visible"
    tags: tuple[str, ...] = ()


class Item(Struct, frozen=True):
    """One graded line: its id, what is said about it, and the report; `error` where it could not be graded."""

    id: str
    about: About
    report: Report | None
    task: dict[str, Any]
    error: str = ""


class Test(Struct, frozen=True):
    """One item of a submission as every system knows one: a test with a score."""

    id: str
    number: str
    name: str
    score: float
    max_score: float
    status: str
    visibility: str
    output: str
    tags: list[str]
    extra: dict[str, Any]


class Grader(Struct, frozen=True):
    """Who graded."""

    name: str
    version: str


class Neutral(Struct, frozen=True):
    """A submission: the answers of one student. `gradable` is false where one of them could not be read."""

    schema_version: int
    user: str
    assignment: str
    gradable: bool
    format_errors: list[str]
    score: float
    max_score: float
    tests: list[Test]
    grader: Grader

    @property
    def fraction(self) -> float:
        """The score from 0 to 1."""
        return self.score / self.max_score if self.max_score else 0.0


def write(submissions: Iterable[Neutral]) -> Iterator[bytes]:
    """The reports as they are, one a line."""
    for found in submissions:
        yield wire.encode(found) + b"\n"


def submissions(items: Iterable[Item], version: str) -> Iterator[Neutral]:
    """The items of one student after the other, each student's as one submission."""
    for user, own in groupby(items, key=lambda item: item.about.user):
        yield submission(user, list(own), version)


def submission(user: str, items: list[Item], version: str) -> Neutral:
    """The items of one student."""
    tests = [test(item, number) for number, item in enumerate(items, 1)]
    unread = [f"{test.name}: {test.output}" for test in tests if test.status == "malformed"]
    return Neutral(
        NEUTRAL_VERSION, user, items[0].about.assignment, not unread, unread, fsum([test.score for test in tests]),
        fsum([test.max_score for test in tests]), tests, Grader("wengert", version),
    )  # fmt: skip


def test(item: Item, number: int) -> Test:
    """An item as a test. One that could not be graded earns nothing, and says so."""
    about, report = item.about, item.report
    name = about.name or item.id
    if report is None:
        worth = item.task.get("points", 1.0)
        return Test(item.id, str(number), name, 0.0, worth, "error", about.visibility, item.error, [*about.tags], {})
    extra = {
        "kind": report.kind, "verdict": report.verdict, "mistakes": [found.mistake for found in report.diagnosis],
        "cells": {cell.cell: cell.verdict for cell in report.cells},
    }  # fmt: skip
    return Test(
        item.id, str(number), name, report.points, report.max_points, report.verdict, about.visibility, report.feedback,
        [*about.tags], extra,
    )  # fmt: skip


def passed(test: Test) -> bool:
    """Did the test earn all it can?"""
    return test.status == CORRECT
