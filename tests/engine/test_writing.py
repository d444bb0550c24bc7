"""A graph written as text is read back as the same function."""

import numpy as np
import pytest

from engine.api import formed, shape_key
from engine.array_tape import ArrayTape
from engine.derive import gradient_graph, simplified
from engine.graph import Graph
from engine.shapes import shaped
from engine.syntax import parse
from engine.tape import Tape
from engine.writing import expression, program
from tests.corpus import CORPUS, Case


def value(graph: Graph, point: dict[str, float]) -> float:
    found = Tape(graph, graph.outputs[0], []).run({name: point[name] for name in graph.inputs})[0]
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize("case", CORPUS, ids=range(len(CORPUS)))
def test_a_formula_and_its_derivatives_are_read_back(case: Case) -> None:
    graph = parse(case.source)
    raw = [gradient_graph(graph, [name]) for name in list(graph.inputs)[:2]]
    for written in (graph, *raw, *map(simplified, raw)):
        for text in (expression(written), program(written) or expression(written)):
            assert value(parse(text), case.inputs) == pytest.approx(
                value(written, case.inputs), rel=1e-12, abs=1e-300, nan_ok=True
            ), text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("-cos(y) + x", "x - cos(y)"), ("x*3", "3*x"), ("sin(x)*(2x)", "2*x*sin(x)"), ("a + (b + c)", "a + b + c"),
        ("a - (b - c)", "a - (b - c)"), ("a - (b + c)", "a - (b + c)"), ("a/(b c)", "a/(b*c)"), ("-(x y)", "-x*y"),
        ("(-x)^2", "(-x)^2"), ("-x^2", "-x^2"), ("(x^2)^3", "(x^2)^3"), ("2^(-x)", "2^(-x)"), ("x^y^z", "x^(y^z)"),
        ("a*(b + c)", "a*(b + c)"), ("a/b/c", "a/b/c"), ("x*(-2)", "x*(-2)"), ("1e-3 x", "0.001*x"), ("pi x", "pi*x"),
        ("A'", "A'"), ("A.T @ x", "A' @ x"), ("sum(A, axis=0)", "sum(A, axis=0)"), ("x <= 2", "x <= 2"),
    ],
)  # fmt: skip
def test_it_is_written_as_on_paper(source: str, text: str) -> None:
    found = parse(source)
    arrays = {name: (2, 2) if name == "A" else (2,) if "A" in found.inputs else () for name in found.inputs}
    assert expression(formed(source, shape_key(found, arrays))) == text


@pytest.mark.parametrize(
    ("source", "wrt", "text"),
    [
        ("sum((A @ x - b)^2)", "x", "A' @ (2*(A @ x - b))"), ("x @ A @ x", "x", None), ("sum(A)", "A", None), ("trace(A @ B)", "A", None),
        ("sum(max(A, 0))", "A", None), ("logsumexp(x)", "x", None), ("norm(x)", "x", None), ("sum((A + x)^2)", "x", "sum(2*(A + x), axis=0)"),
    ],
)  # fmt: skip
def test_gradients_by_arrays_are_read_back(source: str, wrt: str, text: str | None) -> None:
    found = parse(source)
    shapes = {"A": (3, 3), "B": (3, 3), "x": (3,), "b": (3,)}
    graph = simplified(
        gradient_graph(formed(source, shape_key(found, {name: shapes[name] for name in found.inputs})), [wrt])
    )
    written = expression(graph)
    assert text is None or written == text
    again = shaped(parse(written), {name: shapes[name] for name in parse(written).inputs})
    rng = np.random.default_rng(5)
    point = {name: rng.normal(size=shapes[name]) for name in graph.inputs}
    values = [
        ArrayTape(one, [one.outputs[0]], []).evaluate({name: point[name] for name in one.inputs})[one.outputs[0]]
        for one in (graph, again)
    ]
    np.testing.assert_allclose(*values, rtol=1e-12)
