"""An operation as a student writes it: mul, ×, "sin", "+1", "1/x"; and its spellings brought to one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from engine.errors import EngineError
from engine.grading.names import loosened, plain
from engine.graph import Graph
from engine.primitive import REGISTRY, Primitive
from engine.syntax import parse
from engine.syntax.names import ANY, overloads
from engine.syntax.normalise import normalise
from engine.values import Value

SIGNS: dict[str, tuple[str | None, str | None]] = {
    "+": (None, "add"), "-": ("neg", "sub"), "*": (None, "mul"), "×": (None, "mul"), "·": (None, "mul"),
    "/": ("reciprocal", "div"), "^": (None, "power"), "**": (None, "power"), "@": (None, "matmul"),
    "√": ("sqrt", None), "²": ("square", None), "^2": ("square", None), "**2": ("square", None),
    "plus": (None, "add"), "minus": ("neg", "sub"), "times": (None, "mul"), "over": (None, "div"),
    "multiply": (None, "mul"), "divide": (None, "div"), "subtract": (None, "sub"), "product": (None, "mul"),
    "pow": (None, "power"), "inv": ("reciprocal", None), "negate": ("neg", None), "minus sign": ("neg", None),
    "sum": (None, "add"), "difference": (None, "sub"), "quotient": (None, "div"), "exponential": ("exp", None),
    "logarithm": ("log", None), "加": (None, "add"), "减": ("neg", "sub"), "乘": (None, "mul"), "除": (None, "div"),
}  # fmt: skip
"""Sign or word -> the row of one argument, that of two."""
PLACE = re.compile(r"\(\s*[·.•_…]*\s*\)$")
"""The empty brackets of sin(·)."""
FOLDS = frozenset({"add", "mul", "maximum", "minimum"})
"""Rows of two arguments that people give more, one after the other."""
COMMUTES = frozenset({"add", "mul", "maximum", "minimum", "hypot", "equal", "not_equal"})


class Operation(NamedTuple):
    """A row and its statics; None where they were not said."""

    name: str
    params: Mapping[str, Any] | None


class Built(NamedTuple):
    """An operation with what stands in each of its arguments: the number of an input, or a constant."""

    operation: Operation
    slots: Sequence[int | Value]
    folds: bool = False


def operation(text: str, inputs: Sequence[str]) -> Built | None:
    """What a text means as the operation on so many inputs; None if nothing."""
    count = len(inputs)
    try:
        word = normalise(text).strip()
    except EngineError:
        return None
    row = by_name(PLACE.sub("", word), count)
    if row is not None:
        return Built(Operation(row.name, None if row.statics else {}), range(count), row.name in FOLDS)
    for formula in (word, f"wengert_u{word}", f"{word}wengert_u"):
        built = by_formula(formula, [plain(name) for name in inputs])
        if built is not None:
            return built
    return None


def by_name(word: str, count: int) -> Primitive | None:
    """The row that a sign or a name calls with so many arguments; with too few, where the others may be constants."""
    rows = overloads(word) or overloads(word.lower()) or {}
    if count in rows:
        return rows[count]
    signs = SIGNS.get(word.lower())
    if signs is not None:
        name = signs[0] if count == 1 and signs[0] else signs[1] or signs[0]
        if name is not None and (count <= (REGISTRY[name].arity or 0) or name in FOLDS):
            return REGISTRY[name]
    for arity, row in rows.items():
        if arity == ANY or count < arity or row.name in FOLDS:
            return row
    return None


def by_formula(text: str, inputs: Sequence[str]) -> Built | None:
    """One operation written out, as in `1/x`: its names are the inputs' own, or stand for them in their order."""
    graph = short(text)
    if graph is None:
        return None
    node = graph.nodes[graph.outputs[0]]
    names = list(graph.inputs)
    if node.op is None or len(names) != len(inputs) or sum(n.op is not None for n in graph.nodes) != 1:
        return None
    meant, given = [loosened(name) for name in names], [loosened(name) for name in inputs]
    order = [names[meant.index(name)] for name in given] if sorted(meant) == sorted(given) else names
    slots = [order.index(n.name) if n.name is not None else n.const for n in (graph.nodes[i] for i in node.inputs)]
    return Built(Operation(node.op.name, node.params or {}), [slot for slot in slots if slot is not None])


def short(text: str) -> Graph | None:
    """The graph of a short formula."""
    if len(text) > 80:
        return None
    try:
        return parse(text)
    except EngineError:
        return None


# ---- one spelling ----


def canonical(name: str, args: Sequence[Any], number: Mapping[int, float]) -> tuple[str, tuple[Any, ...]]:
    """A row and its arguments, in the one of equal spellings that stands for all.

    `number` has the arguments that are constants. An argument of the result is one of `args`, or ("constant", value).
    x^2 is square(x), 1/x and x^-1 are reciprocal(x), 0 - x and -1*x are -x, x^(1/2) is sqrt(x), e^x is exp(x), and
    logarithms to the bases e, 2 and 10 have names.
    """
    if len(args) != 2 or not number:
        return name, tuple(args)
    for k, value in number.items():
        folded = UNARY.get((name, k, value))
        if folded is not None:
            return folded, (args[1 - k],)
    return name, tuple(args)


UNARY = {
    ("power", 1, 2.0): "square", ("power", 1, -1.0): "reciprocal", ("div", 0, 1.0): "reciprocal",
    ("power", 1, 0.5): "sqrt", ("power", 0, math.e): "exp", ("sub", 0, 0.0): "neg", ("mul", 0, -1.0): "neg",
    ("mul", 1, -1.0): "neg", ("div", 1, -1.0): "neg", ("log_base", 1, 2.0): "log2", ("log_base", 1, 10.0): "log10",
    ("log_base", 1, math.e): "log",
}  # fmt: skip
"""(row, which argument is a constant, its value) -> the row of one argument that is the same."""
