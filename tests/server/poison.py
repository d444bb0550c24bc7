"""A worker with a kind of task whose answers do harm: `python -m tests.server.poison SECONDS BYTES`."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from typing import Any

from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading import KINDS, Exercise, Kind, MalformedError, Submission, Task
from engine.grading.draw import Draw
from engine.grading.records import CORRECT, INCORRECT, Cell, Marking, Share
from server.grading import worker


class EchoTask(Task, frozen=True, kw_only=True, tag="echo"):
    """Right is what the task wants to hear; some other answers do harm."""

    want: str = "yes"
    work: int = 0


class Echo(Exercise):
    def __init__(self, task: EchoTask) -> None:
        if task.want == "nothing":
            raise EngineError("empty_source")
        self.task: EchoTask = task

    def statement(self) -> Message:
        return Message("verdict.correct")

    def model(self) -> Any:
        return self.task.want

    def scheme(self) -> Sequence[Share]:
        return [Share("it", 1.0, Message("verdict.correct"))]

    def mark(self, answer: Any) -> Marking:
        if isinstance(answer, str) and answer in HARM:
            HARM[answer]()
        if not isinstance(answer, str):
            raise MalformedError(EngineError("empty_source"), "it")
        sum(range(self.task.work))
        right = answer == self.task.want
        return Marking([Cell("it", CORRECT if right else INCORRECT, float(right), got=answer)])

    def submissions(self) -> Iterator[Submission]:
        yield Submission(self.task.want, CORRECT, 1.0)


def hang() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(1000)


def eat() -> None:
    hoard = [bytearray(1 << 24)]
    while True:
        hoard.append(bytearray(1 << 24))


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(0)


def err() -> None:
    raise ZeroDivisionError


def chatter() -> None:
    print("chatter")


HARM = {"hang": hang, "sleep": sleep, "eat": eat, "crash": crash, "leave": leave, "err": err, "chatter": chatter}


def variant(draw: Draw) -> EchoTask:
    return EchoTask(want=draw.choice(["yes", "no"]))


ECHO = Kind(EchoTask, Echo, variant)

if __name__ == "__main__":
    KINDS["echo"] = ECHO
    worker.main()
