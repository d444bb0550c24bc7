"""Formulas by mpmath, with as many digits as it takes to tell whether two values are the same.

The rows' templates are those of `engine.methods.reference`. Here a literal is the decimal that was typed, not the float
next to it, and pi and e are the numbers themselves: 0.1 + 0.2 - 0.3 is 0, and sin(x + pi) is -sin(x), to any digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from math import e, pi
from typing import Any, NamedTuple

import numpy as np

from engine.grading.exact_rows import ROWS, numbers
from engine.graph import Graph, Node
from engine.methods.reference import CONSTANTS, exactly, lock, mp
from engine.primitive import NONE, Elementwise
from engine.values import Value, is_array

PRECISIONS = (50, 100, 200, 400)
"""Digits that are tried in turn, until a value no longer changes."""
STABLE = 20
"""Digits that must no longer change."""
FARTHEST = 200_000
"""Powers of 2 past which a number is given up: its exponential would fill the memory."""
EXACTLY: dict[float, Any] = {**dict(CONSTANTS.values()), pi: lambda mp: +mp.pi, e: lambda mp: +mp.e}
"""The irrational numbers that rules and formulas hold as floats."""


class Outcome(Enum):
    """What a comparison at one point comes to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDEFINED = "undefined"
    """The answer has no finite value there."""
    UNKNOWN = "unknown"
    """The rows have no exact form, or no precision decided."""


class Compared(NamedTuple):
    """The outcome at a point, the digits that decided, and both values as floats."""

    outcome: Outcome
    digits: int
    expected: Value | None = None
    got: Value | None = None


class UndefinedError(ArithmeticError):
    """There is no finite value."""


class UnsupportedError(TypeError):
    """A row has no exact form."""


def compare(
    answer: Graph, target: int, subject: Graph, output: int, point: Mapping[str, Value], rtol: float
) -> Compared:
    """Is the answer's value at a point the subject's, to `rtol` of each element's size?"""
    before: tuple[list[Any], list[Any]] | None = None
    with lock:
        kept = mp().dps
        try:
            for digits in PRECISIONS:
                mp().dps = digits
                try:
                    expected = flat(value(subject, output, point))
                    got = flat(value(answer, target, point))
                except UndefinedError:
                    return Compared(Outcome.UNDEFINED, digits)
                if before is not None:
                    outcomes = list(map(decided, *before, expected, got, [rtol] * len(got)))
                    if Outcome.DIFFERENT in outcomes or Outcome.UNKNOWN not in outcomes:
                        different = Outcome.DIFFERENT in outcomes
                        shape = subject.nodes[output].shape
                        return Compared(
                            Outcome.DIFFERENT if different else Outcome.EQUAL, digits,
                            rounded(expected, shape), rounded(got, shape),
                        )  # fmt: skip
                before = expected, got
        except UnsupportedError:
            return Compared(Outcome.UNKNOWN, 0)
        finally:
            mp().dps = kept
    return Compared(Outcome.UNKNOWN, PRECISIONS[-1])


def decided(expected_before: Any, got_before: Any, expected: Any, got: Any, rtol: float) -> Outcome:
    """Equal or different, once neither changes with the precision; what vanishes with it is 0."""
    a, b = settled(got_before, got), settled(expected_before, expected)
    if a is None or b is None:
        return Outcome.UNKNOWN
    return Outcome.EQUAL if abs(a - b) <= rtol * abs(b) else Outcome.DIFFERENT


def settled(before: Any, now: Any) -> Any | None:
    """A number that no longer changes, 0 for one that vanishes; None while it cannot be told."""
    ten = mp().mpf(10)
    if abs(now - before) <= abs(now) * ten**-STABLE:
        return now
    return mp().mpf(0) if abs(now) <= abs(before) * ten**-STABLE else None


def rounded(numbers: Sequence[Any], shape: tuple[int, ...]) -> Value:
    """As floats."""
    floats = [float(number) for number in numbers]
    return np.array(floats).reshape(shape) if shape else floats[0]


def flat(value: Any) -> list[Any]:
    """The elements of a number or an array."""
    return list(value.ravel()) if isinstance(value, np.ndarray) else [value]


def value(graph: Graph, output: int, point: Mapping[str, Value]) -> Any:
    """The value of a node with mpmath's present precision: a number, or an array of them.

    Raises UndefinedError where it is not finite, and UnsupportedError where a row has no exact form.
    """
    live = graph.leads_to([output])
    values: list[Any] = [None] * len(graph.nodes)
    for node in graph.nodes:
        if live[node.id]:
            values[node.id] = leaf(node, point) if node.op is None else computed(node, [values[i] for i in node.inputs])
    return values[output]


def leaf(node: Node, point: Mapping[str, Value]) -> Any:
    """An input or a constant: each element the decimal it is written as."""
    given = point[node.name] if node.name is not None else node.const
    return apply(read, [given]) if isinstance(given, np.ndarray) and given.ndim else read(given)


def read(number: Any) -> Any:
    """A float as the decimal that it prints as, or the irrational number that it stands for."""
    known = EXACTLY.get(float(number))
    if known:
        return known(mp())
    found = mp().mpf(repr(float(number)))
    if not mp().isfinite(found):
        raise UndefinedError
    return found


def computed(node: Node, xs: Sequence[Any]) -> Any:
    """The value of an operation. Raises UndefinedError and UnsupportedError."""
    op = node.op
    assert op is not None
    if isinstance(op, Elementwise):
        function = exactly(op, ())
        if function is None:
            raise UnsupportedError
        return apply(lambda *given: finite(function, given), xs)
    own = numbers()
    try:
        found = ROWS.get(op, op.value)(*[array(x) for x in xs], **op.all_statics(node.params or NONE))
    except ZeroDivisionError:
        raise UndefinedError from None
    except (TypeError, ValueError, AttributeError):
        raise (UndefinedError if op in ROWS else UnsupportedError) from None
    elements = array(np.frompyfunc(whole, 1, 1)(array(found)))
    if not all(map(own.isfinite, elements.flat)):
        raise UndefinedError
    return elements if elements.ndim else elements[()]


def whole(element: Any) -> Any:
    """An element, a whole number among them as mpmath's.

    Raises UnsupportedError for a float that has lost digits, UndefinedError for what is no real number.
    """
    if isinstance(element, mp().mpf):
        return element
    if isinstance(element, mp().mpc) or element != element:
        raise UndefinedError
    if not float(element).is_integer():
        raise UnsupportedError
    return mp().mpf(float(element))


def array(x: Any) -> Any:
    """An array of objects."""
    return np.asarray(x, dtype=object)


def apply(function: Any, xs: Sequence[Any]) -> Any:
    """A function of numbers, element by element."""
    if not any(map(is_array, xs)):
        return function(*xs)
    return array(np.frompyfunc(function, len(xs), 1)(*xs))


def finite(function: Any, numbers: Sequence[Any]) -> Any:
    """The value of a row on numbers. Raises UndefinedError where there is none, or one past all bounds."""
    try:
        found = mp().convert(function(*numbers)[0])
    except (ValueError, ArithmeticError, mp().NoConvergence):
        raise UndefinedError from None
    if isinstance(found, mp().mpc) or not mp().isfinite(found):
        raise UndefinedError
    if found and not -FARTHEST < mp().mag(found) < FARTHEST:
        raise UndefinedError
    return found
