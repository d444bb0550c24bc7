"""Every row that mixes elements once more, over a peer's namespace; and the arithmetic rows, where shapes differ."""

from collections.abc import Callable, Iterator
from math import inf
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

import engine.ops  # noqa: F401  fills the registry
from engine.primitive import REGISTRY, Primitive, Structural


class RowCase(NamedTuple):
    """A row at a point: `function` is the peer's expression for it, with the statics in it."""

    name: str
    op: Primitive
    statics: dict[str, Any]
    function: Callable[..., Any]
    point: list[Any]


def picks(at: Any) -> Any:
    """NumPy's index for the static of `index` and `scatter`."""
    return tuple(map(pick, at))


def pick(one: Any) -> Any:
    if not isinstance(one, tuple):
        return ... if one == "..." else one
    return np.array(one[1:], dtype=int) if one[:1] == ("list",) else slice(*one)


def sum_to(F: Any, x: Any, shape: Any) -> Any:
    new = F.sum(x, axis=tuple(range(x.ndim - len(shape))))
    return F.sum(new, axis=tuple(k for k, extent in enumerate(shape) if extent == 1), keepdims=True)


def exclusive_prod(F: Any, x: Any) -> Any:
    count = x.shape[-1]
    others = [[x[..., k] for k in range(count) if k != i] for i in range(count)]
    lines = [F.prod(F.stack(line, -1), axis=-1) if line else 1.0 + 0.0 * x[..., 0] for line in others]
    return F.stack(lines, -1)


def norm(F: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    if ord in (2, "fro"):
        return F.sqrt(F.sum(x * x, axis=axis, keepdims=keepdims))
    return F.linalg.norm(x, inf if ord == "inf" else ord, axis, keepdims)


def huber(F: Any, a: Any, b: Any, delta: float) -> Any:
    error = F.abs(a - b)
    return F.mean(F.where(error <= delta, error**2 / 2, delta * error - delta**2 / 2))


def layer_norm(F: Any, x: Any, axis: int, eps: float) -> Any:
    free = x - F.mean(x, axis=axis, keepdims=True)
    return free / F.sqrt(F.mean(free * free, axis=axis, keepdims=True) + eps)


def conv(F: Any, x: Any, w: Any, stride: int = 1, padding: int = 0) -> Any:
    """The peer's own convolution, which wants axes of batch and channels."""
    if w.ndim < 3:
        return conv(F, x[None, None], w[None, None], stride, padding)[0, 0]
    return F.convolved(x, w, stride, padding) if x.ndim == w.ndim else F.convolved(x[None], w, stride, padding)[0]


def conv_input(F: Any, c: Any, w: Any, shape: Any, **how: int) -> Any:
    return F.grad(lambda x: F.sum(c * conv(F, x, w, **how)))(F.zeros(shape))


def conv_kernel(F: Any, x: Any, c: Any, shape: Any, **how: int) -> Any:
    return F.grad(lambda w: F.sum(c * conv(F, x, w, **how)))(F.zeros(shape))


def pooled(F: Any, window: Callable[..., Any], size: int, stride: int | None, *xs: Any) -> Any:
    """`window` of each window of the arrays, one by one."""
    rows, columns = (range(0, extent - size + 1, stride or size) for extent in xs[0].shape[-2:])
    found = [[window(*[x[..., i : i + size, j : j + size] for x in xs]) for j in columns] for i in rows]
    return F.stack([F.stack(line, -1) for line in found], -2)


def pool_pick(F: Any, x: Any, u: Any, size: int, stride: int | None) -> Any:
    def window(x: Any, u: Any) -> Any:
        return F.sum(F.where(x == F.amax(x, axis=(-2, -1), keepdims=True), u, 0.0), axis=(-2, -1))

    return pooled(F, window, size, stride, x, u)


def pool_spread(F: Any, x: Any, t: Any, **how: Any) -> Any:
    return F.grad(lambda u: F.sum(t * pool_pick(F, x, u, **how)))(F.zeros(x.shape))


# fmt: off
ROWS: dict[str, Callable[..., Any]] = {
    "broadcast_to": lambda F, x, shape: F.broadcast_to(x, shape),
    "sum_to": sum_to,
    "reshape": lambda F, x, shape: x.reshape(shape),
    "transpose": lambda F, x, axes: F.permute_dims(x, tuple(range(x.ndim))[::-1] if axes is None else axes),
    "flatten": lambda F, x: x.reshape(-1),
    "squeeze": lambda F, x, axis: x.squeeze() if axis is None else x.squeeze(axis),
    "expand_dims": lambda F, x, axis: F.expand_dims(x, axis),
    "flip": lambda F, x, axis: F.flip(x, axis if axis is None or isinstance(axis, tuple) else (axis,)),
    "roll": lambda F, x, shift, axis: F.roll(x, shift, axis),
    "index": lambda F, x, at: F.picked(x, picks(at)),
    "scatter": lambda F, x, at, shape: F.scattered(x, picks(at), shape),
    "take": lambda F, x, indices, axis: F.take(x, np.array(indices), axis),
    "split": lambda F, x, sections, axis: F.stack(F.tensor_split(x, sections, axis), 0),
    "pad": lambda F, x, widths: F.pad(x, np.broadcast_to(widths, (x.ndim, 2))),
    "stack": lambda F, *xs, axis: F.stack(xs, axis),
    "concatenate": lambda F, *xs, axis: F.concatenate(xs, axis),
    "exclusive_prod": exclusive_prod,
    "norm": norm,
    "cumsum": lambda F, x, axis: F.cumsum(x.reshape(-1), 0) if axis is None else F.cumsum(x, axis),
    "matmul": lambda F, a, b: F.matmul(a, b),
    "outer": lambda F, a, b: a[:, None] * b[None, :],
    "kron": lambda F, a, b: F.kron(a, b),
    "trace": lambda F, x: F.trace(x),
    "diag": lambda F, x: F.diag(x),
    "tril": lambda F, x, k: F.tril(x, k),
    "triu": lambda F, x, k: F.triu(x, k),
    "det": lambda F, x: F.linalg.det(x),
    "cofactor": lambda F, x: F.linalg.det(x) * F.linalg.inv(x).T,
    "logdet": lambda F, x: F.linalg.slogdet(x)[1],
    "inv": lambda F, x: F.linalg.inv(x),
    "solve": lambda F, a, b: F.linalg.solve(a, b),
    "cholesky": lambda F, x: F.linalg.cholesky((x + x.T) / 2),
    "softmax": lambda F, x, axis: F.softmax(x, axis),
    "log_softmax": lambda F, x, axis: F.log_softmax(x, axis),
    "one_hot": lambda F, x, depth: (x[..., None] == F.arange(depth)) * 1.0,
    "cross_entropy": lambda F, x, p: -F.mean(F.sum(p * F.log_softmax(x, -1), axis=-1)),
    "mse": lambda F, a, b: F.mean((a - b) ** 2),
    "binary_cross_entropy": lambda F, p, q: -F.mean(q * F.log(p) + (1 - q) * F.log(1 - p)),
    "huber": huber,
    "hinge": lambda F, a, b: F.mean(F.relu(1 - a * b)),
    "layer_norm": layer_norm,
    "binary_cross_entropy_with_logits": lambda F, x, p: F.mean(F.softplus(x) - p * x),
    "dot": lambda F, a, b: F.matmul(a, b),
    "conv1d": conv,
    "conv2d": conv,
    "conv_input": conv_input,
    "conv_kernel": conv_kernel,
    "max_pool2d": lambda F, x, size, stride: pooled(F, lambda part: F.amax(part, axis=(-2, -1)), size, stride, x),
    "avg_pool2d": lambda F, x, size, stride: pooled(F, lambda part: F.mean(part, axis=(-2, -1)), size, stride, x),
    "pool_pick": pool_pick,
    "pool_spread": pool_spread,
}
REDUCTIONS = ("sum", "mean", "prod", "amax", "amin", "var", "std", "logsumexp", "argmax", "argmin")
ROWS |= {name: lambda F, x, name=name, **statics: getattr(F, name)(x, **statics) for name in REDUCTIONS}

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": lambda F, a, b: a + b,
    "sub": lambda F, a, b: a - b,
    "mul": lambda F, a, b: a * b,
    "div": lambda F, a, b: a / b,
    "power": lambda F, a, b: a**b,
    "log_base": lambda F, a, b: F.log(a) / F.log(b),
    "where": lambda F, c, a, b: F.where(c > 0, a, b),
    "clip": lambda F, x, low, high: F.minimum(F.maximum(x, low), high),
}
ARITHMETIC |= {
    name: lambda F, a, b, name=name: getattr(F, name)(a, b)
    for name in ("xlogy", "maximum", "minimum", "hypot", "atan2")
}
SHAPES = [((3, 1), (4,)), ((4,), (3, 1)), ((2, 1, 3), (4, 1)), ((), (3,)), ((3,), ())]
# fmt: on


def drawn(op: Structural, shapes: Any, low: float = -2.0, high: float = 2.0) -> list[Any]:
    """Arguments for a call of a row's sample: definite for cholesky, classes for one_hot."""
    random = np.random.RandomState(crc32(f"{op}{shapes}".encode()))
    point = [np.array(random.uniform(low, high, size=shape)) for shape in shapes]
    if op.name == "cholesky":
        return [x @ x.T + np.eye(len(x)) for x in point]
    return [np.floor(np.abs(x)) for x in point] if op.name == "one_hot" else point


def bound(function: Callable[..., Any], statics: dict[str, Any]) -> Callable[..., Any]:
    """The function of arrays alone."""
    return lambda F, *xs: function(F, *xs, **statics)


def forgotten() -> list[str]:
    """The rows without an expression here."""
    return [op.name for op in REGISTRY.values() if isinstance(op, Structural) and op.name not in ROWS]


def row_cases() -> Iterator[RowCase]:
    """Every call of the rows' samples, then every pair of shapes."""
    for op in REGISTRY.values():
        if isinstance(op, Structural) and op.name in ROWS:
            for shapes, given, *interval in op.sample:
                statics = {**op.statics, **given}
                point = drawn(op, shapes, *(interval[0] if interval else ()))
                yield RowCase(f"{op} {shapes} {given}", op, statics, bound(ROWS[op.name], statics), point)
    for name, function in ARITHMETIC.items():
        for shapes in SHAPES:
            random = np.random.RandomState(crc32(f"{name}{shapes}".encode()))
            point = [np.array(random.uniform(0.5, 1.5, size=shape)) for shape in shapes]
            point[-1] += 1.5 if name == "log_base" else 0.0
            if name == "where":
                point.insert(0, np.array([1.0, 0.0]).reshape(2, 1, 1))
            if name == "clip":
                point.append(np.array([1.0, 1.2]).reshape(2, 1, 1))
            yield RowCase(f"{name} {shapes}", REGISTRY[name], {}, function, point)
