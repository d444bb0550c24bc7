"""Local partials in symbols: the row's rule, run on handles and printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from engine import latex
from engine.documents import OpRecord
from engine.graph import Builder, Expr
from engine.kernels import ARGUMENTS
from engine.latex import Text
from engine.primitive import ATOM, Primitive


@cache
def partial_symbols(op: Primitive, literals: tuple[float | None, ...]) -> tuple[Callable[[list[str], str], str], ...]:
    """Per argument, a function from the names of the inputs and of the output to the local partial in LaTeX."""
    builder = Builder()
    xs: list[Expr] = []
    for argument, literal in zip(ARGUMENTS, literals, strict=False):
        xs.append(builder.handle(builder.input(argument) if literal is None else builder.const(literal)))
    output = builder.handle(builder.input("w"))

    def printer(partial: Any) -> Callable[[list[str], str], str]:
        if not isinstance(partial, Expr):
            return lambda inputs, out: latex.number(float(partial))[0]
        nodes = builder.nodes[: partial.id + 1]

        def printed(inputs: list[str], out: str) -> str:
            words = {**dict(zip(ARGUMENTS, inputs, strict=False)), "w": out}
            texts: list[Text] = []
            for node in nodes:
                if node.name is not None:
                    texts.append((words[node.name], ATOM))
                else:
                    texts.append(
                        latex.leaf(node) if node.op is None else latex.fill(node.op, [texts[i] for i in node.inputs])
                    )
            return texts[partial.id][0]

        return printed

    return tuple(printer(rule(1.0, output, *xs)) for rule in op.rules)


@cache
def op_record(op: Primitive) -> OpRecord:
    """A row as the API sends it, its partials in x, y, z and the output w."""
    partials = [symbol(list(ARGUMENTS), "w") for symbol in partial_symbols(op, (None,) * op.arity)]
    return OpRecord(
        op.name, op.arity, op.latex, op.python, op.precedence, partials, op.domain, list(op.aliases), op.about
    )  # fmt: skip
