"""Functions of arrays, differentiated by PyTorch in double precision. The lock file of the oracles does not ask for it."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.oracles.tensor_peer import Answer, Function, Namespace

torch.set_default_dtype(torch.float64)


def reduction(function: Any) -> Any:
    """`function(lines, -1)` under NumPy's arguments: any axes, or all."""

    def reduced(x: Any, axis: Any = None, keepdims: bool = False, **more: Any) -> Any:
        given = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
        gone = [k % x.ndim for k in given]
        kept = [k for k in range(x.ndim) if k not in gone]
        lines = x.permute([*kept, *gone]).reshape([x.shape[k] for k in kept] + [prod(x.shape[k] for k in gone)])
        y = function(lines, -1, **more)
        return y.reshape([1 if k in gone else n for k, n in enumerate(x.shape)]) if keepdims else y

    return reduced


def place(shape: Sequence[int], index: Any) -> Any:
    """Where in a flat tensor the elements are that NumPy would pick."""
    return torch.as_tensor(np.array(np.arange(prod(shape)).reshape(shape)[index]))


def scattered(x: Any, index: Any, shape: Sequence[int]) -> Any:
    """Zeros with `x` added at the index."""
    places = place(shape, index)
    return torch.zeros(prod(shape)).index_put((places,), x.expand(places.shape), accumulate=True).reshape(shape)


def either(function: Any) -> Any:
    """A function of two tensors, for numbers too."""
    return lambda a, b: function(torch.as_tensor(a, dtype=torch.float64), torch.as_tensor(b, dtype=torch.float64))


# fmt: off
F = Namespace(
    torch, torch.special, functional,
    sum=reduction(torch.sum), mean=reduction(torch.mean), prod=reduction(torch.prod), amax=reduction(torch.amax),
    amin=reduction(torch.amin), logsumexp=reduction(torch.logsumexp),
    var=reduction(lambda x, axis, ddof=0: torch.var(x, axis, correction=ddof)),
    std=reduction(lambda x, axis, ddof=0: torch.std(x, axis, correction=ddof)),
    argmax=reduction(lambda x, axis: torch.argmax(x, axis).to(x.dtype)),
    argmin=reduction(lambda x, axis: torch.argmin(x, axis).to(x.dtype)),
    array=torch.tensor, expand_dims=torch.unsqueeze, permute_dims=torch.permute,
    maximum=either(torch.maximum), minimum=either(torch.minimum),
    flip=lambda x, axis=None: x.flip(tuple(range(x.ndim)) if axis is None else axis),
    pad=lambda x, pairs: functional.pad(x, [int(n) for pair in reversed(pairs) for n in pair]),
    take=lambda x, indices, axis: x.index_select(axis, torch.tensor([i % x.shape[axis] for i in indices])),
    picked=lambda x, index: x.reshape(-1)[place(x.shape, index)],
    scattered=scattered, grad=torch.func.grad,
    convolved=lambda x, w, stride, padding: (functional.conv1d if w.ndim == 3 else functional.conv2d)(
        x, w, stride=stride, padding=padding
    ),
)
# fmt: on


def answer(function: Function, xs: Sequence[Any], us: Sequence[Any], w: Any) -> Answer:
    """Forward mode; and reverse mode, twice."""
    point = [torch.tensor(x, requires_grad=True) for x in xs]
    direction = [torch.tensor(u) for u in us]
    nothing: Any = sum(0.0 * x.sum() for x in point)  # so that every input is in the graph, and a gradient of 0 is one
    value = function(F, *point)
    vjp = torch.autograd.grad((torch.tensor(w) * value).sum() + nothing, point, create_graph=True)
    along: Any = sum((g * u).sum() for g, u in zip(vjp, direction, strict=True)) + nothing
    hvp = torch.autograd.grad(along, point)
    jvp = torch.func.jvp(lambda *xs: function(F, *xs), tuple(point), tuple(direction))[1]
    return Answer(*[read(part) for part in (value, jvp)], *[[read(part) for part in parts] for parts in (vjp, hvp)])


def read(tensor: Any) -> Any:
    """A tensor as NumPy's array."""
    return tensor.detach().numpy()
