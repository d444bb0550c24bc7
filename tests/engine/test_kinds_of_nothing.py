"""Each kind of nothing, in value and in derivative, with its reason."""

from typing import Any

import numpy as np
import pytest

from engine import api
from engine.events import Compute
from engine.primitive import REGISTRY
from tests.engine.inspecting import inspected


@pytest.mark.parametrize(
    ("source", "inputs", "kind", "en", "zh"),
    [
        ("x", {"x": 2.0}, "number", None, None),
        ("x - x", {"x": 2.0}, "zero", "exactly zero", "恰好是零"),
        ("sin(x) - sin(x)", {"x": 2.0}, "zero", "exactly zero", "恰好是零"),
        ("x * y", {"x": 1e-200, "y": 1e-200}, "underflow", "too small for a number of 64 bits", "下溢"),
        ("exp(x)", {"x": -800.0}, "underflow", "too small for a number of 64 bits", "下溢"),
        ("exp(x)", {"x": -740.0}, "underflow", "too small for a number of 64 bits", "下溢"),
        ("2 * exp(x)", {"x": -800.0}, "underflow", "left the range", "超出了 64 位"),
        ("1 / exp(x)", {"x": 800.0}, "underflow", "left the range", "超出了 64 位"),
        ("1 - cos(x)", {"x": 1e-9}, "cancelled", "No digit", "没有一位有效数字"),
        ("exp(x)", {"x": 800.0}, "overflow", "overflows", "上溢"),
        ("1 / x", {"x": 0.0}, "pole", "has a pole", "极点"),
        ("ln(x)", {"x": -1.0}, "undefined", "not defined", "没有定义"),
        ("ln(x) + 1", {"x": -1.0}, "inherited", "one of its inputs", "某个输入"),
    ],
)
def test_kinds_of_values(source: str, inputs: dict[str, float], kind: str, en: str | None, zh: str | None) -> None:
    for text, words in (("en", en), ("zh", zh)):
        node = inspected(source, text, **inputs).nodes[-1]
        assert node.value_kind == kind
        assert (node.value_reason is None) == (words is None)
        assert words is None or (node.value_reason is not None and words in node.value_reason)


DERIVATIVES: list[tuple[str, dict[str, float], str, str | None, str | None]] = [
    ("3 * x", {"x": 2.0}, "number", None, None),
    ("floor(x) + 1", {"x": 2.5}, "zero", "flat wherever it does not jump", "阶跃"),
    ("x**2", {"x": 0.0}, "zero", "the local partial of $v_1$ by $x$ is zero", "局部偏导数在此处为零"),
    ("sin(x) - x", {"x": 0.0}, "zero", "add up to zero", "加起来恰好为零"),
    ("0 * sin(x)", {"x": 1.0}, "zero", "of every node which reads $x$ is zero", "每个节点的导数都为零"),
    ("where(1 > 2, x, 5)", {"x": 1.0}, "zero", "chose the other branch", "另一支"),
    ("u = 2x\ny**2", {"x": 1.0, "y": 3.0}, "no_path", "ends at $v_1$, which nothing reads", "再没有运算读取它"),
    ("u = x\ny**2", {"x": 1.0, "y": 3.0}, "no_path", "No operation reads $x$", "没有任何运算读取 $x$"),
    ("u = 2x\ny", {"x": 1.0, "y": 3.0}, "no_path", "The output is $y$ itself", "输出就是 $y$ 本身"),
    ("stop_gradient(x) * 2", {"x": 1.0}, "stopped", "by stop_gradient at $v_1$", "位置在 $v_1$"),
    ("sqrt(x)", {"x": 0.0}, "pole", "rises vertically", "竖直"),
    ("hypot(x, 0)", {"x": 0.0}, "undefined", "is undefined here", "没有定义"),
    ("where(x > 0, ln(x), 0)", {"x": 0.0}, "undefined", "zero times infinite", "零乘无穷大"),
    ("sqrt(x) - 2 * sqrt(x)", {"x": 0.0}, "undefined", "opposite signs", "符号相反"),
    ("1e200 * (1e200 * x)", {"x": 1e-300}, "overflow", "larger than any number", "超出了 64 位"),
    ("1e308 * x + 1e308 * x", {"x": 1e-9}, "overflow", "their sum overflows", "它们的和上溢"),
    ("1 / x", {"x": 1e-200}, "overflow", "overflows", "上溢"),
    ("1e-200 * (1e-200 * x)", {"x": 1e300}, "underflow", "adjoint times partial", "伴随值乘偏导数"),
    ("reciprocal(x)", {"x": 1e200}, "underflow", "the local partial of $v_1$ by $x$ underflows", "下溢"),
    ("exp(x)", {"x": -800.0}, "underflow", "from a value that left the range", "已经超出范围"),
    ("x / y", {"x": 0.0, "y": 0.0}, "inherited", "a value it is made from is not", "所用的值不是有限数"),
    ("sqrt(2 * x)", {"x": 0.0}, "inherited", "of a node which reads $x$ is not", "某个节点的导数不是有限数"),
    ("3 * (1e-200 * (1e-200 * x))", {"x": 1e300}, "underflow", "too small for", "64 位浮点数表示不了"),
    ("1e-200 * (1e-200 * (3 * x))", {"x": 1e300}, "underflow", "only because that of", "此前已经下溢"),
]


@pytest.mark.parametrize(("source", "inputs", "kind", "en", "zh"), DERIVATIVES)
def test_kinds_of_derivatives(source: str, inputs: dict[str, float], kind: str, en: str | None, zh: str | None) -> None:
    for text, words in (("en", en), ("zh", zh)):
        report = inspected(source, text, **inputs).derivatives[0]
        assert report.kind == kind, report
        assert (report.reason is None) == (words is None)
        assert words is None or (report.reason is not None and words in report.reason), report


def test_what_is_not_computed_is_told_from_what_is_zero() -> None:
    found = inspected("2x + y", x=1.0, y=1.0, wrt=["x"])
    kinds = {node.name: (node.derivative_kind, node.derivative) for node in found.nodes}
    assert kinds["y"] == kinds["2"] == ("not_computed", None)
    assert kinds["x"] == ("number", 2.0)
    reasons = {node.name: node.derivative_reason for node in found.nodes}
    assert reasons["2"] == "$2$ is a constant, so nobody asks for its derivative and none is computed."
    assert reasons["y"] == "$y$ depends on none of the inputs asked for, so its derivative is never computed."


def test_the_missing_path_is_named() -> None:
    report = inspected("u = 2x\nw = sin(u)\ny*y + 1", x=1.0, y=3.0).derivatives[0]
    assert report.missing is not None
    assert report.missing.ends == [4]
    assert report.missing.cone == [5, 7]
    assert report.derivative == 0.0
    assert report.reason == (
        "What comes from $x$ ends at $v_2$, which nothing reads. "
        "A path to $v_4$ would have to go through one of $v_3$, $v_4$."
    )


def test_every_gradient_that_stops_is_named() -> None:
    report = inspected("stop_gradient(x) + stop_gradient(2 * x)", x=1.0).derivatives[0]
    assert report.stops == [1, 4]
    assert report.reason is not None
    assert "$v_1$, $v_3$" in report.reason


def test_arrays_have_the_same_kinds() -> None:
    found = inspected("sum(x * exp(w))", x=[1.0, 2.0], w=[-800.0, 1.0])
    assert [report.kind for report in found.derivatives] == ["underflow", "underflow"]
    np.testing.assert_allclose(found.derivatives[0].derivative, [0, np.e])
    assert [report.kind for report in inspected("amax(x)", x=[1.0, 3.0]).derivatives] == ["number"]
    assert inspected("sum(0 * x)", x=[1.0, 3.0]).derivatives[0].kind == "zero"


def test_of_an_array_the_sum_is_differentiated() -> None:
    np.testing.assert_allclose(inspected("x**2", x=[1.0, 3.0]).derivatives[0].derivative, [2, 6])


def test_a_derivative_is_inspected_like_a_function() -> None:
    assert inspected("sqrt(x)", x=0.0, of=["x"]).nodes[-1].value_kind == "pole"


@pytest.mark.parametrize("pass_name", ["evaluate", "forward", "reverse"])
@pytest.mark.parametrize(
    ("source", "inputs", "states"),
    [
        ("x * y", {"x": 1e-200, "y": 1e-200}, ["underflow"]),
        ("x * y", {"x": 0.0, "y": 1e-200}, [None]),
        ("exp(x) - 1", {"x": 0.0}, [None, None]),
        ("5e-324 * x", {"x": 1.0}, [None]),
        ("ln(exp(x))", {"x": -800.0}, ["underflow", "pole"]),
        ("softmax(x)", {"x": [0.0, 800.0]}, ["underflow"]),
        ("relu(x)", {"x": [0.0, -1.0]}, [None]),
    ],
)
def test_the_trace_tells_an_underflow_from_a_zero(
    pass_name: str, source: str, inputs: dict[str, Any], states: list[str | None]
) -> None:
    seed = np.ones(np.shape(inputs["x"])) if pass_name == "reverse" else None
    events = api.trace(source, inputs, pass_name, seed=seed).events
    assert [event.state for event in events if isinstance(event, Compute)] == states


UNDERFLOWS = {
    "mul": [1e-200, 1e-200], "div": [1e-300, 1e300], "reciprocal": [1e308], "square": [1e-200], "power": [1e-200, 3.0],
    "exp": [-800.0], "sigmoid": [-800.0], "softplus": [-800.0], "silu": [-800.0], "gelu": [-50.0], "erfc": [40.0],
    "atan2": [1e-200, 1e200],
}  # fmt: skip


@pytest.mark.parametrize("name", UNDERFLOWS)
def test_rows_raise_the_flag_of_an_underflow(name: str) -> None:
    xs = list(map(np.float64, UNDERFLOWS[name]))
    with np.errstate(all="ignore", under="raise"), pytest.raises(FloatingPointError):
        REGISTRY[name].value(*xs)
