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

PASSES = ("evaluate", "forward", "reverse", "adjoint_graph", "simplify")
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


def test_both_languages_have_the_same_messages_with_the_same_words() -> None:
    import re

    english, chinese = read("en", "steps"), read("zh", "steps")
    assert english.keys() == chinese.keys()
    for key, sentence in english.items():
        words = set(re.findall(r"\{(\w+)\}", sentence))
        assert set(re.findall(r"\{(\w+)\}", chinese[key])) <= words | {"node", "source"}, key
