"""What makes one number of many, along all axes or some: sums, means, products, extrema."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from math import prod as times
from typing import Any

import numpy as np

from engine.ops.arithmetic import choose
from engine.ops.comparison import equal, where
from engine.ops.elementary import exp
from engine.ops.picking import concatenate, index
from engine.ops.shaping import Axis, axes_of, back, broadcast_to, flip, moved, reshape, transpose
from engine.primitive import Carrier, Primitive, Shape, ShapeError, itself, primitive, shape_of, touched, zero

REDUCTIONS: list[Any] = [
    ([(4,)], {}), ([(3, 4)], {"axis": 0}), ([(3, 4)], {"axis": -1, "keepdims": True}), ([(3, 4)], {}),
    ([(2, 3, 4)], {"axis": (0, 2)}), ([(2, 3)], {"keepdims": True}), ([(2, 3, 4)], {"axis": (-1, 0), "keepdims": True}),
    ([()], {}),
]  # fmt: skip
PLACES = [call for call in REDUCTIONS if not isinstance(call[1].get("axis"), tuple)]


# ---- axes ----


def reduced(shape: Shape, *, axis: Axis = None, keepdims: bool = False, **_: object) -> Shape:
    """The shape that is left."""
    gone = axes_of(len(shape), axis)
    kept = [1 if i in gone else extent for i, extent in enumerate(shape)]
    return tuple(extent for i, extent in enumerate(kept) if keepdims or i not in gone)


def not_empty(shape: Shape, *, axis: Axis = None, keepdims: bool = False, **_: object) -> Shape:
    """The same where something must be there to choose from. Raises ShapeError `empty_reduction`."""
    if not times(shape[i] for i in axes_of(len(shape), axis)):
        raise ShapeError("empty_reduction")
    return reduced(shape, axis=axis, keepdims=keepdims)


def run_through(shape: Shape, *, axis: int | None = None) -> Shape:
    """The shape rule of cumsum: without an axis, all elements in one line. Raises ShapeError `one_axis`."""
    if not isinstance(axis, int | None):
        raise ShapeError("one_axis")
    return (times(shape),) if axis is None else moved(shape, axis=axis)


def along(t: Carrier, x: Carrier, axis: Axis) -> Carrier:
    """`t`, of a reduced shape, ready to broadcast with `x`: with the lost axes back, of extent 1, unless a number."""
    return reshaped(t, reduced(shape_of(x), axis=axis, keepdims=True)) if shape_of(t) else t


def reshaped(x: Carrier, shape: Shape) -> Carrier:
    """`x` in this shape: itself where it has it."""
    return x if shape_of(x) == shape else reshape(x, shape=shape)


def count(x: Carrier, axis: Axis) -> int:
    """How many elements are reduced to one."""
    shape = shape_of(x)
    return times(shape if axis is None else [shape[i] for i in axes_of(len(shape), axis)])


def one_place(shape: Shape, *, axis: Axis = None, keepdims: bool = False, **_: object) -> Shape:
    """The shape rule of a place: all axes, or one. Raises ShapeError `one_axis`, `empty_reduction`."""
    if not isinstance(axis, int | None):
        raise ShapeError("one_axis")
    return not_empty(shape, axis=axis, keepdims=keepdims)


# ---- rules ----


def share(x: Carrier, y: Carrier, axis: Axis) -> Carrier:
    """What part of an extremum's derivative each element gets: those that attain it, equal parts."""
    attained = equal(x, along(y, x, axis))
    return attained / sum(attained, axis=axis, keepdims=True)


def extremum_jvp(t: Carrier, y: Carrier, x: Carrier, axis: Axis, keepdims: bool) -> Carrier:
    """The mean of the tangents of those that attain it."""
    return sum(t * share(x, y, axis), axis=axis, keepdims=keepdims)


def extremum_vjp(t: Carrier, y: Carrier, x: Carrier, axis: Axis, keepdims: bool) -> Carrier:
    """The cotangent, in equal parts to those that attain it."""
    return along(t, x, axis) * share(x, y, axis)


def line_order(rank: int, axis: Axis) -> tuple[int, ...]:
    """The axes that stay, then those that are reduced."""
    gone = axes_of(rank, axis)
    return (*(i for i in range(rank) if i not in gone), *gone)


def others(x: Carrier, axis: Axis) -> Carrier:
    """For each element the product of all others along the axes."""
    shape = shape_of(x)
    order = line_order(len(shape), axis)
    straight = order == tuple(range(len(shape)))
    turned = x if straight else transpose(x, axes=order)
    lines = (*reduced(shape, axis=axis), count(x, axis))
    products = reshaped(exclusive_prod(reshaped(turned, lines)), shape_of(turned))
    return products if straight else transpose(products, axes=back(len(shape), order))


def exclusive_value(x: Carrier) -> Carrier:
    """The product of what stands before each element, times that of what stands after it."""
    one = np.ones((*np.shape(x)[:-1], 1))
    before = np.cumprod(np.concatenate([one, x], axis=-1)[..., :-1], axis=-1)
    after = np.cumprod(np.concatenate([one, np.flip(x, -1)], axis=-1)[..., :-1], axis=-1)
    return before * np.flip(after, -1)


def exclusive_shape(shape: Shape) -> Shape:
    """The shape rule of exclusive_prod: a number stands in no line."""
    axes_of(len(shape), -1)
    return shape


def exclusive_rule(t: Carrier, y: Carrier, x: Carrier) -> Carrier:
    """Both maps, as a Hessian is symmetric: each t_k times the product of all but two, summed over k."""
    if not shape_of(x)[-1]:
        return t
    before, before_slope = scan(x, t)
    after, after_slope = (flip(part, axis=-1) for part in scan(flip(x, axis=-1), flip(t, axis=-1)))
    return before_slope * after + before * after_slope


def scan(x: Carrier, t: Carrier) -> tuple[Carrier, Carrier]:
    """The products of what stands before each element, and their tangents, by doubling (Hillis and Steele 1986)."""
    product, slope, step = shifted(x, 1, 1.0), shifted(t, 1, 0.0), 1
    while step < shape_of(x)[-1] - 1:
        earlier = shifted(product, step, 1.0)
        product, slope = product * earlier, slope * earlier + product * shifted(slope, step, 0.0)
        step *= 2
    return product, slope


def shifted(x: Carrier, by: int, fill: float) -> Carrier:
    """The elements moved right along the last axis."""
    lead = shape_of(x)[:-1]
    rest = index(x, at=(*((None, None, None),) * len(lead), (None, -by, None)))
    return concatenate(np.full((*lead, by), fill), rest, axis=-1)


def deviation(x: Carrier, axis: Axis) -> Carrier:
    """The distance of each element from the mean."""
    return x - mean(x, axis=axis, keepdims=True)


def over(a: Carrier, b: Carrier) -> Carrier:
    """a / b, taken as 0 where b is 0."""
    zero_there = equal(b, 0.0)
    return where(zero_there, 0.0, a / where(zero_there, 1.0, b))


def extremum(pick: Callable[..., Carrier], x: Carrier, axis: Axis, keepdims: bool) -> Carrier:
    """np.max or np.min of at least one element."""
    not_empty(np.shape(x), axis=axis)
    return pick(x, axis=axis, keepdims=keepdims)


def freedom(x: Carrier, axis: Axis, ddof: float) -> np.float64:
    """What a sum of squared deviations is divided by."""
    return np.float64(max(count(x, axis) - ddof, 0))


def var_value(x: Carrier, *, axis: Axis = None, keepdims: bool = False, ddof: float = 0) -> Carrier:
    """The variance, measured from the first element, so that equal elements have exactly 0."""
    gone = axes_of(np.ndim(x), axis)
    first = tuple(slice(0, 1) if i in gone else slice(None) for i in range(np.ndim(x)))
    offset = x - np.asarray(x)[first]
    middle = np.sum(offset, axis=gone, keepdims=True) / np.float64(count(x, axis))
    return np.sum(np.square(offset - middle), axis=gone, keepdims=keepdims) / freedom(x, axis, ddof)


def std_value(x: Carrier, *, axis: Axis = None, keepdims: bool = False, ddof: float = 0) -> Carrier:
    """The root of the variance."""
    return np.sqrt(var_value(x, axis=axis, keepdims=keepdims, ddof=ddof))


def logsumexp_value(x: Carrier, *, axis: Axis = None, keepdims: bool = False) -> Carrier:
    """The largest exponent is taken out, so that nothing overflows (Blanchard, Higham and Higham 2021)."""
    most = np.max(x, axis=axis, keepdims=True, initial=-inf)
    most = choose(np.isfinite(most), most, 0.0)
    found = np.log(np.sum(np.exp(x - most), axis=axis, keepdims=True)) + most
    return np.reshape(found, reduced(np.shape(x), axis=axis, keepdims=keepdims))


def place(pick: Callable[..., Any], x: Carrier, axis: int | None, keepdims: bool) -> Carrier:
    """np.argmax or np.argmin, as floats."""
    one_place(np.shape(x), axis=axis)
    return np.asarray(pick(x, axis=axis, keepdims=keepdims), dtype=float)[()]


def called(name: str) -> Callable[..., str]:
    """The LaTeX of a reduction: its name, the axes under it, the argument."""

    def template(count: int, *, axis: Axis = None, **_: object) -> str:
        axes = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        listed = ",".join(map(str, axes))
        under = f"_{listed}" if len(listed) == 1 else f"_{{{listed}}}" if listed else ""
        return f"\\operatorname{{{name}}}{under}({{0}})"

    return template


# fmt: off

sum: Primitive = primitive(
    "sum", lambda x, *, axis=None, keepdims=False: np.add.reduce(x, axis=axis, keepdims=keepdims), shape=reduced,
    latex=called("sum"), aliases=["reduce_sum"], sample=REDUCTIONS,
    jvps=[itself("sum")],
    vjps=[lambda t, y, x, axis, keepdims: broadcast_to(along(t, x, axis), shape=shape_of(x))],
    en="Sum along the axes, all unless said; of no elements it is 0.",
    zh="沿给定的轴求和，未指定则对全部元素求和；没有元素时为 0。",
)

mean: Primitive = primitive(
    "mean", lambda x, *, axis=None, keepdims=False:
    np.add.reduce(x, axis=axis, keepdims=keepdims) / freedom(x, axis, 0),
    shape=reduced, latex=called("mean"), aliases=["reduce_mean", "average"], sample=REDUCTIONS,
    jvps=[itself("mean")],
    vjps=[lambda t, y, x, axis, keepdims: broadcast_to(along(t, x, axis) / freedom(x, axis, 0), shape=shape_of(x))],
    en="Mean along the axes, all unless said; of no elements it is undefined.",
    zh="沿给定的轴取平均，未指定则对全部元素取平均；没有元素时未定义。",
)

prod: Primitive = primitive(
    "prod", lambda x, *, axis=None, keepdims=False: np.prod(x, axis=axis, keepdims=keepdims), shape=reduced,
    latex=called("prod"), aliases=["reduce_prod"], sample=REDUCTIONS,
    jvps=[lambda t, y, x, axis, keepdims: sum(t * others(x, axis), axis=axis, keepdims=keepdims)],
    vjps=[lambda t, y, x, axis, keepdims: along(t, x, axis) * others(x, axis)],
    en="Product along the axes, all unless said; of no elements it is 1. Each partial is the product of the others, "
       "also where there are zeros.",
    zh="沿给定的轴求积，未指定则对全部元素求积；没有元素时为 1。对每个元素的偏导数是其余元素之积，含零时同样成立。",
)

exclusive_prod: Primitive = primitive(
    "exclusive_prod", exclusive_value, shape=exclusive_shape, cost=lambda shape: 3 * touched(shape), internal=True,
    latex=r"\operatorname{others}({0})",
    sample=[([(2,)], {}), ([(4,)], {}), ([(2, 5)], {}), ([(1,)], {}), ([(2, 1, 3)], {})],
    jvps=[exclusive_rule], vjps=[exclusive_rule],
    en="For each element the product of all others along the last axis. Nothing is divided, so zeros do no harm.",
    zh="沿最后一个轴，对每个元素求其余元素之积。不作除法，因此含零也不受影响。",
)

amax: Primitive = primitive(
    "amax", lambda x, *, axis=None, keepdims=False: extremum(np.max, x, axis, keepdims), shape=not_empty,
    latex=called("max"), aliases=["reduce_max"], sample=REDUCTIONS,
    jvps=[extremum_jvp], vjps=[extremum_vjp],
    en="Largest element along the axes, of which there must be one; max(A) means the same. Convention: those that tie "
       "share the derivative equally.",
    zh="沿给定的轴取最大元素，至少要有一个元素，也可写作 max(A)。约定：并列最大的元素均分导数。",
)

amin: Primitive = primitive(
    "amin", lambda x, *, axis=None, keepdims=False: extremum(np.min, x, axis, keepdims), shape=not_empty,
    latex=called("min"), aliases=["reduce_min"], sample=REDUCTIONS,
    jvps=[extremum_jvp], vjps=[extremum_vjp],
    en="Smallest element along the axes, of which there must be one; min(A) means the same. Convention: those that tie "
       "share the derivative equally.",
    zh="沿给定的轴取最小元素，至少要有一个元素，也可写作 min(A)。约定：并列最小的元素均分导数。",
)

var: Primitive = primitive(
    "var", var_value, shape=reduced, cost=lambda shape, **_: 4 * touched(shape), latex=called("var"),
    aliases=["reduce_variance"], sample=[*REDUCTIONS, ([(3, 4)], {"axis": 1, "ddof": 1})],
    jvps=[lambda t, y, x, axis, keepdims, ddof: sum(
        t * deviation(x, axis), axis=axis, keepdims=keepdims) / (freedom(x, axis, ddof) / 2)],
    vjps=[lambda t, y, x, axis, keepdims, ddof: along(t, x, axis) * deviation(x, axis) / (freedom(x, axis, ddof) / 2)],
    en="Variance along the axes: the sum of the squared deviations from the mean, divided by their number less ddof. "
       "Of one element it is 0, with ddof 1 undefined, as it is of none.",
    zh="沿给定的轴求方差：离差平方和除以元素个数与 ddof 之差。一个元素时为 0，ddof 为 1 则未定义；没有元素时未定义。",
)

std: Primitive = primitive(
    "std", std_value, shape=reduced, cost=lambda shape, **_: 4 * touched(shape), latex=called("std"),
    aliases=["reduce_std"], sample=[*REDUCTIONS[:-1], ([(3, 4)], {"axis": 1, "ddof": 1})],
    jvps=[lambda t, y, x, axis, keepdims, ddof: sum(
        t * over(deviation(x, axis), along(y, x, axis)), axis=axis, keepdims=keepdims) / freedom(x, axis, ddof)],
    vjps=[lambda t, y, x, axis, keepdims, ddof: along(t, x, axis) * over(
        deviation(x, axis), along(y, x, axis)) / freedom(x, axis, ddof)],
    en="Standard deviation, the root of the variance, undefined where that is. Convention: where all elements are "
       "equal, the derivative is 0.",
    zh="标准差，即方差的平方根；方差未定义时也未定义。约定：元素全部相等时导数取 0。",
)

logsumexp: Primitive = primitive(
    "logsumexp", logsumexp_value, shape=reduced, latex=called("logsumexp"), aliases=["reduce_logsumexp"],
    sample=REDUCTIONS,
    jvps=[lambda t, y, x, axis, keepdims: sum(t * exp(x - along(y, x, axis)), axis=axis, keepdims=keepdims)],
    vjps=[lambda t, y, x, axis, keepdims: along(t, x, axis) * exp(x - along(y, x, axis))],
    en="ln of the sum of exp, without overflow; its gradient is the softmax. Of no elements, or where all are minus "
       "infinity, it is minus infinity, the gradient undefined.",
    zh="先取指数、求和再取对数，不会上溢；梯度就是 softmax。没有元素或元素全为负无穷大时，值为负无穷大，梯度未定义。",
)

cumsum: Primitive = primitive(
    "cumsum", lambda x, *, axis=None: np.cumsum(x, axis=axis), shape=run_through, latex=called("cumsum"),
    sample=[([(4,)], {}), ([(3, 4)], {"axis": 1}), ([(3, 4)], {"axis": -2}), ([(2, 3)], {}), ([()], {})],
    jvps=[itself("cumsum")],
    vjps=[lambda t, y, x, axis: reshaped(flip(cumsum(flip(t, axis=axis), axis=axis), axis=axis), shape_of(x))],
    en="Running sum along an axis, or row by row through all elements; backward it runs from the end.",
    zh="沿一个轴的累积和，未指定轴则按行遍历全部元素；反向传播时从末尾往回累加。",
)

argmax: Primitive = primitive(
    "argmax", lambda x, *, axis=None, keepdims=False: place(np.argmax, x, axis, keepdims), shape=one_place,
    latex=called("argmax"), sample=PLACES,
    jvps=[zero], vjps=[zero],
    en="Place of the largest element, from 0, the first of those that tie; there must be one. It jumps, so there is "
       "no gradient: 0.",
    zh="最大元素的位置，从 0 数起，并列时取第一个；至少要有一个元素。它是跳变的，没有梯度，导数为 0。",
)

argmin: Primitive = primitive(
    "argmin", lambda x, *, axis=None, keepdims=False: place(np.argmin, x, axis, keepdims), shape=one_place,
    latex=called("argmin"), sample=PLACES,
    jvps=[zero], vjps=[zero],
    en="Place of the smallest element, from 0, the first of those that tie; there must be one. It jumps, so there is "
       "no gradient: 0.",
    zh="最小元素的位置，从 0 数起，并列时取第一个；至少要有一个元素。它是跳变的，没有梯度，导数为 0。",
)
