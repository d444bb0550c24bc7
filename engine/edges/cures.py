"""The usual cures: small patterns in our own language, each with what to write instead."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from engine.edges.records import Cure, Say
from engine.edges.run import Run
from engine.edges.traps import guarded
from engine.explain.columns import Message
from engine.explain.symbols import written
from engine.graph import Graph
from engine.latex import Text, reference
from engine.patterns import Binding, parsed, unified
from engine.values import some

LONGEST = 200
"""Characters up to which an expression is written again."""
REACH = 200
"""Nodes among which the root of a pattern is looked for, going up from the trouble."""
LOSS = ("cancelled", "imprecise")
LARGE = ("overflow", "pole", "undefined", "back.overflow", "back.pole", "back.undefined")
SMALL = ("underflow", "back.underflow")
BACK = ("back.pole", "back.undefined", "back.overflow")
TRAP = "where(c, f(x), y)"
LETTER = re.compile(r"\b[ab]\b")
ATOMIC = re.compile(r"[\w.]+|\w+\([^()]*\)")


class Row(NamedTuple):
    """A row of the table.

    `spellings` are ways to write what breaks, `instead` what to write in its place (None where that is said in words:
    `cure.<key>` of the catalogue). It applies to the kinds of trouble in `kinds`, those of the reverse pass beginning
    with `back.`, and only where the letters in `zero` are 0.
    """

    key: str
    spellings: tuple[str, ...]
    instead: str | None
    kinds: tuple[str, ...]
    zero: str = ""


# fmt: off
ROWS = (
    # ---- digits lost ----
    Row("log1p", ("log(1 + a)", "log(a + 1)"), "log1p(a)", LOSS),
    Row("expm1", ("exp(a) - 1", "-1 + exp(a)"), "expm1(a)", LOSS),
    Row("cosine", ("1 - cos(a)",), "2 * sin(a / 2)**2", LOSS),
    Row("erfc", ("1 - erf(a)",), "erfc(a)", LOSS),
    Row("conjugate", ("sqrt(a) - sqrt(b)",), "(a - b) / (sqrt(a) + sqrt(b))", LOSS),
    Row("squares", ("a**2 - b**2", "a*a - b*b"), "(a - b) * (a + b)", LOSS),
    Row("sinh", ("exp(a) - exp(-a)",), "2 * sinh(a)", LOSS),
    Row("variance", ("mean(a**2) - mean(a)**2", "mean(a*a) - mean(a)**2", "mean(a*a) - mean(a)*mean(a)"),
        "var(a)", LOSS),
    Row("absorbed", ("a + b - a", "b + a - a"), "b", LOSS),
    # ---- exponentials and logarithms of them ----
    Row("log_softmax", ("log(softmax(a))",), "log_softmax(a)", (*LARGE, *SMALL)),
    Row("log_sigmoid", ("log(sigmoid(a))", "log(1 / (1 + exp(-a)))", "log(1 / (exp(-a) + 1))"),
        "-softplus(-a)", (*LARGE, *SMALL)),
    Row("log_one_minus_sigmoid", ("log(1 - sigmoid(a))",), "-softplus(a)", (*LARGE, *SMALL, *LOSS)),
    Row("logsumexp", ("log(sum(exp(a)))",), "logsumexp(a)", (*LARGE, *SMALL)),
    Row("softplus", ("log(1 + exp(a))", "log(exp(a) + 1)", "log1p(exp(a))"), "softplus(a)", (*LARGE, *SMALL, *LOSS)),
    Row("logaddexp", ("log(exp(a) + exp(b))",), "b + softplus(a - b)", (*LARGE, *SMALL)),
    Row("softmax", ("exp(a) / sum(exp(a))",), "softmax(a)", (*LARGE, *SMALL)),
    Row("sigmoid", ("1 / (1 + exp(-a))", "1 / (exp(-a) + 1)", "exp(a) / (1 + exp(a))", "exp(a) / (exp(a) + 1)"),
        "sigmoid(a)", (*LARGE, *SMALL)),
    Row("two_class_softmax", ("exp(a) / (exp(a) + exp(b))", "exp(a) / (exp(b) + exp(a))"),
        "sigmoid(a - b)", (*LARGE, *SMALL)),
    Row("tanh", ("(exp(a) - exp(-a)) / (exp(a) + exp(-a))",), "tanh(a)", LARGE),
    Row("logdet", ("log(det(a))", "log(abs(det(a)))"), "logdet(a)", (*LARGE, *SMALL)),
    Row("log_of_product", ("log(prod(a))",), "sum(log(a))", (*LARGE, *SMALL)),
    # ---- at 0 ----
    Row("xlogy", ("a * log(a)", "log(a) * a"), "xlogy(a, a)", LARGE, zero="a"),
    Row("xlogy", ("a * log(b)", "log(b) * a"), "xlogy(a, b)", LARGE, zero="a"),
    Row("sinc", ("sin(a) / a",), "sin(where(a == 0, 1, a)) / where(a == 0, 1, a)", LARGE, zero="a"),
    Row("norm", ("sqrt(sum(a**2))", "sqrt(sum(a*a))", "sqrt(sum(square(a)))"), "norm(a)", (*LARGE, *SMALL)),
    Row("hypot", ("sqrt(a**2 + b**2)", "sqrt(a*a + b*b)"), "hypot(a, b)", ("overflow", *SMALL)),
    Row("hypot_at_zero", ("hypot(a, b)", "sqrt(a**2 + b**2)", "sqrt(a*a + b*b)"), "sqrt(a**2 + b**2 + 1e-12)", BACK),
    Row("cube_root", ("a**(1/3)",), "cbrt(a)", LARGE),
    Row("sqrt_at_zero", ("sqrt(a)",), "sqrt(a + 1e-12)", BACK, zero="a"),
    Row("power_at_zero", ("a**b",), None, BACK, zero="a"),
    Row("arc_at_one", ("asin(a)", "acos(a)"), None, BACK),
    Row("log_of_zero", ("log(a)",), "log(a + 1e-12)", ("pole", *BACK), zero="a"),
    Row("zero_over_zero", ("a / b",), None, ("undefined",), zero="ab"),
    Row("division_by_zero", ("a / b",), "a / (b + 1e-12)", ("pole", *BACK), zero="b"),
    # ---- outside the domain, or the range of the numbers ----
    Row("root_of_negative", ("sqrt(a)",), "sqrt(maximum(a, 0))", ("undefined",)),
    Row("log_of_negative", ("log(a)",), "log(maximum(a, 1e-12))", ("undefined",)),
    Row("power_of_negative", ("a**b",), None, ("undefined",)),
    Row("exp_overflow", ("exp(a)",), None, ("overflow",)),
    Row("exp_underflow", ("exp(a)",), None, ("underflow",)),
    Row("product_underflow", ("prod(a)", "a * b"), None, SMALL),
)
# fmt: on


class Found(NamedTuple):
    """A row that applies, the spelling, the node where it was found, and what its letters stand for."""

    row: Row
    pattern: Graph
    spelling: str
    root: int
    bound: Binding


def cure_of(run: Run, node: int, kind: str, mask: int | None, say: Say | None) -> Cure:
    """The first cure of the table for a trouble at a node; a general one where no row applies.

    Where the choice `mask` leaves the node out, it is the cure of the where-trap.
    """
    if mask is not None:
        said = say(Message("cure.where_trap")) if say else None
        guard = guarded(run, node, mask)
        if guard is None:
            return Cure("where_trap", None, None, None, None, said)
        return Cure("where_trap", TRAP, guard.latex, guard.instead, guard.source, said, node)
    found = next((one for row in ROWS if kind in row.kinds for one in matches(run, node, row)), None)
    if found is None:
        return Cure(f"default.{kind}", None, None, None, None, say(Message(f"cure.default.{kind}")) if say else None)
    row, words = (
        found.row,
        {letter: reference(run.graph, at, run.names.__getitem__) for letter, at in found.bound.items()},
    )
    instead = None if row.instead is None else in_words(parsed(row.instead), words)
    said = say(Message(f"cure.{row.key}", {"instead": instead or ""})) if say else None
    return Cure(row.key, found.spelling, in_words(found.pattern, words), instead, typed(run, found), said, found.root)


def matches(run: Run, node: int, row: Row) -> Iterator[Found]:
    """Where a row's formula occurs with the node in it: at the node, or at one that reads it."""
    for root in above(run.graph, node):
        for spelling in row.spellings:
            pattern, bound = parsed(spelling), Binding()
            if not unified(pattern, pattern.outputs[0], run.graph, root, bound, statics=False):
                continue
            if node not in inside(run.graph, root, bound) or any(not vanishes(run, bound[one]) for one in row.zero):
                continue
            yield Found(row, pattern, spelling, root, bound)


def above(graph: Graph, node: int) -> list[int]:
    """The node and what reads it, the nearest first."""
    seen, waiting = [node], deque([node])
    while waiting and len(seen) < REACH:
        for user in graph.users[waiting.popleft()]:
            if user not in seen:
                seen.append(user)
                waiting.append(user)
    return seen


def inside(graph: Graph, root: int, bound: Binding) -> set[int]:
    """The nodes between the root of a pattern and what its letters stand for."""
    ends, found, waiting = set(bound.values()), set[int](), [root]
    while waiting:
        node = waiting.pop()
        if node not in found and node not in ends:
            found.add(node)
            waiting += graph.nodes[node].inputs
    return found


def vanishes(run: Run, node: int) -> bool:
    """Is there a 0 in the value of a node?"""
    return some(np.equal(run.values[node], 0))


def in_words(graph: Graph, words: Mapping[str, Text]) -> str:
    """A formula of the table in LaTeX, its letters by the names of what they stand for."""
    return written(graph.nodes, words)[graph.outputs[0]][0]


def typed(run: Run, found: Found) -> str | None:
    """What to write instead, as text to type; None where a letter stands for something that nobody typed."""
    texts: dict[str, str] = {}
    for letter, node in found.bound.items():
        span = run.graph.nodes[node].span
        if span is None:
            return None
        text = run.graph.source[span.start : span.end]
        texts[letter] = text if ATOMIC.fullmatch(text) else f"({text})"
    if found.row.instead is None or sum(map(len, texts.values())) > LONGEST:
        return None
    return LETTER.sub(lambda letter: texts[letter[0]], found.row.instead)
