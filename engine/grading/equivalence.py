"""Are two formulas the same everywhere on a domain? Decided at points of it, soundly, the same way on every machine.

Doubles decide where they can: the difference of the two values is beyond what rounding explains, or within the
tolerance however they were rounded. Elsewhere mpmath decides. A point where the answer has no finite value is drawn
anew close by: a hole does no harm, being undefined on a part of the domain does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.errors import EngineError
from engine.grading import exact
from engine.grading.draw import Draw
from engine.grading.exact import Compared, Outcome
from engine.grading.points import Interval, Points, checked, chosen, decimal, drawn, fingerprint, joined
from engine.grading.records import Difference, Evidence, Shapes
from engine.grading.walk import EPS, Walk, tensors
from engine.graph import Graph, spelled
from engine.values import Array, Value, plain

RTOL = 1e-9
COUNT = 16
"""Points at which formulas are compared."""
ROUNDS = 24
"""How often points are drawn until enough of them lie where the formula is defined."""
AROUND = 6
"""Points that take the place of one where the answer has no finite value."""
NEAR = 1e-3
"""How close they are to it, in proportion to its size."""
SHOWN = 10
"""Digits of a value in the evidence: the last ones of a double differ between machines."""
FLOAT64 = 16


class Judgement(NamedTuple):
    """Whether a formula is the subject, and how that was found out."""

    equal: bool
    evidence: Evidence


class Subject:
    """A formula whose value an answer must have everywhere on a domain; points and values are worked out once.

    `points` are COUNT points where it is finite (and so are the nodes `needs`), `values` its values there. Raises
    EngineError `bad_domain`, `unexpected_input` for an unknown name in it, `no_point` where too few points are found.
    """

    def __init__(
        self,
        graph: Graph,
        output: int,
        domain: Mapping[str, tuple[float, float]],
        *,
        seed: int = 0,
        rtol: float = RTOL,
        needs: tuple[int, ...] = (),
    ) -> None:
        self.graph, self.output, self.needs = graph, output, needs
        self.shapes = {name: graph.nodes[node].shape for name, node in graph.inputs.items()}
        self.domain: dict[str, Interval] = checked(domain, list(self.shapes))
        self.seed, self.rtol = seed, rtol
        self.shape = graph.nodes[output].shape
        self.arrays = bool(graph.tensors)
        self.draw = seed ^ fingerprint(graph, output)
        self.points, self.values = self.found(Draw(self.draw), COUNT)
        self.errors = self.rounding(graph, output, self.points)

    def found(self, draw: Draw, count: int) -> tuple[Points, Array]:
        """Points where the subject is finite, and its values. Raises EngineError `no_point`."""
        parts: list[Points] = []
        values: list[Array] = []
        missing = count
        for _ in range(ROUNDS):
            points = drawn(draw, self.domain, self.shapes, count)
            which, there = self.defined(points, count)
            which = which[:missing]
            if which:
                parts.append(chosen(points, which))
                values.append(there[which])
                missing -= len(which)
            if not missing:
                break
        if missing > count // 2:
            raise EngineError("no_point", None, "give_domain", names=", ".join(self.shapes) or "-")
        return joined(parts), np.concatenate(values)

    def defined(self, points: Points, count: int) -> tuple[list[int], Array]:
        """Which of the points the subject is finite at, and its values at all of them."""
        values = self.values_at(self.graph, self.output, points, count)
        finite = np.isfinite(values).reshape(count, -1).all(axis=1)
        for node in self.needs:
            finite &= np.isfinite(self.values_at(self.graph, node, points, count)).reshape(count, -1).all(axis=1)
        return np.flatnonzero(finite).tolist(), values

    def values_of(self, graph: Graph, output: int | None = None) -> Array:
        """The values of another formula at the same points: an array of shape (count, *its shape).

        Raises EngineError `unexpected_input`.
        """
        self.check_names(graph)
        target = graph.outputs[0] if output is None else output
        return self.values_at(graph, target, self.points, len(self.values))

    def values_at(self, graph: Graph, output: int, points: Points, count: int) -> Array:
        """Values at any points."""
        if graph.tensors:
            return tensors(graph, output, points, count)
        with np.errstate(all="ignore"):
            walk = Walk(graph, output)
            return np.array(np.broadcast_to(walk.values(points)[output], (count,)), dtype=float)

    def rounding(self, graph: Graph, output: int, points: Points) -> Any:
        """What rounding may add up to at each point; not known for arrays."""
        if graph.tensors:
            return None
        with np.errstate(all="ignore"):
            walk = Walk(graph, output)
            return EPS * walk.bound(walk.values(points))

    def check_names(self, graph: Graph) -> None:
        """An answer may use the subject's inputs alone. Raises EngineError `unexpected_input`."""
        for name, node in graph.inputs.items():
            if name not in self.shapes:
                raise EngineError(
                    "unexpected_input", graph.nodes[node].span, name=name, expected=", ".join(self.shapes) or "-"
                )

    def judge(self, answer: Graph) -> Judgement:
        """Compare an answer. Raises EngineError `unexpected_input`."""
        self.check_names(answer)
        target = answer.outputs[0]
        shape = answer.nodes[target].shape
        if shape != self.shape:
            return Judgement(False, self.evidence(0, shapes=Shapes(spelled(self.shape), spelled(shape))))
        got = self.values_at(answer, target, self.points, len(self.values))
        with np.errstate(all="ignore"):
            equal, unequal = self.sorted(answer, target, got)
        first = int(np.argmax(unequal)) if unequal.any() else len(got)
        digits = FLOAT64
        for k in np.flatnonzero(np.logical_not(equal[:first])).tolist():
            compared = self.exactly(answer, target, k, got[k])
            digits = max(digits, compared.digits)
            if compared.outcome is not Outcome.EQUAL:
                return self.different(k, compared, digits)
        if first < len(got):
            return self.different(first, Compared(Outcome.DIFFERENT, digits, self.values[first], got[first]), digits)
        return Judgement(True, self.evidence(len(got), digits))

    def sorted(self, answer: Graph, target: int, got: Array) -> tuple[Any, Any]:
        """By point: is it certain in doubles that the values agree, that they do not?"""
        count = len(got)
        gap = np.abs(got - self.values)
        allowed = self.rtol * np.abs(self.values)
        if self.errors is None or answer.tensors:
            flat = (count, -1)
            return (gap <= allowed).reshape(flat).all(axis=1), np.zeros(count, dtype=bool)
        off = self.errors + self.rounding(answer, target, self.points)
        return gap + off <= allowed, gap - off > allowed

    def exactly(self, answer: Graph, target: int, k: int, got: Any) -> Compared:
        """Compare at a point by mpmath; where the answer has no value there, at points around it."""
        point = {name: plain(column[k]) for name, column in self.points.items()}
        compared = self.at(answer, target, point)
        if compared.outcome is Outcome.UNDEFINED:
            for other in self.around(point, k):
                found = self.at(answer, target, other)
                if found.outcome is not Outcome.EQUAL:
                    return Compared(found.outcome, found.digits, self.values[k], got)
            return Compared(Outcome.EQUAL, compared.digits)
        if compared.outcome is Outcome.UNKNOWN:
            with np.errstate(all="ignore"):
                size = np.abs(self.values[k]).max() if self.shape else np.abs(self.values[k])
                close = bool(np.all(np.abs(got - self.values[k]) <= self.rtol * size))
            return Compared(Outcome.EQUAL if close else Outcome.DIFFERENT, FLOAT64, self.values[k], got)
        return compared

    def at(self, answer: Graph, target: int, point: Mapping[str, Value]) -> Compared:
        """Compare at one point by mpmath."""
        return exact.compare(answer, target, self.graph, self.output, point, self.rtol)

    def around(self, point: Mapping[str, Value], k: int) -> list[dict[str, Value]]:
        """Points close to one, where the subject is finite."""
        draw = Draw(self.draw + k)

        def moved(x: float) -> float:
            width = NEAR * (abs(x) or 1.0)
            return decimal(draw, (x - width, x + width))

        found: list[dict[str, Value]] = []
        for _ in range(ROUNDS):
            near: dict[str, Value] = {
                name: np.reshape([moved(float(x)) for x in np.ravel(value)], np.shape(value)) if np.ndim(value)
                else moved(float(value)) for name, value in point.items()
            }  # fmt: skip
            columns = {name: np.asarray(value)[None] for name, value in near.items()}
            if self.defined(columns, 1)[0]:
                found.append(near)
            if len(found) == AROUND:
                break
        return found

    def different(self, k: int, compared: Compared, digits: int) -> Judgement:
        """The judgement on an answer that differs at a point."""
        at = {name: plain(column[k]) for name, column in self.points.items()}
        difference = Difference(at, shown(compared.expected), shown(compared.got))
        return Judgement(False, self.evidence(k + 1, digits, difference))

    def evidence(
        self, points: int, digits: int = FLOAT64, differs: Difference | None = None, shapes: Shapes | None = None
    ) -> Evidence:
        """How the comparison was made."""
        return Evidence(points, self.seed, self.rtol, digits, differs, shapes)


def shown(value: Any) -> Any:
    """A value to as many digits as are the same on every machine."""
    if value is None:
        return None
    if np.ndim(value):
        return np.array([shown(x) for x in np.ravel(value)]).reshape(np.shape(value))
    return float(f"{float(value):.{SHOWN}g}")
