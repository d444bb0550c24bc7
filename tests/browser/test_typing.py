"""The formula field: what is typed is drawn, what is wrong is marked where it is wrong, text and boxes belong together."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import CATALOGUE, LANGUAGES, look, open_link, retype

FORMULA = ".cm-content"


def test_a_new_formula_is_drawn_with_fields_for_its_inputs_and_a_link_of_its_own(page: Page) -> None:
    open_link(page, k=20)
    page.locator(FORMULA).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("x^2 + 3x")
    expect(page.locator(".wengert tbody tr")).to_have_count(4)
    expect(page.locator(".inputs .input")).to_have_count(1)
    expect(page.get_by_label("Value of x", exact=True)).to_have_value("2")
    expect(page.locator(".drawing .picture")).to_have_attribute("aria-label", "Computation graph: x^2 + 3x")
    expect(page.locator('.drawing [data-key="n:0"] .title')).to_have_text("x")
    page.wait_for_url("**/#f=x%5E2%20%2B%203x&at=x:2*")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    assert [row[4] for row in look(page)["rows"]] == ["2", "4", "6", "10"]
    assert look(page)["rows"][0][-1] == "7"

    retype(page, "x^2 + 3x*y")
    expect(page.get_by_label("Value of y", exact=True)).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_mistake_is_marked_at_its_characters_and_explained_and_the_picture_stays(page: Page, lang: str) -> None:
    open_link(page, k=20, lang=lang)
    before = look(page)
    wrong = "foo(x)+"
    retype(page, wrong)
    body = {"source": wrong}
    answer = page.context.request.post("/api/v1/graph", data=body, headers={"Accept-Language": LANGUAGES[lang]})
    error = answer.json()
    problem = page.get_by_role("alert").filter(has_text=error["message"])
    expect(problem).to_be_visible()
    assert error["hint"]
    expect(problem).to_contain_text(error["hint"])
    span = error["span"]
    assert "".join(page.locator(".cm-error").all_text_contents()) == wrong[span["start"] : span["end"]]
    expect(page.locator(".stale")).to_have_text(CATALOGUE[lang]["editor.stale"])
    after = look(page)
    assert after["nodes"] == before["nodes"]
    assert after["rows"] == before["rows"]

    retype(page, "x*x")
    expect(problem).to_be_hidden()
    expect(page.locator(".wengert tbody tr")).to_have_count(2)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_names_of_functions_are_completed_with_a_word_on_what_they_do(page: Page, lang: str) -> None:
    open_link(page, k=20, lang=lang)
    ops = page.context.request.get("/api/v1/ops").json()
    [about] = [op["about"][lang] for op in ops["ops"] if op["name"] == "sin"]
    page.locator(FORMULA).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("si")
    options = page.get_by_role("option")
    sine = options.filter(has=page.get_by_text("sin", exact=True))
    expect(sine).to_contain_text(about)
    sine.click()
    expect(page.locator(FORMULA)).to_contain_text("sin(")


def test_a_box_marks_its_text_and_text_marks_its_box(page: Page) -> None:
    open_link(page, k=0)
    page.locator('.drawing [data-key="n:3"]').hover()
    expect(page.locator(".cm-node")).to_have_text("x1*x2")
    expect(page.locator('.wengert tr[data-node="3"]')).to_have_class("hover")
    page.locator(".cm-content .tok-function").filter(has_text="sin").hover()
    expect(page.locator('.drawing [data-key="n:5"]')).to_contain_class("hover")
    expect(page.locator('.drawing [data-key="n:3"]')).not_to_contain_class("hover")
    page.locator('.wengert tr[data-node="2"]').hover()
    expect(page.locator('.drawing [data-key="n:2"]')).to_contain_class("hover")
    expect(page.locator(".cm-node")).to_have_text("ln(x1)")


def test_an_empty_field_offers_examples_and_takes_one(page: Page) -> None:
    open_link(page, k=20)
    retype(page, "")
    empty = page.locator(".empty")
    expect(empty).to_contain_text(CATALOGUE["en"]["empty.title"])
    expect(page.locator(".drawing")).to_be_hidden()
    empty.get_by_role("button").first.click()
    expect(page.locator(".drawing .node[data-key]").first).to_be_visible()
    expect(empty).to_be_hidden()


def test_a_program_of_several_lines_is_typed_and_drawn(page: Page) -> None:
    open_link(page, k=20)
    page.locator(FORMULA).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("u = exp(x)")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("(u + 1) * u")
    expect(page.locator(".wengert tbody tr")).to_have_count(4)
    expect(page.get_by_label("Value of x", exact=True)).to_be_visible()


def test_full_width_characters_of_a_chinese_keyboard_are_understood(page: Page) -> None:
    open_link(page, k=20, lang="zh")
    retype(page, "ｓｉｎ（x）＋2×x")
    expect(page.locator(".wengert tbody tr")).to_have_count(4)
    expect(page.get_by_role("alert")).to_have_count(0)
