"""Closed forms: every classic in every spelling, against reverse mode, differences and SymPy; and what is no classic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

from engine import api
from engine.card.classics import CLASSICS, Classic
from engine.card.closed import letters
from engine.card.records import ClosedForm

EXTENTS: dict[str, dict[str, tuple[int, ...]]] = {
    "a1 X2 b1": {"a": (2,), "X": (2, 3), "b": (3,)},
    "x1 A2 b1": {"x": (2,), "A": (4, 2), "b": (4,)},
    "x1 A2 b1 c0": {"x": (2,), "A": (4, 2), "b": (4,), "c": ()},
    "X2 A2 B2": {"X": (2, 3), "A": (4, 2), "B": (4, 3)},
    "X2 W2 b1": {"X": (4, 3), "W": (3, 2), "b": (2,)},
    "X2 w1 y1": {"X": (4, 3), "w": (3,), "y": (4,)},
    "X2": {"X": (2, 3)},
    "z2 y1": {"z": (4, 3), "y": (4,)},
    "z2 p2": {"z": (4, 3), "p": (4, 3)},
}
"""Shapes that tell rows from columns, where the function allows them; else 3 along each axis."""
SPELT = pytest.mark.parametrize(
    ("classic", "source"),
    [
        pytest.param(classic, source, id=f"{source} {classic.ranks}")
        for classic in CLASSICS
        for source in classic.spellings
    ],
)


def drawn(ranks: str, seed: int) -> dict[str, Any]:
    """A point: positive determinants, classes below the number of logits."""
    rng = np.random.default_rng(seed)
    shapes = EXTENTS.get(ranks) or {part[0]: (3,) * int(part[1]) for part in ranks.split()}
    point: dict[str, Any] = {letter: rng.uniform(0.5, 2, size=shape) for letter, shape in shapes.items()}
    if ranks == "A2":
        point["A"] = point["A"] + 3 * np.eye(3)
    if ranks in ("z1 y0", "z2 y1"):
        point["y"] = np.floor(point["y"])
    return {letter: float(x) if not np.ndim(x) else x for letter, x in point.items()}


def closed(source: str, point: dict[str, Any], name: str = "evaluate") -> ClosedForm | None:
    """What the card of the output says."""
    output = api.formed(source, tuple(np.shape(point[letter]) for letter in api.parsed(source).inputs)).outputs[0]
    found = api.card(source, point, name, output).closed
    assert len(found) < 2
    return found[0] if found else None


def by_letter(form: ClosedForm | None) -> dict[str, Any]:
    assert form is not None
    return {row.name: row.value for row in form.rows}


def numerical(source: str, point: dict[str, Any], letter: str) -> Any:
    """The gradient by central differences of the value alone."""

    def value(moved: Any) -> float:
        return float(api.derivatives(source, {**point, letter: moved}, ["value"]).value)  # type: ignore[arg-type]

    here, step = np.array(point[letter], dtype=float), 1e-5
    found = np.zeros_like(here)
    for place in range(here.size):
        unit = np.zeros_like(here)
        unit.flat[place] = step
        found.flat[place] = (value((here + unit)[()]) - value((here - unit)[()])) / (2 * step)
    return found


@SPELT
def test_every_spelling_is_recognised_and_the_formula_agrees_with_reverse_mode(classic: Classic, source: str) -> None:
    for seed in (1, 2):
        point = drawn(classic.ranks, seed)
        form = closed(source, point)
        assert form is not None
        assert form.reference == classic.reference
        assert [row.name for row in form.rows] == list(classic.gradients)
        gradient = api.derivatives(source, point, ["gradient"]).gradient
        assert gradient is not None
        for row in form.rows:
            assert row.difference < 1e-12
            assert np.allclose(row.found, gradient[row.name], rtol=1e-13, atol=1e-13)
            assert np.allclose(row.value, gradient[row.name], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("classic", CLASSICS, ids=lambda classic: f"{classic.spellings[0]} {classic.ranks}")
def test_the_formula_agrees_with_differences(classic: Classic) -> None:
    point = drawn(classic.ranks, 3)
    form = closed(classic.spellings[0], point)
    assert form is not None
    for letter, row in zip(classic.gradients, form.rows, strict=True):
        assert np.allclose(row.value, numerical(classic.spellings[0], point, letter), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("classic", CLASSICS, ids=lambda classic: f"{classic.spellings[0]} {classic.ranks}")
def test_a_row_of_the_table_speaks_of_its_own_letters(classic: Classic) -> None:
    known = set(letters(classic))
    assert all(set(api.parsed(source).inputs) == known for source in classic.spellings)
    assert set(classic.gradients) <= known
    assert all(set(api.parsed(form.format(n=3, m=2)).inputs) <= known for form in classic.gradients.values())


# ---- SymPy, which knows nothing of matrices of numbers but their elements ----


def symbols(letter: str, x: Any) -> Any:
    rows, columns = (*np.shape(x), 1, 1)[:2]
    return sympy.Matrix(rows, columns, lambda i, j: sympy.Symbol(f"{letter}_{i}_{j}", positive=True))


SYMBOLIC: list[tuple[str, str, Any]] = [
    ("x' @ A @ x", "x1 A2", lambda m: (m["x"].T * m["A"] * m["x"])[0]),
    ("norm(A @ x - b)**2", "x1 A2 b1", lambda m: ((m["A"] * m["x"] - m["b"]).T * (m["A"] * m["x"] - m["b"]))[0]),
    ("trace(A)", "A2", lambda m: m["A"].trace()),
    ("trace(A @ B)", "A2 B2", lambda m: (m["A"] * m["B"]).trace()),
    ("trace(A' @ B @ A)", "A2 B2", lambda m: (m["A"].T * m["B"] * m["A"]).trace()),
    ("det(A)", "A2", lambda m: m["A"].det(method="berkowitz")),
    ("log(det(A))", "A2", lambda m: sympy.log(m["A"].det(method="berkowitz"))),
    ("logsumexp(z)", "z1", lambda m: sympy.log(sum(map(sympy.exp, m["z"])))),
    ("cross_entropy(z, p)", "z1 p1", lambda m: sum(
        q * (sympy.log(sum(map(sympy.exp, m["z"]))) - z) for q, z in zip(m["p"], m["z"], strict=True))),
    ("cross_entropy(z, y)", "z1 y0", lambda m: sympy.log(sum(map(sympy.exp, m["z"]))) - m["z"][1]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "ranks", "function"), SYMBOLIC, ids=[case[0] for case in SYMBOLIC])
def test_the_formula_is_the_derivative_that_sympy_finds(source: str, ranks: str, function: Any) -> None:
    point = drawn(ranks, 4)
    if "y" in point:
        point["y"] = 1.0
    matrices = {letter: symbols(letter, x) for letter, x in point.items()}
    value = function(matrices)
    numbers = {
        symbol: x for letter in point for symbol, x in zip(matrices[letter], np.ravel(point[letter]), strict=True)
    }
    form = closed(source, point)
    assert form is not None
    for row in form.rows:
        slopes = [float(sympy.diff(value, symbol).subs(numbers)) for symbol in matrices[row.name]]
        assert np.allclose(np.ravel(row.value), slopes, rtol=1e-10, atol=1e-10)


# ---- what it says, and what it leaves alone ----


def test_the_formula_is_printed_with_the_names_of_the_trace() -> None:
    form = closed("r = W @ h\nr' @ S @ r", {"W": np.eye(2), "h": np.array([1.0, 2.0]), "S": np.ones((2, 2))})
    assert form is not None
    assert form.latex == r"v_1^{\top} \, S \, v_1"
    assert [(row.name, row.latex) for row in form.rows] == [
        ("v_1", r"(S + S^{\top}) \, v_1"), ("S", r"v_1 \, v_1^{\top}"),
    ]  # fmt: skip
    assert form.reference.endswith("equations 70 and 81")


def test_the_textbooks_way_to_write_it_is_shown_whatever_was_typed() -> None:
    point = {"A": np.eye(2), "x": np.array([1.0, 2.0]), "b": np.array([0.0, 1.0])}
    form = closed("r = A @ x - b\nr @ r", point)
    assert form is not None
    assert form.latex == r"\left\| A \, x - b \right\|^{2}"
    assert np.array_equal(by_letter(form)["x"], [2, 2])


def test_the_largest_classic_is_chosen() -> None:
    point = {"A": np.array([[1.0, 2.0], [3.0, 4.0]])}
    assert set(by_letter(closed("trace(A' @ A)", point))) == {"A"}
    assert np.array_equal(by_letter(closed("trace(A' @ A)", point))["A"], 2 * point["A"])


def test_constants_have_no_row() -> None:
    form = closed("sum((A @ x - [1, 2])**2)", {"A": np.eye(2), "x": np.array([3.0, 4.0])})
    assert np.array_equal(by_letter(form)["x"], [4, 4])
    assert set(by_letter(form)) == {"A", "x"}


def test_what_lies_inside_a_larger_formula_is_recognised_there() -> None:
    card = api.card("sin(x' @ A @ x)*2", {"x": [1, 2], "A": [[1, 0], [2, 1]]}, "reverse", 4)
    assert [row.name for row in card.closed[0].rows] == ["x", "A"]


@pytest.mark.parametrize(
    ("source", "point", "latex"),
    [
        ("x' @ A @ y + 0*sum(x)", {"x": [1, 2], "A": [[1, 0], [2, 1]], "y": [1, 1]}, None),
        ("sum((A @ x - b)**3)", {"A": [[1, 0], [2, 1]], "x": [1, 2], "b": [1, 1]}, None),
        ("norm(x, ord=1)", {"x": [1, 2]}, None),
        ("sum(x)", {"x": [1, 2]}, None),
        ("x*y", {"x": 1, "y": 2}, None),
        (
            "sum((X @ W + b)**2)",
            {"X": [[1, 2], [3, 4]], "W": [[1, 0], [2, 1]], "b": [1]},
            r"\left\| v_2 \right\|^{2}",
        ),
        ("sum((A @ x - b)**2)", {"A": [[1, 0], [2, 1]], "x": [1, 2], "b": 1}, r"\left\| v_2 \right\|^{2}"),
        ("dot(x, x + 0)", {"x": [1, 2]}, r"x^{\top} \, v_1"),
    ],
)
def test_ranks_powers_and_broadcasting_have_to_be_those_of_the_textbook(
    source: str, point: dict[str, Any], latex: str | None
) -> None:
    arrays = {letter: np.array(x, dtype=float) if isinstance(x, list) else float(x) for letter, x in point.items()}
    found = closed(source, arrays)
    assert (found and found.latex) == latex


def test_a_classic_of_a_formula_that_is_not_finite_says_so() -> None:
    form = closed("log(det(A))", {"A": np.zeros((2, 2))})
    assert form is not None
    assert np.isnan(form.rows[0].difference)
