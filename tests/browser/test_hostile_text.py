"""Whatever is typed or linked is text: it is never run, never trusted as a name of ours, and never breaks the page."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import at_step, link, look, open_link, retype

MARKUP = "<img src=x onerror=alert(1)>"
NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "prototype"]


@pytest.fixture
def page(new_page: NewPage, trouble: list[str]) -> Page:
    page = new_page(viewport={"width": 1280, "height": 800})

    def told(dialog: Dialog) -> None:
        trouble.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", told)
    return page


def test_names_of_javascript_are_names_like_any_other(page: Page) -> None:
    open_link(page, k=24)
    for name in NAMES:
        retype(page, f"{name} * x + {name}")
        expect(page.locator(".wengert tbody tr")).to_have_count(4)
        expect(page.locator(".drawing .picture")).to_have_attribute("aria-label", re.compile(name))
        field = page.get_by_role("group", name=name, exact=True).get_by_role("textbox")
        field.fill("7")
        expect(page.locator('.drawing [data-key="n:0"] .num')).to_have_text("7")
        page.keyboard.press("Escape")
    page.keyboard.press("End")
    assert "NaN" not in page.locator("body").inner_text()


@pytest.mark.parametrize("source", [*NAMES[:2], MARKUP, f"'{MARKUP}'", "x" * 5000, "(" * 3000, "🦊+\u202e\u0000x"])
def test_a_formula_from_a_link_is_only_text(page: Page, source: str) -> None:
    page.goto("/" + link(f=source, at="x:1", lang="en"))
    expect(page.get_by_role("alert").or_(page.locator(".wengert tbody tr")).first).to_be_visible()
    assert page.locator("img[src], iframe, object, [onerror]").count() == 0
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0


def test_markup_that_is_typed_is_only_text(page: Page) -> None:
    open_link(page, k=20)
    before = look(page)["nodes"]
    retype(page, MARKUP)
    expect(page.get_by_role("alert").first).to_be_visible()
    assert page.locator("img[src]").count() == 0
    assert look(page)["nodes"] == before


def test_fields_of_a_link_are_only_text(page: Page) -> None:
    fields = ("at", "pass", "of", "wrt", "seed", "lanes", "k", "lang", "theme", "__proto__", "constructor")
    bad = f"__proto__:1;{MARKUP}"
    page.goto("/" + link(f="x*y", **dict.fromkeys(fields, bad)))
    shown = page.locator(".wengert tbody tr").or_(page.get_by_role("alert")).first
    expect(shown).to_be_visible()
    for field in fields:
        page.evaluate("hash => { location.hash = hash }", link(f="x*y", **{field: bad}))
        expect(shown).to_be_visible()
        assert page.locator("img[src]").count() == 0
    page.goto("about:blank")
    page.goto("/#f=x*__proto__&at=__proto__:3;x:2&pass=evaluate&k=3&lang=en")
    at_step(page, 3)
    assert look(page)["rows"][-1][4] == "6"


def test_very_long_names_fit_the_page(page: Page) -> None:
    long = "a_very_long_name_that_a_careful_student_may_well_choose_for_it"
    open_link(page, f=f"sin({long}) * {long}_2", at={long: 1, f"{long}_2": 2}, k=3)
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    expect(page.locator(".forward-step")).to_be_in_viewport(ratio=1)
