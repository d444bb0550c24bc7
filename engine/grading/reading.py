"""What a student types into a cell of a table: a number or an array, in any notation; the key of an edge."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from engine import limits
from engine.errors import NUMBER, EngineError, Words
from engine.grading.exercise import MalformedError
from engine.grading.names import barred, node_key, node_named, unknown
from engine.graph import Graph
from engine.passes.evaluate import evaluate
from engine.shapes import work_of
from engine.syntax import parse
from engine.syntax.arrays import UnreadableError
from engine.syntax.arrays import read as read_array
from engine.syntax.names import quote
from engine.syntax.normalise import normalise
from engine.trace import finish
from engine.values import Value, is_array

__all__ = ["Edge", "edge_key", "edges_of", "node_key", "number", "part_key", "value"]

NUMBERS = Words("word.number_or_formula")
DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
NOT_FINITE = {"nan": math.nan, "inf": math.inf, "infinity": math.inf, "∞": math.inf, "oo": math.inf, "无穷": math.inf}
BETWEEN = re.compile(r"\s*(?:<?[-=–—]+>|<[-=–—]+|[→⟶⇒←⟵↦]|\\(?:long)?(?:right|left)arrow|\\to\b)\s*")
"""An arrow between the two nodes of an edge."""
SLOPE = re.compile(
    r"\s*(?:\\frac)?\s*\{?\s*(?:∂|d|\\partial)\s*(.+?)\s*\}?\s*[/{]\s*(?:∂|d|\\partial)\s*(.+?)\s*\}?\s*"
)
"""A local partial as it is written in a book: ∂v4/∂v1."""
NUMBERED = re.compile(r"(.*?)\s*(?:#|＃)\s*(\d{1,3})\s*")

WORK = 1_000_000
"""Arithmetic operations that a formula in a cell may take."""
LONGEST_KEY = 200

Edge = tuple[int, int]
"""A node and the number of the argument through which it reads another."""


# ---- numbers and arrays ----------------------------------------------------------------------------------------------


def number(given: Any, cell: str | None = None) -> float:
    """A JSON number, or a text that writes one: `1/3`, `-sin(5)`, `2e`, `√2`, `NaN`. Raises MalformedError."""
    if isinstance(given, float):
        return given
    found = value(given, cell)
    if is_array(found):
        raise MalformedError(EngineError("bad_answer", expected=NUMBER), cell)
    return float(found)


def value(given: Any, cell: str | None = None) -> Value:
    """A number, or an array of any shape: nested lists (of numbers or texts), `[1, 2; 3, 4]`. Raises MalformedError."""
    if isinstance(given, float):
        return given
    if isinstance(given, str):
        return written(given, cell)
    if isinstance(given, int) and not isinstance(given, bool):
        try:
            return float(given)
        except OverflowError:
            raise MalformedError(EngineError("bad_answer", expected=NUMBER), cell) from None
    if isinstance(given, list | tuple):
        return array(given, cell)
    if isinstance(given, np.ndarray) and given.dtype.kind in "fiu":
        return np.asarray(given, dtype=float) if given.ndim else float(given)
    raise MalformedError(EngineError("bad_answer", expected=NUMBERS), cell)


def array(items: Sequence[Any], cell: str | None) -> Value:
    """Nested lists as an array. Raises MalformedError."""
    rows = elements(items, cell, limits.RANK)
    try:
        return np.array(rows, dtype=np.float64)
    except ValueError:  # rows that differ in length
        raise MalformedError(EngineError("bad_answer", None, "array_forms", expected=NUMBERS), cell) from None


def elements(items: Sequence[Any], cell: str | None, depth: int) -> list[Any]:
    """The numbers in nested lists. Raises MalformedError."""
    if not depth or not items:
        raise MalformedError(EngineError("bad_answer", None, "array_forms", expected=NUMBERS), cell)
    return [elements(item, cell, depth - 1) if isinstance(item, list | tuple) else number(item, cell) for item in items]


def written(text: str, cell: str | None) -> Value:
    """The number or array that a text writes, a formula without inputs. Raises MalformedError."""
    try:
        return constant(text)
    except EngineError as error:
        raise MalformedError(error, cell) from None


@lru_cache(maxsize=1024)
def constant(text: str) -> Value:
    """The value of a formula without inputs. Raises EngineError."""
    if len(text) > limits.SOURCE_CHARACTERS // 10:
        raise EngineError("source_too_long", None, limit=limits.SOURCE_CHARACTERS // 10, found=len(text))
    plain = text.strip().strip("$").strip()
    if DECIMAL.fullmatch(plain) and plain.isascii():
        return float(plain)
    sign, name = (-1.0, plain[1:]) if plain[:1] in ("-", "−", "－") else (1.0, plain.removeprefix("+"))
    if name.strip().lower() in NOT_FINITE:
        return sign * NOT_FINITE[name.strip().lower()]
    try:
        graph = parse(plain)
    except EngineError as refused:
        try:  # an array that NumPy prints, a column out of a table
            found = read_array(plain) if plain[:1] not in ("", "(") and "[" in plain else None
        except UnreadableError:
            found = None
        if found is None:
            raise refused from None
        return found
    if graph.inputs:
        raise EngineError("bad_answer", expected=NUMBERS)
    if work_of(graph) > WORK:
        raise EngineError("too_much_work", None, limit=WORK, found=work_of(graph))
    return finish(evaluate(graph, {}))[graph.outputs[0]]


# ---- keys ------------------------------------------------------------------------------------------------------------


def edges_of(graph: Graph) -> dict[str, Edge]:
    """Every edge by its key: `v4->v1`, where v4 reads v1; `v1->x#0` and `v1->x#1` where it reads x twice."""
    found: dict[str, Edge] = {}
    names = graph.names
    for node in graph.nodes:
        for argnum, source in enumerate(node.inputs):
            key = f"{names[node.id]}->{names[source]}"
            if node.inputs.count(source) > 1:
                key += f"#{node.inputs[:argnum].count(source)}"
            elif key in found:  # two constants that are written the same
                key += f"#{argnum}"
            found[key] = node.id, argnum
    return found


def edge_key(graph: Graph, text: str, known: Mapping[str, Edge], cell: str | None = None) -> str:
    """The key of the edge that a text names; which end goes first does not matter. Raises MalformedError.

    `known` are the edges that are asked for.
    """
    if text in known:
        return text
    if len(text) > LONGEST_KEY:
        raise unknown(text, list(known), cell)
    plain, counted = text.strip().strip("$"), None
    if found := NUMBERED.fullmatch(plain):
        plain, counted = found[1], int(found[2])
    ends = [found[1], found[2]] if (found := SLOPE.fullmatch(plain)) else BETWEEN.split(plain)
    nodes = [node_named(graph, barred(end) or end) for end in ends if end.strip()]
    if len(nodes) == 2 and None not in nodes:
        user, source = sorted([node for node in nodes if node is not None], reverse=True)
        key = f"{graph.names[user]}->{graph.names[source]}"
        for name in (key, f"{key}#0") if counted is None else (f"{key}#{counted}", key if counted == 0 else ""):
            if name in known and (counted is not None or f"{key}#1" not in known):
                return name
    raise unknown(normalise(text), list(known), cell)


def part_key(name: str, parts: Mapping[str, Sequence[str]]) -> str:
    """Which part of a node's entry somebody means: one of `parts` by any of its names. Raises MalformedError."""
    plain = name.strip().lower()
    for part, names in parts.items():
        if plain == part or plain in names:
            return part
    raise MalformedError(EngineError("unknown_cell", name=quote(name), expected=", ".join(parts)), name)
