"""The functions that textbooks differentiate as a whole, each with its formula: sources in our own language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

COOKBOOK = "Petersen, Pedersen: The Matrix Cookbook, 2012"
LEARNING = "Goodfellow, Bengio, Courville: Deep Learning, 2016"


class Classic(NamedTuple):
    """A row of the table.

    `ranks` gives every letter with its number of axes: `x1 A2`. `spellings` are ways to write
    the function, the textbook's own first. `gradients` are the formulas by letter; in them, `{n}` is the last extent of
    the first letter and `{m}` its number of elements over that.
    """

    ranks: str
    spellings: tuple[str, ...]
    gradients: Mapping[str, str]
    reference: str


def squared(*vectors: str) -> tuple[str, ...]:
    """Ways to write the squared norm of a vector, which itself is written in one way or several."""
    return tuple(
        spelling
        for r in vectors
        for spelling in (
            f"norm({r})**2", f"sum(({r})**2)", f"sum(square({r}))", f"({r})' @ ({r})", f"({r}) @ ({r})",
            f"dot({r}, {r})", f"sum(({r}) * ({r}))",
        )
    )  # fmt: skip


RESIDUALS = squared("A @ x - b", "b - A @ x")

CLASSICS = (
    # ---- forms ----
    Classic(
        "x1 A2",
        ("x' @ A @ x", "x' @ (A @ x)", "x @ A @ x", "x @ (A @ x)", "dot(x, A @ x)", "dot(A @ x, x)",
         "sum(x * (A @ x))", "sum((A @ x) * x)"),
        {"x": "(A + A') @ x", "A": "outer(x, x)"},
        f"{COOKBOOK}, equations 70 and 81",
    ),
    Classic(
        "a1 X2 b1",
        ("a' @ X @ b", "a' @ (X @ b)", "a @ X @ b", "a @ (X @ b)", "dot(a, X @ b)", "sum(a * (X @ b))"),
        {"a": "X @ b", "X": "outer(a, b)", "b": "X' @ a"},
        f"{COOKBOOK}, equations 69 and 70",
    ),
    Classic(
        "a1 x1", ("a' @ x", "a @ x", "dot(a, x)", "sum(a * x)"), {"a": "x", "x": "a"}, f"{COOKBOOK}, equation 69"
    ),
    # ---- norms ----
    Classic("x1", squared("x"), {"x": "2 * x"}, f"{COOKBOOK}, equation 131"),
    Classic("x1", ("norm(x)",), {"x": "x / norm(x)"}, f"{COOKBOOK}, equation 129"),
    Classic(
        "x1 a1",
        ("norm(x - a)",),
        {"x": "(x - a) / norm(x - a)", "a": "(a - x) / norm(x - a)"},
        f"{COOKBOOK}, equation 129",
    ),
    Classic("X2", ("norm(X)**2", "sum(X**2)", "sum(square(X))", "sum(X * X)"), {"X": "2 * X"}, COOKBOOK),
    # ---- least squares ----
    Classic(
        "x1 A2 b1",
        RESIDUALS,
        {"x": "2 * A' @ (A @ x - b)", "A": "2 * outer(A @ x - b, x)", "b": "2 * (b - A @ x)"},
        f"{COOKBOOK}, equation 84, with W = I",
    ),
    Classic(
        "x1 A2 b1",
        tuple(half for residual in RESIDUALS for half in (f"0.5 * {residual}", f"1/2 * {residual}", f"{residual} / 2")),
        {"x": "A' @ (A @ x - b)", "A": "outer(A @ x - b, x)", "b": "b - A @ x"},
        f"{COOKBOOK}, equation 84, with W = I",
    ),
    Classic("x1 A2", squared("A @ x"), {"x": "2 * A' @ (A @ x)", "A": "2 * outer(A @ x, x)"}, COOKBOOK),
    Classic(
        "X2 w1 y1",
        ("mean((X @ w - y)**2)", "mean(square(X @ w - y))", "mse(X @ w, y)"),
        {"w": "2 * X' @ (X @ w - y) / {m}", "X": "2 * outer(X @ w - y, w) / {m}", "y": "2 * (y - X @ w) / {m}"},
        f"{LEARNING}, section 5.1.4",
    ),
    Classic(
        "x1 A2 b1 c0",
        tuple(f"{residual} + c * {penalty}" for residual in RESIDUALS for penalty in squared("x")),
        {
            "x": "2 * A' @ (A @ x - b) + 2 * c * x", "A": "2 * outer(A @ x - b, x)", "b": "2 * (b - A @ x)",
            "c": "norm(x)**2",
        },
        "Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 2009, section 3.4.1",
    ),
    Classic(
        "X2 A2 B2",
        ("norm(A @ X - B)**2", "sum((A @ X - B)**2)", "sum(square(A @ X - B))", "norm(B - A @ X)**2",
         "sum((B - A @ X)**2)"),
        {"X": "2 * A' @ (A @ X - B)", "A": "2 * (A @ X - B) @ X'", "B": "2 * (B - A @ X)"},
        COOKBOOK,
    ),
    Classic(
        "X2 W2 b1",
        ("norm(X @ W + b)**2", "sum((X @ W + b)**2)", "sum(square(X @ W + b))"),
        {"X": "2 * (X @ W + b) @ W'", "W": "2 * X' @ (X @ W + b)", "b": "2 * sum(X @ W + b, axis=0)"},
        LEARNING,
    ),
    # ---- traces and determinants ----
    Classic("A2", ("trace(A)",), {"A": "eye({n})"}, f"{COOKBOOK}, equation 99"),
    Classic("A2 B2", ("trace(A @ B)",), {"A": "B'", "B": "A'"}, f"{COOKBOOK}, equation 100"),
    Classic("A2 B2", ("trace(A' @ B)",), {"A": "B", "B": "A"}, f"{COOKBOOK}, equation 103"),
    Classic("A2", ("trace(A' @ A)", "trace(A @ A')"), {"A": "2 * A"}, f"{COOKBOOK}, equation 115"),
    Classic(
        "A2 B2",
        ("trace(A' @ B @ A)", "trace(A' @ (B @ A))"),
        {"A": "B @ A + B' @ A", "B": "A @ A'"},
        f"{COOKBOOK}, equation 108",
    ),
    Classic("A2", ("det(A)",), {"A": "det(A) * inv(A)'"}, f"{COOKBOOK}, equation 49"),
    Classic(
        "A2", ("logdet(A)", "log(det(A))", "log(abs(det(A)))"), {"A": "inv(A)'"}, f"{COOKBOOK}, equation 57"
    ),
    # ---- learning ----
    Classic(
        "z1",
        ("logsumexp(z)", "log(sum(exp(z)))"),
        {"z": "softmax(z)"},
        "Boyd, Vandenberghe: Convex Optimization, 2004",
    ),
    Classic(
        "z1 y0",
        ("cross_entropy(z, y)",),
        {"z": "softmax(z) - one_hot(y, depth={n})"},
        f"{LEARNING}, section 6.2.2.3",
    ),
    Classic(
        "z2 y1",
        ("cross_entropy(z, y)",),
        {"z": "(softmax(z) - one_hot(y, depth={n})) / {m}"},
        f"{LEARNING}, section 6.2.2.3",
    ),
    Classic(
        "z1 p1",
        ("cross_entropy(z, p)", "-sum(p * log_softmax(z))", "-sum(p * log(softmax(z)))"),
        {"z": "sum(p) * softmax(z) - p", "p": "-log_softmax(z)"},
        f"{LEARNING}, section 6.2.2.3",
    ),
    Classic(
        "z2 p2",
        ("cross_entropy(z, p)",),
        {"z": "(sum(p, axis=1, keepdims=True) * softmax(z) - p) / {m}", "p": "-log_softmax(z) / {m}"},
        f"{LEARNING}, section 6.2.2.3",
    ),
    Classic(
        "a1 b1",
        ("mse(a, b)", "mean((a - b)**2)", "mean(square(a - b))"),
        {"a": "2 * (a - b) / {n}", "b": "2 * (b - a) / {n}"},
        f"{LEARNING}, section 5.1.4",
    ),
)  # fmt: skip
