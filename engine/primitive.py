"""A primitive is one row: what an operation computes, and its local linear map, written once.

A rule is written in the primitives themselves. Given arrays it computes; given handles on nodes of a graph it adds
nodes. So the reverse pass run on handles *is* the builder of the reverse graph, and running it on its own result gives
the second derivative. (The idea of `defvjp` in Autograd, Maclaurin, Duvenaud and Adams 2015, and of `bind` in JAX.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import Parameter, signature
from itertools import combinations
from math import prod
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

Carrier = Any
"""What flows through a rule: a float, an array, or a handle on a node (a `Traced`)."""

Rule = Callable[..., Carrier]
"""`rule(t, y, *xs, **params)`: a local linear map of one argument, applied to `t`; `y` is the output, `xs` are the
inputs.
"""

Shape = tuple[int, ...]


class Reading(NamedTuple):
    """What an operation takes the elements of an argument for, where not every number will do.

    `labels` are classes counted from 0, so many as `classes`; `signs` are -1 or 1; `probabilities` lie between 0 and 1;
    a `distribution` is probabilities that add up to 1 along the last axis.
    """

    kind: str
    classes: int | None = None


Params = Mapping[str, Any]
NONE: Params = MappingProxyType({})
REGISTRY: dict[str, Primitive] = {}
ALIASES: dict[str, Primitive] = {}
"""What a formula may call a row; only rules call those that are internal."""

ATOM = 100
"""Precedence of what never needs brackets: a name, a number, a function call."""


class ShapeError(ValueError):
    """An operation cannot take these shapes; `hint` is the key of a sentence that says what to write instead."""

    def __init__(self, hint: str | None = None, **words: Any) -> None:
        super().__init__(hint, words)
        self.hint = hint
        self.words = words


class Traced:
    """A handle on a node of a graph under construction."""

    __slots__ = ()
    __array_ufunc__ = None  # so that `ndarray * handle` reaches the handle's own __rmul__

    def bind(self, op: Primitive, args: Sequence[Carrier], params: Params) -> Carrier:
        """Add the node `op(*args)` to the graph and return a handle on it."""
        raise TypeError(f"{type(self).__name__} cannot bind {op!r}")


class Primitive:
    """One row of the table of operations. Build rows with `elementwise` and `primitive`.

    `arity` counts the arguments that data flows through, None for any number of them; `statics` names the others, such
    as an axis, with what each is when left out (the keyword-only parameters of `value`). `shape` gives the shape of the
    output and `cost` the arithmetic operations, from the shapes of the arguments and the statics. `jvps(k)` and
    `vjps(k)` are the rules of argument k; what a rule gives may still lack the stretching or the summing that
    broadcasting asks for. A row whose slope can use again what its value has computed `keeps` it: a function like
    `value` that gives a pair, the value and what its VJPs take as `kept`, None where there is nothing.
    """

    name: str
    value: Callable[..., Any]
    arity: int | None
    statics: Params
    python: str
    latex: str | Callable[..., str]
    precedence: int
    shape: Callable[..., Shape]
    cost: Callable[..., int]
    jvps: Callable[[int], Rule]
    vjps: Callable[[int], Rule]
    domain: str
    sample: tuple[Any, ...]
    about: dict[str, str]
    aliases: tuple[str, ...]
    stops: bool = False
    internal: bool = False
    keeps: Callable[..., tuple[Any, Any]] | None = None
    pointwise: bool

    def __init__(self, name: str, value: Callable[..., Any], **row: Any) -> None:
        self.name = name
        self.value = value
        for field, content in row.items():
            setattr(self, field, content)
        if name in REGISTRY:
            raise ValueError(f"two rows are named {name}")
        REGISTRY[name] = self
        for alias in () if self.internal else (name, *self.aliases):
            if ALIASES.setdefault(alias, self) is not self:
                raise ValueError(f"{alias} names two rows")

    def __call__(self, *args: Carrier, **params: Any) -> Carrier:
        """Compute on numbers and arrays; on handles, add a node."""
        for arg in args:
            if isinstance(arg, Traced):
                return arg.bind(self, args, {**self.statics, **params})
        return self.value(*args, **params)

    def push(self, argnum: int, t: Carrier, y: Carrier, xs: Sequence[Carrier], params: Params = NONE) -> Carrier:
        """Jacobian times tangent (JVP): what the tangent `t` of one argument adds to the tangent of the output."""
        return stretched(self.jvps(argnum)(t, y, *xs, **self.all_statics(params)), shape_of(y))

    def pull(self, argnum: int, t: Carrier, y: Carrier, xs: Sequence[Carrier], params: Params = NONE) -> Carrier:
        """Cotangent times Jacobian (VJP): what the cotangent `t` of the output sends to one argument."""
        return fitted(self.vjps(argnum)(t, y, *xs, **self.all_statics(params)), shape_of(xs[argnum]))

    def all_statics(self, params: Params) -> Params:
        """Every static: what is given, else what it is when left out."""
        return {**self.statics, **params}

    def takes(self, count: int) -> bool:
        """Can data flow in through so many arguments?"""
        return count == self.arity if self.arity is not None else count > 0

    def template(self, count: int, params: Params = NONE) -> str:
        """The LaTeX of the row for so many arguments; its places {0}, {1}, ... are the arguments."""
        return self.latex if isinstance(self.latex, str) else self.latex(count, **params)

    def of_numbers(self, *numbers: float) -> float:
        """The value on plain numbers: infinities and NaN instead of errors and warnings."""
        with np.errstate(all="ignore"):
            return float(self.value(*map(np.float64, numbers)))

    def __repr__(self) -> str:
        return self.name


class Elementwise(Primitive):
    """A row for a pointwise operation: its Jacobian is diagonal, hence its own transpose, and one rule is both maps.

    `rules[k]` applied to 1 is the local partial by argument k. Where an argument was stretched by broadcasting, its
    tangent is stretched too, and its cotangent, by transposition, summed over the stretched axes.
    """

    pointwise = True
    arity: int
    latex: str
    rules: tuple[Rule, ...]


class Structural(Primitive):
    """A row for an operation that mixes elements: both maps are spelled out.

    `reads(*shapes, **statics)` gives for each argument what its elements are taken for, None for any numbers.
    """

    pointwise = False
    reads: Callable[..., Sequence[Reading | None]]


# ---- shapes ----------------------------------------------------------------------------------------------------------


def shape_of(carrier: Carrier) -> Shape:
    """The shape of an array or of a handle's node; () for a number."""
    shape: Shape = getattr(carrier, "shape", ())
    return shape


def stretched(carrier: Carrier, shape: Shape) -> Carrier:
    """`carrier` broadcast to `shape`."""
    return carrier if shape_of(carrier) == shape else REGISTRY["broadcast_to"](carrier, shape=shape)


def summed(carrier: Carrier, wide: Shape, shape: Shape) -> Carrier:
    """The transpose of `stretched`: `carrier`, of shape `wide`, summed over the axes along which `shape` was stretched.

    A carrier that is constant along some axes of `wide` may come in a smaller shape.
    """
    if shape_of(carrier) == shape == wide:
        return carrier
    carrier = stretched(carrier, wide)
    return carrier if wide == shape else REGISTRY["sum_to"](carrier, shape=shape)


def fitted(sent: Carrier, shape: Shape) -> Carrier:
    """What a rule sends back, in the shape of the argument: a number stands for all elements."""
    wide = shape_of(sent)
    if wide == shape:
        return sent
    return REGISTRY["sum_to"](sent, shape=shape) if wide else stretched(sent, shape)


def broadcast(*shapes: Shape, **_: Any) -> Shape:
    """NumPy's broadcasting rule: align right, 1 stretches. Raises ShapeError when two extents differ."""
    if not any(shapes):
        return ()
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    out = []
    for extents in zip(*padded, strict=True):
        wide = {extent for extent in extents if extent != 1}
        if len(wide) > 1:
            raise ShapeError(*broadcast_hint(shapes))
        out.append(wide.pop() if wide else 1)
    return tuple(out)


def broadcast_hint(shapes: Sequence[Shape]) -> tuple[str]:
    """Which repair helps the first two shapes that do not broadcast."""
    clashing = next(pair for pair in combinations(shapes, 2) if clash(*pair))
    first, second = sorted(clashing, key=len)
    if len(first) == len(second) == 2 and first == second[::-1]:
        return ("transpose_one",)
    if len(first) < len(second) and first and first[0] == second[0]:
        return ("keep_the_axis",)
    if len(first) and len(second) > 1 and (first[-1] in second[-2:] or second[-1] == first[0]):
        return ("matrix_product",)
    return ("broadcast_rule",)


def clash(a: Shape, b: Shape) -> bool:
    """Is there an axis, counted from the right, along which the two neither agree nor stretch?"""
    return any(m != n and 1 not in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))


def any_numbers(*shapes: Shape, **_: Any) -> tuple[None, ...]:
    """What most operations take their arguments for."""
    return (None,) * len(shapes)


def one_each(*shapes: Shape, **_: Any) -> int:
    """The cost of a pointwise operation: one for each element of its output."""
    return prod(broadcast(*shapes))


def touched(*shapes: Shape, **_: Any) -> int:
    """The cost of an operation that touches each element of its arguments once."""
    return sum(map(prod, shapes))


# ---- rules -----------------------------------------------------------------------------------------------------------


def zero(*_: Carrier, **__: Any) -> Carrier:
    """The rule of an argument without influence on the slope: that of a step, a comparison, a stopped gradient.

    A plain 0.0 on every carrier: nothing to multiply, so no node and no NaN.
    """
    return 0.0


def itself(name: str, argnum: int = 0) -> Rule:
    """The JVP of an argument in which the operation `name` is linear: the operation, with the tangent in its place."""

    def rule(t: Carrier, y: Carrier, *xs: Carrier, **params: Any) -> Carrier:
        return REGISTRY[name](*xs[:argnum], t, *xs[argnum + 1 :], **params)

    return rule


def elementwise(
    name: str,
    value: Callable[..., Any],
    *,
    rules: Sequence[Rule],
    python: str,
    latex: str,
    en: str,
    zh: str,
    precedence: int = ATOM,
    domain: str = "",
    sample: Sequence[tuple[float, float]] = (),
    aliases: Sequence[str] = (),
    stops: bool = False,
) -> Elementwise:
    """A row for a pointwise operation of `len(rules)` arguments.

    `value` computes on NumPy arrays. `python` is the same on floats, as an expression over the names of
    `engine.ops.scalar`; `{0}`, `{1}` are the arguments there and in `latex`, where brackets are added by `precedence`
    (as in Python, larger binds tighter). `domain` says in LaTeX where it is defined, in `x` or `x, y, z`; `sample`
    gives an interval per argument inside it for tests. `stops` means that nothing is sent to the inputs in either
    direction.
    """
    both = tuple(rules)
    return Elementwise(
        name, value, arity=len(both), statics=NONE, rules=both, jvps=both.__getitem__, vjps=both.__getitem__,
        python=python, latex=latex, precedence=precedence, shape=broadcast, cost=one_each, domain=domain,
        sample=tuple(sample) or ((-2.0, 2.0),) * len(both), about={"en": en, "zh": zh}, aliases=tuple(aliases),
        stops=stops,
    )  # fmt: skip


def primitive(
    name: str,
    value: Callable[..., Any],
    *,
    shape: Callable[..., Shape],
    jvps: Sequence[Rule] | Callable[[int], Rule],
    vjps: Sequence[Rule] | Callable[[int], Rule],
    latex: str | Callable[..., str],
    en: str,
    zh: str,
    sample: Iterable[Any],
    cost: Callable[..., int] = touched,
    reads: Callable[..., Sequence[Reading | None]] = any_numbers,
    precedence: int = ATOM,
    domain: str = "",
    aliases: Sequence[str] = (),
    internal: bool = False,
    keeps: Callable[..., tuple[Any, Any]] | None = None,
) -> Structural:
    """A row for an operation that mixes elements.

    `value(*arrays, **statics)` computes on NumPy arrays; its keyword-only parameters are the statics. A rule is
    `rule(t, y, *xs, **statics)`, with every static given. An operation of any number of arguments has, for `jvps` and
    `vjps`, functions from the argument's number to its rule. `shape(*shapes, **statics)` raises ShapeError. `latex` is
    a template or a function `(count, **statics)` that gives one. `sample` lists calls for the tests, each the shapes of
    the arguments and the statics, and perhaps the interval (low, high) to draw the elements from. No formula
    calls an `internal` row by name: rules do, or it is written otherwise, as x[0] is.
    """
    known = {} if isinstance(value, np.ufunc) else signature(value).parameters
    statics = {key: parameter.default for key, parameter in known.items() if parameter.kind == Parameter.KEYWORD_ONLY}
    return Structural(
        name, value, arity=None if callable(jvps) else len(jvps), statics=MappingProxyType(statics), python="",
        latex=latex, precedence=precedence, shape=shape, cost=cost, reads=reads, domain=domain, sample=tuple(sample),
        about={"en": en, "zh": zh}, aliases=tuple(aliases), internal=internal, keeps=keeps,
        jvps=jvps if callable(jvps) else tuple(jvps).__getitem__,
        vjps=vjps if callable(vjps) else tuple(vjps).__getitem__,
    )  # fmt: skip
