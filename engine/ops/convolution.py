"""Convolution and pooling, laid out as in PyTorch: (batch, channels, rows, columns).

The sum of x[i + k] w[k] c[i] over places i and offsets k is linear in the input x, the kernel w and the cotangent c.
Its partials by the three are `conv_input`, `conv_kernel` and the convolution itself, so each rule is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine import limits
from engine.ops.shaping import reshape
from engine.primitive import Carrier, Primitive, Shape, ShapeError, itself, primitive, shape_of, zero

OUTPUTS, COPIED = 4, 4_000_000
"""From so many outputs on it pays to copy windows for a matrix product, so many of their elements at a time."""


# ---- shapes ----


def space(w: Shape) -> int:
    """How many axes a kernel slides along: 1 or 2, whether or not axes of channels stand before them."""
    return 2 - len(w) % 2


def places(extents: Shape, kernel: Shape, stride: int) -> Shape:
    """How often a window fits along each axis. Raises ShapeError `window_steps`, `kernel_fits`."""
    if stride < 1:
        raise ShapeError("window_steps")
    if not all(1 <= k <= n for n, k in zip(extents, kernel, strict=True)):
        raise ShapeError("kernel_fits", kernel=kernel, extents=extents)
    return tuple((n - k) // stride + 1 for n, k in zip(extents, kernel, strict=True))


def convolved(x: Shape, w: Shape, *, stride: int = 1, padding: int = 0) -> Shape:
    """The shape rule of both convolutions. Raises ShapeError `conv_channels`, `window_steps`, `smaller_windows`."""
    count = space(w)
    padded = tuple(n + 2 * padding for n in x[-count:])
    if padding < 0:
        raise ShapeError("window_steps")
    if prod(x[:-count]) * prod(padded) > limits.TOTAL_ELEMENTS:
        raise ShapeError("smaller_windows")
    found = places(padded, w[-count:], stride)
    if len(w) == count:
        return found
    if x[-count - 1] != w[1]:
        raise ShapeError("conv_channels", channels=x[-count - 1], expected=w[1])
    return (*x[: -count - 1], w[0], *found)


def along_a_line(x: Shape, w: Shape, *, stride: int = 1, padding: int = 0) -> Shape:
    """The shape rule of conv1d. Raises ShapeError `conv1d_ranks`."""
    if (len(x), len(w)) not in [(1, 1), (2, 3), (3, 3)]:
        raise ShapeError("conv1d_ranks")
    return convolved(x, w, stride=stride, padding=padding)


def over_a_plane(x: Shape, w: Shape, *, stride: int = 1, padding: int = 0) -> Shape:
    """The shape rule of conv2d. Raises ShapeError `conv2d_ranks`."""
    if (len(x), len(w)) not in [(2, 2), (3, 4), (4, 4)]:
        raise ShapeError("conv2d_ranks")
    return convolved(x, w, stride=stride, padding=padding)


def check_output(x: Shape, w: Shape, c: Shape, how: Any) -> None:
    """Is `c` the shape of the convolution of x and w? Raises ShapeError `output_shape`."""
    expected = (along_a_line if len(w) % 2 else over_a_plane)(x, w, **how)
    if c != expected:
        raise ShapeError("output_shape", expected=expected)


def input_shape(c: Shape, w: Shape, *, shape: Shape, **how: Any) -> Shape:
    """The shape rule of conv_input."""
    check_output(tuple(shape), w, c, how)
    return tuple(shape)


def kernel_shape(x: Shape, c: Shape, *, shape: Shape, **how: Any) -> Shape:
    """The shape rule of conv_kernel."""
    check_output(x, tuple(shape), c, how)
    return tuple(shape)


def pooled(x: Shape, *, size: int = 2, stride: int | None = None) -> Shape:
    """The shape rule of pooling. Raises ShapeError `pool_rank`, `smaller_windows`."""
    if len(x) < 2:
        raise ShapeError("pool_rank")
    found = (*x[:-2], *places(x[-2:], (size, size), size if stride is None else stride))
    if prod(found) * size**2 > limits.TOTAL_ELEMENTS:
        raise ShapeError("smaller_windows")
    return found


def picked_shape(x: Shape, u: Shape, *, size: int = 2, stride: int | None = None) -> Shape:
    """The shape rule of pool_pick."""
    if x != u:
        raise ShapeError("equal_shapes")
    return pooled(x, size=size, stride=stride)


def spread_shape(x: Shape, t: Shape, *, size: int = 2, stride: int | None = None) -> Shape:
    """The shape rule of pool_spread."""
    expected = pooled(x, size=size, stride=stride)
    if t != expected:
        raise ShapeError("output_shape", expected=expected)
    return x


# ---- costs ----


def conv_cost(x: Shape, w: Shape, **how: Any) -> int:
    """A multiplication and an addition for each output and element of a kernel."""
    return 2 * prod(convolved(x, w, **how)) * prod(w[1:] if len(w) > 2 else w)


def input_cost(c: Shape, w: Shape, *, shape: Shape, **how: Any) -> int:
    """The cost of conv_input: that of the convolution."""
    return conv_cost(tuple(shape), w, **how)


def kernel_cost(x: Shape, c: Shape, *, shape: Shape, **how: Any) -> int:
    """The cost of conv_kernel: that of the convolution."""
    return conv_cost(x, tuple(shape), **how)


def pool_cost(x: Shape, *_: Shape, size: int = 2, stride: int | None = None) -> int:
    """Each element of each window, once."""
    return prod(pooled(x, size=size, stride=stride)) * size**2


# ---- values ----


def windows(x: Carrier, kernel: Shape, stride: int, writeable: bool = False) -> Carrier:
    """A view: the last axes of x become the places of the window, then those inside it."""
    view: Carrier = sliding_window_view(x, kernel, axis=tuple(range(-len(kernel), 0)), writeable=writeable)
    return view[(..., *[slice(None, None, stride) for _ in kernel], *[slice(None) for _ in kernel])]


def full(x: Carrier, w: Shape) -> Carrier:
    """An input, or an output, with its axes of batch and channels."""
    count = space(w)
    return np.reshape(x, (1,) * (count + 2 - np.ndim(x)) + np.shape(x))


def kernels(w: Carrier) -> Carrier:
    """A kernel with its axes of channels."""
    return w if np.ndim(w) > 2 else np.reshape(w, (1, 1, *np.shape(w)))


def padded_windows(x: Carrier, w: Shape, stride: int, padding: int) -> Carrier:
    """The windows of the padded input: (batch, channels, *places, *kernel)."""
    count = space(w)
    return windows(np.pad(full(x, w), [(0, 0)] * 2 + [(padding, padding)] * count), w[-count:], stride)


def contract(subscripts: str, view: Carrier, other: Carrier, w: Shape) -> Carrier:
    """np.einsum over batch b, inputs c, outputs o, places x and y, offsets i and j: with one axis of space, x and i.

    For several outputs the windows are copied, for a fast matrix product: part by part along x, so that a copy stays
    small.
    """
    drawn = subscripts if space(w) == 2 else subscripts.replace("y", "").replace("j", "")
    if len(w) == space(w) or w[0] < OUTPUTS:
        return np.einsum(drawn, view, other)
    factors, out = drawn.split("->")
    parts = min(view.shape[2], -(-view.size // COPIED))
    views = np.array_split(view, parts, axis=2)
    others = np.array_split(other, parts, axis=2) if factors.count("x") == 2 else [other] * parts
    found = [np.einsum(drawn, *pair, optimize=True) for pair in zip(views, others, strict=True)]
    return np.concatenate(found, axis=2) if "x" in out else sum(found)


def one_line(x: Shape, w: Shape, stride: int) -> bool:
    """Are both one line of one channel? NumPy convolves those at the speed of a dot product, whatever their lengths."""
    return stride == 1 and space(w) == 1 and (prod(x), prod(w)) == (x[-1], w[-1])


def conv_value(x: Carrier, w: Carrier, *, stride: int = 1, padding: int = 0) -> Carrier:
    """Each window against each kernel."""
    shape = np.shape(w)
    if one_line(np.shape(x), shape, stride):
        found = np.correlate(np.pad(np.ravel(x), padding), np.ravel(w))
    else:
        found = contract("bcxyij,ocij->boxy", padded_windows(x, shape, stride, padding), kernels(w), shape)
    return np.reshape(found, convolved(np.shape(x), shape, stride=stride, padding=padding))


def kernel_value(x: Carrier, c: Carrier, *, shape: Shape, stride: int = 1, padding: int = 0) -> Carrier:
    """Each window against what it receives."""
    if one_line(np.shape(x), shape, stride):
        found = np.correlate(np.pad(np.ravel(x), padding), np.ravel(c))
    else:
        found = contract("bcxyij,boxy->ocij", padded_windows(x, shape, stride, padding), full(c, shape), shape)
    return np.reshape(found, shape)


def input_value(c: Carrier, w: Carrier, *, shape: Shape, stride: int = 1, padding: int = 0) -> Carrier:
    """Each kernel, times what an output receives, added where the window was."""
    count = space(np.shape(w))
    if one_line(shape, np.shape(w), stride):
        padded: Carrier = np.convolve(np.ravel(c), np.ravel(w))
    else:
        padded = added_windows(c, w, stride, [extent + 2 * padding for extent in shape[-count:]])
    inside = [slice(padding, padding + extent) for extent in shape[-count:]]
    return np.reshape(padded[(..., *inside)], shape)


def added_windows(c: Carrier, w: Carrier, stride: int, extents: Sequence[int]) -> Carrier:
    """What a padded input of these extents receives: by offsets or by places, the fewer."""
    c, w = full(c, np.shape(w)), kernels(w)
    padded = np.zeros((np.shape(c)[0], np.shape(w)[1], *extents))
    view = windows(padded, np.shape(w)[2:], stride, writeable=True)
    if prod(np.shape(w)[2:]) <= prod(np.shape(c)[2:]):
        for offset in np.ndindex(np.shape(w)[2:]):
            view[..., *offset] += to_inputs(w[..., *offset], c)
    else:
        for place in np.ndindex(np.shape(c)[2:]):
            view[:, :, *place] += np.tensordot(c[:, :, *place], w, 1)
    return padded


def to_inputs(w: Carrier, c: Carrier) -> Carrier:
    """A matrix from each input to each output, times what the outputs have received: (batch, inputs, *places)."""
    return w * c if np.size(w) == 1 else np.swapaxes(np.tensordot(w, c, (0, 1)), 0, 1)


def pool_windows(x: Carrier, size: int, stride: int | None) -> Carrier:
    """The windows of pooling: (..., *places, *window). Unless told, one begins where the last ended."""
    return windows(x, (size, size), size if stride is None else stride)


def shares(x: Carrier, size: int, stride: int | None) -> Carrier:
    """What part each element of each window has in its maximum: those that tie, equal parts."""
    view = pool_windows(x, size, stride)
    attained = view == np.max(view, axis=(-2, -1), keepdims=True)
    return attained / np.sum(attained, axis=(-2, -1), keepdims=True)


def pick_value(x: Carrier, u: Carrier, *, size: int = 2, stride: int | None = None) -> Carrier:
    """The mean of `u` where x is the largest of its window."""
    return np.sum(shares(x, size, stride) * pool_windows(u, size, stride), axis=(-2, -1))


def spread_value(x: Carrier, t: Carrier, *, size: int = 2, stride: int | None = None) -> Carrier:
    """`t` put back where x is the largest of its window; windows that overlap add up."""
    sent = shares(x, size, stride) * np.asarray(t)[..., None, None]
    numbers = pool_windows(np.reshape(np.arange(np.size(x)), np.shape(x)), size, stride)
    return np.reshape(np.bincount(numbers.ravel(), sent.ravel(), minlength=np.size(x)), np.shape(x))


# ---- rules ----


def conv(x: Carrier, w: Carrier, **how: Any) -> Carrier:
    """The convolution for this kernel."""
    return (conv1d if len(shape_of(w)) % 2 else conv2d)(x, w, **how)


def to_input(t: Carrier, y: Carrier, x: Carrier, w: Carrier, **how: Any) -> Carrier:
    """The cotangent of the input."""
    return conv_input(t, w, shape=shape_of(x), **how)


def to_kernel(t: Carrier, y: Carrier, x: Carrier, w: Carrier, **how: Any) -> Carrier:
    """The cotangent of the kernel."""
    return conv_kernel(x, t, shape=shape_of(w), **how)


def from_means(t: Carrier, y: Carrier, x: Carrier, size: int, stride: int | None) -> Carrier:
    """Pooling by means is a convolution, of each channel on its own, with a constant kernel."""
    apart, box = (prod(shape_of(x)[:-2]), 1), np.full((1, 1, size, size), 1 / size**2)
    sent = reshape(t, shape=(*apart, *shape_of(t)[-2:]))
    found = conv_input(sent, box, shape=(*apart, *shape_of(x)[-2:]), stride=size if stride is None else stride)
    return reshape(found, shape=shape_of(x))


# fmt: off

conv1d: Primitive = primitive(
    "conv1d", lambda x, w, *, stride=1, padding=0: conv_value(x, w, stride=stride, padding=padding),
    shape=along_a_line, cost=conv_cost, latex=r"\operatorname{conv}({0}, {1})",
    sample=[([(6,), (3,)], {}), ([(6,), (3,)], {"stride": 2, "padding": 1}), ([(2, 6), (3, 2, 3)], {}),
            ([(4, 2, 5), (3, 2, 2)], {"stride": 2, "padding": 2}), ([(4,), (1,)], {"padding": 3, "stride": 3})],
    jvps=[itself("conv1d", 0), itself("conv1d", 1)],
    vjps=[to_input, to_kernel],
    en="Slides the kernel along the input, not turned round: y[i] = Σ x[i + k] w[k], cross-correlation as in deep "
       "learning. Input (length), (channels, length) or (batch, channels, length); kernel (length) or (out, in, "
       "length).",
    zh="核沿输入滑动而不翻转：y[i] = Σ x[i + k] w[k]，即深度学习中的互相关。输入为（长度）、（通道, 长度）或"
       "（批量, 通道, 长度），核为（长度）或（输出, 输入, 长度）。",
)

conv2d: Primitive = primitive(
    "conv2d", lambda x, w, *, stride=1, padding=0: conv_value(x, w, stride=stride, padding=padding),
    shape=over_a_plane, cost=conv_cost, latex=r"\operatorname{conv}({0}, {1})",
    sample=[([(4, 5), (2, 3)], {}), ([(5, 5), (3, 3)], {"stride": 2, "padding": 1}), ([(2, 4, 4), (3, 2, 2, 3)], {}),
            ([(2, 3, 5, 4), (2, 3, 2, 2)], {"stride": 2, "padding": 1}),
            ([(2, 1, 4, 4), (1, 1, 1, 1)], {"stride": 3, "padding": 2})],
    jvps=[itself("conv2d", 0), itself("conv2d", 1)],
    vjps=[to_input, to_kernel],
    en="Slides the kernels over the input, not turned round: cross-correlation as in deep learning. Input (rows, "
       "columns), (channels, rows, columns) or (batch, channels, rows, columns); kernel (rows, columns) or (out, in, "
       "rows, columns).",
    zh="核在输入上滑动而不翻转，即深度学习中的互相关。输入为（行, 列）、（通道, 行, 列）或（批量, 通道, 行, 列），"
       "核为（行, 列）或（输出, 输入, 行, 列）。",
)

conv_input: Primitive = primitive(
    "conv_input", input_value, shape=input_shape, cost=input_cost, internal=True,
    latex=r"\operatorname{conv}_{\operatorname{input}}({0}, {1})",
    sample=[([(4,), (3,)], {"shape": (6,)}), ([(4, 3, 4), (3, 2, 2)], {"shape": (4, 2, 5), "stride": 2, "padding": 2}),
            ([(3, 3), (3, 3)], {"shape": (5, 5), "stride": 2, "padding": 1}),
            ([(3, 3, 2), (3, 2, 2, 3)], {"shape": (2, 4, 4)})],
    jvps=[itself("conv_input", 0), itself("conv_input", 1)],
    vjps=[lambda t, y, c, w, shape, **how: conv(t, w, **how),
          lambda t, y, c, w, shape, **how: conv_kernel(t, c, shape=shape_of(w), **how)],
    en="Transpose of the convolution: what its input receives when its output has received the first argument; `shape` "
       "is the shape of the input.",
    zh="卷积的转置：输出收到第一个参数时，输入所收到的伴随值；shape 为输入的形状。",
)

conv_kernel: Primitive = primitive(
    "conv_kernel", kernel_value, shape=kernel_shape, cost=kernel_cost, internal=True,
    latex=r"\operatorname{conv}_{\operatorname{kernel}}({0}, {1})",
    sample=[([(6,), (4,)], {"shape": (3,)}), ([(4, 2, 5), (4, 3, 4)], {"shape": (3, 2, 2), "stride": 2, "padding": 2}),
            ([(5, 5), (3, 3)], {"shape": (3, 3), "stride": 2, "padding": 1}),
            ([(2, 4, 4), (3, 3, 2)], {"shape": (3, 2, 2, 3)})],
    jvps=[itself("conv_kernel", 0), itself("conv_kernel", 1)],
    vjps=[lambda t, y, x, c, shape, **how: conv_input(c, t, shape=shape_of(x), **how),
          lambda t, y, x, c, shape, **how: conv(x, t, **how)],
    en="What the kernel of a convolution receives, from the input and what the output has received; `shape` is the "
       "shape of the kernel.",
    zh="由卷积的输入和输出所收到的伴随值，求核所收到的伴随值；shape 为核的形状。",
)

max_pool2d: Primitive = primitive(
    "max_pool2d", lambda x, *, size=2, stride=None: np.max(pool_windows(x, size, stride), axis=(-2, -1)),
    shape=pooled, cost=pool_cost, latex=r"\operatorname{maxpool}({0})",
    sample=[([(4, 6)], {}), ([(2, 5, 5)], {"size": 3, "stride": 1}),
            ([(2, 2, 4, 5)], {"stride": 3})],
    jvps=[lambda t, y, x, **how: pool_pick(x, t, **how)],
    vjps=[lambda t, y, x, **how: pool_spread(x, t, **how)],
    en="Largest element of each window of the last two axes; the windows do not overlap unless a stride is given, and "
       "what is left at the edge is dropped. Convention: those that tie share the derivative equally.",
    zh="在最后两个轴上取每个窗口的最大元素；不指定 stride 时窗口互不重叠，边缘不足一个窗口的部分舍去。"
       "约定：并列最大的元素均分导数。",
)

avg_pool2d: Primitive = primitive(
    "avg_pool2d", lambda x, *, size=2, stride=None: np.mean(pool_windows(x, size, stride), axis=(-2, -1)),
    shape=pooled, cost=pool_cost, latex=r"\operatorname{avgpool}({0})",
    sample=[([(4, 6)], {}), ([(2, 5, 5)], {"size": 3, "stride": 1}),
            ([(2, 2, 4, 5)], {"stride": 3})],
    jvps=[itself("avg_pool2d")],
    vjps=[from_means],
    en="Mean of each window of the last two axes; the windows do not overlap unless a stride is given, and what is "
       "left at the edge is dropped.",
    zh="在最后两个轴上取每个窗口的平均值；不指定 stride 时窗口互不重叠，边缘不足一个窗口的部分舍去。",
)

pool_pick: Primitive = primitive(
    "pool_pick", pick_value, shape=picked_shape, cost=pool_cost, internal=True,
    latex=r"\operatorname{pick}({0}, {1})",
    sample=[([(4, 6), (4, 6)], {}), ([(2, 5, 5)] * 2, {"size": 3, "stride": 1})],
    jvps=[zero, itself("pool_pick", 1)],
    vjps=[zero, lambda t, y, x, u, **how: pool_spread(x, t, **how)],
    en="The elements of the second where the first is the largest of its window, the mean of those that tie.",
    zh="在第一个参数取得窗口最大值之处取第二个参数的元素，并列时取平均。",
)

pool_spread: Primitive = primitive(
    "pool_spread", spread_value, shape=spread_shape, cost=pool_cost, internal=True,
    latex=r"\operatorname{spread}({0}, {1})",
    sample=[([(4, 6), (2, 3)], {}), ([(2, 5, 5), (2, 3, 3)], {"size": 3, "stride": 1})],
    jvps=[zero, itself("pool_spread", 1)],
    vjps=[zero, lambda t, y, x, u, **how: pool_pick(x, t, **how)],
    en="The second put where the first is the largest of its window, in equal parts to those that tie.",
    zh="把第二个参数放回第一个参数取得窗口最大值之处，并列时均分。",
)
