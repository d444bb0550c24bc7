"""Every step of every pass is explained, in both languages, with numbers under its symbols."""

from __future__ import annotations

import json
import logging
from typing import Any

import msgspec
import pytest

from server import service
from server.locale import LOCALES, read
from server.schemas.requests import TraceRequest

PASSES = ("evaluate", "forward", "reverse", "adjoint_graph", "simplify", "jacobian")
SOURCES: dict[str, dict[str, float]] = {
    "ln(x1) + x1*x2 - sin(x2)": {"x1": 2, "x2": 5},
    "where(x > y, x^2, y^x) + max(x, y)*relu(x) - stop_gradient(x)*floor(y)": {"x": 1.5, "y": 0.5},
    "1/x + log(y) + exp(1000*z)": {"x": 0, "y": -1, "z": 1},
    "w = x + 1; y": {"x": 1, "y": 2},
    "pi": {},
    "x": {"x": 2},
    "erf(x) + lgamma(x)*digamma(x) + |x|^x + atan2(x, hypot(x, 2))": {"x": 0.7},
}


def told(source: str, name: str, locale: str, **more: Any) -> dict[str, Any]:
    request = {
        "source": source,
        "inputs": SOURCES.get(source, more.pop("inputs", {})),
        "pass": name,
        "text": locale,
        **more,
    }
    found: dict[str, Any] = json.loads(service.trace(msgspec.convert(request, TraceRequest)))
    return found


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_step_is_explained(source: str, name: str, locale: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        trace = told(source, name, locale, options={"gradient": True} if name == "simplify" else {})
    assert not caplog.records, "every message exists"
    assert len(trace["text"]["events"]) == len(trace["events"])
    assert len(trace["text"]["nodes"]) == len(trace["text"]["names"]) == len(trace["graph"]["nodes"])
    for text in trace["text"]["events"]:
        sentences = [text["title"], text["why"], text["say"]]
        assert all(sentences)
        assert all(s.count("{") == s.count("}") for s in sentences)
        assert "{" not in text["say"], "every word was filled in"
        assert text["title"].count("$") % 2 == text["why"].count("$") % 2 == 0
        assert "$" not in text["say"]
        assert "\\" not in text["say"]
        assert "nan" not in text["say"].lower()


def test_the_chinese_is_chinese() -> None:
    for source in SOURCES:
        for name in PASSES:
            for text in told(source, name, "zh")["text"]["events"]:
                assert any("\u4e00" <= character <= "\u9fff" for character in text["title"] + text["why"])


def test_a_rule_puts_numbers_under_symbols() -> None:
    trace = told("ln(x1) + x1*x2 - sin(x2)", "reverse", "en")
    last_but_one = trace["text"]["events"][14]["rule"]
    assert [column["symbol"] for column in last_but_one] == [
        r"\bar{x}_2", "=", r"\bar{x}_2", "+", r"\bar{v}_2", r"\cdot", r"\frac{\partial v_2}{\partial x_2}",
    ]  # fmt: skip
    assert [column["number"] for column in last_but_one] == ["1.716", "=", "-0.2837", "+", "1", r"\cdot", "2"]
    build = told("ln(x1) + x1*x2 - sin(x2)", "adjoint_graph", "en")["text"]["events"][19]
    assert [column["symbol"] for column in build["rule"]] == [
        r"\bar{x}_{2 \to v_2}", "=", r"\bar{v}_2", r"\cdot", r"\frac{\partial v_2}{\partial x_2}", "=",
        r"\bar{v}_2 \cdot x_1",
    ]  # fmt: skip
    assert [column["number"] for column in build["rule"]] == ["2", "=", "1", r"\cdot", "2", "", ""]
    assert build["title"] == "At $v_2$: build what it sends to $x_2$"


def passes(source: str, inputs: dict[str, Any], locale: str = "en", **options: Any) -> list[dict[str, Any]]:
    """What is said of the passes of a Jacobian."""
    trace = told(source, "jacobian", locale, inputs=inputs, options=options)
    kinds = [event["kind"] for event in trace["events"]]
    return [text for kind, text in zip(kinds, trace["text"]["events"], strict=True) if kind in ("column", "row")]


PRODUCT: dict[str, Any] = {"A": [[2, 1], [0, 3]], "x": [1, -2]}


def test_the_first_pass_counts_and_says_which_mode_is_cheaper() -> None:
    first, second = passes("A @ x", PRODUCT)
    assert first["title"] == "Row 1 of 2: the derivatives of $v_1[0]$"
    assert "the inputs: 6. " in first["why"]
    assert "the output: 2. So reverse mode takes fewer passes and is cheaper here." in first["why"]
    assert "fewer" not in second["why"]
    assert "$e_2^{\\top} J$" in second["why"]
    forced = passes("A @ x", PRODUCT, mode="forward")
    assert "You asked for forward mode, but reverse mode would take fewer passes." in forced[0]["why"]
    equal = passes("[x*y, x/y]", {"x": 6, "y": 2}, mode="forward")
    assert "Both modes take equally many passes." in equal[0]["why"]
    tall = passes("[x, x^2, x*y]", {"x": 6, "y": 2}, "zh")
    assert "所以这里前向模式的遍数更少" in tall[0]["why"]


def test_a_column_is_named_by_its_element_and_has_its_numbers() -> None:
    last = passes("A @ x", PRODUCT, mode="forward")[5]
    assert last["title"] == r"Column 6 of 6: $\partial v_1 / \partial x[1]$"
    assert r"$J \, e_6$" in last["why"]
    assert last["rule"] == [{"symbol": r"\frac{\partial v_1}{\partial x[1]}", "number": "[1, 3]", "role": "tangent"}]
    assert last["say"] == "Column 6 of 6, by x[1]: an array of shape 2."
    assert passes("A @ x", PRODUCT, "zh", mode="forward")[2]["title"].startswith("第 3 列（共 6 列）")


def test_a_row_has_a_number_for_each_input() -> None:
    (only,) = passes("x*y", {"x": 6, "y": 2})
    assert [(column["symbol"], column["number"], column["role"]) for column in only["rule"]] == [
        (r"\frac{\partial v_1}{\partial x}", "2", "adjoint"), (",", ",", "op"),
        (r"\frac{\partial v_1}{\partial y}", "6", "adjoint"),
    ]  # fmt: skip
    assert "one row: the gradient" in only["why"]
    many = passes("+".join(f"x{i}" for i in range(9)), {f"x{i}": 1 for i in range(9)})[0]["rule"]
    assert len(many) == 13
    assert many[-1]["symbol"] == r"\ldots"


def test_the_hessian_is_told_as_one() -> None:
    column = passes("x1^2*x2", {"x1": 6, "x2": 2}, gradient=True, mode="forward")[1]
    assert column["title"] == "Column 2 of 2 of the Hessian: the gradient by $x_2$"
    assert "Hessian-vector product" in column["why"]
    assert "forward over reverse" in column["why"]
    assert [part["symbol"] for part in column["rule"]][::2] == [
        r"\frac{\partial \bar{x}_1}{\partial x_2}", r"\frac{\partial \bar{x}_2}{\partial x_2}",
    ]  # fmt: skip
    row = passes("x.T @ A @ x", PRODUCT, "zh", gradient=True, mode="reverse")[1]
    assert row["title"] == r"黑塞矩阵第 2 行（共 6 行）：$\bar{x}[1]$ 的各个导数"


def test_rows_of_equal_entries_of_a_gradient_are_told_apart() -> None:
    titles = [text["title"] for text in passes("(x + y)^2", {"x": 1, "y": 2}, gradient=True)]
    assert [title.split(" of ")[-1] for title in titles] == [r"$\bar{x}$", r"$\bar{y}$"]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_an_input_that_does_not_matter_has_its_reason(mode: str) -> None:
    said = [text["why"] for text in passes("w = z\n[x, stop_gradient(y)]", {"x": 1, "y": 2, "z": 3}, mode=mode)]
    stopped = [why for why in said if "only through stop_gradient" in why]
    unread = [why for why in said if "does not depend on $z$" in why]
    assert (len(stopped), len(unread)) == (1, 1)


def test_both_languages_have_the_same_messages_with_the_same_words() -> None:
    import re

    english, chinese = read("en", "steps"), read("zh", "steps")
    assert english.keys() == chinese.keys()
    for key, sentence in english.items():
        words = set(re.findall(r"\{(\w+)\}", sentence))
        assert set(re.findall(r"\{(\w+)\}", chinese[key])) <= words | {"node", "source"}, key
