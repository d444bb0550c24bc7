"""Every row that mixes elements: its shape rule, its two maps as transposes, on arrays and on handles, to second order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isnan
from typing import Any

import numpy as np
import pytest

import engine.ops  # noqa: F401  fills the registry
from engine import api
from engine.api import trace
from engine.errors import EngineError
from engine.graph import Builder, Expr, Node
from engine.primitive import REGISTRY, Carrier, ShapeError, Structural, shape_of

ROWS = [op for op in REGISTRY.values() if isinstance(op, Structural)]
CALLS = pytest.mark.parametrize(
    ("op", "call"),
    [pytest.param(op, call, id=f"{op}-{number}") for op in ROWS for number, call in enumerate(op.sample)],
)
DEFINITE, CLASSES = {"cholesky"}, {"one_hot"}
"""Rows that are defined for positive definite matrices, or whole numbers, only."""
Drawn = tuple[list[Any], dict[str, Any], np.random.Generator]


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


def draw(op: Structural, call: Any) -> Drawn:
    """Arguments for a call of the row's sample, and its statics, all of them."""
    shapes, statics, *interval = call
    low, high = interval[0] if interval else (-2, 2)
    rng = np.random.default_rng(sum(op.name.encode()) + len(shapes))
    xs = [rng.uniform(low, high, size=shape) for shape in shapes]
    if op.name in DEFINITE:
        xs = [x @ x.T + np.eye(len(x)) for x in xs]
    if op.name in CLASSES:
        xs = [np.floor(np.abs(x)) for x in xs]
    return xs, {**op.statics, **statics}, rng


def row(name: str) -> Structural:
    op = REGISTRY[name]
    assert isinstance(op, Structural)
    return op


def gradient(name: str, x: Any, **statics: Any) -> Any:
    """The VJP of ones."""
    op, x = row(name), np.asarray(x, dtype=float)
    y = op(x, **statics)
    return op.pull(0, np.ones(np.shape(y)), y, [x], statics)


def tangent(name: str, x: Any, u: Any, **statics: Any) -> Any:
    """The JVP of `u`."""
    op, x = row(name), np.asarray(x, dtype=float)
    return op.push(0, np.asarray(u, dtype=float), op(x, **statics), [x], statics)


def slope(function: Callable[[float], Any], h: float = 1e-4) -> Any:
    """The derivative at 0 by a central difference of fourth order."""
    return (8 * (function(h) - function(-h)) - (function(2 * h) - function(-2 * h))) / (12 * h)


def run(nodes: Sequence[Node], inputs: dict[str, Any]) -> list[Any]:
    """Evaluate a list, the naive way."""
    values: list[Any] = []
    for node in nodes:
        if node.op is not None:
            values.append(node.op.value(*[values[i] for i in node.inputs], **(node.params or {})))
        else:
            values.append(inputs[node.name] if node.name is not None else node.const)
    return values


def at(carrier: Carrier, values: Sequence[Any]) -> Any:
    """What a rule gave: the value of its node, or the number it is."""
    return values[carrier.id] if isinstance(carrier, Expr) else carrier


def back_to_inputs(nodes: Sequence[Node], values: Sequence[Any], end: int, seed: Any) -> dict[str, Any]:
    """The adjoints of the inputs, the naive way."""
    adjoints: list[Any] = [np.zeros(node.shape) for node in nodes]
    adjoints[end] = seed
    for node in reversed(nodes):
        for argnum, source in enumerate(node.inputs):
            assert node.op is not None
            xs = [values[i] for i in node.inputs]
            sent = node.op.pull(argnum, adjoints[node.id], values[node.id], xs, node.params or {})
            adjoints[source] = adjoints[source] + sent
    return {node.name: adjoints[node.id] for node in nodes if node.name is not None}


def on_handles(op: Structural, xs: Sequence[Any], statics: dict[str, Any]) -> tuple[Builder, list[Expr], Expr]:
    """A graph of the inputs x0, x1, ... and the row applied to them."""
    builder = Builder()
    handles = [builder.handle(builder.input(f"x{k}", np.shape(x))) for k, x in enumerate(xs)]
    y: Expr = op(*handles, **statics)
    return builder, handles, y


# ---- every row ----


@CALLS
def test_the_shape_rule_gives_the_shape_of_the_value(op: Structural, call: Any) -> None:
    xs, statics, _ = draw(op, call)
    shapes, given = call[:2]
    assert op.shape(*shapes, **given) == op.shape(*shapes, **statics) == np.shape(op(*xs, **given))
    assert op.cost(*shapes, **statics) >= 0
    assert np.isfinite(op(*xs, **given)).all(), "a NaN would hide what the other tests look for"


@CALLS
def test_pull_is_the_transpose_of_push(op: Structural, call: Any) -> None:
    xs, statics, rng = draw(op, call)
    y = op(*xs, **statics)
    for k, x in enumerate(xs):
        u, t = rng.normal(size=np.shape(x)), rng.normal(size=np.shape(y))
        pushed, pulled = op.push(k, u, y, xs, statics), op.pull(k, t, y, xs, statics)
        assert np.shape(pushed) == np.shape(y)
        assert np.shape(pulled) == np.shape(x)
        assert np.sum(t * pushed) == pytest.approx(np.sum(pulled * u), rel=1e-11, abs=1e-11)


@CALLS
def test_push_is_the_slope_of_the_value(op: Structural, call: Any) -> None:
    xs, statics, rng = draw(op, call)
    y = op(*xs, **statics)
    for k, x in enumerate(xs):
        u = rng.normal(size=np.shape(x))
        pushed = op.push(k, u, y, xs, statics)
        if op.name in CLASSES:
            assert not np.any(pushed)
            continue

        def moved(h: float, k: int = k, x: Any = x, u: Any = u) -> Any:
            return op(*xs[:k], x + h * u, *xs[k + 1 :], **statics)

        np.testing.assert_allclose(pushed, slope(moved), rtol=1e-6, atol=1e-8)


@CALLS
def test_on_handles_the_rules_build_what_they_compute_on_arrays(op: Structural, call: Any) -> None:
    xs, statics, rng = draw(op, call)
    y = op(*xs, **statics)
    for k, x in enumerate(xs):
        u, t = rng.normal(size=np.shape(x)), rng.normal(size=np.shape(y))
        builder, handles, out = on_handles(op, xs, statics)
        sideways = builder.handle(builder.input("u", np.shape(x)))
        backward = builder.handle(builder.input("t", np.shape(y)))
        pushed = op.push(k, sideways, out, handles, statics)
        pulled = op.pull(k, backward, out, handles, statics)
        values = run(builder.nodes, {"u": u, "t": t} | {f"x{i}": each for i, each in enumerate(xs)})
        assert [np.shape(value) for value in values] == [node.shape for node in builder.nodes]
        np.testing.assert_allclose(at(pushed, values), op.push(k, u, y, xs, statics), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(at(pulled, values), op.pull(k, t, y, xs, statics), rtol=1e-13, atol=1e-14)


@CALLS
def test_the_graph_of_a_pull_has_the_second_derivative(op: Structural, call: Any) -> None:
    xs, statics, rng = draw(op, call)
    y = op(*xs, **statics)
    for k, x in enumerate(xs):
        t, w = rng.normal(size=np.shape(y)), rng.normal(size=np.shape(x))
        us = [rng.normal(size=np.shape(each)) for each in xs]
        builder, handles, out = on_handles(op, xs, statics)
        pulled = op.pull(k, builder.handle(builder.input("t", np.shape(y))), out, handles, statics)
        if not isinstance(pulled, Expr):
            continue
        values = run(builder.nodes, {"t": t} | {f"x{i}": each for i, each in enumerate(xs)})
        adjoints = back_to_inputs(builder.nodes, values, pulled.id, w)

        def weighed(h: float, k: int = k, t: Any = t, w: Any = w, us: Any = us) -> Any:
            moved = [each + h * u for each, u in zip(xs, us, strict=True)]
            return np.sum(w * op.pull(k, t, op(*moved, **statics), moved, statics))

        found = sum(np.sum(adjoints[f"x{i}"] * u) for i, u in enumerate(us))
        assert found == pytest.approx(slope(weighed), rel=1e-6, abs=1e-7)
        np.testing.assert_allclose(adjoints["t"], op.push(k, w, y, xs, statics), rtol=1e-9, atol=1e-11)


@CALLS
def test_a_row_changes_none_of_its_arguments(op: Structural, call: Any) -> None:
    xs, statics, rng = draw(op, call)
    before = [np.array(x) for x in xs]
    y = op(*xs, **statics)
    for k in range(len(xs)):
        op.pull(k, rng.normal(size=np.shape(y)), y, xs, statics)
    assert all(np.array_equal(a, b) for a, b in zip(xs, before, strict=True))


# ---- values, against NumPy ----

NUMPY: dict[str, Callable[..., Any]] = {
    "sum": np.sum, "mean": np.mean, "prod": np.prod, "amax": np.amax, "amin": np.amin, "var": np.var, "std": np.std,
    "cumsum": np.cumsum, "argmax": np.argmax, "argmin": np.argmin, "flatten": np.ravel, "squeeze": np.squeeze,
    "expand_dims": np.expand_dims, "flip": np.flip, "roll": np.roll, "reshape": np.reshape, "transpose": np.transpose,
    "take": np.take,
    "logsumexp": lambda x, **statics: np.log(np.sum(np.exp(x), **statics)),
    "split": lambda x, sections, axis: np.array(np.split(x, sections, axis)),
    "stack": lambda *xs, axis: np.stack(xs, axis),
    "concatenate": lambda *xs, axis: np.concatenate(xs, axis),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMPY)
def test_a_row_computes_what_numpy_does(name: str) -> None:
    op = row(name)
    for call in op.sample:
        xs, statics, _ = draw(op, call)
        np.testing.assert_allclose(op(*xs, **statics), NUMPY[name](*xs, **statics), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("order", [1, 2, inf])
def test_norms_are_those_of_numpy_and_ord_2_of_a_matrix_is_frobenius(order: float, keepdims: bool, axis: Any) -> None:
    x = np.random.default_rng(1).normal(size=(3, 4))
    named: Any = "fro" if order == 2 and not isinstance(axis, int) else order
    expected = np.linalg.norm(x, named, axis, keepdims)
    for spelled in {1: (1,), 2: (2, "fro"), inf: (inf, "inf")}[order]:
        np.testing.assert_allclose(row("norm")(x, ord=spelled, axis=axis, keepdims=keepdims), expected, rtol=1e-14)


def test_the_norms_of_a_vector_are_those_of_numpy() -> None:
    x = np.array([3.0, -4.0, 1.0])
    assert [row("norm")(x, ord=order) for order in (1, 2, inf)] == [np.linalg.norm(x, order) for order in (1, 2, inf)]


def test_a_norm_neither_overflows_nor_vanishes_on_the_way() -> None:
    assert row("norm")(np.array([3e200, 4e200])) == pytest.approx(5e200)
    assert row("norm")(np.array([3e-200, 4e-200])) == pytest.approx(5e-200)


INDICES: list[tuple[tuple[Any, ...], Any]] = [
    ((1,), np.s_[1]), ((-1, 2), np.s_[-1, 2]), (((1, None, None),), np.s_[1:]), ((None, 0), np.s_[None, 0]),
    (((None, None, -1), (None, 3, 2)), np.s_[::-1, :3:2]), (("...", 1), np.s_[..., 1]), (("...",), np.s_[...]),
    ((("list", 2, 0, 2),), np.s_[[2, 0, 2]]), (((None, None, None), ("list", 1, -1)), np.s_[:, [1, -1]]),
    ((0, "...", None), np.s_[0, ..., None]), ((), np.s_[()]), (((5, 9, None),), np.s_[5:9]), ((("list",),), np.s_[[]]),
    ((("list", 0, 1), ("list", 2, 3)), np.s_[[0, 1], [2, 3]]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "meant"), INDICES, ids=str)
def test_an_index_picks_what_numpy_picks(given: tuple[Any, ...], meant: Any) -> None:
    x = np.arange(12.0).reshape(3, 4)
    picked = row("index")(x, at=given)
    np.testing.assert_array_equal(picked, x[meant])
    assert row("index").shape((3, 4), at=given) == np.shape(picked)
    expected = np.zeros((3, 4))
    np.add.at(expected, meant, 1.0)
    np.testing.assert_array_equal(gradient("index", x, at=given), expected)


# ---- conventions ----


def test_elements_that_tie_share_the_derivative_of_an_extremum() -> None:
    assert gradient("amax", [1, 3, 3, 2]).tolist() == [0, 0.5, 0.5, 0]
    assert gradient("amin", [[1, 1], [2, 1]], axis=0).tolist() == [[1, 0.5], [0, 0.5]]
    assert gradient("amax", np.zeros((2, 2))).tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert tangent("amax", [3, 3], [1, 5]) == 3
    assert gradient("norm", [2, -2, 1], ord=inf).tolist() == [0.5, -0.5, 0]
    assert gradient("norm", [[1, 2], [-3, 2]], ord=1).tolist() == [[0.5, 0.5], [-0.5, 0.5]]
    assert gradient("norm", [[1, 2], [-3, 2]], ord="inf").tolist() == [[0, 0], [-1, 1]]


@pytest.mark.parametrize("order", [1, 2, inf])
@pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
def test_a_norm_has_derivative_0_at_0(order: float, shape: tuple[int, ...]) -> None:
    assert not np.any(gradient("norm", np.zeros(shape), ord=order))
    assert not np.any(tangent("norm", np.zeros(shape), np.ones(shape), ord=order))


def test_one_row_of_zeros_has_derivative_0_and_leaves_the_others_alone() -> None:
    assert gradient("norm", [[0, 0], [3, 4]], axis=1).tolist() == [[0, 0], [0.6, 0.8]]


@pytest.mark.parametrize("constant", [0.0, 0.1, 1 / 3, 1e17])
def test_the_deviation_of_equal_elements_is_0_and_so_is_its_derivative(constant: float) -> None:
    x = np.full(7, constant)
    assert row("std")(x) == row("var")(x) == 0
    assert not np.any(gradient("std", x))
    assert not np.any(tangent("std", x, np.arange(7.0)))


@pytest.mark.parametrize("name", ["norm", "std"])
def test_where_a_root_is_0_the_second_derivative_is_no_nan(name: str) -> None:
    builder, (x,), y = on_handles(row(name), [np.zeros(3)], dict(row(name).statics))
    pulled = row(name).pull(0, builder.handle(builder.input("t")), y, [x], row(name).statics)
    values = run(builder.nodes, {"t": 1.0, "x0": np.zeros(3)})
    assert np.isfinite(back_to_inputs(builder.nodes, values, pulled.id, np.ones(3))["x0"]).all()


def test_the_partials_of_a_product_are_right_among_zeros() -> None:
    assert gradient("prod", [2, 3, 4]).tolist() == [12, 8, 6]
    assert gradient("prod", [2, 0, 4]).tolist() == [0, 8, 0]
    assert gradient("prod", [0, 3, 0]).tolist() == [0, 0, 0]
    assert gradient("prod", [[0, 3], [2, 5]], axis=0).tolist() == [[2, 5], [0, 3]]
    assert gradient("prod", [[0, 3], [2, 5]], axis=(1, 0)).tolist() == [[30, 0], [0, 0]]


def test_the_second_derivative_of_a_product_is_right_among_zeros() -> None:
    op, x, count = row("exclusive_prod"), np.array([2.0, 0.0, 5.0, 0.0, 3.0]), 5
    hessian = [op.push(0, unit, op(x), [x]) for unit in np.eye(count)]
    expected = [
        [0.0 if i == j else np.prod([x[k] for k in range(count) if k not in (i, j)]) for j in range(count)]
        for i in range(count)
    ]
    np.testing.assert_array_equal(hessian, expected)


def test_a_long_product_needs_no_square_of_its_length() -> None:
    x = np.full(300_000, 1.0)
    assert (gradient("prod", x) == 1).all()


def test_reductions_of_nothing() -> None:
    nothing = np.zeros((0,))
    assert row("sum")(nothing) == 0
    assert row("prod")(nothing) == 1
    assert row("norm")(nothing) == 0
    assert row("logsumexp")(nothing) == -inf
    assert all(isnan(row(name)(nothing)) for name in ("mean", "var", "std"))
    for name in ("sum", "prod", "mean", "var", "std", "norm", "logsumexp"):
        assert np.shape(gradient(name, nothing)) == (0,)
        assert row(name).shape((0,)) == ()


@pytest.mark.parametrize("name", ["amax", "amin", "argmax", "argmin"])
def test_there_is_no_extremum_of_nothing(name: str) -> None:
    for refuse in (lambda: row(name).shape((2, 0), axis=1), lambda: row(name)(np.zeros((2, 0)), axis=1)):
        with pytest.raises(ShapeError) as refused:
            refuse()
        assert refused.value.hint == "empty_reduction"
    assert row(name).shape((2, 0), axis=0) == (0,)


@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_a_place_has_no_gradient(name: str) -> None:
    assert not np.any(gradient(name, [[1, 3], [2, 0]], axis=0))
    assert not np.any(tangent(name, [1, 3, 2], [1, 1, 1]))
    assert row(name)(np.array([2.0, 2.0])) == 0


def test_a_variance_with_too_large_ddof_is_undefined_and_so_is_its_derivative() -> None:
    assert isnan(row("var")(np.array([3.0]), ddof=1))
    assert np.isnan(gradient("var", [3.0], ddof=1)).all()


def test_logsumexp_does_not_overflow_and_its_gradient_is_the_softmax() -> None:
    assert row("logsumexp")(np.array([1000.0, 1000.0])) == pytest.approx(1000 + np.log(2))
    x = np.array([[1.0, 2.0, 3.0], [-900.0, 0.0, 900.0]])
    weights = np.exp(x - x.max(axis=1, keepdims=True))
    np.testing.assert_allclose(gradient("logsumexp", x, axis=1), weights / weights.sum(axis=1, keepdims=True))


def test_what_is_taken_twice_gets_both_derivatives() -> None:
    assert gradient("take", [1, 2, 3], indices=(2, 0, 2)).tolist() == [1, 0, 2]
    assert gradient("take", [[1, 2], [3, 4]], indices=(-1, 1), axis=1).tolist() == [[0, 2], [0, 2]]
    assert gradient("index", [1, 2, 3], at=(("list", 0, 0, 1),)).tolist() == [2, 1, 0]


def test_split_stacks_its_parts_along_a_new_first_axis() -> None:
    assert row("split")(np.arange(6.0), sections=3).tolist() == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize("widths", [1, (1, 1), ((1, 1), (1, 1))])
def test_pad_takes_one_width_one_pair_or_a_pair_for_each_axis(widths: Any) -> None:
    np.testing.assert_array_equal(row("pad")(np.ones((2, 3)), widths=widths), np.pad(np.ones((2, 3)), 1))


def test_a_number_is_reduced_padded_and_indexed_to_a_number() -> None:
    for name, statics in (("sum", {}), ("norm", {}), ("prod", {}), ("pad", {"widths": 2}), ("index", {"at": ("...",)})):
        assert row(name)(2.0, **statics) == 2
        assert shape_of(row(name)(2.0, **statics)) == ()


# ---- refusals ----

REFUSED: list[tuple[str, str, list[tuple[int, ...]], dict[str, Any]]] = [
    ("axis_range", "sum", [(2, 3)], {"axis": 2}), ("axis_range", "amax", [(2, 3)], {"axis": (0, -3)}),
    ("axis_range", "cumsum", [(2,)], {"axis": 1}), ("axis_range", "flip", [(2,)], {"axis": 1}),
    ("axis_range", "roll", [(2,)], {"shift": 1, "axis": -2}), ("axis_range", "take", [(2,)], {"indices": (0,), "axis": 1}),
    ("axis_range", "expand_dims", [(2,)], {"axis": 2}), ("axis_range", "stack", [(2,), (2,)], {"axis": 2}),
    ("axis_range", "split", [()], {"sections": 1}), ("axis_range", "exclusive_prod", [()], {}),
    ("each_axis_once", "mean", [(2, 3)], {"axis": (1, -1)}), ("each_axis_once", "transpose", [(2, 3)], {"axes": (0, 0)}),
    ("one_axis", "argmax", [(2, 3)], {"axis": (0, 1)}), ("norm_order", "norm", [(3,)], {"ord": 3}),
    ("norm_order", "norm", [(3,)], {"ord": "nuc"}), ("norm_axis", "norm", [(2, 2, 2)], {"ord": 1}),
    ("squeeze_one", "squeeze", [(1, 3)], {"axis": 1}), ("equal_parts", "split", [(5,)], {"sections": 2}),
    ("equal_parts", "split", [(4,)], {"sections": 0}), ("pad_widths", "pad", [(4,)], {"widths": -1}),
    ("pad_widths", "pad", [(4, 4)], {"widths": ((1, 1),)}), ("equal_shapes", "stack", [(2,), (3,)], {}),
    ("equal_but_one", "concatenate", [(2, 1), (2, 2)], {}), ("stack_numbers", "concatenate", [(), ()], {}),
    ("index_range", "index", [(3, 4)], {"at": (3,)}), ("index_range", "index", [(3, 4)], {"at": ("...", -5)}),
    ("index_range", "take", [(3,)], {"indices": (0, 3)}), ("index_range", "index", [(3,)], {"at": (("list", 0, 3),)}),
    ("too_many_indices", "index", [(3,)], {"at": (0, 0)}), ("too_many_indices", "index", [()], {"at": (0,)}),
    ("slice_step", "index", [(3,)], {"at": ((None, None, 0),)}), ("index_form", "index", [(3,)], {"at": ("...", "...")}),
    ("index_form", "index", [(3, 3)], {"at": (("list", 0, 1), ("list", 0, 1, 2))}),
    ("broadcast_rule", "scatter", [(2,)], {"at": (0,), "shape": (3,)}),
]  # fmt: skip


@pytest.mark.parametrize(("hint", "name", "shapes", "statics"), REFUSED)
def test_a_shape_rule_refuses(hint: str, name: str, shapes: Any, statics: dict[str, Any]) -> None:
    with pytest.raises(ShapeError) as refused:
        row(name).shape(*shapes, **statics)
    assert refused.value.hint == hint


def test_a_refusal_says_which_index_or_axis() -> None:
    with pytest.raises(ShapeError) as refused:
        row("index").shape((3, 4), at=((None, None, None), None, ("list", 0, 7)))
    assert refused.value.words == {"index": 7, "extent": 4, "axis": 1}
    with pytest.raises(ShapeError) as refused:
        row("sum").shape((3, 4), axis=-3)
    assert refused.value.words == {"axis": -3, "rank": 2}


# ---- LaTeX ----


@pytest.mark.parametrize(
    ("name", "statics", "printed"),
    [
        ("sum", {}, r"\operatorname{sum}({0})"),
        ("sum", {"axis": 0}, r"\operatorname{sum}_0({0})"),
        ("amax", {"axis": (0, 1)}, r"\operatorname{max}_{0,1}({0})"),
        ("mean", {"axis": -1}, r"\operatorname{mean}_{-1}({0})"),
        ("index", {"at": (1, (None, None, None), (None, None, 2))}, "{0}[1, :, ::2]"),
        ("index", {"at": ("...", None, ("list", 0, 2))}, r"{0}[\ldots, \mathrm{None}, [0, 2]]"),
    ],
)
def test_latex_shows_axes_and_indices(name: str, statics: dict[str, Any], printed: str) -> None:
    assert row(name).template(1, {**row(name).statics, **statics}) == printed


@pytest.mark.parametrize(
    ("hint", "source"),
    [
        ("matrix_product", "zeros(2, 3) * zeros(3, 4)"), ("broadcast_rule", "zeros(2, 3) + zeros(3, 4)"),
        ("keep_the_axis", "where(zeros(2, 3), ones(2), ones(3))"), ("broadcast_rule", "where(1, ones(4), ones(2, 3))"),
        ("transpose_one", "where(ones(1), zeros(2, 3), zeros(3, 2))"),
    ],
)  # fmt: skip
def test_the_repair_fits_the_operation_and_the_two_shapes_that_clash(hint: str, source: str) -> None:
    with pytest.raises(EngineError) as refused:
        trace(source, {}, "evaluate")
    assert (refused.value.code, refused.value.hint) == ("shape_mismatch", hint)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("max(x, axis=3)", {"op": "max"}),
        ("np.max(x, axis=3)", {"op": "np.max"}),
        ("amax(x, axis=3)", {"op": "amax"}),
        ("max(P @ P) + P @ (P + P)", {"op": "matmul", "left": "P", "right": "P"}),
        ("sin(P) @ (P + 1)", {"op": "matmul", "left": "sin(P)", "right": "(P + 1)"}),
        ("dot(P, Q)", {"op": "dot", "left": "P", "right": "Q"}),
    ],
)
def test_a_refusal_speaks_of_what_was_typed(source: str, words: dict[str, str]) -> None:
    given = {"x": [1.0, 2.0], "P": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "Q": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]}
    inputs = {name: value for name, value in given.items() if name in api.parsed(source).inputs}
    with pytest.raises(EngineError) as refused:
        api.derivatives(source, inputs, ["value"])
    assert refused.value.code == "shape_mismatch"
    assert {name: refused.value.params[name] for name in words} == words
