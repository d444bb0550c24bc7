"""The dialog that checks the numbers: classic faults, kinds of nothing, digits and kinks, with their words on the screen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, FIRST, FIRST_INPUTS, at_step, open_link

WORDS = CATALOGUE["en"]
TRAP = {"f": "where(x > 0, sqrt(x), 0)", "at": {"x": 0}}
COSINE = {"f": "(1-cos(y))/y^2", "at": {"y": 1e-8}}
SOFTMAX = {"f": "log(softmax(x))[0]", "at": {"x": [-1000, 0]}}


def opened(page: Page, lang: str = "en", **fields: Any) -> Locator:
    """The dialog, opened by its link."""
    open_link(page, lang=lang, inspect=1, **{"pass": "reverse"}, **fields)
    dialog = page.get_by_role("dialog", name=CATALOGUE[lang]["inspect.title"])
    expect(dialog.locator("section")).to_have_count(4)
    return dialog


def test_the_where_trap(page: Page) -> None:
    dialog = opened(page, **TRAP)
    fault = dialog.locator(".fault")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text(WORDS["inspect.first"])
    expect(fault.locator(".phase")).to_have_text("backward")
    expect(fault.locator(".became")).to_have_text("undefinedNaN")
    expect(fault.locator(".reason")).to_contain_text("zero times infinite is undefined")
    expect(fault.locator(".cure")).to_contain_text("where(c, f(where(c, x, 1)), 0)")
    expect(fault.locator(".cure code")).to_have_text("sqrt(where(x > 0, x, 1))")
    kinks = dialog.locator("section.kinks tbody tr:not(.note)")
    expect(kinks).to_have_count(2)
    expect(kinks.nth(1).locator("td")).to_have_text(["where(x > 0, sqrt(x), 0)at x = 0", "NaN", "≠ 0", "NaN", "NaN"])


def test_the_cure_of_the_where_trap_is_used_at_once(page: Page) -> None:
    dialog = opened(page, **TRAP)
    dialog.get_by_role("button", name=WORDS["inspect.use"], exact=True).click()
    expect(dialog.locator(".where code")).to_have_text("where(x > 0, sqrt(where(x > 0, x, 1)), 0)")
    expect(dialog.locator(".calm").first).to_have_text(WORDS["inspect.calm"])


def test_a_name_on_the_way_leads_to_its_step(page: Page) -> None:
    dialog = opened(page, **TRAP)
    way = dialog.locator(".fault .path button")
    expect(way).to_have_count(2)
    way.nth(1).click()
    expect(dialog).to_be_hidden()
    at_step(page, 9)
    page.get_by_role("button", name=WORDS["inspect.why.name"], exact=True).click()
    expect(dialog).to_be_visible()


def test_digits_lost_and_the_cure_written_into_the_formula(page: Page) -> None:
    dialog = opened(page, **COSINE)
    rows = dialog.locator("section.conditioning tbody tr")
    expect(rows).to_have_count(4)
    expect(dialog.locator("tr.worst")).to_have_count(1)
    expect(rows.nth(1)).to_contain_text(WORDS["inspect.worst"])
    expect(rows.nth(1).locator("td")).to_have_text(["0", "+∞", "+∞", "+∞", "0.0"])
    expect(rows.nth(0).locator("td")).to_have_text(["1", "1.000×10⁻¹⁶", "0.0", "1", "15.7"])
    widths = [fill.evaluate("fill => fill.style.width") for fill in dialog.locator(".fill").all()]
    assert widths == ["100%", "0%", "100%", "0%"]
    expect(dialog.locator(".cure code")).to_have_text("2 * sin(y / 2)**2")
    dialog.get_by_role("button", name=WORDS["inspect.use"], exact=True).click()
    expect(dialog.locator(".where code")).to_have_text("(2 * sin(y / 2)**2)/y^2")
    expect(dialog.locator(".calm").first).to_have_text(WORDS["inspect.calm"])
    expect(rows.last.locator("td").first).to_have_text("0.5")


def test_a_logarithm_of_a_softmax(page: Page) -> None:
    dialog = opened(page, **SOFTMAX)
    expect(dialog.locator(".fault.first .became")).to_have_text("underflow[0, 1]")
    expect(dialog.locator(".fault.first .cure code")).to_have_text("log_softmax(x)")
    more = dialog.get_by_text(WORDS["inspect.more"].format(n=3))
    more.click()
    expect(dialog.locator(".fault:visible")).to_have_count(4)
    expect(dialog.get_by_text(WORDS["inspect.cure.same"])).to_have_count(3)


def test_kinds_of_nothing(page: Page) -> None:
    at = {"x": 1, "y": 2, "z": 4, "w": 1}
    dialog = opened(page, f="u = 2*z\nstop_gradient(x)*2 + y + 0*w", at=at)
    rows = dialog.locator("section.nothing .kinds").first.locator("li")
    expect(rows.locator(".kind")).to_have_text(["no path", "stopped", "zero"])
    expect(rows.nth(0).locator(".reason")).to_contain_text("which nothing reads")
    expect(rows.nth(1).locator(".reason")).to_contain_text("stop_gradient")
    expect(dialog.locator("section.kinks tbody tr").first.locator("td").nth(2)).to_have_text("≠ None, 6")


def test_a_tie_of_max(page: Page) -> None:
    dialog = opened(page, f="max(x, y)", at={"x": 1, "y": 1})
    cells = dialog.locator("section.kinks tbody tr").first.locator("td")
    expect(cells).to_have_text(["maximum(x, y)at x = 1, y = 1", "0.5, 0.5", "≠ 1, 0", "0.5, 0.5", "0.5, 0.5"])
    expect(dialog.locator("section.kinks th")).to_contain_text(["Node", "At the kink", "Wengert", "TensorFlow 2.21"])


@pytest.mark.parametrize(
    ("source", "at", "row", "cells"),
    [
        ("relu(x)", {"x": 0}, 0, ["0", "0", "0", "0"]),
        ("abs(x)", {"x": 0}, 0, ["0", "0", "0", "≠ 1"]),
        ("sqrt(x)", {"x": 0}, 0, ["+∞", "+∞", "+∞", "+∞"]),
        ("x**0", {"x": 0}, 0, ["NaN", "NaN", "≠ 0", "≠ 0"]),
        ("where(x > 0, log(x), 0)", {"x": 0}, 1, ["NaN", "NaN", "NaN", "NaN"]),
        ("amax(x)", {"x": [1, 1]}, 0, ["[0.5, 0.5]", "[0.5, 0.5]", "[0.5, 0.5]", "[0.5, 0.5]"]),
    ],
)
def test_conventions_beside_those_of_others(
    page: Page, source: str, at: dict[str, Any], row: int, cells: list[str]
) -> None:
    """Ours, TensorFlow's, PyTorch's, JAX's: what differs has a sign."""
    dialog = opened(page, f=source, at=at)
    rows = dialog.locator("section.kinks tbody tr:not(.note)")
    expect(rows.nth(row).locator("td")).to_have_text([re.compile("."), *cells])


def test_nothing_broke_and_the_key_opens_it(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    page.keyboard.press("i")
    dialog = page.get_by_role("dialog", name=WORDS["inspect.title"])
    expect(dialog.locator("section.faults")).to_contain_text(WORDS["inspect.calm"])
    expect(dialog.locator("section.kinks")).to_contain_text(WORDS["inspect.kinks.none"])
    page.wait_for_function("() => location.hash.includes('inspect=1')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.wait_for_function("() => !location.hash.includes('inspect=1')")
    expect(page.get_by_role("button", name=WORDS["inspect.why.name"])).to_have_count(0)


def test_in_chinese_on_a_phone(new_page: NewPage, axe: Callable[[Page], list[str]]) -> None:
    words = CATALOGUE["zh"]
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    dialog = opened(page, "zh", **TRAP)
    expect(dialog.locator(".fault")).to_contain_text(words["inspect.first"])
    expect(dialog.locator(".fault .reason")).to_contain_text("零乘无穷大没有定义")
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    assert axe(page) == []


@pytest.mark.parametrize("fields", [TRAP, COSINE, SOFTMAX])
def test_the_dialog_is_accessible(page: Page, axe: Callable[[Page], list[str]], fields: dict[str, Any]) -> None:
    dialog = opened(page, **fields)
    for summary in dialog.locator("details:not([open]) > summary").all():
        summary.click()
    assert axe(page) == []
