"""Local linear maps of operations on arrays: what stands where a graph of numbers has a local partial.

`cotangent * map` pulls back (VJP) and `map * tangent` pushes forward (JVP), so that a pass reads the same for numbers
and arrays. The Jacobian itself is never built.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.graph import Node
from engine.primitive import NONE, Elementwise, Params, Primitive, Shape, stretched, summed
from engine.values import Value, plain


class Diagonal:
    """The map of one argument of a pointwise operation: its Jacobian is the diagonal `partial`, stretched."""

    __slots__ = ("out", "partial", "source")
    __array_ufunc__ = None  # so that `array * map` reaches the map

    def __init__(self, partial: Value, source: Shape, out: Shape) -> None:
        self.partial = partial
        self.source = source
        self.out = out

    def __rmul__(self, cotangent: Value) -> Value:
        with np.errstate(all="ignore"):
            return plain(summed(cotangent * self.partial, self.out, self.source))

    def __mul__(self, tangent: Value) -> Value:
        with np.errstate(all="ignore"):
            return plain(stretched(self.partial * tangent, self.out))


class Mixing:
    """The map of one argument of an operation that mixes elements: its rules, with what they read."""

    __slots__ = ("argnum", "op", "params", "xs", "y")
    __array_ufunc__ = None

    def __init__(self, op: Primitive, argnum: int, y: Value, xs: Sequence[Value], params: Params) -> None:
        self.op = op
        self.argnum = argnum
        self.y = y
        self.xs = xs
        self.params = params

    def __rmul__(self, cotangent: Value) -> Value:
        with np.errstate(all="ignore"):
            return plain(self.op.pull(self.argnum, cotangent, self.y, self.xs, self.params))

    def __mul__(self, tangent: Value) -> Value:
        with np.errstate(all="ignore"):
            return plain(self.op.push(self.argnum, tangent, self.y, self.xs, self.params))


Map = float | Diagonal | Mixing
"""What a pass multiplies by: a partial, or a map."""


def arguments(node: Node, values: Sequence[Value]) -> list[Value]:
    """What a node reads, numbers as NumPy's, whose arithmetic never raises."""
    found = [values[i] for i in node.inputs]
    return [np.float64(x) if isinstance(x, float) else x for x in found]


def computed(node: Node, values: Sequence[Value]) -> Value:
    """The value of an operation on arrays."""
    assert node.op is not None
    with np.errstate(all="ignore"):
        return plain(node.op.value(*arguments(node, values), **(node.params or NONE)))


def linearised(
    node: Node, values: Sequence[Value], active: Sequence[int]
) -> tuple[Value, tuple[Map | None, ...], bool]:
    """An operation's value, its local maps by the active arguments (None by the others), and whether any is active."""
    op = node.op
    assert op is not None
    y = computed(node, values)
    moves = [bool(active[i]) for i in node.inputs]
    if not any(moves):
        return y, (None,) * len(moves), False
    xs = arguments(node, values)
    maps = [local_map(op, k, y, xs, node.params or NONE) if moving else None for k, moving in enumerate(moves)]
    return y, tuple(maps), True


def local_map(op: Primitive, argnum: int, y: Value, xs: Sequence[Value], params: Params) -> Map:
    """The map of one argument at a point."""
    if not isinstance(op, Elementwise):
        return Mixing(op, argnum, y, xs, params)
    with np.errstate(all="ignore"):
        partial = plain(op.rules[argnum](np.float64(1.0), np.float64(y) if isinstance(y, float) else y, *xs))
    return Diagonal(partial, np.shape(xs[argnum]), np.shape(y))


def shown(local: Map | None) -> Value | str | None:
    """A map as an event shows it: a partial, the diagonal, or `linear` for a map that is never built."""
    return "linear" if isinstance(local, Mixing) else local.partial if isinstance(local, Diagonal) else local
