import math

import numpy as np
import pytest

from engine.grading import MalformedError
from engine.grading.reading import edge_key, edges_of, number, value
from engine.syntax import parse

GRAPH = parse("v = x*x + y*2\nsin(v)")
EDGES = edges_of(GRAPH)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (2, 2.0), (-0.5, -0.5), ("1/3", 1 / 3), ("-sin(5)", 0.9589242746631385), ("2e", 2 * math.e), ("√2", math.sqrt(2)), ("２．５", 2.5),
        ("1.5×10^3", 1500.0), ("1e-3", 0.001), ("π/2", math.pi / 2), ("−3", -3.0), ("$2$", 2.0), (" 4 ", 4.0), ("1_000", 1000.0), ("+7", 7.0),
        ("Infinity", math.inf), ("-Infinity", -math.inf), ("∞", math.inf), ("-inf", -math.inf), ("（1+2）/4", 0.75), ("ln(2)", math.log(2)),
    ],
)  # fmt: skip
def test_numbers_in_every_notation(given: object, meant: float) -> None:
    assert number(given) == pytest.approx(meant, rel=1e-15)


def test_nan() -> None:
    assert all(math.isnan(number(given)) for given in ("NaN", "nan", math.nan))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (True, "bad_answer"), (None, "bad_answer"), ({}, "bad_answer"), ("x", "bad_answer"), ([1.0], "bad_answer"), ("[1, 2]", "bad_answer"),
        (10**400, "bad_answer"), ("", "empty_source"), ("1,5", "misplaced_comma"), ("(2", "unclosed_bracket"), ("1" * 5000, "source_too_long"),
        ("ones(1000, 1000) @ ones(1000, 1000)", "too_much_work"), ("2 $ 3", "not_in_language"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_its_cell(given: object, code: str) -> None:
    with pytest.raises(MalformedError) as refused:
        number(given, "v1")
    assert (refused.value.error.code, refused.value.cell) == (code, "v1")


@pytest.mark.parametrize(
    "given", [[[1, 2], [3, 4]], "[1, 2; 3, 4]", "[[1, 2], [3, 4]]", [["1", "4/2"], [3.0, "√16"]], "[[1. 2.]\n [3. 4.]]"]
)
def test_arrays(given: object) -> None:
    assert np.array_equal(value(given), [[1, 2], [3, 4]])


def test_an_array_may_hold_what_is_not_finite() -> None:
    assert np.array_equal(value([math.nan, "-Infinity"]), [math.nan, -math.inf], equal_nan=True)


@pytest.mark.parametrize("given", [[], [[1], [2, 3]], [[]], [1, [2]], [True], [[[[[1]]]]], [None]])
def test_what_is_no_array(given: object) -> None:
    with pytest.raises(MalformedError):
        value(given, "W")


@pytest.mark.parametrize(
    "text",
    [
        "v3->v1", "v3 -> v1", "v3→v1", "v_3 → v_1", "V3=>V1", "v₃⟶v₁", "v1→v3", "v3 <- v1", "∂v3/∂v1", "dv3/dv1", "v->v1",
        "\\frac{\\partial v_3}{\\partial v_1}", "v_{3}\\to v_{1}", "v̄3 → v̄1",
    ],
)  # fmt: skip
def test_an_edge_by_its_ends(text: str) -> None:
    assert edge_key(GRAPH, text, EDGES) == "v3->v1"


def test_parallel_edges_have_numbers() -> None:
    assert edge_key(GRAPH, "v1→x #1", EDGES) == "v1->x#1"
    assert EDGES["v1->x#0"] == (2, 0)
    assert EDGES["v1->x#1"] == (2, 1)


@pytest.mark.parametrize(
    "text", ["v1->x", "v1->x#2", "v4->x", "v1", "v1->", "->", "", "v1->x->y", "nothing", "->" * 10_000]
)
def test_an_edge_that_is_none_is_refused_with_those_that_are_near(text: str) -> None:
    with pytest.raises(MalformedError) as refused:
        edge_key(GRAPH, text, EDGES, text)
    assert refused.value.error.code == "unknown_cell"
    assert "->" in refused.value.error.params["expected"]
