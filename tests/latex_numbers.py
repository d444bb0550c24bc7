"""What our LaTeX says, as a number with many digits: read from the text alone, evaluated by mpmath.

A test can so ask whether two lines mean the same without asking the program that wrote them. `d/dx[u]` is what mpmath's
differences make of u.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from mpmath import mp

from tests.oracles.with_mpmath import FUNCTIONS

Env = Mapping[str, Any]
Meaning = Callable[[Env], Any]

TOKEN = re.compile(
    r"\s*(\\frac\{d\}\{d[^{}]*(?:\{[^{}]*\})?\}|\\frac\{\\partial\}\{\\partial [^{}]*(?:\{[^{}]*\})?\}"
    r"|\\(?:operatorname|mathrm)\{[^{}]*\}|\\left[\[|(]|\\left|\\right[\])|]|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|.)"
)
DIFFERENTIAL = re.compile(r"\\frac\{(?:d|\\partial)\}\{(?:d|\\partial )(.*)\}")
CALLED = {
    "lrelu": "leaky_relu", "sgn": "sign", "H": "heaviside", "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "ln": "log", "sigma": "sigmoid", "psi": "digamma",
    "min": "minimum", "max": "maximum",
}  # fmt: skip
RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "\\le": lambda a, b: a <= b, "\\ge": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "\\ne": lambda a, b: a != b,
}  # fmt: skip
CONSTANTS = {"e": mp.e, "\\pi": mp.pi}


class Reader:
    """Recursive descent over the subset of LaTeX that we print."""

    def __init__(self, text: str) -> None:
        self.tokens = [token for token in TOKEN.findall(text) if token.strip()]
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next
        assert token, "the line ends too early"
        assert not expected or token == expected, (expected, self.tokens[self.at :])
        self.at += 1
        return token

    def relation(self) -> Meaning:
        left = self.sum()
        if self.next not in RELATIONS:
            return left
        compare, right = RELATIONS[self.take()], self.sum()
        return lambda env: mp.mpf(bool(compare(left(env), right(env))))

    def sum(self) -> Meaning:
        total = self.product()
        while self.next in ("+", "-"):
            total = added(total, self.take() == "-", self.product())
        return total

    def product(self) -> Meaning:
        if self.next == "-":
            self.take()
            rest = self.product()
            return lambda env: -rest(env)
        found = self.power()
        while self.next == "\\cdot":
            self.take()
            found = multiplied(found, self.power())
        return found

    def power(self) -> Meaning:
        base = self.atom()
        if self.next != "^":
            return base
        self.take()
        exponent = self.group()
        return lambda env: base(env) ** exponent(env)

    def group(self) -> Meaning:
        self.take("{")
        inside = self.sum()
        self.take("}")
        return inside

    def enclosed(self, end: str) -> Meaning:
        inside = self.relation()
        self.take(end)
        return inside

    def arguments(self) -> list[Meaning]:
        """`(a, b)`, or one thing without brackets."""
        if self.next != "(":
            return [self.atom()]
        self.take()
        found = [self.relation()]
        while self.next == ",":
            self.take()
            found.append(self.relation())
        self.take(")")
        return found

    def call(self, name: str, *first: Meaning) -> Meaning:
        function, arguments = FUNCTIONS[CALLED.get(name, name)], [*first, *self.arguments()]
        return lambda env: function(*[argument(env) for argument in arguments])

    def name(self, stem: str) -> Meaning:
        if self.next == "_":
            self.take()
            index = self.take()
            if index == "{":
                index = f"{{{self.take()}}}"
                self.take("}")
            stem = f"{stem}_{index}"
        if stem in CONSTANTS:
            return lambda env: env.get(stem, +CONSTANTS[stem])
        return lambda env: env[stem]

    def atom(self) -> Meaning:
        token = self.take()
        if re.fullmatch(r"[\d.]+", token):
            return lambda env: mp.mpf(token)
        if differential := DIFFERENTIAL.fullmatch(token):
            return self.derivative(differential[1])
        if token == "(":
            return self.enclosed(")")
        if token == "[":
            return self.enclosed("]")
        if token == "\\left|":
            inside = self.enclosed("\\right|")
            return lambda env: abs(inside(env))
        if token.startswith("\\operatorname"):
            return self.call(token[14:-1])
        return self.command(token) if token.startswith("\\") else self.name(token)

    def command(self, token: str) -> Meaning:
        if token == "\\frac":
            top, bottom = self.group(), self.group()
            return lambda env: top(env) / bottom(env)
        if token == "\\sqrt":
            root = FUNCTIONS["sqrt"]
            if self.next == "[":
                self.at += 3
                root = FUNCTIONS["cbrt"]
            inside = self.group()
            return lambda env: root(inside(env))
        if token in ("\\lfloor", "\\lceil"):
            inside = self.enclosed({"\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}[token])
            step = mp.floor if token == "\\lfloor" else mp.ceil
            return lambda env: step(inside(env))
        if token == "\\log":
            self.take("_")
            base = self.group() if self.next == "{" else self.atom()
            argument = self.atom()
            return lambda env: mp.log(argument(env)) / mp.log(base(env))
        if token == "\\psi" and self.next == "^":
            self.take("^")
            return self.call("polygamma", self.group())
        if token[1:] in FUNCTIONS or token[1:] in CALLED:
            return self.call(token[1:])
        return self.name(token)

    def derivative(self, name: str) -> Meaning:
        self.take("\\left[")
        inside = self.enclosed("\\right]")
        return lambda env: mp.diff(lambda t: inside({**env, name: t}), env[name])


def added(left: Meaning, minus: bool, right: Meaning) -> Meaning:
    return (lambda env: left(env) - right(env)) if minus else (lambda env: left(env) + right(env))


def multiplied(left: Meaning, right: Meaning) -> Meaning:
    return lambda env: left(env) * right(env)


@cache
def meaning(line: str) -> Meaning:
    """A function from the values of the names, which are written as in the line, to the value of the line."""
    reader = Reader(line)
    found = reader.sum()
    assert not reader.next, reader.tokens[reader.at :]
    return found
