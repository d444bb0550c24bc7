"""The Wengert list: an immutable list of single assignments, in an order in which each reads only earlier ones.

After R. E. Wengert, "A simple automatic derivative evaluation program", CACM 7(8), 1964.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from engine import limits
from engine.errors import EngineError, Span
from engine.ops import arithmetic
from engine.primitive import Carrier, Elementwise, Primitive, Shape, ShapeError, Traced
from engine.values import Value, brief, check_shape, is_array

if TYPE_CHECKING:
    import networkx


class Node(Struct, frozen=True, gc=False):
    """One assignment: `op(*inputs)`, or a leaf: an input (it has a `name`) or a constant (it has a `const`).

    `inputs` are ids in the order of the arguments: an edge is `(id, argnum)`, so `x*x` has two. `span` is the text it
    came from, None for a node that no one typed. `params` are an operation's statics, such as an axis, or how a
    constant is written.
    """

    id: int
    op: Primitive | None
    inputs: tuple[int, ...] = ()
    span: Span | None = None
    shape: Shape = ()
    name: str | None = None
    const: Value | None = None
    params: dict[str, Any] | None = None


class Graph:
    """Nodes in list order, which is a topological order, so no pass sorts.

    `loose` are the products that someone wrote without a sign, or with · or ×: numbers have only one product, arrays
    several.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        outputs: Sequence[int],
        source: str = "",
        labels: Mapping[str, int] | None = None,
        loose: frozenset[int] = frozenset(),
    ) -> None:
        self.nodes = tuple(nodes)
        self.outputs = tuple(outputs)
        self.source = source
        self.labels = dict(labels or {})
        self.loose = loose

    @cached_property
    def inputs(self) -> dict[str, int]:
        """Name -> id of every input, in the order of the list."""
        return {node.name: node.id for node in self.nodes if node.name is not None}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each node is called: an input by its own name, a constant by its number, the rest v1, v2, ..."""
        taken, names, rank = self.inputs, [], 0
        for node in self.nodes:
            if node.op is None:
                names.append(node.name if node.name is not None else _called(node))
                continue
            rank += 1
            while f"v{rank}" in taken:
                rank += 1
            names.append(f"v{rank}")
        return tuple(names)

    @cached_property
    def ops(self) -> frozenset[Primitive]:
        """The operations that occur."""
        return frozenset([node.op for node in self.nodes if node.op is not None])

    @cached_property
    def mixes(self) -> bool:
        """Is there an operation that mixes elements, or a constant array? Else numbers make a graph of numbers."""
        return not all(op.pointwise for op in self.ops) or any(
            node.shape for node in self.nodes if node.const is not None
        )

    @cached_property
    def tensors(self) -> frozenset[int]:
        """The operations that read or give an array, or mix elements. Empty for a graph of numbers."""
        return frozenset([node.id for node in self.nodes if node.op is not None and is_tensor(node, self.nodes)])

    @cached_property
    def pointwise(self) -> frozenset[Elementwise]:
        """The operations among them that work element by element."""
        return frozenset([op for op in self.ops if isinstance(op, Elementwise)])

    @cached_property
    def users(self) -> tuple[tuple[int, ...], ...]:
        """For each node, the ids of those that read it, once per edge."""
        users: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes:
            for source in node.inputs:
                users[source].append(node.id)
        return tuple(map(tuple, users))

    def depends_on(self, ids: Iterable[int]) -> bytearray:
        """One byte per node: does a path of data edges lead to it from one of `ids`?"""
        reached = bytearray(len(self.nodes))
        for start in ids:
            reached[start] = 1
        for node in self.nodes:
            for source in node.inputs:
                if reached[source]:
                    reached[node.id] = 1
        return reached

    def leads_to(self, ids: Iterable[int], through_stops: bool = True) -> bytearray:
        """One byte per node: does a path lead from it to one of `ids`, if need be through stop_gradient?"""
        reached = bytearray(len(self.nodes))
        for end in ids:
            reached[end] = 1
        for node in reversed(self.nodes):
            if reached[node.id] and (through_stops or node.op is None or not node.op.stops):
                for source in node.inputs:
                    reached[source] = 1
        return reached

    def check(self) -> Graph:
        """Every invariant a pass may rely on; tests call it after each pass. Raises AssertionError."""
        for position, node in enumerate(self.nodes):
            assert node.id == position, f"node {node.id} is at position {position}"
            assert all(0 <= i < position for i in node.inputs), f"node {position} reads a later node"
            if node.op is None:
                assert not node.inputs, f"leaf {position} has inputs"
                assert (node.name is None) != (node.const is None), f"leaf {position} is neither input nor constant"
            else:
                assert node.op.takes(len(node.inputs)), f"{node.op} at {position} has {len(node.inputs)} inputs"
        assert len(self.inputs) == sum(node.name is not None for node in self.nodes), "two inputs share a name"
        assert all(0 <= i < len(self.nodes) for i in self.outputs), "an output is not a node"
        return self

    def to_networkx(self) -> networkx.MultiDiGraph[int]:
        """The same graph for networkx: an edge runs from an input to its user, its key is the argnum."""
        import networkx

        picture: networkx.MultiDiGraph[int] = networkx.MultiDiGraph(outputs=list(self.outputs))
        for node in self.nodes:
            picture.add_node(node.id, op=repr(node.op) if node.op else None, name=self.names[node.id], const=node.const)
            for argnum, source in enumerate(node.inputs):
                picture.add_edge(source, node.id, key=argnum)
        return picture


class Builder:
    """A Wengert list that is still growing."""

    __slots__ = ("limit", "nodes")

    def __init__(self, nodes: Iterable[Node] = (), limit: int = limits.NODES) -> None:
        self.nodes: list[Node] = list(nodes)
        self.limit = limit

    def _add(self, node: Node) -> int:
        if node.id >= self.limit:
            raise EngineError("too_many_nodes", node.span, limit=self.limit)
        self.nodes.append(node)
        return node.id

    def input(self, name: str, shape: Shape = (), span: Span | None = None) -> int:
        """Append the input `name`; return its id."""
        return self._add(Node(len(self.nodes), None, (), span, shape, name))

    def const(self, value: Value, span: Span | None = None, params: dict[str, Any] | None = None) -> int:
        """Append a constant, a literal unless `params` gives it a symbol; return its id."""
        shape: Shape = value.shape if is_array(value) else ()
        return self._add(Node(len(self.nodes), None, (), span, shape, const=value, params=params))

    def apply(
        self, op: Primitive, inputs: tuple[int, ...], params: dict[str, Any] | None = None, span: Span | None = None
    ) -> int:
        """Append `op(*inputs)`, its shape inferred; return its id. Raises EngineError `shape_mismatch`."""
        nodes = self.nodes
        shape = inferred(op, [nodes[i].shape for i in inputs], params, span)
        return self._add(Node(len(nodes), op, inputs, span, shape, params=params))

    def handle(self, node: int) -> Expr:
        """A handle on a node, for rules to compute with."""
        return Expr(self, node)


class Expr(Traced):
    """A handle on one node: arithmetic on it appends nodes.

    What a rule computes from literals alone stays a literal (`n - 1` in the power rule), a literal factor or exponent 1
    is left out, and `x ** 0` is 1; everything else becomes a node, as written. A constant with a name (pi, the seed of
    a reverse graph) is no literal.
    """

    __slots__ = ("builder", "id")

    def __init__(self, builder: Builder, node: int) -> None:
        self.builder = builder
        self.id = node

    @property
    def literal(self) -> float | None:
        """The number, when this is a handle on a number without a name."""
        node = self.builder.nodes[self.id]
        return node.const if node.params is None and isinstance(node.const, float) else None

    @property
    def shape(self) -> Shape:
        """The shape of what the node computes."""
        return self.builder.nodes[self.id].shape

    def bind(self, op: Primitive, args: Sequence[Carrier], params: Mapping[str, Any]) -> Expr:
        """Append `op(*args)`; numbers and arrays among `args` become constants."""
        builder = self.builder
        literals = [literal for arg in args if (literal := _literal(arg)) is not None]
        if len(literals) == len(args) and op.pointwise:
            return Expr(builder, builder.const(op.of_numbers(*literals)))
        ids = tuple(arg.id if isinstance(arg, Expr) else builder.const(constant(arg)) for arg in args)
        return Expr(builder, builder.apply(op, ids, dict(params) or None))

    def __add__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.add, (self, other), {})

    def __radd__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.add, (other, self), {})

    def __sub__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.sub, (self, other), {})

    def __rsub__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.sub, (other, self), {})

    def __mul__(self, other: Carrier) -> Expr:
        if not isinstance(other, Expr | float | int | np.ndarray):
            return NotImplemented  # a local partial that is not yet a node knows how to be multiplied
        if _literal(other) == 1:
            return self
        return self.bind(arithmetic.mul, (self, other), {})

    def __rmul__(self, other: Carrier) -> Expr:
        if _literal(other) == 1:
            return self
        return self.bind(arithmetic.mul, (other, self), {})

    def __truediv__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.div, (self, other), {})

    def __rtruediv__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.div, (other, self), {})

    def __pow__(self, other: Carrier) -> Expr:
        if _literal(other) == 1:
            return self
        if _literal(other) == 0:
            return Expr(self.builder, self.builder.const(1.0))
        return self.bind(arithmetic.power, (self, other), {})

    def __rpow__(self, other: Carrier) -> Expr:
        return self.bind(arithmetic.power, (other, self), {})

    def __neg__(self) -> Expr:
        return self.bind(arithmetic.neg, (self,), {})


def zeros(graph: Graph, node: int) -> Value:
    """Zero in the shape of a node."""
    return constant(np.zeros(graph.nodes[node].shape))


def status(graph: Graph, wrt: Sequence[str]) -> dict[str, str]:
    """Per input: is there a `path` to an output, `no_path`, or only `stopped` ones?"""
    leads, unstopped = graph.leads_to(graph.outputs), graph.leads_to(graph.outputs, through_stops=False)
    nodes = {name: graph.inputs[name] for name in wrt}
    return {name: "path" if unstopped[i] else "stopped" if leads[i] else "no_path" for name, i in nodes.items()}


def check_scalar(graph: Graph) -> None:
    """Only a number has a gradient. Raises EngineError `output_not_scalar` for an array."""
    output = graph.nodes[graph.outputs[0]]
    if output.shape:
        raise EngineError("output_not_scalar", output.span, "sum_or_jacobian", shape=spelled(output.shape))


def is_tensor(node: Node, nodes: Sequence[Node]) -> bool:
    """Does an operation read or give an array, or mix elements?"""
    assert node.op is not None
    return bool(node.shape) or not node.op.pointwise or any(nodes[i].shape for i in node.inputs)


PRODUCTS = ("transpose_right", "transpose_left", "inner_extents")
"""Hints that speak of the two factors, by the words `left` and `right`."""


def inferred(op: Primitive, shapes: Sequence[Shape], params: Mapping[str, Any] | None, span: Span | None) -> Shape:
    """The shape of `op(*inputs)` from the inputs' shapes. Raises EngineError `shape_mismatch`, and past the limits."""
    if op.pointwise and not any(shapes):
        return ()
    try:
        shape = op.shape(*shapes, **(params or {}))
    except ShapeError as refused:
        shown = ", ".join([spelled(shape) for shape in shapes])
        words = {name: spelled(word) if isinstance(word, tuple) else word for name, word in refused.words.items()}
        hint = "broadcast_rule" if refused.hint == "matrix_product" and op.name != "mul" else refused.hint
        if hint in PRODUCTS:
            words = {"left": "A", "right": "B"} | words
        raise EngineError("shape_mismatch", span, hint, op=op.name, shapes=shown, **words) from None
    check_shape(shape, span)
    return shape


def spelled(shape: Shape) -> str:
    """A shape as it is written in Python: (3,), (2, 3)."""
    return str(tuple(shape))


def constant(carrier: Carrier) -> Value:
    """A number as a float, an array as it is; what has no axes is a number."""
    return carrier if is_array(carrier) and carrier.ndim else float(carrier)


def _called(leaf: Node) -> str:
    """A constant's symbol, or its number as a person writes it."""
    if leaf.params:
        return str(leaf.params["symbol"])
    assert leaf.const is not None
    return brief(leaf.const)


def _literal(carrier: Carrier) -> float | None:
    if isinstance(carrier, Expr):
        return carrier.literal
    return None if is_array(carrier) and carrier.ndim else carrier
