"""Worker processes that grade, one pipe each: what a worker dies of costs one item (docs/adr/0010-grading.md)."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from engine import limits
from server.errors import STATUS, RequestError, body_of
from server.grading import items, jobs
from server.locale import catalogue

WORKER = (sys.executable, "-P", "-m", "server.grading.worker")
STRIKES = 2
"""An item that so many workers died of is not tried again."""
STARTS = 5
"""So many workers in a row may die before they begin; then something is wrong with the machine."""
STARTING_SECONDS = 60.0
"""How long a worker may take to be ready."""
PIECE = 1 << 16
ROOT = Path(__file__).parents[2]
log = logging.getLogger("wengert")


class WorkerError(RuntimeError):
    """No worker can be started."""


class Bounds(NamedTuple):
    """What one item may take: seconds of processor time, bytes of memory; and how long a worker may be silent."""

    seconds: float = limits.GRADING_SECONDS
    memory: int = limits.GRADING_BYTES
    silent: float = 30.0 * limits.GRADING_SECONDS


class Answers(NamedTuple):
    """What a worker gave: a line for each of the first items; whether it began; whether it lives to do more."""

    lines: list[bytes]
    begun: bool
    alive: bool


class Worker:
    """A process that grades one job at a time."""

    def __init__(self, command: Sequence[str], bounds: Bounds) -> None:
        self.silent = bounds.silent
        self.used = False
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            [*command, str(bounds.seconds), str(bounds.memory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env={**os.environ, **one, "PYTHONPATH": path},
        )  # fmt: skip

    def ask(self, job: jobs.Job) -> Answers:
        """Answers to the first items of a job: to some when its time is up, perhaps to none when the worker dies."""
        try:
            with self._watched(STARTING_SECONDS):
                self._wait()
            with self._watched(self.silent):
                self._send(job)
                return self._receive()
        except (OSError, ValueError):  # it died while it had nothing to do, or everything is being closed
            return Answers([], False, False)

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Kill the process if this takes longer."""
        watch = threading.Timer(seconds, self.process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _wait(self) -> None:
        """Until the worker is ready. Raises OSError."""
        assert self.process.stdout is not None
        if not self.used and self.process.stdout.read(1) != b"\n":
            raise BrokenPipeError

    def _send(self, job: jobs.Job) -> None:
        """The job. Raises OSError."""
        assert self.process.stdin is not None
        message = jobs.encode(job)
        left = memoryview(len(message).to_bytes(jobs.LENGTH, "big") + message)
        while left:
            left = left[self.process.stdin.write(left) :]
        self.used = True

    def _receive(self) -> Answers:
        """What comes back until the blank line at the end, or until the worker dies."""
        assert self.process.stdout is not None
        data = bytearray()
        while not data.endswith(b"\n\n"):
            piece = self.process.stdout.read(PIECE)
            if not piece:
                return Answers(bytes(data).split(b"\n")[1:-1], data.startswith(b"\n"), False)
            data += piece
        return Answers(bytes(data).split(b"\n")[1:-2], True, True)

    def end(self) -> int:
        """Kill the process, close its pipes, return its exit code."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return self.process.wait()


class Pool:
    """As many workers as there are threads that ask; they start when they are first needed."""

    def __init__(self, command: Sequence[str] = WORKER, bounds: Bounds | None = None) -> None:
        self.command = command
        self.bounds = bounds or Bounds()
        self.idle: list[Worker] = []
        self.all: set[Worker] = set()
        self.close = weakref.finalize(self, end_all, self.all)

    def run(self, job: jobs.Job) -> list[bytes]:
        """Answers to the first items of a job, to one at least, a line each without its newline.

        An item that ends the worker is tried once more by another, alone; when that ends too, `item_failed` is the
        answer. Raises WorkerError.
        """
        done: list[bytes] = []
        strikes = starts = 0
        while True:
            rest = job.items[len(done) :]
            sent = rest[:1] if strikes else rest
            worker = self._take()
            fresh = not worker.used
            answers = worker.ask(jobs.Job(job.common, sent))
            done += answers.lines
            if answers.alive:
                self.idle.append(worker)
                return done
            self._bury(worker)
            if len(answers.lines) == len(sent):
                return done
            if not answers.begun:
                starts += fresh
                if starts == STARTS:
                    raise WorkerError("workers die before they begin")
                continue
            strikes = 1 if answers.lines else strikes + 1
            if strikes == STRIKES:
                done.append(failure(job.common, rest[0]))
                return done

    def _take(self) -> Worker:
        """A worker that has nothing to do. Raises WorkerError once the pool is closed."""
        if not self.close.alive:
            raise WorkerError("the pool is closed")
        with suppress(IndexError):
            return self.idle.pop()
        worker = Worker(self.command, self.bounds)
        self.all.add(worker)
        return worker

    def _bury(self, worker: Worker) -> None:
        """Take leave of a worker that died."""
        self.all.discard(worker)
        log.warning("a grading worker ended with %s", worker.end())


def end_all(workers: set[Worker]) -> None:
    """End every worker, at work or not."""
    while workers:
        workers.pop().end()


def failure(common: jobs.Common, item: jobs.Item) -> bytes:
    """The answer to an item that ends its workers."""
    error = RequestError("item_failed")
    body = body_of(error, catalogue(items.language(item.text, common)))
    return items.failed(item, body) if common.verb == jobs.LINE else items.refused(STATUS[error.code], body)
