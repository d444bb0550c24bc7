"""Softmax and the losses of machine learning; a loss is the mean over its batch."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from engine.ops import reduction
from engine.ops.arithmetic import choose, log
from engine.ops.comparison import equal, greater, maximum, minimum, where
from engine.ops.elementary import exp, log1p
from engine.ops.neural import sigmoid, softplus
from engine.primitive import Carrier, Primitive, Reading, Rule, Shape, ShapeError, primitive, shape_of, zero


def gradients(*each: Rule) -> dict[str, Any]:
    """Both maps of what gives one number, from its gradients by the arguments: their product with t, summed for a JVP.

    `each(*xs, **statics)` is one gradient.
    """

    def jvp(gradient: Rule) -> Rule:
        return lambda t, y, *xs, **statics: reduction.sum(t * gradient(*xs, **statics))

    def vjp(gradient: Rule) -> Rule:
        return lambda t, y, *xs, **statics: t * gradient(*xs, **statics)

    return {"jvps": [jvp(gradient) for gradient in each], "vjps": [vjp(gradient) for gradient in each]}


# ---- softmax ----


def along_axis(shape: Shape, *, axis: int = -1, **_: object) -> Shape:
    """The shape rule of what works along one axis."""
    reduction.not_empty(shape, axis=axis)
    return shape


def softmax_value(x: Carrier, *, axis: int = -1) -> Carrier:
    """Exponentials over their sum; the largest exponent is taken out, so that nothing overflows."""
    grown = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True))
    return grown / np.add.reduce(grown, axis=axis, keepdims=True)


def softmax_map(t: Carrier, y: Carrier, x: Carrier, axis: int) -> Carrier:
    """The Jacobian diag(y) - y yᵀ times t, its own transpose."""
    return y * (t - reduction.sum(y * t, axis=axis, keepdims=True))


def log_softmax_value(x: Carrier, *, axis: int = -1) -> Carrier:
    """The logarithm of the softmax; the largest exponent is taken out, so that nothing overflows."""
    low = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    return low - np.log(np.add.reduce(np.exp(low), axis=axis, keepdims=True))


# ---- cross-entropy ----


def labelled(logits: Shape, labels: Shape) -> Shape:
    """The shape rule of cross_entropy: a class for each row of logits, or a probability for each logit."""
    if not logits or labels not in (logits, logits[:-1]):
        raise ShapeError("labels_shape")
    if not prod(logits):
        raise ShapeError("empty_reduction")
    return ()


def labels_read(logits: Shape, labels: Shape) -> tuple[Reading | None, ...]:
    """What cross_entropy takes its arguments for."""
    return None, Reading("distribution") if labels == logits else Reading("labels", logits[-1])


def at_class(labels: Carrier, depth: int) -> Carrier:
    """True at the class of each label, nowhere for a class that is not there."""
    return np.asarray(labels)[..., None] == np.arange(depth)


def one_hot_value(labels: Carrier, *, depth: int) -> Carrier:
    """1 at the class, 0 elsewhere; NaN for a class that is not there."""
    rows = at_class(labels, depth)
    if np.count_nonzero(rows) == np.size(labels):
        return rows.astype(float)
    return np.where(np.any(rows, axis=-1, keepdims=True), rows, np.nan)


def targets(labels: Carrier, logits: Carrier) -> Carrier:
    """Labels as probabilities: one at the class, where they are classes."""
    return labels if shape_of(labels) == shape_of(logits) else one_hot(labels, depth=shape_of(logits)[-1])


def batch(logits: Carrier) -> np.float64:
    """How many rows of logits there are."""
    return np.float64(prod(shape_of(logits)[:-1]))


def entropy_of_classes(logits: Carrier, labels: Carrier) -> tuple[Carrier, tuple[Carrier, Carrier] | None]:
    """The mean of ln(sum of exponentials) minus the logit of the class; and softmax and where the classes are.

    There is no softmax to use again where a class is not there.
    """
    low = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    classes = at_class(labels, shape_of(logits)[-1])
    told = low[classes]
    if np.size(told) < np.size(labels):
        return np.float64(np.nan), None
    grown = np.exp(low)
    totals = np.add.reduce(grown, axis=-1, keepdims=True)
    value = (np.add.reduce(np.log(totals), axis=None) - np.add.reduce(told)) / batch(logits)
    return value, (grown / totals, classes)


def cross_entropy_value(logits: Carrier, labels: Carrier) -> Carrier:
    """Minus the mean of the logarithms of the probabilities that softmax gives to the labels."""
    return cross_entropy_kept(logits, labels)[0]


def cross_entropy_kept(logits: Carrier, labels: Carrier) -> tuple[Carrier, Any]:
    """The value, and what the slope can use again."""
    if shape_of(labels) != shape_of(logits):
        return entropy_of_classes(logits, labels)
    return np.add.reduce(labels * log_softmax_value(logits), axis=None, where=labels != 0) / -batch(logits), None


def cross_entropy_slope(t: Carrier, logits: Carrier, labels: Carrier, kept: Any = None) -> Carrier:
    """t times the gradient by the logits: softmax, times the labels' sum, minus labels, over the batch."""
    if kept is not None:
        given, told = kept
        return t / batch(logits) * (given - told)
    told = targets(labels, logits)
    given = softmax(logits)
    if told is labels:
        given = given * reduction.sum(labels, axis=-1, keepdims=True)
    return t / batch(logits) * (given - told)


def labels_slope(t: Carrier, logits: Carrier, labels: Carrier) -> Carrier:
    """t times the gradient by the labels: for probabilities minus the logarithms; classes receive nothing."""
    return 0.0 if shape_of(labels) != shape_of(logits) else t * (log_softmax(logits) / -batch(logits))


# ---- losses that compare element by element ----


def paired(prediction: Shape, target: Shape, **_: object) -> Shape:
    """The shape rule."""
    if prediction != target:
        raise ShapeError("equal_shapes")
    if not prod(prediction):
        raise ShapeError("empty_reduction")
    return ()


def size(x: Carrier) -> int:
    """The number of elements."""
    return prod(shape_of(x))


def entropy_term(a: Carrier, b: Carrier) -> Carrier:
    """A times ln b, b given as its logarithm; 0 where a is."""
    return choose(np.equal(a, 0), 0.0, a * b)


def ratio(a: Carrier, b: Carrier) -> Carrier:
    """a / b, where 0 / 0 is 0: the slope of a ln b, which is 0 where a is."""
    return a / where(equal(a, 0.0) * equal(b, 0.0), 1.0, b)


def probabilities(*_: Shape) -> tuple[Reading, ...]:
    """What binary_cross_entropy takes both arguments for."""
    return (Reading("probabilities"),) * 2


def second(reading: Reading) -> Callable[..., tuple[Reading | None, ...]]:
    """Any numbers, compared with labels that are read so."""
    return lambda prediction, target: (None, reading)


def bce_value(p: Carrier, q: Carrier) -> Carrier:
    """The mean of both terms; log1p keeps the digits of a small probability."""
    return -np.mean(entropy_term(q, np.log(p)) + entropy_term(1 - q, np.log1p(-p)))


def logit(p: Carrier) -> Carrier:
    """ln p - ln(1 - p)."""
    return log(p) - log1p(-p)


def huber_shape(prediction: Shape, target: Shape, *, delta: float = 1.0) -> Shape:
    """The shape rule of huber. Raises ShapeError `positive_delta`."""
    if not delta > 0:
        raise ShapeError("positive_delta")
    return paired(prediction, target)


def huber_value(a: Carrier, b: Carrier, *, delta: float = 1.0) -> Carrier:
    """A parabola near 0, straight lines beyond."""
    error = np.abs(a - b)
    return np.mean(choose(error <= delta, 0.5 * np.square(error), delta * (error - 0.5 * delta)))


def clipped(x: Carrier, bound: float) -> Carrier:
    """x, kept between minus the bound and the bound."""
    return minimum(maximum(x, -bound), bound)


def within_margin(a: Carrier, b: Carrier, slope: Carrier) -> Carrier:
    """The slope where a prediction does not clear the margin, else 0."""
    return where(greater(1 - a * b, 0.0), slope, 0.0)


# ---- layer normalisation ----


def layer_norm_value(x: Carrier, *, axis: int = -1, eps: float = 1e-5) -> Carrier:
    """Deviations over the root of the variance plus eps."""
    return (x - np.mean(x, axis=axis, keepdims=True)) / np.sqrt(np.var(x, axis=axis, keepdims=True) + eps)


def layer_norm_map(t: Carrier, y: Carrier, x: Carrier, axis: int, eps: float) -> Carrier:
    """The Jacobian, its own transpose: what changes neither mean nor length, over the deviation."""
    scale = (reduction.var(x, axis=axis, keepdims=True) + eps) ** 0.5
    straight = t - reduction.mean(t, axis=axis, keepdims=True)
    return (straight - y * reduction.mean(y * t, axis=axis, keepdims=True)) / scale


# fmt: off

softmax: Primitive = primitive(
    "softmax", softmax_value, shape=along_axis, latex=r"\operatorname{softmax}({0})",
    sample=[([(4,)], {}), ([(2, 3)], {}), ([(2, 3)], {"axis": 0})],
    jvps=[softmax_map], vjps=[softmax_map],
    en="Exponentials over their sum along an axis, the last unless said: probabilities that add up to 1. Minus "
       "infinity gets 0; with an element of plus infinity, or of minus infinity only, it is undefined.",
    zh="沿一个轴（默认为最后一个）取指数后除以其和：得到和为 1 的概率。负无穷大处为 0；"
       "有元素为正无穷大，或全为负无穷大时，未定义。",
)

log_softmax: Primitive = primitive(
    "log_softmax", log_softmax_value, shape=along_axis, latex=r"\operatorname{log\_softmax}({0})",
    sample=[([(4,)], {}), ([(2, 3)], {"axis": 0})],
    jvps=[lambda t, y, x, axis: t - reduction.sum(exp(y) * t, axis=axis, keepdims=True)],
    vjps=[lambda t, y, x, axis: t - exp(y) * reduction.sum(t, axis=axis, keepdims=True)],
    en="ln of the softmax, without overflow or loss of digits; undefined where the softmax is.",
    zh="softmax 的对数，不上溢，也不损失有效数字；softmax 未定义时也未定义。",
)

one_hot: Primitive = primitive(
    "one_hot", one_hot_value, shape=lambda labels, depth: (*labels, depth), latex=r"\operatorname{one\_hot}({0})",
    sample=[([(3,)], {"depth": 4})], reads=lambda labels, depth: (Reading("labels", depth),),
    jvps=[zero], vjps=[zero],
    en="Classes, counted from 0, as rows with a 1 at the class; a class that is not there is undefined. No gradient.",
    zh="把从 0 数起的类别写成一行，在该类处为 1；类别不存在时未定义。没有梯度。",
)

cross_entropy: Primitive = primitive(
    "cross_entropy", cross_entropy_value, shape=labelled, latex=r"\operatorname{CE}({0}, {1})",
    aliases=["softmax_cross_entropy"], sample=[([(4,), (4,)], {}), ([(3, 4), (3, 4)], {}), ([(2, 3, 2)] * 2, {})],
    reads=labels_read, keeps=cross_entropy_kept,
    jvps=[lambda t, y, logits, labels: reduction.sum(cross_entropy_slope(t, logits, labels)),
          lambda t, y, logits, labels: reduction.sum(labels_slope(t, logits, labels))],
    vjps=[lambda t, y, logits, labels, kept=None: cross_entropy_slope(t, logits, labels, kept),
          lambda t, y, logits, labels, kept=None: labels_slope(t, logits, labels)],
    en="Cross-entropy of the softmax of logits and labels (classes from 0, or probabilities), the mean over the batch; "
       "the gradient by the logits is softmax minus labels, over the batch. Classes have no gradient; one that is not "
       "there is undefined.",
    zh="logits 的 softmax 与标签（从 0 数起的类别，或概率）的交叉熵，对批量取平均；对 logits 的梯度为 softmax "
       "减标签，再除以批量大小。类别没有梯度；类别不存在时未定义。",
)

mse: Primitive = primitive(
    "mse", lambda a, b: np.mean(np.square(a - b)), shape=paired, latex=r"\operatorname{mse}({0}, {1})",
    aliases=["mse_loss", "mean_squared_error"], sample=[([(4,), (4,)], {}), ([(2, 3), (2, 3)], {}), ([(), ()], {})],
    **gradients(lambda a, b: (a - b) * (2 / size(a)),
                lambda a, b: (b - a) * (2 / size(a))),
    en="Mean of the squared errors, of which there must be one.",
    zh="均方误差，至少要有一个元素。",
)

binary_cross_entropy: Primitive = primitive(
    "binary_cross_entropy", bce_value, shape=paired, latex=r"\operatorname{BCE}({0}, {1})", aliases=["bce"],
    sample=[([(4,), (4,)], {}, (0.2, 0.8)), ([(2, 3), (2, 3)], {}, (0.1, 0.9))], domain="0 < x < 1",
    reads=probabilities,
    **gradients(lambda p, q: (ratio(1 - q, 1 - p) - ratio(q, p)) / size(p),
                lambda p, q: logit(p) / -size(p)),
    en="Mean of -(y ln p + (1 - y) ln(1 - p)), p being probabilities and y the labels; infinite where p rules the "
       "label out. Convention: 0 ln 0 is 0, and so is its slope by p.",
    zh="-(y ln p + (1 - y) ln(1 - p)) 的平均值，其中 p 为概率，y 为标签；p 完全排除标签时为无穷大。"
       "约定：0 ln 0 取 0，它对 p 的导数也取 0。",
)

binary_cross_entropy_with_logits: Primitive = primitive(
    "binary_cross_entropy_with_logits", lambda x, q: np.mean(softplus(x) - x * q), shape=paired,
    latex=r"\operatorname{BCE}(\sigma({0}), {1})", aliases=["bce_with_logits"],
    sample=[([(4,), (4,)], {}), ([(2, 3), (2, 3)], {})], reads=second(Reading("probabilities")),
    **gradients(lambda x, q: (sigmoid(x) - q) / size(x),
                lambda x, q: x / -size(x)),
    en="Binary cross-entropy of the sigmoid of logits and labels, without overflow; the gradient by the logits is "
       "sigmoid minus labels, over their number.",
    zh="logits 的 sigmoid 与标签的二元交叉熵，不会上溢；对 logits 的梯度为 sigmoid 减标签，再除以元素个数。",
)

huber: Primitive = primitive(
    "huber", huber_value, shape=huber_shape, latex=r"\operatorname{huber}({0}, {1})", aliases=["huber_loss"],
    sample=[([(4,), (4,)], {}), ([(2, 3), (2, 3)], {"delta": 0.5})],
    **gradients(lambda a, b, delta: clipped(a - b, delta) / size(a),
                lambda a, b, delta: clipped(b - a, delta) / size(a)),
    en="Mean of half the squared error where it is at most delta, of delta (|error| - delta/2) beyond. The gradient is "
       "the error, kept between -delta and delta: at the joints both sides agree.",
    zh="误差不超过 delta 时取误差平方的一半，超过时取 delta (|误差| - delta/2)，再求平均。"
       "梯度为截断到 -delta 与 delta 之间的误差，在衔接点处左右一致。",
)

hinge: Primitive = primitive(
    "hinge", lambda a, b: np.mean(np.maximum(1 - a * b, 0.0)), shape=paired, latex=r"\operatorname{hinge}({0}, {1})",
    aliases=["hinge_loss"], sample=[([(4,), (4,)], {}), ([(2, 3), (2, 3)], {})], reads=second(Reading("signs")),
    **gradients(lambda a, b: within_margin(a, b, b) / -size(a),
                lambda a, b: within_margin(a, b, a) / -size(a)),
    en="Mean of max(0, 1 - x y), the labels y being -1 or 1. Convention: at the kink the derivative is 0.",
    zh="max(0, 1 - x y) 的平均值，标签 y 为 -1 或 1。约定：在折点处导数取 0。",
)

layer_norm: Primitive = primitive(
    "layer_norm", layer_norm_value, shape=along_axis, latex=r"\operatorname{LN}({0})",
    sample=[([(4,)], {}), ([(2, 3)], {"axis": 0}), ([(2, 3)], {"eps": 0.1})],
    jvps=[layer_norm_map], vjps=[layer_norm_map],
    en="Layer normalisation: mean 0 and variance 1 along an axis, the last unless said; eps is added to the variance, "
       "so equal elements give 0. With eps 0 they are undefined.",
    zh="层归一化：沿一个轴（默认为最后一个）使均值为 0、方差为 1；方差加上 eps，因此元素全部相等时结果为 0，"
       "而 eps 为 0 时未定义。",
)
