"""The objects a course asks for, from tapes: gradients, Jacobians, Hessians and their products with a direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from engine import limits
from engine.array_tape import ArrayTape
from engine.blocks import REVERSE, cheaper, check_entries, elements, from_columns, from_rows, units
from engine.documents import Passes
from engine.errors import EngineError, Words
from engine.graph import Graph, check_scalar, status, zeros
from engine.passes import Job
from engine.passes.forward import forward
from engine.tape import Tape
from engine.trace import finish
from engine.values import Value

Point = Mapping[str, Value]


def asked(
    graph: Graph, run: Tape | ArrayTape, point: Point, names: Sequence[str], want: Sequence[str]
) -> dict[str, Any]:
    """Of the value, the gradient and the Jacobian what is in `want`.

    Raises EngineError `output_not_scalar` for the gradient of an array.
    """
    found: dict[str, Any] = {}
    if isinstance(run, ArrayTape) and "jacobian" in want:
        found["jacobian"], found["passes"] = jacobian(run, names, point)
    if "gradient" in want:
        check_scalar(graph)
    output = graph.outputs[0]
    value, row = run.run(point, zeros(graph, output) if graph.nodes[output].shape else 1.0)
    gradient = dict(zip(names, row, strict=True))
    if "value" in want:
        found["value"] = value
    if "gradient" in want:
        found["gradient"] = gradient
    if "jacobian" in want and isinstance(run, Tape):
        found |= {"jacobian": gradient, "passes": Passes("reverse", len(names), 1)}
    if not all(np.all(part) for part in row):
        found["status"] = status(graph, names)
    return found


def pushed(job: Job) -> Value:
    """The tangent of the output along the seed, by the forward pass."""
    output = job.graph.outputs[0]
    tangent = finish(forward(job.graph, job.inputs, job.direction))[1][output]
    return zeros(job.graph, output) if tangent is None else tangent


def unit_length(direction: Point) -> dict[str, Value]:
    """The direction over its Euclidean length. Raises EngineError `bad_seed` for none at all."""
    length = sqrt(sum(float(np.sum(np.square(part))) for part in direction.values()))
    if not length:
        raise EngineError("bad_seed", expected=Words("word.direction"))
    return {name: part / length for name, part in direction.items()}


def jacobian(run: ArrayTape, names: Sequence[str], point: Point) -> tuple[dict[str, Value], Passes]:
    """The Jacobian by every input: by rows in reverse mode or by columns in forward mode, whichever takes fewer passes.

    Each has the axes of the output, then those of the input. Raises EngineError `too_many_elements`.
    """
    outputs, inputs = [run.shapes[node] for node in run.outputs], [run.shapes[node] for node in run.wrt]
    rows, columns = elements(outputs), elements(inputs)
    check_entries(rows, columns)
    kept, mode = run.evaluate(point), cheaper(rows, columns)
    if mode == REVERSE:
        blocks = from_rows([run.pull(kept, unit) for unit in units(outputs[0])], outputs, inputs)
    else:
        blocks = from_columns(list(columns_of(run, kept)), outputs, inputs)
    return dict(zip(names, blocks[0], strict=True)), Passes(mode, columns, rows)


def check_size(names: Sequence[str], point: Point) -> None:
    """Raises EngineError `too_many_inputs` when a Hessian would be too large."""
    count = sum(np.size(point[name]) for name in names)
    if count > limits.HESSIAN_INPUTS:
        raise EngineError("too_many_inputs", None, "fewer_inputs", limit=limits.HESSIAN_INPUTS, found=count)


def by_numbers(components: Sequence[Tape], names: Sequence[str], point: Point) -> dict[str, dict[str, Value]]:
    """The Hessian of a graph of numbers: a reverse pass for each component of the gradient."""
    rows = [component.run(point)[1] for component in components]
    return {name: dict(zip(names, row, strict=True)) for name, row in zip(names, rows, strict=True)}


def by_arrays(second: ArrayTape, names: Sequence[str], point: Point) -> dict[str, dict[str, Value]]:
    """The Hessian by Hessian-vector products: a forward pass over the gradient for each element of an input."""
    shapes = [np.shape(point[name]) for name in names]
    blocks = from_columns(list(columns_of(second, second.evaluate(point))), shapes, shapes)
    return {name: dict(zip(names, row, strict=True)) for name, row in zip(names, blocks, strict=True)}


def hessian_times(second: ArrayTape, names: Sequence[str], point: Point, direction: Point) -> dict[str, Value]:
    """The Hessian times a direction, forward over reverse: Pearlmutter 1994, Christianson 1992."""
    aims = {node: direction[name] for name, node in zip(names, second.wrt, strict=True)}
    return dict(zip(names, second.push(second.evaluate(point), aims), strict=True))


def columns_of(run: ArrayTape, kept: Sequence[Any]) -> Iterator[list[Value]]:
    """A forward pass for each element of the inputs, at the values `kept`."""
    return (run.push(kept, {node: unit}) for node in run.wrt for unit in units(run.shapes[node]))
