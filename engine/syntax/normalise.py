"""What was typed, character for character in the alphabet of the language: （２x） becomes (2x), offsets stay.

A Chinese keyboard types full-width brackets, a PDF gives an italic 𝑥, a word processor a long dash: each has one
ordinary character that means the same. Whatever has none becomes OUTSIDE, which no token contains.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from engine.errors import EngineError, Span

OUTSIDE = "\ufffd"
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
SYMBOLS = frozenset(SUPERSCRIPTS + "≤≥≠√∛·×‖ᵀ")
"""What stays as it is, besides ASCII and letters."""

MEANS = {
    "✕": "×", "✖": "×", "⋅": "·", "∙": "·", "•": "·", "・": "·", "∗": "*", "⊙": "*", "∥": "‖",
    "÷": "/", "∕": "/", "⁄": "/", "➗": "/", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "➕": "+", "➖": "-",
    "∣": "|", "ˆ": "^", "、": ",", "。": ".", "≦": "≤", "≧": "≥",
    "′": "'", "‘": "'", "’": "'", "“": '"', "”": '"',
    "\u200b": " ", "\u2060": " ", "\ufeff": " ", "\x85": "\n", "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
STYLES = ("", "<font>", "<wide>", "<narrow>", "<small>", "<sub>", "<compat>", "<noBreak>")
"""The compatibility decompositions that keep the meaning; ⁿ and ① are no style of n and 1."""


def normalise(source: str) -> str:
    """The same text, as long as `source`, in the alphabet of the language. Raises EngineError for a lone surrogate."""
    if source.isascii():
        return source
    try:
        source.encode()
    except UnicodeEncodeError as half:  # half a character: no JSON document could carry it, not even in a comment
        raise EngineError(
            "unexpected_character",
            Span(half.start, half.start + 1),
            "allowed_characters",
            character=f"U+{ord(source[half.start]):04X}",
        ) from None
    return source.translate(_ALPHABET)


class _Alphabet(dict[int, str]):
    """Code point -> character, worked out where it is not in the table."""

    def __missing__(self, code: int) -> str:
        return _character(chr(code))


@lru_cache(maxsize=4096)
def _character(typed: str) -> str:
    tag, _, _ = unicodedata.decomposition(typed).rpartition(">")
    plain = unicodedata.normalize("NFKC", typed) if (tag and f"{tag}>") in STYLES else typed
    plain = MEANS.get(plain, plain)
    if tag == "<super" and typed not in SYMBOLS:
        return OUTSIDE
    if plain in SYMBOLS or (len(plain) == 1 and (plain.isascii() or plain.isidentifier())):
        return plain
    return OUTSIDE


_ALPHABET = _Alphabet({code: chr(code) for code in range(128)} | {ord(typed): means for typed, means in MEANS.items()})
