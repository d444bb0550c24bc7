"""Every way to a derivative on one function, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from engine import latex
from engine.errors import EngineError
from engine.explain.columns import Column
from engine.graph import Graph, check_scalar
from engine.methods import cost, curves, gradient_check, numerical
from engine.methods.function import Function
from engine.methods.modes import by_forward, by_reverse, number_at
from engine.methods.records import (
    Check,
    Comparison,
    Cost,
    Errors,
    Method,
    Reason,
    Refused,
    Say,
    Sizes,
    Speaker,
    Swell,
    Worked,
)
from engine.methods.reference import Reference, reference
from engine.methods.symbolic import Symbolic, swell, symbolic
from engine.methods.worked import Board
from engine.passes.evaluate import evaluate
from engine.trace import finish
from engine.values import Value

DEPTHS = range(1, 9)
"""How often a formula is put into itself to see its derivative swell."""
SYMBOLIC_CALLS = 100
"""Differentiating by laws takes about so many times as long as evaluating."""
Gradient = dict[str, Value]


class Bench:
    """One function at one point, and what the methods share."""

    def __init__(
        self,
        graph: Graph,
        point: Mapping[str, Value],
        names: Sequence[str],
        h: float | None,
        claim: Mapping[str, Value],
        seed: int,
        say: Say | None,
    ) -> None:
        self.function = Function(graph, point, names)
        self.h = h
        self.claim = claim
        self.seed = seed
        self.speaker = Speaker(graph, latex.names(graph), say)
        self.work = cost.work(graph, list(names))
        self.count = self.function.count
        self.refused: dict[str, Refused] = {}

    @cached_property
    def reference(self) -> Reference | None:
        """The reference, None where there is none; then `refused` says why."""
        try:
            return reference(self.function.graph, self.function.point, self.function.names)
        except Refused as refused:
            self.refused["reference"] = refused
            return None

    @cached_property
    def board(self) -> Board | None:
        """Where steps are written, for the first input; None where there are no inputs."""
        place = next(self.function.places, None)
        return None if place is None else Board(self.function, place, self.speaker)

    def reason(self, refused: Refused | None) -> Reason | None:
        """A reason in words."""
        return None if refused is None else self.speaker.reason(refused)

    def error(self, gradient: Gradient | None) -> float | None:
        """The largest relative error of a gradient."""
        if gradient is None or self.reference is None or not gradient:
            return None
        errors = [self.reference.error(name, found) for name, found in gradient.items()]
        return float("nan") if any(error != error for error in errors) else max(errors)


# ---- methods ---------------------------------------------------------------------------------------------------------


def by_values(bench: Bench, name: str) -> Method:
    """A method that evaluates the function near the point."""
    function, method = bench.function, numerical.NUMERICAL[name]
    found: Gradient | None = None
    try:
        found, doubt = numerical.gradient(function, method, bench.h)
    except Refused as refused:
        doubt = refused
    evaluations = method.evaluations(bench.count)
    board = bench.board
    h = None if board is None else numerical.step_at(method, function.number(board.place), bench.h)
    table = None
    if name == "richardson" and board is not None and h is not None and found is not None:
        table = method.estimate(numerical.along(function, board.place), h).table
    steps = board.numerical(name, bench.h) if board is not None and found is not None else []
    return Method(
        name, found, bench.error(found), h, evaluations, 0, evaluations * bench.work.function, bench.work.live, None,
        None, bench.reason(doubt), table, steps,
    )  # fmt: skip


def by_mode(bench: Bench, name: str) -> Method:
    """Forward or reverse mode."""
    run = {"forward": by_forward, "reverse": by_reverse}[name]
    passes = cost.passes(bench.count, 1)[name]
    found: Gradient | None = None
    doubt: Refused | None = None
    try:
        found = run(bench.function)
    except Refused as refused:
        doubt = refused
    steps = []
    if found is not None and bench.board is not None:
        place = bench.board.place
        steps = bench.board.mode(name, number_at(found[place.name], place.at), passes)
    memory = 2 * bench.work.live if name == "forward" else bench.work.values + bench.work.live
    operations = cost.operations(bench.work, bench.count, 1)[name]
    return Method(
        name, found, bench.error(found), None, 1, passes, operations, memory, None, None, bench.reason(doubt), None,
        steps,
    )  # fmt: skip


def by_symbols(bench: Bench, name: str) -> Method:
    """The laws of calculus, one at a time, on the formula."""
    function = bench.function
    try:
        found = taken(function)
    except Refused as refused:
        return Method(name, None, None, None, 0, 0, None, None, None, None, bench.reason(refused), None, [])
    gradient = {key: finish(evaluate(one.shared, function.point))[one.shared.outputs[0]] for key, one in found.items()}
    counts = [one.sizes for one in found.values()]
    raw, simplified, shared = (sum([count[k] for count in counts]) for k in (1, 2, 3))
    sizes = Sizes(max([count.function for count in counts], default=0), raw, simplified, shared)
    steps = [board_step(bench.speaker, step) for step in next(iter(found.values())).steps] if found else []
    memory = max([len(one.shared.nodes) for one in found.values()], default=0)
    return Method(
        name, gradient, bench.error(gradient), None, 0, 0, shared, memory, simplified, sizes, None, None,
        steps,
    )  # fmt: skip


def taken(function: Function) -> dict[str, Symbolic]:
    """The symbolic derivative by every input. Raises Refused."""
    function.allow(SYMBOLIC_CALLS * function.count)
    try:
        return {name: symbolic(function.graph, name) for name in function.names}
    except EngineError as error:
        raise Refused(error.code, key=f"error.{error.code}", **error.params) from None


def board_step(speaker: Speaker, step: Any) -> Worked:
    """A law as a step: what is replaced, and by what."""
    before, after = step.focus
    said = speaker.sentences(step.sentences)
    rule = [Column(before, "", "partial"), Column("=", "", "op"), Column(after, "", "partial")]
    title = speaker.sentence(f"compare.step.symbolic.{step.rule}")
    return Worked(title, said, rule, {}, step.after)


METHODS: dict[str, Callable[[Bench, str], Method]] = {
    **dict.fromkeys(numerical.NUMERICAL, by_values),
    "symbolic": by_symbols,
    "forward": by_mode,
    "reverse": by_mode,
}
"""The rows of the table."""


def methods(bench: Bench) -> list[Method]:
    """Every method."""
    return [run(bench, name) for name, run in METHODS.items()]


# ---- the other parts -------------------------------------------------------------------------------------------------


def errors(bench: Bench) -> Errors:
    """Error against h. Raises Refused without an input or a reference."""
    if bench.board is None:
        raise Refused("no_inputs")
    if bench.reference is None:
        raise bench.refused["reference"]
    refused = {}
    try:
        numerical.applies(bench.function, numerical.NUMERICAL["complex_step"])
    except Refused as reason:
        refused["complex_step"] = reason
    return curves.errors(bench.function, bench.reference, refused)


def check(bench: Bench) -> Check:
    """The Taylor remainders, for our gradient or the one that somebody claims."""
    function = bench.function
    if bench.board is None:
        raise Refused("no_inputs")
    gradient = {**by_reverse(function), **bench.claim}
    along = gradient_check.direction(function, bench.seed)
    found = gradient_check.taylor(function, gradient, along)
    shown = {name: along[name] for name in function.names}
    return Check(
        gradient_check.STEPS, found.first, found.second, found.order, found.verdict, shown, gradient,
        bench.reason(found.refused),
    )  # fmt: skip


def swelling(bench: Bench) -> Swell:
    """How the derivative of the formula put into itself grows."""
    if bench.board is None:
        raise Refused("no_inputs")
    try:
        found = swell(bench.function.graph, bench.function.names[0], DEPTHS)
    except EngineError as error:
        raise Refused(error.code, key=f"error.{error.code}", **error.params) from None
    return Swell(found.depth, found.function, found.raw, found.simplified, found.shared, found.reverse)


def costs(bench: Bench) -> Cost:
    """Counts, as functions of the number of inputs and outputs."""
    graph = bench.function.graph
    return cost.cost(bench.work, bench.count, int(np.prod(graph.nodes[graph.outputs[0]].shape, dtype=int)))


WANTS: dict[str, Callable[[Bench], Any]] = {
    "methods": methods,
    "errors": errors,
    "check": check,
    "swell": swelling,
    "cost": costs,
}
"""What can be asked for, each a field of the answer."""


def compare(
    graph: Graph,
    point: Mapping[str, Value],
    names: Sequence[str],
    want: Sequence[str],
    *,
    h: float | None = None,
    claim: Mapping[str, Value] | None = None,
    seed: int = 0,
    say: Say | None = None,
) -> Comparison:
    """The parts that are wanted; of those that cannot be had, the reason. Raises EngineError `output_not_scalar`."""
    if set(want) != {"cost"}:
        check_scalar(graph)
    bench = Bench(graph, point, names, h, claim or {}, seed, say)
    parts: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        exact = bench.reference if "cost" not in want or len(want) > 1 else None
        for part in want:
            try:
                parts[part] = WANTS[part](bench)
            except Refused as refused:
                bench.refused[part] = refused
    reasons = {part: bench.speaker.reason(refused) for part, refused in bench.refused.items()}
    return Comparison(exact.shown() if exact is not None else None, reasons, **parts)
