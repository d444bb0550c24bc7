"""What the engine does for a caller: parse, trace a pass, give derivatives. Text in, documents out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from engine import latex
from engine.array_tape import ArrayTape
from engine.card import Card, Say, card_of
from engine.derive import derivative, gradient_graph, simplified
from engine.documents import (
    TRACE_VERSION,
    Derivatives,
    GraphDocument,
    InputRecord,
    Line,
    TraceDocument,
    graph_record,
    ops_of,
)
from engine.edges import Inspection, inspection
from engine.errors import NAMES, EngineError
from engine.explain import op_record
from engine.graph import Graph
from engine.methods import claims
from engine.methods import compare as bench
from engine.methods.records import Comparison
from engine.objects import asked, by_arrays, by_numbers, check_size, hessian_times, pushed, unit_length
from engine.passes import PASSES, Job, Pass
from engine.passes.evaluate import evaluate
from engine.primitive import Shape
from engine.reader import value_from
from engine.shapes import guessed, readings, shaped
from engine.syntax import parse
from engine.tape import Tape
from engine.trace import finish
from engine.values import Value

SHORT = 2_000
"""Sources up to so many characters are remembered: a grader asks about the same one ten thousand times."""
WANTS = ("value", "gradient", "jacobian", "hessian")
SIMPLE = frozenset(WANTS) - {"hessian"}
"""What one run of a tape gives."""

T = TypeVar("T")
Shapes = tuple[Shape, ...]
"""The shape of every input, in their order; () when all are numbers."""


def remembered(function: Callable[..., T]) -> Callable[..., T]:
    """Keep the last results for short sources; the source is the first argument, all arguments are hashable."""
    cached = lru_cache(maxsize=128)(function)
    return lambda source, *args: cached(source, *args) if len(source) <= SHORT else function(source, *args)


parsed = remembered(parse)


@remembered
def formed(source: str, shapes: Shapes) -> Graph:
    """The graph of a source for inputs of these shapes."""
    found = parsed(source)
    return shaped(found, dict(zip(found.inputs, shapes, strict=bool(shapes))))


@remembered
def guess(source: str) -> dict[str, Shape]:
    """Shapes with which a source makes sense."""
    return guessed(parsed(source), {})


@remembered
def tape(source: str, shapes: Shapes, output: str | None, wrt: tuple[str, ...]) -> Tape | ArrayTape:
    """The tape of a source's output, differentiated by `wrt`."""
    graph = select(formed(source, shapes), output)
    ids = [graph.inputs[name] for name in wrt]
    return ArrayTape(graph, graph.outputs, ids) if graph.tensors else Tape(graph, graph.outputs[0], ids)


@remembered
def gradient_tapes(source: str, shapes: Shapes, output: str | None, wrt: tuple[str, ...]) -> list[Tape]:
    """A tape for each component of the gradient of a graph of numbers: run, they give the rows of the Hessian."""
    graph = simplified(gradient_graph(select(formed(source, shapes), output), wrt))
    ids = [graph.inputs[name] for name in wrt]
    return [Tape(graph, component, ids) for component in graph.outputs]


@remembered
def gradient_tape(source: str, shapes: Shapes, output: str | None, wrt: tuple[str, ...]) -> ArrayTape:
    """The tape of the gradient: pushed forward, it gives Hessian-vector products (forward over reverse)."""
    graph = simplified(gradient_graph(select(formed(source, shapes), output), wrt))
    return ArrayTape(graph, graph.outputs, [graph.inputs[name] for name in wrt])


def graph(source: str, inputs: Mapping[str, Any] | None = None) -> GraphDocument:
    """Parse a source: its graph, its LaTeX, and what it asks for. Raises EngineError.

    The shape of an input without a value is guessed.
    """
    found = parsed(source)
    point = {} if inputs is None else values(found, inputs, complete=False)
    shapes = guessed(found, {name: np.shape(value) for name, value in point.items()}) if point else guess(source)
    found = formed(source, shape_key(found, shapes))
    nodes = found.nodes
    kinds = readings(found)
    asked = [InputRecord(name, nodes[i].shape, nodes[i].span, *kinds.get(name, ())) for name, i in found.inputs.items()]
    ops = {op.name: op_record(op) for op in ops_of(found)}
    return GraphDocument(source, graph_record(found), latex.expression(found), asked, called(found), ops)


def trace(
    source: str,
    inputs: Mapping[str, Any],
    pass_name: str,
    *,
    wrt: Sequence[str] | None = None,
    seed: Any = None,
    output: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> TraceDocument:
    """Every step of one pass: docs/trace.md. Raises EngineError."""
    return traced(source, inputs, pass_name, wrt=wrt, seed=seed, output=output, options=options)[0]


def traced(
    source: str,
    inputs: Mapping[str, Any],
    pass_name: str,
    *,
    wrt: Sequence[str] | None = None,
    seed: Any = None,
    output: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> tuple[TraceDocument, Graph]:
    """The document of a trace, and the graph that its node ids speak of."""
    row = PASSES.get(pass_name)
    if row is None:
        raise EngineError("unknown_pass", name=pass_name, expected=", ".join(PASSES))
    options = dict(options or {})
    point = values(parsed(source), inputs)
    given = formed(source, shapes_of(point))
    of = check_options(given, row, options)
    base = select(given, output)
    name = called(base)
    names = check_wrt(base, wrt)
    base = derivative(base, of)
    if options.get("gradient"):
        base = gradient_graph(base, names)
        base = base if row.as_built else simplified(base)
    job = Job(base, point, names, seed, options)
    run = row.run(job)
    graph, made_from, used_seed, result, mode = run.result
    if isinstance(result.get("graph"), Graph):
        simple = result["graph"]
        result = {
            **result,
            "graph": graph_record(simple),
            "latex": [latex.expression(simple, i) for i in simple.outputs],
        }
    document = TraceDocument(
        TRACE_VERSION, pass_name, source, point, names, used_seed, name, options,
        graph_record(Graph(graph.nodes, base.outputs, graph.source, graph.labels), made_from),
        {op.name: op_record(op) for op in ops_of(graph)},
        [Line(code, bind) for code, bind in row.lines(mode)], run.events, result,
    )  # fmt: skip
    return document, graph


def card(
    source: str,
    inputs: Mapping[str, Any],
    pass_name: str,
    node: int,
    *,
    wrt: Sequence[str] | None = None,
    seed: Any = None,
    output: str | None = None,
    options: Mapping[str, Any] | None = None,
    say: Say | None = None,
) -> Card:
    """All about one node of a trace: docs/api.md. `say` turns a message into a sentence. Raises EngineError."""
    document, steps = traced(source, inputs, pass_name, wrt=wrt, seed=seed, output=output, options=options)
    return card_of(document, steps, node, say)


def inspect(
    source: str,
    inputs: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    output: str | None = None,
    of: Sequence[str] | None = None,
    say: Say | None = None,
) -> Inspection:
    """Honesty at the edges: docs/api.md. `say` turns a message into a sentence. Raises EngineError."""
    point = values(parsed(source), inputs)
    given = formed(source, shapes_of(point))
    base = select(given, output)
    names = check_wrt(base, wrt)
    high = derivative(base, [check_wrt(given, [name])[0] for name in of or ()])
    return inspection(high, point, names, say)


def derivatives(
    source: str,
    inputs: Mapping[str, Any],
    want: Sequence[str],
    *,
    wrt: Sequence[str] | None = None,
    jvp: Mapping[str, Any] | None = None,
    vjp: Any = None,
    hvp: Mapping[str, Any] | None = None,
    directional: Mapping[str, Any] | None = None,
    of: Sequence[str] | None = None,
    output: str | None = None,
) -> Derivatives:
    """Numbers only, without steps. Raises EngineError."""
    for name in want:
        if name not in WANTS:
            raise EngineError("bad_want", name=name, expected=", ".join(WANTS))
    point = values(parsed(source), inputs)
    shapes = shapes_of(point)
    given = formed(source, shapes)
    names = tuple(check_wrt(given, wrt))
    base = select(given, output)
    job = Job(base, point, list(names), None, {})
    key = source, shapes, output, names
    run = tape(*key)
    found: dict[str, Any] = {}
    if not SIMPLE.isdisjoint(want):
        found |= asked(base, run, point, names, want)
    if "hessian" in want:
        check_size(names, point)
        if base.tensors:
            found["hessian"] = by_arrays(gradient_tape(*key), names, point)
        else:
            found["hessian"] = by_numbers(gradient_tapes(*key), names, point)
    if jvp is not None:
        found["jvp"] = pushed(job._replace(seed=jvp))
    if directional is not None:
        found["directional"] = pushed(job._replace(seed=unit_length(job._replace(seed=directional).direction)))
    if vjp is not None:
        found["vjp"] = dict(zip(names, run.run(point, job._replace(seed=vjp).cotangent)[1], strict=True))
    if hvp is not None:
        found["hvp"] = hessian_times(gradient_tape(*key), names, point, job._replace(seed=hvp).direction)
    if of is not None:
        high = derivative(base, [check_wrt(given, [name])[0] for name in of])
        found["derivative"] = finish(evaluate(high, point))[high.outputs[0]]
    return Derivatives(**found)


def compare(
    source: str,
    inputs: Mapping[str, Any],
    *,
    wrt: Sequence[str] | None = None,
    output: str | None = None,
    want: Sequence[str] = ("methods",),
    h: float | None = None,
    claim: Mapping[str, Any] | None = None,
    seed: int = 0,
    say: Say | None = None,
) -> Comparison:
    """Every method side by side: docs/api.md. `say` turns a message into a sentence. Raises EngineError."""
    for name in want:
        if name not in bench.WANTS:
            raise EngineError("bad_want", name=name, expected=", ".join(bench.WANTS))
    point = values(parsed(source), inputs)
    given = formed(source, shapes_of(point))
    names = check_wrt(given, wrt)
    step = None if h is None else claims.step(h)
    found = claims.gradient(claim or {}, point, names)
    chosen = claims.seed(seed)
    return bench.compare(select(given, output), point, names, want, h=step, claim=found, seed=chosen, say=say)


# ---- what a caller may ask -------------------------------------------------------------------------------------------


def values(graph: Graph, inputs: Mapping[str, Any], complete: bool = True) -> dict[str, Value]:
    """The caller's values, in the order of the inputs. Raises EngineError when one is missing or odd."""
    point: dict[str, Value] = {}
    for name, node in graph.inputs.items():
        if name not in inputs:
            if complete:
                raise EngineError("missing_input", graph.nodes[node].span, name=name)
            continue
        point[name] = value_from(inputs[name], "bad_input", name=name)
    for name in inputs:
        if name not in graph.inputs:
            raise EngineError("unexpected_input", name=name, expected=", ".join(graph.inputs) or "-")
    return point


def shapes_of(point: Mapping[str, Value]) -> Shapes:
    """The shapes of the inputs' values, as a key."""
    if all(isinstance(value, float) for value in point.values()):
        return ()
    return tuple(map(np.shape, point.values()))


def shape_key(graph: Graph, shapes: Mapping[str, Shape]) -> Shapes:
    """The same from shapes by name."""
    return tuple(shapes[name] for name in graph.inputs) if any(shapes.values()) else ()


def select(graph: Graph, output: str | None) -> Graph:
    """The same list with another output: a name the user assigned, or a node's own."""
    if output is None:
        return graph
    node = graph.labels.get(output)
    if node is None:
        if output not in graph.names:
            raise EngineError("unknown_output", name=output, expected=", ".join(graph.labels) or called(graph))
        node = graph.names.index(output)
    return Graph(graph.nodes, [node], graph.source, graph.labels)


def called(graph: Graph) -> str:
    """What the first output is called."""
    return graph.names[graph.outputs[0]]


def check_wrt(graph: Graph, wrt: Sequence[str] | None) -> list[str]:
    """The inputs of interest, all unless given."""
    if wrt is None:
        return list(graph.inputs)
    for name in wrt:
        if name not in graph.inputs:
            near = get_close_matches(name, graph.inputs, 1)
            raise EngineError("unknown_wrt", name=name, expected=", ".join(near or graph.inputs) or "-")
    return list(dict.fromkeys(wrt))


def check_options(graph: Graph, row: Pass, options: Mapping[str, Any]) -> list[str]:
    """The inputs to differentiate by before the pass runs. Raises EngineError `bad_option`."""
    for name in options:
        if name not in row.options:
            raise EngineError("bad_option", name=name, expected=", ".join(row.options))
    if not isinstance(options.get("gradient", False), bool):
        raise EngineError("bad_option", name="gradient", expected="true, false")
    if "mode" in options and options["mode"] not in [*row.modes]:
        raise EngineError("bad_option", name="mode", expected=", ".join(row.modes))
    of = options.get("of", [])
    if not isinstance(of, list) or not all(isinstance(name, str) for name in of):
        raise EngineError("bad_option", name="of", expected=NAMES)
    return [*map(str, of)] if not of else [check_wrt(graph, [name])[0] for name in of]
