"""Our derivatives of arrays beside those of JAX and, where it is installed, PyTorch."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from engine import api, limits
from engine.array_tape import ArrayTape
from engine.derive import gradient_graph, simplified
from engine.graph import Builder, Expr, Graph, constant
from engine.objects import hessian_times
from engine.ops import reduction
from tests.oracles import tensor_jax
from tests.oracles.tensor_cases import CASES, Case
from tests.oracles.tensor_peer import Answer, Peer
from tests.oracles.tensor_rows import RowCase, forgotten, row_cases

RELATIVE = 1e-9
CANCELLED = 1e-11
"""Of the largest element of an array, and of 1."""


class Ours(NamedTuple):
    """A result of ours: the field of a peer's answer that it must equal, which way we came by it, and its arrays."""

    field: str
    way: str
    found: Sequence[Any]


class Asked(NamedTuple):
    """One comparison: the function for the peers, where it is asked, and what we say."""

    name: str
    function: Callable[..., Any]
    xs: list[Any]
    us: list[Any]
    w: Any
    ours: list[Ours]


def peers() -> list[Peer]:
    """Those that are installed; PyTorch is no part of the lock file of the oracles."""
    found = [Peer("jax", tensor_jax.answer, threads=4)]
    if find_spec("torch") is not None:
        from tests.oracles import tensor_torch

        found.append(Peer("torch", tensor_torch.answer))
    return found


def of_row(case: RowCase) -> Asked:
    """A row on a graph of its own: its tape, and the gradient's graph of its weighted sum."""
    random = np.random.RandomState(crc32(case.name.encode()))
    names = [f"x{k}" for k in range(len(case.point))]
    builder = Builder()
    handles = [builder.handle(builder.input(name, x.shape)) for name, x in zip(names, case.point, strict=True)]
    y: Expr = case.op(*handles, **case.statics)
    us, w = [np.array(random.normal(size=x.shape)) for x in case.point], np.array(random.normal(size=y.shape))
    point, ids = dict(zip(names, map(constant, case.point), strict=True)), [handle.id for handle in handles]
    tape = ArrayTape(Graph(builder.nodes, [y.id]), [y.id], ids)
    value, vjp = tape.run(point, constant(w))
    aims = dict(zip(names, map(constant, us), strict=True))
    jvp = tape.push(tape.evaluate(point), dict(zip(ids, aims.values(), strict=True)))
    weighed: Expr = reduction.sum(y * constant(w))
    graph = Graph(builder.nodes, [weighed.id])
    gradient = ArrayTape(graph, graph.outputs, ids).run(point)[1]
    slopes = simplified(gradient_graph(graph, names))
    second = ArrayTape(slopes, slopes.outputs, [slopes.inputs[name] for name in names])
    hvp = list(hessian_times(second, names, point, aims).values())
    built = [second.evaluate(point)[output] for output in second.outputs]
    ours = [
        Ours("value", "value", [value]), Ours("jvp", "JVP", jvp), Ours("vjp", "VJP", vjp),
        Ours("vjp", "gradient", gradient), Ours("vjp", "gradient's graph", built), Ours("hvp", "HVP", hvp),
    ]  # fmt: skip
    return Asked(case.name, case.function, case.point, us, w, ours)


def of_case(case: Case) -> Asked:
    """An expression, through the API."""
    random = np.random.RandomState(crc32(case.source.encode()))
    point = {name: draw(random) for name, draw in case.inputs.items()}
    aims = {name: np.array(random.normal(size=x.shape)) for name, x in point.items()}
    inputs, directions = ({name: constant(x) for name, x in each.items()} for each in (point, aims))
    value: Any = api.derivatives(case.source, inputs, ["value"]).value
    shape = np.shape(value)
    w = np.array(random.normal(size=shape))
    small = sum(x.size for x in point.values()) <= limits.HESSIAN_INPUTS
    want = ["value", "jacobian"] if shape else ["value", "gradient", *["hessian"] * small]
    found = api.derivatives(
        case.source, inputs, want, jvp=directions, vjp=constant(w), hvp=None if shape else directions
    )
    assert found.vjp is not None
    ours = [
        Ours("value", "value", [found.value]), Ours("jvp", "JVP", [found.jvp]),
        Ours("vjp", "VJP", [found.vjp[name] for name in point]),
    ]  # fmt: skip
    if found.jacobian is not None:
        rows = [np.tensordot(w, found.jacobian[name], w.ndim) for name in point]
        columns = sum(np.tensordot(found.jacobian[name], u, u.ndim) for name, u in aims.items())
        ours += [Ours("vjp", "Jacobian", rows), Ours("jvp", "Jacobian", [columns])]
    if found.gradient is not None:
        ours.append(Ours("vjp", "gradient", [w * found.gradient[name] for name in point]))
    if found.hvp is not None:
        ours.append(Ours("hvp", "HVP", [w * found.hvp[name] for name in point]))
    if found.hessian is not None:
        blocks = [[np.tensordot(found.hessian[row][name], u, u.ndim) for name, u in aims.items()] for row in point]
        ours.append(Ours("hvp", "Hessian", [w * sum(line) for line in blocks]))
    return Asked(case.source, case.function, list(point.values()), list(aims.values()), w, ours)


def differences(asked: Asked, peer: Peer) -> Iterator[str]:
    """What is not the same, in words."""
    answer: Answer = peer.answer(asked.function, asked.xs, asked.us, asked.w)
    for field, way, found in asked.ours:
        theirs = getattr(answer, field)
        for k, (a, b) in enumerate(zip(found, theirs if isinstance(theirs, list | tuple) else [theirs], strict=True)):
            if not close(np.asarray(a), np.asarray(b)):
                yield f"{peer.name}: {asked.name!r}, {way} {k}: we {np.asarray(a).tolist()}, it {np.asarray(b).tolist()}"


def close(a: Any, b: Any) -> bool:
    """The same shape, and the same finite numbers but for rounding."""
    if a.shape != b.shape or not np.isfinite(b).all():
        return False
    return bool(np.allclose(a, b, rtol=RELATIVE, atol=CANCELLED * np.max(np.abs(b), initial=1.0)))


def compare() -> tuple[list[str], str]:
    """Every difference, and what was compared, in a line."""
    rows, composites = [of_row(case) for case in row_cases()], [of_case(case) for case in CASES]
    asked, libraries = [*rows, *composites], peers()
    found = [f"no expression for the row {name} in tests/oracles/tensor_rows.py" for name in forgotten()]
    for peer in libraries:
        with ThreadPoolExecutor(peer.threads) as pool:
            for different in pool.map(lambda one, peer=peer: list(differences(one, peer)), asked):
                found += different
    missing = "" if len(libraries) > 1 else " (torch is not installed)"
    arrays = sum(len(ours.found) for one in asked for ours in one.ours)
    return found, (
        f"{len(rows)} calls of rows and {len(composites)} expressions of arrays, {arrays} results, compared with "
        f"{' and '.join(peer.name for peer in libraries)}{missing}, {len(found)} differences"
    )
