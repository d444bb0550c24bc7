"""Newline-delimited JSON, cut into lines as its bytes arrive; what is held is one line at most."""

from __future__ import annotations

from typing import NamedTuple

BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line and its number, counted from 1. `text` is None where it was too long to be kept."""

    number: int
    text: bytes | None


class Lines:
    """Cuts pieces of bytes into lines of at most `longest` bytes. Blank lines count and are left out."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.number = 0
        self.rest: list[bytes] = []
        self.size = 0

    def feed(self, piece: bytes) -> list[Line]:
        """The lines that end within this piece."""
        *ended, rest = piece.split(b"\n")
        found = []
        for part in ended:
            line = self._end(part)
            if line is not None:
                found.append(line)
        self._keep(rest)
        return found

    def end(self) -> list[Line]:
        """The last line, where it lacks its newline."""
        line = self._end(b"") if self.size else None
        return [] if line is None else [line]

    def _keep(self, part: bytes) -> None:
        self.size += len(part)
        if self.size > self.longest + 1:  # a carriage return may follow
            self.rest.clear()
        elif part:
            self.rest.append(part)

    def _end(self, last: bytes) -> Line | None:
        """The line that ends here; None if it is blank."""
        self.number += 1
        if self.size:
            self._keep(last)
            whole, size = b"".join(self.rest), self.size
            self.rest.clear()
            self.size = 0
        else:
            whole, size = last, len(last)
        if size > self.longest + 1:
            return Line(self.number, None)
        text = (whole.removeprefix(BOM) if self.number == 1 else whole).strip()
        if not text:
            return None
        return Line(self.number, text if len(text) <= self.longest else None)
