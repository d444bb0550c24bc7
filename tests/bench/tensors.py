"""Gradients of graphs of arrays, on one thread: beside NumPy written by hand, PyTorch eager, and the value alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from engine.api import parsed, tape
from engine.array_tape import ArrayTape
from tests.bench.gradients import seconds

ROUNDS = 25
CALLS = 20
RNG = np.random.RandomState(0)
BATCH, PIXELS, HIDDEN, CLASSES = 32, 784, 128, 10
POINTS, COMPONENTS, AXES = 1000, 10, 5


class Case(NamedTuple):
    """A formula, its point, the inputs to differentiate by, the same for torch, and the aims by peer."""

    name: str
    source: str
    point: Mapping[str, Any]
    wrt: tuple[str, ...]
    torch: Callable[..., Any]
    aims: Mapping[str, float]


NETWORK = {
    "X": RNG.randn(BATCH, PIXELS), "W1": RNG.randn(PIXELS, HIDDEN) * 0.05, "b1": np.zeros(HIDDEN),
    "W2": RNG.randn(HIDDEN, CLASSES) * 0.1, "b2": np.zeros(CLASSES), "y": RNG.randint(0, CLASSES, BATCH).astype(float),
}  # fmt: skip
LINE = RNG.randn(POINTS)
MIXTURE = {
    "X": RNG.randn(POINTS, AXES), "mu": RNG.randn(COMPONENTS, AXES), "w": RNG.randn(COMPONENTS),
    "s": RNG.randn(COMPONENTS, AXES) * 0.1,
}  # fmt: skip


def network_by_hand() -> list[Any]:
    """Value and gradient of the network, as one writes them in NumPy."""
    x, w1, b1, w2, b2, labels = NETWORK.values()
    rows, y = np.arange(BATCH), labels.astype(int)
    z = x @ w1 + b1
    a = np.maximum(z, 0)
    logits = a @ w2 + b2
    low = logits - logits.max(1, keepdims=True)
    grown = np.exp(low)
    total = grown.sum(1, keepdims=True)
    loss = -(low[rows, y] - np.log(total[:, 0])).mean()
    d = grown / total
    d[rows, y] -= 1
    d /= BATCH
    back = (d @ w2.T) * (z > 0)
    return [loss, x.T @ back, back.sum(0), a.T @ d, d.sum(0)]


def cases() -> list[Case]:
    """The objectives of the issue; torch is imported here, when its threads are set."""
    import torch

    torch.set_num_threads(1)
    relu, cross_entropy, lse = torch.relu, torch.nn.functional.cross_entropy, torch.logsumexp
    return [
        Case(
            "MLP 784-128-10, batch 32", "cross_entropy(relu(X @ W1 + b1) @ W2 + b2, y)", NETWORK,
            ("W1", "b1", "W2", "b2"),
            lambda X, W1, b1, W2, b2, y: cross_entropy(relu(X @ W1 + b1) @ W2 + b2, y.long()),
            {"NumPy by hand": 1.2, "torch eager": 0.6},
        ),
        Case(
            "linear regression, 1,000 points", "mean((w*x + b - t)^2)",
            {"w": 0.5, "x": LINE, "b": 0.1, "t": 2 * LINE + 1}, ("w", "b"),
            lambda w, x, b, t: ((w * x + b - t) ** 2).mean(), {"torch eager": 0.4},
        ),
        Case(
            "Rosenbrock, n = 1,000", "sum(100*(x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)", {"x": LINE}, ("x",),
            lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum(), {"the value alone": 3.5},
        ),
        Case(
            "Gaussian mixture, 1,000 points",
            "d = (X[:, None, :] - mu)*exp(s)\n"
            "sum(logsumexp(w - 0.5*sum(d^2, axis=2) + sum(s, axis=1), axis=1)) - 1000*logsumexp(w)",
            MIXTURE, ("mu", "w", "s"),
            lambda X, mu, w, s: lse(
                w - 0.5 * (((X[:, None, :] - mu) * torch.exp(s)) ** 2).sum(2) + s.sum(1), 1
            ).sum() - 1000 * lse(w, 0),
            {"the value alone": 3.5},
        ),
    ]  # fmt: skip


def ours(case: Case) -> tuple[ArrayTape, dict[str, Any]]:
    """The tape, and the point in the order of the inputs."""
    names = list(parsed(case.source).inputs)
    point = {name: case.point[name] for name in names}
    found = tape(case.source, tuple(np.shape(value) for value in point.values()), None, case.wrt)
    assert isinstance(found, ArrayTape)
    return found, point


def with_torch(case: Case) -> Callable[[], list[Any]]:
    """Value and gradient by torch, eager."""
    import torch

    leaves = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=name in case.wrt)
        for name, value in case.point.items()
    }

    def run() -> list[Any]:
        for name in case.wrt:
            leaves[name].grad = None
        loss = case.torch(**leaves)
        loss.backward()
        return [loss.detach().numpy(), *(leaves[name].grad.numpy() for name in case.wrt)]

    return run


def rows() -> list[dict[str, Any]]:
    """A row per objective and peer; every peer agrees with us before it is timed."""
    table: list[dict[str, Any]] = []
    for case in cases():
        run, point = ours(case)
        peers: dict[str, Callable[[], Any]] = {"torch eager": with_torch(case)}
        if case.point is NETWORK:
            peers["NumPy by hand"] = network_by_hand
        value, gradient = run.run(point)
        for peer in peers.values():
            for mine, theirs in zip([value, *gradient], peer(), strict=True):
                assert np.allclose(mine, theirs, rtol=1e-9, atol=1e-12)
        peers["the value alone"] = lambda run=run, point=point: run.evaluate(point)  # type: ignore[misc]
        spent = seconds([lambda run=run, point=point: run.run(point), *peers.values()], CALLS, ROUNDS)  # type: ignore[misc]
        for peer_name, times in zip(peers, spent[1:], strict=True):
            table.append(
                {
                    "name": case.name, "size": POINTS if case.point is not NETWORK else BATCH, "ours": median(spent[0]),
                    "unit": "s", "peer": peer_name, "ratio": median(spent[0]) / median(times),
                    "aim": case.aims.get(peer_name), "note": f"at best {min(spent[0]) / min(times):.2f}",
                }
            )  # fmt: skip
    return table
