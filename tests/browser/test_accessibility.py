"""For those who listen, who use only keys, who need more contrast or no motion."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, follow_link, open_link, retype

Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_passes(page: Page, axe: Axe, theme: str) -> None:
    open_link(page, k=20, theme=theme)
    assert axe(page) == []
    follow_link(page, **{"pass": "reverse"}, lanes="overlay", lang="zh", theme=theme, k=15)
    assert axe(page) == []
    follow_link(page, **{"pass": "forward"}, theme=theme, k=5)
    assert axe(page) == []


def test_axe_finds_nothing_in_a_mistake_a_question_and_the_dialogs(page: Page, axe: Axe) -> None:
    open_link(page, k=20)
    retype(page, "foo(x)+")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keys and help").click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Examples").click()
    expect(page.locator(".card").first).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    follow_link(page, predict=1, k=19)
    page.keyboard.press("ArrowRight")
    expect(page.locator("form.gate")).to_be_visible()
    assert axe(page) == []


def test_axe_finds_nothing_in_the_hall_and_on_a_telephone(page: Page, axe: Axe) -> None:
    open_link(page, present=1, k=20)
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    follow_link(page, **{"pass": "reverse"}, k=12)
    assert axe(page) == []
    page.get_by_role("tab", name="Table").click()
    assert axe(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_jacobian_and_the_choice_of_seeds(page: Page, axe: Axe, theme: str) -> None:
    at = {"A": "[1, 2; 3, 4; 5, 6]", "x": "[7, 8]"}
    for k in (2, 4, 6):
        open_link(page, f="A @ x", at=at, k=k, theme=theme, **{"pass": "jacobian"})
        assert axe(page) == []
    open_link(page, f="x^2*y", at={"x": 3, "y": 2}, gradient=1, theme=theme, lang="zh", **{"pass": "jacobian"})
    assert axe(page) == []
    open_link(page, f="x + 2*x", at={"x": "zeros(30)"}, theme=theme, k=20, **{"pass": "jacobian"})
    assert axe(page) == []
    open_link(page, f="A @ x", at=at, theme=theme, **{"pass": "forward"})
    page.locator(".bar .seed .pick").click()
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    open_link(page, f="A @ x", at=at, k=4, theme=theme, **{"pass": "jacobian"})
    assert axe(page) == []


def test_every_step_is_said_in_one_sentence(page: Page) -> None:
    for lang in ("en", "zh"):
        document = open_link(page, **{"pass": "reverse"}, k=10, lang=lang)
        status = page.locator("p.spoken[role=status]")
        for k in (11, 12, 13):
            page.keyboard.press("ArrowRight")
            said = document["text"]["events"][k - 1]["say"]
            expect(status).to_have_text(f"{CATALOGUE[lang]['timeline.at'].format(k=k, n=16)}. {said}")
        page.goto("about:blank")


def test_the_timeline_is_a_slider_that_says_where_it_is(page: Page) -> None:
    open_link(page, k=20)
    slider = page.get_by_role("slider", name="Steps")
    expect(slider).to_have_attribute("aria-valuetext", "Step 20 of 24, Reverse graph")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "Step 19 of 24, Reverse graph")
    page.keyboard.press("PageUp")
    expect(slider).to_have_attribute("aria-valuetext", "Step 8 of 24, Reverse graph")
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "Step 0 of 24")


def test_whoever_asks_for_no_motion_gets_none(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    open_link(page, k=17)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        running = page.evaluate(
            "document.getAnimations().filter((one) => one.playState === 'running' && one.effect.getComputedTiming().duration > 1).length"
        )
        assert running == 0
        first = page.evaluate(
            "[...document.querySelectorAll('.messages > g')].map((chip) => chip.getAttribute('transform'))"
        )
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        second = page.evaluate(
            "[...document.querySelectorAll('.messages > g')].map((chip) => chip.getAttribute('transform'))"
        )
        assert first == second, "chips are where they arrive"


def test_colours_forced_by_the_system_leave_the_picture_readable(new_page: NewPage) -> None:
    page = new_page(forced_colors="active", viewport={"width": 1280, "height": 800})
    open_link(page, k=20)
    active = page.locator(".drawing .node.active .box").first
    other = page.locator(".drawing .node.done:not(.active) .box").first
    width = "box => parseFloat(getComputedStyle(box).strokeWidth)"
    assert active.evaluate(width) > other.evaluate(width)
    ink = page.locator('.drawing [data-key="n:3"] .num').evaluate("text => getComputedStyle(text).fill")
    assert ink != page.evaluate("getComputedStyle(document.body).backgroundColor")
