"""Shapes by each row's rule, from those of the inputs; and a guess at those, to draw a formula before it has any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product
from math import prod

from msgspec.structs import replace

from engine import limits
from engine.errors import EngineError, Span
from engine.graph import Graph, Node, inferred
from engine.ops.arithmetic import power
from engine.ops.picking import stack
from engine.primitive import NONE, Reading, Shape, Structural
from engine.syntax.names import quote

CALL = re.compile(r"([\w.]+)\s*\(")
MATRIX, VECTOR = (2, 2), (2,)
LARGER = ((3,), (3, 3), (4,), (6,), (4, 4), (2, 2, 2), (1, 2, 4, 4))
"""What is tried when small ones do not fit: an index or a new shape may ask for more elements."""
MIN_TRIES, NODES_TRIED = 3, 50_000
"""A guess is given up when so many combinations, and so many nodes, have been tried."""


def shaped(graph: Graph, shapes: Mapping[str, Shape]) -> Graph:
    """The graph with the shape of every node, from those of the inputs (a number unless given).

    Raises EngineError `shape_mismatch`; `matrix_inverse`, `ambiguous_product` and `power_of_t` for what is written as
    for numbers; `too_many_elements` or `too_much_work` before anything is allocated.
    """
    if not graph.mixes and not any(shapes.values()):
        return graph
    nodes: list[Node] = []
    elements = work = 0
    for node in graph.nodes:
        shape = node.shape
        if node.name is not None:
            shape = shapes.get(node.name, ())
        elif node.op is not None:
            given = [nodes[i].shape for i in node.inputs]
            check_notation(graph, node, given)
            try:
                shape = inferred(node.op, given, node.params, node.span)
            except EngineError as error:
                raise as_typed(graph, node, error) from None
            work += node.op.cost(*given, **(node.params or {}))
        elements += prod(shape)
        if elements > limits.TOTAL_ELEMENTS:
            raise EngineError(
                "too_many_elements", node.span, "smaller_array", limit=limits.TOTAL_ELEMENTS, found=elements
            )
        if work > limits.WORK:
            raise EngineError("too_much_work", node.span, "smaller_array", limit=limits.WORK, found=work)
        nodes.append(node if shape == node.shape else replace(node, shape=shape))
    return Graph(nodes, graph.outputs, graph.source, graph.labels)


def is_square(shape: Shape) -> bool:
    """Is it that of a square matrix?"""
    return len(shape) == 2 and shape[0] == shape[1]


def two_inverses(graph: Graph, node: Node) -> EngineError:
    """A^-1 works element by element, as in NumPy, but on paper it is the inverse: the author must say which."""
    base = node.inputs[0]
    name = next((label for label, i in graph.labels.items() if i == base), graph.nodes[base].name)
    written = name or typed(graph, graph.nodes[base].span)
    words = {"power": typed(graph, node.span), "inverse": f"inv({written})", "reciprocal": f"(1/{bracketed(written)})"}
    return EngineError("matrix_inverse", node.span, "inverse_or_elements", **words)


def as_typed(graph: Graph, node: Node, error: EngineError) -> EngineError:
    """A refusal in the words of who typed the formula: the name of the call, and what stands for A and B."""
    if error.code != "shape_mismatch" or node.span is None:
        return error
    words = {"op": called(graph.source[node.span.start : node.span.end]) or error.params["op"]}
    if "left" in error.params:
        sides = [bracketed(typed(graph, graph.nodes[i].span)) for i in node.inputs]
        if all(graph.nodes[i].span for i in node.inputs):
            words |= {"left": sides[0], "right": sides[1]}
    return EngineError(error.code, error.span, error.hint, **(error.params | words))


def called(text: str) -> str | None:
    """`max` of `max(x, axis=1)`: the name of a call that is all of the text."""
    call = CALL.match(text)
    if call is None:
        return None
    depth = 0
    for place, character in enumerate(text[call.end() - 1 :], call.end() - 1):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return call[1] if place == len(text) - 1 else None
    return None


def typed(graph: Graph, span: Span | None) -> str:
    """What stands at a place of the source."""
    return quote(graph.source[span.start : span.end]) if span else ""


def bracketed(text: str) -> str:
    """An operand as it may follow a sign."""
    return text if text.replace(".", "").isidentifier() or called(text) else f"({text})"


def check_notation(graph: Graph, node: Node, shapes: Sequence[Shape]) -> None:
    """Refuse what means one thing for numbers and another for arrays: xy, A^-1, and A^T where T is an input."""
    if node.id in graph.loose and all(shapes):
        raise EngineError("ambiguous_product", node.span, "say_which_product")
    if node.op is not power or not shapes[0]:
        return
    exponent = graph.nodes[node.inputs[1]]
    if not shapes[1] and exponent.const == -1 and is_square(shapes[0]):
        raise two_inverses(graph, node)
    if exponent.name == "T":
        raise EngineError("power_of_t", node.span, "write_transpose")


def work_of(graph: Graph) -> int:
    """How many arithmetic operations one evaluation takes, about."""
    nodes = graph.nodes
    return sum(
        node.op.cost(*[nodes[i].shape for i in node.inputs], **(node.params or {}))
        for node in nodes
        if node.op is not None
    )


def guessed(graph: Graph, known: Mapping[str, Shape]) -> dict[str, Shape]:
    """Shapes with which the formula makes sense, found by trying; the shapes `known` are kept.

    What no array operation reads is a number, and so is what stands in a list; the rest is a vector, or a matrix where
    its name is a capital, unless that does not fit. Without a combination that fits, the first one tried.
    """
    if not graph.mixes and not any(known.values()):
        return dict.fromkeys(graph.inputs, ())
    mixed = are_mixed(graph)
    orders = {
        name: ((), VECTOR, MATRIX, *LARGER) if not mixed[i] else (MATRIX, VECTOR, (), *LARGER) if name[0].isupper() else
        (VECTOR, (), MATRIX, *LARGER)
        for name, i in graph.inputs.items()
        if name not in known
    }  # fmt: skip
    tries = max(MIN_TRIES, NODES_TRIED // len(graph.nodes))
    candidates = (dict(known) | choice for choice in islice(choices(orders), tries))
    return next((shapes for shapes in candidates if fits(graph, shapes)), dict(known) | next(choices(orders)))


def are_mixed(graph: Graph) -> bytearray:
    """One byte per node: does an operation that mixes elements read it, other than as an element of a list?"""
    mixed = bytearray(len(graph.nodes))
    for node in reversed(graph.nodes):
        if node.op is None or node.op is stack:
            continue
        if mixed[node.id] or not node.op.pointwise:
            for source in node.inputs:
                mixed[source] = 1
    return mixed


def choices(orders: Mapping[str, tuple[Shape, ...]]) -> Iterator[dict[str, Shape]]:
    """Every combination, those first in which few inputs are not what is tried first for them."""
    first = {name: order[0] for name, order in orders.items()}
    for count in range(len(orders) + 1):
        for names in combinations(orders, count):
            for others in product(*[orders[name][1:] for name in names]):
                yield first | dict(zip(names, others, strict=True))


def fits(graph: Graph, shapes: Mapping[str, Shape]) -> bool:
    """Do these shapes agree with every operation? They do where only the author can say what is meant."""
    try:
        shaped(graph, shapes)
    except EngineError as refused:
        return refused.code == "matrix_inverse"
    return True


def readings(graph: Graph) -> dict[str, Reading]:
    """The inputs for which not every number will do, such as labels, of a graph with its shapes.

    Where an input is read twice, what is strictest counts.
    """
    found: dict[str, Reading] = {}
    for node in graph.nodes:
        if not isinstance(node.op, Structural):
            continue
        shapes = [graph.nodes[i].shape for i in node.inputs]
        for i, reading in zip(node.inputs, node.op.reads(*shapes, **(node.params or NONE)), strict=True):
            name = graph.nodes[i].name
            if name is not None and reading is not None:
                found[name] = min(found.get(name, reading), reading, key=strictness)
    return found


def strictness(reading: Reading) -> tuple[bool, int]:
    """Labels first, those of few classes before those of many."""
    return reading.classes is None, reading.classes or 0
