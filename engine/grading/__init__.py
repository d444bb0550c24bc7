"""Grading: a pure function of a task and an answer. Verdicts that name the step and the misconception."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import msgspec

from engine.card import Say
from engine.errors import EngineError
from engine.grading import (
    choice,
    formulas,
    forward_table,
    graphs,
    numeric,
    order,
    partials,
    predict,
    reverse_graph,
    reverse_table,
    shapes,
)
from engine.grading.exercise import Exercise, Kind, MalformedError
from engine.grading.records import Report, Submission, Task
from engine.grading.verdicts import malformed, report

__all__ = ["KINDS", "Exercise", "Kind", "MalformedError", "Report", "Submission", "Task", "grade", "mark", "prepare"]

TABLES = (numeric.KIND, forward_table.KIND, reverse_table.KIND, partials.KIND, predict.KIND)
GRAPHS = (shapes.KIND, order.KIND, graphs.KIND, reverse_graph.KIND)
ROWS: tuple[Kind, ...] = (*formulas.KINDS, choice.KIND, *TABLES, *GRAPHS)
KINDS: dict[str, Kind] = {kind.name: kind for kind in ROWS}
"""Every kind of task by its name."""
AnyTask: Any = reduce(or_, [kind.task for kind in ROWS])
"""The type of any task, for reading one."""
KEPT = 512
"""Exercises that are kept: a batch has thousands of answers to few tasks."""

kept: dict[bytes, Exercise] = {}


def prepare(task: Task) -> Exercise:
    """The exercise a task becomes, worked out once. Raises EngineError where the task itself is wrong."""
    key = msgspec.msgpack.encode(task)
    found = kept.get(key)
    if found is None:
        found = KINDS[task.kind].exercise(task)
        while len(kept) >= KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = found
    return found


def grade(task: Task, answer: Any, *, help: str = "hint", say: Say | None = None) -> Report:
    """The verdict on an answer: docs/grading.md. `say` turns a message into a sentence. Raises EngineError."""
    return mark(prepare(task), answer, help=help, say=say)


def mark(exercise: Exercise, answer: Any, *, help: str = "hint", say: Say | None = None) -> Report:
    """The verdict on an answer to an exercise."""
    try:
        marking = exercise.mark(answer)
    except MalformedError as refused:
        return malformed(exercise, refused, say)
    except EngineError as error:
        return malformed(exercise, MalformedError(error), say)
    return report(exercise, marking, help, say)
