"""Forward mode, reverse mode, the built reverse graph and the tape give one gradient, and every pass leaves a legal graph."""

from __future__ import annotations

import math

import pytest

from engine.derive import derivative, gradient_graph, simplified
from engine.graph import Graph
from engine.passes.adjoint_graph import adjoint_graph
from engine.passes.evaluate import evaluate
from engine.passes.forward import forward
from engine.passes.reverse import reverse
from engine.passes.simplify import simplify
from engine.tape import Tape
from engine.trace import finish, record
from tests.engine.random_graphs import random_graph, random_graphs

BLOCKS, BLOCK = 20, 500


def agree(first: float, second: float, scale: float) -> bool:
    if not (math.isfinite(first) and math.isfinite(second)):
        return True  # where one mode meets 0 * inf the other need not; issue of conventions, not of rules
    return abs(first - second) <= 1e-9 * max(1.0, scale, abs(first))


@pytest.mark.parametrize("block", range(BLOCKS))
def test_forward_reverse_and_built_graph_agree_on_random_graphs(block: int) -> None:
    finite = 0
    for graph, point in random_graphs(BLOCK, first=block * BLOCK, operations=10):
        names, ids, output = list(graph.inputs), list(graph.inputs.values()), graph.outputs[0]
        back = finish(reverse(graph, point, ids))
        backward = [back.adjoints[i] or 0.0 for i in ids]
        scale = max(abs(adjoint or 0.0) for adjoint in back.adjoints)
        for name, adjoint in zip(names, backward, strict=True):
            direction = {other: float(other == name) for other in names}
            tangent = finish(forward(graph, point, direction))[1][output]
            assert agree(adjoint, tangent or 0.0, scale), (name, adjoint, tangent)
        built = finish(adjoint_graph(graph, point, ids))
        built.graph.check()
        again = finish(evaluate(built.graph, point))
        for i, adjoint in zip(ids, backward, strict=True):
            if i in built.adjoints:
                assert built.values is not None
                assert again[built.adjoints[i]] == built.values[built.adjoints[i]] or adjoint != adjoint
                assert agree(adjoint, again[built.adjoints[i]], scale)
            else:
                assert adjoint == 0.0
        value, taped = Tape(graph, output, ids).run(point)
        assert value == back.values[output]
        assert all(agree(a, b, scale) for a, b in zip(backward, taped, strict=True))
        finite += all(map(math.isfinite, backward))
    assert finite > 0.95 * BLOCK


def test_seeds_are_linear() -> None:
    for graph, point in random_graphs(200, first=70_000):
        ids, output = list(graph.inputs.values()), graph.outputs[0]
        one, three = (
            [adjoint or 0.0 for adjoint in finish(reverse(graph, point, ids, seed)).adjoints] for seed in (1.0, 3.0)
        )
        assert all(agree(3 * a, b, 3 * abs(a)) for a, b in zip(one, three, strict=True))
        tangents = [finish(forward(graph, point, dict.fromkeys(point, t)))[1][output] or 0.0 for t in (1.0, 3.0)]
        assert agree(3 * tangents[0], tangents[1], abs(tangents[1]))
        assert agree(tangents[0], sum(one[i] for i in ids), max(map(abs, one)))


def test_simplifying_keeps_every_value_and_leaves_no_match() -> None:
    for graph, point in random_graphs(300, first=80_000):
        ids = list(graph.inputs.values())
        built = finish(adjoint_graph(graph, point, ids))
        assert built.values is not None
        steps = record(simplify(built.graph, point))
        simple = steps.result[1].check()
        assert sum(n.op is not None for n in simple.nodes) <= sum(n.op is not None for n in built.graph.nodes)
        values = finish(evaluate(simple, point))
        for before, after in zip(built.graph.outputs, simple.outputs, strict=True):
            assert agree(built.values[before], values[after], abs(values[after]))
        assert not [e for e in record(simplify(simple)).events if type(e).__name__ == "Rewrite"]


def test_an_unread_node_is_dropped_and_every_kept_one_is_read() -> None:
    for graph, _ in random_graphs(100, first=90_000):
        simple = simplified(gradient_graph(graph, list(graph.inputs)))
        live = simple.leads_to(simple.outputs)
        assert all(live[node.id] or node.name is not None for node in simple.nodes)


def test_hessians_are_symmetric() -> None:
    for graph, point in random_graphs(150, first=100_000, operations=6, inputs=2):
        mixed = [
            finish(evaluate(g, point))[g.outputs[0]]
            for g in (derivative(graph, path) for path in (["x0", "x1"], ["x1", "x0"]))
        ]
        assert agree(mixed[0], mixed[1], abs(mixed[0]))


def test_a_chain_of_a_hundred_thousand_nodes_needs_no_recursion() -> None:
    from engine.graph import Builder
    from engine.primitive import REGISTRY

    builder = Builder(limit=200_000)
    node = builder.input("x")
    for _ in range(100_000):
        node = builder.apply(REGISTRY["sin"], (node,))
    graph = Graph(builder.nodes, [node]).check()
    value, (slope,) = Tape(graph, node, [0]).run({"x": 1.0})
    back = finish(reverse(graph, {"x": 1.0}, [0]))
    assert (value, slope) == (back.values[node], back.adjoints[0])
    assert 0 < slope < value < 0.01


def test_random_graphs_are_many_kinds() -> None:
    used = {repr(node.op) for seed in range(300) for node in random_graph(seed)[0].nodes if node.op}
    assert len(used) > 40
