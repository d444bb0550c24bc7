"""Error against the step h: truncation on the right, rounding on the left, the best step between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, log10

import numpy as np

from engine.methods.function import Function
from engine.methods.numerical import NUMERICAL, Numerical, along
from engine.methods.records import Best, Errors, Refused
from engine.methods.reference import Reference

EXPONENTS = [-k / 4 for k in range(65)]
"""h = 1 to 1e-16, four to a decade."""
STEPS = [10.0**exponent for exponent in EXPONENTS]
MARGIN = 10
"""A slope is fitted so many times away from the best step, where one of the two errors rules."""
RULED = 1e-1
"""Errors above it belong to neither regime: nothing is right any more."""
FEW = 4
"""Points below which no slope is fitted."""


def errors(function: Function, reference: Reference, refused: Mapping[str, Refused]) -> Errors:
    """The curves of the methods that are not `refused`, for the first input. Raises Refused when it is no number."""
    name = function.names[0]
    if np.shape(function.point[name]):
        raise Refused("numbers_only", name=name)
    methods = {key: method for key, method in NUMERICAL.items() if key not in refused}
    function.allow(len(STEPS) * sum(method.evaluations(1) for method in methods.values()))
    curves = {key: curve(function, method, reference) for key, method in methods.items()}
    best = {key: found for key, points in curves.items() if (found := lowest(points)) is not None}
    return Errors(
        name,
        reference.shown()[name],
        STEPS,
        curves,
        best,
        {key: Best(*method.theory) for key, method in methods.items()},
        {key: slope(curves[key], best.get(key), +1) for key in methods},
        {key: slope(curves[key], best.get(key), -1) if method.rounds else None for key, method in methods.items()},
    )


def curve(function: Function, method: Numerical, reference: Reference) -> list[float]:
    """The relative error at every step, NaN where the function is not finite."""
    place = next(function.places)
    line = along(function, place)
    found = []
    for h in STEPS:
        derivative = method.estimate(line, h).derivative
        found.append(reference.error(place.name, derivative) if isfinite(derivative) else float("nan"))
    return found


def lowest(points: Sequence[float]) -> Best | None:
    """The smallest error, at the largest step that has it."""
    finite = [(error, -h) for h, error in zip(STEPS, points, strict=True) if isfinite(error)]
    return Best(-min(finite)[1], min(finite)[0]) if finite else None


def slope(points: Sequence[float], best: Best | None, side: int) -> float | None:
    """The slope of log error against log h on one side of the best step: +1 for larger steps, -1 for smaller ones."""
    if best is None:
        return None
    ruled = [
        (log10(h), log10(error))
        for h, error in zip(STEPS, points, strict=True)
        if 0 < error < RULED and (h / best.h) ** side >= MARGIN
    ]
    return fitted(ruled) if len(ruled) >= FEW else None


def fitted(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the line that fits points best, by least squares."""
    xs, ys = np.transpose(points)
    xs = xs - xs.mean()
    return float(xs @ (ys - ys.mean()) / (xs @ xs))
