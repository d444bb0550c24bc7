"""A primitive is one row: what an operation computes, and its local linear map, written once.

A rule is written in the primitives themselves. Given arrays it computes; given handles on nodes of a graph it adds
nodes. So the reverse pass run on handles *is* the builder of the reverse graph, and running it on its own result gives
the second derivative. (The idea of `defvjp` in Autograd, Maclaurin, Duvenaud and Adams 2015, and of `bind` in JAX.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Carrier = Any
"""What flows through a rule: a float, an array, or a handle on a node (a `Traced`)."""

Rule = Callable[..., Carrier]
"""`rule(t, y, *xs)`: the local linear map of one argument, applied to `t`; `y` is the output, `xs` are the inputs.

The map of a pointwise operation is diagonal, hence its own transpose: the one rule pushes a tangent forward (JVP) and
pulls a cotangent back (VJP), and applied to 1 it is the local partial.
"""

Shape = tuple[int, ...]
REGISTRY: dict[str, Primitive] = {}
ALIASES: dict[str, Primitive] = {}


class Traced:
    """A handle on a node of a graph under construction."""

    __slots__ = ()
    __array_ufunc__ = None  # so that `ndarray * handle` reaches the handle's own __rmul__

    def bind(self, op: Primitive, args: Sequence[Carrier], params: dict[str, Any]) -> Carrier:
        """Add the node `op(*args)` to the graph and return a handle on it."""
        raise TypeError(f"{type(self).__name__} cannot bind {op!r}")


class Primitive:
    """One row of the table of operations. Build rows with `elementwise`."""

    __slots__ = (
        "about", "aliases", "arity", "domain", "latex", "name", "precedence",
        "python", "rules", "sample", "shape", "stops", "value",
    )  # fmt: skip

    def __init__(self, name: str, value: Callable[..., Any], **row: Any) -> None:
        self.name = name
        self.value = value
        for field, content in row.items():
            setattr(self, field, content)
        if name in REGISTRY:
            raise ValueError(f"two rows are named {name}")
        REGISTRY[name] = self
        for alias in (name, *self.aliases):
            if ALIASES.setdefault(alias, self) is not self:
                raise ValueError(f"{alias} names two rows")

    arity: int
    python: str
    latex: str
    precedence: int
    rules: tuple[Rule, ...]
    shape: Callable[..., Shape]
    domain: str
    sample: tuple[tuple[float, float], ...]
    about: dict[str, str]
    aliases: tuple[str, ...]
    stops: bool

    def __call__(self, *args: Carrier, **params: Any) -> Carrier:
        """Compute on numbers and arrays; on handles, add a node."""
        for arg in args:
            if isinstance(arg, Traced):
                return arg.bind(self, args, params)
        return self.value(*args, **params)

    def of_numbers(self, *numbers: float) -> float:
        """The value on plain numbers: infinities and NaN instead of errors and warnings."""
        with np.errstate(all="ignore"):
            return float(self.value(*map(np.float64, numbers)))

    def __repr__(self) -> str:
        return self.name


def broadcast(*shapes: Shape) -> Shape:
    """NumPy's broadcasting rule: align right, 1 stretches. Raises ValueError when two extents differ."""
    if not any(shapes):
        return ()
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    out = []
    for extents in zip(*padded, strict=True):
        wide = {extent for extent in extents if extent != 1}
        if len(wide) > 1:
            raise ValueError(f"shapes {shapes} do not broadcast")
        out.append(wide.pop() if wide else 1)
    return tuple(out)


def zero(*_: Carrier) -> Carrier:
    """The rule of an argument without influence on the slope: that of a step, a comparison, a stopped gradient.

    A plain 0.0 on every carrier: nothing to multiply, so no node and no NaN.
    """
    return 0.0


ATOM = 100
"""Precedence of what never needs brackets: a name, a number, a function call."""


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
) -> Primitive:
    """A row for a pointwise operation of `len(rules)` arguments.

    `value` computes on NumPy arrays. `python` is the same on floats, as an expression over the names of
    `engine.ops.scalar`; `{0}`, `{1}` are the arguments there and in `latex`, where brackets are added by `precedence`
    (as in Python, larger binds tighter). `domain` says in LaTeX where it is defined, in `x` or `x, y, z`; `sample`
    gives an interval per argument inside it for tests. `stops` means that nothing is sent to the inputs in either
    direction.
    """
    return Primitive(
        name, value, arity=len(rules), rules=tuple(rules), python=python, latex=latex, precedence=precedence,
        shape=broadcast, domain=domain, sample=tuple(sample) or ((-2.0, 2.0),) * len(rules),
        about={"en": en, "zh": zh}, aliases=tuple(aliases), stops=stops,
    )  # fmt: skip
