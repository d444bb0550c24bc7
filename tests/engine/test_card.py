"""The card of a node: for every row, its products, its Jacobian and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import pytest

from engine import api
from engine.array_tape import ArrayTape
from engine.card import Card, card_of
from engine.card.jacobians import DRAWN, TEXTBOOK
from engine.card.records import CardBlock, CardProduct
from engine.documents import TRACE_VERSION, TraceDocument, graph_record
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.graph import Builder, Graph, constant
from engine.objects import jacobian
from engine.passes import PASSES, Job
from engine.primitive import REGISTRY, Elementwise, Primitive
from server.locale import LOCALES, catalogue

DEFINITE, CLASSES = {"cholesky"}, {"one_hot"}
"""Rows that are defined for positive definite matrices, or whole numbers, only."""
WIDE: list[tuple[tuple[int, ...], ...]] = [((), (), ()), ((2, 3), (2, 3), (2, 3)), ((3,), (2, 1), (2, 3))]
"""Shapes for pointwise rows: numbers, equal shapes, shapes that broadcast."""
Case = tuple[Primitive, list[tuple[int, ...]], dict[str, Any], list[tuple[float, float]]]


def cases() -> Any:
    """Every row with the calls of its sample; pointwise ones with several shapes."""
    for op in REGISTRY.values():
        if isinstance(op, Elementwise):
            for shapes in WIDE:
                yield pytest.param((op, list(shapes[: op.arity]), {}, list(op.sample)), id=f"{op}-{shapes[0]}")
            continue
        for number, (shapes, statics, *interval) in enumerate(op.sample):
            bounds = [interval[0] if interval else (-2, 2)] * len(shapes)
            yield pytest.param((op, list(shapes), {**op.statics, **statics}, bounds), id=f"{op}-{number}")


ROWS = pytest.mark.parametrize("case", list(cases()))


def draw(case: Case, seed: int) -> list[Any]:
    """Arguments inside the domain."""
    op, shapes, _, bounds = case
    rng = np.random.default_rng(seed)
    xs: list[Any] = [rng.uniform(*bound, size=shape) for shape, bound in zip(shapes, bounds, strict=True)]
    if op.name in DEFINITE:
        xs = [x @ x.T + np.eye(len(x)) for x in xs]
    if op.name in CLASSES:
        xs = [np.floor(np.abs(x)) for x in xs]
    return [constant(x) for x in xs]


class Run:
    """One row as a graph, and its derivatives by the tape, which knows nothing of cards."""

    def __init__(self, case: Case, seed: int = 1) -> None:
        op, shapes, statics, _ = case
        builder = Builder()
        ids = tuple(builder.input(f"x{k}", shape) for k, shape in enumerate(shapes))
        self.out = builder.apply(op, ids, statics or None)
        self.graph = Graph(builder.nodes, (self.out,))
        self.xs = draw(case, seed)
        self.point = {f"x{k}": x for k, x in enumerate(self.xs)}
        self.tape = ArrayTape(self.graph, self.graph.outputs, ids)
        self.values = self.tape.evaluate(self.point)

    def card(self, name: str, seed: Any, locale: str | None = None) -> Card:
        """The card of the operation after a pass."""
        names = list(self.point)
        run = PASSES[name].run(Job(self.graph, self.point, names, seed, {}))
        document = TraceDocument(
            TRACE_VERSION, name, "", self.point, names, seed, "v1", {}, graph_record(self.graph), {}, [], run.events, {}
        )  # fmt: skip
        return card_of(document, self.graph, self.out, None if locale is None else teller(locale))

    def jacobians(self) -> list[Any]:
        """By each argument, as matrices."""
        found, _ = jacobian(self.tape, list(self.point), self.point)
        rows = prod(self.graph.nodes[self.out].shape)
        return [np.reshape(block, (rows, -1)) for block in found.values()]


def teller(locale: str) -> Any:
    """Says messages, and fails where one is missing."""
    words = catalogue(locale)

    def say(message: Message) -> str:
        words.find(message.key)
        return words.say(message.key, **message.words)

    return say


def close(found: Any, expected: Any) -> bool:
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=1e-12, atol=1e-12)


def filled(block: CardBlock) -> Any:
    """The entries, 0 where they are empty."""
    assert block.entries is not None
    return np.array([[0.0 if entry is None else entry for entry in row] for row in block.entries])


def shapes_ok(product: CardProduct, quantity: Sequence[int]) -> None:
    """Every line reads what stands before it, and the last one is the result."""
    count = len(product.operands)
    for number, line in enumerate(product.lines):
        assert all(0 <= arg < count + number for arg in line.args)
        assert REGISTRY[line.op].takes(len(line.args))
    last = product.lines[-1] if product.lines else product.operands[0]
    assert last.shape == tuple(quantity)
    assert last.value is product.to.value
    assert product.cost == sum(line.cost for line in product.lines)


# ---- every row ----


@ROWS
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_pull_is_what_reverse_mode_sends(case: Case) -> None:
    run = Run(case)
    shape = run.graph.nodes[run.out].shape
    seed = constant(np.random.default_rng(2).normal(size=shape))
    card, expected = run.card("reverse", seed), run.tape.pull(run.values, seed)
    assert [part.role for part in card.output] == ["primal", "adjoint"]
    assert close(card.output[1].value, seed)
    for pull, sent, x in zip(card.pulls, expected, run.xs, strict=True):
        if pull is None:
            assert not np.any(sent)
            continue
        shapes_ok(pull, np.shape(x))
        assert close(pull.to.value, sent)
        if pull.summed is not None:
            assert pull.summed.narrow == np.shape(x)
            lost = [k for k in pull.summed.axes if k >= len(pull.summed.wide) - np.ndim(x)]
            assert close(np.shape(np.sum(np.ones(pull.summed.wide), axis=pull.summed.axes)),
                         tuple(n for k, n in enumerate(pull.summed.wide) if k not in pull.summed.axes))  # fmt: skip
            assert all(x.shape[k - len(pull.summed.wide)] == 1 for k in lost)
    assert all(push is None or push.to.value is None for push in card.pushes), "reverse mode has no tangents"


@ROWS
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_push_is_what_forward_mode_adds(case: Case) -> None:
    run = Run(case)
    rng = np.random.default_rng(3)
    tangents = {name: constant(rng.normal(size=np.shape(x))) for name, x in run.point.items()}
    card = run.card("forward", tangents)
    for k, push in enumerate(card.pushes):
        moved = run.tape.push(run.values, {k: tangents[f"x{k}"]})[0]
        if push is None:
            assert not np.any(moved)
            continue
        shapes_ok(push, run.graph.nodes[run.out].shape)
        assert close(push.to.value, moved)
    assert all(pull is None or pull.to.value is None for pull in card.pulls), "forward mode has no adjoints"


@ROWS
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_entries_are_those_of_the_jacobian_and_empty_ones_are_0_wherever_one_looks(case: Case) -> None:
    run = Run(case)
    card, expected = run.card("evaluate", None), run.jacobians()
    elsewhere = [Run(case, seed).jacobians() for seed in (5, 6, 7)]
    for k, (block, matrix) in enumerate(zip(card.jacobians, expected, strict=True)):
        if block is None:
            assert not matrix.any()
            continue
        assert (block.rows, block.columns) == matrix.shape
        if max(matrix.shape) > DRAWN:
            assert block.entries is None
            continue
        assert block.entries is not None
        assert close(filled(block), matrix)
        empty = np.array([[entry is None for entry in row] for row in block.entries]).reshape(matrix.shape)
        assert block.empty == empty.sum()
        assert not any(other[k][empty].any() for other in elsewhere)
        assert fits(block, ~empty, filled(block)), block.structure


def fits(block: CardBlock, possible: Any, entries: Any) -> bool:
    """Is the structure what its name says?"""
    rows, columns = possible.shape
    match block.structure:
        case "empty":
            return not possible.any()
        case "dense":
            return bool(possible.all())
        case "diagonal":
            return rows == columns and not possible[~np.eye(rows, dtype=bool)].any()
        case "lower":
            return not np.triu(possible, 1).any()
        case "upper":
            return not np.tril(possible, -1).any()
        case "selection":
            return bool((possible.sum(axis=1) <= 1).all() and (entries[possible] == 1).all())
        case "blocks":
            assert block.block is not None
            height, width = block.block
            where_not = np.kron(np.eye(rows // height), np.ones((height, width))) == 0
            return rows // height == columns // width > 1 and not possible[where_not].any()
        case _:
            return not possible.all()


@ROWS
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_everything_is_said_in_both_languages(case: Case) -> None:
    run = Run(case)
    seed = constant(np.ones(run.graph.nodes[run.out].shape))
    for locale in LOCALES:
        card = run.card("reverse", seed, locale)
        assert card.text is not None
        said = [card.text.shapes, card.text.jacobian, card.text.product, card.text.layout]
        said += [block.caption for block in card.jacobians if block is not None]
        said += [product.said for product in (*card.pushes, *card.pulls) if product is not None]
        for phrase in said:
            assert phrase
            assert phrase.count("$") % 2 == 0
            assert not re.search(r"\{(?:x\d|node|source|partial|block|total|empty|count|shape)\w*\}", phrase)
            assert (locale == "zh") == bool(re.search("[\u4e00-\u9fff]", phrase)) or phrase.startswith("$")
        assert card.text.about == run.graph.nodes[run.out].op.about[locale]  # type: ignore[union-attr]


def test_every_textbook_case_has_its_own_sentence() -> None:
    assert all(f"card.textbook.{case}" in catalogue(locale) for case in TEXTBOOK for locale in LOCALES)
    said = {key for key in catalogue("en").messages if key.startswith("card.textbook.")}
    assert said == {f"card.textbook.{case}" for case in TEXTBOOK}


# ---- the picture of mock/tensor-card.png ----

POINT = {"X": [[1, 2], [3, 4], [5, 6]], "W": [[1, 0], [-1, 2]], "b": [0.5, -0.5]}
SOURCE = "sum((X @ W + b)**2)"


def of(node: int, **more: Any) -> Card:
    return api.card(SOURCE, POINT, "reverse", node, say=teller("en"), **more)


def test_the_product_of_the_picture() -> None:
    card = of(3)
    left, right = card.jacobians
    assert left is not None
    assert right is not None
    assert (card.name, card.statement, card.cost) == ("v_1", r"X \, W", 24)
    assert [(block.rows, block.columns, block.structure, block.empty) for block in (left, right)] == [
        (6, 6, "blocks", 24), (6, 4, "sparse", 12),
    ]  # fmt: skip
    assert left.block == (2, 2)
    none = None
    assert left.entries == [
        [1, -1, none, none, none, none], [0, 2, none, none, none, none], [none, none, 1, -1, none, none],
        [none, none, 0, 2, none, none], [none, none, none, none, 1, -1], [none, none, none, none, 0, 2],
    ]  # fmt: skip
    assert right.entries == [
        [1, none, 2, none], [none, 1, none, 2], [3, none, 4, none], [none, 3, none, 4], [5, none, 6, none],
        [none, 5, none, 6],
    ]  # fmt: skip
    assert card.text is not None
    assert card.text.jacobian == "60 numbers, 36 empty by structure. Never built."
    assert card.text.product == "Two products of the size of the forward one."
    assert (left.caption, right.caption) == (
        r"$W^{\top}$ on the diagonal, once for each row of $X$.", "Each entry of $X$ times the identity.",
    )  # fmt: skip


def test_the_pulls_of_the_picture() -> None:
    to_x, to_w = of(3).pulls
    assert to_x is not None
    assert to_w is not None
    assert (to_x.to.latex, to_x.latex) == (r"\bar{X}", r"\bar{v}_1 \, W^{\top}")
    assert (to_w.to.latex, to_w.latex) == (r"\bar{W}", r"X^{\top} \, \bar{v}_1")
    assert close(to_x.to.value, [[-1, 15], [-1, 31], [-1, 47]])
    assert close(to_w.to.value, [[-9, 167], [-12, 212]])
    assert [part.latex for part in to_x.operands] == [r"\bar{v}_1", "W"]
    assert [(line.op, line.sign, line.args, line.cost) for line in to_x.lines] == [
        ("transpose", None, [1], 0), ("matmul", "@", [0, 2], 24),
    ]  # fmt: skip


def test_the_broadcast_of_the_picture() -> None:
    card = of(4)
    straight, summed = card.pulls
    assert straight is not None
    assert summed is not None
    assert (straight.lines, straight.summed, straight.latex) == ([], None, r"\bar{v}_2")
    assert close(summed.to.value, [-3, 45])
    assert summed.summed is not None
    assert (summed.summed.axes, summed.summed.wide, summed.summed.narrow) == ((0,), (3, 2), (2,))
    assert [line.op for line in summed.lines] == ["sum_to"]


# ---- other nodes and passes ----


def test_a_node_that_is_not_there() -> None:
    for node in (-1, 99):
        with pytest.raises(EngineError, match="unknown_node"):
            of(node)


def test_inputs_and_constants_have_no_products() -> None:
    for node, name in ((0, "X"), (5, "2")):
        card = of(node)
        assert (card.op, card.name) == (None, name)
        assert card.jacobians == card.pushes == card.pulls == card.closed == []
    assert close(of(0).output[1].value, [[-1, 15], [-1, 31], [-1, 47]])


def test_nothing_is_differentiated_through_a_literal_a_label_or_a_stop() -> None:
    power = of(6)
    assert (power.op, [block is None for block in power.jacobians]) == ("power", [False, True])
    assert power.pulls[1] is power.pushes[1] is None
    labels = api.card("cross_entropy(z, y)", {"z": [[1, 2, 3], [0, 1, 0]], "y": [2, 0]}, "reverse", 2)
    assert [block is None for block in labels.jacobians] == [False, True]
    stop = api.card("stop_gradient(x)*x", {"x": 2}, "reverse", 1)
    assert stop.jacobians == stop.pulls == stop.pushes == [None]


def test_a_graph_of_numbers() -> None:
    card = api.card("x*y + sin(x)", {"x": 2, "y": 5}, "reverse", 2, say=teller("en"))
    pull = card.pulls[0]
    assert pull is not None
    assert (pull.to.latex, pull.latex, pull.to.value) == (r"\bar{x}_{\to v_1}", r"\bar{v}_1 \cdot y", 5)
    assert [block.entries for block in card.jacobians if block is not None] == [[[5]], [[2]]]
    assert card.text is not None
    assert card.text.jacobian == "Of numbers, the Jacobian by each argument is one number: the local partial."
    assert [block.caption for block in card.jacobians if block is not None] == [
        "One number, the local partial $y$.", "One number, the local partial $x$.",
    ]  # fmt: skip


def test_in_forward_mode_there_are_tangents() -> None:
    seed = {"X": [[1, 0], [0, 0], [0, 0]], "W": 0, "b": 0}
    card = api.card(SOURCE, POINT, "forward", 3, seed=seed)
    assert [part.role for part in card.output] == ["primal", "tangent"]
    push = card.pushes[0]
    assert push is not None
    assert close(push.to.value, [[1, 0], [0, 0], [0, 0]])
    assert push.latex == r"\dot{X} \, W"


def test_a_node_that_the_pass_made() -> None:
    document, graph = api.traced(SOURCE, POINT, "adjoint_graph")
    made = next(node for node in reversed(graph.nodes) if node.op is not None and node.op.name == "matmul")
    card = card_of(document, graph, made.id)
    assert card.output[0].role == "adjoint"
    assert close(card.output[0].value, [[-9, 167], [-12, 212]])
    assert card.output[1].value is None, "its own adjoint is never computed"
    assert r"\bar{v}_2" in card.statement, "the adjoint of v1 is that of v2: the same node"
    assert all(pull is not None and pull.to.value is None for pull in card.pulls)


def test_large_blocks_are_not_drawn_but_counted_where_that_is_easy() -> None:
    point = {"X": np.ones((64, 784)), "W": np.ones((784, 128)), "b": np.ones(128)}
    card = api.card(SOURCE, point, "reverse", 3, say=teller("en"))
    assert [(b.entries, b.empty, b.structure) for b in card.jacobians if b is not None] == [(None, None, "sparse")] * 2
    assert card.text is not None
    assert card.text.jacobian == "1,233,125,376 numbers. Never built."
    added = api.card(SOURCE, point, "reverse", 4).jacobians
    assert [(b.entries, b.empty, b.structure) for b in added if b is not None] == [
        (None, 8192 * 8191, "diagonal"), (None, 8192 * 127, "selection"),
    ]  # fmt: skip
    steps = api.card("sum(floor(x))", {"x": np.ones(900_000)}, "reverse", 1).jacobians[0]
    assert steps is not None
    assert (steps.entries, steps.empty, steps.structure) == (None, 900_000**2, "empty")
    lines = api.card("softmax(z)", {"z": np.ones(100)}, "reverse", 1, seed=1).jacobians[0]
    assert lines is not None
    assert (lines.entries, lines.structure) == (None, "dense")


def test_of_a_long_list_the_first_arguments_are_shown() -> None:
    names = [f"x{k}" for k in range(30)]
    card = api.card(f"sum([{', '.join(names)}])", dict.fromkeys(names, 1.0), "reverse", 30)
    assert [pull is not None for pull in card.pulls] == [k < 12 for k in range(30)]
    assert [block is not None for block in card.jacobians] == [push is not None for push in card.pushes]


def test_a_partial_that_is_1_by_chance_makes_no_identity() -> None:
    relu = api.card("sum(relu(x))", {"x": [1, 2]}, "reverse", 1, say=teller("en")).jacobians[0]
    copied = api.card("sum(x + 1)", {"x": [1, 2]}, "reverse", 2, say=teller("en")).jacobians[0]
    assert relu is not None
    assert copied is not None
    assert relu.entries == copied.entries
    assert relu.caption is not None
    assert relu.caption.startswith(r"$[x > 0]$ on the diagonal")
    assert copied.caption == "The identity: every element is passed on as it is."
    scaled = api.card("sum(A * x)", {"A": [[1, 1], [1, 1]], "x": [1, 1]}, "reverse", 2).jacobians[1]
    assert scaled is not None
    assert (scaled.structure, scaled.empty) == ("sparse", 4)


def test_a_convolution_of_four_axes() -> None:
    rng = np.random.default_rng(0)
    point = {"x": rng.normal(size=(1, 1, 4, 4)), "w": rng.normal(size=(2, 1, 2, 2))}
    card = api.card("sum(conv2d(x, w)**2)", point, "reverse", 2)
    by_x, by_w = card.jacobians
    assert by_x is not None
    assert by_w is not None
    assert (by_x.rows, by_x.columns, by_x.empty) == (18, 16, 18 * 16 - 18 * 4)
    assert (by_w.rows, by_w.columns, by_w.structure, by_w.block) == (18, 8, "blocks", (9, 4))
    tape = ArrayTape(g := api.formed("sum(conv2d(x, w)**2)", ((1, 1, 4, 4), (2, 1, 2, 2))), g.outputs, (0, 1))
    for pull, sent in zip(card.pulls, tape.run(point)[1], strict=True):
        assert pull is not None
        assert close(pull.to.value, sent)
