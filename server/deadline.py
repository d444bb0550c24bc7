"""A client may take only so long to send a request: else a few thousand slow ones hold every connection."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

STREAMED = "/api/v1/grade/batch"
"""Its body may be long. The deadline moves on as it arrives, and stands still while we do not read it."""
BYTES_A_SECOND = 1024
"""How fast such a body has to arrive, on average."""


class DeadlineProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with a deadline from the first byte of a request, or from connecting, to its last byte."""

    seconds: float
    deadline: TimerHandle | None = None
    streamed = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects."""
        super().connection_made(transport)
        self.arm(self.seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self.disarm()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.streamed = False
        self.arm(self.seconds)

    def on_headers_complete(self) -> None:
        """Its head is there."""
        super().on_headers_complete()
        self.streamed = self.scope.get("path") == STREAMED

    def on_body(self, body: bytes) -> None:
        """A piece of its body is there."""
        super().on_body(body)
        if self.streamed and self.deadline is not None:
            left = self.deadline.when() - self.loop.time()
            self.disarm()
            self.arm(min(self.seconds, left + len(body) / BYTES_A_SECOND))

    def on_message_complete(self) -> None:
        """All of it is there."""
        self.disarm()
        super().on_message_complete()

    def arm(self, within: float) -> None:
        """From now on, so many seconds."""
        if self.deadline is None:
            self.deadline = self.loop.call_later(within, self.expire)

    def disarm(self) -> None:
        """No deadline."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def expire(self) -> None:
        """Leave the client, unless it is we who do not read."""
        self.deadline = None
        if self.streamed and self.flow.read_paused:
            self.arm(self.seconds)
        elif not self.transport.is_closing():
            self.transport.abort()


def receiving_within(seconds: float) -> type[HttpToolsProtocol]:
    """The protocol with this deadline."""
    return type("Within", (DeadlineProtocol,), {"seconds": seconds})
