"""Where the complex step applies: derived from the rows, so that a new row needs no mark of its own.

The method asks for f(x + ih) and takes its imaginary part. Three things can go wrong along the way from the input.

- The rule of the argument is zero: a comparison, floor, the condition of `where`, stop_gradient. The value takes no
  notice of a small change, and has no extension to complex numbers that does.
- The row's rule, or the rule of an operation in it, goes through such an argument: the derivative of abs is sign, that
  of max has heaviside in it. A function with a derivative that jumps is not analytic.
- The row's value does not compute with complex numbers (erf, hypot), or not as its rule says. That is tried.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.graph import Builder, Graph, Node
from engine.kernels import sloped
from engine.methods.records import Refused
from engine.primitive import NONE, Elementwise, Primitive, Shape, Structural, zero

TINY = 1e-20
AGREES = 1e-10

Edge = tuple[Primitive, int]
"""An operation and one of its arguments."""


def check(graph: Graph, wrt: Sequence[int]) -> None:
    """Raises Refused where a complex step from the inputs `wrt` to the first output is not analytic."""
    live, moving = graph.leads_to(graph.outputs[:1]), graph.depends_on(wrt)
    known: dict[Any, str | None] = {}
    for node in graph.nodes:
        if node.op is None or not live[node.id]:
            continue
        for argnum, source in enumerate(node.inputs):
            if moving[source]:
                shapes = tuple([graph.nodes[i].shape for i in node.inputs])
                key = node.op, argnum, shapes, repr(node.params)
                if key not in known:
                    known[key] = obstacle(node, argnum, shapes)
                if found := known[key]:
                    raise Refused(found, node.id)


def obstacle(node: Node, argnum: int, shapes: Sequence[Shape]) -> str | None:
    """Why no complex number can go through an argument of a node; None where it can."""
    op, params = node.op, node.params or NONE
    assert op is not None
    if op.stops:
        return "stopped"
    if is_flat(op, argnum):
        return "flat"
    if jumps(op, argnum, shapes, params):
        return "not_analytic"
    return None if computes(op, argnum) else "no_complex"


def is_flat(op: Primitive, argnum: int) -> bool:
    """Is the derivative by an argument zero whatever the inputs?"""
    if isinstance(op, Elementwise):
        return argnum not in sloped(op)
    assert isinstance(op, Structural)
    return op.jvps(argnum) is zero


def jumps(op: Primitive, argnum: int, shapes: Sequence[Shape], params: Mapping[str, Any]) -> bool:
    """Does a derivative by an argument, of any order, go through an argument whose derivative is zero?

    The rules of pointwise operations are followed further, those of others only once.
    """
    pending, seen = [*moving(op, argnum, shapes, params)], set[Edge]()
    while pending:
        one, k = edge = pending.pop()
        if is_flat(one, k):
            return True
        if edge not in seen and isinstance(one, Elementwise):
            pending += moving(one, k, [()] * one.arity, NONE)
        seen.add(edge)
    return False


def moving(op: Primitive, argnum: int, shapes: Sequence[Shape], params: Mapping[str, Any]) -> set[Edge]:
    """The operations that the rule of an argument applies to something that depends on it: it is run on handles."""
    builder = Builder()
    xs = [builder.handle(builder.input(f"x{k}", shape)) for k, shape in enumerate(shapes)]
    shape = op.shape(*shapes, **params)
    y, t = (builder.handle(builder.input(name, shape)) for name in "yt")
    op.pull(argnum, t, y, xs, params)
    depends = Graph(builder.nodes, ()).depends_on([xs[argnum].id, y.id])
    return {(node.op, k) for node in builder.nodes if node.op for k, i in enumerate(node.inputs) if depends[i]}


@cache
def computes(op: Primitive, argnum: int) -> bool:
    """Does the row's value take a complex step as its rule says, at a sample?"""
    xs, params = sample(op)
    step = np.zeros(np.shape(xs[argnum])) + 1.0
    given = [x + 1j * TINY * step if k == argnum else x for k, x in enumerate(xs)]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a row that drops the imaginary part: we see that it does
        y = op.value(*xs, **params)
        expected = op.push(argnum, step if step.ndim else np.float64(1.0), y, xs, params)
        try:
            found = np.imag(op.value(*given, **params)) / TINY
        except (TypeError, ValueError):
            return False
    return np.shape(found) == np.shape(y) and bool(np.allclose(found, expected, rtol=AGREES, atol=AGREES))


def sample(op: Primitive) -> tuple[list[Any], Mapping[str, Any]]:
    """Arguments of a row inside its domain, and its statics."""
    if isinstance(op, Elementwise):
        return [np.float64(0.375 * low + 0.625 * high) for low, high in op.sample], NONE
    shapes, statics, *interval = op.sample[0]
    low, high = interval[0] if interval else (0.5, 1.5)
    stream = np.random.RandomState(0)
    return [stream.uniform(low, high, shape) for shape in shapes], {**op.statics, **statics}
