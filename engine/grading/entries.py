"""What a table asks for, entry by entry; how values are read and written in it."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from engine.errors import EngineError, Words
from engine.grading.exercise import MalformedError
from engine.grading.records import Task
from engine.values import Value, is_array

Source = Annotated[str, Meta(description="The formula or program.")]
Inputs = Annotated[dict[str, Any], Meta(description="The point: a value for every input.")]
Output = Annotated[str | None, Meta(description="The node that counts as the output: the last unless given.")]
Rtol = Annotated[float, Meta(ge=0, le=0.5, description="The relative tolerance.")]
Atol = Annotated[float, Meta(ge=0, description="The absolute tolerance.")]
Key = tuple[str, Any]
"""What an entry holds and of what: ("adjoint", node), ("sent", edge)."""


class TableTask(Task, frozen=True, kw_only=True):
    """What the kinds share."""

    source: Source
    inputs: Inputs
    output: Output = None
    rtol: Rtol = 1e-6
    atol: Atol = 1e-9


class Entry(NamedTuple):
    """One number (or array) that is asked for: its cell, its key, and what it is."""

    cell: str
    key: Key
    expected: Value


Own = dict[Key, Any]
"""A table as it was filled in; what nobody gave is computed from the rest."""


def shown(value: Value | None) -> Any:
    """A value as JSON has it."""
    return value.tolist() if is_array(value) else value


def texts(value: Value) -> Any:
    """A value with its numbers as texts."""
    if is_array(value):
        return [texts(part if is_array(part) else float(part)) for part in value]
    return {"inf": "∞", "-inf": "-∞", "nan": "NaN"}.get(repr(value), repr(value))


def refuse_bare(answer: Any, expected: str) -> None:
    """An answer must have cells. Raises MalformedError."""
    if not isinstance(answer, dict) or not all(isinstance(name, str) for name in answer):
        raise MalformedError(EngineError("bad_answer", expected=Words(expected)))
