"""Simulated mistakes on numbers: the wrong values, local partials and sums that misconceptions give at one node.

A row of `WRONG_PARTIALS` alters one local partial; whether it is then pulled back or pushed forward is the table's
affair. What follows from a slip is computed by the rows themselves, so a slip is made at one place alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np

from engine.graph import Graph, Node
from engine.maps import Diagonal, Map, Mixing, arguments, computed, local_map
from engine.ops import arithmetic, elementary
from engine.primitive import NONE, REGISTRY, Elementwise
from engine.values import Value, is_array, plain

RADIANS = math.pi / 180
TRIGONOMETRIC = frozenset({elementary.sin, elementary.cos, elementary.tan, elementary.cot})
LOGARITHMS = (arithmetic.log, elementary.log10, elementary.log2)
POWERS = {arithmetic.square: 2.0, elementary.sqrt: 0.5, arithmetic.reciprocal: -1.0}


class Slip(NamedTuple):
    """A mistake, the number it gives, and the node where it is made: in reading `source`, if in reading anything."""

    mistake: str
    value: Value
    node: int
    source: int | None = None


Numbers = Sequence[Any]
Partial = Callable[[Elementwise, int, Numbers, Any, Any], Any]
"""(operation, argument, what it reads, its value, the right partial) -> a wrong one, None where it cannot be made."""


# ---- values ----------------------------------------------------------------------------------------------------------


def wrong_values(graph: Graph, node: Node, values: Numbers) -> Iterator[Slip]:
    """Wrong values of an operation, from the values of the nodes it reads."""
    op, i = node.op, node.id
    assert op is not None
    xs = arguments(node, values)
    right = computed(node, values)
    if op in TRIGONOMETRIC:
        yield Slip("degrees", plain(op.value(xs[0] * RADIANS)), i)
    if op in LOGARITHMS:
        for other in LOGARITHMS:
            if other is not op:
                yield Slip("log_base", plain(other.value(xs[0])), i)
    yield Slip("sign", plain(-np.asarray(right)), i)
    if op in (arithmetic.add, arithmetic.sub):
        yield Slip("sign", plain(xs[0] - xs[1] if op is arithmetic.add else xs[0] + xs[1]), i)
    for k, source in enumerate(node.inputs):
        for other_node in graph.nodes[:i]:
            j = other_node.id
            if j != source and other_node.const is None and other_node.shape == graph.nodes[source].shape:
                read = [
                    np.float64(values[j]) if n == k and isinstance(values[j], float) else x for n, x in enumerate(xs)
                ]
                if is_array(values[j]):
                    read[k] = values[j]
                inputs = other_node.op is None and graph.nodes[source].op is None
                found = plain(op.value(*read, **(node.params or NONE)))
                yield Slip("wrong_point" if inputs else "wrong_argument", found, i, source)


# ---- local partials --------------------------------------------------------------------------------------------------


def opposite(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """The sign of the partial."""
    return -right


def own_factor(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂(u v)/∂u = u."""
    return xs[k] if op is arithmetic.mul else None


def exponent(op: Elementwise, k: int, xs: Numbers) -> Any:
    """The n of u^n, None where there is no such power."""
    return xs[1] if op is arithmetic.power and k == 0 else POWERS.get(op)


def without_exponent(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂u^n/∂u = u^(n - 1)."""
    n = exponent(op, k, xs)
    return None if n is None else xs[0] ** (n - 1)


def exponent_kept(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂u^n/∂u = n u^n."""
    n = exponent(op, k, xs)
    return None if n is None else n * y


def exponent_lowered(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂u^n/∂u = (n - 1) u^(n - 1)."""
    n = exponent(op, k, xs)
    return None if n is None else (n - 1) * xs[0] ** (n - 1)


def as_power(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂a^u/∂u = u a^(u - 1)."""
    return xs[1] * xs[0] ** (xs[1] - 1) if op is arithmetic.power and k == 1 else None


def quotient_unsquared(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂(u/v)/∂v = -u/v."""
    return -y if op is arithmetic.div and k == 1 else None


def in_degrees(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """cos u with u in degrees."""
    return op.rules[k](1.0, op.value(xs[0] * RADIANS), xs[0] * RADIANS) if op in TRIGONOMETRIC else None


def per_degree(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """π/180 cos u."""
    return right * RADIANS if op in TRIGONOMETRIC else None


def another_base(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """∂log10 u/∂u = 1/u; ∂ln u/∂u = 1/(u ln 10); ∂a^u/∂u = a^u."""
    if op is arithmetic.power and k == 1:
        return y
    return None if op not in LOGARITHMS else 1 / (xs[0] * math.log(10)) if op is arithmetic.log else 1 / xs[0]


def at_the_output(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """f'(y) in place of f'(x)."""
    return op.rules[0](1.0, op.value(y), y) if op.arity == 1 else None


def value_itself(op: Elementwise, k: int, xs: Numbers, y: Any, right: Any) -> Any:
    """f in place of f'."""
    return y


WRONG_PARTIALS: tuple[tuple[str, Partial], ...] = (
    ("sign", opposite),
    ("wrong_operand", own_factor),
    ("power_rule", without_exponent),
    ("power_rule", exponent_kept),
    ("power_rule", exponent_lowered),
    ("power_rule", as_power),
    ("quotient_rule", quotient_unsquared),
    ("degrees", in_degrees),
    ("degrees", per_degree),
    ("log_base", another_base),
    ("wrong_point", at_the_output),
    ("not_differentiated", value_itself),
)
"""The commonest first: where two explain a number, the earlier does."""


def wrong_maps(node: Node, k: int, values: Numbers, right: Map) -> Iterator[tuple[str, Any]]:
    """The wrong local partials (for arrays, maps) of argument k at a node, each with its mistake."""
    op = node.op
    xs, y = arguments(node, values), values[node.id]
    if isinstance(op, Elementwise):
        y = np.float64(y) if isinstance(y, float) else y
        given = right.partial if isinstance(right, Diagonal) else np.float64(right)  # type: ignore[arg-type]
        for mistake, rule in WRONG_PARTIALS:
            with np.errstate(all="ignore"):
                found = rule(op, k, xs, y, given)
            if found is not None:
                yield mistake, rewrapped(plain(found), right)
    elif isinstance(right, Mixing):
        yield "sign", Scaled(right, -1.0)
        if op is REGISTRY["matmul"]:
            yield "transpose", Untransposed(right)


def rewrapped(partial: Value, like: Map) -> Any:
    """A partial as a map of the same shapes."""
    return Diagonal(partial, like.source, like.out) if isinstance(like, Diagonal) else partial


class Scaled:
    """A map times a number."""

    __array_ufunc__ = None

    def __init__(self, of: Any, factor: float) -> None:
        self.of, self.factor = of, factor

    def __rmul__(self, cotangent: Value) -> Value:
        return plain(np.asarray(cotangent * self.of) * self.factor)

    def __mul__(self, tangent: Value) -> Value:
        return plain(np.asarray(self.of * tangent) * self.factor)


class Untransposed:
    """The pull of a matrix product in which the other factor was not transposed: None where that has no shape."""

    __array_ufunc__ = None

    def __init__(self, of: Mixing) -> None:
        self.of = of

    def __rmul__(self, cotangent: Any) -> Value | None:
        first, second = self.of.xs
        try:
            found = cotangent @ second if self.of.argnum == 0 else first @ cotangent
        except (ValueError, TypeError):
            return None
        return plain(found) if np.shape(found) == np.shape(self.of.xs[self.of.argnum]) else None

    def __mul__(self, tangent: Value) -> Value | None:
        return None


def unsummed(cotangent: Value, right: Map) -> Value | None:
    """What a broadcast argument receives where nobody sums over the stretched axes; None where nothing was."""
    if not isinstance(right, Diagonal) or right.source == right.out:
        return None
    with np.errstate(all="ignore"):
        return plain(np.broadcast_to(np.asarray(cotangent * right.partial), right.out))


# ---- sums ------------------------------------------------------------------------------------------------------------


def wrong_sums(parts: Sequence[tuple[int, Value]], node: int) -> Iterator[Slip]:
    """Contributions (each with the node that sends it) gathered wrongly: overwritten, or one of them dropped."""
    if len(parts) < 2:
        return
    yield Slip("overwrote", parts[-1][1], node)
    for left_out, (sender, _) in enumerate(parts):
        rest = [part for n, (_, part) in enumerate(parts) if n != left_out]
        yield Slip("dropped_branch", reduce(add, rest), node, sender)


def transposed(value: Value) -> Value | None:
    """A matrix with rows and columns exchanged, None for anything else."""
    return np.ascontiguousarray(value.T) if is_array(value) and value.ndim == 2 else None


__all__ = ["Slip", "local_map", "transposed", "unsummed", "wrong_maps", "wrong_sums", "wrong_values"]
