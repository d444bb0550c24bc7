"""Tables and numbers of the worked examples in EXAMPLES.md: full marks for the book's, names for every slip."""

import random
from math import exp
from typing import Any

import pytest

from engine import writing
from engine.errors import EngineError
from engine.examples import EXAMPLES
from engine.grading import Report, grade, prepare
from engine.grading.forward_table import ForwardTable
from engine.grading.numeric import Numeric
from engine.grading.partials import Partials
from engine.grading.predict import Predict
from engine.grading.records import Task
from engine.grading.reverse_table import ReverseTable
from tests.engine.random_graphs import random_graph

BAYDIN: dict[str, Any] = {"source": "ln(x1) + x1*x2 - sin(x2)", "inputs": {"x1": 2, "x2": 5}}
"""Its nodes are v1 = ln, v2 = the product, v3 = their sum, v4 = the sine, v5."""
GATES: dict[str, Any] = {"source": "2*(x*y + max(z, w))", "inputs": {"x": 3, "y": -4, "z": 2, "w": -1}}
NEURON = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
DIGITS = {"rtol": 1e-11, "atol": 1e-13}


def verdicts(report: Report) -> dict[str, str]:
    return {cell.cell: cell.verdict for cell in report.cells}


def lost(report: Report) -> list[str]:
    return [cell.cell for cell in report.cells if not cell.earned]


def named(report: Report) -> list[tuple[str, str]]:
    return [(found.mistake, found.cell) for found in report.diagnosis]


# ---- the numbers of EXAMPLES.md --------------------------------------------------------------------------------------

BOOK: list[tuple[Task, Any]] = [
    (  # 5.1
        ForwardTable(**BAYDIN, seed={"x1": 1}, **DIGITS),
        {"v1": [0.693147180559945, 0.5], "v2": [10, 5], "v3": [10.6931471805599, 5.5], "v4": [-0.958924274663138, 0], "v5": [11.6520714552231, 5.5]},
    ),
    (
        ForwardTable(**BAYDIN, seed={"x2": 1}, **DIGITS),
        {"v1": [0.693147180559945, 0], "v2": [10, 2], "v3": [10.6931471805599, 2], "v4": [-0.958924274663138, 0.283662185463226], "v5": [11.6520714552231, 1.71633781453677]},
    ),
    (ReverseTable(**BAYDIN, **DIGITS), {"v5": 1, "v4": -1, "v3": 1, "v2": 1, "v1": 1, "x1": 5.5, "x2": 1.71633781453677}),
    (
        ReverseTable(**BAYDIN, edges=True, **DIGITS),
        {
            "adjoints": {"x̄1": 5.5, "x̄2": 1.71633781453677, "v1": 1, "v2": 1, "v3": 1, "v4": -1, "v5": 1},
            "edges": {"v2->x1": 5, "v1->x1": 0.5, "v4->x2": -0.283662185463226, "v2->x2": 2, "v3->v1": 1, "v3->v2": 1, "v5->v3": 1, "v5->v4": -1},
        },
    ),
    (Numeric(**BAYDIN, want="hessian", **DIGITS), [[-0.25, 1], [1, -0.958924274663138]]),
    (Numeric(**BAYDIN, want="gradient", **DIGITS), {"x1": 5.5, "x_2": "2 - cos(5)"}),
    (Numeric(**BAYDIN, want="value", **DIGITS), 11.6520714552231),
    (ReverseTable(source="v2 = exp(v1)\nv3 = v2 + 1\nv2*v3", inputs={"v1": 0}), {"v4": 1, "v3": 1, "v2": 3, "v1": 3}),
    (ReverseTable(source="c = a + b\nd = b + 1\nc*d", inputs={"a": 2, "b": 1}), {"v3": 1, "c": 2, "d": 3, "a": 2, "b": 5}),  # 5.3
    (ForwardTable(source="c = a + b\nd = b + 1\nc*d", inputs={"a": 2, "b": 1}, seed={"b": 1}), {"c": [3, 1], "d": [2, 1], "v3": [6, 5]}),
    (Partials(source="c = a + b\nd = b + 1\nc*d", inputs={"a": 2, "b": 1}), {"c->a": 1, "c→b": 1, "d->b": 1, "∂v3/∂c": 2, "v3->d": 3}),
    (ReverseTable(source="q = x + y\nq*z", inputs={"x": -2, "y": 5, "z": -4}), {"v2": 1, "q": -4, "x": -4, "y": -4, "z": 3}),  # 5.4
    (ReverseTable(**GATES), {"v4": 1, "v3": 2, "v2": 2, "v1": 2, "x": -8, "y": 6, "z": 2, "w": 0}),
    (
        Numeric(source="1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", inputs=NEURON, want="gradient", **DIGITS),
        {"w0": -0.196611933241482, "x0": 0.393223866482964, "w1": -0.393223866482964, "x1": -0.589835799724446, "w2": 0.196611933241482},
    ),
    (
        Numeric(source="1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", inputs=NEURON, want="gradient", rtol=0.02, atol=0),
        {"w0": -0.20, "x0": 0.39, "w1": -0.39, "x1": -0.59, "w2": 0.20},
    ),
    (
        Numeric(source="(x + sigmoid(y))/(sigmoid(x) + (x + y)^2)", inputs={"x": 3, "y": -4}, want="gradient", **DIGITS),
        {"x": 2.05956979557217, "y": 1.59223275148381},
    ),
    (
        ReverseTable(source="q = W @ x\nsum(q^2)", inputs={"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}, **DIGITS),
        {"v3": 1, "v2": [1, 1], "q": [0.44, 0.52], "W": [[0.088, 0.176], [0.104, 0.208]], "x": [-0.112, 0.636]},
    ),
    (
        ReverseTable(source="e1 = a*b\nd = e1 + c\nL = d*f", inputs={"a": 2, "b": -3, "c": 10, "f": -2}),  # 5.5
        {"L": 1, "d": -2, "f": 4, "e1": -2, "c": -2, "a": 6, "b": -4},
    ),
    (
        ReverseTable(source="a = x1/x2\nc = exp(x2)\nd = a - c\n(sin(a) + d)*d", inputs={"x1": 1.5, "x2": 0.5}, **DIGITS),  # 5.8
        {
            "v6": 1, "v5": 1.35127872929987, "d": 2.84367746665961, "c": -2.84367746665961, "v4": 1.35127872929987,
            "a": 1.50592166383695, "x1": 3.01184332767391, "x2": -13.7239615093141,
        },
    ),
    (Numeric(source="x1*x2*x3*x4", inputs={"x1": 1, "x2": 2, "x3": 3, "x4": 4}, want="gradient"), [24, 12, 8, 6]),  # 5.9
    (
        Numeric(source="[r*cos(t), r*sin(t)]", inputs={"r": 2, "t": 0.5235987755982988}, want="jacobian"),
        {"r": [0.866025403784, 0.5], "t": [-1, 1.732050807569]},
    ),
    (
        ReverseTable(source="Z = X @ W + b\nsum(Z^2)", inputs={"X": [[1, 2], [3, 4], [5, 6]], "W": [[1, 0], [-1, 2]], "b": [0.5, -0.5]}),  # 5.10
        {
            "v4": 1, "v3": [[1, 1]] * 3, "Z": [[-1, 7], [-1, 15], [-1, 23]], "v1": [[-1, 7], [-1, 15], [-1, 23]],
            "X": [[-1, 15], [-1, 31], [-1, 47]], "W": "[-9, 167; -12, 212]", "b": [-3, 45],
        },
    ),
    (Numeric(source="2*x@x", inputs={"x": [0, 1, 2, 3]}, want="gradient"), {"x": [0, 4, 8, 12]}),  # 5.11
]  # fmt: skip


@pytest.mark.parametrize(("task", "answer"), BOOK, ids=[f"{task.kind}-{n}" for n, (task, _) in enumerate(BOOK)])
def test_the_books_numbers_get_full_marks(task: Task, answer: Any) -> None:
    report = grade(task, answer)
    assert (report.verdict, report.score, lost(report)) == ("correct", 1.0, [])


def test_the_gradient_of_the_tf_guide_is_not_that_of_the_cube() -> None:
    task = Numeric(source="sum(stop_gradient(x*x)*x)", inputs={"x": [0, 1, 2, 3]}, want="gradient")
    assert grade(task, {"x": [0, 1, 4, 9]}).verdict == "correct"
    assert grade(task, {"x": [0, 3, 12, 27]}).score == 0.25  # only the 0 is right


# ---- every slip, everywhere ------------------------------------------------------------------------------------------

KINDS: list[tuple[str, type[Task], dict[str, Any]]] = [
    ("forward", ForwardTable, {}), ("reverse", ReverseTable, {}), ("edges", ReverseTable, {"edges": True}), ("partials", Partials, {}),
    *((want, Numeric, {"want": want}) for want in ("value", "gradient", "jacobian", "hessian")),
]  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
@pytest.mark.parametrize(("kind", "made", "fields"), KINDS, ids=[kind for kind, _, _ in KINDS])
def test_every_slip_at_every_place_is_named_and_costs_its_cell(
    example: Any, kind: str, made: type[Task], fields: dict[str, Any]
) -> None:
    task = made(source=example.source, inputs=example.inputs, **fields)
    try:
        exercise = prepare(task)
    except EngineError as refused:
        assert refused.code in ("output_not_scalar", "no_operation")  # noqa: PT017 - which tasks make no sense
        return
    count = 0
    for submission in exercise.submissions():
        report = grade(task, submission.answer)
        assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score, abs=1e-12))
        if submission.mistake is not None:
            assert [found.mistake for found in report.diagnosis] == [submission.mistake]
            count += 1
    assert count or kind in ("jacobian", "hessian", "value")


@pytest.mark.parametrize(
    ("task", "wrong", "mistake", "cell"),
    [
        (ReverseTable(**BAYDIN), {"x1": 0.5}, "overwrote", "x1"), (ReverseTable(**BAYDIN), {"x1": 5}, "dropped_branch", "x1"),
        (ReverseTable(**BAYDIN), {"v4": 1, "x2": 2.283662185463226}, "sign", "v4"), (ReverseTable(**BAYDIN), {"x1": 2.5}, "wrong_operand", "x1"),
        (ReverseTable(**BAYDIN), {"x2": 5.5, "x1": 1.71633781453677}, "swapped", "x2"), (ReverseTable(**BAYDIN), {"x2": 1.716}, "rounded", "x2"),
        (ReverseTable(**BAYDIN), {"x1": 6}, "stopped_early", "x1"), (ReverseTable(**BAYDIN), {"x2": 1.0038053019082547}, "degrees", "x2"),
        (ReverseTable(**BAYDIN), {"x1": "5 + 1/(2ln(10))"}, "log_base", "x1"), (ForwardTable(**BAYDIN), {"v1": ["log10(2)", 0.5], "v3": ["10 + log10(2)", 5.5], "v5": ["10 + log10(2) - sin(5)", 5.5]}, "log_base", "v1.value"),
        (ForwardTable(**BAYDIN), {"v4": ["sin(π/36)", 0], "v5": ["10 + ln(2) - sin(π/36)", 5.5]}, "degrees", "v4.value"),
        (ForwardTable(**BAYDIN), {"v1": [0.6931471805599453, 0], "v2": [10, 2], "v3": [10.6931471805599, 2], "v4": [-0.958924274663138, 0.283662185463226], "v5": [11.6520714552231, 1.71633781453677]}, "wrong_seed", "v1.tangent"),
        (ForwardTable(**BAYDIN), {"v1": ["ln(5)", 0.2], "v2": [10, 2], "v3": ["10 + ln(5)", 2.2], "v4": ["sin(2)", 0], "v5": ["10 + ln(5) - sin(2)", 2.2]}, "wrong_point", "v1.value"),
        (ReverseTable(**BAYDIN), {"v5": 2, "v4": -2, "v3": 2, "v2": 2, "v1": 2, "x1": 11, "x2": 3.43267562907354}, None, "v5"),
        (Partials(source="x^3", inputs={"x": 2}), {"v1->x": 4}, "power_rule", "v1->x"), (Partials(source="x/y", inputs={"x": 3, "y": 2}), {"v1->y": -1.5}, "quotient_rule", "v1->y"),
        (Numeric(**BAYDIN, want="gradient"), {"x1": -5.5, "x2": "cos(5) - 2"}, "sign", "x1"), (Numeric(**BAYDIN, want="value"), 5.5, "derivative_for_value", "answer"),
        (Numeric(source="W @ x", inputs={"W": [[1, 2], [3, 4]], "x": [1, 1]}, want="jacobian", wrt=["x"]), {"x": [[1, 3], [2, 4]]}, "transpose", "x"),
        (Numeric(source="x^2", inputs={"x": 3}, want="gradient"), {"x": 6.01}, "difference_quotient", "x"),
    ],
)  # fmt: skip
def test_a_slip_by_hand(task: Task, wrong: Any, mistake: str | None, cell: str) -> None:
    model = prepare(task).model()
    report = grade(task, {**model, **wrong} if isinstance(wrong, dict) else wrong)
    assert named(report) == ([] if mistake is None else [(mistake, cell)])
    assert report.verdict in ("partial", "incorrect")


# ---- marks for what follows ------------------------------------------------------------------------------------------


def test_one_slip_costs_one_cell() -> None:
    report = grade(ReverseTable(**BAYDIN), {"v5": 1, "v4": 1, "v3": 1, "v2": 1, "v1": 1, "x1": 5.5, "x2": "2 + cos(5)"})
    assert lost(report) == ["v4"]
    assert verdicts(report)["x2"] == "follow_through"
    assert report.score == pytest.approx(6 / 7, abs=1e-15)


def test_two_slips_cost_two_and_are_named_apart() -> None:
    wrong = {"v5": 1, "v4": 1, "v3": 1, "v2": 1, "v1": 1, "x1": 0.5, "x2": "2 + cos(5)"}
    report = grade(ReverseTable(**BAYDIN), wrong)
    assert lost(report) == ["v4", "x1"]
    assert sorted(named(report)) == [("overwrote", "x1"), ("sign", "v4")]


def test_a_number_from_nowhere_is_not_explained() -> None:
    report = grade(ReverseTable(**BAYDIN), {**prepare(ReverseTable(**BAYDIN)).model(), "x1": 17.23})
    assert (lost(report), report.diagnosis) == (["x1"], [])


def test_a_missing_cell_costs_itself_alone() -> None:
    answer = {"v5": 1, "v4": 1, "x1": 5.5, "x2": "2 + cos(5)"}
    report = grade(ReverseTable(**BAYDIN), answer)
    assert [verdicts(report)[cell] for cell in ("v5", "v4", "v3", "x1", "x2")] == [
        "correct", "incorrect", "missing", "correct", "follow_through",
    ]  # fmt: skip


def test_a_contribution_and_its_sum_are_marked_apart() -> None:
    task = ReverseTable(**BAYDIN, edges=True)
    model = prepare(task).model()
    model["edges"]["v2->x1"] = 2.0  # the wrong factor
    model["adjoints"]["x1"] = 2.5  # added rightly
    report = grade(task, model)
    assert lost(report) == ["v2->x1"]
    assert named(report) == [("wrong_operand", "v2->x1")]
    model["adjoints"]["x1"] = 0.5
    assert sorted(named(grade(task, model))) == [("overwrote", "x1"), ("wrong_operand", "v2->x1")]


def test_a_rule_may_read_the_students_own_output() -> None:
    task = ForwardTable(source="exp(x)", inputs={"x": 1})
    assert lost(grade(task, {"v1": [3, 3]})) == ["v1.value"]
    assert lost(grade(task, {"v1": [3, exp(1)]})) == ["v1.value"]


def test_elements_of_an_array_have_their_shares() -> None:
    task = Numeric(source="sum(x^2)", inputs={"x": [1, 2, 3]}, want="gradient")
    report = grade(task, {"x": [2, 4, 7]})
    assert verdicts(report) == {"x[0]": "correct", "x[1]": "correct", "x[2]": "incorrect"}
    assert report.score == pytest.approx(2 / 3)
    assert grade(task, {"x": [[2, 4, 6]]}).score == 0


def test_not_summed_back() -> None:
    task = ReverseTable(source="sum((a + b)^2)", inputs={"a": [[1, 2], [3, 4]], "b": [1, 1]})
    model = prepare(task).model()
    assert named(grade(task, {**model, "b": [[4, 6], [8, 10]]})) == [("not_summed_back", "b")]


def test_nan_and_infinities_are_numbers_that_can_be_right() -> None:
    task = ReverseTable(source="sqrt(x) + ln(x)", inputs={"x": 0})
    assert grade(task, {"v3": 1, "v1": 1, "v2": 1, "x": "Infinity"}).verdict == "correct"
    assert grade(task, {"v3": 1, "v1": 1, "v2": 1, "x": "-∞"}).verdict == "partial"
    assert grade(task, {"v3": 1, "v1": 1, "v2": 1, "x": "NaN"}).verdict == "partial"
    assert grade(Numeric(source="ln(x)", inputs={"x": -1}, want="value"), "NaN").verdict == "correct"


# ---- predicting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pass_name", "step", "right", "wrong", "mistake"),
    [
        ("evaluate", 3, 10, 11, None), ("evaluate", 3, 10, "ln(2)", "neighbouring_step"), ("forward", 3, 5, 10, "value_for_tangent"), ("forward", 3, 5, 1, "no_partial"),
        ("reverse", 7, 1, 0, "wrong_seed"), ("reverse", 9, -1, 1, "no_partial"), ("reverse", 13, 5, 2, "wrong_operand"), ("reverse", 13, 5, 1, "no_partial"),
        ("reverse", 15, 0.5, 5.5, "total_for_part"),
    ],
)  # fmt: skip
def test_the_next_number(pass_name: str, step: int, right: Any, wrong: Any, mistake: str | None) -> None:
    task = Predict(**BAYDIN, pass_name=pass_name, step=step)
    assert grade(task, right).verdict == "correct", prepare(task).model()
    report = grade(task, wrong)
    assert named(report) == ([] if mistake is None else [(mistake, "answer")])


@pytest.mark.parametrize("step", [99, 10**6])
def test_a_step_without_a_number_is_no_task(step: int) -> None:
    with pytest.raises(EngineError, match="no_number"):
        prepare(Predict(**BAYDIN, pass_name="reverse", step=step))
    with pytest.raises(EngineError, match="no_number"):
        prepare(Predict(source="stop_gradient(x)*x", inputs={"x": 3}, pass_name="reverse", step=6))


# ---- random graphs ---------------------------------------------------------------------------------------------------


def problem(seed: int) -> dict[str, Any]:
    """A random graph as a program, one in which the output depends on an input."""
    while True:
        graph, point = random_graph(seed, operations=10)
        if graph.depends_on(graph.inputs.values())[graph.outputs[0]]:
            source = "\n".join([*point, writing.program(graph)])
            try:
                prepare(Partials(source=source, inputs=point))
                return {"source": source, "inputs": point}
            except EngineError:  # nothing but a stopped gradient leads to the output
                pass
        seed += 1000


@pytest.mark.parametrize("seed", range(60))
def test_on_random_graphs_a_slip_carried_on_costs_one_cell(seed: int) -> None:
    """The oracle is the chain rule, summed here by hand from the local partials."""
    fields = problem(seed)
    task = ReverseTable(**fields)
    exercise = prepare(task)
    right = exercise.model()
    assert grade(task, right).verdict == "correct"
    partials: dict[str, float] = prepare(Partials(**fields)).model()
    order = list(right)
    rng = random.Random(seed)
    slip = rng.choice(order)
    own: dict[str, float] = {}
    for node in order:
        sent = [
            own[key.split("->")[0]] * partial
            for key, partial in partials.items()
            if key.split("->")[1].split("#")[0] == node and key.split("->")[0] in own
        ]
        own[node] = sum(sent) if node != order[0] and sent else right[node]
        if node == slip:
            own[node] = own[node] * 1.37 + 0.11
    report = grade(task, own)
    assert lost(report) == [slip]
    assert report.score == pytest.approx(1 - 1 / len(order), abs=1e-12)
    forward = ForwardTable(**fields)
    assert grade(forward, prepare(forward).model()).verdict == "correct"


# ---- malformed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task", "answer", "code", "cell"),
    [
        (ReverseTable(**BAYDIN), {"v9": 1}, "unknown_cell", None), (ReverseTable(**BAYDIN), {"v1": True}, "bad_answer", "v1"),
        (ReverseTable(**BAYDIN), {"v1": "one"}, "bad_answer", "v1"), (ReverseTable(**BAYDIN), [1, 2], "bad_answer", None),
        (ReverseTable(**BAYDIN), {"v1": None}, "bad_answer", "v1"), (ForwardTable(**BAYDIN), {"v1": [1, 2, 3]}, "bad_answer", "v1"),
        (ForwardTable(**BAYDIN), {"v1": {"slope": 3}}, "unknown_cell", "slope"), (ReverseTable(**BAYDIN, edges=True), {"edges": {"v1->x2": 1}}, "unknown_cell", "v1->x2"),
        (Partials(**BAYDIN), {"v1->x2": 1}, "unknown_cell", "v1->x2"), (Numeric(**BAYDIN, want="gradient"), {"x3": 1}, "unknown_cell", "x3"),
        (Numeric(**BAYDIN, want="gradient"), [1, 2, 3], "bad_answer", None), (Numeric(**BAYDIN, want="value"), "(2", "unclosed_bracket", "answer"),
        (Numeric(**BAYDIN, want="hessian"), {"x1": {"x1": {}}}, "bad_answer", "x1,x1"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(task: Task, answer: Any, code: str, cell: str | None) -> None:
    report = grade(task, answer)
    assert (report.verdict, report.gradable, report.score) == ("malformed", False, 0.0)
    assert report.error
    assert report.error.code == code
    if cell is not None:
        assert report.error.cell == cell
