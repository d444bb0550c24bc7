"""What moves elements and keeps them: broadcasting and its transpose, new axes, other orders."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.primitive import Carrier, Primitive, Shape, ShapeError, broadcast, itself, primitive, shape_of

Axis = int | Sequence[int] | None


def sum_to_value(x: Carrier, *, shape: Shape) -> Carrier:
    """Sum over the axes that broadcasting `shape` would add or stretch."""
    wide = shape_of(x)
    lead = len(wide) - len(shape)
    if lead == 1 and wide[1:] == shape:
        return np.add.reduce(x)
    stretched = [axis for axis, extent in enumerate(shape, lead) if extent != wide[axis]]
    found = np.add.reduce(x, axis=(*range(lead), *stretched))
    return found.reshape(shape) if stretched else found


def spread(x: Carrier, *, shape: Shape) -> Carrier:
    """The elements of x repeated; as an array of its own, which is quicker to make than NumPy's view."""
    out = np.empty(shape)
    out[...] = x
    return out


def wider(source: Shape, *, shape: Shape) -> Shape:
    """The shape rule of broadcast_to."""
    if min(shape, default=0) < 0 or broadcast(source, shape) != tuple(shape):
        raise ShapeError("broadcast_rule")
    return tuple(shape)


def narrower(source: Shape, *, shape: Shape) -> Shape:
    """The shape rule of sum_to."""
    wider(shape, shape=source)
    return tuple(shape)


def same_size(source: Shape, *, shape: Shape) -> Shape:
    """The shape rule of reshape: -1 stands for the extent that makes the sizes equal."""
    known = prod(extent for extent in shape if extent != -1)
    if list(shape).count(-1) == 1 and known and prod(source) % known == 0:
        shape = tuple(prod(source) // known if extent == -1 else extent for extent in shape)
    if min(shape, default=0) < 0 or prod(shape) != prod(source):
        raise ShapeError("same_size", size=prod(source))
    return tuple(shape)


def permuted(source: Shape, *, axes: Sequence[int] | None = None) -> Shape:
    """The shape rule of transpose. Raises ShapeError `axis_range`, `each_axis_once`."""
    order = turned(len(source), axes) if axes is None else axes_of(len(source), axes)
    if len(order) < len(source):
        raise ShapeError("each_axis_once", rank=len(source))
    return tuple(source[axis] for axis in order)


def turned(rank: int, axes: Sequence[int] | None) -> tuple[int, ...]:
    """The order of the axes that `transpose` gives: reversed unless said."""
    return tuple(reversed(range(rank))) if axes is None else tuple(axis % rank if rank else axis for axis in axes)


def back(rank: int, axes: Sequence[int] | None) -> tuple[int, ...] | None:
    """The order that undoes `turned`."""
    return None if axes is None else tuple(int(axis) for axis in np.argsort(turned(rank, axes)))


def axes_of(rank: int, axis: Axis) -> tuple[int, ...]:
    """The axes meant, counted from the front. Raises ShapeError `axis_range`, `each_axis_once`."""
    given = tuple(range(rank)) if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    found = tuple(one_of(rank, one) for one in given)
    if len(set(found)) < len(found):
        raise ShapeError("each_axis_once", rank=rank)
    return found


def one_of(rank: int, axis: int) -> int:
    """One axis, counted from the front. Raises ShapeError `axis_range`."""
    if not -rank <= axis < rank:
        raise ShapeError("axis_range", axis=axis, rank=rank)
    return axis % rank


def moved(source: Shape, *, axis: Axis = None, **_: object) -> Shape:
    """The shape rule of what moves elements along axes."""
    axes_of(len(source), axis)
    return source


def nothing(*_: Shape, **__: object) -> int:
    """The cost of an operation that only moves elements."""
    return 0


# ---- new and lost axes ----


def squeezed(source: Shape, *, axis: Axis = None) -> Shape:
    """The shape rule of squeeze. Raises ShapeError `squeeze_one`."""
    if axis is None:
        return tuple(extent for extent in source if extent != 1)
    gone = axes_of(len(source), axis)
    for place in gone:
        if source[place] != 1:
            raise ShapeError("squeeze_one", axis=place)
    return tuple(extent for place, extent in enumerate(source) if place not in gone)


def expanded(source: Shape, *, axis: int) -> Shape:
    """The shape rule of expand_dims."""
    place = one_of(len(source) + 1, axis)
    return (*source[:place], 1, *source[place:])


# fmt: off

broadcast_to: Primitive = primitive(
    "broadcast_to", spread, shape=wider, cost=nothing,
    latex=r"\operatorname{broadcast}({0})", sample=[([(3,)], {"shape": (2, 3)}), ([(2, 1)], {"shape": (4, 2, 3)})],
    jvps=[itself("broadcast_to")],
    vjps=[lambda t, y, x, shape: sum_to(t, shape=shape_of(x))],
    en="The same elements repeated along new axes and axes of extent 1; the derivative is summed over them.",
    zh="沿新增的轴和长度为 1 的轴重复元素（广播）；反向传播时沿这些轴求和。",
)

sum_to: Primitive = primitive(
    "sum_to", sum_to_value, shape=narrower, internal=True,
    latex=r"\operatorname{sum\_to}({0})", sample=[([(2, 3)], {"shape": (3,)}), ([(4, 2, 3)], {"shape": (2, 1)})],
    jvps=[itself("sum_to")],
    vjps=[lambda t, y, x, shape: broadcast_to(t, shape=shape_of(x))],
    en="Broadcasting undone: sums over the axes along which the shape was stretched.",
    zh="广播的转置：沿被拉伸的轴求和，恢复原来的形状。",
)

reshape: Primitive = primitive(
    "reshape", lambda x, *, shape: np.asarray(x).reshape(shape), shape=same_size, cost=nothing,
    latex=r"\operatorname{reshape}({0})", sample=[([(2, 6)], {"shape": (3, 4)}), ([(2, 6)], {"shape": (-1,)})],
    jvps=[itself("reshape")],
    vjps=[lambda t, y, x, shape: reshape(t, shape=shape_of(x))],
    en="The same elements, row by row, in another shape.",
    zh="按行依次取出元素，排成另一种形状。",
)

transpose: Primitive = primitive(
    "transpose", lambda x, *, axes=None: np.asarray(x).transpose(axes), shape=permuted, cost=nothing,
    latex=lambda count, axes: "{0}^{\\top}" if axes is None else r"\operatorname{transpose}({0})", precedence=45,
    sample=[([(2, 3)], {}), ([(2, 3, 4)], {"axes": (1, 2, 0)}), ([(3,)], {})],
    jvps=[itself("transpose")],
    vjps=[lambda t, y, x, axes: transpose(t, axes=back(len(shape_of(x)), axes))],
    en="Axes in another order, reversed unless said: rows become columns.",
    zh="交换轴的次序，默认整体倒序：行变为列。",
)

flatten: Primitive = primitive(
    "flatten", np.ravel, shape=lambda source: (prod(source),), cost=nothing, aliases=["ravel"],
    latex=r"\operatorname{vec}({0})", sample=[([(2, 3)], {}), ([(4,)], {})],
    jvps=[lambda t, y, x: flatten(t)],
    vjps=[lambda t, y, x: reshape(t, shape=shape_of(x))],
    en="All elements, row by row, as one vector.",
    zh="把全部元素按行排成一个向量。",
)

squeeze: Primitive = primitive(
    "squeeze", lambda x, *, axis=None: np.squeeze(x, axis), shape=squeezed, cost=nothing,
    latex=r"\operatorname{squeeze}({0})",
    sample=[([(1, 3, 1)], {}), ([(1, 3, 1)], {"axis": -1}), ([(1, 3, 1)], {"axis": (0, 2)})],
    jvps=[itself("squeeze")],
    vjps=[lambda t, y, x, axis: reshape(t, shape=shape_of(x))],
    en="The same elements without the axes of extent 1.",
    zh="去掉长度为 1 的轴，元素不变。",
)

expand_dims: Primitive = primitive(
    "expand_dims", lambda x, *, axis: np.expand_dims(x, axis), shape=expanded, cost=nothing, aliases=["unsqueeze"],
    latex=r"\operatorname{expand}({0})", sample=[([(3,)], {"axis": 0}), ([(2, 3)], {"axis": -1})],
    jvps=[itself("expand_dims")],
    vjps=[lambda t, y, x, axis: reshape(t, shape=shape_of(x))],
    en="The same elements with a new axis of extent 1.",
    zh="增加一个长度为 1 的轴，元素不变。",
)

flip: Primitive = primitive(
    "flip", lambda x, *, axis=None: np.flip(x, axis), shape=moved, cost=nothing, aliases=["reverse"],
    latex=r"\operatorname{flip}({0})",
    sample=[([(4,)], {}), ([(2, 3)], {"axis": -1}), ([(2, 3)], {"axis": (0, 1)}), ([(2, 3)], {})],
    jvps=[itself("flip")],
    vjps=[lambda t, y, x, axis: flip(t, axis=axis)],
    en="The elements in reverse order along the axes.",
    zh="沿给定的轴把元素倒序排列。",
)

roll: Primitive = primitive(
    "roll", lambda x, *, shift, axis=None: np.roll(x, shift, axis), shape=moved, cost=nothing,
    latex=r"\operatorname{roll}({0})",
    sample=[([(4,)], {"shift": 1}), ([(2, 3)], {"shift": -1, "axis": -1}), ([(2, 3)], {"shift": 2})],
    jvps=[itself("roll")],
    vjps=[lambda t, y, x, shift, axis: roll(t, shift=-shift, axis=axis)],
    en="The elements shifted along an axis, or row by row through all; those that leave come in at the other end.",
    zh="沿轴循环移位，未指定轴则按行依次移位；移出的元素从另一端补入。",
)
