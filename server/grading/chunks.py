"""A batch as it comes in: its head, then chunks of lines, each the work of a fraction of a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from engine import limits
from server.body import parse
from server.errors import RequestError, body_of
from server.grading import items, jobs
from server.grading.lines import Line, Lines
from server.locale import catalogue

CHUNK_LINES = 256
CHUNK_BYTES = 1 << 17


class Chunk(NamedTuple):
    """Lines to be graded; or, without any, a line that says why another was not."""

    lines: Sequence[jobs.Item]
    said: bytes = b""


class Head(msgspec.Struct, frozen=True):
    """A first line without an answer: what the lines that follow have in common."""

    task: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    help: str | msgspec.UnsetType = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET
    answer: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Batch:
    """Cuts pieces of bytes into chunks. `common` is what a line goes by that does not say so itself."""

    def __init__(self, common: jobs.Common, *, most: int | None = None, after: int = 0) -> None:
        self.common = common
        self.most = most
        self.after = after
        """Lines up to this one were graded before."""
        self.lines = Lines(limits.BATCH_LINE_BYTES)
        self.first = True
        self.full = False

    def feed(self, piece: bytes) -> Iterator[Chunk]:
        """The chunks of the lines that end within this piece."""
        return self._chunks(self.lines.feed(piece))

    def end(self) -> Iterator[Chunk]:
        """What is left when no more comes."""
        return self._chunks(self.lines.end())

    def _chunks(self, lines: Sequence[Line]) -> Iterator[Chunk]:
        held: list[jobs.Item] = []
        size = 0
        for line in lines:
            if self.full:
                break
            if self.first and self._is_head(line):
                continue
            if line.number <= self.after:
                continue
            refused = self._refusal(line)
            if line.text is not None and refused is None:
                held.append(jobs.Item(line.text, line.number))
                size += len(line.text)
            if held and (refused or len(held) == CHUNK_LINES or size >= CHUNK_BYTES):
                yield Chunk(held)
                held, size = [], 0
            if refused is not None:
                body = body_of(refused, catalogue(self.common.locale))
                yield Chunk((), items.failed(jobs.Item(b"", line.number), body))
        if held:
            yield Chunk(held)

    def _refusal(self, line: Line) -> RequestError | None:
        """Why a line is not graded at all."""
        if self.most is not None and line.number > self.most:
            self.full = True
            return RequestError("too_many_lines", limit=self.most)
        return RequestError("line_too_long", limit=limits.BATCH_LINE_BYTES) if line.text is None else None

    def _is_head(self, line: Line) -> bool:
        """Take the first line for what all have in common, if it has a task and no answer. Raises RequestError."""
        self.first = False
        try:
            head = msgspec.json.decode(line.text or b"", type=Head)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        if head.answer is not msgspec.UNSET or head.task is msgspec.UNSET:
            return False
        parse(line.text or b"", items.HeadLine)
        self.common = replace(
            self.common,
            task=bytes(head.task),
            help=self.common.help if head.help is msgspec.UNSET else head.help,
            locale=self.common.locale if head.text is msgspec.UNSET else head.text,
        )
        return True
