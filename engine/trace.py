"""A pass is a generator of events that returns its result; a trace is the recorded run."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from engine.events import Event

R = TypeVar("R")
Steps = Generator[Event, None, R]


class Trace(NamedTuple, Generic[R]):
    """The events of a run, in order, and what it returned."""

    events: list[Event]
    result: R


def record(steps: Steps[R]) -> Trace[R]:
    """Run a pass to its end and keep every event; where sums become infinite or undefined, NumPy need not warn."""
    result: list[R] = []

    def run() -> Generator[Event, None, None]:
        result.append((yield from steps))

    with np.errstate(all="ignore"):
        events = list(run())
    return Trace(events, result[0])


def one_by_one(bundles: Generator[Iterable[Event], None, R]) -> Steps[R]:
    """The steps of every bundle, one at a time."""
    while True:
        try:
            bundle = next(bundles)
        except StopIteration as done:
            value: R = done.value
            return value
        yield from bundle


def finish(steps: Generator[object, None, R]) -> R:
    """Run a pass to its end for its result alone; nor need NumPy warn here."""
    with np.errstate(all="ignore"):
        while True:
            try:
                next(steps)
            except StopIteration as done:
                value: R = done.value
                return value
