"""Chinese and English, light and dark: a switch changes all of the page, and the choice is kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, STEPS, follow_link, look, open_link, retype, wait_for

# What is written alike in both languages: names, keys, and words of mathematics and programs.
ALIKE = {
    "Wengert",
    "IEEE",
    "JSON",
    "SVG",
    "EN",
    "API",
    "PgDn",
    "PgUp",
    "Esc",
    "Home",
    "End",
    "node_to_grad",
    "NumPy",
    "LaTeX",
    "CSV",
}

# All that a reader sees or hears, except formulas, code, keys, and what says in which language it is.
WORDS = """() => {
  const found = [];
  const skip = "code, kbd, .m, .statement, .editor-host, .drawing .title, .drawing .symbol, .brand, .reference, [hidden], dialog:not([open]), script, noscript, p.spoken[role=status], [lang]:not(html)";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) if (!text.parentElement.closest(skip)) found.push(text.data);
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest(skip)) continue;
    for (const name of ["aria-label", "title", "placeholder", "aria-valuetext", "alt"]) found.push(element.getAttribute(name) ?? "");
  }
  return [...new Set(found.map((text) => text.trim()).filter(Boolean))];
}"""


def english(page: Page) -> list[str]:
    """What is left in English: whole messages, and words of three letters and more."""
    messages = {text for key, text in CATALOGUE["en"].items() if text != CATALOGUE["zh"][key]}
    functions = {"sin", "cos", "exp", "log", "tan", "sqrt", "bar", "dot"}
    left = []
    for text in page.evaluate(WORDS):
        words = [word for word in re.findall(r"[A-Za-z_]{3,}", text) if word not in ALIKE | functions]
        if text in messages or words:
            left.append(text)
    return left


@pytest.mark.parametrize("name", STEPS)
def test_in_chinese_no_english_is_left_on_the_page(page: Page, name: str) -> None:
    open_link(page, **{"pass": name}, k=0)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    wait_for(page, {"source": "ln(x1) + x1*x2 - sin(x2)", "pass": name, "events": [0] * STEPS[name]}, 0, "zh")
    expect(page).to_have_title(CATALOGUE["zh"]["app.title"])
    page.wait_for_function("() => !/[a-z]{3}/.test(document.querySelector('.legend').textContent)")
    for k in range(STEPS[name] + 1):
        assert english(page) == [], f"step {k}"
        page.keyboard.press("ArrowRight")
    expect(page.locator("p.spoken[role=status]")).to_have_text(re.compile("^第 "))


def test_dialogs_mistakes_questions_and_the_hall_are_in_chinese_too(page: Page) -> None:
    open_link(page, k=20, lang="zh")
    page.get_by_role("button", name=CATALOGUE["zh"]["tools.help"]).click()
    assert english(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name=CATALOGUE["zh"]["editor.examples"]).click()
    expect(page.locator(".card").nth(5)).to_be_visible()
    cards = page.locator(".card b, .card .about").all_text_contents()
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in cards), cards
    page.keyboard.press("Escape")
    retype(page, "x +")
    expect(page.get_by_role("alert")).to_be_visible()
    assert english(page) == []
    follow_link(page, lang="zh", predict=1, k=19)
    page.keyboard.press("Escape")
    page.locator(".count").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("form.gate")).to_be_visible()
    assert english(page) == []
    follow_link(page, lang="zh", present=1, k=20)
    expect(page.locator(".hall-head")).to_contain_text("伴随图")
    assert english(page) == []


def test_the_texts_of_the_steps_follow_the_language_and_the_step_stays(page: Page) -> None:
    document = open_link(page, k=20)
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".rule-body .title")).not_to_contain_text("build")
    expect(page.locator(".count")).to_have_text("第 20 步 / 共 24 步")
    assert re.search(r"[\u4e00-\u9fff]", look(page)["rule"])
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.locator(".count")).to_have_text("Step 20 of 24")
    expect(page.locator(".rule-body .why")).to_contain_text(document["text"]["events"][19]["why"].split("$")[0].strip())


def test_language_and_theme_are_remembered_and_a_link_that_names_them_wins(page: Page) -> None:
    page.goto("/")
    theme = page.get_by_role("button", name=re.compile("^Theme"))
    root = page.locator("html")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    theme.click()
    theme.click()
    expect(root).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.get_by_role("button", name="中文").click()
    expect(root).to_have_attribute("lang", "zh-Hans")

    page.goto("about:blank")
    page.goto("/")
    expect(root).to_have_attribute("lang", "zh-Hans")
    expect(root).to_have_attribute("data-theme", "dark")

    page.goto("about:blank")
    page.goto("/#lang=en&theme=light")
    expect(root).to_have_attribute("lang", "en")
    expect(root).to_have_attribute("data-theme", "light")
    expect(page.locator(".count")).to_have_text("Step 20 of 24")


def test_without_a_choice_the_system_decides(new_page: NewPage) -> None:
    page = new_page(locale="zh-CN", color_scheme="dark")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator(".count")).to_have_text("第 20 步 / 共 24 步")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 25)"
