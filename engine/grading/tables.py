"""What the kinds with a table share: cells in the order of a pass, marks for what follows from a slip, its name.

A kind gives its `entries`, how one of them follows from others, and the slips that can be made in it. Marking,
diagnosis and the self-test are written once, here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from engine.api import formed, parsed, select, shapes_of, values
from engine.explain.columns import Message
from engine.grading.entries import Entry, Key, Own, TableTask, shown, texts
from engine.grading.exercise import Exercise
from engine.grading.misreckoned import Slip
from engine.grading.records import (
    CORRECT,
    FOLLOW_THROUGH,
    INCORRECT,
    MALFORMED,
    MISSING,
    PARTIAL,
    Cell,
    Finding,
    Marking,
    Share,
    Submission,
)
from engine.grading.tolerance import Tolerance
from engine.graph import Graph
from engine.values import Value, is_array

BACK = ("adjoint", "sent")
"""Entries of the pass back."""
SHOWN = 64
"""Elements up to which an array has a cell for each of them."""


class Table(Exercise):
    """A table whose entries are marked one after the other. Raises EngineError for a task that makes no sense."""

    task: TableTask
    entries: Sequence[Entry]

    def __init__(self, task: TableTask) -> None:
        self.task = task
        self.tolerance = Tolerance(task.rtol, task.atol)
        found = parsed(task.source)
        self.point = values(found, task.inputs)
        self.graph: Graph = select(formed(task.source, shapes_of(self.point)), task.output)
        self.live = self.graph.leads_to(self.graph.outputs)

    # ---- what a kind says ----

    @abstractmethod
    def read(self, answer: Any) -> Own:
        """An answer by key. Raises MalformedError."""

    @abstractmethod
    def follow(self, entry: Entry, own: Own) -> list[Value]:
        """What an entry is, given all entries before it: more than one where it can be computed in two ways."""

    @abstractmethod
    def slips(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """The wrong numbers that known mistakes give an entry; the simpler mistake goes first."""

    @abstractmethod
    def written(self, own: Own) -> Any:
        """A table as an answer."""

    def elsewhere(self) -> Sequence[tuple[Slip, Table]]:
        """The same table at another point or with another seed, as somebody may have taken it."""
        return ()

    # ---- marking ----

    def model(self) -> Any:
        """Every number as it should be."""
        return self.written({entry.key: entry.expected for entry in self.entries})

    def scheme(self) -> list[Share]:
        """A mark for each entry; the elements of an array share it."""
        about = f"scheme.{self.task.kind}.{{}}"
        return [
            Share(cell.cell, cell.weight, Message(about.format(entry.key[0]), {**self.about(entry), "cell": cell.cell}))
            for entry in self.entries
            for cell in self.cells(entry, None, [])
        ]

    def about(self, entry: Entry) -> dict[str, str]:
        """An entry in words."""
        return {"node": entry.cell.partition(".")[0]}

    def mark(self, answer: Any) -> Marking:
        """The cells of every entry, and the slips that explain the wrong ones."""
        given = self.read(answer)
        cells: list[Cell] = []
        for entry in self.entries:
            cell, key, expected = entry
            got = given.get(key)
            if not self.right(key, got, expected):
                return self.mark_wrong(given)
            if type(got) is float and type(expected) is float:
                cells.append(Cell(cell, CORRECT, 1.0, 1.0, got, expected))
            else:
                cells += self.cells(entry, got, [expected])
        return Marking(cells)

    @cached_property
    def bounds(self) -> dict[Key, tuple[float, float]]:
        """Between which numbers an entry is right, where that is a finite number."""
        found = {}
        for _, key, expected in self.entries:
            if type(expected) is float and isfinite(expected):
                slack = self.tolerance.atol + self.tolerance.rtol * abs(expected)
                found[key] = expected - slack, expected + slack
        return found

    def right(self, key: Key, got: Value | None, expected: Value) -> bool:
        """Is what was given for an entry right?"""
        bounds = self.bounds.get(key)
        if bounds is not None and type(got) is float:
            return bounds[0] <= got <= bounds[1]
        return got is not None and self.tolerance.same(got, expected)

    def mark_wrong(self, given: Own) -> Marking:
        """The same where something is wrong or missing."""
        own, allowed, odd = self.followed(given)
        findings: list[Finding] = []
        if len(odd) > 1 and (found := self.exchanged(odd, given)):
            findings.append(found)
        elif len(odd) > 1:
            for slip, other in self.distinct:
                explained = other.followed(given)
                if not any(key in explained[2] for key in odd):
                    findings.append(self.finding(slip, next(iter(odd.values()))))
                    for key in list(odd)[1:]:
                        extra = [*explained[1].get(key, ()), other.expected[key]]
                        allowed[key] = [*allowed.get(key, ()), *extra]
                    break
        if odd and not findings:
            findings = self.diagnose(odd, own, given)
        cells = [
            c for e in self.entries for c in self.cells(e, given.get(e.key), [e.expected, *allowed.get(e.key, ())])
        ]
        return Marking(cells, findings)

    @np.errstate(all="ignore")
    def followed(self, given: Own) -> tuple[Own, dict[Key, list[Value]], dict[Key, Entry]]:
        """The student's table completed; what each entry may be besides what is expected; the wrong entries."""
        own: Own = {}
        allowed: dict[Key, list[Value]] = {}
        odd: dict[Key, Entry] = {}
        slipped = False
        for entry in self.entries:
            _, key, expected = entry
            got = given.get(key)
            if self.right(key, got, expected):
                own[key] = got
                continue
            follows = self.follow(entry, own) if slipped else []
            if follows:
                allowed[key] = follows
            if got is None:
                own[key] = follows[0] if follows else expected
                continue
            own[key] = got if np.shape(got) == np.shape(expected) else expected
            slipped = True
            if not any(self.tolerance.same(got, value) for value in follows):
                odd[key] = entry
        return own, allowed, odd

    def cells(self, entry: Entry, got: Value | None, allowed: Sequence[Value]) -> list[Cell]:
        """The cells of an entry: one for a number, for an array one for each element unless there are many."""
        expected = entry.expected
        if not is_array(expected):
            if got is None:
                return [Cell(entry.cell, MISSING, 0.0, expected=expected)]
            return [Cell(entry.cell, *self.verdict(got, allowed), 1.0, shown(got), expected)]
        size = expected.size
        if got is None or np.shape(got) != expected.shape:
            verdicts = [(MISSING if got is None else INCORRECT, 0.0)] * size
        else:
            fits = [self.tolerance.each(got, value) for value in allowed]
            verdicts = [
                (CORRECT, 1.0) if fit[0] else (FOLLOW_THROUGH, 1.0) if any(fit) else (INCORRECT, 0.0)
                for fit in zip(*fits, strict=True)
            ]
        if size > SHOWN or (got is not None and np.shape(got) != expected.shape):
            earned = sum([share for _, share in verdicts]) / size
            kinds = {kind for kind, _ in verdicts}
            kind = kinds.pop() if len(kinds) == 1 else INCORRECT if INCORRECT in kinds else FOLLOW_THROUGH
            return [Cell(entry.cell, kind, earned, 1.0, shown(got), shown(expected))]
        places = np.ndindex(expected.shape)
        flat = [None] * size if got is None else np.ravel(got).tolist()
        return [
            Cell(f"{entry.cell}[{','.join(map(str, place))}]", kind, share, 1.0 / size, part, right)
            for place, (kind, share), part, right in zip(places, verdicts, flat, expected.ravel().tolist(), strict=True)
        ]

    def verdict(self, got: Any, allowed: Sequence[Any]) -> tuple[str, float]:
        """The verdict on a number: the first of `allowed` is what is expected."""
        if not is_array(got):
            for n, value in enumerate(allowed):
                if not is_array(value) and self.tolerance.close(got, value):
                    return (FOLLOW_THROUGH if n else CORRECT), 1.0
        return INCORRECT, 0.0

    # ---- diagnosis ----

    @cached_property
    def expected(self) -> Own:
        """The right table."""
        return {entry.key: entry.expected for entry in self.entries}

    @cached_property
    def distinct(self) -> list[tuple[Slip, Table]]:
        """Tables elsewhere that differ from this one."""
        found = []
        with np.errstate(all="ignore"):
            others = self.elsewhere()
        for slip, other in others:
            if any(not self.tolerance.same(other.expected[e.key], e.expected) for e in self.entries):
                found.append((slip, other))
        return found

    def diagnose(self, odd: Mapping[Key, Entry], own: Own, given: Own) -> list[Finding]:
        """A finding for each mistake, at the first cell it explains."""
        findings: dict[str, Finding] = {}
        for key, entry in odd.items():
            before = self.before(entry, own)
            found = self.explained(entry, before, given[key])
            if found is None and len(odd) == 1:
                found = next(
                    (s for s, other in self.distinct if self.tolerance.same(given[key], other.expected[key])), None
                )
            if found is not None:
                findings.setdefault(found.mistake, self.finding(found, entry))
        return list(findings.values())

    def before(self, entry: Entry, own: Own) -> Own:
        """The table without the entry itself."""
        return {key: value for key, value in own.items() if key != entry.key}

    def explained(self, entry: Entry, own: Own, got: Value) -> Slip | None:
        """The slip that gives an entry this number."""
        with np.errstate(all="ignore"):
            found = next((slip for slip in self.slips(entry, own) if self.tolerance.same(got, slip.value)), None)
            if found is None and any(self.tolerance.rounded(got, right) for right in self.follow(entry, own)):
                found = Slip("rounded", got, self.node(entry))
        return found

    def node(self, entry: Entry) -> int:
        """The node that an entry is about."""
        place = entry.key[1]
        return int(place[0] if isinstance(place, tuple) else place)

    def exchanged(self, odd: Mapping[Key, Entry], given: Own) -> Finding | None:
        """Two entries that stand in each other's place."""
        entries = list(odd.values())
        for n, first in enumerate(entries):
            for second in entries[n + 1 :]:
                if self.tolerance.same(given[first.key], second.expected) and self.tolerance.same(
                    given[second.key], first.expected
                ):
                    words = {"node": first.cell, "input": second.cell, "rule": ""}
                    return Finding("swapped", first.cell, words) if len(entries) == 2 else None
        return None

    def finding(self, slip: Slip, entry: Entry) -> Finding:
        """A slip as a finding, with the rule of what it was made in."""
        names = self.graph.names
        source = names[slip.source] if slip.source is not None else entry.cell
        rule = Message(f"reckoning.{entry.key[0]}", {"node": names[slip.node], "input": source})
        words: dict[str, str | Message] = {"node": names[slip.node], "input": source, "rule": rule}
        return Finding(slip.mistake, entry.cell, words, ".adjoint" if entry.key[0] in BACK else "")

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model, every slip at every place carried through, tables from elsewhere, gaps, and what is malformed."""
        right, model = self.expected, self.model()
        yield Submission(model, CORRECT, 1.0)
        yield Submission(self.written({key: texts(value) for key, value in right.items()}), CORRECT, 1.0)
        for entry in self.entries:
            for slip in self.differing(entry, right):
                own = self.carried(entry, slip.value)
                yield Submission(
                    self.written(own), *self.scored({entry.key: self.share(slip.value, entry)}), slip.mistake
                )
        yield from self.from_elsewhere()
        yield from self.with_two_exchanged()
        yield from self.gaps()

    def gaps(self) -> Iterator[Submission]:
        """A table that lacks an entry, and some that cannot be read."""
        right, model, first = self.expected, self.model(), self.entries[0]
        rest = {key: value for key, value in right.items() if key != first.key}
        yield Submission(self.written(rest), *self.scored({first.key: 0.0}))
        yield Submission({**model, "nothing_here": 1.0}, MALFORMED, 0.0)
        yield Submission(self.written({**right, first.key: True}), MALFORMED, 0.0)
        yield Submission(self.written({**right, first.key: "two"}), MALFORMED, 0.0)
        yield Submission([True], MALFORMED, 0.0)

    def differing(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """The slips that change an entry, each number once, by the name under which it is found."""
        seen: list[Value] = [entry.expected]
        before = self.before(entry, own)
        with np.errstate(all="ignore"):
            slips = list(self.slips(entry, before))
        for slip in slips:
            if not any(self.tolerance.same(slip.value, value) for value in seen):
                seen.append(slip.value)
                yield slip

    @np.errstate(all="ignore")
    def carried(self, entry: Entry, wrong: Value) -> Own:
        """The table in which one entry is wrong and all that is computed from it follows."""
        own: Own = {}
        done = False
        for e in self.entries:
            own[e.key] = e.expected
            if done and np.shape(wrong) == np.shape(entry.expected):
                own[e.key] = self.follow(e, own)[0]
            if e is entry:
                own[e.key], done = wrong, True
        return own

    def share(self, value: Value, entry: Entry) -> float:
        """How much of an entry a wrong value earns: the elements that are right."""
        if not is_array(entry.expected) or np.shape(value) != np.shape(entry.expected):
            return 0.0
        fit = self.tolerance.each(value, entry.expected)
        return sum(fit) / len(fit)

    def scored(self, earned: Mapping[Key, float]) -> tuple[str, float]:
        """Verdict and score when these entries earn that, and all others everything."""
        count = len(self.entries)
        score = (count - len(earned) + sum(earned.values())) / count
        return (PARTIAL if score else INCORRECT), score

    def from_elsewhere(self) -> Iterator[Submission]:
        """The whole table at another point or with another seed: one slip, one entry lost."""
        for n, (slip, other) in enumerate(self.distinct):
            own, _, odd = self.followed(other.expected)
            twin = any(
                all(self.tolerance.same(o.expected[k], other.expected[k]) for k in own) for _, o in self.distinct[:n]
            )
            if len(odd) > 1 and not twin and not self.exchanged(odd, other.expected):
                first = next(iter(odd.values()))
                share = self.share(other.expected[first.key], first)
                yield Submission(self.written(other.expected), *self.scored({first.key: share}), slip.mistake)

    def with_two_exchanged(self) -> Iterator[Submission]:
        """The last two numbers that differ, in each other's place, where neither then follows from the rest."""
        right = self.expected
        for n, second in reversed(list(enumerate(self.entries))):
            for first in self.entries[:n]:
                pair = right[first.key], right[second.key]
                if is_array(pair[0]) or is_array(pair[1]) or self.tolerance.same(*pair):
                    continue
                given = {**right, first.key: pair[1], second.key: pair[0]}
                if list(self.followed(given)[2]) == [first.key, second.key]:
                    yield Submission(self.written(given), *self.scored({first.key: 0.0, second.key: 0.0}), "swapped")
                    return
