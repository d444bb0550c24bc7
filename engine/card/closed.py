"""Closed forms: which classic a node is, by unification, and its formula beside what reverse mode finds."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

import numpy as np

from engine import latex
from engine.array_tape import ArrayTape
from engine.card.around import Around
from engine.card.classics import CLASSICS, Classic
from engine.card.records import ClosedForm, ClosedRow
from engine.errors import EngineError
from engine.explain.symbols import written
from engine.graph import Graph, Node
from engine.latex import Text
from engine.patterns import Binding, parsed, unified
from engine.primitive import Shape
from engine.shapes import shaped
from engine.values import Value, plain


class Match(NamedTuple):
    """A classic, the way it is written here, and what its letters stand for."""

    classic: Classic
    pattern: Graph
    bound: Binding


def closed_forms(around: Around, node: Node) -> list[ClosedForm]:
    """The largest classic that a node is, with its formulas; none if it is no classic."""
    found = [match for classic in CLASSICS for match in matches(around.graph, node.id, classic)]
    for match in sorted(found, key=operations, reverse=True):
        form = compared(around, match)
        if form is not None:
            return [form]
    return []


# ---- matching ----


def operations(match: Match) -> int:
    """How much of the graph a match explains."""
    return sum(node.op is not None for node in match.pattern.nodes)


def matches(graph: Graph, node: int, classic: Classic) -> list[Match]:
    """The ways to read a node as a classic."""
    found = []
    for source in classic.spellings:
        pattern, bound = parsed(source), Binding()
        if unified(pattern, pattern.outputs[0], graph, node, bound) and fits(graph, classic, bound):
            found.append(Match(classic, pattern, bound))
    return found


def fits(graph: Graph, classic: Classic, bound: Binding) -> bool:
    """Have the nodes the ranks that the textbook means, and do different letters stand for different nodes?"""
    ranks = " ".join(f"{letter}{len(graph.nodes[bound[letter]].shape)}" for letter in letters(classic))
    return ranks == classic.ranks and len(set(bound.values())) == len(bound)


def letters(classic: Classic) -> list[str]:
    """The letters of a classic, in the order of its ranks."""
    return [part[0] for part in classic.ranks.split()]


# ---- both ways ----


def compared(around: Around, match: Match) -> ClosedForm | None:
    """The formulas, evaluated, beside reverse mode; None where the shapes are not those that the textbook means."""
    graph, classic, bound = around.graph, match.classic, match.bound
    point = {letter: around.values[node] for letter, node in bound.items()}
    words = {letter: latex.reference(graph, node, around.names.__getitem__) for letter, node in bound.items()}
    open_letters = [letter for letter in classic.gradients if graph.nodes[bound[letter]].const is None]
    try:
        formulas = {letter: formula(classic, letter, point) for letter in open_letters}
        pattern = in_shape(match.pattern, point)
        textbook = in_shape(parsed(classic.spellings[0]), point)
    except EngineError:
        return None
    if any(form.nodes[form.outputs[0]].shape != np.shape(point[letter]) for letter, form in formulas.items()):
        return None
    tape = ArrayTape(pattern, pattern.outputs, [pattern.inputs[letter] for letter in open_letters])
    gradients = tape.run(point)[1]
    rows = [
        row(words, letter, formulas[letter], point, found)
        for letter, found in zip(open_letters, gradients, strict=True)
    ]
    return ClosedForm(in_words(textbook, words), classic.reference, rows) if rows else None


def formula(classic: Classic, letter: str, point: Mapping[str, Value]) -> Graph:
    """The graph of a closed form for values of these shapes. Raises EngineError where it does not fit them."""
    first: Shape = np.shape(point[letters(classic)[0]])
    extents = {"n": first[-1], "m": prod(first[:-1])}
    return in_shape(parsed(classic.gradients[letter].format(**extents)), point)


def in_shape(graph: Graph, point: Mapping[str, Value]) -> Graph:
    """The graph for values of these shapes. Raises EngineError where it does not fit them."""
    return shaped(graph, {letter: np.shape(value) for letter, value in point.items()})


def row(words: Mapping[str, Text], letter: str, form: Graph, point: Mapping[str, Value], found: Value) -> ClosedRow:
    """The formula by one letter, evaluated, and how far reverse mode is from it."""
    tape = ArrayTape(form, form.outputs, ())
    value = plain(tape.evaluate(point)[form.outputs[0]])
    with np.errstate(all="ignore"):
        difference = float(np.max(np.abs(np.subtract(value, found)), initial=0.0))
    return ClosedRow(words[letter][0], in_words(form, words), value, found, difference)


def in_words(graph: Graph, words: Mapping[str, Text]) -> str:
    """A graph as one formula, its inputs by the names of what they stand for."""
    return written(graph.nodes, words)[graph.outputs[0]][0]
