"""Derivatives from values of the function alone: difference quotients, their extrapolation, the complex step.

Every method differentiates along a line: `f(t)` is the function with t added to one of its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from engine.methods.analytic import TINY, check
from engine.methods.function import Function, Place
from engine.methods.records import Refused
from engine.values import Array, Value

EPS = float(np.finfo(float).eps)
LEVELS = 6
"""How often Richardson's extrapolation computes a central difference, each time with half the step."""

Line = Callable[[float | complex], float | complex]


class Estimate(NamedTuple):
    """A derivative along a line; `table` is that of the extrapolation."""

    derivative: float
    table: list[list[float]] | None = None


class Numerical(NamedTuple):
    """A method: `offsets` are the multiples of h at which it evaluates, `order` the power of h in its error.

    `h` is the step that balances truncation and rounding for a function whose derivatives are about as large as itself.
    """

    estimate: Callable[[Line, float], Estimate]
    offsets: tuple[float | complex, ...]
    order: int
    h: float
    rounds: bool = True

    @property
    def theory(self) -> tuple[float, float]:
        """The largest step that theory recommends, and the relative error it promises there."""
        if not self.rounds:
            return EPS**0.5, EPS
        return EPS ** (1 / (self.order + 1)), EPS ** (self.order / (self.order + 1))

    def evaluations(self, places: int) -> int:
        """How often the function is evaluated for so many derivatives; at the point itself once for all."""
        return (0 in self.offsets) + places * sum(offset != 0 for offset in self.offsets)


def difference(ahead: float, behind: float) -> Callable[[Line, float], Estimate]:
    """The slope of the secant through x + ahead h and x + behind h."""

    def estimate(f: Line, h: float) -> Estimate:
        rise = float(f(ahead * h).real) - float(f(behind * h).real)
        return Estimate(rise / ((ahead - behind) * h))

    return estimate


central = difference(1, -1)


def richardson(f: Line, h: float) -> Estimate:
    """Central differences with steps h, h/2, h/4, ..., of which the terms in h^2, h^4, ... are eliminated in turn.

    T[k][j] = T[k][j-1] + (T[k][j-1] - T[k-1][j-1]) / (4^j - 1). Richardson 1911; the table is Romberg's.
    """
    table: list[list[float]] = []
    for k in range(LEVELS):
        row = [central(f, h / 2**k).derivative]
        for j in range(1, k + 1):
            row.append(row[j - 1] + (row[j - 1] - table[k - 1][j - 1]) / (4**j - 1))
        table.append(row)
    return Estimate(table[-1][-1], table)


def complex_step(f: Line, h: float) -> Estimate:
    """The imaginary part of f(x + ih) over h: no difference, so nothing cancels. Squire and Trapp 1998."""
    return Estimate(float(f(1j * h).imag) / h)


BALANCED = {order: EPS ** (1 / (order + 1)) for order in (1, 2, 2 * LEVELS)}
HALVES = tuple([sign / 2**k for k in range(LEVELS) for sign in (1, -1)])

NUMERICAL: dict[str, Numerical] = {
    "forward_difference": Numerical(difference(1, 0), (0, 1), 1, BALANCED[1]),
    "backward_difference": Numerical(difference(0, -1), (0, -1), 1, BALANCED[1]),
    "central_difference": Numerical(central, (1, -1), 2, BALANCED[2]),
    "richardson": Numerical(richardson, HALVES, 2 * LEVELS, BALANCED[2 * LEVELS]),
    "complex_step": Numerical(complex_step, (1j,), 2, TINY, rounds=False),
}
"""The methods that need values only, in the order in which they are shown."""


def step_at(method: Numerical, x: float, h: float | None) -> float:
    """The step to take at x: the one asked for, or else the method's own, larger where x is large."""
    return h if h is not None else method.h * max(1.0, abs(x)) if method.rounds else method.h


def along(function: Function, place: Place) -> Line:
    """The function as one of a single number."""
    return lambda by: function.along(place, by)


def gradient(function: Function, method: Numerical, h: float | None) -> tuple[dict[str, Value], Refused | None]:
    """The derivative by every input, element by element; and why one of them is not to be trusted.

    Raises Refused where the method does not apply or would take too long.
    """
    function.allow(method.evaluations(function.count))
    applies(function, method)
    found_values: dict[str, Array] = {name: np.zeros(np.shape(function.point[name])) for name in function.names}
    doubt = stopped(function)
    for place in function.places:
        step = step_at(method, function.number(place), h)
        found_values[place.name][place.at] = slope = method.estimate(along(function, place), step).derivative
        doubt = doubt or doubtful(function, method.offsets, place, step, slope)
    return {name: array if array.ndim else float(array) for name, array in found_values.items()}, doubt


def applies(function: Function, method: Numerical) -> None:
    """Only the complex step does not always. Raises Refused."""
    if not method.rounds:
        check(function.graph, [function.graph.inputs[name] for name in function.names])
        if found := function.trouble(function.point):
            raise Refused("undefined_here", found[0], state=found[1])


def stopped(function: Function) -> Refused | None:
    """A difference sees what stop_gradient hides from a derivative."""
    graph = function.graph
    live, moving = graph.leads_to([function.output]), graph.depends_on([graph.inputs[name] for name in function.names])
    hidden = (i for i, op, *_ in function.tape.operations if op.stops and live[i] and moving[i])
    node = next(hidden, None)
    return None if node is None else Refused("sees_stopped", node)


def doubtful(
    function: Function, offsets: Sequence[float | complex], place: Place, h: float, slope: float
) -> Refused | None:
    """Why a slope says nothing: the step vanishes in rounding, or leads out of the domain."""
    x = function.number(place)
    moves = [offset.real * h for offset in offsets if offset.real]
    if any(x + move == x for move in moves):
        return Refused("step_vanishes", name=place.name)
    if isfinite(slope):
        return None
    for move in [0.0, *moves]:
        if found := function.trouble(function.moved(place, move)):
            side = "undefined_here" if not move else "undefined_ahead" if move > 0 else "undefined_behind"
            return Refused(side, found[0], name=place.name, state=found[1])
    return Refused("overflows", name=place.name)
