"""What a kind of task is: a record, the exercise it becomes, and variants drawn from a seed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading.draw import Draw
from engine.grading.records import Marking, Share, Submission, Task


class MalformedError(Exception):
    """An answer that cannot be read, and the cell it is in; it costs no attempt."""

    def __init__(self, error: EngineError, cell: str | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.cell = cell


class Exercise(ABC):
    """A task, worked out once; any number of answers are marked against it. Making one raises EngineError.

    It never changes after it was made (what it keeps are caches), so that marking is a pure function of the answer.
    """

    task: Task

    @abstractmethod
    def statement(self) -> Message:
        """What the student is asked, in words: `task.<kind>` of the catalogue."""

    @abstractmethod
    def model(self) -> Any:
        """A right answer, in the form in which answers come in."""

    @abstractmethod
    def scheme(self) -> Sequence[Share]:
        """What is marked, and with which weight."""

    @abstractmethod
    def mark(self, answer: Any) -> Marking:
        """Mark an answer. Raises MalformedError."""

    @abstractmethod
    def submissions(self) -> Iterator[Submission]:
        """Answers with the verdict they must get: the model, each simulated mistake, malformed ones."""


class Kind(NamedTuple):
    """A row of the table of kinds. `variant` draws a task; the tag of the record is the kind's name."""

    task: type[Task]
    exercise: Callable[[Any], Exercise]
    variant: Callable[[Draw], Task]

    @property
    def name(self) -> str:
        """The kind as tasks name it."""
        return str(self.task.__struct_config__.tag)
