"""Kind `predict`: the number that the next step of a trace writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, field

from engine import events as ev
from engine.api import traced
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading.at_point import at, problem
from engine.grading.draw import Draw
from engine.grading.entries import Entry, Inputs, Own, Source, TableTask, shown
from engine.grading.exercise import Kind
from engine.grading.misreckoned import Slip, wrong_maps, wrong_values
from engine.grading.reading import value
from engine.grading.records import MALFORMED, Submission
from engine.grading.tables import Table
from engine.maps import Map, linearised
from engine.values import Value, is_array

ANSWER = "answer"
READ = "value"


class Predict(TableTask, frozen=True, kw_only=True, tag="predict"):
    """The number (or array) that one step of a pass writes, before it is shown; steps are counted from 0."""

    source: Source
    inputs: Inputs
    pass_name: Annotated[str, Meta(description="The pass: `evaluate`, `forward`, `reverse`, ...")] = field(
        name="pass", default="reverse"
    )
    step: Annotated[int, Meta(ge=0, description="The number of the event in the trace, from 0.")]
    wrt: Annotated[list[str] | None, Meta(description="The inputs of interest; all unless given.")] = None
    seed: Annotated[Any, Meta(description="The seed of the pass.")] = None
    options: Annotated[dict[str, Any], Meta(description="The options of the pass.")] = field(default_factory=dict)


class PredictExercise(Table):
    """One entry: what the event writes. A forward step writes a tangent, a reverse step a contribution."""

    task: Predict

    def __init__(self, task: Predict) -> None:
        super().__init__(task)
        document, self.steps = traced(
            task.source, task.inputs, task.pass_name, wrt=task.wrt, seed=task.seed, output=task.output,
            options=task.options,
        )  # fmt: skip
        self.events = document.events
        right = written(self.events[task.step]) if task.step < len(self.events) else None
        if right is None:
            raise EngineError("no_number", step=task.step, found=len(self.events))
        self.graph = self.steps
        self.event = self.events[task.step]
        self.entries = [Entry(ANSWER, ("step", about(self.event)), right)]
        self.computed = values_at(self.events[: task.step + 1], len(self.steps.nodes))
        for node in self.steps.nodes:
            if node.const is not None:
                self.computed[node.id] = node.const

    def statement(self) -> Message:
        """What is asked, by the kind of step."""
        event, names = self.event, self.steps.names
        words: dict[str, str | Message] = {
            "source": self.task.source, "point": at(self.point), "pass": Message(f"pass.{self.task.pass_name}"),
            "step": str(self.task.step), "node": names[about(event)],
            "input": names[event.source] if isinstance(event, ev.Contribute) else "",
        }  # fmt: skip
        kind = "tangent" if isinstance(event, ev.Compute) and event.tangent is not None else tag(event)
        return Message(f"task.predict.{kind}", words)

    def about(self, entry: Entry) -> dict[str, str]:
        """The node of the step."""
        return {"node": self.steps.names[about(self.event)]}

    def read(self, answer: Any) -> Own:
        """The number itself, or `{"answer": number}`."""
        if isinstance(answer, dict) and list(answer) == [ANSWER]:
            answer = answer[ANSWER]
        return {self.entries[0].key: value(answer, ANSWER)}

    def written(self, own: Own) -> Any:
        """The number."""
        return shown(own[self.entries[0].key])

    def follow(self, entry: Entry, own: Own) -> list[Value]:
        """Nothing comes before."""
        return [entry.expected]

    # ---- slips ----

    def slips(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """The slips of this kind of step; then the numbers of the steps before and after."""
        event, node = self.event, about(self.event)
        if isinstance(event, ev.Contribute):
            yield from self.of_contribution(event)
        elif isinstance(event, ev.Compute):
            yield from self.of_operation(event)
        elif isinstance(event, ev.Seed):
            for wrong in (1.0, self.computed[node], 0.0):
                if isinstance(event.adjoint, float) and isinstance(wrong, float):
                    yield Slip("wrong_seed", wrong, node)
        for step in (self.task.step + 1, self.task.step - 1):
            found = written(self.events[step]) if 0 <= step < len(self.events) else None
            if found is not None:
                yield Slip("neighbouring_step", found, about(self.events[step]))

    def of_contribution(self, event: ev.Contribute) -> Iterator[Slip]:
        """The total in place of the contribution, a factor forgotten, a wrong local partial."""
        i, k, source = event.node, event.argnum, event.source
        yield Slip("total_for_part", event.adjoint, source, i)
        adjoint = self.adjoint_of(i)
        node = self.steps.nodes[i]
        right = self.local(i)[k]
        if right is None:
            return
        if not is_array(adjoint) and not is_array(event.cotangent):
            yield Slip("no_partial", adjoint, i, source)
            yield Slip("no_adjoint", 1.0 * right, i, source)
        for mistake, wrong in wrong_maps(node, k, self.computed, right):
            sent = adjoint * wrong
            if sent is not None:
                yield Slip(mistake, sent, i, source)

    def of_operation(self, event: ev.Compute) -> Iterator[Slip]:
        """A wrong value; or for a tangent its value, one term alone, or a term with a wrong partial."""
        node = self.steps.nodes[event.node]
        if event.tangent is None:
            yield from wrong_values(self.steps, node, self.computed)
            return
        yield Slip("value_for_tangent", event.value, event.node)
        terms = {k: term for k, term in enumerate(event.terms or ()) if term is not None}
        for k in terms:
            source = node.inputs[k]
            rest = [other for n, other in terms.items() if n != k]
            if rest:
                yield Slip("dropped_branch", total(rest), event.node, source)
            tangent = self.tangent_of(source)
            right = self.local(event.node)[k]
            if right is None or tangent is None:
                continue
            if not is_array(tangent) and not is_array(event.tangent):
                yield Slip("forgot_inner", total([*rest, right * 1.0]), event.node, source)
                yield Slip("no_partial", total([*rest, tangent]), event.node, source)
            for mistake, wrong in wrong_maps(node, k, self.computed, right):
                found = wrong * tangent
                if found is not None:
                    yield Slip(mistake, total([*rest, found]), event.node, source)

    def local(self, i: int) -> tuple[Map | None, ...]:
        """The local maps of a node, by all its arguments."""
        node = self.steps.nodes[i]
        return linearised(node, self.computed, [1] * len(self.steps.nodes))[1]

    def adjoint_of(self, i: int) -> Value:
        """What a node has gathered before the step."""
        found: Value = 0.0
        for event in self.events[: self.task.step]:
            if isinstance(event, ev.Seed | ev.Contribute) and getattr(event, "source", event.node) == i:
                found = event.adjoint
        return found

    def tangent_of(self, i: int) -> Value | None:
        """The tangent of a node, computed before the step."""
        for event in self.events[: self.task.step]:
            if isinstance(event, ev.Input | ev.Compute) and event.node == i:
                return event.tangent
        return None

    def with_two_exchanged(self) -> Iterator[Any]:
        """There is but one number."""
        return iter(())

    def gaps(self) -> Iterator[Submission]:
        """What is no number."""
        for odd in (True, "two", None, {"nothing_here": 1.0}):
            yield Submission(odd, MALFORMED, 0.0)


def written(event: ev.Event) -> Value | None:
    """The number that an event writes: the tangent, the contribution, the last new node's value; None for none."""
    match event:
        case ev.Input(value=found):
            return found
        case ev.Compute(value=found, tangent=tangent):
            return found if tangent is None else tangent
        case ev.Seed(adjoint=found) | ev.Contribute(cotangent=found):
            return found
        case ev.JacobianColumn(tangents=parts) | ev.JacobianRow(cotangents=parts):
            return parts[0] if len(parts) == 1 else np.concatenate([np.ravel(part) for part in parts])
        case ev.SeedNode(values=made) | ev.Visit(values=made) | ev.Build(values=made) | ev.Append(values=made):
            return made[-1] if made else None
        case ev.Rewrite(values=made):
            return made[-1] if made else None
    return None


def about(event: ev.Event) -> int:
    """The node of an event."""
    return int(getattr(event, "node", 0))


def tag(event: ev.Event) -> str:
    """The kind of an event."""
    return str(event.__struct_config__.tag)


def total(parts: list[Any]) -> Any:
    """Their sum."""
    found = parts[0]
    for part in parts[1:]:
        found = found + part
    return found


def values_at(events: list[ev.Event], count: int) -> list[Any]:
    """The values of all nodes as far as they are computed, NaN for the rest."""
    found: list[Any] = [float("nan")] * count
    for event in events:
        if isinstance(event, ev.Input | ev.Compute):
            found[event.node] = event.value
    return found


def variant(draw: Draw) -> Predict:
    """A step of a pass over a drawn formula that writes a number."""
    source, inputs = problem(draw)
    pass_name = draw.choice(("evaluate", "forward", "reverse", "reverse"))
    found = traced(source, inputs, pass_name)[0].events
    steps = [n for n, event in enumerate(found) if not isinstance(event, ev.Input) and written(event) is not None]
    return Predict(source=source, inputs=inputs, pass_name=pass_name, step=draw.choice(steps))


KIND = Kind(Predict, PredictExercise, variant)
