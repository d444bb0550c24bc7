"""What takes elements out and puts them together: indices, parts, margins, stacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.shaping import nothing, one_of, reshape, transpose, wider
from engine.primitive import Carrier, Primitive, Shape, ShapeError, itself, primitive, shape_of

At = tuple[Any, ...]
"""An index: numbers, None for a new axis, "..." for all axes between, (start, stop, step), ("list", i, j, ...)."""


# ---- several arrays as one ----


def stacked(*shapes: Shape, axis: int = 0) -> Shape:
    """The shape rule of stack."""
    if len(set(shapes)) > 1:
        raise ShapeError("equal_shapes")
    place = one_of(len(shapes[0]) + 1, axis)
    return (*shapes[0][:place], len(shapes), *shapes[0][place:])


def joined(*shapes: Shape, axis: int = 0) -> Shape:
    """The shape rule of concatenate."""
    if not all(shapes):
        raise ShapeError("stack_numbers")
    place = one_of(len(shapes[0]), axis)
    rests = {(len(shape), *shape[:place], *shape[place + 1 :]) for shape in shapes}
    if len(rests) > 1:
        raise ShapeError("equal_but_one", axis=axis)
    return (*shapes[0][:place], sum(shape[place] for shape in shapes), *shapes[0][place + 1 :])


def part_of_stack(k: int, rank: int, axis: int) -> At:
    """Where array k stands in a stack of this rank."""
    return (*((None, None, None),) * one_of(rank, axis), k)


def part_of_row(k: int, xs: Sequence[Carrier], axis: int) -> At:
    """Where array k stands among those concatenated."""
    place = one_of(len(shape_of(xs[0])), axis)
    start = sum(shape_of(x)[place] for x in xs[:k])
    return (*((None, None, None),) * place, (start, start + shape_of(xs[k])[place], None))


# ---- parts and margins ----


def divided(source: Shape, *, sections: int, axis: int = 0) -> Shape:
    """The shape rule of split. Raises ShapeError `equal_parts`."""
    place = one_of(len(source), axis)
    if sections < 1 or source[place] % sections:
        raise ShapeError("equal_parts", extent=source[place], sections=sections)
    return (sections, *source[:place], source[place] // sections, *source[place + 1 :])


def split_value(x: Carrier, *, sections: int, axis: int = 0) -> Carrier:
    """The parts, one after the other along a new first axis."""
    return np.stack(np.split(x, sections, axis))


def split_vjp(t: Carrier, y: Carrier, x: Carrier, sections: int, axis: int) -> Carrier:
    """The parts put back: their axis goes before the one that was cut, and the two become one."""
    place = one_of(len(shape_of(x)), axis)
    order = (*range(1, place + 1), 0, *range(place + 1, len(shape_of(y))))
    return reshape(transpose(t, axes=order), shape=shape_of(x))


def margins(rank: int, widths: Any) -> tuple[tuple[int, int], ...]:
    """What pad adds (before, after) each axis: one number or one pair is for all. Raises ShapeError `pad_widths`."""
    if isinstance(widths, int):
        widths = (widths, widths)
    if len(widths) == 2 and all(isinstance(width, int) for width in widths):
        widths = (widths,) * rank
    if len(widths) != rank or any(isinstance(pair, int) or len(pair) != 2 or min(pair) < 0 for pair in widths):
        raise ShapeError("pad_widths", rank=rank)
    return tuple((before, after) for before, after in widths)


def padded(source: Shape, *, widths: Any) -> Shape:
    """The shape rule of pad."""
    pairs = margins(len(source), widths)
    return tuple(before + extent + after for extent, (before, after) in zip(source, pairs, strict=True))


def pad_value(x: Carrier, *, widths: Any) -> Carrier:
    """Zeros all around; a number has no sides."""
    pairs = margins(np.ndim(x), widths)
    return np.pad(x, pairs) if pairs else x


def inside(source: Shape, widths: Any) -> At:
    """Where the array stands in what pad made of it."""
    pairs = margins(len(source), widths)
    return tuple((before, before + extent, None) for extent, (before, _) in zip(source, pairs, strict=True))


# ---- picking ----


def taken_at(rank: int, indices: Sequence[int], axis: int) -> At:
    """take as an index."""
    return (*((None, None, None),) * one_of(rank, axis), ("list", *indices))


def selection(at: At) -> tuple[Any, ...]:
    """The items of an index as NumPy takes them."""
    return tuple(
        item if item is None or isinstance(item, int) else Ellipsis if item == "..." else
        list(item[1:]) if item[:1] == ("list",) else slice(*item)
        for item in at
    )  # fmt: skip


def picked(source: Shape, *, at: At) -> Shape:
    """The shape rule of index. Raises ShapeError `too_many_indices`, `index_range`, `slice_step`, `index_form`."""
    items = [item for item in at if item is not None]
    before, after = items, []
    if "..." in items:
        before, after = items[: items.index("...")], items[items.index("...") + 1 :]
    if "..." in after:
        raise ShapeError("index_form")
    if len(before) + len(after) > len(source):
        raise ShapeError("too_many_indices", rank=len(source))
    for axis, item in (*enumerate(before), *enumerate(after, len(source) - len(after))):
        check_item(item, source[axis], axis)
    try:
        shape: Shape = np.broadcast_to(np.False_, source)[selection(at)].shape
    except IndexError:  # lists of different lengths
        raise ShapeError("index_form") from None
    return shape


def check_item(item: Any, extent: int, axis: int) -> None:
    """Is there something in the place that one item of an index names? Raises ShapeError if not."""
    places = (item,) if isinstance(item, int) else item[1:] if item[:1] == ("list",) else ()
    for place in places:
        if not -extent <= place < extent:
            raise ShapeError("index_range", index=place, extent=extent, axis=axis)
    if not places and item[-1:] == (0,):
        raise ShapeError("slice_step")


def filled(source: Shape, *, at: At, shape: Shape) -> Shape:
    """The shape rule of scatter."""
    wider(source, shape=picked(shape, at=at))
    return tuple(shape)


def placed(t: Carrier, *, at: At, shape: Shape) -> Carrier:
    """Zeros, with `t` added at the places."""
    out = np.zeros(shape)
    if any(isinstance(item, tuple) and item[:1] == ("list",) for item in at):
        np.add.at(out, selection(at), t)  # a place may be named twice
    else:
        out[selection(at)] = t
    return out[()]


def written(count: int, *, at: At) -> str:
    """An index as it is typed."""
    return "{0}[" + ", ".join(map(item_text, at)) + "]"


def item_text(item: Any) -> str:
    """One item of an index."""
    if item is None or isinstance(item, int) or item == "...":
        return r"\ldots" if item == "..." else str(item) if item is not None else r"\mathrm{None}"
    if item[:1] == ("list",):
        return "[" + ", ".join(map(str, item[1:])) + "]"
    start, stop, step = ("" if bound is None else str(bound) for bound in item)
    return f"{start}:{stop}" + (f":{step}" if step else "")


index: Primitive = primitive(
    "index",
    lambda x, *, at: np.asarray(x)[selection(at)],
    shape=picked,
    internal=True,
    cost=nothing,
    latex=written,
    precedence=90,
    sample=[
        ([(4,)], {"at": (1,)}),
        ([(4,)], {"at": ((None, None, 2),)}),
        ([(3, 4)], {"at": (-1,)}),
        ([(3, 4)], {"at": ((None, None, None), 2)}),
        ([(3, 4)], {"at": ("...", None, (1, 3, None))}),
        ([(4,)], {"at": (("list", 0, 2, 0),)}),
        ([(3, 4)], {"at": ((None, None, None), ("list", 1, -1, 1))}),
        ([(3, 4)], {"at": ((None, None, -1), None, 1)}),
        ([(3, 4)], {"at": (1, 2)}),
    ],
    jvps=[itself("index")],
    vjps=[lambda t, y, x, at: scatter(t, at=at, shape=shape_of(x))],
    en="The elements that an index or a slice picks; the others have derivative 0.",
    zh="按下标或切片取出元素；未取到的元素导数为 0。",
)

scatter: Primitive = primitive(
    "scatter",
    placed,
    shape=filled,
    internal=True,
    latex=r"\operatorname{scatter}({0})",
    sample=[
        ([(2,)], {"at": ((None, None, 2),), "shape": (4,)}),
        ([(3,)], {"at": (("list", 0, 2, 0),), "shape": (4,)}),
        ([()], {"at": (1,), "shape": (3,)}),
        ([(3, 1)], {"at": ((None, None, None), (1, 3, None)), "shape": (3, 4)}),
    ],
    jvps=[itself("scatter")],
    vjps=[lambda t, y, x, at, shape: index(t, at=at)],
    en="Picking transposed: the elements go to the places an index names, among zeros; in one place they are summed.",
    zh="取下标的转置：把元素放回下标所指的位置，其余为 0；落在同一位置的相加。",
)

take: Primitive = primitive(
    "take",
    lambda x, *, indices, axis=0: np.take(x, np.array(indices, dtype=int), axis),
    cost=nothing,
    shape=lambda source, indices, axis=0: picked(source, at=taken_at(len(source), indices, axis)),
    latex=r"\operatorname{take}({0})",
    sample=[
        ([(4,)], {"indices": (2, 0)}),
        ([(3, 4)], {"indices": (1, 1, -1)}),
        ([(3, 4)], {"indices": (3, 0, 3), "axis": -1}),
    ],
    jvps=[itself("take")],
    vjps=[lambda t, y, x, indices, axis: scatter(t, at=taken_at(len(shape_of(x)), indices, axis), shape=shape_of(x))],
    en="The elements, or rows, with these numbers along an axis; one that is taken twice gets both derivatives.",
    zh="沿轴按序号取出元素或行；重复取出的元素，其导数相加。",
)

split: Primitive = primitive(
    "split",
    split_value,
    shape=divided,
    cost=nothing,
    latex=r"\operatorname{split}({0})",
    sample=[
        ([(6,)], {"sections": 3}),
        ([(4, 3)], {"sections": 2}),
        ([(2, 6)], {"sections": 3, "axis": -1}),
        ([(2, 4, 3)], {"sections": 2, "axis": 1}),
    ],
    jvps=[itself("split")],
    vjps=[split_vjp],
    en="Cut along an axis into equal parts, which are stacked along a new first axis.",
    zh="沿轴等分为若干段，各段沿新的第一个轴排列。",
)

pad: Primitive = primitive(
    "pad",
    pad_value,
    shape=padded,
    cost=nothing,
    latex=r"\operatorname{pad}({0})",
    sample=[([(3,)], {"widths": 1}), ([(2, 3)], {"widths": (1, 2)}), ([(2, 3)], {"widths": ((0, 1), (2, 0))})],
    jvps=[itself("pad")],
    vjps=[lambda t, y, x, widths: index(t, at=inside(shape_of(x), widths))],
    en="Zeros added before and after along each axis; the derivative is cut to the part inside.",
    zh="在每个轴的前后补零；反向传播时只保留内部的部分。",
)

stack: Primitive = primitive(
    "stack",
    lambda *xs, axis=0: np.stack(xs, axis),
    shape=stacked,
    cost=nothing,
    latex=lambda count, axis: "[" + ", ".join(f"{{{k}}}" for k in range(count)) + "]",
    sample=[([(), ()], {}), ([(3,), (3,), (3,)], {"axis": 1}), ([(2, 3), (2, 3)], {"axis": -1}), ([(2,)], {})],
    jvps=lambda k: lambda t, y, *xs, axis: scatter(t, at=part_of_stack(k, len(shape_of(y)), axis), shape=shape_of(y)),
    vjps=lambda k: lambda t, y, *xs, axis: index(t, at=part_of_stack(k, len(shape_of(y)), axis)),
    en="Equal shapes side by side along a new axis; a list of numbers is a vector.",
    zh="把形状相同的数组沿新轴排列；一列数就是一个向量。",
)

concatenate: Primitive = primitive(
    "concatenate",
    lambda *xs, axis=0: np.concatenate(xs, axis),
    shape=joined,
    cost=nothing,
    aliases=["concat", "cat"],
    latex=lambda count, axis: r"\operatorname{concat}(" + ", ".join(f"{{{k}}}" for k in range(count)) + ")",
    sample=[([(2,), (3,)], {}), ([(2, 1), (2, 2)], {"axis": -1}), ([(1, 2), (3, 2), (1, 2)], {}), ([(2,)], {})],
    jvps=lambda k: lambda t, y, *xs, axis: scatter(t, at=part_of_row(k, xs, axis), shape=shape_of(y)),
    vjps=lambda k: lambda t, y, *xs, axis: index(t, at=part_of_row(k, xs, axis)),
    en="One after the other along an axis that they have.",
    zh="沿已有的轴首尾相接。",
)
