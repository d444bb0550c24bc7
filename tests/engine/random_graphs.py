"""Seeded random graphs over every differentiable row, with values kept tame so that comparing means something."""

from __future__ import annotations

import random
from collections.abc import Iterator

from engine.graph import Builder, Graph
from engine.kernels import kernel
from engine.primitive import REGISTRY, Primitive

SMOOTH: list[Primitive] = [
    REGISTRY[name]
    for name in (
        "add sub mul div neg reciprocal square power exp expm1 log log1p log2 log10 sqrt cbrt sin cos tan asin acos atan "
        "atan2 sinh cosh tanh asinh acosh atanh sigmoid softplus relu leaky_relu elu gelu silu erf erfc lgamma digamma abs "
        "minimum maximum hypot where stop_gradient log_base"
    ).split()
]


def random_graph(seed: int, operations: int = 12, inputs: int = 3) -> tuple[Graph, dict[str, float]]:
    """A checked graph of at most `operations` operations, and a point at which every value is finite and moderate."""
    rng = random.Random(seed)
    builder = Builder()
    point = {f"x{i}": round(rng.uniform(0.3, 2.0), 3) for i in range(inputs)}
    values = []
    for name, value in point.items():
        builder.input(name)
        values.append(value)
    attempts = 0
    while len(builder.nodes) < inputs + operations and attempts < 20 * operations:
        attempts += 1
        op = rng.choice(SMOOTH)
        if rng.random() < 0.15:
            builder.const(float(rng.choice([-1, 0.5, 2, 3])))
            values.append(builder.nodes[-1].const or 0.0)
        args = tuple(rng.choice((len(values) - 1, rng.randrange(len(values)))) for _ in range(op.arity))
        value = kernel(op)(*[values[i] for i in args])
        if 1e-2 < abs(value) < 20:
            builder.apply(op, args)
            values.append(value)
    output = max(node.id for node in builder.nodes if node.op is not None)
    return Graph(builder.nodes, [output]).check(), point


def random_graphs(count: int, first: int = 0, **size: int) -> Iterator[tuple[Graph, dict[str, float]]]:
    """`count` graphs from consecutive seeds."""
    return (random_graph(seed, **size) for seed in range(first, first + count))
