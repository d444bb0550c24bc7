import random
from collections.abc import Callable
from typing import Any

import networkx
import pytest

from engine import limits, writing
from engine.errors import EngineError
from engine.examples import EXAMPLES
from engine.grading import grade
from engine.grading.draw import Draw
from engine.grading.graphs import ComputationGraph, GraphExercise, node_list, variant
from engine.grading.likeness import Classes, isomorphic
from engine.grading.operations import COMMUTES, UNARY, operation
from engine.grading.pictures import of_graph, read
from engine.graph import Builder, Graph
from engine.primitive import REGISTRY
from engine.syntax import parse
from tests.engine.random_graphs import random_graph, random_graphs

BAYDIN = "ln(x1) + x1*x2 - sin(x2)"
DLSYS = "v2 = exp(v1)\nv3 = v2 + 1\nv2*v3"
COLAH = "c = a + b\nd = b + 1\ne1 = c*d"
GRIEWANK = "(sin(x1/x2) + x1/x2 - exp(x2))*(x1/x2 - exp(x2))"


def verdict(source: str, answer: Any, **task: Any) -> str:
    return grade(ComputationGraph(source=source, **task), answer).verdict


def mistake(source: str, answer: Any, **task: Any) -> str | None:
    found = grade(ComputationGraph(source=source, **task), answer).diagnosis
    return found[0].mistake if found else None


def scrambled(graph: Graph, rng: random.Random) -> dict[str, Any]:
    """Other names, another order of the list, arguments of sums and products exchanged."""
    names = {node.id: f"q{rng.randrange(10**9)}" for node in graph.nodes}
    nodes = []
    for node in graph.nodes:
        if node.op is None:
            continue
        inputs = []
        for i in node.inputs:
            leaf = graph.nodes[i]
            inputs.append(leaf.name or writing.leaf(leaf)[0] if leaf.op is None else names[i])
        if node.op.name in COMMUTES:
            rng.shuffle(inputs)
        nodes.append({"name": names[node.id], "op": node.op.name, "inputs": inputs})
    rng.shuffle(nodes)
    return {"nodes": nodes}


@pytest.mark.parametrize(
    "answer",
    [
        {"nodes": [{"name": "v1", "op": "ln", "inputs": ["x1"]}, {"name": "v2", "op": "*", "inputs": ["x1", "x2"]}, {"name": "v3", "op": "sin", "inputs": ["x2"]}, {"name": "v4", "op": "+", "inputs": ["v1", "v2"]}, {"name": "v5", "op": "-", "inputs": ["v4", "v3"]}]},
        [{"name": "y", "op": "sub", "inputs": ["s", "w"]}, {"name": "s", "op": "add", "inputs": ["p", "l"]}, {"name": "p", "op": "mul", "inputs": ["x_2", "x_1"]}, {"name": "l", "op": "log", "inputs": "x1"}, {"name": "w", "op": "sin()", "inputs": ["X2"]}],
        {"edges": [["x1", "v1"], ["x1", "v2"], ["x2", "v2"], ["x2", "v3"], ["v1", "v4"], ["v2", "v4"], ["v4", "v5"], ["v3", "v5"]], "ops": {"v1": "ln", "v2": "mul", "v3": "sin", "v4": "add", "v5": "sub"}},
        {"edges": ["x1 -> v1", "x1→v2", "x2->v2", "x2->v3", "v1->v4->v5", "v2->v4", "v3->v5"], "ops": {"v1": "ln", "v2": "×", "v3": "sin", "v4": "+", "v5": "−"}},
        {"1": {"op": "ln", "inputs": ["x1"]}, "2": {"op": "乘", "inputs": ["x1", "x2"]}, "3": {"op": "sin", "inputs": ["x2"]}, "4": {"op": "plus", "inputs": ["1", "2"]}, "5": {"op": "minus", "inputs": ["4", "3"]}},
        "v1 = ln(x1)\nv2 = x1 x2\nv3 = sin(x2)\nv4 = v1 + v2\ny = v4 - v3",
        "a = ln(x1); b = x2·x1; c = b + a; d = sin(x2); c - d",
        {"program": "v1 = ln(x1)\nv2 = x1*x2\nv3 = sin(x2)\nv4 = v1 + v2\nv5 = v4 - v3"},
        {"nodes": [{"name": "x1", "op": "input"}, {"name": "x2"}, {"id": 1, "op": "ln(x1)", "inputs": ["x1"]}, {"id": 2, "op": "x1*x2", "inputs": ["x2", "x1"]}, {"id": 3, "op": "sin(x2)", "inputs": ["x2"]}, {"id": 4, "op": "+", "inputs": ["1", "2"]}, {"id": 5, "op": "a-b", "inputs": ["4", "3"]}]},
    ],
    ids=range(9),
)  # fmt: skip
def test_a_graph_comes_in_many_forms(answer: Any) -> None:  # EXAMPLES 5.1
    report = grade(ComputationGraph(source=BAYDIN), answer)
    assert (report.verdict, report.score) == ("correct", 1)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (DLSYS, "v2 = exp(v1)\nv3 = 1 + v2\nv4 = v3*v2"),
        (DLSYS, {"edges": [["v1", "v2"], ["v2", "v3"], ["v2", "v4"], ["v3", "v4"]], "ops": {"v2": "exp", "v3": "+1", "v4": "*"}}),
        (DLSYS, {"edges": [["v1", "v2"], ["v2", "v3"], ["v2", "v4"], ["v3", "v4"]], "ops": {"v2": "exp", "v3": "add", "v4": "*"}}),
        (DLSYS, {"edges": [["v1", "v2"], ["v2", "v3"], ["1", "v3"], ["v2", "v4"], ["v3", "v4"]], "ops": {"v2": "exp", "v3": "add", "v4": "*"}}),
        (DLSYS, [{"name": "one", "op": "const", "value": 1}, {"name": "e", "op": "exp", "inputs": ["v1"]}, {"name": "s", "op": "add", "inputs": ["e", "one"]}, {"name": "p", "op": "mul", "inputs": ["e", "s"]}]),
        (COLAH, "c = a + b\nd = b + 1\ne = c*d"),
        ("1/(1 + exp(-x))", "a = -x\nb = exp(a)\nc = 1 + b\nreciprocal(c)"),
        ("1/(1 + exp(-x))", [{"name": "a", "op": "*-1", "inputs": ["x"]}, {"name": "b", "op": "exp", "inputs": ["a"]}, {"name": "c", "op": "+1", "inputs": ["b"]}, {"name": "d", "op": "1/x", "inputs": ["c"]}]),
        ("x^2 + sqrt(y)", "a = square(x)\nb = y^(0.5)\na + b"),
        ("x^2 + sqrt(y)", [{"name": "a", "op": "^2", "inputs": ["x"]}, {"name": "b", "op": "√", "inputs": ["y"]}, {"name": "c", "op": "+", "inputs": ["a", "b"]}]),
        ("x^2", [{"name": "a", "op": "pow", "inputs": ["x"]}]),
        ("a*b*c", [{"name": "p", "op": "*", "inputs": ["a", "b", "c"]}]),
        ("max(a, b, c)", [{"name": "p", "op": "max", "inputs": ["a", "b", "c"]}]),
        ("e^x", "exp(x)"),
        ("log(x, 2)", "log2(x)"),
        ("pi*x", [{"name": "p", "op": "*", "inputs": ["x", "π"]}]),
        ("sum(X, axis=0)", [{"name": "s", "op": "sum", "inputs": ["X"]}]),
        ("sum(X, axis=0)", [{"name": "s", "op": "sum(X, axis=0)", "inputs": ["X"]}]),
        ("sum((X @ W + b)^2)", "Z = X @ W\nA = Z + b\nq = A^2\nsum(q)"),
        ("X*x", [{"name": "p", "op": "*", "inputs": ["x", "X"]}]),
    ],
    ids=range(20),
)  # fmt: skip
def test_other_spellings_of_an_operation_are_the_same_node(source: str, answer: Any) -> None:
    report = grade(ComputationGraph(source=source), answer)
    assert report.verdict == "correct", report


@pytest.mark.parametrize("example", [e for e in EXAMPLES if len(parse(e.source).nodes) < 60], ids=lambda e: e.id)
def test_every_example_tests_itself(example: Any) -> None:
    for sharing in ("any", "as_written"):
        exercise = GraphExercise(ComputationGraph(source=example.source, sharing=sharing))
        for submission in exercise.submissions():
            report = grade(exercise.task, submission.answer, help="full")
            assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score)), submission
            if submission.mistake:
                assert report.diagnosis[0].mistake == submission.mistake, submission


def test_random_graphs_in_other_names_and_orders_are_the_same() -> None:
    rng = random.Random(3)
    for graph, _ in random_graphs(80, operations=12):
        source = writing.program(graph)
        answer = scrambled(parse(source), rng)
        for sharing in ("any", "as_written"):
            report = grade(ComputationGraph(source=source, sharing=sharing), answer)
            assert (report.verdict, report.score) == ("correct", 1), (source, answer, report)


def test_random_graphs_differ_exactly_where_networkx_says_so() -> None:
    """One edge moved at random: VF2 on labelled multigraphs is the oracle."""
    rng = random.Random(7)
    outcomes = set()
    for seed in range(150):
        builder = Builder()
        ids = [builder.input(name) for name in "xy"]
        for _ in range(6):
            op = REGISTRY[rng.choice(("add", "sub", "mul", "sin"))]
            ids.append(builder.apply(op, tuple(rng.choice(ids) for _ in range(op.arity or 1))))
        graph = Graph(builder.nodes, ids[-1:])
        nodes = list(graph.nodes)
        k = rng.randrange(2, len(nodes))
        reads = list(nodes[k].inputs)
        reads[rng.randrange(len(reads))] = rng.randrange(k)
        changed = Builder()
        for node in nodes:
            changed.input(node.name) if node.name else changed.apply(
                node.op, tuple(reads) if node.id == k else node.inputs
            )
        other = Graph(changed.nodes, ids[-1:])
        same = networkx.is_isomorphic(
            plain(graph), plain(other), node_match=lambda a, b: a == b,
            edge_match=lambda a, b: sorted(d["place"] for d in a.values()) == sorted(d["place"] for d in b.values()),
        )  # fmt: skip
        report = grade(
            ComputationGraph(source=writing.program(graph), sharing="as_written"),
            {"nodes": [n for n in node_list(other)["nodes"] if "op" in n]},
        )
        assert (report.verdict == "correct") == same, (seed, writing.program(graph), writing.program(other))
        outcomes.add(same)
    assert outcomes == {True, False}


def plain(graph: Graph) -> networkx.MultiDiGraph:
    picture = networkx.MultiDiGraph()
    for node in graph.nodes:
        if node.op is not None or graph.users[node.id]:
            picture.add_node(node.id, op=node.op.name if node.op else node.name)
        for argnum, source in enumerate(node.inputs):
            picture.add_edge(source, node.id, place=0 if node.op.name in COMMUTES else argnum)
    return picture


def test_a_random_graph_is_not_another_one() -> None:
    sources = [writing.program(graph) for graph, _ in random_graphs(25, first=100, operations=6)]
    for a in sources:
        for b in sources:
            if a != b and not set(parse(b).inputs) - set(parse(a).inputs):
                assert verdict(a, node_list(parse(b))) != "correct"


def test_a_subexpression_written_twice() -> None:
    merged = "a = x1/x2\nc = exp(x2)\nd = a - c\ns = sin(a)\nt = s + a\nu = t - c\nu*d"
    assert len(parse(GRIEWANK).nodes) > len(parse(merged).nodes)
    assert verdict(GRIEWANK, merged) == "correct"
    report = grade(ComputationGraph(source=GRIEWANK, sharing="as_written"), merged)
    assert (report.verdict, report.diagnosis[0].mistake) == ("partial", "merged_nodes")
    assert verdict(GRIEWANK, node_list(parse(GRIEWANK)), sharing="as_written") == "correct"
    apart = "c = a + b\nc2 = a + b\nd = c*c2"
    assert mistake("c = a + b\nc*c", apart) == "not_shared"
    assert verdict("c = a + b\nc*c", apart) == "partial"
    assert verdict("(a + b)*(a + b)", apart, sharing="as_written") == "correct"
    assert mistake("(a + b)*(a + b)", "c = a + b\nd = a + b\nc*c", sharing="any") == "unused_node"
    copies = "s = sin(x)\nt = sin(x)\na = s*s\nb = t*t\na - b"
    crossed = "s = sin(x)\nt = sin(x)\na = s*t\nb = s*t\na - b"
    assert verdict(copies, crossed) == "correct"
    assert mistake(copies, crossed, sharing="as_written") == "other_sharing"
    assert verdict(copies, copies, sharing="as_written") == "correct"


@pytest.mark.parametrize(
    ("source", "answer", "name", "score"),
    [
        (BAYDIN, "v1 = ln(x1)\nv2 = x1*x2\nv3 = cos(x2)\nv4 = v1 + v2\nv4 - v3", "wrong_operation", 0.8),
        (BAYDIN, "v1 = ln(x1)\nv2 = x1*x2\nv3 = sin(x2)\nv4 = v1 + v2\nv3 - v4", "argument_order", 0.8),
        (BAYDIN, "v1 = ln(x2)\nv2 = x1*x2\nv3 = sin(x2)\nv4 = v1 + v2\nv4 - v3", "wrong_input", 0.8),
        (BAYDIN, "v1 = ln(x1)\nv2 = x1*x2\nv4 = v1 + v2\nv4 - x2", "missing_node", 0.8),
        (BAYDIN, "v1 = ln(x1)\nv2 = x1*x2\nv3 = sin(x2)\nv4 = v1 + v2\nv5 = v4 - v3\nexp(v5)", "extra_node", 5 / 6),
        ("x^2 + y", "a = x*x\na + y", "product_for_power", 0.5),
        ("x*x + y", "a = x^2\na + y", "power_for_product", 0.5),
        ("x^2 + y", "a = x^3\na + y", "wrong_constant", 0.5),
        (DLSYS, "v2 = exp(v1)\nv3 = v2 + 2\nv2*v3", "wrong_constant", 2 / 3),
        ("sum(X, axis=0)", "sum(X, axis=1)", "wrong_static", 0),
        ("sin(x)*sin(x)", "a = cos(x)\nb = cos(x)\na*b", "wrong_operation", 1 / 3),
        ("s = sin(x)\ns*s", {"edges": [["x", "s"], ["s", "p"]], "ops": {"s": "sin", "p": "mul"}}, "parallel_edges", 0.5),
    ],
    ids=range(12),
)  # fmt: skip
def test_the_first_wrong_node_is_named_and_the_rest_follows(source: str, answer: Any, name: str, score: float) -> None:
    report = grade(ComputationGraph(source=source), answer)
    assert [found.mistake for found in report.diagnosis] == [name]
    assert report.score == pytest.approx(score)


def test_edges_the_wrong_way_round() -> None:
    edges = [
        ["v1", "x1"],
        ["v2", "x1"],
        ["v2", "x2"],
        ["v3", "x2"],
        ["v4", "v1"],
        ["v4", "v2"],
        ["v5", "v4"],
        ["v5", "v3"],
    ]
    ops = {"v1": "ln", "v2": "mul", "v3": "sin", "v4": "add", "v5": "sub"}
    report = grade(ComputationGraph(source=BAYDIN), {"edges": edges, "ops": ops})
    assert (report.verdict, report.score, report.diagnosis[0].mistake) == ("partial", 0.5, "reversed_edges")


def test_edges_alone_where_the_task_asks_for_no_more() -> None:
    edges = [
        ["x1", "v1"],
        ["x1", "v2"],
        ["x2", "v2"],
        ["x2", "v3"],
        ["v1", "v4"],
        ["v2", "v4"],
        ["v3", "v5"],
        ["v4", "v5"],
    ]
    assert verdict(BAYDIN, edges, ops=False) == "correct"
    assert verdict(BAYDIN, edges[::-1], ops=False) == "correct"
    assert verdict(BAYDIN, edges) == "malformed"
    assert verdict(BAYDIN, [*edges[:-1], ["v1", "v5"]], ops=False) == "partial"
    assert verdict(DLSYS, [["v1", "a"], ["a", "b"], ["a", "c"], ["b", "c"]], ops=False) == "correct"
    assert verdict(DLSYS, [["v1", "a"], ["1", "b"], ["a", "b"], ["a", "c"], ["b", "c"]], ops=False) == "correct"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "bad_answer"), (3, "bad_answer"), ([], "bad_answer"), ({}, "bad_answer"), ({"nodes": []}, "bad_answer"), ("v1 = ", "unexpected_end"),
        ("", "empty_source"), (BAYDIN, "not_single_assignments"), ("v1 = ln(z)\nv1", "unknown_cell"), ([["x1"]], "bad_answer"), ([["x1", 3, []]], "bad_answer"),
        ([{"name": "a", "op": "ln", "inputs": ["a"]}], "cyclic_graph"), ([{"name": "a", "op": "ln", "inputs": ["b"]}, {"name": "b", "op": "ln", "inputs": ["a"]}], "cyclic_graph"),
        ([{"name": "a", "op": "ln", "inputs": ["x1"]}, {"name": "a", "op": "ln", "inputs": ["x1"]}], "repeated_name"), ([{"name": "a", "op": "frobnicate", "inputs": ["x1"]}], "bad_answer"),
        ([{"name": "a", "op": "ln", "inputs": ["nowhere"]}], "unknown_cell"), ([{"name": "a", "inputs": ["x1"]}], "bad_answer"), ([{"op": "ln", "inputs": ["x1"]}], "bad_answer"),
        ({"edges": [["x1", "v1"]], "ops": {}}, "bad_answer"), ({"edges": [["x1", "v1"]], "ops": {"v1": 3}}, "bad_answer"), ([{"name": "a", "op": 7, "inputs": ["x1"]}], "bad_answer"),
        ([{"name": "a", "op": "ln", "inputs": [["x1"]]}], "bad_answer"), ([{"name": "a", "op": "sin", "inputs": ["x1", "x2"]}], "bad_answer"), ("v1 = sin(x1)\nv1 = cos(v1)\nv1", "not_single_assignments"),
        ([["x1", "v1"]] * (2 * limits.DRAWN_NODES + 1), "too_many_nodes"), (True, "bad_answer"), ([True], "bad_answer"),
    ],
    ids=range(27),
)  # fmt: skip
def test_what_cannot_be_read_costs_nothing(answer: Any, code: str) -> None:
    report = grade(ComputationGraph(source=BAYDIN), answer)
    assert (report.verdict, report.gradable, report.error and report.error.code) == ("malformed", False, code)


def test_a_wrong_task_is_refused() -> None:
    with pytest.raises(EngineError, match="no_operation"):
        grade(ComputationGraph(source="x"), [["x", "y"]])
    with pytest.raises(EngineError, match="too_many_nodes"):
        grade(ComputationGraph(source="+".join(["x"] * (limits.DRAWN_NODES + 1))), [["x", "y"]])


def test_many_equal_nodes_are_compared_quickly() -> None:
    """Exponentially many ways to match equal nodes; a search among them would not end."""
    count = 120
    many = " + ".join(["sin(x)"] * count)
    exercise = GraphExercise(ComputationGraph(source=many, sharing="as_written"))
    assert exercise.mark(exercise.model()).findings == []
    pairs = "\n".join(f"a{k} = sin(x)\nb{k} = a{k}*a{k}" for k in range(count // 4))
    total = "\n".join([pairs, "s1 = b0 + b1", *(f"s{k} = s{k - 1} + b{k}" for k in range(2, count // 4))])
    exercise = GraphExercise(ComputationGraph(source=total, sharing="as_written"))
    assert exercise.mark(exercise.model()).findings == []
    chain = "\n".join(["v1 = x + x", *(f"v{k} = v{k - 1} + v{k - 1}" for k in range(2, 200))])
    assert verdict(chain, chain) == "correct"


def test_no_input_crashes_the_reader() -> None:
    rng = random.Random(11)
    pieces: list[Callable[[], Any]] = [
        lambda: None, lambda: rng.choice(["x1", "v1", "sin", "", "1/3", "→", "\u0304", "(", "x" * 100]), rng.random,
        lambda: rng.choice([True, False, 0, -1, 10**30]), lambda: [made() for _ in range(rng.randrange(4))],
        lambda: {rng.choice(["nodes", "edges", "ops", "name", "op", "inputs", "v1"]): made() for _ in range(rng.randrange(4))},
    ]  # fmt: skip

    def made() -> Any:
        return rng.choice(pieces)()

    for _ in range(3000):
        assert grade(ComputationGraph(source=BAYDIN), made()).verdict in (
            "malformed",
            "incorrect",
            "partial",
            "correct",
        )


@pytest.mark.parametrize("name", sorted(name for name, row in REGISTRY.items() if not row.internal and row.arity))
def test_every_operation_is_known_by_its_name(name: str) -> None:
    row = REGISTRY[name]
    built = operation(name, [f"x{k}" for k in range(row.arity or 0)])
    assert built is not None
    assert built.operation.name == name


def test_equal_spellings_have_equal_values() -> None:
    for (name, k, value), unary in UNARY.items():
        for x in (0.3, 1.7, 4.0):
            args = [value, x] if k == 0 else [x, value]
            assert REGISTRY[name].of_numbers(*args) == pytest.approx(REGISTRY[unary].of_numbers(x), rel=1e-14)


def test_isomorphism_is_symmetric_and_sees_sharing() -> None:
    for seed in range(40):
        graph, _ = random_graph(seed, operations=8)
        table: dict[Any, int] = {}
        first, second = (numbered(Classes(of_graph(graph), table, True)) for _ in range(2))
        assert isomorphic(first, second)


def numbered(classes: Classes) -> Classes:
    for item in classes.items:
        classes.of.append(classes.numbered(classes.key(item, classes.of)))
    return classes


def test_variants_are_drawn_by_the_seed_and_test_themselves() -> None:
    tasks = [variant(Draw(seed)) for seed in range(30)]
    assert tasks == [variant(Draw(seed)) for seed in range(30)]
    seen = set()
    for task in tasks:
        for submission in GraphExercise(task).submissions():
            report = grade(task, submission.answer)
            assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score))
            seen.add(submission.mistake)
    assert {"wrong_operation", "argument_order", "product_for_power", "extra_node", "reversed_edges"} <= seen


def test_reading_keeps_every_form_apart_from_its_names() -> None:
    source = parse(BAYDIN)
    assert len(read(node_list(source), source, True).items) == len(read(writing.program(source), source, True).items)
