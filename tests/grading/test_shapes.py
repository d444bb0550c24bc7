from itertools import product

import numpy as np
import pytest

from engine.errors import EngineError
from engine.grading import grade
from engine.grading.draw import Draw
from engine.grading.shapes import ShapesExercise, ShapesTask, variant

LAYER = ShapesTask(source="Z = X @ W + b\nsum(Z^2)", shapes={"X": [3, 2], "W": [2, 2], "b": [2]})
RIGHT = {"v1": [3, 2], "v2": [3, 2], "v3": [3, 2], "v4": []}


def verdicts(report: object) -> dict[str, str]:
    return {cell.cell: cell.verdict for cell in report.cells}


@pytest.mark.parametrize(
    "shape",
    [
        [3, 2],
        "(3, 2)",
        "3x2",
        "3×2",
        "3 × 2",
        "3X2",
        "[3, 2]",
        "（3，2）",
        "3,2",
        "3*2",
        "3 2",
        "torch.Size([3, 2])",
        "(3, 2,)",
        "３×２",
    ],
)
def test_notations(shape: object) -> None:
    assert grade(LAYER, {**RIGHT, "Z": shape} | {}).verdict == "correct"
    assert grade(LAYER, {"v_1": shape, "v₂": shape, "V3": shape, "v4": "()"}).verdict == "correct"


@pytest.mark.parametrize("scalar", [[], "()", "scalar", "Scalar", "标量", "[]", "( )"])
def test_a_number_has_no_axes(scalar: object) -> None:
    assert grade(LAYER, {**RIGHT, "v4": scalar}).verdict == "correct"


@pytest.mark.parametrize("vector", [[4], "(4,)", "4", 4, "(4)"], ids=repr)
def test_a_vector(vector: object) -> None:
    assert grade(ShapesTask(source="x + x", shapes={"x": [4]}), {"v1": vector}).verdict == "correct"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({**RIGHT, "v1": "two"}, "bad_answer"), ({**RIGHT, "v1": [2.5, 1]}, "bad_answer"), ({**RIGHT, "v1": True}, "bad_answer"),
        ({**RIGHT, "v1": [True, 2]}, "bad_answer"), ({**RIGHT, "v1": [-1, 2]}, "bad_answer"), ({**RIGHT, "v9": [2]}, "unknown_cell"),
        ([3, 2], "bad_answer"), ("(3, 2)", "bad_answer"), (None, "bad_answer"), ({**RIGHT, "v1": None}, "bad_answer"),
        ({**RIGHT, "v1": "3x"}, "bad_answer"), ({**RIGHT, "v1": [1] * 50}, "bad_answer"), ({**RIGHT, "v1": "9" * 40}, "bad_answer"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_costs_nothing(answer: object, code: str) -> None:
    report = grade(LAYER, answer)
    assert (report.verdict, report.error and report.error.code) == ("malformed", code)


def test_broadcasting_is_numpys() -> None:
    shapes = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (4, 1, 3)]
    for a, b in product(shapes, shapes):
        task = ShapesTask(source="a + b", shapes={"a": list(a), "b": list(b)})
        assert grade(task, {"v1": list(np.broadcast_shapes(a, b))}).verdict == "correct"
        assert grade(task, {"v1": [7, 7, 7, 7]}).verdict == "incorrect"


@pytest.mark.parametrize(
    ("source", "shapes", "node", "got", "mistake"),
    [
        ("A @ B", {"A": [2, 3], "B": [3, 4]}, "v1", [2, 3], "inner_dimension"),
        ("A @ B", {"A": [2, 3], "B": [3, 4]}, "v1", [3, 4], "inner_dimension"),
        ("A @ B", {"A": [2, 3], "B": [3, 4]}, "v1", [2, 3, 3, 4], "inner_dimension"),
        ("A @ B", {"A": [2, 3], "B": [3, 4]}, "v1", [4, 2], "transposed_shape"),
        ("A @ x", {"A": [2, 3], "x": [3]}, "v1", [2, 1], "row_or_column"),
        ("A @ x", {"A": [2, 3], "x": [3]}, "v1", [1, 2], "row_or_column"),
        ("A @ x", {"A": [2, 3], "x": [3]}, "v1", [3], "inner_dimension"),
        ("A.T", {"A": [2, 3]}, "v1", [2, 3], "not_transposed"),
        ("sum(X, axis=1, keepdims=True)", {"X": [2, 3]}, "v1", [2], "lost_axis"),
        ("sum(X, axis=1)", {"X": [2, 3]}, "v1", [2, 1], "kept_axis"),
        ("sum(X, axis=0)", {"X": [2, 3]}, "v1", [2], "wrong_axis"),
        ("mean(X, axis=0)", {"X": [2, 3]}, "v1", [], "all_axes"),
        ("a + c", {"a": [3, 1], "c": [2]}, "v1", [3, 1], "not_stretched"),
        ("a + c", {"a": [3, 1], "c": [2]}, "v1", [2], "not_stretched"),
        ("A * B", {"A": [2, 3], "B": [2, 3]}, "v1", [3, 2], "transposed_shape"),
        ("A * B", {"A": [3, 3], "B": [3, 3]}, "v1", [3, 3, 3, 3], "concatenated"),
        ("A * B", {"A": [1, 3], "B": [3, 1]}, "v1", [1, 1], "matrix_for_elementwise"),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_explained(
    source: str, shapes: dict[str, list[int]], node: str, got: list[int], mistake: str
) -> None:
    report = grade(ShapesTask(source=source, shapes=shapes), {node: got})
    assert [(found.mistake, found.cell) for found in report.diagnosis] == [(mistake, node)]
    assert report.verdict in ("incorrect", "partial")


def test_what_no_known_mistake_gives_is_not_explained() -> None:
    assert grade(LAYER, {**RIGHT, "v1": [9, 9]}).diagnosis == []


def test_axes_that_are_right_earn_their_share() -> None:
    report = grade(LAYER, {**RIGHT, "v1": [3, 5]})
    assert [cell.earned for cell in report.cells] == [0.5, 1, 1, 1]
    assert report.score == 0.875


def test_what_follows_from_an_earlier_slip_earns_its_marks() -> None:
    task = ShapesTask(source="sum(A @ B, axis=0)*c", shapes={"A": [2, 3], "B": [3, 4], "c": []})
    report = grade(task, {"v1": [3, 2], "v2": [2], "v3": [2]})
    assert verdicts(report) == {"v1": "incorrect", "v2": "follow_through", "v3": "follow_through"}
    assert report.verdict == "partial"
    assert report.score == pytest.approx(2 / 3)
    assert len(report.diagnosis) <= 1
    report = grade(task, {"v1": [2, 3], "v2": [3], "v3": [4]})
    assert verdicts(report) == {"v1": "incorrect", "v2": "follow_through", "v3": "correct"}
    assert [found.mistake for found in report.diagnosis] == ["inner_dimension"]


def test_absent_cells_are_missing() -> None:
    report = grade(LAYER, {"v1": [3, 2]})
    assert list(verdicts(report).values()) == ["correct", "missing", "missing", "missing"]
    assert report.score == 0.25


def test_adjoints_have_the_shapes_of_their_nodes() -> None:  # EXAMPLES 5.10
    task = ShapesTask(source=LAYER.source, shapes=LAYER.shapes, direction="reverse")
    right = {"v4": [], "v3": [3, 2], "v2": [3, 2], "v1": [3, 2], "X": [3, 2], "W": [2, 2], "b": [2]}
    assert ShapesExercise(task).model() == {name: right[name] for name in ShapesExercise(task).model()}
    assert grade(task, right).verdict == "correct"
    assert grade(task, {f"{name}_bar": shape for name, shape in right.items()}).verdict == "correct"
    assert grade(task, {f"{name[0]}\u0304{name[1:]}": shape for name, shape in right.items()}).verdict == "correct"
    assert grade(task, {f"\\bar{{{name}}}": shape for name, shape in right.items()}).verdict == "correct"
    report = grade(task, {**right, "b": [3, 2]})
    assert [(found.mistake, found.cell) for found in report.diagnosis] == [("unsummed_shape", "b")]
    column = ShapesTask(source="sum(a*c)", shapes={"a": [3, 1], "c": [2]}, direction="reverse")
    assert grade(column, {"v2": [], "v1": [3, 2], "a": [3, 1], "c": [2]}).verdict == "correct"
    assert grade(column, {"v2": [], "v1": [3, 2], "a": [3], "c": [2]}).diagnosis[0].mistake == "lost_axis"


def test_shapes_come_from_values_too() -> None:
    task = ShapesTask(source="X @ w", inputs={"X": "[1, 2; 3, 4; 5, 6]", "w": [1, 2]})
    assert grade(task, {"v1": [3]}).verdict == "correct"


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (ShapesTask(source="A @ B", shapes={"A": [2, 3], "B": [4, 5]}), "shape_mismatch"),
        (ShapesTask(source="x + 1", shapes={"y": [2]}), "unexpected_input"),
        (ShapesTask(source="x + 1", inputs={}), "missing_input"),
        (ShapesTask(source="x"), "no_operation"),
        (ShapesTask(source="x + 1", output="nothing"), "unknown_output"),
    ],
)  # fmt: skip
def test_a_wrong_task_is_refused(task: ShapesTask, code: str) -> None:
    with pytest.raises(EngineError, match=code):
        grade(task, {})


def test_every_variant_tests_itself() -> None:
    mistakes = set()
    for seed in range(60):
        exercise = ShapesExercise(variant(Draw(seed)))
        for submission in exercise.submissions():
            report = grade(exercise.task, submission.answer)
            assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score))
            if submission.mistake:
                assert report.diagnosis[0].mistake == submission.mistake
                mistakes.add(submission.mistake)
    assert len(mistakes) >= 10
