"""What SymPy says of every answer in tests/grading/answers, kept in tests/golden/reference/sympy.json."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from tests.grading.answers import CORPUS, Oracle, Row
from tests.oracles.reference import FOLDER
from tests.oracles.with_forms import by_sympy

FILE = FOLDER / "sympy.json"
SECONDS = 20
"""What SymPy may take for one form; what takes longer it cannot tell."""


class Said(msgspec.Struct, frozen=True):
    """Is the answer the task's formula by algebra? None where SymPy cannot tell."""

    source: str
    answer: str
    same: bool | None


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise TimeoutError after so many seconds."""

    def expired(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, expired)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def asked(row: Row) -> bool | None:
    """What SymPy says, None if it takes too long or does not know how."""
    try:
        with limited(SECONDS):
            return by_sympy(row)
    except (TimeoutError, NotImplementedError, TypeError, ValueError):
        return None


def fresh() -> list[Said]:
    """Ask anew; the texts of one form are asked about once."""
    known: dict[tuple[str, Oracle], bool | None] = {}
    found = []
    for row in CORPUS:
        if row.oracle is None:
            continue
        key = row.source, row.oracle
        if key not in known:
            known[key] = asked(row)
        found.append(Said(row.source, row.answer, known[key]))
    return found


def load() -> list[Said]:
    """What `python -m tests.oracles --write` wrote."""
    return msgspec.json.decode(FILE.read_bytes(), type=list[Said])


def write() -> None:
    """One line per answer."""
    FILE.write_bytes(b"[\n" + b",\n".join(msgspec.json.encode(said) for said in fresh()) + b"\n]\n")


def compare() -> tuple[list[str], str]:
    """What SymPy says now and did not say before, in words, and a summary."""
    old, new = load(), fresh()
    different = [f"sympy: {a} in the file, {b} now" for a, b in zip(old, new, strict=False) if a != b]
    if len(old) != len(new):
        different.append(f"sympy: {len(old)} answers in the file, {len(new)} in the corpus")
    return different, f"{len(new)} answers, {len(different)} differences"
