"""Every row of the table, against mpmath with 50 digits: a new row needs one entry in tests/oracles/with_mpmath.py."""

import itertools
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from mpmath import mp

from engine.graph import Builder, Expr, Node
from engine.kernels import compiled, kernel, linear_kernel
from engine.ops import scalar
from engine.primitive import ALIASES, REGISTRY, Carrier, Elementwise, Primitive
from tests.oracles.with_mpmath import FUNCTIONS

INERT = {("polygamma", 0)}
"""Arguments without derivative by convention, though the function varies with them."""
EDGES = [
    0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 10.0, 40.0, -40.0, 709.0, -709.0, 800.0, -800.0,
    1e-300, -1e-300, 5e-324, 1e8, 1e16, 1e300, -1e300, math.inf, -math.inf, math.nan,
]  # fmt: skip

LATEX = {
    *r"\cdot \frac \sqrt \left \right \lfloor \rfloor \lceil \rceil \ldots \le \ge \ne \operatorname".split(),
    "\\psi",
    "\\sigma",
    *r"\ln \log \exp \sin \cos \tan \sec \csc \cot \arcsin \arccos \arctan \sinh \cosh \tanh \min \max".split(),
}
HAN = re.compile("[\u4e00-\u9fff]")

POINTWISE = [op for op in REGISTRY.values() if isinstance(op, Elementwise)]
ROWS = pytest.mark.parametrize("op", POINTWISE, ids=repr)
PLACES = pytest.mark.parametrize(
    ("op", "argnum"),
    [pytest.param(op, k, id=f"{op}-{k}") for op in POINTWISE for k in range(op.arity)],
)


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


def points(op: Elementwise, count: int = 12) -> list[list[float]]:
    rng = np.random.default_rng(sum(op.name.encode()))
    return [[float(rng.uniform(low, high)) for low, high in op.sample] for _ in range(count)]


def python(op: Elementwise) -> Callable[..., float]:
    """The row's template as a function on floats."""
    text = op.python
    for argnum in range(op.arity):
        text = text.replace(f"{{{argnum}}}", f"(x{argnum})")
    arguments = ", ".join(f"x{argnum}" for argnum in range(op.arity))
    return compiled("row", f"def row({arguments}):\n    return {text}\n")


def exact(op: Elementwise, xs: Sequence[float], orders: Sequence[int] | None = None) -> float:
    """The value by mpmath, or a partial derivative of these orders."""
    function, point = FUNCTIONS[op.name], [mp.mpf(x) for x in xs]
    if not any(orders or ()):
        return float(function(*point))
    assert orders is not None
    if op.stops or any(orders[argnum] for name, argnum in INERT if name == op.name):
        return 0.0
    varying = [k for k in range(op.arity) if (op.name, k) not in INERT]

    def along(*moving: Any) -> Any:
        return function(*[moving[varying.index(k)] if k in varying else point[k] for k in range(op.arity)])

    return float(mp.diff(along, tuple(point[k] for k in varying), tuple(orders[k] for k in varying)))


def run(nodes: Sequence[Node], inputs: dict[str, float]) -> list[Any]:
    """Evaluate a list, the naive way."""
    values: list[Any] = []
    for node in nodes:
        if node.op is not None:
            values.append(node.op.value(*[values[i] for i in node.inputs]))
        else:
            values.append(np.float64(inputs[node.name] if node.name is not None else node.const))
    return values


def pushed(output: Carrier, wrt: int) -> Carrier:
    """The derivative of a handle by the input with this id, as a handle: forward mode, by the rules."""
    if not isinstance(output, Expr):
        return 0.0
    builder = output.builder
    tangents: dict[int, Carrier] = {wrt: 1.0}
    for node in builder.nodes[: output.id + 1]:
        if node.op is None or node.op.stops:
            continue
        for rule, source in zip(node.op.rules, node.inputs, strict=True):
            if source in tangents:
                sent = rule(tangents[source], builder.handle(node.id), *map(builder.handle, node.inputs))
                if isinstance(sent, Expr) or sent != 0:
                    tangents[node.id] = tangents[node.id] + sent if node.id in tangents else sent
    return tangents.get(output.id, 0.0)


def close(a: float, b: float, ulps: int = 2) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= ulps * max(math.ulp(a), math.ulp(b))


@pytest.mark.parametrize("op", REGISTRY.values(), ids=repr)
def test_a_row_is_described_in_both_languages(op: Primitive) -> None:
    assert op.about["en"].endswith(".")
    assert not HAN.search(op.about["en"])
    assert op.about["zh"].endswith("。")
    assert HAN.search(op.about["zh"])


@ROWS
def test_latex_stays_in_the_subset_that_the_page_typesets(op: Elementwise) -> None:
    commands = re.findall(r"\\[a-zA-Z]+", op.latex + op.domain)
    assert set(commands) <= LATEX
    assert re.sub(r"\\[a-zA-Z]+|\\;", "", op.latex + op.domain).isascii()


@ROWS
def test_the_templates_hold_every_argument_and_nothing_else(op: Elementwise) -> None:
    places = {f"{{{argnum}}}" for argnum in range(op.arity)}
    assert all(place in op.python and place in op.latex for place in places)
    assert op.python.count("(") == op.python.count(")")
    assert op.latex.count("{") == op.latex.count("}")
    assert len(op.sample) == op.arity


def test_every_alias_leads_to_one_row() -> None:
    callable_rows = [op for op in REGISTRY.values() if not op.internal]
    for op in callable_rows:
        assert all(ALIASES[alias] is op for alias in (op.name, *op.aliases))
    assert len(ALIASES) == len(callable_rows) + sum(len(op.aliases) for op in callable_rows)


def test_a_name_belongs_to_one_row() -> None:
    with pytest.raises(ValueError, match="two rows are named sin"):
        Elementwise("sin", np.sin, aliases=())


@ROWS
def test_value(op: Elementwise) -> None:
    for xs in points(op):
        tolerance = 1e-13 if op.name in ("digamma", "polygamma", "lgamma") else 1e-14
        assert op.value(*map(np.float64, xs)) == pytest.approx(exact(op, xs), rel=tolerance, abs=1e-15), xs


@ROWS
def test_value_broadcasts(op: Elementwise) -> None:
    shapes = [(3, 1), (4,), (2, 1, 1)][: op.arity]
    xs = [np.full(shape, x) for shape, x in zip(shapes, points(op, 1)[0], strict=True)]
    value = op.value(*xs)
    assert value.shape == op.shape(*shapes)
    assert value.dtype == np.float64
    assert isinstance(op.value(*map(np.float64, points(op, 1)[0])), np.float64)


@ROWS
def test_the_template_computes_the_value(op: Elementwise) -> None:
    function = python(op)
    for xs in points(op):
        assert close(function(*xs), float(op.value(*map(np.float64, xs)))), xs


@ROWS
def test_at_the_edges_the_template_computes_the_value_or_raises(op: Elementwise) -> None:
    function = python(op)
    for xs in itertools.product(EDGES[:: 1 if op.arity < 3 else 3], repeat=op.arity):
        value = float(op.value(*map(np.float64, xs)))
        try:
            result = function(*xs)
        except (ValueError, OverflowError, ZeroDivisionError):
            continue  # the caller falls back to the value
        assert isinstance(result, float)
        assert close(result, value), f"{op}{xs}: {result!r} by {op.python}, {value!r} by NumPy"


@ROWS
def test_at_the_edges_a_kernel_gives_the_partials_of_what_is_active_and_never_raises(op: Elementwise) -> None:
    places = tuple(range(op.arity))
    for xs in itertools.product(EDGES[:: 2 if op.arity < 3 else 6], repeat=op.arity):
        every = linear_kernel(op)(xs, (True,) * op.arity, places)
        for active in itertools.product((False, True), repeat=op.arity):
            value, partials, moves = linear_kernel(op)(xs, active, places)
            assert close(value, kernel(op)(*xs)), f"{op}{xs}"
            assert moves == any(active)
            for partial, moved, expected in zip(partials, active, every[1], strict=True):
                assert partial is None if not moved else close(partial, expected), f"{op}{xs}, {active}"


@PLACES
def test_rule(op: Elementwise, argnum: int) -> None:
    orders = [int(k == argnum) for k in range(op.arity)]
    for xs in points(op):
        arrays = list(map(np.float64, xs))
        partial = op.rules[argnum](np.float64(1.0), op.value(*arrays), *arrays)
        assert float(partial) == pytest.approx(exact(op, xs, orders), rel=5e-14, abs=1e-14), xs


@PLACES
def test_rule_is_linear_and_its_own_transpose(op: Elementwise, argnum: int) -> None:
    rng = np.random.default_rng(1)
    xs = [np.array(column) for column in zip(*points(op, 7), strict=True)]
    y = op.value(*xs)
    t, ct = rng.normal(size=(2, 7))

    def rule(direction: Carrier) -> Carrier:
        return np.broadcast_to(op.rules[argnum](direction, y, *xs), 7)

    assert np.vdot(ct, rule(t)) == pytest.approx(np.vdot(rule(ct), t), rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(rule(t - 2 * ct), rule(t) - 2 * rule(ct), rtol=1e-12, atol=1e-14)


@PLACES
def test_rule_on_handles_is_the_rule_on_numbers(op: Elementwise, argnum: int) -> None:
    builder = Builder()
    names = ["t", "y", *(f"x{k}" for k in range(op.arity))]
    handles = [builder.handle(builder.input(name)) for name in names]
    made = op.rules[argnum](*handles)
    for xs in points(op):
        arrays = [np.float64(1.25), op.value(*map(np.float64, xs)), *map(np.float64, xs)]
        expected = op.rules[argnum](*arrays)
        if isinstance(made, Expr):
            result = run(builder.nodes, dict(zip(names, arrays, strict=True)))[made.id]
            assert result == pytest.approx(float(expected), rel=1e-15)
        else:
            assert made == expected == 0.0


@ROWS
def test_rules_can_be_differentiated_to_the_third_order(op: Elementwise) -> None:
    for argnums in itertools.combinations_with_replacement(range(op.arity), 3):
        builder = Builder()
        names = [f"x{k}" for k in range(op.arity)]
        handles = [builder.handle(builder.input(name)) for name in names]
        derivative: Carrier = op(*handles)
        for argnum in argnums:
            derivative = pushed(derivative, argnum)
        orders = [argnums.count(k) for k in range(op.arity)]
        for xs in points(op, 3):
            values = run(builder.nodes, dict(zip(names, xs, strict=True)))
            result = values[derivative.id] if isinstance(derivative, Expr) else derivative
            assert float(result) == pytest.approx(exact(op, xs, orders), rel=1e-11, abs=1e-11), (orders, xs)


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5, 8, 20, 60, 100])
def test_polygamma_everywhere(order: int) -> None:
    rng = np.random.default_rng(order)
    near, far, left = rng.uniform(0.01, 12, 20), np.exp(rng.uniform(0, 30, 20)), rng.uniform(-9, 0, 20)
    for x in map(float, [*near, *far, *left]):
        expected = float(mp.psi(order, mp.mpf(x)))
        # where psi is small, it is the difference of these two
        scale = abs(float(mp.psi(order, 1 - mp.mpf(x)))) if x < 0 else math.log(x) if order == 0 and x > 1 else 0.0
        assert scalar.polygamma(float(order), x) == pytest.approx(expected, rel=2e-13, abs=2e-14 * abs(scale)), x
