"""How one names an option of a multiple choice: B, b), (B), Ⓑ, 第2项, the whole line "B  2*x"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set
from typing import Any, NamedTuple

LETTERS = "ABCDEFGHI"
"""What options are called; there is one more than there are options."""
BEFORE = r"(?:(?:the\s+)?(?:answer|option|choice)|答案|选项?|第)?\s*(?:is|是|为)?\s*[:#]?\s*"
LABEL = re.compile(
    rf"{BEFORE}(?P<open>[(\[])?\s*(?:(?P<letter>[a-z])|(?P<number>\d))\s*(?P<close>[)\]])?\s*[.:、。]?\s*(?:项|个)?",
    re.IGNORECASE,
)
LINE = re.compile(r"[(\[]?(?P<letter>[a-i])[)\].:、]?\s+(?P<text>.+)", re.IGNORECASE | re.DOTALL)
CONSTANTS = frozenset("e")
"""Letters that a formula knows."""


class Label(NamedTuple):
    """The option that a label names, None where there are not so many; not `sure` if it may be a formula as well."""

    place: int | None
    sure: bool


def read(answer: Any, texts: Sequence[str], names: Set[str]) -> Label | None:
    """The option that an answer names by its letter, its number or its text; None where it does neither.

    A number alone may be meant as a formula, and so may a small letter that is an input's name or a constant.
    """
    if isinstance(answer, int) and not isinstance(answer, bool):
        return Label(answer - 1, False) if 1 <= answer <= len(texts) else None
    if not isinstance(answer, str):
        return None
    text = unicodedata.normalize("NFKC", answer).strip()
    found = LABEL.fullmatch(text)
    if found:
        letter, number = found["letter"], found["number"]
        bare = text.strip("()[] ") in (letter, number) and bool(found["open"]) == bool(found["close"])
        place = int(number) - 1 if number else ord(letter.upper()) - ord("A")
        known = 0 <= place < len(texts)
        name = letter is not None and letter in names | CONSTANTS and (letter.islower() or not known)
        if bare and (number is not None or name):
            return Label(place, False) if known else None
        return Label(place if known else None, True)
    line = LINE.fullmatch(text)
    if line:
        place = LETTERS.index(line["letter"].upper())
        if place < len(texts) and squeezed(line["text"]) == squeezed(texts[place]):
            return Label(place, True)
    return next((Label(k, True) for k, known in enumerate(texts) if squeezed(text) == squeezed(known)), None)


def squeezed(text: str) -> str:
    """A text without blanks."""
    return "".join(text.split())
