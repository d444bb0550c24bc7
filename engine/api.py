"""What the engine does for a caller: parse, trace a pass, give derivatives. Text in, documents out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from typing import Any, TypeVar

from engine import latex, limits
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
from engine.errors import FINITE_NUMBER, NAMES, NUMBER, EngineError
from engine.explain import op_record
from engine.graph import Graph
from engine.passes import PASSES, Job
from engine.passes.forward import forward
from engine.syntax import parse
from engine.tape import Tape
from engine.trace import finish

SHORT = 2_000
"""Sources up to so many characters are remembered: a grader asks about the same one ten thousand times."""
WANTS = ("value", "gradient", "jacobian", "hessian")

T = TypeVar("T")


def remembered(function: Callable[..., T]) -> Callable[..., T]:
    """Keep the last results for short sources; the source is the first argument, all arguments are hashable."""
    cached = lru_cache(maxsize=128)(function)
    return lambda source, *args: cached(source, *args) if len(source) <= SHORT else function(source, *args)


parsed = remembered(parse)


@remembered
def tape(source: str, output: str | None, wrt: tuple[str, ...]) -> Tape:
    """The tape of a source's output, differentiated by `wrt`."""
    graph = select(parsed(source), output)
    return Tape(graph, graph.outputs[0], [graph.inputs[name] for name in wrt])


@remembered
def gradient_tapes(source: str, output: str | None, wrt: tuple[str, ...]) -> list[Tape]:
    """A tape for each component of the gradient: run, they give the rows of the Hessian."""
    graph = simplified(gradient_graph(select(parsed(source), output), wrt))
    ids = [graph.inputs[name] for name in wrt]
    return [Tape(graph, component, ids) for component in graph.outputs]


def graph(source: str, inputs: Mapping[str, Any] | None = None) -> GraphDocument:
    """Parse a source: its graph, its LaTeX, and what it asks for. Raises EngineError."""
    found = parsed(source)
    if inputs is not None:
        numbers(found, inputs, complete=False)
    nodes = found.nodes
    asked = [InputRecord(name, nodes[i].shape, nodes[i].span) for name, i in found.inputs.items()]
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
    given = parsed(source)
    point = numbers(given, inputs)
    of = check_options(given, row.options, options)
    base = select(given, output)
    name = called(base)
    names = check_wrt(base, wrt)
    base = derivative(base, of)
    if options.get("gradient"):
        base = gradient_graph(base, names)
    job = Job(base, point, names, check_seed(seed), options)
    run = row.run(job)
    graph, made_from, used_seed, result = run.result
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
        [Line(code, bind) for code, bind in row.algorithm], run.events, result,
    )  # fmt: skip
    return document, graph


def derivatives(
    source: str,
    inputs: Mapping[str, Any],
    want: Sequence[str],
    *,
    wrt: Sequence[str] | None = None,
    jvp: Mapping[str, Any] | None = None,
    vjp: Any = None,
    output: str | None = None,
) -> Derivatives:
    """Numbers only, without steps. Raises EngineError."""
    for name in want:
        if name not in WANTS:
            raise EngineError("bad_want", name=name, expected=", ".join(WANTS))
    given = parsed(source)
    point = numbers(given, inputs)
    names = tuple(check_wrt(given, wrt))
    select(given, output)
    value, row = tape(source, output, names).run(point)
    gradient = dict(zip(names, row, strict=True))
    found: dict[str, Any] = {}
    if "value" in want:
        found["value"] = value
    if "gradient" in want:
        found["gradient"] = gradient
    if "jacobian" in want:
        found["jacobian"] = gradient
    if "hessian" in want:
        if len(names) > limits.HESSIAN_INPUTS:
            raise EngineError("too_many_inputs", limit=limits.HESSIAN_INPUTS, found=len(names))
        rows = [component.run(point)[1] for component in gradient_tapes(source, output, names)]
        found["hessian"] = {name: dict(zip(names, row, strict=True)) for name, row in zip(names, rows, strict=True)}
    if jvp is not None:
        base = select(given, output)
        direction = Job(base, point, list(names), check_seed(jvp), {}).direction
        tangent = finish(forward(base, point, direction))[1][base.outputs[0]]
        found["jvp"] = 0.0 if tangent is None else tangent
    if vjp is not None:
        cotangent = Job(given, point, list(names), check_seed(vjp), {}).cotangent
        found["vjp"] = dict(zip(names, tape(source, output, names).run(point, cotangent)[1], strict=True))
    if 0.0 in row:
        found["status"] = status(select(given, output), names)
    return Derivatives(**found)


def status(graph: Graph, wrt: Sequence[str]) -> dict[str, str]:
    """Per input: is there a `path` to the output, `no_path`, or only `stopped` ones?"""
    leads, unstopped = graph.leads_to(graph.outputs), graph.leads_to(graph.outputs, through_stops=False)
    nodes = {name: graph.inputs[name] for name in wrt}
    return {name: "path" if unstopped[i] else "stopped" if leads[i] else "no_path" for name, i in nodes.items()}


# ---- what a caller may ask -------------------------------------------------------------------------------------------


def numbers(graph: Graph, inputs: Mapping[str, Any], complete: bool = True) -> dict[str, float]:
    """The caller's values as floats, in the order of the inputs. Raises EngineError when one is missing or odd."""
    point: dict[str, float] = {}
    for name, node in graph.inputs.items():
        if name not in inputs:
            if complete:
                raise EngineError("missing_input", graph.nodes[node].span, name=name)
            continue
        point[name] = real(inputs[name], "bad_input", name=name)
    for name in inputs:
        if name not in graph.inputs:
            raise EngineError("unexpected_input", name=name, expected=", ".join(graph.inputs) or "-")
    return point


def real(value: Any, code: str, **words: Any) -> float:
    """A finite number as a float. Raises EngineError `code` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EngineError(code, expected=NUMBER, **words)
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise EngineError(code, expected=FINITE_NUMBER, **words)
    return number


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


def check_seed(seed: Any) -> Any:
    """A number, a number per name, or None."""
    if seed is None:
        return None
    if isinstance(seed, Mapping):
        return {name: real(value, "bad_seed") for name, value in seed.items()}
    return real(seed, "bad_seed")


def check_options(graph: Graph, allowed: Sequence[str], options: Mapping[str, Any]) -> list[str]:
    """The inputs to differentiate by before the pass runs. Raises EngineError `bad_option`."""
    for name in options:
        if name not in allowed:
            raise EngineError("bad_option", name=name, expected=", ".join(allowed))
    if not isinstance(options.get("gradient", False), bool):
        raise EngineError("bad_option", name="gradient", expected="true, false")
    of = options.get("of", [])
    if not isinstance(of, list) or not all(isinstance(name, str) for name in of):
        raise EngineError("bad_option", name="of", expected=NAMES)
    return [*map(str, of)] if not of else [check_wrt(graph, [name])[0] for name in of]
