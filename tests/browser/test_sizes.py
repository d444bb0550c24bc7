"""From a telephone to a hall screen: nothing hangs over the edge, and every control is within reach."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import FIRST, FIRST_INPUTS, follow_link, open_link

SIZES = [(1440, 900), (1024, 768), (390, 844), (360, 740), (320, 640), (1920, 1080)]

STATES = [
    {"k": 20},
    {"pass": "reverse", "k": 15, "lanes": "overlay", "lang": "zh"},
    {
        "pass": "forward",
        "k": 5,
        "f": "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
        "at": {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3},
    },
    {"pass": "simplify", "k": 9},
]

# Controls that are cut off by the window, or lie under something else; those in a scrolling part are within reach.
LOST = """() => {
  const found = [];
  const over = document.scrollingElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`the page is ${over}px too wide`);
  if (document.scrollingElement.scrollHeight > innerHeight + 1) found.push("the page is too tall");
  const scrolls = (e) => { for (; e && e !== document.body; e = e.parentElement) if (/auto|scroll/.test(getComputedStyle(e).overflow)) return true; return false; };
  for (const control of document.querySelectorAll("button, input, select, [role=slider], .cm-content")) {
    if (!control.checkVisibility({ visibilityProperty: true }) || scrolls(control)) continue;
    const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    const name = control.getAttribute("aria-label") || control.textContent || control.className;
    if (left < -0.5 || top < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5) found.push(`outside: ${name} ${[left, top, right, bottom].map(Math.round)}`);
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (there && !control.contains(there) && !there.contains(control) && !there.closest("label")?.contains(control)) found.push(`covered: ${name} by ${there.className?.baseVal ?? there.className}`);
  }
  return found;
}"""


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_nothing_hangs_over_the_edge_and_every_control_is_within_reach(page: Page, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    open_link(page, k=20)
    for fields in STATES:
        follow_link(page, **{"f": FIRST, "at": FIRST_INPUTS, **fields})
        page.wait_for_timeout(80)
        assert page.evaluate(LOST) == [], fields
        for front in page.locator(".fronts [role=tab]:visible").all():
            front.click()
            assert page.evaluate(LOST) == [], (fields, front.inner_text())
        if page.locator(".fronts [role=tab]:visible").count():
            page.locator(".fronts [role=tab]").first.click()


def test_on_a_telephone_the_whole_lesson_is_three_tabs_and_a_thumb_away(new_page) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_link(page, **{"pass": "reverse"}, k=12)
    page.locator(".forward-step").tap()
    expect(page.locator(".timeline")).to_have_attribute("aria-valuenow", "13")
    for control in page.locator(".transport button:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, control.get_attribute("aria-label")
    page.get_by_role("tab", name="Table").tap()
    expect(page.locator(".wengert")).to_be_visible()
    page.get_by_role("tab", name="Code").tap()
    expect(page.locator(".algorithm .now")).to_be_visible()
    page.get_by_role("tab", name="Graph").tap()
    expect(page.locator('.drawing [data-key="n:6"]')).to_be_in_viewport()
    page.get_by_role("button", name="More").tap()
    expect(page.get_by_role("button", name="中文")).to_be_in_viewport()
    expect(page.get_by_label("Value of x1", exact=True)).to_be_in_viewport()


def test_text_twice_as_large_still_fits(page: Page) -> None:
    """WCAG 1.4.10: 1280 pixels at 400 % are 320; and 640 x 400 is 1280 x 800 at 200 %."""
    page.set_viewport_size({"width": 640, "height": 400})
    open_link(page, k=20)
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    expect(page.locator(".forward-step")).to_be_in_viewport(ratio=1)
