"""The rows of linear algebra against numpy.linalg, closed forms of their gradients, and what is singular."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy

import engine.ops  # noqa: F401  fills the registry
from engine.primitive import ALIASES, ShapeError

A = np.array([[4.0, 1.0, -2.0], [0.5, 3.0, 1.0], [1.0, -1.0, 2.0]])
B = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, -2.0]])
v = np.array([1.0, -2.0, 0.5])
SPD = A @ A.T
SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]])
"""Rank 2."""


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


def value(name: str, *xs: Any, **statics: Any) -> Any:
    return ALIASES[name](*xs, **statics)


def pull(name: str, argnum: int, t: Any, *xs: Any, **statics: Any) -> Any:
    op = ALIASES[name]
    return op.pull(argnum, t, op(*xs, **statics), xs, {**op.statics, **statics})


def push(name: str, argnum: int, u: Any, *xs: Any, **statics: Any) -> Any:
    op = ALIASES[name]
    return op.push(argnum, u, op(*xs, **statics), xs, {**op.statics, **statics})


def by_complex_step(function: Callable[[Any], Any], x: Any) -> Any:
    """The gradient of a number, to the last digit: the imaginary part of f(x + ih) / h (Squire and Trapp 1998)."""
    found = np.zeros(np.shape(x))
    for place in np.ndindex(np.shape(x)):
        moved = np.array(x, dtype=complex)
        moved[place] += 1e-30j
        found[place] = np.imag(function(moved)) / 1e-30
    return found


# ---- values ----


@pytest.mark.parametrize(
    ("name", "xs", "expected"),
    [
        ("matmul", (A, B), A @ B),
        ("dot", (v, v), np.dot(v, v)),
        ("dot", (A, v), np.dot(A, v)),
        ("dot", (A, B), np.dot(A, B)),
        ("outer", (v, v), np.outer(v, v)),
        ("kron", (v, v), np.kron(v, v)),
        ("kron", (A, B), np.kron(A, B)),
        ("trace", (A,), np.trace(A)),
        ("diag", (v,), np.diag(v)),
        ("diag", (A,), np.diag(A)),
        ("tril", (A,), np.tril(A)),
        ("triu", (A,), np.triu(A)),
        ("det", (A,), np.linalg.det(A)),
        ("logdet", (A,), np.linalg.slogdet(A)[1]),
        ("slogdet", (-A,), np.linalg.slogdet(-A)[1]),
        ("inv", (A,), np.linalg.inv(A)),
        ("matrix_inverse", (A,), np.linalg.inv(A)),
        ("solve", (A, v), np.linalg.solve(A, v)),
        ("solve", (A, B), np.linalg.solve(A, B)),
        ("cholesky", (SPD,), np.linalg.cholesky(SPD)),
    ],
)
def test_a_row_computes_what_numpy_does(name: str, xs: Any, expected: Any) -> None:
    np.testing.assert_allclose(value(name, *xs), expected, rtol=1e-14)


@pytest.mark.parametrize("k", [-2, -1, 0, 1, 3])
def test_triangles_reach_to_the_diagonal_k(k: int) -> None:
    for name, meant in (("tril", np.tril), ("triu", np.triu)):
        np.testing.assert_array_equal(value(name, B, k=k), meant(B, k))
        np.testing.assert_array_equal(pull(name, 0, np.ones((3, 2)), B, k=k), meant(np.ones((3, 2)), k))


def test_a_textbook_example() -> None:
    small = np.array([[2.0, 1.0], [5.0, 3.0]])
    assert value("det", small) == pytest.approx(1)
    np.testing.assert_allclose(value("inv", small), [[3, -1], [-5, 2]])
    np.testing.assert_allclose(value("solve", small, np.array([4.0, 11.0])), [1, 2])
    np.testing.assert_allclose(value("cholesky", np.array([[4.0, 2.0], [2.0, 5.0]])), [[2, 0], [1, 2]])
    assert pull("det", 0, 1.0, small).tolist() == [[3, -5], [-1, 2]]


# ---- gradients in closed form ----


def test_the_gradient_of_the_trace_is_the_unit_matrix() -> None:
    np.testing.assert_array_equal(pull("trace", 0, 1.0, A), np.eye(3))


def test_the_gradient_of_a_dot_product_is_the_other_vector() -> None:
    np.testing.assert_array_equal(pull("dot", 0, 1.0, v, B[:, 0]), B[:, 0])
    np.testing.assert_array_equal(pull("dot", 1, 1.0, v, B[:, 0]), v)


def test_the_gradient_of_a_quadratic_form_is_a_plus_its_transpose_times_x() -> None:
    t = pull("dot", 1, 1.0, v, A @ v)  # of x' (A x), by A x
    found = pull("dot", 0, 1.0, v, A @ v) + pull("dot", 1, t, A, v)
    np.testing.assert_allclose(found, (A + A.T) @ v, rtol=1e-14)


def test_the_gradient_of_ln_det_is_the_inverse_transposed() -> None:
    for matrix in (A, -A):
        np.testing.assert_allclose(pull("logdet", 0, 1.0, matrix), np.linalg.inv(matrix).T, rtol=1e-13)


def test_the_gradient_of_det_is_det_times_the_inverse_transposed() -> None:
    for matrix in (A, A[:2, :2], A[:1, :1], np.kron(A[:2, :2], A)):
        expected = 2 * np.linalg.det(matrix) * np.linalg.inv(matrix).T
        np.testing.assert_allclose(pull("det", 0, 2.0, matrix), expected, rtol=1e-12, atol=1e-12 * np.max(expected))


def test_the_derivative_of_the_inverse() -> None:
    inverse = np.linalg.inv(A)
    unit = np.outer(np.eye(3)[0], np.eye(3)[1])
    np.testing.assert_allclose(push("inv", 0, unit, A), -np.outer(inverse[:, 0], inverse[1]), rtol=1e-13)
    np.testing.assert_allclose(pull("inv", 0, unit, A), -np.outer(inverse[0], inverse[:, 1]), rtol=1e-13)


@pytest.mark.parametrize("b", [v, B])
def test_the_gradients_of_a_solution_are_those_by_complex_steps(b: Any) -> None:
    t = np.cos(np.arange(b.size)).reshape(b.shape)
    by_a = by_complex_step(lambda a: np.sum(t * np.linalg.solve(a, b)), A)
    by_b = by_complex_step(lambda right: np.sum(t * np.linalg.solve(A, right)), b)
    np.testing.assert_allclose(pull("solve", 0, t, A, b), by_a, rtol=1e-12)
    np.testing.assert_allclose(pull("solve", 1, t, A, b), by_b, rtol=1e-12)


@pytest.mark.parametrize("name", ["inv", "cofactor"])
def test_the_gradients_of_matrices_are_those_by_complex_steps(name: str) -> None:
    t = np.cos(np.arange(9.0)).reshape(3, 3)

    def total(x: Any) -> Any:
        inverse = np.linalg.inv(x)
        return np.sum(t * (inverse if name == "inv" else np.linalg.det(x) * inverse.T))

    np.testing.assert_allclose(pull(name, 0, t, A), by_complex_step(total, A), rtol=1e-12)


def test_the_gradient_of_kron_is_that_by_complex_steps() -> None:
    t = np.cos(np.arange(54.0)).reshape(9, 6)
    np.testing.assert_allclose(pull("kron", 0, t, A, B), by_complex_step(lambda a: np.sum(t * np.kron(a, B)), A))
    np.testing.assert_allclose(pull("kron", 1, t, A, B), by_complex_step(lambda b: np.sum(t * np.kron(A, b)), B))


def test_the_second_derivative_of_det_from_3_rows_on_needs_a_regular_matrix() -> None:
    t = np.array([[1.0, 2.0], [3.0, 5.0]])
    for rule in (pull, push):
        assert rule("cofactor", 0, t, np.zeros((2, 2))).tolist() == [[5, -3], [-2, 1]]
        assert np.all(rule("cofactor", 0, np.ones((1, 1)), np.zeros((1, 1))) == 0)
        assert np.isnan(rule("cofactor", 0, np.ones((3, 3)), np.zeros((3, 3)))).all()


# ---- Cholesky ----


def test_the_tangent_of_a_factor_gives_the_tangent_of_the_product() -> None:
    factor = value("cholesky", SPD)
    change = B @ B.T
    tangent = push("cholesky", 0, change, SPD)
    np.testing.assert_array_equal(tangent, np.tril(tangent))
    np.testing.assert_allclose(tangent @ factor.T + factor @ tangent.T, change, rtol=1e-12, atol=1e-13)


def test_ln_det_by_cholesky_has_the_same_gradient() -> None:
    factor = value("cholesky", SPD)
    sent = pull("cholesky", 0, np.diag(2 / np.diag(factor)), SPD)
    np.testing.assert_allclose(sent, np.linalg.inv(SPD), rtol=1e-12)


def test_the_symmetric_part_counts_and_the_gradient_is_symmetric() -> None:
    skew = np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 3.0], [-2.0, -3.0, 0.0]])
    np.testing.assert_array_equal(value("cholesky", SPD + skew), value("cholesky", SPD))
    np.testing.assert_allclose(push("cholesky", 0, skew, SPD), 0, atol=1e-15)
    sent = pull("cholesky", 0, np.tril(A), SPD)
    np.testing.assert_array_equal(sent, sent.T)


def test_above_the_diagonal_of_a_factor_nothing_is_sent() -> None:
    np.testing.assert_array_equal(pull("cholesky", 0, np.triu(A, 1), SPD), np.zeros((3, 3)))


# ---- singular matrices ----


@pytest.mark.parametrize(
    "matrix",
    [
        SINGULAR, np.outer(v, v), np.zeros((3, 3)), np.diag([2.0, 0.0, 3.0]), SINGULAR[:2, :2], np.zeros((1, 1)),
        np.arange(16.0).reshape(4, 4), np.pad(A, 1)[:4, :4], np.zeros((4, 4)), np.eye(5)[[1, 0, 2, 4, 3]] * 2,
    ],
)  # fmt: skip
def test_the_gradient_of_det_is_the_matrix_of_cofactors_at_any_rank(matrix: Any) -> None:
    expected = np.array(sympy.Matrix(matrix).cofactor_matrix(), dtype=float)
    np.testing.assert_allclose(pull("det", 0, 1.0, matrix), expected, atol=1e-13)
    change = np.cos(np.arange(matrix.size)).reshape(matrix.shape)
    np.testing.assert_allclose(push("det", 0, change, matrix), np.sum(expected * change), atol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_det_keeps_its_sign_in_the_cofactors(count: int) -> None:
    swapped = np.eye(count)[[1, 0, *range(2, count)]]
    np.testing.assert_allclose(value("cofactor", swapped), -swapped, atol=1e-14)
    assert value("cofactor", np.array([[7.0]])) == 1


@pytest.mark.parametrize("matrix", [np.zeros((2, 2)), np.array([[1.0, 2.0], [2.0, 4.0]])])
def test_what_a_singular_matrix_has_not_is_nan_and_nothing_is_raised(matrix: Any) -> None:
    assert np.isnan(value("inv", matrix)).all()
    assert np.isnan(value("solve", matrix, np.ones(2))).all()
    assert value("solve", matrix, np.ones((2, 3))).shape == (2, 3)
    assert value("logdet", matrix) == -np.inf
    for sent in (
        pull("inv", 0, np.eye(2), matrix), pull("logdet", 0, 1.0, matrix),
        *[pull("solve", k, np.ones(2), matrix, np.ones(2)) for k in (0, 1)],
        push("inv", 0, np.eye(2), matrix), push("logdet", 0, np.eye(2), matrix),
        *[push("solve", k, u, matrix, np.ones(2)) for k, u in ((0, np.eye(2)), (1, np.ones(2)))],
    ):  # fmt: skip
        assert np.isnan(sent).all()


@pytest.mark.parametrize("matrix", [-np.eye(2), np.zeros((2, 2)), np.array([[1.0, 2.0], [2.0, 1.0]])])
def test_a_matrix_that_is_not_positive_definite_has_no_factor(matrix: Any) -> None:
    assert np.isnan(value("cholesky", matrix)).all()
    assert np.isnan(pull("cholesky", 0, np.eye(2), matrix)).any()


@pytest.mark.parametrize("name", ["det", "cofactor", "logdet", "inv", "cholesky", "trace"])
@pytest.mark.parametrize("element", [np.nan, np.inf])
def test_what_is_not_finite_raises_nothing(name: str, element: float) -> None:
    matrix = np.array([[element, 1.0], [1.0, 2.0]])
    value(name, matrix)
    pull(name, 0, np.ones(np.shape(value(name, matrix))), matrix)


# ---- refusals ----


@pytest.mark.parametrize("name", ["trace", "det", "cofactor", "logdet", "inv", "cholesky", "diag"])
@pytest.mark.parametrize("shape", [(2, 3), (2, 2, 2), ()])
def test_only_square_matrices(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError) as refused:
        ALIASES[name].shape(shape)
    assert refused.value.hint == "square_matrix"


@pytest.mark.parametrize(
    ("hint", "name", "shapes"),
    [
        ("square_matrix", "solve", [(2, 3), (2,)]),
        ("solve_rows", "solve", [(3, 3), (2,)]),
        ("solve_rows", "solve", [(3, 3), ()]),
        ("solve_rows", "solve", [(3, 3), (3, 1, 1)]),
        ("dot_ranks", "dot", [(), (3,)]),
        ("dot_ranks", "dot", [(2, 2, 2), (2,)]),
        ("inner_extents", "dot", [(3,), (2,)]),
        ("kron_ranks", "kron", [(3,), (2, 2)]),
        ("kron_ranks", "kron", [(), ()]),
        ("a_matrix", "tril", [(3,)]),
        ("a_matrix", "triu", [(2, 2, 2)]),
    ],
)
def test_a_shape_rule_refuses(hint: str, name: str, shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(ShapeError) as refused:
        ALIASES[name].shape(*shapes)
    assert refused.value.hint == hint
