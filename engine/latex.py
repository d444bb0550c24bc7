"""The one printer: LaTeX from the rows' templates, brackets from their precedence.

What it prints is a closed subset, listed in docs/trace.md, so that the page can typeset it without a TeX engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

from engine.graph import Graph, Node
from engine.primitive import ATOM, NONE, Params, Primitive, Shape
from engine.values import FEW, Value

APPLICATION = 30
"""Precedence of a function written without brackets, as in \\ln x."""
FRACTION = 35
"""Precedence of a built-up fraction: its bar holds it together everywhere but under a power."""
RAISED = 46
"""Precedence past that of whatever has an exponent itself: one exponent is not put on another."""
LONGEST = 400
"""Characters of a subexpression past which it is printed as a statement of its own."""
GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
NAME = re.compile(r"(.*?)_?(\d*)")
SUBSCRIPT = re.compile(r"(?:_(\d)|_\{(\d+)\})?$")
PLACE = re.compile(r"\{(\d+)\}")
Text = tuple[str, int]
"""LaTeX and its precedence."""


def name(text: str) -> str:
    """A name as mathematics: x1 is x_1, alpha is the letter, a word stands upright."""
    match = NAME.fullmatch(text)
    stem, index = (match[1], match[2]) if match and match[1] else (text, "")
    if stem in GREEK:
        stem = f"\\{stem}"
    elif len(stem) > 1:
        stem = "\\mathrm{" + stem.replace("_", "\\_") + "}"
    if not index:
        return stem
    return f"{stem}_{index}" if len(index) == 1 else f"{stem}_{{{index}}}"


def accent(mark: str, called: str, to: str = "") -> str:
    r"""A name in LaTeX under a bar or a dot, its index outside; `to` names who is sending: \bar{x}_{2 \to v_3}."""
    found = SUBSCRIPT.search(called)
    assert found is not None
    stem, index = called[: found.start()], found[1] or found[2] or ""
    if to:
        index = f"{index} \\to {to}".strip()
    subscript = f"_{index}" if len(index) == 1 else f"_{{{index}}}" if index else ""
    return f"\\{mark}{{{stem}}}{subscript}"


def upright(text: str) -> str:
    """A call as it was written, such as zeros(2, 3)."""
    stem, bracket, rest = text.partition("(")
    return f"\\operatorname{{{stem}}}{bracket}{rest}"


def value(given: Value, digits: int | None = None) -> Text:
    """A number; an array with few elements by them, a longer vector by its ends, a larger array by its shape."""
    if isinstance(given, float | int):
        return number(given, digits)
    if given.size <= FEW:
        return listed(given.tolist(), digits), ATOM
    if given.ndim == 1:
        first, last = (number(float(end), digits)[0] for end in given[[0, -1]])
        return rf"[{first}, \ldots, {last}]", ATOM
    return f"[{shape(given.shape)}]", ATOM


def listed(part: Any, digits: int | None) -> str:
    """Nested lists in LaTeX."""
    if isinstance(part, list):
        return "[" + ", ".join([listed(item, digits) for item in part]) + "]"
    return number(part, digits)[0]


def shape(extents: Shape) -> str:
    """A shape in LaTeX: 3 × 2."""
    return " \\times ".join(map(str, extents))


@lru_cache(maxsize=8192)
def number(value: float, digits: int | None = None) -> Text:
    """A number: exact as typed, or with `digits` significant digits where it is not exact in so many.

    A value exact in `digits` digits is printed short (2, 0.5), a rounded one in full (0.6931, 2.000).
    """
    if not isfinite(value):
        return {"inf": ("\\infty", ATOM), "-inf": ("-\\infty", 25)}.get(str(value), ("\\mathrm{?}", ATOM))
    text = repr(value + 0.0)  # the sign of -0.0 is for machines
    if digits is not None and value:
        rounded = f"{value:.{digits - 1}e}"
        exact, power = float(rounded) == value, int(rounded.partition("e")[2])
        if not -digits <= power < (6 if exact else digits):
            text = f"{value:e}".replace(".000000", "") if exact else rounded
        elif not exact:
            text = f"{value:#.{digits}g}".rstrip(".")
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    if not exponent:
        return mantissa, 25 if value < 0 else ATOM
    ten = f"10^{{{int(exponent)}}}"
    return (ten, 40) if mantissa == "1" else (f"{mantissa} \\cdot {ten}", 20)


def pieces(op: Primitive, count: int, params: Params = NONE) -> tuple[str | int, ...]:
    """The row's template cut at its places: text, argnum, text, argnum, ..., text."""
    return cut_at_places(op.template(count, params), count)


@lru_cache(maxsize=1024)
def cut_at_places(template: str, count: int) -> tuple[str | int, ...]:
    """The same for a template of `count` arguments."""
    cut: list[str | int] = [""]
    for position, piece in enumerate(PLACE.split(template)):
        if position % 2 and int(piece) < count:
            cut += [int(piece), ""]
        else:
            cut[-1] = f"{cut[-1]}{piece if position % 2 == 0 else '{' + piece + '}'}"
    return tuple(cut)


def fill(op: Primitive, args: Sequence[Text], params: Params | None = None) -> Text:
    """The row's template with its arguments, in brackets where they bind less tightly than their place asks."""
    cut = pieces(op, len(args), params or NONE)
    filled = []
    for position, piece in enumerate(cut):
        if isinstance(piece, str):
            filled.append(piece)
            continue
        arg, precedence = args[piece]
        before, after = str(cut[position - 1]), str(cut[position + 1])
        enclosed = before.endswith(("{", "(", ", ", "| ", "[", "[ ", "\\lfloor ", "\\lceil "))
        needed = ATOM if op.precedence == APPLICATION else op.precedence + (piece > 0 or op.precedence > APPLICATION)
        if after.startswith("^"):
            needed = max(needed, RAISED)
        alone = enclosed and after.startswith(("}", ")", "]", ", ", " \\right", " \\rfloor", " \\rceil"))
        signed = piece > 0 and arg.startswith("-")
        filled.append(arg if alone or (precedence >= needed and not signed) else f"({arg})")
    return "".join(filled), bond(op, str(cut[0]))


def bond(op: Primitive, opening: str) -> int:
    """How tightly the filled template binds: a fraction's bar holds it together, and so do square brackets."""
    if opening.startswith("\\frac"):
        return FRACTION
    return ATOM if opening == "[" else op.precedence


def leaf(node: Node) -> Text:
    """An input's name, a constant's symbol or number."""
    if node.name is not None:
        return name(node.name), ATOM
    if node.params:
        symbol = node.params["symbol"]
        return ("1" if symbol == "seed" else name(symbol) if symbol.isalnum() else upright(symbol)), ATOM
    assert node.const is not None
    return value(node.const)


def names(graph: Graph) -> list[str]:
    """What each node is called, in LaTeX."""
    return [
        name(text) if node.const is None else leaf(node)[0] for node, text in zip(graph.nodes, graph.names, strict=True)
    ]


def reference(graph: Graph, node: int, called: Callable[[int], str]) -> Text:
    """A node as an argument: leaves of fixed value by that value, all else by name."""
    return leaf(graph.nodes[node]) if graph.nodes[node].const is not None else (called(node), ATOM)


def statement(graph: Graph, node: Node, called: Callable[[int], str]) -> str:
    """The right-hand side of a node's assignment, its arguments by the names that `called` gives."""
    if node.op is None:
        return leaf(node)[0]
    return fill(node.op, [reference(graph, i, called) for i in node.inputs], node.params)[0]


def expression(graph: Graph, output: int | None = None) -> str:
    r"""The whole graph as one formula.

    Names the user gave, and subexpressions that grow long, become statements of their own. The result
    comes first; the statements it needs follow, the last first, separated by `,\;`.
    """
    target = graph.outputs[0] if output is None else output
    live = graph.leads_to([target])
    labelled = {node: label for label, node in graph.labels.items() if node != target and label not in graph.inputs}
    texts: dict[int, Text] = {}
    statements: list[str] = []
    for node in graph.nodes:
        if not live[node.id]:
            continue
        if node.op is None:
            texts[node.id] = leaf(node)
            continue
        text = fill(node.op, [texts[i] for i in node.inputs], node.params)
        shared = len(graph.users[node.id]) > 1 and node.span is None
        if node.id != target and (node.id in labelled or shared or len(text[0]) > LONGEST):
            called = name(labelled.get(node.id, graph.names[node.id]))
            statements.append(f"{called} = {text[0]}")
            text = called, ATOM
        texts[node.id] = text
    return ",\\; ".join([texts[target][0], *reversed(statements)])
