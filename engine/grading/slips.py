"""Simulated mistakes: rules of differentiation as they are misremembered, a row each.

Each is a wrong tangent rule, applied in forward accumulation on handles, so that it gives the graph of the wrong
derivative: at one node (a student errs once), or at every node where it applies (she always does). `tangents` of a
node's arguments are None where nothing moves. A slip's words are `node`, the piece of the source where it was made, and
`rule`, in LaTeX, what the table of derivatives says.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce, wraps
from operator import add
from typing import NamedTuple

from engine.graph import Builder, Expr, Graph, Node
from engine.ops import arithmetic, elementary
from engine.primitive import NONE, Carrier, Elementwise

TRIGONOMETRIC = frozenset({elementary.sin, elementary.cos, elementary.tan, elementary.cot})
SIGNED = frozenset({
    elementary.sin, elementary.cos, elementary.cot, elementary.csc, elementary.acos, elementary.sinh, elementary.cosh,
    arithmetic.sub, arithmetic.neg, arithmetic.reciprocal,
})  # fmt: skip
"""Operations in whose rule a sign is easily lost or gained."""
RADIANS = math.pi / 180


class Place(NamedTuple):
    """A node where tangents meet: its value and those of its arguments, and the tangents of these."""

    node: Node
    y: Carrier
    xs: list[Carrier]
    tangents: list[Carrier | None]
    leaves: list[bool]

    @property
    def moving(self) -> list[int]:
        """The arguments that move."""
        return [k for k, tangent in enumerate(self.tangents) if tangent is not None]

    def term(self, k: int, tangent: Carrier) -> Carrier:
        """What argument k adds to the tangent, by the right rule."""
        assert self.node.op is not None
        return self.node.op.push(k, tangent, self.y, self.xs, self.node.params or NONE)

    def right(self) -> Carrier:
        """The right tangent."""
        terms = [self.term(k, tangent) for k, tangent in enumerate(self.tangents) if tangent is not None]
        return reduce(add, terms)


Rule = Callable[[Place], Carrier | None]
"""The wrong tangent at a node; None where the slip cannot be made."""


class Slip(NamedTuple):
    """A row: the mistake's name and the wrong rule."""

    name: str
    rule: Rule


def literal(carrier: Carrier) -> float | None:
    """The number that a handle or a carrier is, None for anything that depends on inputs."""
    return carrier.literal if isinstance(carrier, Expr) else float(carrier)


def of(*ops: Elementwise) -> Callable[[Rule], Rule]:
    """Restrict a rule to some operations."""

    def restricted(rule: Rule) -> Rule:
        return wraps(rule)(lambda place: rule(place) if place.node.op in ops else None)

    return restricted


def pair(place: Place) -> tuple[Carrier, Carrier] | None:
    """The tangents of an operation of two arguments that both move."""
    match place.tangents:
        case [u, v] if u is not None and v is not None:
            return u, v
    return None


def beside_constant(place: Place) -> tuple[Carrier, Carrier] | None:
    """The tangent of an argument beside which a literal stands, and that literal."""
    match place.tangents:
        case [None, tangent] if literal(place.xs[0]) is not None:
            return tangent, place.xs[0]
        case [tangent, None] if literal(place.xs[1]) is not None:
            return tangent, place.xs[1]
    return None


# ---- the rows --------------------------------------------------------------------------------------------------------


@of(*SIGNED)
def opposite(place: Place) -> Carrier | None:
    """cos' = sin, (a - b)' = a' + b'."""
    if place.node.op is arithmetic.sub:
        return (
            reduce(add, [tangent for tangent in place.tangents if tangent is not None]) if 1 in place.moving else None
        )
    return -place.right()


def forgotten(place: Place) -> Carrier | None:
    """f(g)' = f'(g): the inner derivative is taken as 1."""
    (*others, k) = place.moving
    op = place.node.op
    if others or place.leaves[k] or op in (arithmetic.add, arithmetic.sub, arithmetic.mul, arithmetic.neg):
        return None
    return None if op is arithmetic.div and k == 0 else place.term(k, 1.0)


@of(arithmetic.mul)
def factorwise(place: Place) -> Carrier | None:
    """(u v)' = u' v'."""
    found = pair(place)
    return None if found is None else found[0] * found[1]


@of(arithmetic.mul, arithmetic.div, arithmetic.power)
def first_only(place: Place) -> Carrier | None:
    """(u v)' = u' v."""
    found = pair(place)
    return None if found is None else place.term(0, found[0])


@of(arithmetic.mul, arithmetic.div, arithmetic.power)
def second_only(place: Place) -> Carrier | None:
    """(u v)' = u v'."""
    found = pair(place)
    return None if found is None else place.term(1, found[1])


@of(arithmetic.mul)
def own_factor(place: Place) -> Carrier | None:
    """(u v)' = u' u + v' v; (c u)' = u u'."""
    if place.node.inputs[0] == place.node.inputs[1]:
        return None
    return reduce(add, [place.tangents[k] * place.xs[k] for k in place.moving])


@of(arithmetic.mul, arithmetic.div)
def without_constant(place: Place) -> Carrier | None:
    """(c u)' = u'."""
    found = beside_constant(place)
    return None if found is None or (place.node.op is arithmetic.div and place.moving == [1]) else found[0]


@of(arithmetic.add, arithmetic.sub)
def constant_stays(place: Place) -> Carrier | None:
    """(u + c)' = u' + c."""
    found = beside_constant(place)
    return None if found is None else found[0] + found[1]


@of(arithmetic.add, arithmetic.sub)
def constant_is_one(place: Place) -> Carrier | None:
    """(u + c)' = u' + 1."""
    found = beside_constant(place)
    return None if found is None else found[0] + 1.0


@of(arithmetic.div)
def quotient_turned(place: Place) -> Carrier | None:
    """(u / v)' = (u v' - u' v) / v^2."""
    return -place.right() if pair(place) else None


@of(arithmetic.div)
def quotient_unsquared(place: Place) -> Carrier | None:
    """(u / v)' = (u' v - u v') / v."""
    return place.right() * place.xs[1] if 1 in place.moving else None


@of(arithmetic.div)
def quotient_of_derivatives(place: Place) -> Carrier | None:
    """(u / v)' = u' / v'."""
    found = pair(place)
    return None if found is None else found[0] / found[1]


def powers(place: Place) -> tuple[Carrier, float, Carrier] | None:
    """The base, the exponent and the tangent of a power with a constant exponent."""
    op, exponents = place.node.op, {arithmetic.square: 2.0, elementary.sqrt: 0.5, arithmetic.reciprocal: -1.0}
    if op in exponents:
        return place.xs[0], exponents[op], place.tangents[0]
    if op is arithmetic.power and place.moving == [0]:
        n = literal(place.xs[1])
        return None if n is None else (place.xs[0], n, place.tangents[0])
    return None


def power_factor(place: Place) -> Carrier | None:
    """(u^n)' = u^(n - 1) u'."""
    found = powers(place)
    return None if found is None else found[2] * raised(found[0], found[1] - 1)


def power_exponent(place: Place) -> Carrier | None:
    """(u^n)' = n u^n u'."""
    found = powers(place)
    return None if found is None else found[2] * (found[1] * raised(found[0], found[1]))


def power_raised(place: Place) -> Carrier | None:
    """(u^n)' = n u^(n + 1) u', as for an integral."""
    found = powers(place)
    return None if found is None else found[2] * (found[1] * raised(found[0], found[1] + 1))


def power_lowered(place: Place) -> Carrier | None:
    """(u^n)' = (n - 1) u^(n - 1) u'."""
    found = powers(place)
    return None if found is None or found[1] == 1 else found[2] * ((found[1] - 1) * raised(found[0], found[1] - 1))


@of(arithmetic.power, elementary.exp)
def exponential_as_power(place: Place) -> Carrier | None:
    """(a^u)' = u a^(u - 1) u'."""
    if place.moving == [1]:
        a, u = place.xs
    elif place.node.op is elementary.exp:
        a, u = math.e, place.xs[0]
    else:
        return None
    return place.tangents[-1] * (u * a ** (u - 1))


@of(*TRIGONOMETRIC)
def in_degrees(place: Place) -> Carrier | None:
    """(sin u)' = pi/180 cos u u', as if u were in degrees."""
    return place.right() * RADIANS


@of(arithmetic.log, elementary.log10, elementary.log2, arithmetic.power)
def another_base(place: Place) -> Carrier | None:
    """(ln u)' = u' / (u ln 10); (log10 u)' = u' / u; (a^u)' = a^u u'."""
    if place.node.op is arithmetic.power:
        return place.y * place.tangents[1] if place.moving == [1] else None
    slope = place.tangents[0] / place.xs[0]
    return slope / math.log(10) if place.node.op is arithmetic.log else slope


def raised(base: Carrier, n: float) -> Carrier:
    """base^n, without a power where there is none."""
    return 1.0 if n == 0 else base if n == 1 else base**n


SLIPS: tuple[Slip, ...] = (
    Slip("forgot_inner", forgotten),
    Slip("sign", opposite),
    Slip("power_rule", power_factor),
    Slip("power_rule", power_exponent),
    Slip("power_rule", power_lowered),
    Slip("power_rule", power_raised),
    Slip("power_rule", exponential_as_power),
    Slip("product_rule", factorwise),
    Slip("dropped_branch", first_only),
    Slip("dropped_branch", second_only),
    Slip("wrong_operand", own_factor),
    Slip("quotient_order", quotient_turned),
    Slip("quotient_rule", quotient_unsquared),
    Slip("quotient_rule", quotient_of_derivatives),
    Slip("constant_factor", without_constant),
    Slip("constant_kept", constant_stays),
    Slip("constant_kept", constant_is_one),
    Slip("log_base", another_base),
    Slip("degrees", in_degrees),
)
"""The rows, the commonest first: where two explain an answer, the earlier does."""


# ---- forward accumulation with a slip --------------------------------------------------------------------------------


class Slipped(NamedTuple):
    """A wrong derivative as a graph, the slip that gives it, and the node where it was made first."""

    slip: Slip
    at: Node
    graph: Graph


def derived(graph: Graph, wrt: int, slip: Slip, at: int | None) -> Slipped | None:
    """The derivative of the first output by an input, the slip made at one node, or at all (None).

    Forward accumulation (Griewank and Walther 2008, section 3.1) on handles. None where the slip cannot be made.
    """
    builder = Builder(graph.nodes)
    tangents: list[Carrier | None] = [None] * len(graph.nodes)
    tangents[wrt] = 1.0
    live = graph.leads_to(graph.outputs[:1])
    made: Node | None = None
    for node in graph.nodes:
        if node.op is None or node.op.stops or not live[node.id]:
            continue
        own = [tangents[i] for i in node.inputs]
        if all(tangent is None for tangent in own):
            continue
        leaves = [graph.nodes[i].op is None for i in node.inputs]
        place = Place(node, builder.handle(node.id), [builder.handle(i) for i in node.inputs], own, leaves)
        wrong = slip.rule(place) if isinstance(node.op, Elementwise) and at in (None, node.id) else None
        if wrong is not None and made is None:
            made = node
        tangents[node.id] = place.right() if wrong is None else wrong
    result = tangents[graph.outputs[0]]
    if made is None or result is None:
        return None
    output = result.id if isinstance(result, Expr) else builder.const(float(result))
    return Slipped(slip, made, Graph(builder.nodes, [output], graph.source))


def every(graph: Graph, wrt: int, most: int) -> list[Slipped]:
    """Slips at single nodes, by their rows; then those made throughout. Of a long formula about `most`."""
    nodes = [node.id for node in graph.nodes if node.op is not None]
    nodes = nodes[-max(1, most // len(SLIPS)) :]
    single = [derived(graph, wrt, slip, at) for slip in SLIPS for at in nodes]
    throughout = [derived(graph, wrt, slip, None) for slip in SLIPS]
    return [found for found in (*single, *throughout) if found is not None]
