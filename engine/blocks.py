"""A Jacobian from passes: a forward pass gives a column of it, a reverse pass a row.

It has a row for each element of the outputs and a column for each element of the inputs. Its blocks, by output and
input, have the axes of the output, then those of the input.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod

import numpy as np

from engine import limits
from engine.errors import EngineError
from engine.graph import constant
from engine.primitive import Shape
from engine.values import Value

FORWARD, REVERSE = "forward", "reverse"
Vectors = Sequence[Sequence[Value]]
"""What each pass gave: a value for each output, or for each input."""
Blocks = list[list[Value]]
"""By output, then by input."""


def cheaper(rows: int, columns: int) -> str:
    """The mode that takes fewer passes; of equally many, reverse mode."""
    return REVERSE if rows <= columns else FORWARD


def elements(shapes: Sequence[Shape]) -> int:
    """How many elements arrays of these shapes have together."""
    return sum(map(prod, shapes))


def check_entries(rows: int, columns: int) -> None:
    """Raises EngineError `too_many_elements`."""
    if rows * columns > limits.ELEMENTS:
        raise EngineError("too_many_elements", None, "smaller_array", limit=limits.ELEMENTS, found=rows * columns)


def units(shape: Shape) -> Iterator[Value]:
    """The standard basis of the arrays of a shape, in row-major order."""
    for place in range(prod(shape)):
        unit = np.zeros(prod(shape))
        unit[place] = 1.0
        yield constant(unit.reshape(shape))


def from_columns(columns: Vectors, outputs: Sequence[Shape], inputs: Sequence[Shape]) -> Blocks:
    """The blocks from a forward pass for each element of the inputs, in order."""
    by_input = list(grouped(columns, inputs))

    def block(k: int, output: Shape, passes: Vectors, source: Shape) -> Value:
        beside = np.moveaxis(np.asarray([column[k] for column in passes]), 0, -1)
        return constant(np.reshape(beside, (*output, *source)))

    return [
        [block(k, output, passes, source) for passes, source in zip(by_input, inputs, strict=True)]
        for k, output in enumerate(outputs)
    ]


def from_rows(rows: Vectors, outputs: Sequence[Shape], inputs: Sequence[Shape]) -> Blocks:
    """The blocks from a reverse pass for each element of the outputs, in order."""

    def block(k: int, output: Shape, passes: Vectors, source: Shape) -> Value:
        return constant(np.reshape(np.asarray([row[k] for row in passes]), (*output, *source)))

    return [
        [block(k, output, passes, source) for k, source in enumerate(inputs)]
        for passes, output in zip(grouped(rows, outputs), outputs, strict=True)
    ]


def grouped(passes: Vectors, shapes: Sequence[Shape]) -> Iterator[Vectors]:
    """The passes that belong to each array: one for each of its elements."""
    rest = iter(passes)
    return (list(islice(rest, prod(shape))) for shape in shapes)
