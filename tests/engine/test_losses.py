"""Softmax and the losses against their formulas, hand-computed numbers, and at the kinks."""

from __future__ import annotations

from math import e, inf, isnan, log
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import engine.ops  # noqa: F401  fills the registry
from engine.api import formed
from engine.array_tape import ArrayTape
from engine.graph import Builder, Expr
from engine.ops.losses import cross_entropy, cross_entropy_kept
from engine.primitive import ALIASES, REGISTRY, Primitive, ShapeError

X = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.0]])
P = np.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]])
CLASSES = np.array([2.0, 0.0])
ONE_HOT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


def value(name: str, *xs: Any, **statics: Any) -> Any:
    return ALIASES[name](*[np.asarray(x, dtype=float) for x in xs], **statics)


def pull(name: str, argnum: int, t: Any, *xs: Any, **statics: Any) -> Any:
    op, xs = ALIASES[name], tuple(np.asarray(x, dtype=float) for x in xs)
    return op.pull(argnum, t, op(*xs, **statics), xs, {**op.statics, **statics})


def push(name: str, argnum: int, u: Any, *xs: Any, **statics: Any) -> Any:
    op, xs = ALIASES[name], tuple(np.asarray(x, dtype=float) for x in xs)
    return op.push(argnum, np.asarray(u, dtype=float), op(*xs, **statics), xs, {**op.statics, **statics})


def softmax(x: Any, axis: int = -1) -> Any:
    """The naive one."""
    return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


# ---- softmax ----


def test_softmax_of_logarithms_is_their_shares() -> None:
    np.testing.assert_allclose(value("softmax", np.log([1, 2, 5])), [1 / 8, 2 / 8, 5 / 8], rtol=1e-15)
    np.testing.assert_allclose(value("log_softmax", np.log([1, 2, 5])), np.log([1 / 8, 2 / 8, 5 / 8]), rtol=1e-15)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_along_an_axis(axis: int) -> None:
    np.testing.assert_allclose(value("softmax", X, axis=axis), softmax(X, axis), rtol=1e-15)
    np.testing.assert_allclose(value("log_softmax", X, axis=axis), np.log(softmax(X, axis)), rtol=1e-14)


def test_softmax_neither_overflows_nor_loses_digits() -> None:
    np.testing.assert_array_equal(value("softmax", [1000, 1000]), [0.5, 0.5])
    assert value("log_softmax", [0, 800])[0] == -800
    assert value("softmax", [-inf, 0]).tolist() == [0, 1]


def test_the_jacobian_of_softmax() -> None:
    y = softmax(X[0])
    jacobian = np.array([push("softmax", 0, unit, X[0]) for unit in np.eye(3)])
    np.testing.assert_allclose(jacobian, np.diag(y) - np.outer(y, y), rtol=1e-13)
    np.testing.assert_allclose(pull("log_softmax", 0, np.array([0.0, 0.0, 1.0]), X[0]), [0, 0, 1] - y, rtol=1e-13)


# ---- cross-entropy ----


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_their_number() -> None:
    assert value("cross_entropy", np.zeros(4), 2) == pytest.approx(log(4))
    assert value("cross_entropy", np.zeros((5, 4)), np.arange(5) % 4) == pytest.approx(log(4))


def test_cross_entropy_is_the_mean_over_the_batch_for_classes_and_probabilities() -> None:
    expected = -(np.log(softmax(X))[0, 2] + np.log(softmax(X))[1, 0]) / 2
    assert value("cross_entropy", X, CLASSES) == pytest.approx(expected, rel=1e-14)
    assert value("cross_entropy", X, ONE_HOT) == pytest.approx(expected, rel=1e-14)
    assert value("cross_entropy", X, P) == pytest.approx(-np.mean(np.sum(P * np.log(softmax(X)), axis=1)), rel=1e-14)


@pytest.mark.parametrize("labels", [CLASSES, ONE_HOT])
def test_the_gradient_by_the_logits_is_softmax_minus_labels(labels: Any) -> None:
    np.testing.assert_allclose(pull("cross_entropy", 0, 1.0, X, labels), (softmax(X) - ONE_HOT) / 2, rtol=1e-14)
    pushed = push("cross_entropy", 0, P, X, labels)
    assert pushed == pytest.approx(np.sum(P * (softmax(X) - ONE_HOT)) / 2, rel=1e-14)


def test_for_one_vector_there_is_no_mean() -> None:
    np.testing.assert_allclose(pull("cross_entropy", 0, 1.0, X[0], 2), softmax(X[0]) - ONE_HOT[0], rtol=1e-14)


def test_probabilities_get_minus_the_logarithms_and_classes_nothing() -> None:
    np.testing.assert_allclose(pull("cross_entropy", 1, 1.0, X, P), -np.log(softmax(X)) / 2, rtol=1e-14)
    assert pull("cross_entropy", 1, 1.0, X, CLASSES).tolist() == [0, 0]
    assert push("cross_entropy", 1, [1, 1], X, CLASSES) == 0


def test_labels_need_not_add_up_to_1() -> None:
    np.testing.assert_allclose(
        pull("cross_entropy", 0, 1.0, X[0], [1, 2, 3]), 6 * softmax(X[0]) - [1, 2, 3], rtol=1e-13
    )


@pytest.mark.parametrize("label", [-1, 3, 0.5, np.nan, inf])
def test_a_class_that_is_not_there_is_nan_and_spoils_its_own_row_only(label: float) -> None:
    assert isnan(value("cross_entropy", X, [label, 0]))
    sent = pull("cross_entropy", 0, 1.0, X, [label, 0])
    assert np.isnan(sent[0]).all()
    np.testing.assert_allclose(sent[1], (softmax(X) - ONE_HOT)[1] / 2, rtol=1e-14)


def test_an_impossible_class_costs_nothing_unless_it_is_the_label() -> None:
    masked = [-inf, 0, 0]
    assert value("cross_entropy", masked, 1) == pytest.approx(log(2))
    assert value("cross_entropy", masked, 0) == inf
    assert pull("cross_entropy", 0, 1.0, masked, [0, 1, 0]).tolist() == [0, -0.5, 0.5]


def test_on_handles_the_gradient_is_softmax_minus_one_hot_over_the_batch() -> None:
    builder = Builder()
    logits, labels = builder.handle(builder.input("x", (2, 3))), builder.handle(builder.input("y", (2,)))
    op = ALIASES["cross_entropy"]
    y = op(logits, labels)
    assert isinstance(op.pull(0, builder.handle(builder.input("t")), y, [logits, labels]), Expr)
    added = [str(node.op) for node in builder.nodes[4:] if node.op]
    assert sorted(added) == ["div", "mul", "one_hot", "softmax", "sub"]
    assert op.shape((2, 3), (2,)) == ()


def test_one_hot() -> None:
    assert value("one_hot", [2, 0], depth=3).tolist() == ONE_HOT.tolist()
    assert np.isnan(value("one_hot", [-1, 3, 0.5], depth=3)).all()


# ---- regression ----


def test_mse() -> None:
    assert value("mse", [1, 2, 4], [1, 0, 1]) == pytest.approx(13 / 3)
    np.testing.assert_allclose(pull("mse", 0, 1.0, [1, 2, 4], [1, 0, 1]), [0, 4 / 3, 2])
    np.testing.assert_allclose(pull("mse", 1, 3.0, [1, 2, 4], [1, 0, 1]), [0, -4, -6])
    assert push("mse", 0, [1, 1, 1], [1, 2, 4], [1, 0, 1]) == pytest.approx(10 / 3)
    assert value("mean_squared_error", 3.0, 1.0) == 4


def test_huber_is_a_parabola_and_then_a_line() -> None:
    a, b = [0.5, 3.0, -4.0, 0.0], [0.0, 0.0, 0.0, 1.0]
    assert value("huber", a, b) == pytest.approx((0.125 + 2.5 + 3.5 + 0.5) / 4)
    np.testing.assert_allclose(pull("huber", 0, 4.0, a, b), [0.5, 1, -1, -1])
    np.testing.assert_allclose(pull("huber", 1, 4.0, a, b), [-0.5, -1, 1, 1])
    assert value("huber", a, b, delta=10.0) == pytest.approx(value("mse", a, b) / 2)
    np.testing.assert_allclose(pull("huber", 0, 4.0, a, b, delta=2.0), [0.5, 2, -2, -1])


# ---- classification ----


def test_binary_cross_entropy() -> None:
    p, q = [0.25, 0.5, 0.8], [0, 1, 0.5]
    terms = [-log(0.75), -log(0.5), -0.5 * log(0.8) - 0.5 * log(0.2)]
    assert value("binary_cross_entropy", p, q) == pytest.approx(sum(terms) / 3, rel=1e-14)
    np.testing.assert_allclose(pull("bce", 0, 3.0, p, q), [1 / 0.75, -2, 0.3 / 0.16], rtol=1e-13)
    np.testing.assert_allclose(pull("bce", 1, 3.0, p, q), [log(3), 0, -log(4)], rtol=1e-13, atol=1e-16)


def test_binary_cross_entropy_at_the_ends() -> None:
    assert value("binary_cross_entropy", [0, 1], [0, 1]) == 0
    assert value("binary_cross_entropy", [0, 0.5], [1, 1]) == inf
    assert pull("binary_cross_entropy", 0, 2.0, [0, 1], [0, 1]).tolist() == [1, -1]
    assert pull("binary_cross_entropy", 0, 2.0, [0, 1], [1, 0]).tolist() == [-inf, inf]


def test_the_logits_of_binary_cross_entropy() -> None:
    x, q = np.array([-2.0, 0.0, 3.0]), np.array([0.0, 1.0, 0.25])
    s = 1 / (1 + np.exp(-x))
    name = "binary_cross_entropy_with_logits"
    assert value(name, x, q) == pytest.approx(value("binary_cross_entropy", s, q), rel=1e-14)
    np.testing.assert_allclose(pull(name, 0, 1.0, x, q), (s - q) / 3, rtol=1e-14)
    np.testing.assert_allclose(pull(name, 1, 1.0, x, q), -x / 3, rtol=1e-14)
    assert value(name, [800, -800], [1, 0]) == 0
    assert value(name, [800.0], [0.0]) == 800


def test_hinge_has_derivative_0_at_the_kink() -> None:
    a, b = [2.0, 0.5, -1.0, 1.0], [1.0, 1.0, 1.0, 1.0]
    assert value("hinge", a, b) == (0.5 + 2) / 4
    assert pull("hinge", 0, 4.0, a, b).tolist() == [0, -1, -1, 0]
    assert pull("hinge", 0, 4.0, [2.0, -1.0, -2.0, 0.5], [-1] * 4).tolist() == [1, 0, 0, 1]
    assert pull("hinge", 1, 4.0, a, b).tolist() == [0, -0.5, 1, 0]


# ---- layer normalisation ----


def test_layer_norm_makes_mean_0_and_variance_1() -> None:
    y = value("layer_norm", X, eps=0.0)
    np.testing.assert_allclose(y.mean(axis=1), 0, atol=1e-15)
    np.testing.assert_allclose(y.var(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(value("layer_norm", [1, 3]), np.array([-1, 1]) / np.sqrt(1 + 1e-5), rtol=1e-15)
    assert value("layer_norm", [2, 2, 2]).tolist() == [0, 0, 0]


def test_layer_norm_feels_neither_shift_nor_scale() -> None:
    np.testing.assert_allclose(push("layer_norm", 0, np.ones(3), X[0]), 0, atol=1e-15)
    np.testing.assert_allclose(push("layer_norm", 0, X[0], X[0], eps=0.0), 0, atol=1e-14)


def test_the_gradients_of_layer_norm_are_those_of_the_formula() -> None:
    x, eps = [mp.mpf(1), mp.mpf(2), mp.mpf("4.5")], mp.mpf("1e-5")

    def first(*given: Any) -> Any:
        middle = sum(given) / 3
        return (given[0] - middle) / mp.sqrt(sum((one - middle) ** 2 for one in given) / 3 + eps)

    expected = [float(mp.diff(first, tuple(x), tuple(int(k == j) for j in range(3)))) for k in range(3)]
    np.testing.assert_allclose(pull("layer_norm", 0, np.array([1.0, 0, 0]), [1, 2, 4.5]), expected, rtol=1e-12)


# ---- refusals ----


@pytest.mark.parametrize(
    ("hint", "name", "shapes", "statics"),
    [
        ("labels_shape", "cross_entropy", [(3, 4), (4,)], {}),
        ("labels_shape", "cross_entropy", [(), ()], {}),
        ("labels_shape", "cross_entropy", [(3, 4), (3, 1)], {}),
        ("empty_reduction", "cross_entropy", [(3, 0), (3,)], {}),
        ("empty_reduction", "cross_entropy", [(0, 3), (0,)], {}),
        ("equal_shapes", "mse", [(3,), (3, 1)], {}),
        ("equal_shapes", "huber", [(3,), ()], {}),
        ("equal_shapes", "hinge", [(3,), (4,)], {}),
        ("equal_shapes", "binary_cross_entropy_with_logits", [(3,), (4,)], {}),
        ("empty_reduction", "binary_cross_entropy", [(0,), (0,)], {}),
        ("positive_delta", "huber", [(3,), (3,)], {"delta": 0.0}),
        ("axis_range", "softmax", [()], {}),
        ("axis_range", "log_softmax", [(3,)], {"axis": 1}),
        ("empty_reduction", "layer_norm", [(2, 0)], {}),
    ],
)
def test_a_shape_rule_refuses(hint: str, name: str, shapes: Any, statics: dict[str, Any]) -> None:
    with pytest.raises(ShapeError) as refused:
        ALIASES[name].shape(*shapes, **statics)
    assert refused.value.hint == hint


def test_a_certain_prediction_costs_nothing_and_one_of_e_costs_1() -> None:
    assert value("binary_cross_entropy", [1 / e], [1.0]) == pytest.approx(1)


KEEPING = [op for op in REGISTRY.values() if op.keeps is not None]


@pytest.mark.parametrize("op", KEEPING, ids=repr)
def test_what_a_row_keeps_changes_no_bit_of_its_value_or_slope(op: Primitive) -> None:
    rng = np.random.default_rng(11)
    logits, probabilities = rng.normal(size=(6, 5)) * 4, rng.random((6, 5))
    for labels in (rng.integers(0, 5, 6).astype(float), probabilities, np.array([0.0, 9.0, 1.0, 2.0, 3.0, 4.0])):
        assert op.keeps is not None
        value, kept = op.keeps(logits, labels)
        assert np.array_equal(value, op.value(logits, labels), equal_nan=True)
        for argnum in range(2):
            slopes = [
                op.vjps(argnum)(np.float64(1.5), value, logits, labels, **extra) for extra in ({}, {"kept": kept})
            ]
            assert np.array_equal(*slopes, equal_nan=True)


def test_the_tape_uses_what_is_kept() -> None:
    used = []

    def keeps(logits: Any, labels: Any) -> tuple[Any, Any]:
        value, kept = cross_entropy_kept(logits, labels)
        used.append(kept)
        return value, kept

    graph = formed("cross_entropy(z, y)", ((2, 3), (2,)))
    tape = ArrayTape(graph, graph.outputs, [graph.inputs["z"]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_entropy, "keeps", keeps)
        point = {"z": np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), "y": np.array([2.0, 0.0])}
        _, (slope,) = tape.run(point)
    assert len(used) == 1
    np.testing.assert_allclose(np.asarray(slope)[0] * 2, [0.09003057317, 0.244728471055, -0.334759044225], atol=1e-12)
