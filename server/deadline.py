"""A client may take only so long to send a request: else a few thousand slow ones hold every connection."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def receiving_within(seconds: float) -> type[HttpToolsProtocol]:
    """uvicorn's protocol, with a deadline from the first byte of a request, or from connecting, to its last byte."""

    class DeadlineProtocol(HttpToolsProtocol):
        deadline: TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.arm()

        def connection_lost(self, exc: Exception | None) -> None:
            self.disarm()
            super().connection_lost(exc)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self.arm()

        def on_message_complete(self) -> None:
            self.disarm()
            super().on_message_complete()

        def arm(self) -> None:
            if self.deadline is None:
                self.deadline = self.loop.call_later(seconds, self.expire)

        def disarm(self) -> None:
            if self.deadline is not None:
                self.deadline.cancel()
                self.deadline = None

        def expire(self) -> None:
            self.deadline = None
            if not self.transport.is_closing():
                self.transport.abort()

    return DeadlineProtocol
