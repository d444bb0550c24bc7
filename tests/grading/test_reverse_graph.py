from typing import Any

import numpy as np
import pytest

from engine import limits
from engine.api import formed, parsed, shapes_of, values
from engine.errors import EngineError
from engine.examples import EXAMPLES
from engine.grading import grade
from engine.grading.adjoints import plain_text
from engine.grading.draw import Draw
from engine.grading.reverse_graph import ReverseGraph, ReverseGraphExercise, variant
from engine.graph import Graph
from engine.passes.adjoint_graph import adjoint_graph
from engine.syntax import parse
from engine.tape import Tape
from engine.trace import finish
from engine.writing import program
from tests.engine.random_graphs import random_graphs

BAYDIN = ReverseGraph(source="ln(x1) + x1*x2 - sin(x2)", domain={"x1": (0.2, 5.0)})
DLSYS = ReverseGraph(source="v2 = exp(v1)\nv3 = v2 + 1\nv2*v3", size=1, sharing=1)
COLAH = ReverseGraph(source="c = a + b\nd = b + 1\ne1 = c*d", size=1, sharing=1)
BY_HAND = "b5 = 1\nb3 = b5\nb4 = -b5\nb2 = b3\nb1 = b3\nx2_bar = b4*cos(x2) + b2*x1\nx1_bar = b2*x2 + b1/x1"


def cells(report: Any) -> dict[str, str]:
    return {cell.cell: cell.verdict for cell in report.cells if cell.weight}


def first(report: Any) -> tuple[str, str] | None:
    return (report.diagnosis[0].mistake, report.diagnosis[0].cell) if report.diagnosis else None


@pytest.mark.parametrize(
    "answer",
    [
        BY_HAND,
        "x1_bar = 1/x1 + x2\nx2_bar = x1 - cos(x2)",
        "x̄1 = 1/x1 + x2; x̄2 = x1 - cos(x2)",
        "x̄₁ = 1/x₁ + x₂\nx̄₂ = x₁ − cos(x₂)",
        "v̄5 = 1\nv̄3 = v̄5\nv̄4 = -v̄5\nx̄1 = v̄3·x2\nx̄2 = v̄3·x1\nx̄1 += v̄3/x1\nx̄2 += v̄4·cos(x2)",
        r"\bar{x}_1 = 1/x1 + x2" + "\n" + r"\bar x_2 = x1 - cos(x2)",
        "bar_x1 = 1/x1 + x2\nbar_x2 = x1 - cos(x2)",
        "x1bar = 1/x1 + x2\nx2bar = x1 - cos(x2)",
        "dx1 = 1/x1 + x2\ndx2 = x1 - cos(x2)",
        "grad_x1 = 1/x1 + x2\nx2_grad = x1 - cos(x2)",
        {"program": "p = 1/x1 + x2\nq = x1 - cos(x2)", "adjoints": {"x1": "p", "x2": "q"}},
        {"program": "p = 1/x1 + x2\nq = x1 - cos(x2)", "adjoints": {"x̄1": "p", "x2_bar": "q"}},
        "v1 = ln(x1)\nv2 = x1*x2\nx1_bar = v2/x1 + 1/x1\nx2_bar = v2/x2 - cos(x2)",
        "x1_bar = (exp(v1)*v2 + v1 - v1 + exp(v1))/x1^2\nx2_bar = v2/x2 - cos(x2)*(sin(x2)^2 + cos(x2)^2)",
    ],
    ids=range(14),
)  # fmt: skip
def test_whatever_computes_the_adjoints_is_right(answer: Any) -> None:  # EXAMPLES 5.1
    report = grade(BAYDIN, answer)
    assert (report.verdict, report.score) == ("correct", 1), report


@pytest.mark.parametrize(
    ("task", "answer", "nodes"),
    [
        (ReverseGraph(source=BAYDIN.source, domain={"x1": (0.2, 5.0)}, size=1, sharing=1), None, 9),
        (DLSYS, "v4_bar = 1\na = v4_bar*v3\nb = v4_bar*v2\nv2_bar = a + b\nv1_bar = v2_bar*v2", 5),
        (COLAH, "e1_bar = 1\nc_bar = e1_bar*d\nd_bar = e1_bar*c\nb_bar = c_bar + d_bar\na_bar = c_bar", 4),
    ],
    ids=["5.1", "5.2", "5.3"],
)
def test_the_reverse_graphs_of_the_lectures(task: ReverseGraph, answer: str | None, nodes: int) -> None:
    exercise = ReverseGraphExercise(task)
    assert exercise.limit == nodes
    report = grade(task, answer or exercise.model())
    assert (report.verdict, report.score) == ("correct", 1), report
    size = {cell.cell: (cell.got, cell.expected) for cell in exercise.mark(answer or exercise.model()).cells}
    assert size["size"] == (nodes, nodes)
    assert size["sharing"] == (0, 0)


def test_more_nodes_and_computing_again_cost_the_extra_marks_alone() -> None:
    long = "v2_bar = v3 + v2\nv1_bar = v2_bar*exp(v1) + 0*v1*1*1*1"
    report = grade(DLSYS, long)
    assert cells(report) == {"v1_bar": "correct", "sharing": "incorrect", "size": "incorrect"}
    assert report.score == pytest.approx(1 / 3)
    plain = grade(ReverseGraph(source=DLSYS.source), long)
    assert (plain.verdict, plain.score) == ("correct", 1)
    assert {cell.cell: cell.verdict for cell in plain.cells} == {
        "v1_bar": "correct",
        "sharing": "incorrect",
        "size": "incorrect",
    }
    roomy = ReverseGraph(source=DLSYS.source, size=1, allowance=4)
    assert grade(roomy, long).verdict == "correct"


def test_the_forward_trace_written_down_again_is_not_computing_again() -> None:
    answer = "v2 = exp(v1)\nv3 = v2 + 1\nv4 = v2*v3\nv1_bar = (v3 + v2)*v2"
    assert grade(DLSYS, answer).verdict == "correct"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.id)
def test_the_built_reverse_graph_of_every_example_is_accepted(example: Any) -> None:
    found = parsed(example.source)
    point = values(found, example.inputs)
    shapes = {name: list(np.shape(value)) for name, value in point.items()}
    graph = formed(example.source, shapes_of(point))
    if graph.nodes[graph.outputs[0]].shape:
        with pytest.raises(EngineError, match="output_not_scalar"):
            ReverseGraphExercise(ReverseGraph(source=example.source, shapes=shapes))
        return
    source = example.source
    if example.id == "two-layers":  # its labels are classes, which no point drawn at random has
        source, graph = (
            source.replace("Z2, y", "Z2, [0, 1]"),
            formed(source.replace("Z2, y", "Z2, [0, 1]"), shapes_of(point)[:-1]),
        )
        del shapes["y"]
    task = ReverseGraph(
        source=source, shapes=shapes, domain={"x": (0.5, 3.0)} if example.id == "pole" else {}, size=1, sharing=1
    )
    exercise = ReverseGraphExercise(task)
    report = grade(task, exercise.model())
    assert (report.verdict, report.score) == ("correct", 1), report
    if graph.tensors:
        return
    built = finish(adjoint_graph(graph, None, list(graph.inputs.values())))
    size = len(graph.nodes)
    names = dict(enumerate(graph.names)) | {node.id: f"made{node.id}" for node in built.graph.nodes[size:]}
    text = "\n".join(
        [
            f"made{size} = 1",
            *program(built.graph, names.__getitem__, range(size + 1, len(built.graph.nodes))).splitlines(),
        ]
    )
    adjoints = {name: names[built.adjoints[node]] for name, node in graph.inputs.items() if node in built.adjoints}
    if len(adjoints) == len(graph.inputs):
        assert grade(task, {"program": text, "adjoints": adjoints}).verdict == "correct"


SLIPS = [
    e
    for e in EXAMPLES
    if e.id != "polar" and len(parse(e.source).nodes) < 22 and not any(isinstance(v, str) for v in e.inputs.values())
]


@pytest.mark.parametrize("example", SLIPS, ids=lambda e: e.id)
def test_every_slip_in_every_example_gets_its_name_and_its_marks(example: Any) -> None:
    domain = dict.fromkeys(example.inputs, (0.5, 2.5))
    exercise = ReverseGraphExercise(ReverseGraph(source=example.source, domain=domain))
    for submission in exercise.submissions():
        report = grade(exercise.task, submission.answer)
        assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score)), submission
        if submission.mistake:
            assert first(report)[0] == submission.mistake, submission


def test_the_model_of_random_graphs_is_right_and_tampering_is_not() -> None:
    rng = Draw(4)
    tried = 0
    for graph, point in random_graphs(30, operations=5, inputs=2):
        domain = {name: (value, value * 1.05) for name, value in point.items()}
        try:
            task = ReverseGraph(source=program(graph), domain={n: domain[n] for n in parse(program(graph)).inputs})
            exercise = ReverseGraphExercise(task)
        except EngineError:
            continue
        tried += 1
        model = exercise.model()
        assert grade(task, model).verdict == "correct", model
        name = rng.choice([exercise.key(i) for i in exercise.wrt])
        right = exercise.subject(exercise.graph.inputs[name.removesuffix("_bar")]).values
        if np.abs(right).max() > 1e-9:
            assert grade(task, f"{model}\n{name} = {name}*1.0000001").verdict != "correct"
            assert grade(task, f"{model}\n{name} = -{name}").verdict != "correct"
    assert tried > 20


def test_values_agree_with_the_tape() -> None:
    """The subject's values, which decide, against an independent way to them."""
    for task in (BAYDIN, DLSYS, COLAH):
        exercise = ReverseGraphExercise(task)
        graph = exercise.graph
        for k in range(4):
            for node in exercise.wrt:
                subject = exercise.subject(node)
                point = {name: float(column[k]) for name, column in subject.points.items()}
                _, gradient = Tape(Graph(graph.nodes, graph.outputs), graph.outputs[0], exercise.wrt).run(point)
                assert gradient[exercise.wrt.index(node)] == pytest.approx(float(subject.values[k]), rel=1e-12)


def test_a_slip_is_named_once_and_what_follows_earns_its_marks() -> None:
    task = ReverseGraph(source="v2 = exp(x)\nv3 = v2 + 1\nv2*v3")
    good = "v3_bar = 1\nu = v3_bar*v1\nv1_bar = v2 + u\nx_bar = v1_bar*v1"
    assert grade(task, good).verdict == "correct"
    report = grade(task, "v3_bar = 1\nv2_bar = v3_bar*v1\nv1_bar = v2\nx_bar = v1_bar*v1")
    assert cells(report) == {"x_bar": "follow_through", "v3_bar": "correct", "v2_bar": "correct", "v1_bar": "incorrect"}
    assert report.score == 0.75
    assert first(report) == ("dropped_branch", "v1_bar")
    report = grade(task, "v3_bar = 1\nv2_bar = v3_bar*v1\nv1_bar = v3_bar*v2\nv1_bar = v2_bar\nx_bar = v1_bar*v1")
    assert first(report) == ("overwrote", "v1_bar")
    report = grade(task, "v3_bar = 2\nv2_bar = v3_bar*v1\nv1_bar = v3_bar*v2 + v2_bar\nx_bar = v1_bar*v1")
    assert first(report) == ("wrong_seed", "v3_bar")
    assert report.score == 0.75


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        ("x1_bar = x2 + 1\nx2_bar = x1 - cos(x2)", "forgot_inner"),
        ("x1_bar = x2 - 1/x1\nx2_bar = x1 - cos(x2)", "sign"),
        ("x1_bar = x1 + 1/x1\nx2_bar = x1 - cos(x2)", "wrong_operand"),
        ("x1_bar = x2\nx2_bar = x1 - cos(x2)", "dropped_branch"),
        ("x1_bar = x2 + 1/x1\nx2_bar = x1 + cos(x2)", "sign"),
        ("x1_bar = x2 + 1/x1\nx2_bar = x1", "dropped_branch"),
        ("x1_bar = x2 + 1/x1\nx2_bar = x2 - cos(x2)", "wrong_operand"),
        ("x1_bar = x2 + 1/x1\nx2_bar = x1 - 1", "forgot_inner"),
        ("x1_bar = x2 + 1/x1\nx2_bar = x1^3", None),
        ("x1_bar = 3*(x2 + 1/x1)\nx2_bar = x1 - cos(x2)", "constant_factor"),
    ],
    ids=range(10),
)
def test_a_slip_is_found_where_no_intermediate_is_named(answer: str, mistake: str | None) -> None:
    report = grade(BAYDIN, answer)
    assert (report.verdict, report.score) == ("partial", 0.5)
    assert (report.diagnosis[0].mistake if report.diagnosis else None) == mistake


def test_wrong_names_of_intermediates_do_not_harm_a_right_answer() -> None:
    assert grade(BAYDIN, "v1_bar = 77\nx1_bar = 1/x1 + x2\nx2_bar = x1 - cos(x2)").verdict == "correct"


def test_an_input_that_the_output_does_not_depend_on() -> None:
    task = ReverseGraph(source="f(x, y) = x^2")
    assert grade(task, ReverseGraphExercise(task).model()).verdict == "correct"
    assert grade(task, "x_bar = 2x\ny_bar = 0").verdict == "correct"
    assert cells(grade(task, "x_bar = 2x")) == {"x_bar": "correct", "y_bar": "missing"}
    assert cells(grade(task, "x_bar = 2x\ny_bar = 1"))["y_bar"] == "incorrect"
    assert grade(ReverseGraph(source="f(x, y) = x^2", wrt=["x"]), "x_bar = 2x").verdict == "correct"


def test_arrays() -> None:  # EXAMPLES 5.10
    task = ReverseGraph(source="Z = X @ W + b\nsum(Z^2)", shapes={"X": [3, 2], "W": [2, 2], "b": [2]})
    right = "Z_bar = 2*Z\nX_bar = Z_bar @ W.T\nW_bar = X.T @ Z_bar\nb_bar = sum(Z_bar, axis=0)"
    assert grade(task, right).verdict == "correct"
    assert cells(grade(task, right.replace("sum(Z_bar, axis=0)", "Z_bar")))["b_bar"] == "incorrect"
    assert cells(grade(task, right.replace("2*Z\n", "-2*Z\n"))) == {
        "X_bar": "follow_through", "W_bar": "follow_through", "b_bar": "follow_through", "v2_bar": "incorrect",
    }  # fmt: skip
    assert first(grade(task, right.replace("2*Z\n", "-2*Z\n"))) == ("sign", "v2_bar")
    assert grade(task, right.replace("X.T @", "X @")).error.code == "shape_mismatch"
    column = ReverseGraph(source="sum(a*c)", shapes={"a": [3, 1], "c": [2]})
    assert grade(column, ReverseGraphExercise(column).model()).verdict == "correct"
    assert grade(column, "a_bar = sum(c)*(a*0 + 1)\nc_bar = sum(a)*(0*c + 1)").verdict == "correct"


@pytest.mark.parametrize(
    ("answer", "code", "span"),
    [
        (5, "bad_answer", None), (None, "bad_answer", None), ({}, "bad_answer", None), ({"program": 3}, "bad_answer", None), ("", "empty_source", (0, 0)),
        ({"program": "p = x1", "adjoints": ["x1"]}, "bad_answer", None), ({"program": "p = x1", "adjoints": {"z": "p"}}, "unknown_cell", None),
        ({"program": "p = x1", "adjoints": {"x1": "q"}}, "unknown_cell", None), ({"program": "p = x1", "adjoints": {"x1": 3}}, "unknown_cell", None),
        ("x̄1 = w", "unknown_cell", None), ("x̄1 = (x2", "unclosed_bracket", (6, 7)), ("x̄1 = x2 +", "unexpected_end", (9, 10)), ("v̄3 = 1\nx̄1 = §", "unexpected_character", (14, 15)),
        ("x̄1 += ", "unexpected_end", None),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_cannot_be_read_costs_nothing_and_is_located(answer: Any, code: str, span: tuple[int, int] | None) -> None:
    report = grade(BAYDIN, answer)
    assert (report.verdict, report.gradable, report.error and report.error.code) == ("malformed", False, code)
    if span:
        assert (report.error.span.start, report.error.span.end) == span


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("x̄ = 1", "x_bar = 1"), ("ȳ = v̄12*x̄_1", "y_bar = v12_bar*x_1_bar"), (r"\bar{v}_1 = \bar x", "v_1_bar = x_bar"), ("x̅ = 2", "x_bar = 2"),
        (r"\overline{x} = 1", "x_bar = 1"), ("x_bar = 1\nx_bar += 2", "x_bar = 1\nx_bar = x_bar + (2)"), ("a += x; a += y", "a = x; a = a + (y)"), ("x_bar = x == y", "x_bar = x == y"),
    ],
)  # fmt: skip
def test_notations_of_an_adjoint(typed: str, plain: str) -> None:
    text = plain_text(typed)
    assert text.text == plain
    assert len(text.origin) == len(plain)


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (ReverseGraph(source="x"), "no_operation"), (ReverseGraph(source="x*x", wrt=["y"]), "unknown_wrt"),
        (ReverseGraph(source="x*x", domain={"y": (0, 1)}), "unexpected_input"), (ReverseGraph(source="x + x", shapes={"x": [2]}), "output_not_scalar"),
        (ReverseGraph(source="ln(-x^2)"), "no_point"), (ReverseGraph(source="x*x", shapes={"y": [2]}), "unexpected_input"),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_wrong_task_is_refused(task: ReverseGraph, code: str) -> None:
    with pytest.raises(EngineError, match=code):
        grade(task, "x_bar = 1")


def test_variants_are_drawn_by_the_seed_and_test_themselves() -> None:
    tasks = [variant(Draw(seed)) for seed in range(7)]
    assert tasks == [variant(Draw(seed)) for seed in range(7)]
    seen = set()
    for task in tasks:
        exercise = ReverseGraphExercise(task)
        for submission in exercise.submissions():
            report = grade(task, submission.answer)
            assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score))
            if submission.mistake:
                assert first(report)[0] == submission.mistake
                seen.add(submission.mistake)
    assert {"dropped_branch", "sign", "wrong_operand", "forgot_inner", "no_adjoint"} <= seen


def test_a_right_adjoint_that_is_exponentially_long_is_not_written_out() -> None:
    source = "\n".join(["v1 = x*x", *(f"v{k} = v{k - 1}*v{k - 1} - v{k - 1}" for k in range(2, 60))])
    task = ReverseGraph(source=source, domain={"x": (0.1, 0.2)})
    exercise = ReverseGraphExercise(task)
    report = grade(task, "x_bar = 7", help="full")
    assert report.cells[0].expected is None
    assert len(exercise.model()) < 20_000


def test_limits() -> None:
    with pytest.raises(EngineError, match="too_many_nodes"):
        ReverseGraphExercise(ReverseGraph(source="+".join(["x"] * (limits.REVERSED_NODES + 1))))
    for answer in ("ȳ" * limits.SOURCE_CHARACTERS + "=", "x1_bar = " + "x2+" * limits.SOURCE_CHARACTERS):
        assert grade(BAYDIN, answer).error.code == "source_too_long"
    many = "x1_bar = " + "+".join(["x1"] * 10 * limits.REVERSED_NODES)
    assert grade(BAYDIN, many + "+x1").error.code == "too_many_nodes"
