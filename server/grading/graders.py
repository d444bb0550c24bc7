"""The server's side of the pool: how many requests and batches may wait for it."""

from __future__ import annotations

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from server.grading import jobs
from server.grading.pool import Pool
from server.work import come_again

BATCHES = 16
"""Batches at the same time; each holds a few chunks."""


class Graders:
    """As many workers as there are `size`; `waiting` requests may stand in line for them."""

    def __init__(self, size: int, waiting: int, pool: Pool | None = None) -> None:
        self.size = size
        self.waiting = waiting
        self.pool = pool or Pool()
        self.batches = 0
        self._limiter: CapacityLimiter | None = None

    async def one(self, verb: str, text: bytes, locale: str) -> tuple[int, bytes]:
        """The status and the body of the answer to one request. Raises RequestError when too many wait."""
        if self.limiter.statistics().tasks_waiting >= self.waiting:
            raise come_again()
        found = await self.run(jobs.Job(jobs.Common(verb, locale), [jobs.Item(text)]))
        return int(found[0][:3]), found[0][4:]

    async def run(self, job: jobs.Job) -> list[bytes]:
        """What the pool answers: to one item at least. Raises WorkerError."""
        return await run_sync(self.pool.run, job, limiter=self.limiter)

    def admit(self) -> None:
        """One batch more, until `leave`. Raises RequestError where there are too many."""
        if self.batches >= BATCHES:
            raise come_again()
        self.batches += 1

    def leave(self) -> None:
        """One batch less."""
        self.batches -= 1

    @property
    def limiter(self) -> CapacityLimiter:
        """One thread for each worker; an event loop must be running."""
        if self._limiter is None:
            self._limiter = CapacityLimiter(self.size)
        return self._limiter
