"""The steps of every method at the first input: what is evaluated, what is subtracted, what comes out.

Numbers stand in full here. That a difference cancels is seen in the digits that two values share.
"""

from __future__ import annotations

from itertools import pairwise
from math import isfinite, log10

import numpy as np

from engine import latex
from engine.explain.columns import Column, op
from engine.latex import Text
from engine.methods.function import Function, Place
from engine.methods.numerical import LEVELS, NUMERICAL, along, central, step_at
from engine.methods.records import Speaker, Worked

DIGITS = 15.95
"""Decimal digits of a float."""


class Board:
    """Writes the steps for one place of the inputs."""

    def __init__(self, function: Function, place: Place, speaker: Speaker) -> None:
        self.function = function
        self.place = place
        self.speaker = speaker
        called = latex.name(place.name)
        self.x = f"{called}[{', '.join(map(str, place.at))}]" if place.at else called
        self.rest = ", \\ldots" if sum(map(np.size, function.point.values())) > 1 else ""
        self.d = f"\\frac{{\\partial f}}{{\\partial {self.x}}}" if self.rest else f"\\frac{{d f}}{{d {self.x}}}"

    def f(self, offset: float | complex, h: str = "h") -> str:
        """The function at x + offset h, in LaTeX."""
        sign = "" if not offset else f" - {h}" if offset.real < 0 else f" + i {h}" if offset.imag else f" + {h}"
        return f"f({self.x}{sign}{self.rest})"

    def step(self, key: str, rule: list[Column], numbers: dict[str, float], why: str = "", **words: str) -> Worked:
        """A step in words and numbers."""
        words |= {"x": self.x}
        title = self.speaker.sentence(f"compare.step.{key}", **words)
        return Worked(title, self.speaker.sentence(f"compare.why.{key}{why}", **words), rule, numbers)

    def value(self, offset: float, h: float) -> Worked:
        """The function at one point."""
        found = float(along(self.function, self.place)(offset * h).real)
        rule = [Column(self.f(offset), exact(found)[0], "primal")]
        return self.step("value", rule, {"value": found}, at=self.f(offset))

    def difference(self, ahead: float, behind: float, h: float) -> list[Worked]:
        """Two values, their difference, and the quotient."""
        line = along(self.function, self.place)
        a, b = (float(line(offset * h).real) for offset in (ahead, behind))
        rise, run = a - b, (ahead - behind) * h
        lost = shared_digits(a, b)
        symbols = [
            Column(self.f(ahead), exact(a)[0], "primal"), op("-"),
            Column(self.f(behind), signed(b), "primal"), op("="),
            Column("\\Delta f", exact(rise)[0], "tangent"),
        ]  # fmt: skip
        width = "h" if ahead - behind == 1 else "2 h"
        quotient = [
            Column(self.d, exact(rise / run)[0], "partial"), op("\\approx"),
            Column(f"\\frac{{\\Delta f}}{{{width}}}", f"\\frac{{{exact(rise)[0]}}}{{{exact(run)[0]}}}", "tangent"),
        ]  # fmt: skip
        why = "" if lost >= 1 else ".none"
        words = {"lost": f"{lost:.0f}", "left": f"{max(0.0, DIGITS - lost):.0f}"}
        return [
            self.value(ahead, h),
            self.value(behind, h),
            self.step("difference", symbols, {"difference": rise, "digits_lost": lost}, why, **words),
            self.step("quotient", quotient, {"difference": rise, "distance": run, "quotient": rise / run}),
        ]

    def extrapolation(self, h: float) -> list[Worked]:
        """The rows of the table: a central difference with half the step, then one elimination after the other."""
        line = along(self.function, self.place)
        estimates = [central(line, h / 2**k).derivative for k in range(LEVELS)]
        rule = [
            Column("D(h)" if not k else f"D(h/{2**k})", exact(found)[0], "tangent") for k, found in enumerate(estimates)
        ]
        numbers = {f"D(h/{2**k})" if k else "D(h)": found for k, found in enumerate(estimates)}
        steps = [self.step("halved", rule, numbers)]
        column = estimates
        for j in range(1, LEVELS):
            better = [b + (b - a) / (4**j - 1) for a, b in pairwise(column)]
            a, b = column[-2:]
            symbols = [
                Column(self.table(LEVELS - 1, j), exact(better[-1])[0], "partial"), op("="),
                Column(self.table(LEVELS - 1, j - 1), exact(b)[0], "tangent"), op("+"),
                Column(
                    f"\\frac{{{self.table(LEVELS - 1, j - 1)} - {self.table(LEVELS - 2, j - 1)}}}{{4^{j} - 1}}",
                    signed((b - a) / (4**j - 1)), "tangent",
                ),
            ]  # fmt: skip
            found = {self.table(k + j, j): value for k, value in enumerate(better)}
            steps.append(self.step("extrapolate", symbols, found, power=f"{{{2 * j}}}", next=f"{{{2 * j + 2}}}"))
            column = better
        return steps

    @staticmethod
    def table(k: int, j: int) -> str:
        """An entry of the table."""
        return f"T_{{{k},{j}}}"

    def complex_step(self, h: float) -> list[Worked]:
        """One value with an imaginary part, which holds the derivative."""
        found = complex(along(self.function, self.place)(1j * h))
        re, im = exact(found.real)[0], exact(found.imag)
        value = [Column(self.f(1j), f"{re} + {signed(found.imag)} \\, i", "primal")]
        slope = found.imag / h
        part = f"\\operatorname{{Im}}({self.f(1j)})"
        quotient = [
            Column(self.d, exact(slope)[0], "partial"), op("\\approx"),
            Column(f"\\frac{{{part}}}{{h}}", f"\\frac{{{im[0]}}}{{{exact(h)[0]}}}", "tangent"),
        ]  # fmt: skip
        return [
            self.step("complex", value, {"real": found.real, "imaginary": found.imag}, at=self.f(1j)),
            self.step("imaginary", quotient, {"imaginary": found.imag, "h": h, "quotient": slope}),
        ]

    def mode(self, name: str, derivative: float, passes: int) -> list[Worked]:
        """Forward or reverse mode: the seed, and what arrives; the pass itself has a trace of its own."""
        tangent = name == "forward"
        seed = latex.accent("dot", latex.name(self.place.name)) if tangent else "\\bar{f}"
        if tangent and self.place.at:
            seed += f"[{', '.join(map(str, self.place.at))}]"
        result = "\\dot{f}" if tangent else latex.accent("bar", latex.name(self.place.name))
        if not tangent and self.place.at:
            result += f"[{', '.join(map(str, self.place.at))}]"
        role = "tangent" if tangent else "adjoint"
        only = ".one" if passes == 1 and tangent else ""
        arrived = [Column(self.d, exact(derivative)[0], "partial"), op("="), Column(result, exact(derivative)[0], role)]
        return [
            self.step(f"{name}.seed", [Column(seed, "1", role)], {"seed": 1.0}, only, passes=str(passes)),
            self.step(f"{name}.result", arrived, {"derivative": derivative}, passes=str(passes)),
        ]

    def numerical(self, name: str, h: float | None) -> list[Worked]:
        """The steps of a numerical method."""
        method = NUMERICAL[name]
        step = step_at(method, self.function.number(self.place), h)
        if name == "richardson":
            return self.extrapolation(step)
        if name == "complex_step":
            return self.complex_step(step)
        ahead, behind = (float(offset.real) for offset in sorted(method.offsets, key=lambda at: -at.real))
        return self.difference(ahead, behind, step)


def exact(value: float) -> Text:
    """A number with all its digits."""
    return latex.number(value)


def signed(value: float) -> str:
    """The same behind a sign: a negative number in brackets."""
    text = exact(value)[0]
    return f"({text})" if text.startswith("-") else text


def shared_digits(a: float, b: float) -> float:
    """How many leading digits of two numbers cancel in their difference."""
    if not (isfinite(a) and isfinite(b)) or not max(abs(a), abs(b)):
        return 0.0
    return DIGITS if a == b else min(DIGITS, max(0.0, log10(max(abs(a), abs(b)) / abs(a - b))))
