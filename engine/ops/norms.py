"""Norms: of a vector, of a matrix, along all axes or some."""

from __future__ import annotations

from math import inf

import numpy as np

from engine.ops.arithmetic import choose
from engine.ops.comparison import abs, sign
from engine.ops.reduction import REDUCTIONS, along, over, reduced, share, sum
from engine.ops.shaping import Axis, axes_of
from engine.primitive import Carrier, Primitive, Shape, ShapeError, primitive, shape_of, touched


def norm_order(ord: float | str) -> float:
    """1, 2 or infinity. Raises ShapeError `norm_order`."""
    orders: dict[float | str, float] = {1: 1, 2: 2, inf: inf, "fro": 2, "inf": inf}
    if ord not in orders:
        raise ShapeError("norm_order", ord=str(ord))
    return orders[ord]


def induced(rank: int, ord: float | str, axis: Axis) -> tuple[int, int] | None:
    """For a matrix norm, the axis that is summed and the one whose largest sum it is: columns for 1, rows for inf."""
    axes = axes_of(rank, axis)
    if norm_order(ord) == 2 or len(axes) < 2:
        return None
    if len(axes) > 2:
        raise ShapeError("norm_axis")
    return (axes[0], axes[1]) if ord == 1 else (axes[1], axes[0])


def norm_value(x: Carrier, *, ord: float | str = 2, axis: Axis = None, keepdims: bool = False) -> Carrier:
    """Sums of squares are scaled by the largest, so that none overflows or vanishes."""
    size = np.abs(x)
    matrix = induced(np.ndim(x), ord, axis)
    if matrix:
        sums = np.sum(size, axis=matrix[0], keepdims=True)
        return np.max(sums, axis=matrix, keepdims=keepdims, initial=0.0)
    if norm_order(ord) == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    if norm_order(ord) == inf:
        return np.max(size, axis=axis, keepdims=keepdims, initial=0.0)
    largest = np.max(size, axis=axis, keepdims=True, initial=0.0)
    scale = choose((largest == 0) | ~np.isfinite(largest), 1.0, largest)
    scaled = np.sqrt(np.sum(np.square(x / scale), axis=axis, keepdims=True)) * scale
    return np.reshape(scaled, reduced(np.shape(x), axis=axis, keepdims=keepdims))


def norm_shape(shape: Shape, *, ord: float | str = 2, axis: Axis = None, keepdims: bool = False) -> Shape:
    """The shape rule of norm. Raises ShapeError `norm_order`, and `norm_axis` for 1 and inf of more than two axes."""
    induced(len(shape), ord, axis)
    return reduced(shape, axis=axis, keepdims=keepdims)


def norm_slope(y: Carrier, x: Carrier, ord: float | str, axis: Axis) -> Carrier:
    """The gradient of the norm."""
    matrix = induced(len(shape_of(x)), ord, axis)
    if matrix:
        return sign(x) * share(sum(abs(x), axis=matrix[0], keepdims=True), y, matrix)
    if norm_order(ord) == 1:
        return sign(x)
    if norm_order(ord) == inf:
        return sign(x) * share(abs(x), y, axis)
    return over(x, along(y, x, axis))


def norm_latex(count: int, *, ord: float | str = 2, axis: Axis = None, **_: object) -> str:
    """The LaTeX of a norm: double bars, under them the order unless it is 2, and the axes unless they are all."""
    order = "" if norm_order(ord) == 2 else r"\infty" if norm_order(ord) == inf else "1"
    axes = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    along = rf"\operatorname{{axis}} {','.join(map(str, axes))}" if axes else ""
    under = r",\; ".join(filter(None, (order, along)))
    return r"\left\| {0} \right\|" + (f"_{{{under}}}" if under else "")


# fmt: off

norm: Primitive = primitive(
    "norm", norm_value, shape=norm_shape, latex=norm_latex,
    cost=lambda shape, **_: 2 * touched(shape),
    sample=[*REDUCTIONS, ([(4,)], {"ord": 1}), ([(4,)], {"ord": inf}), ([(3, 4)], {"ord": 1, "axis": 1}),
            ([(3, 4)], {"ord": inf, "axis": 0, "keepdims": True}), ([(3, 4)], {"ord": 1}), ([(3, 4)], {"ord": "inf"}),
            ([(2, 3, 4)], {"ord": 1, "axis": (0, -1)}), ([(3, 4)], {"ord": inf, "keepdims": True}),
            ([(3, 4)], {"ord": "fro"})],
    jvps=[lambda t, y, x, ord, axis, keepdims: sum(t * norm_slope(y, x, ord, axis), axis=axis, keepdims=keepdims)],
    vjps=[lambda t, y, x, ord, axis, keepdims: along(t, x, axis) * norm_slope(y, x, ord, axis)],
    en="Norm along the axes: Euclidean (ord 2; of a matrix Frobenius), the sum of the sizes (1) or the largest (inf); "
       "of a matrix the largest column sum (1) or row sum (inf). Of no elements it is 0. Convention: the derivative at "
       "0 is 0, and what ties for the largest shares it equally.",
    zh="沿给定的轴求范数：ord 取 2 为欧几里得范数（矩阵为 Frobenius 范数），取 1 为绝对值之和，取 inf 为最大绝对值；"
       "对矩阵，取 1 为最大列和，取 inf 为最大行和。没有元素时为 0。约定：在 0 处导数取 0，并列最大者均分导数。",
)
