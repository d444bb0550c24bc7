"""A batch over HTTP: read, graded and sent at the same time, in order, with a few chunks held and no more."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterable

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.body import NDJSON
from server.grading import items, jobs
from server.grading.chunks import Batch, Chunk
from server.grading.graders import Graders

SENDING_SECONDS = 60.0
"""How long a client may leave unread what we send."""
Work = asyncio.Task[bytes]
log = logging.getLogger("wengert")


class Stream:
    """The answers to one batch. Nothing is read while as many chunks as there are workers wait to be sent."""

    def __init__(self, graders: Graders, batch: Batch, pieces: AsyncIterator[bytes]) -> None:
        self.graders = graders
        self.batch = batch
        self.pieces = pieces
        self.queue: asyncio.Queue[Work | None] = asyncio.Queue(graders.size)
        self.running: set[asyncio.Task[None] | Work] = set()

    async def answers(self, begun: Iterable[Chunk]) -> AsyncIterator[bytes]:
        """The answers in order; the chunks that have `begun` were read before."""
        reader = asyncio.create_task(self._read(begun))
        self.running.add(reader)
        try:
            while (work := await self.queue.get()) is not None:
                yield await work
            await reader
        except ClientDisconnect:
            return
        except Exception as error:  # the last resort: the status was sent long ago
            ticket = secrets.token_hex(8)
            log.error("batch %s failed", ticket, exc_info=error)
            last = jobs.Item(b"", self.batch.lines.number)
            yield items.failed(last, items.internal(ticket, self.batch.common)) + b"\n"
        finally:
            for task in self.running:
                task.cancel()
            await asyncio.gather(*self.running, return_exceptions=True)

    async def _read(self, begun: Iterable[Chunk]) -> None:
        """Read to the end; there, and when something is wrong with the body, say so by None."""
        try:
            await self._read_all(begun)
        except Exception:
            await self.queue.put(None)
            raise
        await self.queue.put(None)

    async def _read_all(self, begun: Iterable[Chunk]) -> None:
        """Set to work on each chunk as soon as there is room for it."""
        for chunk in begun:
            await self._start(chunk)
        async for piece in self.pieces:
            for chunk in self.batch.feed(piece):
                await self._start(chunk)
            if self.batch.full:
                return
        for chunk in self.batch.end():
            await self._start(chunk)

    async def _start(self, chunk: Chunk) -> None:
        """Work on a chunk, and wait for room in the queue."""
        work = asyncio.create_task(self._finish(chunk, self.batch.common))
        self.running.add(work)
        work.add_done_callback(self.running.discard)
        await self.queue.put(work)

    async def _finish(self, chunk: Chunk, common: jobs.Common) -> bytes:
        """All answers to a chunk; others have their turn in between."""
        if not chunk.lines:
            return chunk.said + b"\n"
        found: list[bytes] = []
        while len(found) < len(chunk.lines):
            found += await self.graders.run(jobs.Job(common, list(chunk.lines[len(found) :])))
        return b"\n".join(found) + b"\n"


class BatchResponse(Response):
    """Sends a batch's answers as they come. A client that does not read for long is left."""

    def __init__(self, stream: Stream, begun: Iterable[Chunk]) -> None:
        self.status_code = 200
        self.background = None
        self.body = b""
        self.stream = stream
        self.begun = begun
        self.init_headers({"Content-Type": NDJSON, "Vary": "Accept-Language"})
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        answers = self.stream.answers(self.begun)
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async for piece in answers:
                async with asyncio.timeout(SENDING_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            return  # uvicorn closes a connection whose response is not complete
        finally:
            await answers.aclose()  # type: ignore[attr-defined]
            self.stream.graders.leave()
