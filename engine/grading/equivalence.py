"""Are two formulas the same everywhere on a domain? Decided at points of it, soundly, the same way on every machine.

Doubles decide where they can: the difference of the two values is beyond what rounding explains, or within the
tolerance however they were rounded. Elsewhere mpmath decides. A point where the answer has no finite value is drawn
anew close by: a hole does no harm, being undefined on a part of the domain does. A formula that is put together of
several is compared on each of its pieces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from math import prod
from typing import Any, NamedTuple

import numpy as np

from engine.errors import EngineError
from engine.grading import exact, probe
from engine.grading.draw import Draw
from engine.grading.exact import Compared, Outcome
from engine.grading.lots import Lot, rounding, some, together, values_at
from engine.grading.points import Interval, Points, checked, decimal, drawn, fingerprint, joined
from engine.grading.quick import Constants, quick
from engine.grading.records import Difference, Evidence, Shapes
from engine.grading.surfaces import switched
from engine.grading.walk import EPS
from engine.graph import Graph, spelled
from engine.values import Array, Value, plain

RTOL = 1e-9
COUNT = 16
"""Points at which formulas are compared; more for those that are put together of several."""
ROUNDS = 24
"""How often points are drawn until enough of them lie where the formula is defined."""
CLEAN = 1e-3
"""What part of the tolerance rounding may use up at a point, where points can be chosen freely."""
AROUND = 6
"""Points that take the place of one where the answer has no finite value."""
NEAR = 1e-3
"""How close they are to it, in proportion to its size."""
DOUBTS, EXACT_WORK = 16, 40_000
"""Points of a lot at which mpmath is asked; and the elements of all nodes, once a point, that it may take."""
SHOWN = 10
"""Digits of a value in the evidence: the last ones of a double differ between machines."""
FLOAT64 = 16


class Judgement(NamedTuple):
    """Whether a formula is the subject, and how that was found out; `values` are its values, where they are at hand."""

    equal: bool
    evidence: Evidence
    values: Array | None = None


class Verdict(NamedTuple):
    """What came out at a lot of points: the digits that decided, and with a difference where and which.

    `done`: there is nothing more to compare, as the answer has but one piece or differs.
    """

    digits: int
    at: int = 0
    difference: Compared | None = None
    done: bool = False
    values: Array | None = None


SURELY, NEARLY = Verdict(FLOAT64, done=True), Verdict(FLOAT64)


class Subject:
    """A formula whose value an answer must have everywhere on a domain; points and values are worked out once.

    `points` are places where it is finite (and so are the nodes `needs`), `values` its values there. Raises
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
        needs: Sequence[int] = (),
    ) -> None:
        self.graph, self.output, self.needs = graph, output, tuple(needs)
        self.shapes = {name: graph.nodes[node].shape for name, node in graph.inputs.items()}
        self.domain: dict[str, Interval] = checked(domain, list(self.shapes))
        self.seed, self.rtol = seed, rtol
        self.shape = graph.nodes[output].shape
        self.draw = seed ^ fingerprint(graph, output)
        self.lot = self.drawn(Draw(self.draw), COUNT)
        if not graph.tensors:
            self.lot = self.with_pieces(self.lot)
        self.inverse = self.tolerance(self.lot)
        self.constants = Constants(self.lot.size)
        self.agreed = self.evidence(self.lot.size)

    @property
    def points(self) -> Points:
        """For each input an array of shape (count, *shape)."""
        return self.lot.points

    @property
    def values(self) -> Array:
        """The subject's values at the points, (count, *shape)."""
        return self.lot.values

    # ---- the points ----

    def drawn(self, draw: Draw, count: int) -> Lot:
        """So many points where the subject is finite; if they may be anywhere, where rounding does it no harm.

        Raises EngineError `no_point`.
        """
        clean: list[Lot] = []
        spare: list[Lot] = []
        missing = count
        for _ in range(ROUNDS):
            lot = self.defined(drawn(draw, self.domain, self.shapes, count))
            free = lot.errors is not None and not self.domain
            good = lot.errors <= CLEAN * self.rtol * np.abs(lot.values) if free else np.ones(lot.size, dtype=bool)
            clean.append(some(lot, np.flatnonzero(good)[:missing].tolist()))
            spare.append(some(lot, np.flatnonzero(np.logical_not(good)).tolist()))
            missing -= clean[-1].size
            if not missing:
                return together(clean)
        rest = together(spare)
        found = together([*clean, some(rest, range(min(missing, rest.size)))])
        if found.size < count // 2:
            raise EngineError("no_point", None, "give_domain", names=", ".join(self.shapes) or "-")
        return found

    def defined(self, points: Points, count: int | None = None) -> Lot:
        """Those of the points at which the subject is finite."""
        count = len(next(iter(points.values()), range(COUNT))) if count is None else count
        values = values_at(self.graph, self.output, points, count)
        finite = np.isfinite(values).reshape(count, -1).all(axis=1)
        for node in self.needs:
            finite &= np.isfinite(values_at(self.graph, node, points, count)).reshape(count, -1).all(axis=1)
        lot = Lot(points, values, rounding(self.graph, self.output, points, count))
        return lot if finite.all() else some(lot, np.flatnonzero(finite).tolist())

    def with_pieces(self, lot: Lot) -> Lot:
        """The points, and a few more on either side of each place where the subject itself bends or breaks."""
        lots = [lot]
        draw = Draw(self.draw + 1)
        boxes = probe.boxes(draw, self.graph, self.output, lot.points, self.domain)
        for box in islice(boxes, 2, None, 3):
            near = self.defined(box)
            safe = np.flatnonzero(near.errors <= self.rtol / 8 * np.abs(near.values)).tolist()
            if safe:
                along = next(iter(near.points.values()))
                lots.append(some(near, sorted({min(safe, key=along.__getitem__), max(safe, key=along.__getitem__)})))
        return together(lots)

    @cached_property
    def dense(self) -> Lot:
        """Many more points, for answers that are put together of several formulas."""
        return self.drawn(Draw(self.draw + 2), probe.DENSE)

    def tolerance(self, lot: Lot) -> Array | None:
        """By what to multiply a difference, so that half of what is allowed is as much as `at_once` lets digits go.

        None where rounding alone may come near to the tolerance.
        """
        allowed = self.rtol * np.abs(lot.values)
        if lot.errors is None or self.shape or not (lot.errors <= allowed / 8).all() or not allowed.all():
            return None
        return np.asarray(self.rtol / (2 * EPS) / allowed)

    # ---- answers ----

    def values_of(self, graph: Graph, output: int | None = None) -> Array:
        """The values of another formula at the same points: an array of shape (count, *its shape).

        Raises EngineError `unexpected_input`.
        """
        self.check_names(graph)
        return values_at(graph, graph.outputs[0] if output is None else output, self.points, self.lot.size)

    def check_names(self, graph: Graph) -> None:
        """An answer may use the subject's inputs alone. Raises EngineError `unexpected_input`."""
        for name, node in graph.inputs.items():
            if name not in self.shapes:
                raise EngineError(
                    "unexpected_input", graph.nodes[node].span, name=name, expected=", ".join(self.shapes) or "-"
                )

    def judge(self, answer: Graph) -> Judgement:
        """Compare an answer. Raises EngineError `unexpected_input`."""
        target = answer.outputs[0]
        found = self.at_once(answer, target) if self.inverse is not None and not answer.nodes[target].shape else None
        if found is not None and found.done:
            return Judgement(True, self.agreed) if found.difference is None else self.differing(found, self.lot, 0)
        self.check_names(answer)
        shape = answer.nodes[target].shape
        if shape != self.shape:
            return Judgement(False, self.evidence(0, shapes=Shapes(spelled(self.shape), spelled(shape))))
        arrays = bool(answer.tensors)
        found = found or self.compare(answer, target, self.lot)
        if found.difference is not None:
            return self.differing(found, self.lot, 0)
        count, digits = self.lot.size, found.digits
        for lot in self.more(answer, target, arrays):
            found = self.compare(answer, target, lot, close=True)
            digits = max(digits, found.digits)
            if found.difference is not None:
                return self.differing(found._replace(digits=digits), lot, count)
            count += lot.size
        return Judgement(True, self.evidence(count, digits))

    def differing(self, found: Verdict, lot: Lot, before: int) -> Judgement:
        """The judgement on an answer that differs at a point of a lot, `before` points having been compared before."""
        assert found.difference is not None
        at = {name: plain(column[found.at]) for name, column in lot.points.items()}
        differs = Difference(at, shown(found.difference.expected), shown(found.difference.got))
        return Judgement(False, self.evidence(before + found.at + 1, found.digits, differs), found.values)

    def at_once(self, answer: Graph, target: int) -> Verdict | None:
        """The quick way: None if it does not decide."""
        most = self.rtol / (4 * EPS)
        try:
            with np.errstate(all="raise"):
                quickly = quick(answer, target, self.lot.points, self.constants)
                if quickly is None:
                    return None
                got, loss, close = quickly
                off = np.abs(got - self.lot.values) * self.inverse
                if np.maximum.reduce(np.maximum(off, loss)) <= most:
                    return NEARLY if close else SURELY
        except (FloatingPointError, KeyError):
            return None
        different = (off > 4 * most) & (loss <= most)
        at = int(different.argmax())
        if not different[at]:
            return None
        return Verdict(FLOAT64, at, Compared(Outcome.DIFFERENT, FLOAT64, self.lot.values[at], got[at]), True, got)

    def more(self, answer: Graph, target: int, arrays: bool) -> Any:
        """More points for an answer that bends or breaks, on each of its pieces."""
        if switched(answer):
            yield self.dense
        if not arrays:
            points = joined([self.points, self.dense.points]) if switched(answer) else self.points
            boxes = probe.boxes(Draw(self.draw + 3), answer, target, points, self.domain)
            for box in boxes:
                lot = self.defined(box)
                if lot.size:
                    yield lot

    def compare(self, answer: Graph, target: int, lot: Lot, close: bool = False) -> Verdict:
        """Compare at a lot of points, first in doubles, and at those that they leave open by mpmath.

        Of points that are `close` to others fewer are left to mpmath, and in a long formula none.
        """
        got = values_at(answer, target, lot.points, lot.size)
        with np.errstate(all="ignore"):
            equal, unequal = self.certain(answer, target, lot, got)
        first = int(np.argmax(unequal)) if unequal.any() else lot.size
        digits = FLOAT64
        for k in np.flatnonzero(np.logical_not(equal[:first])).tolist()[: self.doubts(answer, close)]:
            compared = self.exactly(answer, target, lot, k, got[k])
            digits = max(digits, compared.digits)
            if compared.outcome is not Outcome.EQUAL:
                return Verdict(digits, k, compared)
        if first < lot.size:
            return Verdict(digits, first, Compared(Outcome.DIFFERENT, digits, lot.values[first], got[first]))
        return Verdict(digits)

    def certain(self, answer: Graph, target: int, lot: Lot, got: Array) -> tuple[Any, Any]:
        """By point: is it certain in doubles that the values agree, that they do not?"""
        gap = np.abs(got - lot.values)
        allowed = self.rtol * np.abs(lot.values)
        if lot.errors is None or answer.tensors:
            same = (gap <= allowed).reshape(lot.size, -1).all(axis=1)
            told = np.arange(lot.size) > 0  # digits may have been lost: one point is always compared by mpmath
            return same & told, np.zeros(lot.size, dtype=bool)
        off = lot.errors + rounding(answer, target, lot.points, lot.size)
        return gap + off <= allowed, gap - off > allowed

    def doubts(self, answer: Graph, close: bool) -> int:
        """At how many points mpmath is asked about an answer: fewer for a large one."""
        elements = sum([prod(node.shape) for graph in (self.graph, answer) for node in graph.nodes])
        if close:
            return min(DOUBTS // 4, EXACT_WORK // (100 * elements))
        return max(1, min(DOUBTS, EXACT_WORK // elements))

    def exactly(self, answer: Graph, target: int, lot: Lot, k: int, got: Any) -> Compared:
        """Compare at a point by mpmath; where the answer has no value there, at points around it."""
        point = {name: plain(column[k]) for name, column in lot.points.items()}
        compared = self.at(answer, target, point)
        if compared.outcome is Outcome.UNDEFINED:
            for other in self.around(point, k):
                found = self.at(answer, target, other)
                if found.outcome is not Outcome.EQUAL:
                    return Compared(found.outcome, found.digits, lot.values[k], got)
            return Compared(Outcome.EQUAL, compared.digits)
        if compared.outcome is Outcome.UNKNOWN:
            with np.errstate(all="ignore"):
                size = np.abs(lot.values[k]).max() if self.shape else np.abs(lot.values[k])
                close = bool(np.all(np.abs(got - lot.values[k]) <= self.rtol * size))
            return Compared(Outcome.EQUAL if close else Outcome.DIFFERENT, FLOAT64, lot.values[k], got)
        return compared

    def at(self, answer: Graph, target: int, point: Mapping[str, Value]) -> Compared:
        """Compare at one point by mpmath."""
        return exact.compare(answer, target, self.graph, self.output, point, self.rtol)

    def around(self, point: Mapping[str, Value], k: int) -> list[dict[str, Value]]:
        """Points close to one, where the subject is finite."""
        draw = Draw(self.draw + 4 + k)

        def moved(x: float) -> float:
            width = NEAR * (abs(x) or 1.0)
            return decimal(draw, (x - width, x + width))

        found: list[dict[str, Value]] = []
        for _ in range(ROUNDS):
            near: dict[str, Value] = {
                name: np.reshape([moved(float(x)) for x in np.ravel(value)], np.shape(value)) if np.ndim(value)
                else moved(float(value)) for name, value in point.items()
            }  # fmt: skip
            if self.defined({name: np.asarray(value)[None] for name, value in near.items()}, 1).size:
                found.append(near)
            if len(found) == AROUND:
                break
        return found

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
