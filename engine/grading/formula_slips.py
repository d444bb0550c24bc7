"""What explains a wrong formula: simulated mistakes whose values are the answer's, at every point of comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from engine import writing
from engine.derive import gradient_graph, simplified
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading.equivalence import Subject
from engine.grading.records import Finding
from engine.grading.slips import Slipped, every
from engine.graph import Graph, Node
from engine.kernels import sloped
from engine.methods.chalk import entry
from engine.primitive import Elementwise
from engine.syntax import parse
from engine.values import Array

SAME = 1e-9
"""How close to a simulated mistake an answer must be, relative to its size."""
MOST, WORK = 300, 6_000
"""Simulated mistakes of a formula, about, and the nodes in all of them: a long formula has fewer."""
BRACKETED = 400
"""Characters of a formula whose brackets are left out one pair after the other."""
DIGITS = 8
LONGEST = 48
DENOMINATOR = 12


class Suspect(NamedTuple):
    """A mistake, its words, and the formula it leads to."""

    mistake: str
    words: Mapping[str, str | Message]
    graph: Graph


class Lineup(NamedTuple):
    """Suspects, their values in rows, and how close an answer must be to each."""

    suspects: list[Suspect]
    values: Array
    allowed: Array


class Suspects:
    """The mistakes that may be made in differentiating `graph` by `wrt`; of a value (`wrt` None) there are fewer."""

    def __init__(self, graph: Graph, wrt: str | None, source: Graph) -> None:
        self.graph = graph
        self.wrt = wrt
        self.source = source

    @cached_property
    def all(self) -> list[Suspect]:
        """Every simulated mistake, the simplest first."""
        return [*self.beside(), *self.slips(), *self.unbracketed()]

    def beside(self) -> Iterator[Suspect]:
        """Another derivative than the one asked for: none, by another input, once more."""
        if self.wrt is None or self.graph.nodes[self.graph.outputs[0]].shape:
            return
        whole = {"node": named(self.source.source), "input": self.wrt}
        yield Suspect("not_differentiated", whole, self.graph)
        for name in self.graph.inputs:
            if name != self.wrt:
                yield Suspect("wrong_variable", {**whole, "other": name}, gradient_graph(self.graph, [name]))
        right = simplified(gradient_graph(self.graph, [self.wrt]))
        if not right.nodes[right.outputs[0]].shape:
            yield Suspect("wrong_order", whole, gradient_graph(right, [self.wrt]))

    def slips(self) -> Iterator[Suspect]:
        """Misremembered rules."""
        if self.wrt is None or self.graph.tensors:
            return
        for found in every(self.graph, self.graph.inputs[self.wrt], min(MOST, WORK // len(self.graph.nodes))):
            yield Suspect(found.slip.name, self.words(found), found.graph)

    def unbracketed(self) -> Iterator[Suspect]:
        """The right formula, read without one pair of its brackets."""
        right = self.graph if self.wrt is None else simplified(gradient_graph(self.graph, [self.wrt]))
        text = writing.expression(right)
        if len(text) > BRACKETED:
            return
        for start, end in pairs(text):
            shorter = text[:start] + text[start + 1 : end] + text[end + 1 :]
            try:
                graph = parse(shorter)
            except EngineError:
                continue
            if set(graph.inputs) <= set(self.graph.inputs) and not graph.mixes:
                yield Suspect("missing_brackets", {"node": named(text[start : end + 1])}, graph)

    def words(self, found: Slipped) -> dict[str, str | Message]:
        """Where a slip was made, and the right rule."""
        op = found.at.op
        assert isinstance(op, Elementwise)
        rule = f"${entry(op, sloped(op))}$"
        return {"node": self.piece(found.at), "rule": rule, "input": self.wrt or ""}

    def piece(self, node: Node) -> str:
        """The text a node came from; of one that nobody typed, its formula."""
        if node.span is not None and self.graph.source:
            return named(self.graph.source[node.span.start : node.span.end])
        return named(writing.expression(self.graph, node.id))

    # ---- matching ----

    def explain(self, subject: Subject, answer: Graph, cell: str, got: Array | None = None) -> list[Finding]:
        """The simplest mistake that gives the answer's values (`got`, where they are known), if one does."""
        got = subject.values_of(answer) if got is None else got
        if got.shape != subject.values.shape:
            return self.misshapen(subject, got, cell)
        lineup = self.lineup(subject)
        if lineup.suspects:
            with np.errstate(all="ignore"):
                same: Any = (np.abs(lineup.values - got.ravel()) <= lineup.allowed).all(axis=1)
            first = int(same.argmax())
            if same[first]:
                return [Finding(lineup.suspects[first].mistake, cell, lineup.suspects[first].words)]
        return self.multiple(subject, got, cell)

    def lineup(self, subject: Subject) -> Lineup:
        """All suspects at once, so that an answer is held beside them in one step."""
        if subject not in self.lineups:
            found = self.values(subject)
            values = np.array([each.ravel() for _, each in found]).reshape(len(found), subject.values.size)
            with np.errstate(all="ignore"):
                allowed = tolerance(values, axis=1)
            self.lineups[subject] = Lineup([suspect for suspect, _ in found], values, allowed)
        return self.lineups[subject]

    @cached_property
    def lineups(self) -> dict[Subject, Lineup]:
        """What was worked out."""
        return {}

    def values(self, subject: Subject) -> list[tuple[Suspect, Array]]:
        """Each suspect with its values; those that are right after all, or like an earlier one, are left out."""
        if subject not in self.seen:
            kept: dict[bytes, tuple[Suspect, Array]] = {}
            for suspect in self.all:
                values = subject.values_of(suspect.graph)
                if values.shape != subject.values.shape or not np.isfinite(values).any():
                    continue
                if not close(values, subject.values):
                    kept.setdefault(rounded(values), (suspect, values))
            self.seen[subject] = [*kept.values()]
        return self.seen[subject]

    @cached_property
    def seen(self) -> dict[Subject, list[tuple[Suspect, Array]]]:
        """What was worked out."""
        return {}

    def multiple(self, subject: Subject, got: Array, cell: str) -> list[Finding]:
        """The right formula times a number: its sign, or a factor; or transposed."""
        whole = {"node": named(self.source.source), "input": self.wrt or "", "rule": ""}
        if got.ndim == 3 and got.shape[1] == got.shape[2] and close(got, np.swapaxes(subject.values, 1, 2)):
            return [Finding("transpose", cell, whole)]
        if np.ptp(subject.values) == 0:  # of a constant, every other constant is a multiple
            return []
        with np.errstate(all="ignore"):
            ratios = (got / subject.values).ravel()
        ratios = ratios[np.isfinite(ratios)]
        if not len(ratios) or not np.ptp(ratios) <= SAME * abs(ratios[0]) or not ratios[0]:
            return []
        factor = float(ratios[0])
        if abs(factor + 1) < SAME:
            return [Finding("sign", cell, whole)]
        simple = Fraction(factor).limit_denominator(DENOMINATOR)
        if abs(float(simple) - factor) > SAME * abs(factor):
            return []
        return [Finding("constant_factor", cell, {**whole, "factor": str(simple)})]

    def misshapen(self, subject: Subject, got: Array, cell: str) -> list[Finding]:
        """An answer of another shape: transposed, or not summed over the axes that broadcasting stretched."""
        words = {"node": cell, "input": self.wrt or "", "rule": ""}
        right = subject.values
        if got.ndim == right.ndim == 3 and close(got, np.swapaxes(right, 1, 2)):
            return [Finding("transpose", cell, words)]
        if got.ndim >= right.ndim and got.ndim > 1:
            lost = got.ndim - right.ndim
            axes = tuple(range(1, 1 + lost))
            summed = got.sum(axis=axes)
            narrow = [k for k in range(1, right.ndim) if right.shape[k] == 1 != summed.shape[k]]
            summed = summed.sum(axis=tuple(narrow), keepdims=True) if narrow else summed
            if summed.shape == right.shape and close(summed, right):
                return [Finding("not_summed_back", cell, words)]
        return []

    def submissions(self, subject: Subject) -> Iterator[tuple[str, str]]:
        """Every mistake that shows, with the answer it gives."""
        for suspect, values in self.values(subject):
            if np.isfinite(values).all():
                yield suspect.mistake, writing.expression(simplified(suspect.graph))


def close(got: Array, values: Array) -> bool:
    """Are these the same values at every point?"""
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(got - values) <= tolerance(values)))


def tolerance(values: Array, axis: int | None = None) -> Array:
    """How close to values is the same: relative to each, and where one is about 0, to the largest (along the axis)."""
    size = np.abs(values)
    return np.asarray(SAME * np.maximum(size, SAME * size.max(axis=axis, keepdims=True, initial=0.0)))


def rounded(values: Array) -> bytes:
    """Values to DIGITS digits, as a key."""
    with np.errstate(all="ignore"):
        power = np.floor(np.log10(np.abs(values)))
        return np.where(values == 0, 0.0, np.round(values / 10.0**power, DIGITS) * 10.0**power).tobytes()


def named(text: str) -> str:
    """A piece of a formula to be quoted."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"


def pairs(text: str) -> list[tuple[int, int]]:
    """The brackets of a formula that hold no arguments of a function: where each opens and closes."""
    found, opened = [], list[int]()
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")":
            start = opened.pop()
            if not text[:start].rstrip()[-1:].isalnum():
                found.append((start, place))
    return sorted(found)
