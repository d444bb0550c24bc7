"""The pass `jacobian`: both modes fill the same matrix, which is that of /derivatives, and say where it is zero."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine import api, limits
from engine.errors import EngineError
from engine.events import JacobianColumn, JacobianRow
from engine.graph import Graph
from engine.passes.jacobian import jacobian
from engine.trace import finish
from tests.engine.random_graphs import random_graphs

MATRIX = [[2.0, 1.0, -1.0], [0.0, 3.0, 0.5]]
CASES: list[tuple[str, dict[str, Any]]] = [
    ("x*y + sin(x)", {"x": 0.7, "y": -2.0}),
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}),
    ("[r*cos(t), r*sin(t)]", {"r": 2.0, "t": math.pi / 6}),
    ("[x, x^2, exp(x)]", {"x": 0.5}),
    ("A @ x", {"A": MATRIX, "x": [1.0, -2.0, 0.5]}),
    ("tanh(A @ x)*s", {"A": MATRIX, "x": [1.0, -2.0, 0.5], "s": 3.0}),
    ("softmax(z)", {"z": [1.0, 2.0, 3.0]}),
    ("outer(u, v)", {"u": [1.0, 2.0], "v": [3.0, -1.0, 0.5]}),
    ("X + b", {"X": MATRIX, "b": [1.0, 2.0, 3.0]}),
    ("sum(X^2, axis=0)", {"X": MATRIX}),
    ("X.T[1:]", {"X": MATRIX}),
    ("cumsum(x)*stop_gradient(x)", {"x": [1.0, 2.0, -3.0]}),
    ("[x[0]*x[1], x[1]/y, 2]", {"x": [6.0, 2.0], "y": 4.0}),
    ("x.T @ A @ x", {"A": [[2.0, 1.0], [0.0, 3.0]], "x": [1.0, -2.0]}),
]
SCALARS: list[tuple[str, dict[str, Any]]] = [
    ("x*y + sin(x)", {"x": 0.7, "y": -2.0}),
    ("(x + y)^2", {"x": 0.7, "y": -2.0}),
    ("x + 2*y", {"x": 1.0, "y": 1.0}),
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}),
    ("x.T @ A @ x", {"A": [[2.0, 1.0], [0.0, 3.0]], "x": [1.0, -2.0]}),
    ("sum(tanh(A @ x)^2)*s", {"A": MATRIX, "x": [1.0, -2.0, 0.5], "s": 3.0}),
    ("logsumexp(z)", {"z": [1.0, 2.0, 3.0]}),
    ("sum(x*stop_gradient(x))", {"x": [1.0, 2.0]}),
]
MODES = ("forward", "reverse")


def ask(source: str, inputs: dict[str, Any], **more: Any) -> Any:
    return api.trace(source, inputs, "jacobian", **more)


def matrix(document: Any) -> Any:
    """The matrix as its events fill it."""
    passes = [event for event in document.events if isinstance(event, JacobianColumn | JacobianRow)]
    parts = [event.tangents if isinstance(event, JacobianColumn) else event.cotangents for event in passes]
    found = np.array([np.concatenate([np.ravel(part) for part in one]) for one in parts])
    return found.T if document.result["mode"] == "forward" else found


def assembled(blocks: dict[str, Any], rows: int) -> Any:
    """The same from the blocks of the result."""
    return np.hstack([np.reshape(block, (rows, -1)) for block in blocks.values()])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("source", "inputs"), CASES)
def test_the_jacobian_is_that_of_the_derivatives(source: str, inputs: dict[str, Any], mode: str) -> None:
    document = ask(source, inputs, options={"mode": mode})
    wanted = api.derivatives(source, inputs, ["value", "jacobian"])
    assert wanted.jacobian is not None
    assert wanted.passes is not None
    found = document.result
    assert np.array_equal(found["value"], wanted.value)
    assert found["mode"] == mode
    assert found["passes"] == {"forward": wanted.passes.forward, "reverse": wanted.passes.reverse}
    for name, block in wanted.jacobian.items():
        assert np.shape(found["jacobian"][name]) == np.shape(wanted.value) + np.shape(inputs[name])
        assert np.allclose(found["jacobian"][name], block, rtol=1e-12, atol=1e-14)
    assert np.array_equal(matrix(document), assembled(found["jacobian"], wanted.passes.reverse))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("source", "inputs"), SCALARS)
def test_the_jacobian_of_the_gradient_is_the_hessian(source: str, inputs: dict[str, Any], mode: str) -> None:
    document = ask(source, inputs, options={"gradient": True, "mode": mode})
    wanted = api.derivatives(source, inputs, ["gradient", "hessian"])
    assert wanted.gradient is not None
    assert wanted.hessian is not None
    assert len(document.graph.outputs) == len(document.wrt) == len(inputs)
    count = sum(map(np.size, inputs.values()))
    assert document.result["passes"] == {"forward": count, "reverse": count}
    for a, first in inputs.items():
        assert np.allclose(document.result["gradient"][a], wanted.gradient[a], rtol=1e-12, atol=1e-14)
        for b, second in inputs.items():
            block = document.result["hessian"][a][b]
            assert np.shape(block) == np.shape(first) + np.shape(second)
            assert np.allclose(block, wanted.hessian[a][b], rtol=1e-12, atol=1e-14)
    rows = [assembled(row, np.size(inputs[a])) for a, row in document.result["hessian"].items()]
    assert np.array_equal(matrix(document), np.vstack(rows))


def test_columns_and_rows_agree_on_random_graphs() -> None:
    for graph, point in random_graphs(300, first=500_000, operations=8):
        wrt = list(graph.inputs.values())
        outputs = [node.id for node in graph.nodes if node.op is not None]
        several = Graph(graph.nodes, outputs)
        by_columns, by_rows = (np.array(finish(jacobian(several, point, wrt, mode)).blocks) for mode in MODES)
        assert by_columns.shape == (len(outputs), len(wrt))
        assert np.allclose(by_columns, by_rows, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_events_name_the_element_and_count_in_row_major_order() -> None:
    inputs = {"A": [[2.0, 1.0], [0.0, 3.0]], "x": [1.0, -2.0]}
    rows = ask("A @ x", inputs).events
    assert [type(event).__name__ for event in rows[:3]] == ["Input", "Input", "Compute"]
    assert [(event.node, event.place) for event in rows[3:]] == [(2, 0), (2, 1)]
    assert [part.tolist() for part in rows[3].cotangents] == [[[1, -2], [0, 0]], [2, 1]]
    columns = ask("A @ x", inputs, options={"mode": "forward"}).events[3:]
    assert [(event.node, event.place) for event in columns] == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]
    assert columns[3].tangents[0].tolist() == [0, -2]
    assert columns[5].tangents[0].tolist() == [1, 3]


def test_the_mode_with_fewer_passes_is_taken_and_its_algorithm_is_sent() -> None:
    tall, wide, square = (
        ask(source, inputs)
        for source, inputs in (("[x, x^2, x^3]", {"x": 2.0}), ("x*y", {"x": 2.0, "y": 3.0}), ("x^2", {"x": 2.0}))
    )
    assert [document.result["mode"] for document in (tall, wide, square)] == ["forward", "reverse", "reverse"]
    for document, code in ((tall, "  J[:, j] = v̇[out]"), (wide, "  J[j, :] = v̄[inputs]")):
        assert document.algorithm[document.events[-1].line - 1].code == code


def test_one_event_for_each_pass_and_wrt_decides_the_columns() -> None:
    inputs = {"A": MATRIX, "x": [1.0, -2.0, 0.5]}
    document = ask("A @ x", inputs, wrt=["x"], options={"mode": "forward"})
    assert matrix(document).tolist() == MATRIX
    assert list(document.result["jacobian"]) == ["x"]
    assert sum(isinstance(event, JacobianColumn) for event in document.events) == 3


@pytest.mark.parametrize("mode", MODES)
def test_what_does_not_matter_is_zero_and_has_its_reason(mode: str) -> None:
    source, inputs = "w = z + 1\n[stop_gradient(x)*y[0], y[1]*u*0]", {"x": 3.0, "y": [1.0, 2.0], "z": 1.0, "u": 4.0}
    found = ask(source, inputs, options={"mode": mode}).result
    assert found["status"] == {"z": "no_path", "x": "stopped", "y": "path", "u": "path"}
    assert found["jacobian"]["z"].tolist() == found["jacobian"]["x"].tolist() == [0, 0]
    assert found["jacobian"]["u"].tolist() == [0, 0]
    assert found["jacobian"]["y"].tolist() == [[3, 0], [0, 0]]


@pytest.mark.parametrize("mode", MODES)
def test_a_graph_without_inputs_has_an_empty_jacobian(mode: str) -> None:
    found = ask("pi", {}, options={"mode": mode}).result
    assert (found["value"], found["jacobian"]) == (math.pi, {})
    assert found["passes"] == {"forward": 0, "reverse": 1}


@pytest.mark.parametrize("mode", MODES)
def test_what_is_not_finite_survives(mode: str) -> None:
    found = ask("[ln(x), 1/y, sqrt(z)*w]", {"x": -1.0, "y": 0.0, "z": -1.0, "w": 2.0}, options={"mode": mode}).result
    blocks = found["jacobian"]
    assert np.isnan(found["value"]).tolist() == [True, False, True]
    assert found["value"][1] == math.inf
    assert blocks["y"].tolist()[1] == -math.inf
    assert math.isnan(blocks["w"][2])
    assert np.isnan(blocks["z"]).tolist()[2]


@pytest.mark.parametrize("mode", MODES)
def test_infinities_that_cancel_warn_nobody(mode: str) -> None:
    found = ask("1/x - 1/x^3", {"x": [0.0, 1.0]}, options={"mode": mode}).result
    assert math.isnan(found["value"][0])
    assert found["jacobian"]["x"][1, 1] == 2.0


def test_of_a_second_derivative() -> None:
    found = ask("x^3*y", {"x": 2.0, "y": 5.0}, options={"of": ["x"]}).result
    assert found["value"] == 60.0
    assert found["jacobian"] == {"x": 60.0, "y": 12.0}
    third = ask("x^3*y", {"x": 2.0, "y": 5.0}, options={"of": ["x"], "gradient": True}).result
    assert third["hessian"] == {"x": {"x": 30.0, "y": 12.0}, "y": {"x": 12.0, "y": 0.0}}


def test_an_array_has_no_gradient_to_differentiate() -> None:
    with pytest.raises(EngineError) as refused:
        ask("2*x", {"x": [1.0, 2.0]}, options={"gradient": True})
    assert refused.value.code == "output_not_scalar"


@pytest.mark.parametrize("mode", ["backward", "", None, True, ["forward"], {"forward": 1}])
def test_other_modes_are_refused(mode: Any) -> None:
    with pytest.raises(EngineError) as refused:
        ask("x", {"x": 1.0}, options={"mode": mode})
    assert refused.value.code == "bad_option"
    assert refused.value.params["expected"] == "forward, reverse"


def test_only_the_jacobian_has_modes() -> None:
    with pytest.raises(EngineError) as refused:
        api.trace("x", {"x": 1.0}, "reverse", options={"mode": "reverse"})
    assert refused.value.code == "bad_option"


@pytest.mark.parametrize(("name", "amount"), [("WORK", 3 * 12), ("SHOWN_VISITS", 3 * 3)], ids=["operations", "nodes"])
def test_work_is_counted_over_all_passes(name: str, amount: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix of 2 x 3 times a vector takes 12 operations on 3 nodes, for each of 3 columns."""
    source, inputs = "A @ x", {"A": [[1.0] * 3] * 2, "x": [1.0] * 3}
    one = api.trace(source, inputs, "evaluate")
    assert len(one.graph.nodes) == 3
    monkeypatch.setattr(limits, name, amount)
    ask(source, inputs, wrt=["x"], options={"mode": "forward"})
    monkeypatch.setattr(limits, name, amount - 1)
    with pytest.raises(EngineError) as refused:
        ask(source, inputs, wrt=["x"], options={"mode": "forward"})
    assert (refused.value.code, refused.value.hint) == ("too_much_work", "numbers_only")
    assert (refused.value.params["found"], refused.value.params["limit"]) == (amount, amount - 1)


def test_the_matrix_has_no_more_elements_than_an_array_may_have() -> None:
    with pytest.raises(EngineError) as refused:
        ask("x[:250]", {"x": "ones(4001)"})
    assert refused.value.code == "too_many_elements"
    assert len(ask("x[:250]", {"x": "ones(4000)"}).events) == 252
