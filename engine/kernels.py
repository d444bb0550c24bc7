"""Fast scalar arithmetic from the rows: each row's rules, run once on handles, become Python functions on floats.

Nothing a user typed is ever compiled: the text comes from the templates of the rows alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.graph import Builder, Expr
from engine.ops import scalar
from engine.primitive import ATOM, Carrier, Elementwise

ARGUMENTS = "xyz"
NAMES = {**vars(math), **vars(scalar)}


def partials_of(op: Elementwise, builder: Builder) -> tuple[list[Carrier], Expr]:
    """The local partials as handles (or literals) over inputs x, y, z and the output w of a scratch list."""
    xs = [builder.handle(builder.input(name)) for name in ARGUMENTS[: op.arity]]
    output = builder.handle(builder.input("w"))
    return [rule(1.0, output, *xs) for rule in op.rules], output


def python(carrier: Carrier) -> str:
    """A handle's value as a Python expression, by the rows' templates."""
    if not isinstance(carrier, Expr):
        return repr(float(carrier))
    text: list[str] = []
    for node in carrier.builder.nodes[: carrier.id + 1]:
        if node.op is None:
            text.append(node.name if node.name is not None else f"({node.const!r})")
            continue
        filled = node.op.python
        for argnum, source in enumerate(node.inputs):
            filled = filled.replace(f"{{{argnum}}}", text[source])
        text.append(filled if node.op.precedence >= ATOM and filled.endswith(")") else f"({filled})")
    return text[carrier.id]


@cache
def sloped(op: Elementwise) -> tuple[int, ...]:
    """The arguments whose local partial is not the literal 0 whatever the inputs (as for floor, or a comparison)."""
    partials = [] if op.stops else partials_of(op, Builder())[0]
    return tuple([k for k, partial in enumerate(partials) if isinstance(partial, Expr) or partial != 0])


RAISES = "(ValueError, OverflowError, ZeroDivisionError)"
"""What Python's float functions raise where IEEE arithmetic has an infinity or NaN."""


def expressions(op: Elementwise, wanted: Sequence[int]) -> list[str]:
    """The value over x, y, z as Python text, then the wanted partials over x, y, z and the value w."""
    partials, _ = partials_of(op, Builder())
    value = op.python
    for argnum, name in enumerate(ARGUMENTS[: op.arity]):
        value = value.replace(f"{{{argnum}}}", name)
    return [value, *(python(partials[argnum]) for argnum in wanted)]


def compiled(name: str, source: str, **names: Any) -> Callable[..., Any]:
    """The function `name` that `source`, made from rows alone, defines."""
    namespace = {**NAMES, **names}
    exec(compile(source, f"<{name} made from the rows>", "exec"), namespace)  # noqa: S102  # our rows, no user's text
    function: Callable[..., Any] = namespace[name]
    return function


@cache
def kernel(op: Elementwise) -> Callable[..., float]:
    """`f(*floats)`: the value of `op`, IEEE results, never raises."""
    return define(op, (), "w")


@cache
def pair_kernel(op: Elementwise, wanted: tuple[int, ...]) -> Callable[..., tuple[float, float, float]]:
    """`f(*floats)`: the value and the partials of the (at most two) arguments in `wanted`, 0 where there are fewer."""
    return define(op, wanted, "w, " + ", ".join([*(f"d{argnum}" for argnum in wanted), "0.0", "0.0"][:2]))


Linear = Callable[[Any, Any, tuple[int, ...]], tuple[float, tuple[float | None, ...], bool]]
"""`f(values, active, inputs)`: an operation's value, its local partials, and whether any of its inputs is active.

The partial of an input that is not active is not computed, and None.
"""


@cache
def linear_kernel(op: Elementwise) -> Linear:
    """The kernel by which a pass computes a node and keeps its local partials."""
    arguments = range(op.arity)
    unpack = ", ".join([f"i{argnum}" for argnum in arguments])
    floats = [f"{ARGUMENTS[argnum]} = v[i{argnum}]" for argnum in arguments]
    moves = [f"a{argnum} = active[i{argnum}]" for argnum in arguments]
    partials = ", ".join([f"d{argnum} if a{argnum} else None" for argnum in arguments])
    result = f"w, ({partials},), {' or '.join([f'a{argnum}' for argnum in arguments])}"
    read = [f"{unpack}, = inputs", *floats, *moves]
    return define(op, tuple(arguments), result, "v, active, inputs", read, "if a{0}: ")


def define(
    op: Elementwise,
    wanted: tuple[int, ...],
    result: str,
    arguments: str = "",
    first: Sequence[str] = (),
    only: str = "",
) -> Callable[..., Any]:
    """A function on floats that computes the value `w` and the `wanted` partials d0, d1, ... and returns `result`.

    Its arguments are the floats x, y, z themselves, or others, which the lines `first` turn into them. `only` is put
    before the line of a partial.
    """
    floats = ", ".join(ARGUMENTS[: op.arity])
    value, *partials = expressions(op, wanted)
    given = [f"{only.format(argnum)}d{argnum} = {partial}" for argnum, partial in zip(wanted, partials, strict=True)]
    names = ", ".join(["w", *(f"d{argnum}" for argnum in wanted)])
    return compiled(
        "kernel_",
        f"def kernel_({arguments or floats}):\n" + "".join(f"    {line}\n" for line in first) + "    try:\n"
        "" + "".join(f"        {line}\n" for line in (f"w = {value}", *given)) + f"    except {RAISES}:\n"
        f"        {names}, = ieee({floats})\n"
        f"    return {result}\n",
        ieee=lambda *xs: ieee(op, wanted, xs),
    )


def ieee(op: Elementwise, wanted: Sequence[int], xs: Sequence[float]) -> tuple[float, ...]:
    """The same by NumPy, whose functions return infinities and NaN where Python's raise."""
    with np.errstate(all="ignore"):
        arrays = [np.float64(x) for x in xs]
        value = np.float64(op.value(*arrays))
        partials = [op.rules[argnum](np.float64(1.0), value, *arrays) for argnum in wanted]
    return (float(value), *map(float, partials))
