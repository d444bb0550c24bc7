"""Many answers without a server: chunks go to the pool from a few threads, and their answers come back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from server.grading import jobs
from server.grading.chunks import Batch, Chunk
from server.grading.pool import Pool

AHEAD = 2
"""Chunks that are worked on or wait, for each worker."""


class Answered(NamedTuple):
    """A line as it came in, and its answer, without a newline. The text of a line that was too long is empty."""

    line: jobs.Item
    body: bytes


def answered(
    pieces: Iterable[bytes], batch: Batch, pool: Pool, workers: int, check: Callable[[jobs.Common], None]
) -> Generator[Answered]:
    """Every line that is graded, in order, a few chunks held at a time. `check` sees what the lines have in common.

    Raises WorkerError, RequestError for a first line that is wrong, and whatever `check` raises.
    """
    threads = ThreadPoolExecutor(workers)
    waiting: deque[tuple[Chunk, Future[list[bytes]]]] = deque()
    checked = False
    try:
        for chunk in chunks(pieces, batch):
            if not checked:
                check(batch.common)
                checked = True
            waiting.append((chunk, threads.submit(finish, pool, chunk, batch.common)))
            while waiting and (len(waiting) > AHEAD * workers or waiting[0][1].done()):
                yield from paired(*waiting.popleft())
        while waiting:
            yield from paired(*waiting.popleft())
    finally:
        pool.close()
        threads.shutdown(cancel_futures=True)


def chunks(pieces: Iterable[bytes], batch: Batch) -> Iterator[Chunk]:
    """The chunks of a whole batch."""
    for piece in pieces:
        yield from batch.feed(piece)
    yield from batch.end()


def finish(pool: Pool, chunk: Chunk, common: jobs.Common) -> list[bytes]:
    """All answers to a chunk. Raises WorkerError."""
    if not chunk.lines:
        return [chunk.said]
    found: list[bytes] = []
    while len(found) < len(chunk.lines):
        found += pool.run(jobs.Job(common, list(chunk.lines[len(found) :])))
    return found


def paired(chunk: Chunk, work: Future[list[bytes]]) -> Iterator[Answered]:
    """Lines with their answers, once they are there."""
    for line, body in zip(chunk.lines or [jobs.Item(b"")], work.result(), strict=True):
        yield Answered(line, body)
