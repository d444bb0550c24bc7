"""What other systems read: one neutral report, and a writer for each of their formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from server.formats import coderunner, gradescope, nbgrader, neutral, otter, prairielearn
from server.formats.neutral import About, Item, Neutral, submissions
from server.locale import Catalogue
from server.version import version

__all__ = ["FORMATS", "About", "Item", "Neutral", "submissions"]


class Format(NamedTuple):
    """A row of the table: the writer, and whether it takes the answers of one student only."""

    write: Callable[[Iterable[Item], Catalogue], Iterator[bytes]]
    single: bool


FORMATS: dict[str, Format] = {
    "neutral": Format(lambda items, words: neutral.write(submissions(items, version())), single=False),
    "gradescope": Format(lambda items, words: gradescope.write(submissions(items, version())), single=True),
    "prairielearn": Format(lambda items, words: prairielearn.write(submissions(items, version())), single=True),
    "coderunner": Format(lambda items, words: coderunner.write(submissions(items, version()), words), single=True),
    "nbgrader": Format(lambda items, words: nbgrader.write(submissions(items, version())), single=False),
    "otter": Format(lambda items, words: otter.write(items), single=True),
}
"""Every format by its name on the command line."""
