"""Expressions of vectors and matrices, each written twice by hand: in our language, and over a peer's namespace `F`.

They are of the kinds that matrixcalculus.org and the textbooks on deep learning differentiate. The families say each
member's name once; the two spellings of an expression share nothing else. No point lies at a kink.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Draw = Callable[[np.random.RandomState], Any]
Shape = tuple[int, ...]


class Case(NamedTuple):
    """An expression, the same for the peers (`function(F, *inputs)`), and how each input is drawn."""

    source: str
    function: Callable[..., Any]
    inputs: dict[str, Draw]


def case(source: str, function: Callable[..., Any], **inputs: int | Shape | Draw) -> Case:
    """Inputs in the order of the function's arguments: a shape (of normal numbers), or how to draw one."""
    return Case(source, function, {name: one if callable(one) else normal(one) for name, one in inputs.items()})


def normal(shape: int | Shape) -> Draw:
    return lambda random: np.array(random.normal(size=shape))


def between(low: float, high: float, shape: int | Shape = ()) -> Draw:
    return lambda random: np.array(random.uniform(low, high, size=shape))


def definite(extent: int) -> Draw:
    """A symmetric matrix with eigenvalues above 1."""

    def draw(random: np.random.RandomState) -> Any:
        half = random.normal(size=(extent, extent))
        return half @ half.T + np.eye(extent)

    return draw


NUMBER: Shape = ()
V, M, W = 3, (3, 3), (3, 4)
"""A vector, a square matrix, a wide one."""


def sigmoid(F: Any, x: Any) -> Any:
    return 1 / (1 + F.exp(-x))


def normalised(F: Any, x: Any, eps: float = 1e-5) -> Any:
    """Layer normalisation along the last axis, written out."""
    free = x - F.mean(x, axis=-1, keepdims=True)
    return free / F.sqrt(F.mean(free**2, axis=-1, keepdims=True) + eps)


def softmax(F: Any, x: Any) -> Any:
    grown = F.exp(x - F.amax(x, axis=-1, keepdims=True))
    return grown / F.sum(grown, axis=-1, keepdims=True)


def attention(F: Any, Q: Any, K: Any, V: Any, scale: float) -> Any:
    return softmax(F, Q @ K.T / scale) @ V


def block(F: Any, X: Any, C: Any, A: Any, B: Any) -> Any:
    """A transformer's: attention, normalisation, an MLP, and both residuals."""
    H = normalised(F, X + attention(F, X, X, X @ C, 2**0.5))
    return H + F.gelu(H @ A) @ B


def entropy(F: Any, logits: Any, classes: list[int]) -> Any:
    """The mean cross-entropy of classes, each picked by a number."""
    found = [F.logsumexp(logits[k], axis=0) - logits[k, label] for k, label in enumerate(classes)]
    return sum(found) / len(classes)


def frobenius(F: Any, x: Any) -> Any:
    return F.sqrt(F.sum(x * x))


# fmt: off
QUADRATIC = [
    case("x.T@A@x", lambda F, x, A: x @ (A @ x), x=V, A=M),
    case("x.T@A@x + b.T@x + c", lambda F, x, A, b, c: F.sum(F.outer(x, x) * A) + F.sum(b * x) + c, x=V, A=M, b=V, c=NUMBER),
    case("x.T@A@y", lambda F, x, A, y: F.sum(A * F.outer(x, y)), x=V, A=W, y=4),
    case("(x - m)@S@(x - m)/2", lambda F, x, m, S: 0.5 * F.sum((S @ (x - m)) * (x - m)), x=V, m=V, S=M),
    case("x.T@(A + A.T)@x/2", lambda F, x, A: x @ A @ x, x=V, A=M),
    case("(x@A@x)/(x@x)", lambda F, x, A: F.sum((A @ x) * x) / F.sum(x**2), x=V, A=M),
    case("(x@A@x)^2", lambda F, x, A: (x @ A @ x) ** 2, x=V, A=M),
    case("x@A.T@A@x", lambda F, x, A: F.sum((A @ x) ** 2), x=4, A=W),
    case("exp(-x@A@x/2)", lambda F, x, A: F.exp(-0.5 * (x @ A @ x)), x=V, A=definite(3)),
    case("sqrt(x@A@x)", lambda F, x, A: F.sqrt(x @ A @ x), x=V, A=definite(3)),
    case("log(1 + x@A@x)", lambda F, x, A: F.log1p(x @ A @ x), x=V, A=definite(3)),
    case("x@y/(norm(x)*norm(y))", lambda F, x, y: F.sum(x * y) / F.sqrt(F.sum(x * x) * F.sum(y * y)), x=V, y=V),
    case("dot(a, x)*dot(b, x)", lambda F, a, b, x: (a @ x) * (b @ x), a=V, b=V, x=V),
    case("x@A@x*(b@x)", lambda F, x, A, b: (x @ A @ x) * (b @ x), x=V, A=M, b=V),
    case("a@X@X.T@b", lambda F, a, X, b: F.sum((X.T @ a) * (X.T @ b)), a=V, X=W, b=V),
    case("a@X@C@X.T@b", lambda F, a, X, C, b: (a @ X) @ C @ (b @ X), a=V, X=W, C=(4, 4), b=V),
    case("(X@b + c)@D@(X@b + c)", lambda F, X, b, c, D: F.sum(F.outer(X @ b + c, X @ b + c) * D), X=W, b=4, c=V, D=M),
    case("sum((x - y)^2)", lambda F, x, y: x @ x - 2 * (x @ y) + y @ y, x=V, y=V),
    case("exp(-sum((x - y)^2)/(2*s^2))", lambda F, x, y, s: F.exp(-0.5 * F.sum(((x - y) / s) ** 2)), x=V, y=V, s=between(1, 2)),
    case("A@x", lambda F, A, x: F.sum(A * x, axis=1), A=W, x=4),
    case("x.T@A", lambda F, x, A: F.sum(x[:, None] * A, axis=0), x=V, A=W),
    case("A@B", lambda F, A, B: F.stack([A @ B[:, 0], A @ B[:, 1]], 1), A=W, B=(4, 2)),
    case("x*(A@x)", lambda F, x, A: F.diag(x) @ A @ x, x=V, A=M),
    case("A@x/norm(A@x)", lambda F, A, x: (A @ x) / frobenius(F, A @ x), A=M, x=V),
    case("outer(x, y)", lambda F, x, y: x[:, None] * y[None, :], x=V, y=2),
]

LEAST_SQUARES = [
    case("sum((A@x - b)^2)", lambda F, A, x, b: (A @ x - b) @ (A @ x - b), A=W, x=4, b=V),
    case("sum((A@x - b)^2)/2 + c*sum(x^2)", lambda F, A, x, b, c: F.sum((b - A @ x) ** 2) / 2 + c * (x @ x), A=W, x=4, b=V, c=NUMBER),
    case("norm(A@x - b)", lambda F, A, x, b: F.sqrt(F.sum((A @ x - b) ** 2)), A=W, x=4, b=V),
    case("norm(A@x - b)^2 + c*norm(x, 1)", lambda F, A, x, b, c: F.sum((A @ x - b) ** 2) + c * F.sum(F.abs(x)), A=W, x=4, b=V, c=NUMBER),
    case("mean((X@w + b - y)^2)", lambda F, X, w, b, y: F.sum((y - X @ w - b) ** 2) / 4, X=(4, 2), w=2, b=NUMBER, y=4),
    case("mse(X@w, y)", lambda F, X, w, y: F.mean((y - X @ w) ** 2), X=(4, 2), w=2, y=4),
    case("sum(w*(X@a - y)^2)", lambda F, w, X, a, y: (X @ a - y) @ F.diag(w) @ (X @ a - y), w=4, X=(4, 2), a=2, y=4),
    case("norm(A@X - B)^2", lambda F, A, X, B: F.trace((A @ X - B).T @ (A @ X - B)), A=M, X=(3, 2), B=(3, 2)),
    case("norm(Y - A@B)^2/2 + c*(norm(A)^2 + norm(B)^2)", lambda F, Y, A, B, c: F.sum((Y - A @ B) ** 2) / 2 + c * (F.sum(A * A) + F.sum(B * B)), Y=W, A=(3, 2), B=(2, 4), c=NUMBER),
    case("huber(X@w, y)", lambda F, X, w, y: F.mean(F.where(F.abs(X @ w - y) <= 1, (X @ w - y) ** 2 / 2, F.abs(X @ w - y) - 0.5)), X=(4, 2), w=2, y=4),
    case("mean(abs(X@w - y))", lambda F, X, w, y: F.mean(F.abs(y - X @ w)), X=(4, 2), w=2, y=4),
    case("mean(log(cosh(X@w - y)))", lambda F, X, w, y: F.mean(F.logaddexp(X @ w - y, y - X @ w)) - F.log(F.array(2.0)), X=(4, 2), w=2, y=4),
    case("solve(X.T@X, X.T@y)@w", lambda F, X, y, w: w @ F.linalg.inv(X.T @ X) @ (X.T @ y), X=(4, 2), y=4, w=2),
    case("sum((y - X@solve(X.T@X + c^2*eye(2), X.T@y))^2)", lambda F, X, y, c: F.sum((y - X @ F.linalg.inv(X.T @ X + c * c * F.eye(2)) @ X.T @ y) ** 2), X=(4, 2), y=4, c=between(1, 2)),
    case("solve(X.T@X, X.T@y)", lambda F, X, y: F.linalg.inv(X.T @ X) @ X.T @ y, X=(4, 2), y=4),
    case("sum((A@x - b)^2) + sum((A.T@b - x)^2)", lambda F, A, x, b: F.sum((A @ x - b) ** 2) + F.sum((b @ A - x) ** 2), A=W, x=4, b=V),
]

LIKELIHOODS = [
    case("-((x - m)@solve(S, x - m) + logdet(S) + 3*log(2*pi))/2",
         lambda F, x, m, S: -0.5 * ((x - m) @ F.linalg.inv(S) @ (x - m)) - 0.5 * F.log(F.linalg.det(2 * np.pi * S)), x=V, m=V, S=definite(3)),
    case("logdet(P) - (x - m)@P@(x - m)", lambda F, x, m, P: F.log(F.linalg.det(P)) - F.sum(F.outer(x - m, x - m) * P), x=V, m=V, P=definite(3)),
    case("L = cholesky(S)\nz = solve(L, x)\nz@z/2 + sum(log(diag(L)))", lambda F, x, S: x @ F.linalg.solve((S + S.T) / 2, x) / 2 + F.linalg.slogdet((S + S.T) / 2)[1] / 2, x=V, S=definite(3)),
    case("sum((x - m)^2/(2*s^2) + log(s))", lambda F, x, m, s: 0.5 * F.sum(((x - m) / s) ** 2) + F.log(F.prod(s, axis=0)), x=V, m=V, s=between(0.5, 2, 3)),
    case("tr(solve(S, C)) + logdet(S)", lambda F, S, C: F.sum(F.linalg.inv(S).T * C) + F.log(F.linalg.det(S)), S=definite(3), C=definite(3)),
    case("(tr(solve(T, S)) + (m - n)@solve(T, m - n) - 3 + logdet(T) - logdet(S))/2", lambda F, S, T, m, n: 0.5 * (F.trace(F.linalg.inv(T) @ S) + (m - n) @ F.linalg.inv(T) @ (m - n) - 3 + F.log(F.linalg.det(T) / F.linalg.det(S))), S=definite(3), T=definite(3), m=V, n=V),
    case("mean(log(1 + exp(-y*(X@w))))", lambda F, X, w, y: F.mean(F.softplus(-y * (X @ w))), X=(4, 2), w=2, y=4),
    case("sum(softplus(X@w) - y*(X@w)) + c*w@w", lambda F, X, w, y, c: F.sum(F.log1p(F.exp(X @ w))) - y @ X @ w + c * F.sum(w * w), X=(4, 2), w=2, y=4, c=NUMBER),
    case("binary_cross_entropy(sigmoid(X@w + b), y)", lambda F, X, w, b, y: F.mean(F.softplus(X @ w + b) - y * (X @ w + b)), X=(4, 2), w=2, b=NUMBER, y=between(0, 1, 4)),
    case("p = sigmoid(X@w)\n-sum(y*log(p) + (1 - y)*log(1 - p))", lambda F, X, w, y: -F.sum(y * F.log(sigmoid(F, X @ w)) + (1 - y) * F.log(sigmoid(F, -X @ w))), X=(4, 2), w=2, y=between(0, 1, 4)),
    case("sum(exp(X@w) - y*(X@w))", lambda F, X, w, y: F.sum(F.exp(X @ w)) - F.sum(y * (X @ w)), X=(4, 2), w=2, y=between(0, 3, 4)),
    case("hinge(X@w, y) + c*w@w", lambda F, X, w, y, c: F.mean(F.relu(1 - y * (X @ w))) + c * F.sum(w**2), X=(4, 2), w=2, y=4, c=NUMBER),
    case("sum(log(1 + (x - m)^2/s^2))", lambda F, x, m, s: F.sum(F.log(s * s + (x - m) ** 2)) - 6 * F.log(s), x=V, m=NUMBER, s=between(0.5, 2)),
    case("sum(p*log(p/q))", lambda F, p, q: F.sum(F.xlogy(p, p)) - F.sum(F.xlogy(p, q)), p=between(0.1, 1, 3), q=between(0.1, 1, 3)),
    case("-sum(xlogy(p, p))", lambda F, p: -(p @ F.log(p)), p=between(0.1, 1, 4)),
    case("sum(lgamma(a)) - lgamma(sum(a)) - sum((a - 1)*log(x))", lambda F, a, x: F.sum(F.lgamma(a)) - F.lgamma(F.sum(a)) - (a - 1) @ F.log(x), a=between(1, 3, 3), x=between(0.1, 1, 3)),
    case("logsumexp(log(p) - (x - m)^2/2)", lambda F, p, x, m: F.log(p @ F.exp(-((x - m) ** 2) / 2)), p=between(0.1, 1, 3), x=NUMBER, m=V),
]

MATRICES = [
    case("tr(A@X)", lambda F, A, X: F.sum(A.T * X), A=(4, 3), X=W),
    case("tr(X.T@X)", lambda F, X: F.sum(X**2), X=W),
    case("tr(A@X@B)", lambda F, A, X, B: F.sum((B @ A).T * X), A=(2, 3), X=W, B=(4, 2)),
    case("tr(X@A@X.T)", lambda F, X, A: F.sum((X @ A) * X), X=W, A=(4, 4)),
    case("tr(X@X@X)", lambda F, X: F.sum((X @ X).T * X), X=M),
    case("tr(X@A)^2", lambda F, X, A: F.sum(X * A.T) ** 2, X=M, A=M),
    case("tr(inv(X)@A)", lambda F, X, A: F.trace(F.linalg.solve(X, A)), X=definite(3), A=M),
    case("tr(exp(X)@A)", lambda F, X, A: F.sum(F.exp(X).T * A), X=M, A=M),
    case("det(X)", lambda F, X: X[0, 0] * (X[1, 1] * X[2, 2] - X[1, 2] * X[2, 1]) - X[0, 1] * (X[1, 0] * X[2, 2] - X[1, 2] * X[2, 0]) + X[0, 2] * (X[1, 0] * X[2, 1] - X[1, 1] * X[2, 0]), X=M),
    case("det(X)^2", lambda F, X: F.linalg.det(X @ X), X=M),
    case("det(X.T@X)", lambda F, X: F.linalg.det(X.T @ X), X=(4, 2)),
    case("log(det(X))", lambda F, X: F.linalg.slogdet(X)[1], X=definite(3)),
    case("logdet(A.T@A + eye(2))", lambda F, A: F.log(F.linalg.det(F.eye(3) + A @ A.T)), A=(3, 2)),
    case("logdet(diag(x) + u*outer(v, v))", lambda F, x, u, v: F.sum(F.log(x)) + F.log(1 + u * F.sum(v * v / x)), x=between(1, 2, 3), u=between(1, 2), v=V),
    case("a@inv(X)@b", lambda F, a, X, b: a @ F.linalg.solve(X, b), a=V, X=definite(3), b=V),
    case("x.T@(1/A)@x", lambda F, x, A: F.sum(F.outer(x, x) / A), x=V, A=between(0.5, 2, (3, 3))),
    case("sum(inv(X)*A)", lambda F, X, A: F.trace(F.linalg.solve(X, A.T)), X=definite(3), A=M),
    case("inv(X)", lambda F, X: F.linalg.solve(X, F.eye(2)), X=definite(2)),
    case("sum(solve(A, B)*C)", lambda F, A, B, C: F.trace(C.T @ F.linalg.inv(A) @ B), A=definite(3), B=(3, 2), C=(3, 2)),
    case("norm(A)", frobenius, A=W),
    case("norm(A@B - B@A)^2", lambda F, A, B: F.sum((A @ B - B @ A) ** 2), A=M, B=M),
    case("norm(X.T@X - eye(2))^2", lambda F, X: F.sum((X.T @ X) ** 2) - 2 * F.sum(X**2) + 2, X=(4, 2)),
    case("norm(A, ord=1)", lambda F, A: F.amax(F.sum(F.abs(A), axis=0), axis=0), A=W),
    case("norm(A, ord=inf)", lambda F, A: F.amax(F.sum(F.abs(A), axis=1), axis=0), A=W),
    case("norm(x, ord=inf)*norm(x, ord=1)", lambda F, x: F.amax(F.abs(x), axis=0) * F.sum(F.abs(x)), x=V),
    case("sum(norm(A, axis=1))", lambda F, A: frobenius(F, A[0]) + frobenius(F, A[1]) + frobenius(F, A[2]), A=W),
    case("sum(kron(A, B)*C)", lambda F, A, B, C: F.sum(F.einsum("ij,kl->ikjl", A, B).reshape(4, 6) * C), A=(2, 3), B=(2, 2), C=(4, 6)),
    case("x@kron(a, b)", lambda F, x, a, b: F.sum(x.reshape(3, 2) * F.outer(a, b)), x=6, a=3, b=2),
    case("sum(cholesky(S)*A)", lambda F, S, A: F.sum(F.linalg.cholesky((S + S.T) / 2) * A), S=definite(3), A=M),
    case("x@tril(A)@x + y@triu(A, 1)@y", lambda F, x, A, y: F.sum(F.outer(x, x) * F.tril(A)) + F.sum(F.outer(y, y) * (A - F.tril(A))), x=V, A=M, y=V),
    case("x@diag(a)@x", lambda F, x, a: F.sum(a * x**2), x=V, a=V),
    case("diag(A)@x", lambda F, A, x: F.sum(A * F.eye(3), axis=1) @ x, A=M, x=V),
    case("sum(log(A))*tr(A)", lambda F, A: F.log(F.prod(A)) * F.sum(A * F.eye(3)), A=between(0.5, 2, (3, 3))),
    case("S = A - A.T\nx@S@S@x", lambda F, A, x: -F.sum(((A - A.T) @ x) ** 2), A=M, x=V),
    case("sum((A*B)@x)", lambda F, A, B, x: F.einsum("ij,ij,j->", A, B, x), A=W, B=W, x=4),
    case("x@A@A@A@x", lambda F, x, A: F.einsum("i,ij,jk,kl,l->", x, A, A, A, x), x=V, A=M),
    case("Q = eye(3) - 2*outer(v, v)/(v@v)\nx@Q@y", lambda F, v, x, y: x @ y - 2 * (x @ v) * (v @ y) / F.sum(v * v), v=V, x=V, y=V),
    case("P = A@inv(A.T@A)@A.T\ny@P@y", lambda F, A, y: (A.T @ y) @ F.linalg.solve(A.T @ A, A.T @ y), A=(4, 2), y=4),
    case("A@x + b", lambda F, A, x, b: F.einsum("ij,j->i", A, x) + b, A=W, x=4, b=V),
    case("A.T*x", lambda F, A, x: F.diag(F.array([1.0, 1.0, 1.0, 1.0])) @ A.T @ F.diag(x), A=W, x=V),
]

SHAPES = [
    case("x[1:] @ x[:-1]", lambda F, x: x[0] * x[1] + x[1] * x[2] + x[2] * x[3], x=4),
    case("sum((x[1:] - x[:-1])^2)", lambda F, x: F.sum(F.diff(x) ** 2), x=5),
    case("sum((x[2:] - 2*x[1:-1] + x[:-2])^2)", lambda F, x: F.sum(F.diff(F.diff(x)) ** 2), x=5),
    case("x[::-1]@A@x", lambda F, x, A: F.flip(x, (0,)) @ A @ x, x=V, A=M),
    case("sum(x[::2])*prod(x[1::2])", lambda F, x: (x[0] + x[2] + x[4]) * x[1] * x[3], x=5),
    case("A[0, 1]*A[1, 0] - A[0, 0]*A[1, 1]", lambda F, A: -F.linalg.det(A), A=(2, 2)),
    case("A[0]@A[1] + A[:, 2]@A[:, -1]", lambda F, A: F.sum(A[0] * A[1]) + F.sum(A[:, 2] * A[:, 3]), A=W),
    case("sum(A[[0, 2, 0]]^2)", lambda F, A: 2 * F.sum(A[0] ** 2) + F.sum(A[2] ** 2), A=W),
    case("prod(A[[0, 1, 2], [1, 2, 0]])", lambda F, A: A[0, 1] * A[1, 2] * A[2, 0], A=M),
    case("sum(sin(A[1:, :2])*B)", lambda F, A, B: F.sum(F.sin(A)[1:, :2] * B), A=W, B=(2, 2)),
    case("A[..., 0]@x - A[-1, 1:]@x", lambda F, A, x: A[:, 0] @ x - A[2, 1:] @ x, A=W, x=V),
    case("sum(take(x, [0, 0, 2])^3)", lambda F, x: 2 * x[0] ** 3 + x[2] ** 3, x=V),
    case("sum(exp(x[:, None] - y[None, :]))", lambda F, x, y: F.sum(F.exp(x)) * F.sum(F.exp(-y)), x=V, y=4),
    case("sum(x[:, None]*A*y)", lambda F, x, A, y: x @ A @ y, x=V, A=W, y=4),
    case("D = x[:, None] - x\nsum(exp(-D^2))", lambda F, x: 3 + 2 * F.sum(F.exp(-F.stack([x[0] - x[1], x[0] - x[2], x[1] - x[2]], 0) ** 2)), x=V),
    case("D = X[:, None, :] - Y[None, :, :]\nsum(exp(-sum(D^2, axis=2)))", lambda F, X, Y: F.sum(F.exp(-F.sum(X**2, axis=1)[:, None] - F.sum(Y**2, axis=1) + 2 * X @ Y.T)), X=(3, 2), Y=(4, 2)),
    case("cumsum(x)@y", lambda F, x, y: x @ F.flip(F.cumsum(F.flip(y, (0,)), 0), (0,)), x=4, y=4),
    case("sum(cumsum(A, axis=1)^2)", lambda F, A: F.sum((A @ F.triu(F.ones((4, 4)))) ** 2), A=W),
    case("sum(exp(-cumsum(softplus(x))))", lambda F, x: F.sum(F.exp(-F.tril(F.ones((4, 4))) @ F.log(1 + F.exp(x)))), x=4),
    case("sum(cumsum(A)*flatten(B))", lambda F, A, B: F.cumsum(A.reshape(-1), 0) @ B.reshape(-1), A=(2, 3), B=(2, 3)),
    case("norm(concatenate([x, 2*y]))", lambda F, x, y: F.sqrt(x @ x + 4 * (y @ y)), x=V, y=4),
    case("W@concatenate([h, x]) @ v", lambda F, W, h, x, v: (W[:, :2] @ h + W[:, 2:] @ x) @ v, W=(3, 5), h=2, x=3, v=3),
    case("A = stack([x, y])\nsum((A@A.T)^2)", lambda F, x, y: (x @ x) ** 2 + 2 * (x @ y) ** 2 + (y @ y) ** 2, x=V, y=V),
    case("det(stack([[cos(t), -sin(t)], [sin(t), cos(t)]])*s)", lambda F, t, s: s**2 * (F.cos(t) ** 2 + F.sin(t) ** 2), t=NUMBER, s=NUMBER),
    case("sum(reshape(x, (2, 3))@A)", lambda F, x, A: F.sum(x[:3] @ A) + F.sum(x[3:] @ A), x=6, A=(3, 2)),
    case("tr(reshape(A, (4, 3))@B)", lambda F, A, B: F.sum(A.reshape(-1) * B.T.reshape(-1)), A=W, B=W),
    case("flatten(A)@flatten(A^2)", lambda F, A: F.sum(A**3), A=W),
    case("sum(transpose(A)@x)", lambda F, A, x: F.sum(A, axis=1) @ x, A=W, x=V),
    case("sum(pad(x, 1)[1:]*y)", lambda F, x, y: x @ y[:3], x=V, y=4),
    case("roll(x, 1)@x", lambda F, x: x[2] * x[0] + x[0] * x[1] + x[1] * x[2], x=V),
    case("flip(x)@A@flip(x)", lambda F, x, A: x @ F.flip(A, (0, 1)) @ x, x=V, A=M),
    case("P = split(x, 2)\nP[0]@P[1]", lambda F, x: x[:2] @ x[2:], x=4),
    case("sum(expand_dims(x, 1)@expand_dims(y, 0))", lambda F, x, y: F.sum(x) * F.sum(y), x=V, y=4),
    case("squeeze(x[None, :])@y", lambda F, x, y: F.sum(x * y), x=V, y=V),
    case("sum(broadcast_to(x, (3, 4))*A^2)", lambda F, x, A: F.sum(A**2, axis=0) @ x, x=4, A=W),
    case("sum(where(A > 0, A^2, -A)*B)", lambda F, A, B: F.sum((F.relu(A) ** 2 + F.relu(-A)) * B), A=W, B=W),
    case("sum(clip(x, -1, 1)^2)", lambda F, x: F.sum(F.where(F.abs(x) < 1, x**2, 1.0)), x=4),
    case("sum(maximum(x, y)*minimum(x, y)^2)", lambda F, x, y: F.sum(F.where(x > y, x * y**2, y * x**2)), x=4, y=4),
    case("prod(x)", lambda F, x: x[0] * x[1] * x[2] * x[3], x=4),
    case("prod(1 + x*y)", lambda F, x, y: F.exp(F.sum(F.log(1 + x * y))), x=between(0, 1, 3), y=between(0, 1, 3)),
    case("max(x)*min(x) + sum(x)", lambda F, x: F.amax(x) * F.amin(x) + F.sum(x), x=5),
    case("k = [1, -2, 1]\nsum((k[0]*x[:-2] + k[1]*x[1:-1] + k[2]*x[2:])^4)", lambda F, x: F.sum(F.diff(x, n=2) ** 4), x=5),
    case("one_hot([0, 2, 1], 3)@x @ y", lambda F, x, y: x[0] * y[0] + x[2] * y[1] + x[1] * y[2], x=V, y=V),
    case("x[1:]*y[:-1]", lambda F, x, y: F.stack([x[1] * y[0], x[2] * y[1]], 0), x=V, y=V),
    case("cumsum(x^2)", lambda F, x: F.tril(F.ones((4, 4))) @ (x * x), x=4),
    case("A[:, [2, 0]]", lambda F, A: F.stack([A[:, 2], A[:, 0]], 1), A=W),
]

ACTIVATIONS = ("tanh", "sigmoid", "relu", "gelu", "silu", "elu", "softplus", "leaky_relu")
NEURONS = [
    made
    for f in ACTIVATIONS
    for made in (
        case(f"{f}(w@x + b)", lambda F, w, x, b, f=f: getattr(F, f)(F.sum(w * x) + b), w=V, x=V, b=NUMBER),
        case(f"v@{f}(W@x + b)", lambda F, v, W, x, b, f=f: F.sum(v * getattr(F, f)(F.einsum("ij,j->i", W, x) + b)), v=V, W=W, x=4, b=V),
        case(f"mean(({f}(X@U + b)@v + c - y)^2)", lambda F, X, U, b, v, c, y, f=f: F.sum((F.einsum("ij,j->i", getattr(F, f)(X @ U + b[None, :]), v) + c - y) ** 2) / 4, X=(4, 2), U=(2, 3), b=V, v=V, c=NUMBER, y=4),
        case(f"Z = {f}(X@U + b)@W + c\ncross_entropy(Z, [0, 2, 1, 1])", lambda F, X, U, b, W, c, f=f: entropy(F, getattr(F, f)(X @ U + b) @ W + c, [0, 2, 1, 1]), X=(4, 2), U=(2, 3), b=V, W=(3, 3), c=V),
    )
] + [
    case(f"H = {f}(X@A + a)\nG = {g}(H@B + b)\nsum((G@C + c - Y)^2)", lambda F, X, A, a, B, b, C, c, Y, f=f, g=g: F.sum((Y - c - getattr(F, g)(b + getattr(F, f)(a + X @ A) @ B) @ C) ** 2), X=(3, 2), A=(2, 3), a=3, B=(3, 3), b=3, C=(3, 2), c=2, Y=(3, 2))
    for f, g in (("tanh", "tanh"), ("relu", "relu"), ("gelu", "gelu"), ("relu", "sigmoid"), ("silu", "softplus"))
]

LAYERS = [
    case("sum(softmax(x)*y)", lambda F, x, y: (F.exp(x) @ y) / F.sum(F.exp(x)), x=V, y=V),
    case("softmax(A@x)", lambda F, A, x: F.exp(A @ x - F.logsumexp(A @ x, axis=0)), A=W, x=4),
    case("sum(exp(x)/sum(exp(x))*y)", lambda F, x, y: softmax(F, x) @ y, x=V, y=V),
    case("-sum(y*log_softmax(W@x + b))", lambda F, y, W, x, b: F.logsumexp(W @ x + b, axis=0) * F.sum(y) - y @ (W @ x + b), y=V, W=W, x=4, b=V),
    case("-log(softmax(x)[1])", lambda F, x: F.log(F.sum(F.exp(x))) - x[1], x=4),
    case("cross_entropy(X@W + b, [2, 0, 1])", lambda F, X, W, b: entropy(F, X @ W + b, [2, 0, 1]), X=(3, 2), W=(2, 3), b=V),
    case("cross_entropy(X@W, Y)", lambda F, X, W, Y: (F.sum(F.logsumexp(X @ W, axis=1) * F.sum(Y, axis=1)) - F.sum(Y * (X @ W))) / 3, X=(3, 2), W=(2, 3), Y=(3, 3)),
    case("-mean(sum(one_hot([1, 0], 3)*log(softmax(Z)), axis=1))", lambda F, Z: entropy(F, Z, [1, 0]), Z=(2, 3)),
    case("logsumexp(A@x + b)", lambda F, A, x, b: F.log(F.sum(F.exp(A @ x) * F.exp(b))), A=W, x=4, b=V),
    case("sum(logsumexp(A, axis=1)*x)", lambda F, A, x: F.log(F.sum(F.exp(A), axis=1)) @ x, A=W, x=V),
    case("max(x) + log(sum(exp(x - max(x))))", lambda F, x: F.logsumexp(x, axis=0), x=V),
    case("layer_norm(x)@y", lambda F, x, y: normalised(F, x) @ y, x=4, y=4),
    case("sum((layer_norm(X)*g + b)^3)", lambda F, X, g, b: F.sum((normalised(F, X) * g + b) ** 3), X=W, g=4, b=4),
    case("m = mean(X, axis=0)\ns = var(X, axis=0)\nsum(tanh((X - m)/sqrt(s + 0.1)*g + b)*Y)", lambda F, X, g, b, Y: F.sum(F.tanh(normalised(F, X.T, 0.1).T * g + b) * Y), X=W, g=4, b=4, Y=W),
    case("sum(x/sqrt(mean(x^2) + 0.01)*g*y)", lambda F, x, g, y: (x * g) @ y * 2 / F.sqrt(x @ x + 0.04), x=4, g=4, y=4),
    case("sum(softmax(Q@K.T/sqrt(2))@V*Y)", lambda F, Q, K, V, Y: F.sum(attention(F, Q, K, V, 2**0.5) * Y), Q=(3, 2), K=(3, 2), V=(3, 2), Y=(3, 2)),
    case("softmax(Q@K.T/sqrt(2))@V", lambda F, Q, K, V: attention(F, Q, K, V, 2**0.5), Q=(2, 2), K=(3, 2), V=(3, 2)),
    case("softmax(q@K.T/sqrt(3))@V@y", lambda F, q, K, V, y: (F.exp(K @ q / 3**0.5) @ (V @ y)) / F.sum(F.exp(K @ q / 3**0.5)), q=3, K=(4, 3), V=(4, 2), y=2),
    case("A = softmax(X@B@X.T/2 + M)\nsum((A@X@C)^2)", lambda F, X, B, M, C: F.sum((softmax(F, F.einsum("ij,jk,lk->il", X, B, X) / 2 + M) @ X @ C) ** 2), X=(3, 2), B=(2, 2), M=(3, 3), C=(2, 2)),
    case("S = where(tril([1, 1, 1; 1, 1, 1; 1, 1, 1]) > 0, Q@K.T, -50)\nsum(softmax(S)@V*Y)", lambda F, Q, K, V, Y: F.sum((softmax(F, Q @ K.T * F.tril(F.ones((3, 3))) - 50 * F.triu(F.ones((3, 3)), 1)) @ V) * Y), Q=(3, 2), K=(3, 2), V=(3, 2), Y=(3, 2)),
    case("H = layer_norm(X + softmax(X@X.T/sqrt(2))@X@C)\nsum((H + gelu(H@A)@B)*Y)", lambda F, X, C, A, B, Y: F.sum(Y * block(F, X, C, A, B)), X=(2, 3), C=(3, 3), A=(3, 2), B=(2, 3), Y=(2, 3)),
    case("H = softmax(Q@transpose(K, (0, 2, 1))/sqrt(2))@V\nsum(H^2*Y)", lambda F, Q, K, V, Y: sum(F.sum(attention(F, Q[k], K[k], V[k], 2**0.5) ** 2 * Y[k]) for k in range(2)), Q=(2, 3, 2), K=(2, 3, 2), V=(2, 3, 2), Y=(2, 3, 2)),
    case("h1 = tanh(W@x + U@h + b)\nh2 = tanh(W@y + U@h1 + b)\nv@h2", lambda F, W, U, x, y, h, b, v: v @ F.tanh(W @ y + U @ F.tanh(W @ x + U @ h + b) + b), W=W, U=M, x=4, y=4, h=3, b=3, v=3),
    case("i = sigmoid(A@x + B@h)\nf = sigmoid(C@x + D@h)\nc1 = f*c + i*tanh(A@h + B@x)\nsum(sigmoid(C@h)*tanh(c1))", lambda F, A, B, C, D, x, h, c: F.sum(sigmoid(F, C @ h) * F.tanh(sigmoid(F, C @ x + D @ h) * c + sigmoid(F, A @ x + B @ h) * F.tanh(A @ h + B @ x))), A=M, B=M, C=M, D=M, x=3, h=3, c=3),
    case("z = sigmoid(A@x)\nsum(z*tanh(B@x) + (1 - z)*x)", lambda F, A, x, B: F.sum(x + sigmoid(F, A @ x) * (F.tanh(B @ x) - x)), A=M, x=V, B=M),
    case("sum((X@A*sigmoid(X@B))@C*Y)", lambda F, X, A, B, C, Y: F.sum(Y * ((X @ A / (1 + F.exp(-X @ B))) @ C)), X=(3, 2), A=(2, 3), B=(2, 3), C=(3, 2), Y=(3, 2)),
    case("x + W2@relu(W1@x)", lambda F, x, W1, W2: x + W2 @ F.where(W1 @ x > 0, W1 @ x, 0.0), x=V, W1=(4, 3), W2=(3, 4)),
    case("z = m + exp(s/2)*[0.3, -1.2, 0.5]\nsum((D@z - x)^2) - sum(1 + s - m^2 - exp(s))/2", lambda F, m, s, D, x: F.sum((D @ (m + F.sqrt(F.exp(s)) * F.array([0.3, -1.2, 0.5])) - x) ** 2) + 0.5 * (F.sum(m * m) + F.sum(F.exp(s)) - F.sum(s) - 3), m=V, s=V, D=(4, 3), x=4),
    case("S = A@B.T/(norm(A, axis=1, keepdims=True)*norm(B, axis=1)*0.5)\ncross_entropy(S, [0, 1, 2])", lambda F, A, B: entropy(F, (A / F.sqrt(F.sum(A * A, axis=1, keepdims=True))) @ (B / F.sqrt(F.sum(B * B, axis=1, keepdims=True))).T * 2, [0, 1, 2]), A=(3, 2), B=(3, 2)),
    case("max(0, norm(a - p)^2 - norm(a - n)^2 + 20)", lambda F, a, p, n: F.sum((a - p) ** 2) - F.sum((a - n) ** 2) + 20, a=V, p=V, n=V),
]

REDUCED = [
    made
    for f in ("sum", "mean", "prod", "var", "std", "norm", "logsumexp", "amax", "amin")
    for made in (
        case(f"{f}(A@x)", lambda F, A, x, f=f: reduce(F, f, F.sum(A * x, axis=1), 0), A=W, x=4),
        case(f"{f}(A, axis=0)@x", lambda F, A, x, f=f: F.sum(reduce(F, f, A, 0) * x), A=W, x=4),
        case(f"sum((A - {f}(A, axis=1, keepdims=True))^2*B)", lambda F, A, B, f=f: F.sum(B * (A - reduce(F, f, A.T, 0)[:, None]) ** 2), A=W, B=W),
        case(f"{f}(exp(A)*B)", lambda F, A, B, f=f: reduce(F, f, (F.exp(A) * B).reshape(-1), 0), A=(2, 3), B=(2, 3)),
    )
]


def reduce(F: Any, name: str, x: Any, axis: int) -> Any:
    """A reduction along one axis, those of statistics written out."""
    if name == "norm":
        return F.sqrt(F.sum(x * x, axis=axis))
    if name in ("var", "std"):
        spread = F.mean(x * x, axis=axis) - F.mean(x, axis=axis) ** 2
        return spread if name == "var" else F.sqrt(spread)
    return getattr(F, name)(x, axis=axis)


POINTWISE = [
    made
    for f in ("sin", "cos", "tan", "exp", "expm1", "atan", "sinh", "cosh", "asinh", "erf", "erfc", "abs")
    for made in (
        case(f"b@{f}(A@x)", lambda F, b, A, x, f=f: F.sum(b * getattr(F, f)(F.einsum("ij,j->i", A, x))), b=V, A=M, x=between(0.1, 0.4, 3)),
        case(f"sum({f}(x[:, None]*y))", lambda F, x, y, f=f: F.sum(getattr(F, f)(F.outer(x, y))), x=between(0.2, 1, 3), y=between(0.2, 1, 2)),
    )
] + [
    case(f"sum({f}(A)@x)", lambda F, A, x, f=f: F.sum(getattr(F, f)(A), axis=0) @ x, A=between(0.2, 0.8, (3, 3)), x=V)
    for f in ("log", "log1p", "log2", "log10", "sqrt", "asin", "acos", "atanh", "digamma")
]
# fmt: on

CASES = [
    *QUADRATIC, *LEAST_SQUARES, *LIKELIHOODS, *MATRICES, *SHAPES, *NEURONS, *LAYERS, *REDUCED, *POINTWISE,
]  # fmt: skip
