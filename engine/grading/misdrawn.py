"""What is wrong with one node of a computation graph, and answers with known mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine import writing
from engine.grading.likeness import Likeness, Reference
from engine.grading.operations import COMMUTES
from engine.grading.pictures import read as read_picture
from engine.grading.records import CORRECT, INCORRECT, MALFORMED, PARTIAL, Submission

if TYPE_CHECKING:
    from engine.grading.graphs import GraphExercise

WRITTEN = 1_000
"""Operations of a formula that is written out."""
OTHER = {"add": "mul", "mul": "add", "sub": "add", "div": "mul", "sin": "cos", "cos": "sin"}


def explained(reference: Reference, likeness: Likeness, node: int, item: int) -> tuple[str, dict[str, str]]:
    """The mistake that makes an item of the answer differ from the node it stands for; and its words."""
    classes, ours = likeness.classes, reference.classes
    given, right = classes.items[item], ours.items[node]
    read = [likeness.stands[k] for k in given.inputs if not classes.is_constant(k)]
    asked = [ours.of[k] for k in right.inputs if not ours.is_constant(k)]
    if not reference.labelled or given.op is None or right.op is None:
        return ("parallel_edges" if set(read) == set(asked) else "wrong_input"), first_wrong(reference, read, asked)
    (name, _), (expected, _) = classes.spelled(given), ours.spelled(right)
    if name == "mul" and expected == "square" and read == asked * 2:
        return "product_for_power", {}
    if name == "square" and expected == "mul" and read * 2 == asked:
        return "power_for_product", {}
    every = [likeness.stands[k] for k in given.inputs]
    wanted = [ours.of[k] for k in right.inputs]
    if given.op.name == right.op.name and Counter(every) == Counter(wanted):
        return ("argument_order" if every != wanted else "wrong_static"), {}
    if given.op.name == right.op.name and read == asked:
        return "wrong_constant", {}
    if name != expected:
        return "wrong_operation", {}
    return ("parallel_edges" if set(read) == set(asked) else "wrong_input"), first_wrong(reference, read, asked)


def first_wrong(reference: Reference, read: list[int], asked: list[int]) -> dict[str, str]:
    """The first input that a node should read and does not, else one that it reads too often."""
    absent = Counter(asked) - Counter(read)
    surplus = Counter(read) - Counter(asked)
    for kind in [*absent, *surplus, *asked]:
        for i, item in enumerate(reference.classes.items):
            if reference.classes.of[i] == kind:
                return {"input": item.name}
    return {"input": "-"}


# ---- the self-test ----


def submissions(exercise: GraphExercise) -> Iterator[Submission]:
    """The model in all forms, in other names and in another order; mistakes at every node; malformed answers."""
    model = exercise.model()["nodes"]
    graph, count = exercise.graph, len(exercise.operations)
    right: list[Any] = [{"nodes": model}, {"nodes": renamed(model)[::-1]}, model, edges(model)]
    if writing.program(graph):
        right.append(writing.program(graph))
    for answer in right:
        yield Submission(answer, CORRECT, 1.0)
    backwards = edges(model)
    backwards["edges"] = [[b, a] for a, b in backwards["edges"]]
    if exercise.graph.inputs:
        yield Submission(backwards, PARTIAL, 0.5, "reversed_edges")
    score = (count - 1) / count
    verdict = PARTIAL if score else INCORRECT
    single = [i for i in exercise.operations if exercise.reference.counts[exercise.reference.classes.of[i]] == 1]
    for i in single if exercise.task.ops else ():
        name = graph.names[i]
        node = next(node for node in model if node["name"] == name)
        op = node["op"]
        other = OTHER.get(op)
        if other is not None and is_plain(exercise, changed(model, name, op=other), i):
            yield Submission(changed(model, name, op=other), verdict, score, "wrong_operation")
        read = node["inputs"]
        if len(read) == 2 and op not in COMMUTES and read[0] != read[1] and op != "power":
            answer = changed(model, name, inputs=read[::-1])
            if is_plain(exercise, answer, i):
                yield Submission(answer, verdict, score, "argument_order")
        if op in ("square", "power") and (op == "square" or read[1] == "2"):
            answer = changed(model, name, op="mul", inputs=read[:1] * 2)
            if is_plain(exercise, answer, i):
                yield Submission(answer, verdict, score, "product_for_power")
    extra = {"name": "more", "op": "exp", "inputs": [graph.names[graph.outputs[0]]]}
    if exercise.task.ops:
        yield Submission([*model, extra], PARTIAL, count / (count + 1), "extra_node")
    yield Submission([*model, {**extra, "inputs": ["nothing_here"]}], MALFORMED, 0.0)
    yield Submission(3, MALFORMED, 0.0)
    if count > 1 and writing.written_size(graph) < WRITTEN:
        yield Submission(writing.expression(graph), MALFORMED, 0.0)


def is_plain(exercise: GraphExercise, answer: Any, node: int) -> bool:
    """Does a change at one node alter it and what depends on it, and make none of them equal to another node?"""
    graph = exercise.graph
    altered = sum(
        [node.op is not None for node, moved in zip(graph.nodes, graph.depends_on([node]), strict=True) if moved]
    )
    likeness = exercise.reference.compare(read_picture(answer, graph, exercise.task.ops))
    known = [likeness.of[i] in exercise.reference.counts for i in likeness.classes.operations()]
    return known.count(False) == altered


def renamed(model: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same graph in other names."""
    names = {node["name"]: f"n{k}" for k, node in enumerate(model) if "op" in node}
    return [
        {
            **node,
            "name": names.get(node["name"], node["name"]),
            "inputs": [names.get(k, k) for k in node.get("inputs", [])],
        }
        for node in model
    ]


def edges(model: list[dict[str, Any]]) -> dict[str, Any]:
    """The same as a list of edges with operations."""
    ops = {node["name"]: node["op"] for node in model if "op" in node}
    return {"edges": [[k, node["name"]] for node in model for k in node.get("inputs", [])], "ops": ops}


def changed(model: list[dict[str, Any]], name: str, **what: Any) -> dict[str, Any]:
    """The model with one node altered."""
    return {"nodes": [{**node, **what} if node["name"] == name else node for node in model]}
