"""Every sentence the product says, by key and language; and which language somebody wants."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

import engine.ops  # noqa: F401  # the rows are in the registry once this is imported
from engine.primitive import REGISTRY

log = logging.getLogger("wengert")
LOCALES = ("en", "zh")
FILES = ("edges", "errors", "grading", "lessons", "mistakes", "server", "steps")
FOLDER = Path(__file__).parent
PLACEHOLDER = re.compile(r"\{(\w+)\}")
Words = Mapping[str, Any]


class Catalogue:
    """The messages of one language."""

    def __init__(self, locale: str, messages: Mapping[str, str]) -> None:
        self.locale = locale
        self.messages = messages

    def say(self, key: str, **words: Any) -> str:
        """The message `key`, `{name}` in it replaced by `words["name"]`; a word may be a (key, words) pair itself.

        Where there is no message `a.b.c`, `a.b` or else `a` serves. Words are inserted as they are: nothing in them is
        looked at again, and nothing but a whole word of `words` is ever inserted. A key that nobody wrote a message for
        stands for itself, which is better than no answer; tests find those.
        """
        try:
            message = self.find(key)
        except KeyError:
            log.error("no message %s in %s", key, self.locale)
            return key
        return PLACEHOLDER.sub(lambda found: self._word(found, words), message)

    def find(self, key: str) -> str:
        """The message `key` with its placeholders. Raises KeyError."""
        messages, shorter = self.messages, key
        while shorter not in messages:
            shorter, dot, _ = shorter.rpartition(".")
            if not dot:
                raise KeyError(key)
        return messages[shorter]

    def __contains__(self, key: str) -> bool:
        return key in self.messages

    def _word(self, found: re.Match[str], words: Words) -> str:
        name = found[1]
        if name not in words:
            return found[0]
        word = words[name]
        if isinstance(word, tuple) and len(word) == 2 and isinstance(word[1], Mapping):
            return self.say(word[0], **word[1])
        return f"{word:g}" if isinstance(word, float) else str(word)


@cache
def catalogue(locale: str) -> Catalogue:
    """The catalogue of one of LOCALES: all files of its folder merged, and what each operation's row says of it.

    `page.json` is the page's own; where it has a key that another file has, the other one is meant here.
    """
    messages = read(locale, "page")
    for file in FILES:
        messages |= read(locale, file)
    return Catalogue(locale, {**messages, **{f"op.{op.name}": op.about[locale] for op in REGISTRY.values()}})


def read(locale: str, file: str) -> dict[str, str]:
    """One file of messages."""
    return msgspec.json.decode((FOLDER / locale / f"{file}.json").read_bytes(), type=dict[str, str])


def negotiate(accept_language: str) -> str:
    """The best of LOCALES for an Accept-Language header (RFC 9110, 12.5.4), or for POSIX's `zh_CN.UTF-8`."""
    best, best_quality = LOCALES[0], 0.0
    for item in accept_language[:1000].split(","):
        tag, _, parameter = item.partition(";")
        language = re.split(r"[-_.@]", tag.strip().lower(), maxsplit=1)[0]
        _, _, weight = parameter.partition("q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if language in LOCALES and best_quality < quality <= 1.0:
            best, best_quality = language, quality
    return best
