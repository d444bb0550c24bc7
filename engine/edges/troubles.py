"""Where did the NaN come from? Every place where a number breaks, in order, and how far the damage reaches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from engine.edges.conditioning import EPS, Known
from engine.edges.cures import cure_of
from engine.edges.records import Say, Trouble, TroubleKind
from engine.edges.run import Faults, Run, tiny
from engine.edges.traps import CONDITIONS
from engine.events import Contribute
from engine.explain.columns import Message
from engine.passes.breaks import Break, Edge, partial_of
from engine.values import finite

T = TypeVar("T")
SEVERE = ("undefined", "pole", "overflow")
LISTED = 8
"""Troubles of each phase up to which they are listed, and twice the nodes at either end of a long path."""
LOST = 1.0 / EPS
"""A relative error, in eps, that leaves no digit."""
HALF = LOST**0.5
"""One that leaves half of them."""


def troubles(run: Run, known: Sequence[Known], faults: Faults, say: Say | None) -> list[Trouble]:
    """The places where numbers break by themselves: forward in the order of the list, then backward."""
    values = [(node.id, kind) for node in run.graph.nodes if (kind := value_trouble(run, known, node.id)) is not None]
    edges = in_order(faults)
    forward = [value_report(run, known, node, kind, say) for node, kind in foremost(values, lambda pair: pair[1])]
    return forward + [
        edge_report(run, event, fault, say) for event, fault in foremost(edges, lambda pair: pair[1].kind)
    ]


def foremost(found: Sequence[T], kind: Callable[[T], str]) -> list[T]:
    """The first few, the serious ones before the others, in the order in which they came."""
    ranked = sorted(range(len(found)), key=lambda k: (kind(found[k]) not in SEVERE, k))
    return [found[k] for k in sorted(ranked[:LISTED])]


def first_of(run: Run, found: Sequence[Trouble]) -> int | None:
    """The trouble that came first: of those that lead to the first serious one, else of all."""
    serious = next((one for one in found if one.kind in SEVERE), None)
    if serious is None:
        return 0 if found else None
    leads = run.graph.leads_to([serious.node])
    return next(k for k, one in enumerate(found) if one is serious or (one.phase == "forward" and leads[one.node]))


# ---- forward ----


def value_report(run: Run, known: Sequence[Known], node: int, kind: TroubleKind, say: Say | None) -> Trouble:
    """A node whose value breaks, how far that reaches, and its cure."""
    path = way(node, run.graph.users.__getitem__, spoilt(run, known, kind), [run.output])
    mask = None if path[-1] == run.output else left_out(run, path[-1])
    words = {"node": run.called(node), "statement": run.statement(node), "path": chain(run, path)}
    reason = say(Message(f"trouble.{kind}", words)) if say else None
    return Trouble(
        "forward", node, None, None, kind, kind, run.values[node], path, path[-1] == run.output, reason,
        cure_of(run, node, kind, mask, say),
    )  # fmt: skip


def value_trouble(run: Run, known: Sequence[Known], node: int) -> TroubleKind | None:
    """Does the value of a node break here?"""
    state = run.states.get(node)
    if not run.leads[node]:
        return None
    if state is not None:
        return None if state == "inherited" else state  # type: ignore[return-value]
    error = known[node].error
    if error is None or error < HALF or run.out_of_range[node]:
        return None
    before = max((known[i].error or 0.0 for i in run.graph.nodes[node].inputs), default=0.0)
    if error >= LOST:
        return "cancelled" if before < LOST else None
    return "imprecise" if before < HALF else None


def spoilt(run: Run, known: Sequence[Known], kind: str) -> Callable[[int], bool]:
    """Which nodes does a trouble of this kind still show at?"""
    if kind in SEVERE:
        return lambda node: not finite(run.values[node])
    if kind == "underflow":
        return lambda node: run.out_of_range[node]
    return lambda node: (known[node].error or 0.0) >= HALF


def left_out(run: Run, node: int) -> int | None:
    """Which `where` that reads a node leaves its value out?"""
    users = [run.graph.nodes[user] for user in run.graph.users[node]]
    return next((user.id for user in users if repr(user.op) == "where" and finite(run.values[user.id])), None)


# ---- backward ----


def in_order(faults: Faults) -> list[tuple[Edge, Break]]:
    """Cotangents that break although adjoint and values are good, as sent: from the last node back."""
    own = [pair for pair in faults.broken if pair[1].own]
    return sorted(own, key=lambda pair: (-pair[0].node, pair[0].argnum))


def edge_report(run: Run, event: Edge, fault: Break, say: Say | None) -> Trouble:
    """A trouble on an edge, how far it reaches, and its cure."""
    path = [event.node, *way(event.source, run.inputs_of, shows_back(run, fault.kind), run.wrt)]
    masking = masked_by(run, event.node) if fault.cause == "zero_times_infinite" else None
    cause = fault.cause if masking is None else "masked"
    words = {
        "node": run.called(event.node), "source": run.called(event.source), "statement": run.statement(event.node),
        "path": chain(run, path), "mask": "" if masking is None else run.called(masking),
    }  # fmt: skip
    reason = Message(f"trouble.back.{fault.kind}.{cause}", words)
    kind: TroubleKind = fault.kind  # type: ignore[assignment]
    return Trouble(
        "backward", event.node, event.argnum, event.source, kind, cause, event.sent, path, path[-1] in run.wrt,
        say(reason) if say else None, cure_of(run, event.node, f"back.{kind}", masking, say),
    )  # fmt: skip


def shows_back(run: Run, kind: str) -> Callable[[int], bool]:
    """At which nodes does a trouble of this kind still show in the adjoint?"""

    def shows(node: int) -> bool:
        adjoint = run.adjoints[node]
        if adjoint is None:
            return False
        return tiny(adjoint) if kind == "underflow" else not finite(adjoint)

    return shows


def masked_by(run: Run, node: int) -> int | None:
    """Which choice above a node made its adjoint 0: a `where`, or a product with a condition."""
    adjoint = run.adjoints[node]
    if adjoint is None or np.all(adjoint):
        return None
    seen, waiting = {node}, deque([node])
    while waiting:
        for event in run.received.get(waiting.popleft(), []):
            if chooses(run, event):
                return event.node
            if event.node not in seen:
                seen.add(event.node)
                waiting.append(event.node)
    return None


def chooses(run: Run, event: Contribute) -> bool:
    """Does a node leave an argument out: a `where`, or a product with a condition?"""
    node, partial = run.graph.nodes[event.node], partial_of(run, event.node, event.argnum)
    if partial is None or np.all(partial):
        return False
    factors = [repr(run.graph.nodes[i].op) for i in node.inputs]
    return repr(node.op) == "where" or (repr(node.op) == "mul" and not CONDITIONS.isdisjoint(factors))


# ---- paths ----


def way(
    start: int, following: Callable[[int], Iterable[int]], shows: Callable[[int], bool], goals: Sequence[int]
) -> list[int]:
    """The shortest path to a goal along which the trouble shows; without one, a path as far as it shows."""
    came: dict[int, int | None] = {start: None}
    waiting, last = deque([start]), start
    while waiting:
        last = waiting.popleft()
        if last in goals:
            break
        for node in following(last):
            if node not in came and shows(node):
                came[node] = last
                waiting.append(node)
    path: list[int] = []
    at: int | None = last
    while at is not None:
        path.append(at)
        at = came[at]
    return path[::-1]


def chain(run: Run, path: Sequence[int]) -> str:
    """A path as a formula; the middle of a long one is left out."""
    names = [run.called(node) for node in path]
    if len(names) > LISTED:
        names = [*names[: LISTED // 2], "\\ldots", *names[-LISTED // 2 :]]
    return " \\to ".join(names)
