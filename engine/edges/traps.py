"""The cure of the where-trap: the dangerous operation gets a harmless argument wherever its value is left out.

where(c, f(x), b) computes and differentiates f(x) even where c is 0; where(c, f(where(c, x, 1)), b) is the same
function, and nothing breaks in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine import latex
from engine.edges.run import Run
from engine.errors import EngineError
from engine.graph import Node
from engine.maps import arguments
from engine.ops.comparison import where
from engine.patterns import parsed
from engine.primitive import Elementwise
from engine.values import Value

HARMLESS = (1.0, 0.5, 0.0, 2.0)
"""Arguments to try: 1 suits roots, logarithms and divisors, 0.5 arcs, 0 exponentials, 2 the inverse of cosh."""
CONDITIONS = frozenset("less less_equal greater greater_equal equal not_equal heaviside".split())
"""Operations whose value 0 or 1, as a factor, leaves something out or not."""
LONGEST = 200
"""Characters up to which an operation is written again."""


class Choice(NamedTuple):
    """The node of the condition, and whether the dangerous branch is taken where it holds."""

    condition: int
    holds: bool


class Guarded(NamedTuple):
    """What to write instead of an operation: in LaTeX, and as text to type; what it was in LaTeX."""

    latex: str
    instead: str
    source: str


def guarded(run: Run, node: int, mask: int) -> Guarded | None:
    """A dangerous node that the choice `mask` leaves out, its argument guarded; None where that cannot be typed."""
    choice, found = choice_of(run, node, mask), harmless(run, node)
    if choice is None or found is None:
        return None
    argnum, value = found
    danger = run.graph.nodes[node]
    argument, condition = text_of(run, danger.inputs[argnum]), text_of(run, choice.condition)
    typed = text_of(run, node)
    if argument is None or condition is None or typed is None or not fits(run, node, argnum, choice.condition):
        return None
    number = f"{value:g}"
    taken, other = (argument, number) if choice.holds else (number, argument)
    source = replaced(run, node, danger.inputs[argnum], f"where({condition}, {taken}, {other})")
    if source is None or len(source) > LONGEST or not reads(run, node, source):
        return None
    words = [latex.reference(run.graph, one, run.names.__getitem__) for one in danger.inputs]
    held, plain = words[argnum], latex.number(value)
    called = latex.reference(run.graph, choice.condition, run.names.__getitem__)
    words[argnum] = latex.fill(where, [called, *((held, plain) if choice.holds else (plain, held))])
    assert danger.op is not None
    return Guarded(run.statement(node), latex.fill(danger.op, words, danger.params)[0], source)


def choice_of(run: Run, node: int, mask: int) -> Choice | None:
    """What `mask` chooses by; None where the node reaches the output or the condition by another way too."""
    graph = run.graph
    reached = bytearray(len(graph.nodes))
    reached[node] = 1
    for one in graph.nodes[node + 1 :]:
        if one.id != mask:
            reached[one.id] = any(reached[i] for i in one.inputs)
            if reached[one.id] and not isinstance(one.op, Elementwise):
                return None  # elements are mixed on the way: the condition has another shape
    inputs = graph.nodes[mask].inputs
    through = [argnum for argnum, one in enumerate(inputs) if reached[one]]
    if any(reached[output] for output in graph.outputs) or len(through) != 1:
        return None
    [argnum] = through
    if repr(graph.nodes[mask].op) == "where":
        return Choice(inputs[0], argnum == 1) if argnum else None
    return Choice(inputs[1 - argnum], True) if repr(graph.nodes[inputs[1 - argnum]].op) in CONDITIONS else None


def harmless(run: Run, node: int) -> tuple[int, float] | None:
    """An argument, and a number in its place with which the value and every slope of an operation are finite."""
    danger = run.graph.nodes[node]
    if not isinstance(danger.op, Elementwise):
        return None
    for argnum, source in enumerate(danger.inputs):
        if run.graph.nodes[source].const is not None:
            continue
        for value in HARMLESS:
            args = arguments(danger, run.values)
            args[argnum] = np.full(np.shape(args[argnum]), value)[()]
            if smooth(danger.op, args):
                return argnum, value
    return None


def smooth(op: Elementwise, args: Sequence[Value]) -> bool:
    """Are the value of an operation and its slopes finite?"""
    with np.errstate(all="ignore"):
        value = op.value(*args)
        found = [value, *(rule(np.float64(1.0), value, *args) for rule in op.rules)]
    return all(bool(np.isfinite(one).all()) for one in found)


def fits(run: Run, node: int, argnum: int, condition: int) -> bool:
    """Does the choice, in the place of an argument, leave the shape of the node as it is?"""
    nodes = run.graph.nodes
    shapes = [nodes[condition].shape, *(nodes[one].shape for one in nodes[node].inputs)]
    try:
        return bool(np.broadcast_shapes(*shapes) == nodes[node].shape)
    except ValueError:
        return False


def text_of(run: Run, node: int) -> str | None:
    """What was typed for a node: its name if it has one."""
    found: Node = run.graph.nodes[node]
    if found.name is not None:
        return found.name
    name = next((name for name, labelled in run.graph.labels.items() if labelled == node), None)
    if name is not None or found.span is None:
        return name
    return run.graph.source[found.span.start : found.span.end]


def replaced(run: Run, node: int, argument: int, instead: str) -> str | None:
    """The text of a node with another argument; a name is replaced wherever the text has it."""
    outer, inner = run.graph.nodes[node].span, run.graph.nodes[argument].span
    if outer is None:
        return None
    text, name = run.graph.source[outer.start : outer.end], text_of(run, argument)
    if name is not None and re.fullmatch(r"\w+", name):
        found = re.sub(rf"\b{re.escape(name)}\b", lambda _: instead, text)
        return None if found == text else found
    if inner is None or inner.start < outer.start or inner.end > outer.end:
        return None
    return run.graph.source[outer.start : inner.start] + instead + run.graph.source[inner.end : outer.end]


def reads(run: Run, node: int, instead: str) -> bool:
    """Can the formula be read with this in the place of a node? A name may be assigned only after it."""
    span = run.graph.nodes[node].span
    assert span is not None
    source = run.graph.source
    try:
        cured = parsed(f"{source[: span.start]}({instead}){source[span.end :]}")
    except EngineError:
        return False
    return cured.inputs.keys() == run.graph.inputs.keys()
