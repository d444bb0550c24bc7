r"""What a student calls a node: v_1, V1, v₁, $v_{1}$, a name from her program; and its adjoint: x̄, \bar x, x_bar."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from engine.errors import EngineError
from engine.grading.exercise import MalformedError
from engine.graph import Graph
from engine.syntax.names import quote
from engine.syntax.normalise import normalise

BARS = "\u0304\u0305"
"""Macron and overline, set over the letter before them."""
BAR = re.compile(r"\\(?:bar|overline)\s*(?:\{([^{}]*(?:\{[^{}]*\})?)\}|(\w+))")
SPELLED = re.compile(r"(?:bar_?(?P<before>\w+)|(?P<after>\w+?)_?bar(?P<index>_?\d*))", re.IGNORECASE)
MOST, LONGEST = 500, 64
"""Names that are compared with an unknown one, and its letters."""
ALWAYS_LEFT_OUT = str.maketrans("", "", "${} \t\\")


def plain(text: str) -> str:
    """A name without dollars, braces and blanks, in the alphabet of the language."""
    return normalise(text.translate(ALWAYS_LEFT_OUT)).strip()


def node_named(graph: Graph, text: str) -> int | None:
    """The node that somebody means by `text`, None if there is none.

    Known are the names of the trace and those that the source assigns; where these are at odds, the trace's.
    """
    name = plain(text)
    exact, loose = known(graph)
    return exact[name] if name in exact else loose.get(loosened(name))


@lru_cache(maxsize=256)
def known(graph: Graph) -> tuple[dict[str, int], dict[str, int | None]]:
    """The nodes of a graph by their names, and by their loosened ones where these are nobody else's."""
    exact = {**graph.labels, **dict(zip(graph.names, range(len(graph.nodes)), strict=True)), **graph.inputs}
    loose: dict[str, int | None] = {}
    for name, node in exact.items():
        key = loosened(name)
        loose[key] = node if loose.get(key, node) == node else None
    return exact, loose


def loosened(name: str) -> str:
    """A name in small letters, without underscores."""
    return name.replace("_", "").lower()


def node_key(graph: Graph, text: str, cell: str | None = None) -> int:
    """The node that `text` names. Raises MalformedError, with names that are near, where there is none."""
    node = node_named(graph, text)
    if node is None:
        raise unknown(text, [*graph.inputs, *graph.labels, *graph.names], cell)
    return node


def unknown(text: str, names: list[str], cell: str | None = None) -> MalformedError:
    """Nothing is called that; the names that are meant perhaps, else all."""
    every = list(dict.fromkeys(names))[:MOST]
    near = get_close_matches(plain(text[:LONGEST]), every, 3) or every[:20]
    return MalformedError(EngineError("unknown_cell", name=quote(text), expected=", ".join(near)), cell)


def barred(text: str) -> str | None:
    r"""The name under the bar: x of x̄, \bar{x}, xbar, x_bar, bar_x, x̄_1 of x1bar; None for a name without one."""
    found = BAR.search(text)
    if found:
        return plain(text[: found.start()] + (found[1] or found[2]) + text[found.end() :])
    parts = unicodedata.normalize("NFD", text)
    if any(bar in parts for bar in BARS):
        return plain("".join([letter for letter in parts if letter not in BARS]))
    spelled = SPELLED.fullmatch(plain(text))
    if spelled is None:
        return None
    return spelled["before"] or spelled["after"] + spelled["index"]
