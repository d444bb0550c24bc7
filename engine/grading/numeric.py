"""Kind `numeric`: a value, a gradient, a Jacobian or a Hessian as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta

from engine.api import check_wrt, derivatives
from engine.errors import EngineError, Words
from engine.explain.columns import Message
from engine.grading.at_point import LOOKED_AT, at, exchanged, problem
from engine.grading.draw import Draw
from engine.grading.entries import Entry, Key, Own, TableTask, shown, texts
from engine.grading.exercise import Kind, MalformedError
from engine.grading.forward_table import VALUE, ForwardExercise, ForwardTable
from engine.grading.misreckoned import Slip, transposed
from engine.grading.names import loosened, plain, unknown
from engine.grading.reading import value
from engine.grading.records import CORRECT, MALFORMED, Finding, Submission
from engine.grading.reverse_table import ADJOINT, ReverseExercise, ReverseTable
from engine.grading.tables import Table
from engine.values import Value, is_array

ANSWER = "answer"
SIMULATED = 60
"""Nodes at which slips are simulated."""
STEPS = (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6)
"""Steps of the difference quotients that somebody may have taken for the derivative."""


class Numeric(TableTask, frozen=True, kw_only=True, tag="numeric"):
    """A value (`3.5`), a gradient (`{"x": 1, "y": 2}`), a Jacobian or a Hessian (`{"x": {"x": 1, "y": 0}, ...}`)."""

    want: Annotated[Literal["value", "gradient", "jacobian", "hessian"], Meta(description="What is asked for.")]
    wrt: Annotated[list[str] | None, Meta(description="The inputs to differentiate by; all unless given.")] = None


class NumericExercise(Table):
    """An entry for each input, for a Hessian one for each pair of inputs; none depends on another."""

    task: Numeric

    def __init__(self, task: Numeric) -> None:
        super().__init__(task)
        self.names = tuple(check_wrt(self.graph, task.wrt))
        if not self.names and task.want != "value":
            raise EngineError("no_operation", hint="formula_with_operation")
        self.entries = [Entry(cell(key), ("number", key), found) for key, found in self.at(self.point).items()]

    def at(self, point: Mapping[str, Any]) -> dict[tuple[str, ...], Value]:
        """What is asked for at a point, by the names of the inputs."""
        found = derivatives(self.task.source, point, [self.task.want], wrt=self.names, output=self.task.output)
        result: Any = getattr(found, self.task.want)
        if self.task.want == "value":
            return {(): result}
        if self.task.want == "hessian":
            return {(a, b): result[a][b] for a in self.names for b in self.names}
        return {(name,): result[name] for name in self.names}

    def statement(self) -> Message:
        """What is asked."""
        words = {"source": self.task.source, "point": at(self.point), "input": ", ".join(self.names)}
        return Message(f"task.numeric.{self.task.want}", words)

    # ---- reading and writing ----

    def read(self, answer: Any) -> Own:
        """Numbers by input. One number, nested lists in the order of the inputs, or by name."""
        want, names = self.task.want, self.names
        if want == "value" or (len(names) == 1 and not isinstance(answer, dict)):
            return {self.entries[0].key: value(answer, ANSWER)}
        if want == "hessian":
            rows = self.by_name(answer, names, "")
            return {
                ("number", (a, b)): value(item, cell((a, b)))
                for a, row in rows.items()
                for b, item in self.by_name(row, names, a).items()
            }
        return {("number", (name,)): value(item, name) for name, item in self.by_name(answer, names, "").items()}

    def by_name(self, given: Any, names: tuple[str, ...], where: str) -> dict[str, Any]:
        """Entries by input, from a mapping or from a list in the order of the inputs. Raises MalformedError."""
        if isinstance(given, str) and given.strip().startswith("["):
            read = value(given, where or None)
            given = read.tolist() if is_array(read) else given
        if isinstance(given, list | tuple) and len(given) == len(names):
            return dict(zip(names, given, strict=True))
        if not isinstance(given, dict):
            raise MalformedError(EngineError("bad_answer", expected=Words("word.by_input")), where or None)
        known = {loosened(name): name for name in names} | {name: name for name in names}
        found = {}
        for name, item in given.items():
            key = plain(name)
            key = known.get(key) or known.get(loosened(key)) or ""
            if not key:
                raise unknown(name, list(names), name)
            found[key] = item
        return found

    def written(self, own: Own) -> Any:
        """The number alone, or by name."""
        if self.task.want == "value":
            return shown(own[self.entries[0].key])
        if self.task.want != "hessian":
            return {key[0]: shown(item) for (_, key), item in own.items()}
        rows: dict[str, dict[str, Any]] = {}
        for (_, (a, b)), item in own.items():
            rows.setdefault(a, {})[b] = shown(item)
        return rows

    def follow(self, entry: Entry, own: Own) -> list[Value]:
        """Each stands by itself: nothing follows."""
        return [entry.expected]

    def node(self, entry: Entry) -> int:
        """The input by which is differentiated, else the output."""
        key = entry.key[1]
        return self.graph.inputs[key[0]] if key else self.graph.outputs[0]

    # ---- slips ----

    def slips(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """What can be wrong in one entry alone: its sign, a transposition, a difference quotient in its place."""
        i, right = self.node(entry), entry.expected
        yield Slip("sign", -right, i)
        turned = transposed(right)
        if turned is not None:
            yield Slip("transpose", turned, i)
        yield from self.quotients(entry)

    def quotients(self, entry: Entry) -> Iterator[Slip]:
        """Difference quotients with usual steps, where input and output are numbers."""
        key = entry.key[1]
        if len(key) == 1 and not is_array(entry.expected) and not is_array(self.point[key[0]]):
            here = self.value_at(self.point)
            for h in STEPS:
                there = self.value_at({**self.point, key[0]: self.point[key[0]] + h})
                yield Slip("difference_quotient", (there - here) / h, self.node(entry))

    def value_at(self, point: Mapping[str, Value]) -> Value:
        """The value of the output."""
        found = derivatives(self.task.source, point, ["value"], output=self.task.output).value
        assert found is not None
        return found

    def diagnose(self, odd: Mapping[Key, Entry], own: Own, given: Own) -> list[Finding]:
        """The slip that explains all that was answered, or else what is wrong in single entries."""
        same = self.tolerance.same
        for slip, table in self.predicted:
            if all(same(got, table[key]) for key, got in given.items()):
                return [self.finding(slip, next(iter(odd.values())))]
        return super().diagnose(odd, own, given)

    @cached_property
    def predicted(self) -> list[tuple[Slip, Own]]:
        """The whole answers to which known mistakes lead, each once, the simplest mistake first."""
        seen: list[Own] = [self.expected]
        found = []
        with np.errstate(all="ignore"):
            for slip, table in self.simulated():
                if not any(all(self.tolerance.same(table[key], other[key]) for key in table) for other in seen):
                    seen.append(table)
                    found.append((slip, table))
        return found

    def simulated(self) -> Iterator[tuple[Slip, Own]]:
        """Slips, each with the whole answer that it gives."""
        right, out = self.expected, self.graph.outputs[0]
        yield Slip("sign", 0.0, out), {key: -item for key, item in right.items()}
        for entry in self.entries[:LOOKED_AT]:
            for slip in self.slips(entry, right):
                yield slip, {**right, entry.key: slip.value}
        turned = {key: transposed(item) if (item := right[key]) is not None else item for key in right}
        if any(item is not None for item in turned.values()):
            whole = {key: right[key] if item is None else item for key, item in turned.items()}
            yield Slip("transpose", 0.0, out), whole
        yield from self.carried_through()
        for point in exchanged(self.point):
            yield Slip("wrong_point", 0.0, out), {("number", key): item for key, item in self.at(point).items()}

    def carried_through(self) -> Iterator[tuple[Slip, Own]]:
        """A slip at one node in a forward table for a value, in a reverse table for a gradient."""
        task, out = self.task, self.graph.outputs[0]
        if self.graph.nodes[out].op is None or self.graph.nodes[out].shape or not self.names:
            return
        shared: dict[str, Any] = {"source": task.source, "inputs": task.inputs, "output": task.output}
        shared |= {"rtol": task.rtol, "atol": task.atol}
        if task.want == "value":
            slopes = derivatives(task.source, task.inputs, ["gradient"], output=task.output).gradient or {}
            for name, slope in slopes.items():
                yield Slip("derivative_for_value", 0.0, self.graph.inputs[name]), {("number", ()): slope}
            forward = ForwardExercise(ForwardTable(**shared))
            for entry in [e for e in forward.entries if e.key[0] == VALUE][-SIMULATED:]:
                for slip in forward.differing(entry, forward.expected):
                    yield slip, {("number", ()): forward.carried(entry, slip.value)[VALUE, out]}
        elif task.want != "hessian":
            reverse = ReverseExercise(ReverseTable(**shared, wrt=list(self.names)))
            for entry in reverse.entries[:SIMULATED]:
                for slip in reverse.differing(entry, reverse.expected):
                    own = reverse.carried(entry, slip.value)
                    yield slip, {("number", (name,)): own[ADJOINT, self.graph.inputs[name]] for name in self.names}
            here = self.value_at(self.point)
            yield Slip("not_differentiated", 0.0, out), dict.fromkeys(self.expected, here)

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model, every predicted answer, gaps, and what is malformed."""
        right, model = self.expected, self.model()
        yield Submission(model, CORRECT, 1.0)
        yield Submission(self.written({key: texts(item) for key, item in right.items()}), CORRECT, 1.0)
        for slip, table in self.predicted:
            odd = {e.key: e for e in self.entries if not self.tolerance.same(table[e.key], e.expected)}
            if len(odd) < 2 or not self.exchanged(odd, table):
                earned = {key: self.share(table[key], entry) for key, entry in odd.items()}
                yield Submission(self.written(table), *self.scored(earned), slip.mistake)
        yield from self.with_two_exchanged()
        if self.task.want != "value":
            yield from self.gaps()
        else:
            for strange in (True, None, "two", {"nothing_here": 1.0}):
                yield Submission(strange, MALFORMED, 0.0)

    def gaps(self) -> Iterator[Submission]:
        """An answer that lacks an entry, and some that cannot be read."""
        right, model, first = self.expected, self.model(), self.entries[0]
        rest = {key: item for key, item in right.items() if key != first.key}
        if rest:
            yield Submission(self.written(rest), *self.scored({first.key: 0.0}))
        yield Submission({**model, "nothing_here": 1.0}, MALFORMED, 0.0)
        yield Submission(self.written({**right, first.key: True}), MALFORMED, 0.0)
        yield Submission(True, MALFORMED, 0.0)


def cell(key: tuple[str, ...]) -> str:
    """The cell of an entry: `x`, `x,y`, or `answer`."""
    return ",".join(key) or ANSWER


def variant(draw: Draw) -> Numeric:
    """What is asked about a drawn formula at a drawn point; sometimes the Jacobian of a drawn product."""
    if draw.below(4) == 0:
        rows = [[draw.integer(-4, 4) / 2 for _ in range(2)] for _ in range(2)]
        point = [draw.integer(1, 8) / 4 for _ in range(2)]
        return Numeric(
            source=draw.choice(("W @ x", "sin(W @ x)", "x*x + W @ x")),
            inputs={"W": rows, "x": point},
            want="jacobian",
            wrt=["x"],
        )
    source, inputs = problem(draw)
    return Numeric(source=source, inputs=inputs, want=draw.choice(("value", "gradient", "gradient", "hessian")))


KIND = Kind(Numeric, NumericExercise, variant)
