"""Operations that mix elements, on arrays of mpmath's numbers, where the row itself works on floats alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from engine.methods.reference import mp
from engine.ops import linear, losses, norms, picking, reduction, shaping
from engine.primitive import Primitive, Shape

METHODS = ("exp", "expm1", "log", "log1p", "sqrt", "tanh")
"""What NumPy calls on the elements of an array of objects in the place of its own functions."""


@cache
def numbers() -> Any:
    """mpmath's numbers, whose class answers when NumPy calls an element's `exp`."""
    own = mp()
    for name in METHODS:
        setattr(own.mpf, name, method(getattr(own, name)))
    return own


def method(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of a number as its method."""

    def called(x: Any) -> Any:
        return function(x)

    return called


def cells(shape: Shape, fill: Any = 0) -> Any:
    """An array of objects."""
    found = np.empty(shape, dtype=object)
    found[...] = mp().mpf(fill)
    return found


def of_matrix(matrix: Any) -> Any:
    """A matrix of mpmath as an array."""
    return np.array(matrix.tolist(), dtype=object)


def matrix(x: Any) -> Any:
    """An array as a matrix of mpmath."""
    return mp().matrix(x.tolist())


def spread(x: Any, *, shape: Shape) -> Any:
    """`broadcast_to`."""
    found = cells(shape)
    found[...] = x
    return found


def solve(a: Any, b: Any) -> Any:
    """`solve`: a vector, or the columns of a matrix."""
    columns = b.T if b.ndim == 2 else [b]
    found = np.array([of_matrix(mp().lu_solve(matrix(a), matrix(column)))[:, 0] for column in columns], dtype=object)
    return found.T if b.ndim == 2 else found[0]


def cofactor(x: Any) -> Any:
    """`cofactor`, by the minors themselves."""
    size = len(x)
    found = cells((size, size), 1)
    for i in range(size if size > 1 else 0):
        for j in range(size):
            minor = np.delete(np.delete(x, i, 0), j, 1)
            found[i, j] = (-1) ** (i + j) * mp().det(matrix(minor))
    return found


def logsumexp(x: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """`logsumexp`: here nothing overflows."""
    return np.log(np.asarray(np.sum(np.exp(x), axis=axis, keepdims=keepdims), dtype=object))


def norm(x: Any, *, ord: float | str = 2, axis: Any = None, keepdims: bool = False) -> Any:
    """`norm` of order 2, the root of the sum of squares; the others are sums and maxima."""
    if norms.norm_order(ord) == 2 and not norms.induced(np.ndim(x), ord, axis):
        return np.sqrt(np.asarray(np.sum(np.square(x), axis=axis, keepdims=keepdims), dtype=object))
    return norms.norm_value(x, ord=ord, axis=axis, keepdims=keepdims)


def scatter(x: Any, *, at: Any, shape: Shape) -> Any:
    """`scatter`: what falls on one place is summed."""
    found = cells(shape)
    np.add.at(found, picking.selection(at), x)
    return found


def places(op: Primitive) -> Callable[..., Any]:
    """An operation whose result is whole numbers: those of floats."""

    def found(x: Any, **statics: Any) -> Any:
        return np.asarray(op.value(np.asarray(x, dtype=float), **statics), dtype=float).astype(object)

    return found


ROWS: dict[Primitive, Callable[..., Any]] = {
    shaping.broadcast_to: spread,
    picking.scatter: scatter,
    reduction.logsumexp: logsumexp,
    norms.norm: norm,
    linear.det: lambda x: mp().det(matrix(x)),
    linear.logdet: lambda x: mp().log(abs(mp().det(matrix(x)))),
    linear.inv: lambda x: of_matrix(mp().inverse(matrix(x))),
    linear.cholesky: lambda x: of_matrix(mp().cholesky(matrix((x + x.T) / 2))),
    linear.solve: solve,
    linear.cofactor: cofactor,
    **{op: places(op) for op in (reduction.argmax, reduction.argmin, losses.one_hot)},
}
"""What stands in the place of a row's own function."""
