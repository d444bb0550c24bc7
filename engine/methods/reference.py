"""A reference with 50 digits: the rows once more, their templates and rules computed by mpmath.

The text of a row is the same as for floats (`engine.kernels`); what it calls are mpmath's functions. Constants of the
rules, such as ln 2, are computed anew, and the formula's own (0.1, pi) are the floats that all methods see. Reverse
accumulation is `engine.passes.sweep`, on mpmath's numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import isfinite
from threading import Lock
from typing import Any, NamedTuple

from engine import limits
from engine.graph import Graph, Node
from engine.kernels import ARGUMENTS, compiled, expressions, sloped
from engine.methods.records import Exact, Refused
from engine.ops import elementary, neural, scalar, special
from engine.passes.sweep import sweep
from engine.primitive import Elementwise
from engine.trace import finish
from engine.values import Value

DIGITS = 50
PRECISIONS = (100, 200, 400)
"""Digits to compute with, until two agree to DIGITS: cancellation costs digits here, too."""
LARGEST, SMALLEST = 1_100, -100_000
"""Powers of 2 beyond which a number is given up: past a float's range, exponentials soon fill the memory."""
SAME = (
    "acos acosh asin asinh atan atan2 atanh cos cosh erf exp expm1 hypot log log10 log1p sin sinh sqrt tan tanh"
).split()
CONSTANTS: dict[str, tuple[float, Callable[[Any], Any]]] = {
    "ln2": (elementary.LN2, lambda mp: mp.log(2)),
    "ln10": (elementary.LN10, lambda mp: mp.log(10)),
    "two_over_sqrt_pi": (special.TWO_OVER_SQRT_PI, lambda mp: 2 / mp.sqrt(mp.pi)),
    "one_over_sqrt_2pi": (neural.INV_SQRT_2PI, lambda mp: 1 / mp.sqrt(2 * mp.pi)),
    "sqrt_half": (scalar.SQRT_HALF, lambda mp: mp.sqrt(mp.mpf(1) / 2)),
}
"""The floats that rules have for irrational numbers, and those numbers."""
FAR = 1_000
"""Where erfc is 0 or 2 to any digit that counts, and left of which polygamma takes long."""

GAMMA, SLOW = frozenset({"erfc", "gelu", "lgamma", "digamma", "polygamma"}), 50
"""Operations that take mpmath about so many times as long as others."""

lock = Lock()
"""mpmath's precision belongs to its context: one computation at a time."""


class Reference(NamedTuple):
    """The gradient by mpmath."""

    gradient: dict[str, Any]

    def shown(self) -> dict[str, Exact]:
        """With 50 digits as text, and as floats."""
        with lock:
            mp().dps = PRECISIONS[0]
            return {name: Exact(mp().nstr(exact, DIGITS), float(exact)) for name, exact in self.gradient.items()}

    def error(self, name: str, found: Value) -> float:
        """The relative error of a derivative; the absolute one where the derivative is 0."""
        number = float(found)
        if not isfinite(number):
            return number if number != number else float("inf")
        with lock:
            mp().dps = PRECISIONS[0]
            exact = self.gradient[name]
            return float(abs((mp().mpf(number) - exact) / (exact or 1)))


@cache
def mp() -> Any:
    """mpmath's numbers, in a context of their own; the library is imported when it is first needed."""
    from mpmath import MPContext  # type: ignore[import-untyped]

    return MPContext()


class KinkError(ArithmeticError):
    """A function is evaluated right where it jumps or bends."""


@cache
def vocabulary(strict: bool) -> dict[str, Callable[..., Any]]:
    """What the rows' templates call; if `strict`, KinkError is raised where a function has no derivative."""
    own = mp()

    def smooth(at_kink: Any, value: Any) -> Any:
        if strict and at_kink:
            raise KinkError
        return value

    def larger(x: Any, y: Any) -> Any:
        return smooth(x == y, max(x, y))

    def step(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda x: smooth(x == own.floor(x), function(x))

    def cbrt(x: Any) -> Any:
        return -own.cbrt(-x) if x < 0 else own.cbrt(x)

    def erfc(x: Any) -> Any:
        return own.erfc(x) if abs(x) < FAR else own.mpf(2 if x < 0 else 0)

    def polygamma(n: Any, x: Any) -> Any:
        if x < -FAR or not 0 <= n <= scalar.HIGHEST_ORDER or n != int(n):
            raise ValueError
        return own.psi(int(n), x)

    def softplus(x: Any) -> Any:
        return own.log1p(own.exp(-abs(x))) + max(x, 0)

    def sigmoid(x: Any) -> Any:
        return 1 / (1 + own.exp(-x))

    constants = {name: lambda exactly=exactly: exactly(own) for name, (_, exactly) in CONSTANTS.items()}
    return {name: getattr(own, name) for name in SAME} | constants | {
        "cbrt": cbrt, "digamma": lambda x: polygamma(0, x), "elu": lambda x: x if x > 0 else own.expm1(x),
        "erfc": erfc, "fabs": lambda x: smooth(x == 0, abs(x)), "float": lambda truth: own.mpf(int(truth)),
        "floor": step(own.floor), "ceil": step(own.ceil), "sign": lambda x: smooth(x == 0, own.sign(x)),
        "gelu": lambda x: x * erfc(-x / own.sqrt(2)) / 2,
        "heaviside": lambda x: smooth(x == 0, (own.sign(x) + 1) / 2),
        "leaky_relu": lambda x: larger(x, scalar.LEAK * x),
        "lgamma": lambda x: own.re(own.loggamma(x)), "log2": lambda x: own.log(x) / own.log(2),
        "log_base": lambda x, base: own.log(x) / own.log(base), "maximum": larger,
        "minimum": lambda x, y: -larger(-x, -y),
        "polygamma": polygamma, "pow": lambda x, n: x**n, "sigmoid": sigmoid, "silu": lambda x: x * sigmoid(x),
        "softplus": softplus, "xlogy": lambda x, y: x * own.log(y) if x else own.mpf(0),
    }  # fmt: skip


@cache
def exactly(op: Elementwise, wanted: tuple[int, ...]) -> Callable[..., tuple[Any, ...]] | None:
    """The value of a row and its wanted partials, on mpmath's numbers; None where the row calls what is not there."""
    value, *partials = expressions(op, wanted)
    for name, (number, _) in CONSTANTS.items():
        value, *partials = [text.replace(repr(number), f"{name}()") for text in (value, *partials)]
    found = ", ".join(["w", *partials])
    source = f"def exactly({', '.join(ARGUMENTS[: op.arity])}):\n    w = {value}\n    return ({found},)\n"
    function = compiled("exactly", source, **vocabulary(bool(wanted)))
    return function if set(function.__code__.co_names) <= vocabulary(False).keys() else None


def reference(graph: Graph, point: Mapping[str, Value], names: Sequence[str]) -> Reference:
    """The gradient of the first output by these inputs. Raises Refused where there is none, or not by mpmath."""
    live = graph.leads_to(graph.outputs[:1])
    operations = [node for node in graph.nodes if node.op is not None and live[node.id]]
    for name in names:
        if graph.nodes[graph.inputs[name]].shape:
            raise Refused("array_input", name=name)
    for node in operations:
        if node.id in graph.tensors:
            raise Refused("no_reference", node.id)
    if sum(SLOW if node.op.name in GAMMA else 1 for node in operations if node.op) > limits.REFERENCE_NODES:
        raise Refused("no_reference_so_long", limit=f"{limits.REFERENCE_NODES:,}")
    before: list[Any] | None = None
    with lock:
        for precision in PRECISIONS:
            mp().dps = precision
            found = accumulated(graph, operations, point, [graph.inputs[name] for name in names])
            if before is not None and all(map(agree, before, found)):
                return Reference(dict(zip(names, found, strict=True)))
            before = found
    raise Refused("no_digits")


def agree(a: Any, b: Any) -> bool:
    """Are two numbers equal to DIGITS digits?"""
    return bool(abs(a - b) <= abs(b) * mp().mpf(10) ** -(DIGITS + 1))


def accumulated(graph: Graph, operations: Sequence[Node], point: Mapping[str, Value], wrt: Sequence[int]) -> list[Any]:
    """Values and partials forward, adjoints backward."""
    active = bytearray(len(graph.nodes))
    for node_id in wrt:
        active[node_id] = 1
    values: list[Any] = [None] * len(graph.nodes)
    partials: list[tuple[Any, ...]] = [()] * len(graph.nodes)
    for leaf in graph.nodes:
        if leaf.op is None and not leaf.shape:
            values[leaf.id] = mp().mpf(leaf.const if leaf.name is None else point[leaf.name])
    for node in operations:
        assert isinstance(node.op, Elementwise)
        wanted = tuple([] if node.op.stops else [k for k, i in enumerate(node.inputs) if active[i]])
        values[node.id], *found = computed(node, node.op, wanted, [values[i] for i in node.inputs])
        by = dict(zip(wanted, found, strict=True))
        active[node.id] = any(k in sloped(node.op) for k in wanted)
        partials[node.id] = tuple([by.get(k) for k in range(len(node.inputs))])
    adjoints = finish(sweep(graph, active, partials, graph.outputs[0], mp().mpf(1), 0, silent, silent))
    return [adjoints[node] if adjoints[node] is not None else mp().mpf(0) for node in wrt]


def silent(*_: Any) -> None:
    """No step is shown."""


def computed(node: Node, op: Elementwise, wanted: tuple[int, ...], xs: Sequence[Any]) -> list[Any]:
    """A value and its partials. Raises Refused where one is undefined, or past all bounds."""
    function = exactly(op, wanted)
    if function is None:
        raise Refused("no_reference", node.id)
    if has_jump(op, wanted, xs):
        raise Refused("kink_here", node.id)
    try:
        found = [mp().convert(number) for number in function(*xs)]
    except KinkError:
        raise Refused("kink_here", node.id) from None
    except (ValueError, ArithmeticError, mp().NoConvergence):
        raise Refused("reference_undefined", node.id) from None
    if any(isinstance(number, mp().mpc) or not mp().isfinite(number) for number in found):
        raise Refused("reference_undefined", node.id)
    if any(number and not SMALLEST < mp().mag(number) < LARGEST for number in found):
        raise Refused("reference_out_of_range", node.id)
    return found


def has_jump(op: Elementwise, wanted: Sequence[int], xs: Sequence[Any]) -> bool:
    """Does a comparison compare equals, or a condition change its mind, where an input has an influence on it?"""
    if all(k in sloped(op) for k in wanted):
        return False
    return bool(xs[0] == xs[1]) if op.arity == 2 else op.arity == 3 and not xs[0]
