"""The passes, in one table. A pass is a generator of events that returns its result; see `engine.trace`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from engine.errors import NUMBER, TANGENTS, EngineError, Words
from engine.graph import Graph, check_scalar, spelled, status, zeros
from engine.passes import adjoint_graph, evaluate, forward, jacobian, reverse, simplify
from engine.passes.told import told_back, told_forward
from engine.primitive import Shape
from engine.reader import value_from
from engine.trace import Trace, record
from engine.values import Value

Algorithm = tuple[tuple[str, str | None], ...]
"""Lines of pseudocode, each with the loop variable it binds."""


class Job(NamedTuple):
    """What a pass is asked.

    A graph with one output, a number per input, the inputs of interest, the seed, the options.
    """

    graph: Graph
    inputs: Mapping[str, Value]
    wrt: list[str]
    seed: Any
    options: Mapping[str, Any]

    @property
    def wrt_ids(self) -> list[int]:
        """The inputs of interest by id."""
        return [self.graph.inputs[name] for name in self.wrt]

    @property
    def cotangent(self) -> Value:
        """The seed of a reverse pass, in the shape of the output: 1 for a number unless given.

        Raises EngineError `bad_seed`, and `output_not_scalar` when an array has none.
        """
        if self.seed is None:
            check_scalar(self.graph)
            return 1.0
        if isinstance(self.seed, Mapping):
            raise EngineError("bad_seed", expected=NUMBER)
        return spread(self.seed, self.graph.nodes[self.graph.outputs[0]].shape)

    @property
    def direction(self) -> dict[str, Value]:
        """The seed of a forward pass: a tangent per input, in its shape, 0 where none is given.

        Without any, it is 1 for the first of `wrt`. Raises EngineError `bad_seed`.
        """
        seed = {self.wrt[0]: 1.0} if self.seed is None and self.wrt else self.seed or {}
        if not isinstance(seed, Mapping):
            raise EngineError("bad_seed", expected=TANGENTS)
        for name in seed:
            if name not in self.graph.inputs:
                raise EngineError("bad_seed", expected=Words("word.input_not", {"name": name}))
        nodes = self.graph.nodes
        return {
            name: spread(seed.get(name, 0.0), nodes[i].shape, f"seed.{name}") for name, i in self.graph.inputs.items()
        }


def spread(given: Any, shape: Shape, name: str = "seed") -> Value:
    """A seed in the shape it must have; a number stands for all elements. Raises EngineError `bad_seed`."""
    value = value_from(given, "bad_seed")
    if np.shape(value) == shape:
        return value
    if np.shape(value):
        raise EngineError("bad_shape", name=name, found=spelled(np.shape(value)), expected=spelled(shape))
    return np.full(shape, value)


class Outcome(NamedTuple):
    """What a pass leaves.

    The graph with every node its events speak of, where the made ones begin, the seed used, the result to send, and in
    which of its modes it ran.
    """

    graph: Graph
    made_from: int | None
    seed: Any
    result: dict[str, Any]
    mode: str | None = None


class Pass(NamedTuple):
    """A row of the table: the algorithm's lines, each with the loop variable it binds, and how to run and record it.

    `modes` has the algorithm of each mode where there are several. With the option `gradient` a pass runs on the graph
    of the gradient, simplified or `as_built`.
    """

    algorithm: Algorithm
    run: Callable[[Job], Trace[Outcome]]
    options: tuple[str, ...] = ("of",)
    modes: Mapping[str, Algorithm] = MappingProxyType({})
    as_built: bool = False

    def lines(self, mode: str | None) -> Algorithm:
        """The algorithm of a mode."""
        return self.algorithm if mode is None else self.modes[mode]


def run_evaluate(job: Job) -> Trace[Outcome]:
    """Values alone."""
    events, values = record(evaluate.evaluate(job.graph, job.inputs))
    return Trace(events, Outcome(job.graph, None, None, {"value": values[job.graph.outputs[0]]}))


def run_forward(job: Job) -> Trace[Outcome]:
    """Values and tangents along the seed."""
    direction = job.direction
    events, (values, tangents) = record(forward.forward(job.graph, job.inputs, direction))
    events = told_forward(job.graph, job.inputs, events)
    output = job.graph.outputs[0]
    tangent = tangents[output]
    result = {"value": values[output], "tangent": zeros(job.graph, output) if tangent is None else tangent}
    return Trace(events, Outcome(job.graph, None, direction, result))


def run_reverse(job: Job) -> Trace[Outcome]:
    """Values, then the adjoints of the inputs of interest."""
    graph, seed, ids = job.graph, job.cotangent, job.wrt_ids
    events, back = record(reverse.reverse(graph, job.inputs, ids, seed))
    events = told_back(graph, events, back)
    adjoints = [back.adjoints[node] for node in ids]
    result = {
        "value": back.values[graph.outputs[0]],
        "gradient": {
            name: zeros(graph, graph.inputs[name]) if adjoint is None else adjoint
            for name, adjoint in zip(job.wrt, adjoints, strict=True)
        },
        "status": {name: back.reasons.get(node, "path") for name, node in zip(job.wrt, ids, strict=True)},
    }
    return Trace(events, Outcome(graph, None, seed, result))


def run_adjoint_graph(job: Job) -> Trace[Outcome]:
    """Values, then the nodes of the reverse graph."""
    graph, seed = job.graph, job.cotangent
    events, built = record(adjoint_graph.adjoint_graph(graph, job.inputs, job.wrt_ids, seed))
    assert built.values is not None
    nodes = {name: built.adjoints.get(graph.inputs[name]) for name in job.wrt}
    result = {
        "value": built.values[graph.outputs[0]],
        "gradient": {
            name: zeros(graph, graph.inputs[name]) if node is None else built.values[node]
            for name, node in nodes.items()
        },
        "status": {name: built.reasons.get(node, "path") for name, node in graph.inputs.items() if name in nodes},
        "adjoints": nodes,
        "created": sum(n.op is not None or n.params is not None for n in built.graph.nodes[len(graph.nodes) :]),
    }
    return Trace(events, Outcome(built.graph, len(graph.nodes), seed, result))


def run_simplify(job: Job) -> Trace[Outcome]:
    """Values, then rewrites."""
    graph = job.graph
    events, (arena, simple) = record(simplify.simplify(graph, job.inputs))
    operations = [sum(node.op is not None for node in nodes) for nodes in (graph.nodes, simple.nodes)]
    result = {"before": operations[0], "after": operations[1], "graph": simple}
    return Trace(events, Outcome(arena, len(graph.nodes), None, result))


def run_jacobian(job: Job) -> Trace[Outcome]:
    """Values, then the Jacobian of all outputs: of a gradient it is the Hessian."""
    graph, names = job.graph, job.wrt
    events, found = record(jacobian.jacobian(graph, job.inputs, job.wrt_ids, job.options.get("mode")))
    rows = [dict(zip(names, blocks, strict=True)) for blocks in found.blocks]
    values = [found.values[node] for node in graph.outputs]
    result: dict[str, Any]
    if job.options.get("gradient"):
        result = {
            "gradient": dict(zip(names, values, strict=True)),
            "hessian": dict(zip(names, rows, strict=True)),
        }
    else:
        result = {"value": values[0], "jacobian": rows[0]}
    result |= {
        "mode": found.mode,
        "passes": {"forward": found.columns, "reverse": found.rows},
        "status": status(graph, names),
    }
    return Trace(events, Outcome(graph, None, None, result, found.mode))


PASSES: dict[str, Pass] = {
    "evaluate": Pass(evaluate.ALGORITHM, run_evaluate),
    "forward": Pass(forward.ALGORITHM, run_forward),
    "reverse": Pass(reverse.ALGORITHM, run_reverse),
    "adjoint_graph": Pass(adjoint_graph.ALGORITHM, run_adjoint_graph),
    "simplify": Pass(simplify.ALGORITHM, run_simplify, ("of", "gradient"), as_built=True),
    "jacobian": Pass(jacobian.ROWS, run_jacobian, ("of", "gradient", "mode"), jacobian.ALGORITHMS),
}
