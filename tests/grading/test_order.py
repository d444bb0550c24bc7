import random
from itertools import permutations

import networkx
import pytest

from engine import writing
from engine.errors import EngineError
from engine.examples import EXAMPLES
from engine.grading import grade
from engine.grading.draw import Draw
from engine.grading.order import Order, OrderExercise, variant
from engine.syntax import parse
from tests.engine.random_graphs import random_graphs

BAYDIN = "ln(x1) + x1*x2 - sin(x2)"
DLSYS = "v2 = exp(v1)\nv3 = v2 + 1\nv2*v3"
COLAH = "c = a + b\nd = b + 1\ne1 = c*d"
GRIEWANK = "a = x1/x2\nc = exp(x2)\nd = a - c\n(sin(a) + d)*d"
SMALL = [
    BAYDIN,
    DLSYS,
    COLAH,
    GRIEWANK,
    "x1*x2*x3*x4",
    "tanh(x1*w1 + x2*w2 + b)",
    "2*(x*y + max(z, w))",
    "sin(x) + cos(y)",
    "sin(x)",
]


def operations(source: str) -> networkx.DiGraph:
    picture = networkx.DiGraph(parse(source).to_networkx())
    names = {node: picture.nodes[node]["name"] for node in picture}
    return networkx.relabel_nodes(picture.subgraph([n for n in picture if picture.nodes[n]["op"]]), names)


def orders(source: str, direction: str) -> set[tuple[str, ...]]:
    picture = operations(source)
    return {
        tuple(order)
        for order in networkx.all_topological_sorts(picture if direction == "topological" else picture.reverse())
    }


@pytest.mark.parametrize("direction", ["topological", "reverse"])
@pytest.mark.parametrize("source", SMALL)
def test_exactly_the_orders_that_networkx_finds_are_right(source: str, direction: str) -> None:
    task = Order(source=source, direction=direction)
    valid = orders(source, direction)
    names = list(operations(source))
    tried = set(permutations(names)) if len(names) <= 6 else valid | set(permutations(names[:5]))
    for order in tried:
        report = grade(task, list(order))
        assert (report.verdict == "correct") == (order in valid), order
        assert (report.score == 1) == (order in valid), order
    assert {order for order in tried if order in valid} == valid


@pytest.mark.parametrize("example", [e for e in EXAMPLES if len(parse(e.source).nodes) < 60], ids=lambda e: e.id)
def test_the_model_of_every_example_is_right_in_both_directions(example: object) -> None:
    for direction in ("topological", "reverse"):
        exercise = OrderExercise(Order(source=example.source, direction=direction))
        for submission in exercise.submissions():
            report = grade(exercise.task, submission.answer)
            assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score))
            if submission.mistake:
                assert report.diagnosis[0].mistake == submission.mistake


def test_random_graphs_in_random_orders() -> None:
    rng = random.Random(5)
    for graph, _ in random_graphs(30, operations=9):
        source = writing.program(graph)
        picture = operations(source)
        for direction in ("topological", "reverse"):
            task = Order(source=source, direction=direction)
            arrows = picture if direction == "topological" else picture.reverse()
            for _ in range(10):
                order = list(picture)
                if rng.random() < 0.5:
                    order = list(networkx.topological_sort(arrows))
                rng.shuffle(order) if rng.random() < 0.5 else None
                at = {name: i for i, name in enumerate(order)}
                kept = sum(at[a] < at[b] for a, b in arrows.edges)
                alone = sum(picture.degree(name) == 0 for name in picture)
                score = (kept + alone) / (arrows.number_of_edges() + alone)
                assert grade(task, order).score == pytest.approx(score)


def test_repairing_neighbours_raises_the_score_and_breaking_them_lowers_it() -> None:
    task = Order(source=GRIEWANK)
    edges = set(operations(GRIEWANK).edges)
    rng = random.Random(1)
    for _ in range(200):
        order = list(operations(GRIEWANK))
        rng.shuffle(order)
        i = rng.randrange(len(order) - 1)
        exchanged = [*order[:i], order[i + 1], order[i], *order[i + 2 :]]
        before, after = grade(task, order).score, grade(task, exchanged).score
        pair = order[i], order[i + 1]
        assert (after > before) == (pair[::-1] in edges)
        assert (after < before) == (pair in edges)


def test_one_misplaced_node_costs_the_edges_that_it_breaks() -> None:
    report = grade(Order(source=BAYDIN), ["v2", "v4", "v3", "v1", "v5"], help="full")
    assert (report.verdict, report.score) == ("partial", 0.75)
    assert [cell.cell for cell in report.cells if cell.verdict == "incorrect"] == ["v1->v3"]
    assert [(found.mistake, found.cell) for found in report.diagnosis] == [("used_too_early", "v1->v3")]
    assert report.model == ["v1", "v2", "v3", "v4", "v5"]


def test_the_first_broken_edge_is_the_first_that_a_reader_meets() -> None:
    report = grade(Order(source="exp(sin(cos(tan(x))))"), ["v1", "v3", "v2", "v4"])
    assert [found.cell for found in report.diagnosis] == ["v2->v3"]


@pytest.mark.parametrize(
    "answer",
    [
        ["x1", "x2", "v1", "v2", "v3", "v4", "v5"], "x1, x2, v1, v2, v3, v4, v5", "v1 v2 v3 v4 v5", "v1 → v2 → v3 → v4 → v5",
        "v1->v2->v3->v4->v5", "v_1, v_2, v_3, v_4, v_5", "V1; V2; V4; V3; V5", "v₁，v₂、v₃，v₄，v₅", "$v_{1}$, $v_{2}$, $v_3$, v4, v5",
        "v4\nv2\nv1\nv3\nv5", "ｖ１, ｖ２, ｖ３, ｖ４, ｖ５", ["x2", "v4", "x1", "v1", "v2", "v3", "v5"],
    ],
)  # fmt: skip
def test_names_are_read_generously(answer: object) -> None:
    assert grade(Order(source=BAYDIN), answer).verdict == "correct"


def test_names_that_the_program_gives_are_known() -> None:
    task = Order(source=COLAH, direction="reverse")
    assert grade(task, "e1 d c").verdict == "correct"
    assert grade(task, "e1, c, d, b, a").verdict == "correct"
    assert grade(task, ["v3", "v2", "1", "c"]).verdict == "correct"
    assert grade(task, ["b", "e1", "c", "d"]).diagnosis[0].mistake == "swept_too_early"


def test_an_input_that_stands_too_late_is_wrong() -> None:
    report = grade(Order(source=BAYDIN), "v1 x1 v2 v3 v4 v5")
    assert [cell.cell for cell in report.cells if cell.verdict == "incorrect"] == ["x1->v1"]
    assert report.score == 0.8
    assert grade(Order(source=BAYDIN), "x1 v1 v2 v3 v4 v5").verdict == "correct"


def test_the_wrong_direction_has_its_own_name_and_no_marks() -> None:
    for source in (BAYDIN, DLSYS, COLAH, GRIEWANK):
        for direction, other in (("topological", "reverse"), ("reverse", "topological")):
            for order in orders(source, other):
                report = grade(Order(source=source, direction=direction), list(order))
                assert (report.verdict, report.score) == ("incorrect", 0)
                assert [found.mistake for found in report.diagnosis] == ["reversed_order"]


def test_the_order_of_the_text_has_its_own_name() -> None:  # + stands before * in x + y*z, yet is computed after it
    report = grade(Order(source="w + exp(x + y*z)"), ["v4", "v3", "v2", "v1"])
    assert report.diagnosis[0].mistake == "reversed_order"
    report = grade(Order(source="ln(x1) + x1*x2 - sin(x2)"), ["v1", "v3", "v2", "v5", "v4"])  # ln + * - sin
    assert (report.diagnosis[0].mistake, report.score) == ("order_of_text", 0.5)


def test_what_is_missing_or_there_twice() -> None:
    report = grade(Order(source=BAYDIN), ["v1", "v2", "v3", "v5"])
    assert {cell.cell: cell.verdict for cell in report.cells}["v4->v5"] == "missing"
    assert (report.score, report.diagnosis[0].mistake, report.diagnosis[0].cell) == (0.75, "missing_from_order", "v4")
    report = grade(Order(source=BAYDIN), ["v3", "v1", "v2", "v4", "v5", "v3"])
    assert report.verdict == "partial"
    assert "repeated_node" in [found.mistake for found in report.diagnosis]
    assert grade(Order(source="sin(x) + cos(x)"), ["v1", "v1", "v2", "v3"]).verdict == "partial"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (["v1", "v7"], "unknown_cell"), ("v1 v2 w", "unknown_cell"), (5, "bad_answer"), (None, "bad_answer"), ({}, "bad_answer"),
        ([1, 2], "bad_answer"), ([["v1"]], "bad_answer"), ("", "bad_answer"), ([], "bad_answer"), ([True], "bad_answer"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_costs_nothing(answer: object, code: str) -> None:
    report = grade(Order(source=BAYDIN), answer)
    assert (report.verdict, report.gradable, report.error and report.error.code) == ("malformed", False, code)


def test_a_task_without_an_operation_is_refused() -> None:
    with pytest.raises(EngineError, match="no_operation"):
        grade(Order(source="x"), ["x"])


def test_variants_are_drawn_by_the_seed_and_differ() -> None:
    tasks = [variant(Draw(seed)) for seed in range(40)]
    assert tasks == [variant(Draw(seed)) for seed in range(40)]
    assert len({task.source for task in tasks}) > 30
    assert {task.direction for task in tasks} == {"topological", "reverse"}
