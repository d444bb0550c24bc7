"""Is a gradient right? The order of the Taylor remainder tells, without a step to choose.

Along a direction d, f(x + h d) - f(x) shrinks like h. Less the gradient's term, f(x + h d) - f(x) - h g.d, it shrinks
like h^2 if g is the gradient, and still like h if it is not. (The Taylor test of dolfin-adjoint, Farrell et al. 2013.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, log2
from typing import NamedTuple

import numpy as np

from engine.methods.function import Function
from engine.methods.numerical import EPS
from engine.methods.records import Refused
from engine.passes.reverse import reverse
from engine.trace import finish
from engine.values import Value

STEPS = [2.0**-k for k in range(3, 51)]
TRUSTED = 1e3
"""A remainder this many times above rounding has three digits, and its order is fitted."""
NEAR = 2.0**-8
"""A function that is straight up to this step counts as straight."""
FEW, MANY = 3, 5
"""How many remainders are fitted, of the smallest steps that can be trusted."""
RIGHT, WRONG = 1.85, 1.15
"""Orders from which on a gradient is right, and up to which it is wrong. Between them lie neither."""
KINK = 1.5
"""A second difference that shrinks with less than this order belongs to a kink."""


class Found(NamedTuple):
    """The remainders for every step, the order, the verdict, and what is behind it."""

    first: list[float]
    second: list[float]
    order: float | None
    verdict: str
    refused: Refused | None


def direction(function: Function, seed: int) -> dict[str, Value]:
    """A random direction, larger along inputs that are large; the stream is the one that NumPy keeps frozen."""
    stream = np.random.RandomState(seed)
    drawn: dict[str, Value] = {}
    for name, value in function.point.items():
        size = np.maximum(1.0, np.abs(value))
        random = stream.standard_normal(np.shape(value)) * size if name in function.names else np.zeros(np.shape(value))
        drawn[name] = random if np.ndim(random) else float(random)
    return drawn


def taylor(function: Function, gradient: Mapping[str, Value], along: Mapping[str, Value]) -> Found:
    """The remainders, their order, the verdict: `right`, `wrong` or `undecided`."""
    function.allow(2 * len(STEPS) + 1)
    with np.errstate(all="ignore"):
        slope = float(sum(np.sum(gradient[name] * along[name]) for name in function.names))
        here = function.value
        ahead = [float(function.at(function.towards(along, h))) for h in STEPS]
        behind = [float(function.at(function.towards(along, -h))) for h in STEPS]
        first = [abs(value - here) for value in ahead]
        second = [
            max(abs(a - here - h * slope), abs(b - here + h * slope))
            for h, a, b in zip(STEPS, ahead, behind, strict=True)
        ]
        bend = [abs(a - here + (b - here)) for a, b in zip(ahead, behind, strict=True)]
        rounded = rounding(function)
        sizes = [max(abs(here), abs(a), abs(b), abs(h * slope)) for h, a, b in zip(STEPS, ahead, behind, strict=True)]
        noise = [EPS * size + rounded for size in sizes]
    inside = [isfinite(remainder) and isfinite(both) for remainder, both in zip(second, bend, strict=True)]
    if sum(inside) < FEW or not inside[-1]:
        return Found(first, second, None, "undecided", Refused("not_finite"))
    start = len(inside) - inside[::-1].index(False) if False in inside else 0
    order = order_of(second[start:], noise[start:])
    near = [max(r, b) <= TRUSTED * n for h, r, b, n in zip(STEPS, second, bend, noise, strict=True) if h <= NEAR]
    verdict, why = judged(order, order_of(bend[start:], noise[start:]), all(near))
    return Found(first, second, order, verdict, why)


def rounding(function: Function) -> float:
    """How much rounding moves the value: each node is off by a part of itself, which its adjoint carries to the output.

    (Linnainmaa 1976, the use for which reverse accumulation was first described.)
    """
    graph, ids = function.graph, [function.graph.inputs[name] for name in function.names]
    back = finish(reverse(graph, function.point, ids))
    parts = [np.abs(np.asarray(v) * a) for v, a in zip(back.values, back.adjoints, strict=True) if a is not None]
    return EPS * float(sum(np.sum(part[np.isfinite(part)]) for part in parts))


def judged(order: float | None, bend: float | None, straight: bool) -> tuple[str, Refused | None]:
    """What the orders of the remainder and of the second difference mean; `straight` if both are rounding only."""
    if order is None:
        return ("right", Refused("linear")) if straight else ("undecided", Refused("rounding"))
    if order >= RIGHT:
        return "right", None
    if bend is not None and bend < KINK:
        return "undecided", Refused("kink")
    if abs(order - 1) <= WRONG - 1:
        return "wrong", None
    return "undecided", Refused("no_order")


def order_of(errors: Sequence[float], noise: Sequence[float]) -> float | None:
    """The power of h with which errors shrink, by the smallest steps that rounding leaves alone; None for too few.

    `errors` belong to the last of STEPS.
    """
    trusted = []
    for h, error, floor in zip(STEPS[-len(errors) :], errors, noise, strict=True):
        if not error > TRUSTED * floor:
            break
        trusted.append((log2(h), log2(error)))
    if len(trusted) < FEW:
        return None
    xs, ys = np.transpose(trusted[-MANY:])
    return float(np.polynomial.polynomial.polyfit(xs, ys, 1)[1])
