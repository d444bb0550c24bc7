"""What the printer prints, and that it stays inside the subset the page can typeset."""

from __future__ import annotations

import re

import numpy as np
import pytest

from engine import latex
from engine.api import graph
from engine.explain import op_record
from engine.primitive import REGISTRY, Primitive
from engine.syntax import parse
from tests.engine.random_graphs import random_graphs

COMMANDS = frozenset(
    "cdot frac sqrt bar dot partial left right lfloor rfloor lceil rceil ln log sin cos tan sec csc cot arcsin arccos arctan "
    "sinh cosh tanh exp min max operatorname infty pi to Sigma le ge ne mathrm ; , Gamma top times det _ ldots |".split()
) | set(latex.GREEK)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("x1 + 2", "x_1 + 2"),
        ("(a + b) * c", r"(a + b) \cdot c"),
        ("a + b * c", r"a + b \cdot c"),
        ("a - (b - c)", "a - (b - c)"),
        ("a - b - c", "a - b - c"),
        ("(a / b) / c", r"\frac{\frac{a}{b}}{c}"),
        ("-(x + 1)", "-(x + 1)"),
        ("-x^2", "-x^{2}"),
        ("(-x)^2", "(-x)^{2}"),
        ("x^y^z", "x^{y^{z}}"),
        ("(x^y)^z", "(x^{y})^{z}"),
        ("sin(x)^2", r"(\sin x)^{2}"),
        ("sum(A.T^2)", r"\operatorname{sum}((A^{\top})^{2})"),
        ("solve(A.T, b)", r"(A^{\top})^{-1} \, b"),
        ("sin(x + 1)", r"\sin (x + 1)"),
        ("ln(x*y)", r"\ln (x \cdot y)"),
        ("x * -2", r"x \cdot (-2)"),
        ("x - -2", "x - (-2)"),
        ("2 * (x > 0)^2", r"2 \cdot [x > 0]^{2}"),
        ("(x > 0) + (x < 1)", "[x > 0] + [x < 1]"),
        ("|x - y|", r"\left| x - y \right|"),
        ("||x - y||_1^2", r"\left\| x - y \right\|_{1}^{2}"),
        ("norm(A, axis=0)", r"\left\| A \right\|_{\operatorname{axis} 0}"),
        ("norm(A, inf, (0, 1))", r"\left\| A \right\|_{\infty,\; \operatorname{axis} 0,1}"),
        ("[x, y + 1, -x]", "[x, y + 1, -x]"),
        ("[x, y; y, 1]", "[[x, y], [y, 1]]"),
        ("sqrt(x + 1)", r"\sqrt{x + 1}"),
        ("exp(x)", r"\exp x"),
        ("pi * alpha", r"\pi \cdot \alpha"),
        ("loss_2 * x12", r"\mathrm{loss}_2 \cdot x_{12}"),
        ("1e-7 * x", r"10^{-7} \cdot x"),
        ("2.5e20 + x", r"2.5 \cdot 10^{20} + x"),
        ("u = exp(x); (u + 1) * u", r"(u + 1) \cdot u,\; u = \exp x"),
    ],
)
def test_a_formula_prints_as_a_book_would(source: str, printed: str) -> None:
    assert graph(source).latex == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (2.0, "2"), (0.5, "0.5"), (201.5, "201.5"), (0.6931471805599453, "0.6931"), (1.99999, "2.000"), (11.652071, "11.65"),
        (-0.9589242746631385, "-0.9589"), (1e-9, "10^{-9}"), (1.23456e-9, r"1.235 \cdot 10^{-9}"), (0.0, "0"),
        (float("inf"), r"\infty"), (123456789.0, r"1.235 \cdot 10^{8}"), (24701.3, r"2.470 \cdot 10^{4}"), (2e7, r"2 \cdot 10^{7}"), (9999.96, r"1.000 \cdot 10^{4}"), (200000.0, "200000"),
    ],
)  # fmt: skip
def test_numbers_have_four_digits_and_say_when_they_are_rounded(value: float, printed: str) -> None:
    assert latex.number(value, 4)[0] == printed


def test_a_long_vector_is_shown_by_its_ends_and_a_large_array_by_its_shape() -> None:
    assert latex.value(np.arange(1.0, 4.0))[0] == "[1, 2, 3]"
    assert latex.value(np.arange(100.0) / 3, 4)[0] == r"[0, \ldots, 33]"
    assert latex.value(np.zeros((20, 30)))[0] == r"[20 \times 30]"


@pytest.mark.parametrize("op", REGISTRY.values(), ids=repr)
def test_a_row_prints_within_the_subset(op: Primitive) -> None:
    record = op_record(op)
    for text in (record.latex.replace("{0}", "x"), *record.partials):
        assert set(re.findall(r"\\([a-zA-Z]+|.)", text)) <= COMMANDS, text
        assert text.count("{") == text.count("}")


def test_printing_is_bounded_by_the_size_of_the_graph() -> None:
    source = "x0 = x\n" + "\n".join(f"x{i + 1} = x{i} * x{i}" for i in range(500))
    assert len(latex.expression(parse(source))) < 20_000
    deep = "sin(" * 1_500 + "x" + ")" * 1_500
    assert len(latex.expression(parse(deep))) < 60_000


def test_brackets_balance_on_random_graphs() -> None:
    for graph_, _ in random_graphs(300, first=200_000):
        text = latex.expression(graph_)
        assert text.count("(") == text.count(")")
        assert text.count("{") == text.count("}")
        assert "--" not in text.replace(" ", "")
