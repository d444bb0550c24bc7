"""Where a request's work is done: at once when it is small, in one of few threads when it would hold up the others."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from server.errors import RequestError

R = TypeVar("R")


class Workshop:
    """The threads, and the queue in front of them."""

    def __init__(self, threads: int, waiting: int) -> None:
        self.threads = threads
        self.waiting = waiting
        self._limiter: CapacityLimiter | None = None

    async def do(self, job: Callable[[], R], *, large: bool) -> R:
        """Do the job; raise RequestError `busy` when too many large ones wait already."""
        if not large:
            return job()
        if self._limiter is None:  # an event loop must be running
            self._limiter = CapacityLimiter(self.threads)
        if self._limiter.statistics().tasks_waiting >= self.waiting:
            raise come_again()
        return await run_sync(job, limiter=self._limiter)


def come_again() -> RequestError:
    """The refusal of what is too much now; the advice is spread, so that they do not all come again at once."""
    refusal = RequestError("busy")
    refusal.headers["Retry-After"] = str(1 + time.monotonic_ns() // 1000 % 5)
    return refusal
