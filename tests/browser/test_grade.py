"""The page to try a task: what is asked, an answer typed, the verdict seen, the same request for a program."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE

WIDE = {"width": 1280, "height": 800}
DERIVATIVE = {"kind": "derivative", "source": "x^2 sin(3x)", "wrt": "x", "domain": {"x": [0.5, 2]}}
GRADIENT = {"kind": "gradient", "source": "ln(x1) + x1*x2 - sin(x2)", "points": 4}


def open_grade(page: Page, task: dict[str, Any] | None = None, answer: Any = None, help: str = "hint") -> None:
    frame = {"help": help} | ({"task": task} if task else {}) | ({} if answer is None else {"answer": answer})
    page.goto(f"/grade#{quote(json.dumps(frame))}")
    expect(page.locator(".statement")).not_to_be_empty()


def verdict(page: Page) -> Any:
    return page.locator(".verdict b")


def test_a_wrong_answer_is_explained_while_it_is_typed(page: Page) -> None:
    open_grade(page, DERIVATIVE)
    expect(page.locator(".statement")).to_have_text("Differentiate x^2 sin(3x) by x. Give a formula.")
    expect(page.locator(".outcome .calm")).to_have_text(CATALOGUE["en"]["grade.nothing"])
    page.locator("[data-slot]").fill("2x sin(3x) + x^2 cos(3x)")
    expect(verdict(page)).to_have_text("Not correct")
    expect(page.locator(".diagnosis")).to_contain_text("The inner derivative is missing")
    expect(page.locator(".right-answer")).to_have_count(0)
    page.get_by_role("button", name="everything").click()
    expect(page.locator(".right-answer pre")).to_have_text("3*x^2*cos(3*x) + 2*x*sin(3*x)")
    page.locator("[data-slot]").fill("2x sin(3x) + 3x² cos(3x)")
    expect(verdict(page)).to_have_text("Correct")
    expect(page.locator(".points").first).to_have_text("1 of 1 points")


def test_an_unreadable_answer_costs_no_attempt_and_shows_the_place(page: Page) -> None:
    open_grade(page, DERIVATIVE, "2x sin(3x +")
    expect(verdict(page)).to_have_text("Cannot be read")
    expect(page.locator(".verdict")).to_contain_text("costs no attempt")
    expect(page.locator(".placed mark")).to_have_count(1)
    expect(page.locator("[data-slot]")).to_have_attribute("aria-invalid", "true")


def test_a_gradient_has_a_field_and_a_mark_for_each_component(page: Page) -> None:
    open_grade(page, GRADIENT, {"x1": "1/x1 + x2", "x2": "x1 + cos(x2)"})
    expect(verdict(page)).to_have_text("Partly correct")
    expect(page.locator('[data-slot="x1"]')).to_have_attribute("data-verdict", "correct")
    expect(page.locator('[data-slot="x2"]')).to_have_attribute("data-verdict", "incorrect")
    expect(page.locator(".outcome tbody tr").nth(0)).to_contain_text("2/2")
    expect(page.locator(".outcome tbody tr").nth(1)).to_contain_text("0/2")
    expect(page.locator(".points").first).to_have_text("2 of 4 points")
    page.locator('[data-slot="x2"]').fill("")
    expect(page.locator(".outcome tbody tr").nth(1)).to_contain_text("missing")


def test_a_table_is_marked_cell_by_cell_and_an_earlier_slip_costs_once(page: Page) -> None:
    task = {"kind": "reverse_table", "source": "ln(x1) + x1*x2 - sin(x2)", "inputs": {"x1": 2, "x2": 5}}
    adjoints = {"v5": 1, "v3": 1, "v4": -1, "v1": 1, "v2": 2, "x1": 10.5, "x2": 3.71633781453677}
    open_grade(page, task, adjoints)
    expect(verdict(page)).to_have_text("Partly correct")
    marks = {name: page.locator(f'[data-slot="{name}"]') for name in adjoints}
    expect(marks["v2"]).to_have_attribute("data-verdict", "incorrect")
    for name in ("x1", "x2"):
        expect(marks[name]).to_have_attribute("data-verdict", "follow_through")
    expect(marks["v4"]).to_have_attribute("data-verdict", "correct")


def test_answers_to_try_fill_the_fields(page: Page) -> None:
    open_grade(page, DERIVATIVE)
    page.locator(".try.correct").first.click()
    expect(verdict(page)).to_have_text("Correct")
    page.locator(".try.incorrect").first.click()
    expect(verdict(page)).to_have_text("Not correct")
    titles = page.locator(".try").all_inner_texts()
    assert not any("_" in title for title in titles), "names for people, not codes"


def test_another_kind_of_task_is_chosen_drawn_and_changed(page: Page) -> None:
    open_grade(page)
    kinds = page.locator("#kind option").all_inner_texts()
    assert len(kinds) == len(set(kinds))
    for value in page.locator("#kind option").evaluate_all("options => options.map(one => one.value)"):
        page.locator("#kind").select_option(value)
        expect(page.locator(".try.correct").first).to_be_attached()
        assert f"grade.kind.{value}" in CATALOGUE["en"], "every kind has a name"
    page.locator("#kind").select_option("derivative")
    page.get_by_role("button", name="Draw").click()
    drawn = page.locator("#task-source").input_value()
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("#task-source")).not_to_have_value(drawn)
    page.locator("#task-source").fill("x^3")
    expect(page.locator(".statement")).to_have_text("Differentiate x^3 by x. Give a formula.")


def test_a_wrong_task_is_refused_where_it_is_written(page: Page) -> None:
    open_grade(page, DERIVATIVE)
    page.locator("#task-source").fill("x^2 +")
    expect(page.locator(".side-task .refusal")).to_be_visible()
    page.locator("#task-source").fill("x^2 + 1")
    expect(page.locator(".side-task .refusal")).to_be_hidden()


def test_the_same_request_for_a_program(new_page: NewPage, server_url: str) -> None:
    page = new_page(viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])
    open_grade(page, DERIVATIVE, "f'(x) = 2x")
    expect(verdict(page)).to_be_visible()
    page.get_by_role("button", name=CATALOGUE["en"]["grade.copy.curl"]).click()
    line = page.evaluate("navigator.clipboard.readText()")
    assert line.startswith(f"curl -s {server_url}/api/v1/grade -H 'Content-Type: application/json' -d '")
    assert "f'\\''(x) = 2x" in line
    page.get_by_role("button", name=CATALOGUE["en"]["grade.copy.json"]).click()
    request = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert (request["answer"], request["help"], request["task"]["source"]) == ("f'(x) = 2x", "hint", "x^2 sin(3x)")


def test_a_link_opens_the_same_task_and_answer(page: Page) -> None:
    open_grade(page, GRADIENT, {"x1": "1"}, "full")
    expect(page).to_have_url(re.compile("answer"))
    page.reload()
    expect(page.locator('[data-slot="x1"]')).to_have_value("1")
    expect(page.get_by_role("button", name="everything")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_it_is_accessible_in_both_languages_and_themes(
    new_page: NewPage, axe: Callable[[Page], list[str]], locale: str, scheme: str
) -> None:
    page = new_page(viewport=WIDE, locale="zh-CN" if locale == "zh" else "en-US", color_scheme=scheme)
    open_grade(page, GRADIENT, {"x1": "1/x1 + x2", "x2": "x1 + cos(x2)"}, "full")
    expect(verdict(page)).to_have_text(CATALOGUE[locale]["grade.verdict.partial"])
    assert axe(page) == []


def test_on_a_phone_nothing_is_wider_than_the_page(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    open_grade(page, GRADIENT, {"x1": "1/x1 + x2", "x2": "x1 + cos(x2)"}, "full")
    expect(verdict(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_steps_lead_to_grading_this_very_function(page: Page) -> None:
    page.goto("/#f=x*y&in=x:2,y:5")
    link = page.get_by_role("link", name=CATALOGUE["en"]["grade.open"])
    assert "reverse_table" in (link.get_attribute("href") or "")
