"""The closed vocabulary of steps. An event says what one step changed, in ids and numbers, and nothing else.

`line` is the line of the pass's published algorithm that the step carries out. Words, rules and colours are made from
events by others (`engine.explain`, the page).
"""

from __future__ import annotations

from msgspec import Struct

from engine.values import Value


class Event(Struct, frozen=True, gc=False, tag_field="kind", omit_defaults=True):
    """One step of a pass.

    Where an event has `created` nodes and their `values`, it has their `states` too, if one is not None.
    """

    line: int


class Input(Event, frozen=True, gc=False, tag="input"):
    """An input takes its value, and in forward mode its seed tangent."""

    node: int
    value: Value
    tangent: Value | None = None


class Compute(Event, frozen=True, gc=False, tag="compute"):
    """A node is evaluated.

    `partials` has one entry per argument, None where nothing is differentiated through it; `terms` are the products
    partial * tangent that add up to `tangent`. The partial of a pointwise operation on arrays is the diagonal of its
    Jacobian; that of an operation which mixes elements is the word `linear`, for its Jacobian is never built. `state`
    is `undefined`, `pole`, `overflow` or `inherited` when `value` is not finite: the first three name the origin, the
    last a victim. It is `underflow` when a 0 or a subnormal number stands where the exact value is larger.
    `tangent_state` says the same of `tangent`; an `underflow` that it comes from counts as one.
    """

    node: int
    value: Value
    partials: tuple[Value | str | None, ...] | None = None
    terms: tuple[Value | None, ...] | None = None
    tangent: Value | None = None
    state: str | None = None
    tangent_state: str | None = None


class Seed(Event, frozen=True, gc=False, omit_defaults=False, tag="seed"):
    """The reverse pass starts: the adjoint of the output is given."""

    node: int
    adjoint: Value


class Contribute(Event, frozen=True, gc=False, tag="contribute"):
    """`node` sends `cotangent` = adjoint * partial along the edge (node, argnum) to `source`.

    The adjoint of `source` so far is `adjoint`, and `state` what is odd about it, in the words of `Compute`.
    """

    node: int
    argnum: int
    source: int
    cotangent: Value
    adjoint: Value
    state: str | None = None


class Stop(Event, frozen=True, gc=False, omit_defaults=False, tag="stop"):
    """stop_gradient: `node` sends nothing to `source`."""

    node: int
    argnum: int
    source: int


class Absent(Event, frozen=True, gc=False, omit_defaults=False, tag="absent"):
    """The pass ends and `node` got no adjoint: `no_path` leads from it to the output, or every path was `stopped`."""

    node: int
    reason: str


class SeedNode(Event, frozen=True, gc=False, tag="seed_node"):
    """The reverse graph starts: `node_to_grad` = {`node`: [`adjoint`]}, a new node that holds the seed."""

    node: int
    adjoint: int
    created: tuple[int, ...]
    values: tuple[Value, ...]
    states: tuple[str | None, ...] | None = None


class Visit(Event, frozen=True, gc=False, tag="visit"):
    """`node` is visited: its adjoint is the sum of `parts`, all it has received. One part needs no new node."""

    node: int
    parts: tuple[int, ...]
    adjoint: int
    created: tuple[int, ...]
    values: tuple[Value, ...]
    states: tuple[str | None, ...] | None = None


class Build(Event, frozen=True, gc=False, tag="build"):
    """The nodes that the local partial of the edge (node, argnum) needs are created from the `reused` forward nodes."""

    node: int
    argnum: int
    source: int
    created: tuple[int, ...]
    values: tuple[Value, ...]
    reused: tuple[int, ...]
    states: tuple[str | None, ...] | None = None


class Append(Event, frozen=True, gc=False, tag="append"):
    """`cotangent`, what `node` sends along the edge (node, argnum), is appended to node_to_grad[`source`].

    `created` is empty when it is the adjoint of `node` itself (partial 1).
    """

    node: int
    argnum: int
    source: int
    cotangent: int
    created: tuple[int, ...]
    values: tuple[Value, ...]
    reused: tuple[int, ...]
    states: tuple[str | None, ...] | None = None


class Rewrite(Event, frozen=True, gc=False, tag="rewrite"):
    """Simplifying by `rule`: users of `node` now read `by`.

    `created` nodes are new, `removed` are no longer read by anyone. A node that nobody read from the start stands by
    itself: `by` is `node`.
    """

    rule: str
    node: int
    by: int
    created: tuple[int, ...]
    values: tuple[Value, ...]
    removed: tuple[int, ...]
    states: tuple[str | None, ...] | None = None


class JacobianColumn(Event, frozen=True, gc=False, omit_defaults=False, tag="column"):
    """A forward pass along one element of an input: `tangents`, one of each output, are a column of the Jacobian.

    `place` counts the elements of the input `node` in row-major order.
    """

    node: int
    place: int
    tangents: tuple[Value, ...]


class JacobianRow(Event, frozen=True, gc=False, omit_defaults=False, tag="row"):
    """A reverse pass from one element of an output: `cotangents`, one of each input, are a row of the Jacobian.

    `place` counts the elements of the output `node` in row-major order.
    """

    node: int
    place: int
    cotangents: tuple[Value, ...]


EVENTS: tuple[type[Event], ...] = (
    Input, Compute, Seed, Contribute, Stop, Absent, SeedNode, Visit, Build, Append, Rewrite, JacobianColumn,
    JacobianRow,
)  # fmt: skip
