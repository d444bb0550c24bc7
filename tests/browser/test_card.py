"""The close-up of a node: what it shows of arrays, that it follows the clock, and that it keeps what is not known to itself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, at_step, follow_link, link, open_link, step

LAYER = "sum((X @ W + b)**2)"
AT = {"X": "[1, 2; 3, 4; 5, 6]", "W": "[1, 0; -1, 2]", "b": "[0.5, -0.5]"}
REVERSE = {"f": LAYER, "at": AT, "pass": "reverse", "lanes": "overlay"}


def card(page: Page) -> Locator:
    return page.locator(".node-card")


def statement(page: Page) -> Locator:
    """The name of the node whose card is open, with its definition."""
    return card(page).locator("h2.statement .m")


def numbers(place: Locator) -> list[list[str]]:
    """Every array with numbers, row by row."""
    found: list[list[str]] = place.locator("table").evaluate_all(
        "tables => tables.map(table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent).join(' ')))"
    )
    return found


def open_card(page: Page, **fields: Any) -> dict[str, Any]:
    document = open_link(page, **{**REVERSE, **fields}, card=1)
    expect(statement(page)).to_be_visible()
    return document


def test_the_matrix_product_of_the_mock(page: Page) -> None:
    open_card(page, k=14)
    node, jacobians, products = (card(page).locator(f"section.{name}") for name in ("node", "jacobians", "products"))
    expect(statement(page)).to_have_attribute("aria-label", "v1 equals X W")
    expect(node).to_contain_text("3 × 2 = 3 × 2 @ 2 × 2")
    assert numbers(node) == [
        ["1 2", "3 4", "5 6"], ["1 0", "−1 2"], ["−1 4", "−1 8", "−1 12"], ["−1 7", "−1 15", "−1 23"],
    ]  # fmt: skip
    expect(jacobians).to_contain_text("60 numbers, 36 empty by structure. Never built.")
    expect(jacobians.locator(".extents")).to_have_text(["6 × 6", "6 × 4"])
    assert jacobians.locator("svg").first.locator("text").all_text_contents() == ["1", "−1", "0", "2"] * 3
    assert jacobians.locator("svg").first.locator(".void").count() == 24
    assert jacobians.locator("svg").first.locator(".block").count() == 3
    assert numbers(products.locator(".product").nth(0)) == [
        ["−1 7", "−1 15", "−1 23"], ["1 −1", "0 2"], ["−1 15", "−1 31", "−1 47"],
    ]  # fmt: skip
    assert numbers(products.locator(".product.now")) == [
        ["1 3 5", "2 4 6"], ["−1 7", "−1 15", "−1 23"], ["−9 167", "−12 212"],
    ]  # fmt: skip
    expect(products.locator(".equation")).to_have_text("2 · 7 + 4 · 15 + 6 · 23 = 212")
    assert card(page).locator("td.marked").all_text_contents() == ["2", "4", "6", "7", "15", "23", "212"]


def test_an_element_that_is_pointed_at_or_walked_to_shows_its_workings(page: Page) -> None:
    open_card(page, k=14)
    equation = card(page).locator(".equation")
    result = card(page).locator(".choosable").nth(1)
    result.locator("td").nth(1).hover()
    expect(equation).to_have_text("1 · 7 + 3 · 15 + 5 · 23 = 167")
    card(page).locator("h2").first.hover()
    expect(equation).to_have_text("2 · 7 + 4 · 15 + 6 · 23 = 212")
    result.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    expect(equation).to_have_text("2 · (−1) + 4 · (−1) + 6 · (−1) = −12")
    page.keyboard.press("ArrowUp")
    expect(equation).to_have_text("1 · (−1) + 3 · (−1) + 5 · (−1) = −9")
    assert step(page) == 14
    page.keyboard.press("PageUp")
    at_step(page, 13)
    expect(equation).to_have_text("−1 · (−1) + 23 · 2 = 47")


def test_what_was_broadcast_is_summed(page: Page) -> None:
    open_card(page, k=12)
    sums = card(page).locator("section.sums")
    expect(sums.locator("h2 .m")).to_have_text("b")
    expect(sums.locator(".product.now")).to_be_visible()
    assert numbers(sums) == [["−1 7", "−1 15", "−1 23"], ["−3 45"]]
    expect(sums.locator(".equation")).to_have_text(["−1 − 1 − 1 = −3", "7 + 15 + 23 = 45"])


def test_it_follows_the_clock_and_shows_nothing_that_is_to_come(page: Page) -> None:
    open_card(page, k=4)
    products = card(page).locator("section.products")
    expect(statement(page)).to_have_attribute("aria-label", "v1 equals X W")
    assert numbers(products) == [["1 −1", "0 2"], ["1 3 5", "2 4 6"]], "only the factors are known"
    expect(products.get_by_role("img", name="not yet computed")).to_have_count(4)
    expect(products.locator(".equation")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(statement(page)).to_have_attribute("aria-label", "v2 equals v1 plus b")
    follow_link(page, **REVERSE, card=1, k=13)
    expect(statement(page)).to_have_attribute("aria-label", "v1 equals X W")
    assert ["−1 15", "−1 31", "−1 47"] in numbers(products)
    assert ["−9 167", "−12 212"] not in numbers(products)
    page.keyboard.press("Home")
    expect(card(page)).to_contain_text(CATALOGUE["en"]["rule.before"])
    expect(statement(page)).to_have_count(0)


def test_it_opens_by_a_node_a_key_and_a_button_and_closes_with_escape(page: Page) -> None:
    open_link(page, **REVERSE, k=14)
    expect(card(page)).to_be_hidden()
    page.locator('.drawing [data-key="n:3"]').click()
    at_step(page, 4)
    expect(card(page)).to_be_visible()
    page.wait_for_function("() => location.hash.includes('card=1')")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    page.wait_for_function("() => !location.hash.includes('card=')")
    page.keyboard.press("c")
    expect(card(page)).to_be_visible()
    page.keyboard.press("c")
    expect(card(page)).to_be_hidden()
    button = page.get_by_role("button", name=CATALOGUE["en"]["card.toggle"], exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("region", name="Close-up of v1")).to_be_visible()
    page.get_by_role("button", name=CATALOGUE["en"]["card.close"]).click()
    expect(card(page)).to_be_hidden()
    expect(button).to_be_focused()
    page.locator('.drawing [data-key="n:0"]').click()
    at_step(page, 1)
    expect(card(page)).to_be_hidden()


def test_enter_on_a_node_opens_it_and_the_picture_keeps_the_step_in_sight(page: Page) -> None:
    open_link(page, **REVERSE, k=14)
    page.locator('.drawing [data-key="n:3"]').focus()
    page.keyboard.press("Enter")
    at_step(page, 4)
    expect(card(page)).to_be_visible()
    page.keyboard.press("End")
    page.wait_for_function("""() => {
      const [box, sheet] = [".drawing .node.active", ".drawing .canvas"].map((one) => document.querySelector(one).getBoundingClientRect());
      return box.top >= sheet.top - 1 && box.bottom <= sheet.bottom + 1;
    }""")


def test_among_numbers_a_node_only_jumps_but_the_key_opens(page: Page) -> None:
    open_link(page, k=15, **{"pass": "reverse"})
    page.locator('.drawing [data-key="n:3"]').click()
    expect(card(page)).to_be_hidden()
    page.keyboard.press("c")
    expect(card(page).locator("section.jacobians")).to_contain_text("the local partial")


def test_a_question_is_not_answered_by_the_card(page: Page) -> None:
    fields: dict[str, Any] = {"f": "s = sum(x*w)\nt = s*s\nt + s", "at": {"x": "[1, 2]", "w": "[3, 5]"}}
    document = open_link(page, **fields, **{"pass": "reverse"}, card=1, predict=1, k=1)
    asked = []
    while step(page) < len(document["events"]):
        page.keyboard.press("PageDown")
        if not page.locator("form.gate").count():
            continue
        event = document["events"][step(page)]
        answer = f"{event.get('adjoint', event.get('value')):g}"
        asked.append(answer)
        page.wait_for_load_state("networkidle")
        shown = [cell for array in numbers(card(page)) for line in array for cell in line.split()]
        assert shown, "the card of the step before is still there"
        assert answer not in shown
        page.get_by_role("button", name=CATALOGUE["en"]["gate.skip"]).click()
    assert "182" in asked, "the value of the output"
    assert "27" in asked, "the sum of what s has received"


def test_in_chinese(page: Page) -> None:
    open_link(page, **REVERSE, k=14, card=1, lang="zh")
    words = CATALOGUE["zh"]
    expect(card(page).locator("section.jacobians h2")).to_have_text(words["card.jacobian"])
    expect(card(page).locator("section.products h2")).to_have_text(words["card.product"])
    expect(card(page).locator(".workings .note")).to_contain_text("的第 2 行")
    expect(card(page).locator("section.notes")).to_contain_text("雅可比矩阵")


def test_on_a_telephone_it_is_a_sheet_that_is_read_downwards(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_link(page, f=LAYER, at=AT, k=14, card=1, **{"pass": "reverse"})
    expect(statement(page)).to_be_visible()
    tops = card(page).locator("section").evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)")
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name=CATALOGUE["en"]["player.previous"]).click()
    at_step(page, 13)
    page.get_by_role("tab", name="Table").click()
    expect(card(page)).to_be_hidden()
    page.get_by_role("tab", name="Graph").click()
    page.get_by_role("button", name=CATALOGUE["en"]["card.close"]).click()
    expect(page.locator('.drawing [data-key="n:3"]').first).to_be_visible()


def test_large_arrays_have_a_shape_and_a_range(page: Page) -> None:
    at = {"X": "randn(64, 784, seed=1)", "W": "randn(784, 128, seed=2)", "b": "zeros(128)"}
    open_card(page, at=at, k=14)
    node = card(page).locator("section.node")
    expect(node).to_contain_text("64 × 128 = 64 × 784 @ 784 × 128")
    expect(node.locator(".outline-box .extent")).to_have_text(["64×784", "784×128", "64×128", "64×128"])
    expect(node.locator(".outline-box .range").first).to_contain_text("…")
    expect(card(page).locator(".extents")).to_have_text(["8,192 × 50,176", "8,192 × 100,352"])
    assert card(page).locator("section:not(.closed) td").count() == 0


def test_a_closed_form_stands_beside_what_was_found(page: Page) -> None:
    fields: dict[str, Any] = {
        "f": "x' @ A @ x",
        "at": {"x": "[1, 2]", "A": "[1, 2; 3, 4]"},
        "pass": "reverse",
        "card": 1,
    }
    open_link(page, **fields, k=6)
    closed = card(page).locator("section.closed")
    expect(closed).to_contain_text(CATALOGUE["en"]["card.later"])
    assert numbers(closed) == []
    page.keyboard.press("End")
    expect(closed.locator(".closed-row")).to_have_count(2)
    expect(closed.locator(".closed-row .m").first).to_have_attribute(
        "aria-label", "partial f over partial x equals ( A plus A transposed ) x"
    )
    page.wait_for_function("() => document.querySelectorAll('.closed table').length === 2")
    assert numbers(closed) == [["12 21"], ["1 2", "2 4"]]
    expect(closed).to_contain_text(CATALOGUE["en"]["card.same"])
    expect(closed).to_contain_text("Matrix Cookbook")


def test_forward_mode_pushes_and_evaluation_offers_both(page: Page) -> None:
    open_card(page, **{"pass": "forward"}, k=6, seed="b")
    products = card(page).locator("section.products")
    expect(card(page).locator(".node .note")).to_have_text("The tangent has the shape of its value, always: 3 × 2.")
    assert numbers(products.locator(".arrays").last)[-1] == ["−1 7", "−1 15", "−1 23"]
    follow_link(page, f=LAYER, at=AT, card=1, k=4, **{"pass": "evaluate"})
    expect(products.locator("figcaption .m").last).to_have_attribute("aria-label", "W bar")
    products.get_by_role("button", name=CATALOGUE["en"]["card.push"], exact=True).click()
    expect(products.locator("figcaption .m").last).to_have_attribute("aria-label", "v1 dot")


def test_it_fades_where_there_is_more_to_scroll_to(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    open_card(page, k=14)
    window, scroll = card(page).locator(".window"), card(page).locator(".scroll")
    expect(window).to_have_attribute("data-more", re.compile("right"))
    scroll.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    expect(window).to_have_attribute("data-more", re.compile("^left(?!.*right)"))


def test_not_in_the_hall(page: Page) -> None:
    open_link(page, **REVERSE, card=1, k=14, present=1)
    expect(card(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_visible()


def test_an_answer_that_does_not_come_is_said_quietly(page: Page, trouble: list[str]) -> None:
    page.route("**/api/v1/card", lambda route: route.abort())
    open_link(page, **REVERSE, card=1, k=14)
    expect(card(page)).to_contain_text(CATALOGUE["en"]["card.offline"])
    trouble.clear()
    page.unroute("**/api/v1/card")
    card(page).get_by_role("button", name=CATALOGUE["en"]["error.retry"]).click()
    expect(statement(page)).to_be_visible()
    trouble.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, axe: Callable[[Page], list[str]], theme: str) -> None:
    for k in (4, 12, 14):
        page.goto("about:blank")
        page.goto("/" + link(**REVERSE, card=1, k=k, theme=theme, lang="en"))
        expect(statement(page)).to_be_visible()
        assert axe(page) == []
