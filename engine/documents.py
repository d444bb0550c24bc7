"""The documents the engine answers with: plain records, in the order of fields in which they are sent."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from engine.errors import Span
from engine.events import Event
from engine.graph import Graph, Node
from engine.primitive import Primitive
from engine.values import Value

TRACE_VERSION = 1


class NodeRecord(Struct, frozen=True, gc=False, omit_defaults=True):
    """A node of a graph; `const` on constants, `created` (its number, from 1) on nodes that the pass made."""

    id: int
    op: str | None
    name: str
    inputs: tuple[int, ...]
    shape: tuple[int, ...]
    span: Span | None
    const: Value | None = None
    params: dict[str, Any] | None = None
    created: int | None = None


class GraphRecord(Struct, frozen=True):
    """Nodes in the order of the list, and which of them are inputs, outputs and assigned names."""

    nodes: list[NodeRecord]
    inputs: list[int]
    outputs: list[int]
    labels: dict[str, int]


class OpRecord(Struct, frozen=True, omit_defaults=True):
    """A row of the table of operations.

    `statics` are the parameters, such as an axis, that no data flows through; an `internal` row is one that no formula
    calls by name.
    """

    name: str
    arity: int | None
    latex: str
    python: str
    precedence: int
    partials: list[str]
    domain: str
    aliases: list[str]
    about: dict[str, str]
    pointwise: bool = True
    statics: dict[str, Any] = {}
    internal: bool = False


class InputRecord(Struct, frozen=True, omit_defaults=True):
    """A free input of a formula, the shape of its value (guessed where none was given), and where it first stands.

    `kind` says what an operation takes its elements for where not every number will do: a `Reading`.
    """

    name: str
    shape: tuple[int, ...]
    span: Span | None
    kind: str | None = None
    classes: int | None = None


class Line(Struct, frozen=True):
    """A line of an algorithm; `bind` is i or k where the line's loop variable is the event's node or source."""

    code: str
    bind: str | None


class GraphDocument(Struct, frozen=True):
    """A parsed formula."""

    source: str
    graph: GraphRecord
    latex: str
    inputs: list[InputRecord]
    output: str
    ops: dict[str, OpRecord]


class TraceDocument(Struct, frozen=True, rename={"pass_": "pass"}):
    """The recorded run of one pass: docs/trace.md."""

    version: int
    pass_: str
    source: str
    inputs: dict[str, Value]
    wrt: list[str]
    seed: Value | dict[str, Value] | None
    output: str
    options: dict[str, Any]
    graph: GraphRecord
    ops: dict[str, OpRecord]
    algorithm: list[Line]
    events: list[Event]
    result: dict[str, Any]


class Passes(Struct, frozen=True):
    """What a Jacobian costs: a forward pass for each column, or a reverse pass for each row; and which was run."""

    mode: str
    forward: int
    reverse: int


class Derivatives(Struct, frozen=True, omit_defaults=True):
    """Numbers only: what was asked for.

    A Jacobian has the axes of the output, then those of the input; a Hessian those of its two inputs, in that order.
    """

    value: Value | None = None
    gradient: dict[str, Value] | None = None
    jacobian: dict[str, Value] | None = None
    passes: Passes | None = None
    hessian: dict[str, dict[str, Value]] | None = None
    jvp: Value | None = None
    vjp: dict[str, Value] | None = None
    hvp: dict[str, Value] | None = None
    directional: Value | None = None
    derivative: Value | None = None
    status: dict[str, str] | None = None


def graph_record(graph: Graph, made_from: int | None = None) -> GraphRecord:
    """A graph as it is sent; nodes from id `made_from` on are numbered in order of creation."""
    names = graph.names
    records, created = [], 0
    start = len(graph.nodes) if made_from is None else made_from
    for node in graph.nodes:
        number = None
        if node.id >= start and (node.op is not None or node.params):
            created += 1
            number = created
        records.append(node_record(node, names[node.id], number))
    return GraphRecord(records, list(graph.inputs.values()), list(graph.outputs), graph.labels)


def node_record(node: Node, name: str, created: int | None) -> NodeRecord:
    """A node as it is sent."""
    op = node.op.name if node.op is not None else None
    return NodeRecord(node.id, op, name, node.inputs, node.shape, node.span, node.const, node.params, created)


def ops_of(graph: Graph) -> list[Primitive]:
    """The operations a graph uses, in the order of their names."""
    return sorted(graph.ops, key=repr)
