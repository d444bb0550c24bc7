"""Local partials and maps in symbols: the row's rule, run on handles and printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import Parameter
from typing import Any

from engine import latex
from engine.documents import OpRecord
from engine.graph import Builder, Expr, Graph, Node
from engine.kernels import ARGUMENTS
from engine.latex import Text
from engine.primitive import ATOM, NONE, Elementwise, Primitive, Shape

Map = Callable[..., Any]
"""`push` or `pull` of a row."""


def printed(carrier: Any, words: Mapping[str, Text]) -> Text:
    """What a rule gave, in LaTeX; `words` are the names of the handles it computed with."""
    if not isinstance(carrier, Expr):
        return latex.value(carrier)
    return written(carrier.builder.nodes[: carrier.id + 1], words)[carrier.id]


def written(nodes: Sequence[Node], words: Mapping[str, Text]) -> list[Text]:
    """Every node of a list in full, in LaTeX; `words` are what its inputs are called."""
    texts: list[Text] = []
    for node in nodes:
        if node.name is not None:
            texts.append(words[node.name])
        elif node.op is None:
            texts.append(latex.leaf(node))
        else:
            texts.append(latex.fill(node.op, [texts[i] for i in node.inputs], node.params))
    return texts


@cache
def partial_symbols(op: Elementwise, literals: tuple[float | None, ...]) -> tuple[Callable[[list[str], str], str], ...]:
    """Per argument, a function from the names of the inputs and of the output to the local partial in LaTeX."""
    builder = Builder()
    xs: list[Expr] = []
    for argument, literal in zip(ARGUMENTS, literals, strict=False):
        xs.append(builder.handle(builder.input(argument) if literal is None else builder.const(literal)))
    output = builder.handle(builder.input("w"))

    def printer(partial: Any) -> Callable[[list[str], str], str]:
        def print_with(inputs: list[str], out: str) -> str:
            names = [*zip(ARGUMENTS, inputs, strict=False), ("w", out)]
            return printed(partial, {name: (text, ATOM) for name, text in names})[0]

        return print_with

    return tuple(printer(rule(1.0, output, *xs)) for rule in op.rules)


def moved(
    apply: Map, argnum: int, moving: str, shape: Shape, shapes: Sequence[Shape], names: Sequence[str],
    params: Mapping[str, Any], literals: Sequence[float | None] = (),
) -> str:  # fmt: skip
    """The product that a map computes for the tangent or cotangent called `moving`, whose shape is `shape`.

    `shapes` and `names` are those of the inputs, then of the output; inputs that are `literals` are not named.
    """
    builder = Builder()
    given = [*literals, *[None] * (len(shapes) - len(literals))]
    *xs, y = [
        builder.handle(builder.input(f"x{k}", extents) if literal is None else builder.const(literal))
        for k, (extents, literal) in enumerate(zip(shapes, given, strict=True))
    ]
    t = builder.handle(builder.input("t", shape))
    words = {f"x{k}": (name, ATOM) for k, name in enumerate(names)} | {"t": (moving, ATOM)}
    return printed(apply(argnum, t, y, xs, params), words)[0]


def pulled(graph: Graph, node: Node, argnum: int, names: Sequence[str], cotangent: str) -> str:
    """What the node sends back to its argument: cotangent times Jacobian."""
    assert node.op is not None
    shapes = [*(graph.nodes[i].shape for i in node.inputs), node.shape]
    params = node.params or NONE
    return moved(node.op.pull, argnum, cotangent, node.shape, shapes, names, params, literals_of(graph, node))


def pushed(graph: Graph, node: Node, argnum: int, names: Sequence[str], tangent: str) -> str:
    """What the tangent of an argument adds to that of the node: Jacobian times tangent."""
    assert node.op is not None
    shapes = [*(graph.nodes[i].shape for i in node.inputs), node.shape]
    params = node.params or NONE
    return moved(node.op.push, argnum, tangent, shapes[argnum], shapes, names, params, literals_of(graph, node))


def literals_of(graph: Graph, node: Node) -> list[float | None]:
    """Which inputs of a node are numbers without a name."""
    sources = [graph.nodes[i] for i in node.inputs]
    return [x.const if isinstance(x.const, float) and x.params is None else None for x in sources]


def called(op: Primitive) -> tuple[list[Shape], dict[str, Any]]:
    """How a row is called where it is shown by itself: the shapes of its arguments, and its statics."""
    if isinstance(op, Elementwise):
        return [()] * op.arity, {}
    shapes, statics = op.sample[0][:2]
    return list(shapes), {**op.statics, **statics}


@cache
def op_record(op: Primitive) -> OpRecord:
    """A row as the API sends it.

    Its partials are in x, y, z and the output w; of an operation that mixes elements, what the cotangent of w sends to
    each argument.
    """
    shapes, params = called(op)
    names = [*ARGUMENTS[: len(shapes)], "w"]
    if isinstance(op, Elementwise):
        partials = [symbol(names[:-1], "w") for symbol in partial_symbols(op, (None,) * op.arity)]
    else:
        given = [*shapes, op.shape(*shapes, **params)]
        partials = [moved(op.pull, k, "\\bar{w}", given[-1], given, names, params) for k in range(len(shapes))]
    statics = {name: None if default is Parameter.empty else default for name, default in op.statics.items()}
    return OpRecord(
        op.name, op.arity, op.template(len(shapes), params), op.python, op.precedence, partials, op.domain,
        list(op.aliases), op.about, op.pointwise, statics, op.internal,
    )  # fmt: skip
