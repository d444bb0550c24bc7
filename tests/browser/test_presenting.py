"""In the hall: no chrome, numbers that the last row can read, a clicker's keys."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import at_step, follow_link, open_link

# The smallest number of a kind in a box, in hundredths of the window's height.
NUMBERS = """(kind) => Math.min(...[...document.querySelectorAll(".drawing .node .num" + kind)]
  .filter((text) => text.textContent)
  .map((text) => parseFloat(text.getAttribute("font-size")) * text.getScreenCTM().a / innerHeight * 100))"""


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)], ids="{0[0]}x{0[1]}".format)
def test_the_numbers_in_the_boxes_are_legible_from_the_last_row(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_link(page, **{"pass": "reverse"}, lanes="overlay", present=1, k=16)
    assert page.evaluate(NUMBERS, ":not(.old)") >= 4.2 - 0.01
    assert page.evaluate(NUMBERS, ".old") >= 3.5 - 0.01, "the value struck through is as large as a label"


# The boxes that do not lie wholly in the window of the picture.
CUT = """() => {
  const room = document.querySelector(".drawing svg").getBoundingClientRect();
  return [...document.querySelectorAll(".drawing .node[data-key]")].filter((node) => {
    const box = node.querySelector(".box").getBoundingClientRect();
    return box.left < room.left || box.right > room.right || box.top < room.top || box.bottom > room.bottom;
  }).map((node) => node.dataset.key);
}"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)], ids="{0[0]}x{0[1]}".format)
def test_above_the_matrix_of_a_jacobian_the_whole_picture_is_in_sight(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_link(page, f="[x*y, sin(x) + y, x/y]", at={"x": 1, "y": 2}, **{"pass": "jacobian"}, present=1, k=3)
    page.wait_for_function(f"({CUT})().length === 0")
    assert page.evaluate(NUMBERS, ":not(.old)") >= 2.8 - 0.01
    expect(page.locator(".strip")).to_be_in_viewport(ratio=1)


def test_presenting_shows_the_picture_and_no_chrome_and_escape_leads_back(page: Page) -> None:
    open_link(page, k=20)
    page.keyboard.press("f")
    expect(page.locator("html")).to_have_attribute("data-theme", "hall")
    for part in (".top", ".transport", ".side", ".tools"):
        expect(page.locator(part)).to_be_hidden()
    expect(page.locator(".hall-head")).to_contain_text("step 20 of 24")
    expect(page.locator(".drawing .node.active")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator(".top")).to_be_visible()
    at_step(page, 20)


def test_a_clicker_steps_blanks_and_never_reloads(page: Page) -> None:
    open_link(page, present=1, k=20)
    page.evaluate("window.mark = 'here'")
    page.keyboard.press("PageDown")
    at_step(page, 21)
    page.keyboard.press("PageUp")
    at_step(page, 20)
    cover = page.locator(".cover")
    for key, look in ((".", "black"), ("b", "black"), ("w", "white"), ("t", "strip")):
        page.keyboard.press(key)
        expect(cover).to_be_visible()
        expect(cover).to_contain_class(look)
        page.keyboard.press(key)
        expect(cover).to_be_hidden()
    page.keyboard.press("F5")
    assert page.evaluate("window.mark") == "here"
    at_step(page, 20)
    for key, part in (("2", ".wengert"), ("3", ".rule-body"), ("1", ".hall-line")):
        page.keyboard.press(key)
        expect(page.locator(part)).to_be_visible()


def test_in_the_hall_a_question_has_options_and_the_next_click_reveals(page: Page) -> None:
    open_link(page, present=1, predict=1, k=19, **{"pass": "adjoint_graph"})
    while not page.locator(".hall-gate").count():
        page.keyboard.press("PageDown")
    options = page.locator(".hall-gate [data-option]")
    expect(options).to_have_count(4)
    numbers = [float(text[1:].replace("−", "-")) for text in options.all_text_contents()]
    assert numbers == sorted(numbers)
    expect(page.locator(".hall-gate .question")).to_contain_text("?")
    k = int(page.locator(".timeline").get_attribute("aria-valuenow") or -1)
    page.keyboard.press("PageDown")
    at_step(page, k + 1)
    expect(page.locator(".hall-gate .right")).to_have_count(1)
    follow_link(page, k=20)
    expect(page.locator(".hall-gate")).to_have_count(0)
