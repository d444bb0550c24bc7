"""What a worker is asked to do: some lines, or one request, as one message; an answer is a line of bytes."""

from __future__ import annotations

import msgspec
from msgspec import Struct

LENGTH = 4
"""Bytes before a job that tell its length."""
LINE, GRADE, TASK, CHECK, DRAW = "line", "grade", "task", "check", "draw"
"""A line of a batch; the requests of POST /grade and /task, the task of a batch, the request of POST /task/draw."""


class Item(Struct, frozen=True, array_like=True):
    """The text of one line or request, and the number of the line."""

    text: bytes
    number: int = 0


class Common(Struct, frozen=True, array_like=True):
    """What the items of a job share: what to do, the language, the task and the help of lines that name none."""

    verb: str
    locale: str
    task: bytes = b""
    help: str = "hint"


class Job(Struct, frozen=True, array_like=True):
    """A message to a worker."""

    common: Common
    items: list[Item]


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Job).decode
