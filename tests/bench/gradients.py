"""Value and gradient of scalar graphs beside torch eager, alone and with the whole reverse trace and its bytes.

Times are of the processor, not of the clock, so that others on the machine disturb less; the rounds are interleaved.
"""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Callable, Sequence
from math import isclose
from statistics import median
from time import process_time
from typing import Any

from engine.graph import Builder, Graph
from engine.kernels import linear_kernel
from engine.passes import PASSES, Job
from engine.primitive import REGISTRY
from engine.tape import Tape
from server import wire

OPERATIONS = [REGISTRY[name] for name in ("add", "sub", "mul", "div", "sin", "exp", "log", "tanh")]
INPUTS = 8
SIZES = {"dag": (100, 1_000, 10_000, 20_000), "chain": (100_000,)}
TRACED = 20_000
AIMS = {
    "value + gradient": 0.06,
    "the same, with making the tape": None,
    "reverse trace": None,
    "reverse trace + JSON": 0.2,
}
MEMORY_AIM = 100.0
NODES_A_ROUND = 20_000
ROUNDS = 15

Numbers = tuple[float, list[float]]


def scalars(operations: int, width: int = INPUTS) -> tuple[Graph, dict[str, float]]:
    """A seeded graph of so many operations, every one of which leads to the output, and a point.

    A machine of `width` registers: an operation reads and overwrites one, and may read another or an input. Width 1 is
    a chain. An operation is kept if its value and the largest of its derivatives by the inputs are between 0.1 and
    10: nothing overflows, the gradient neither explodes nor fades out, and so comparing means something.
    """
    rng = random.Random(operations)
    builder = Builder(limit=10**6)
    point = {f"x{i}": 0.5 + 0.2 * i for i in range(INPUTS)}
    values = list(point.values())
    slopes = [[float(i == k) for k in range(INPUTS)] for i in map(builder.input, point)]
    registers, every = list(range(width)), [True] * (INPUTS + operations)
    while len(values) < INPUTS + operations:
        closing = INPUTS + operations - len(values) < len(registers)  # the last ones add the registers up
        op = REGISTRY["add"] if closing else rng.choice(OPERATIONS)
        slot = 0 if closing else rng.randrange(len(registers))
        other = registers[-1] if closing else rng.choice((*registers, *range(INPUTS)))
        inputs = (registers[slot], other)[: op.arity]
        value, partials, _ = linear_kernel(op)(values, every, inputs)
        slope = [sum(d * slopes[i][k] for d, i in zip(partials, inputs, strict=True)) for k in range(INPUTS)]
        if not closing and not (0.1 < abs(value) < 10 and 0.1 < max(map(abs, slope)) < 10):
            continue
        registers[slot] = builder.apply(op, inputs)
        values.append(value)
        slopes.append(slope)
        if closing:
            registers.pop()
    return Graph(builder.nodes, registers[:1]), point


def with_torch(graph: Graph, point: dict[str, float]) -> Callable[[], Numbers]:
    """The same operations by torch: its graph is built by running them, then backward()."""
    import torch

    torch.set_num_threads(1)
    functions = {op: getattr(torch, op.name) for op in OPERATIONS}
    program = [(functions[node.op], *(*node.inputs, None)[:2]) for node in graph.nodes if node.op is not None]

    def run() -> Numbers:
        inputs = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in point.values()]
        values = list(inputs)
        for function, i, j in program:
            values.append(function(values[i]) if j is None else function(values[i], values[j]))
        values[-1].backward()
        return values[-1].item(), [float(tensor.grad) for tensor in inputs]

    return run


def ways(graph: Graph, point: dict[str, float]) -> dict[str, Callable[[], Any]]:
    """What is measured, in the order of AIMS, and last the peer."""
    output, ids = graph.outputs[0], list(graph.inputs.values())
    tape = Tape(graph, output, ids)
    job = Job(graph, point, list(point), None, {})

    def trace() -> list[Any]:
        return PASSES["reverse"].run(job).events

    return dict(
        zip(
            [*AIMS, "torch"],
            [
                lambda: tape.run(point),
                lambda: Tape(graph, output, ids).run(point),
                trace,
                lambda: wire.encode(trace()),
                with_torch(graph, point),
            ],
            strict=True,
        )
    )


def check(graph: Graph, point: dict[str, float], ours: Numbers, peer: Numbers) -> None:
    """All agree on the gradient, and the benchmark is about one that neither faded out nor exploded."""
    traced = PASSES["reverse"].run(Job(graph, point, list(point), None, {})).result.result
    scale = max(map(abs, peer[1]))
    assert 0.01 < scale < 100, scale
    for found in (ours, (traced["value"], list(traced["gradient"].values()))):
        assert all(isclose(a, b, rel_tol=1e-6, abs_tol=1e-6 * scale) for a, b in zip(found[1], peer[1], strict=True))
        assert isclose(found[0], peer[0], rel_tol=1e-6)


def seconds(functions: Sequence[Callable[[], Any]], calls: int, rounds: int) -> list[list[float]]:
    """Per function the processor time of one call in every round."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for function, spent in zip(functions, times, strict=True):
            start = process_time()
            for _ in range(calls):
                function()
            spent.append((process_time() - start) / calls)
    return times


def memory() -> float:
    """The most MiB that a trace of TRACED operations and its bytes take at a time."""
    graph, point = scalars(TRACED)
    job = Job(graph, point, list(point), None, {})
    tracemalloc.start()
    kept = PASSES["reverse"].run(job)
    body = wire.encode(kept.events)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert body
    return most / 2**20


def rows() -> list[dict[str, Any]]:
    """A row per size and way; `ratio` is of the medians, the `note` has that of the fastest rounds."""
    table: list[dict[str, Any]] = []
    for kind, sizes in SIZES.items():
        for size in sizes:
            graph, point = scalars(size, width=1 if kind == "chain" else INPUTS)
            functions = ways(graph, point)
            names = list(functions)
            check(graph, point, functions[names[0]](), functions["torch"]())
            gc.collect()
            gc.freeze()  # as the server does after its start
            times = seconds(list(functions.values()), max(1, NODES_A_ROUND // size), ROUNDS if size < 100_000 else 5)
            gc.unfreeze()
            peer = times[-1]
            for name, spent in zip(names[:-1], times, strict=False):
                table.append(
                    {
                        "name": f"{name}, {kind}", "size": size, "ours": median(spent), "unit": "s",
                        "peer": "torch eager", "ratio": median(spent) / median(peer), "aim": AIMS[name],
                        "note": f"{min(spent) / size * 1e6:.2f} us a node at best, ratio {min(spent) / min(peer):.3f}",
                    }
                )  # fmt: skip
    used = memory()
    table.append(
        {
            "name": "memory of a trace + JSON, MiB", "size": TRACED, "ours": used, "peer": "100 MiB",
            "ratio": used / MEMORY_AIM, "aim": 1.0, "note": "peak, by tracemalloc",
        }
    )  # fmt: skip
    return table
