"""Where mathematics leaves a choice, or floating-point numbers end: what we chose, row by row."""

import math
from typing import Any

import numpy as np
import pytest

from engine.graph import Builder
from engine.primitive import REGISTRY, zero


@pytest.fixture(autouse=True)
def _ieee() -> Any:
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize(
    ("name", "xs", "partials"),
    [
        ("relu", [0.0], [0.0]),
        ("leaky_relu", [0.0], [0.01]),
        ("elu", [0.0], [1.0]),
        ("abs", [0.0], [0.0]),
        ("maximum", [1.0, 1.0], [0.5, 0.5]),
        ("minimum", [1.0, 1.0], [0.5, 0.5]),
        ("clip", [1.0, 0.0, 1.0], [0.5, 0.0, 0.5]),
        ("clip", [0.0, 0.0, 1.0], [0.5, 0.5, 0.0]),
        ("clip", [0.5, 2.0, 1.0], [0.0, 0.0, 1.0]),
        ("sign", [0.0], [0.0]),
        ("floor", [1.0], [0.0]),
        ("ceil", [1.0], [0.0]),
        ("heaviside", [0.0], [0.0]),
        ("sqrt", [0.0], [math.inf]),
        ("cbrt", [0.0], [math.inf]),
        ("log", [0.0], [math.inf]),
        ("asin", [1.0], [math.inf]),
        ("acos", [1.0], [-math.inf]),
        ("hypot", [0.0, 0.0], [math.nan, math.nan]),
        ("atan2", [0.0, 0.0], [math.nan, math.nan]),
        ("acosh", [1.0], [math.inf]),
        ("atanh", [1.0], [math.inf]),
        ("log1p", [-1.0], [math.inf]),
        ("log2", [0.0], [math.inf]),
        ("log10", [0.0], [math.inf]),
        ("reciprocal", [0.0], [-math.inf]),
        ("div", [1.0, 0.0], [math.inf, -math.inf]),
        ("lgamma", [0.0], [math.nan]),
        ("power", [0.0, 0.0], [math.nan, -math.inf]),
        ("less", [1.0, 1.0], [0.0, 0.0]),
        ("equal", [1.0, 1.0], [0.0, 0.0]),
        ("power", [0.0, 2.0], [0.0, 0.0]),
        ("power", [0.0, 1.0], [1.0, 0.0]),
        ("power", [-2.0, 3.0], [12.0, math.nan]),
        ("xlogy", [0.0, 0.5], [math.log(0.5), 0.0]),
        ("where", [1.0, 3.0, math.inf], [0.0, 1.0, 0.0]),
        ("stop_gradient", [3.0], [0.0]),
    ],
    ids=str,
)
def test_conventions_where_there_is_no_derivative(name: str, xs: list[float], partials: list[float]) -> None:
    op = REGISTRY[name]
    arrays = list(map(np.float64, xs))
    found = [float(rule(np.float64(1.0), op.value(*arrays), *arrays)) for rule in op.rules]
    assert found == pytest.approx(partials, rel=1e-15, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "xs", "value"),
    [
        ("div", [1.0, 0.0], math.inf),
        ("div", [0.0, 0.0], math.nan),
        ("power", [0.0, 0.0], 1.0),
        ("power", [-8.0, 1 / 3], math.nan),
        ("cbrt", [-8.0], -2.0),
        ("sqrt", [-1.0], math.nan),
        ("log", [0.0], -math.inf),
        ("log", [-1.0], math.nan),
        ("log2", [0.0], -math.inf),
        ("log10", [0.0], -math.inf),
        ("log1p", [-1.0], -math.inf),
        ("reciprocal", [0.0], math.inf),
        ("atanh", [-1.0], -math.inf),
        ("atan2", [0.0, 0.0], 0.0),
        ("log_base", [1000.0, 10.0], 3.0),
        ("log_base", [8.0, 2.0], 3.0),
        ("heaviside", [0.0], 0.5),
        ("xlogy", [0.0, 0.0], 0.0),
        ("sigmoid", [-800.0], 0.0),
        ("softplus", [800.0], 800.0),
        ("gelu", [-30.0], -2.940602826128e-196),
        ("silu", [-700.0], -6.901777672e-302),
        ("maximum", [1.0, math.nan], math.nan),
        ("lgamma", [-2.0], math.inf),
        ("digamma", [0.0], math.nan),
        ("digamma", [-math.inf], math.nan),
        ("polygamma", [1.0, -3.0], math.inf),
        ("polygamma", [2.0, -3.0], math.nan),
        ("polygamma", [1.5, 1.0], math.nan),
        ("polygamma", [0.0, 1.0], -0.5772156649015329),
    ],
    ids=str,
)
def test_values_at_the_edges(name: str, xs: list[float], value: float) -> None:
    assert float(REGISTRY[name].value(*map(np.float64, xs))) == pytest.approx(value, rel=1e-9, nan_ok=True)


# ---- arrays ----

# fmt: off
INF, NAN, NONE = math.inf, math.nan, np.zeros(0)
SINGULAR, ALL_NAN = [[1, 2], [2, 4]], [[NAN, NAN], [NAN, NAN]]
RANK_2 = [[1, 2, 3], [2, 4, 6], [1, 0, 1]]

ARRAYS: list[tuple[str, list[Any], dict[str, Any], Any, list[Any], str, str]] = [
    ("power", [0, [0, 1, 2]], {}, [1, 0, 0], [1, [-INF, 0, 0]], "have slope 0 by x", "对 x 的偏导数取 0"),
    ("amax", [[1, 3, 3]], {}, 3, [[0, 0.5, 0.5]], "share the derivative equally", "均分导数"),
    ("amin", [[[1, 1], [2, 1]]], {}, 1, [[[1 / 3, 1 / 3], [0, 1 / 3]]], "share the derivative equally", "均分导数"),
    ("max_pool2d", [[[3, 3], [1, 3]]], {}, [[3]], [[[1 / 3, 1 / 3], [0, 1 / 3]]], "share the derivative", "均分导数"),
    ("argmax", [[1, 3, 3]], {}, 1, [[0, 0, 0]], "the first of those that tie", "并列时取第一个"),
    ("argmin", [[3, 1, 1]], {}, 1, [[0, 0, 0]], "the first of those that tie", "并列时取第一个"),
    ("sum", [NONE], {}, 0, [NONE], "of no elements it is 0", "没有元素时为 0"),
    ("mean", [NONE], {}, NAN, [NONE], "of no elements it is undefined", "没有元素时未定义"),
    ("prod", [NONE], {}, 1, [NONE], "of no elements it is 1", "没有元素时为 1"),
    ("prod", [[0, 2, 3]], {}, 0, [[6, 0, 0]], "also where there are zeros", "含零时同样成立"),
    ("prod", [[0, 2, 0]], {}, 0, [[0, 0, 0]], "also where there are zeros", "含零时同样成立"),
    ("var", [[5]], {}, 0, [[0]], "Of one element it is 0", "一个元素时为 0"),
    ("var", [[5]], {"ddof": 1}, NAN, [[NAN]], "with ddof 1 undefined", "ddof 为 1 则未定义"),
    ("var", [NONE], {}, NAN, [NONE], "as it is of none", "没有元素时未定义"),
    ("std", [[2, 2, 2]], {}, 0, [[0, 0, 0]], "all elements are equal, the derivative is 0", "全部相等时导数取 0"),
    ("std", [[5]], {}, 0, [[0]], "all elements are equal, the derivative is 0", "全部相等时导数取 0"),
    ("std", [[5]], {"ddof": 1}, NAN, [[NAN]], "undefined where that is", "方差未定义时也未定义"),
    ("norm", [NONE], {}, 0, [NONE], "Of no elements it is 0", "没有元素时为 0"),
    ("norm", [[0, 0]], {}, 0, [[0, 0]], "the derivative at 0 is 0", "在 0 处导数取 0"),
    ("norm", [[0, -2]], {"ord": 1}, 2, [[0, -1]], "the derivative at 0 is 0", "在 0 处导数取 0"),
    ("norm", [[0, 0]], {"ord": INF}, 0, [[0, 0]], "the derivative at 0 is 0", "在 0 处导数取 0"),
    ("norm", [[2, -2, 1]], {"ord": INF}, 2, [[0.5, -0.5, 0]], "shares it equally", "并列最大者均分导数"),
    ("norm", [[[1, 2], [-3, 2]]], {"ord": 1}, 4, [[[0.5, 0.5], [-0.5, 0.5]]], "shares it equally", "并列最大者均分"),
    ("logsumexp", [NONE], {}, -INF, [NONE], "Of no elements", "没有元素"),
    ("logsumexp", [[-INF, -INF]], {}, -INF, [[NAN, NAN]], "the gradient undefined", "梯度未定义"),
    ("logsumexp", [[-INF, 3]], {}, 3, [[0, 1]], "its gradient is the softmax", "梯度就是 softmax"),
    ("softmax", [[-INF, 0]], {}, [0, 1], [[0, 0]], "Minus infinity gets 0", "负无穷大处为 0"),
    ("softmax", [[INF, 0]], {}, [NAN, NAN], [[NAN, NAN]], "of plus infinity", "正无穷大"),
    ("softmax", [[-INF, -INF]], {}, [NAN, NAN], [[NAN, NAN]], "of minus infinity only", "全为负无穷大"),
    ("log_softmax", [[INF, 0]], {}, [NAN, NAN], [[NAN, NAN]], "undefined where the softmax is", "softmax 未定义时也未定义"),
    ("one_hot", [[1, 3, 0.5]], {"depth": 2}, [[0, 1], [NAN, NAN], [NAN, NAN]], [[0, 0, 0]], "is undefined", "未定义"),
    ("cross_entropy", [[1, 2], 2], {}, NAN, [[NAN, NAN], 0], "one that is not there is undefined", "类别不存在时未定义"),
    ("cross_entropy", [[1, 2], -1], {}, NAN, [[NAN, NAN], 0], "one that is not there is undefined", "类别不存在时未定义"),
    ("cross_entropy", [[0, 0], 1], {}, math.log(2), [[0.5, -0.5], 0], "Classes have no gradient", "类别没有梯度"),
    ("binary_cross_entropy", [[1, 0], [1, 0]], {}, 0, [[-0.5, 0.5], [-INF, INF]], "0 ln 0 is 0", "0 ln 0 取 0"),
    ("binary_cross_entropy", [[1.0], [0.0]], {}, INF, [[INF], [-INF]], "infinite where p rules", "无穷大"),
    ("huber", [[1, -1], [0, 0]], {}, 0.5, [[0.5, -0.5], [-0.5, 0.5]], "at the joints both sides agree", "左右一致"),
    ("hinge", [[1], [1]], {}, 0, [[0], [0]], "at the kink the derivative is 0", "在折点处导数取 0"),
    ("layer_norm", [[2, 2]], {}, [0, 0], [[0, 0]], "equal elements give 0", "元素全部相等时结果为 0"),
    ("layer_norm", [[2, 2]], {"eps": 0.0}, [NAN, NAN], [[NAN, NAN]], "With eps 0 they are undefined", "eps 为 0 时未定义"),
    ("det", [SINGULAR], {}, 0, [[[4, -2], [-2, 1]]], "also where the matrix is singular", "矩阵奇异时同样成立"),
    ("det", [RANK_2], {}, 0, [[[4, 4, -4], [-2, -2, 2], [0, 0, 0]]], "where the matrix is singular", "矩阵奇异时同样成立"),
    ("cofactor", [RANK_2], {}, [[4, 4, -4], [-2, -2, 2], [0, 0, 0]], [np.full((3, 3), NAN)], "a regular matrix", "可逆"),
    ("logdet", [SINGULAR], {}, -INF, [ALL_NAN], "of a singular matrix it is minus infinity", "矩阵奇异时值为负无穷大"),
    ("logdet", [[[-1, 0], [0, 1]]], {}, 0, [[[-1, 0], [0, 1]]], "without the sign", "不含符号"),
    ("inv", [SINGULAR], {}, ALL_NAN, [ALL_NAN], "and so is the gradient", "梯度也未定义"),
    ("solve", [SINGULAR, [1, 2]], {}, [NAN, NAN], [ALL_NAN, [NAN, NAN]], "with a singular a undefined", "A 奇异时未定义"),
    ("cholesky", [[[1, 2], [0, 5]]], {}, [[1, 0], [1, 2]], [[[0.25, 0.25], [0.25, 0.25]]], "symmetric part", "对称部分"),
    ("cholesky", [[[1, 2], [2, 1]]], {}, ALL_NAN, [ALL_NAN], "where that is not positive definite", "不正定时"),
    ("cholesky", [[[0, 0], [0, 1]]], {}, ALL_NAN, [ALL_NAN], "where that is not positive definite", "不正定时"),
]
# fmt: on
"""Row, arguments, statics; the value, the gradients of the sum of its elements; what the row says of it."""


@pytest.mark.parametrize(("name", "xs", "statics", "value", "gradients", "en", "zh"), ARRAYS, ids=str)
def test_conventions_of_arrays(
    name: str, xs: list[Any], statics: dict[str, Any], value: Any, gradients: list[Any], en: str, zh: str
) -> None:
    op, arrays = REGISTRY[name], [np.asarray(x, dtype=float)[()] for x in xs]
    params = {**op.statics, **statics}
    found = op(*arrays, **params)
    np.testing.assert_allclose(found, value, rtol=1e-14, atol=1e-15)
    for argnum, expected in enumerate(gradients):
        pulled = op.pull(argnum, np.ones_like(found), found, arrays, params)
        np.testing.assert_allclose(np.broadcast_to(pulled, np.shape(arrays[argnum])), expected, rtol=1e-14, atol=1e-15)
        pushed = op.push(argnum, np.ones_like(arrays[argnum]), found, arrays, params)
        if arrays[argnum].size == 0:
            continue  # the tangent of what is undefined is undefined
        np.testing.assert_allclose(np.sum(pushed), np.sum(expected), rtol=1e-14, atol=1e-14)
    assert en.lower() in op.about["en"].lower()
    assert zh in op.about["zh"]


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("relu", "derivative at 0 is 0", "在 0 处导数取 0"),
        ("leaky_relu", "derivative at 0 is 0.01", "在 0 处导数取 0.01"),
        ("elu", "1 from both sides", "左右导数都是 1"),
        ("abs", "derivative at 0 is 0", "在 0 处导数取 0"),
        ("maximum", "each gets half", "各分一半"),
        ("minimum", "each gets half", "各分一半"),
        ("clip", "both get half", "各分一半"),
        ("sign", "derivative is 0 everywhere", "导数处处为 0"),
        ("heaviside", "derivative is 0 everywhere", "导数处处为 0"),
        ("floor", "derivative is 0 everywhere", "导数处处为 0"),
        ("ceil", "derivative is 0 everywhere", "导数处处为 0"),
        ("less", "the derivative is 0", "导数为 0"),
        ("where", "only the chosen one gets a derivative", "只有被选中的一支得到导数"),
        ("stop_gradient", "as a constant", "视为常数"),
        ("sqrt", "derivative at 0 is infinite", "在 0 处导数为无穷大"),
        ("cbrt", "derivative at 0 is infinite", "在 0 处导数为无穷大"),
        ("asin", "at -1 and 1 is infinite", "±1 处导数为无穷大"),
        ("acos", "at -1 and 1 is infinite", "±1 处导数为无穷大"),
        ("acosh", "derivative at 1 is infinite", "在 1 处导数为无穷大"),
        ("atanh", "infinite at -1 and 1", "±1 处为无穷大"),
        ("atan2", "at (0, 0) it is 0, the derivative undefined", "在 (0, 0) 处取 0，导数不存在"),
        ("hypot", "at (0, 0) is undefined", "在 (0, 0) 处导数不存在"),
        ("log", "of 0 minus infinity", "0 的对数为负无穷大"),
        ("log2", "of 0 minus infinity", "0 的对数为负无穷大"),
        ("log10", "of 0 minus infinity", "0 的对数为负无穷大"),
        ("log1p", "at -1 minus infinity", "在 -1 处为负无穷大"),
        ("div", "1/0 is infinite, 0/0 is undefined", "1/0 为无穷大，0/0 未定义"),
        ("reciprocal", "at 0 infinite", "在 0 处为无穷大"),
        ("power", "0^0 is 1", "0^0 取 1"),
        ("xlogy", "taken as 0 where x = 0", "x = 0 时约定取 0"),
        ("lgamma", "integers it is infinite, the derivative undefined", "负整数处为无穷大，导数不存在"),
        ("digamma", "undefined at 0", "在 0 和负整数处未定义"),
        ("polygamma", "nothing is sent to the order", "对阶数的导数取 0"),
    ],
)
def test_the_row_says_its_convention(name: str, en: str, zh: str) -> None:
    assert en in REGISTRY[name].about["en"].replace("At (", "at (")
    assert zh in REGISTRY[name].about["zh"]


@pytest.mark.parametrize("name", ["exp", "lgamma", "div", "reciprocal", "log", "polygamma"])
def test_a_pole_raises_the_flag_that_an_overflow_does_not(name: str) -> None:
    poles = {"lgamma": [-1.0], "div": [1.0, 0.0], "reciprocal": [0.0], "log": [0.0], "polygamma": [1.0, -1.0]}
    overflows = {"exp": [800.0], "lgamma": [1e308], "div": [1e300, 1e-300]}
    with np.errstate(divide="raise", over="ignore"):
        if name in poles:
            with pytest.raises(FloatingPointError):
                REGISTRY[name].value(*map(np.float64, poles[name]))
        if name in overflows:
            assert REGISTRY[name].value(*map(np.float64, overflows[name])) == math.inf


@pytest.mark.parametrize(
    ("name", "created"),
    [
        ("add", [0, 0]), ("sub", [0, 1]), ("mul", [1, 1]), ("div", [1, 3]), ("neg", [1]), ("square", [2]), ("exp", [1]),
        ("log", [1]), ("sqrt", [2]), ("sin", [2]), ("cos", [3]), ("tan", [3]), ("tanh", [3]), ("sigmoid", [3]),
        ("relu", [2]), ("power", [4, 2]), ("floor", [0]), ("less", [0, 0]), ("where", [0, 1, 1]),
    ],
)  # fmt: skip
def test_rules_add_no_more_nodes_than_the_textbook(name: str, created: list[int]) -> None:
    op = REGISTRY[name]
    for rule, count in zip(op.rules, created, strict=True):
        builder = Builder()
        handles = [builder.handle(builder.input(name)) for name in ["t", "y", "x0", "x1", "x2"][: op.arity + 2]]
        rule(*handles)
        assert sum(node.op is not None for node in builder.nodes) == count


def test_the_power_rule_is_printed_as_in_school() -> None:
    builder = Builder()
    x, t = builder.handle(builder.input("x")), builder.handle(builder.input("t"))
    n = builder.handle(builder.const(3.0))
    REGISTRY["power"].rules[0](t, None, x, n)
    assert [node.op.name for node in builder.nodes if node.op] == ["power", "mul", "mul"]
    assert [node.const for node in builder.nodes if node.const is not None][:2] == [3.0, 2.0]


def test_a_step_sends_no_node_and_no_nan() -> None:
    assert zero(math.inf, math.nan, math.nan) == 0.0
