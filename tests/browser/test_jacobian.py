"""The Jacobian, filled column by column or row by row; and seeds that are one element of an array."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, at_step, box_text, follow_link, link, look, open_link, step

POLAR = {"f": "[x*cos(y), x*sin(y)]", "at": {"x": 2, "y": 0}, "pass": "jacobian"}
LINEAR = {"f": "A @ x", "at": {"A": "[1, 2; 3, 4; 5, 6]", "x": "[7, 8]"}}
PHONE = {"width": 390, "height": 844}


def matrix(page: Page) -> list[list[str]]:
    """What stands in the cells; an empty text where nothing is known."""
    cells: list[list[str]] = page.evaluate(
        """() => [...document.querySelectorAll(".jacobian tbody tr")].map((row) =>
          [...row.querySelectorAll("td")].map((cell) => (cell.querySelector(".pending") ? "" : cell.textContent)))"""
    )
    return cells


def current(page: Page) -> list[str]:
    """The cells of the step."""
    return page.locator(".jacobian td.now").all_text_contents()


def pick(page: Page) -> None:
    """Open the panel of seeds."""
    page.locator(".seed .pick:visible").click()
    expect(page.locator(".seed-menu:popover-open")).to_be_visible()


def test_columns_fill_one_at_a_time_and_what_is_unknown_is_dashed(page: Page) -> None:
    document = open_link(page, **POLAR, mode="forward", k=7)
    assert document["result"]["passes"] == {"forward": 2, "reverse": 2}
    assert matrix(page) == [["", ""], ["", ""]]
    page.keyboard.press("ArrowRight")
    assert matrix(page) == [["1", ""], ["0", ""]]
    assert current(page) == ["1", "0"]
    page.keyboard.press("ArrowRight")
    assert matrix(page) == [["1", "0"], ["0", "2"]]
    assert current(page) == ["0", "2"]
    page.keyboard.press("ArrowLeft")
    assert matrix(page) == [["1", ""], ["0", ""]]


def test_the_graph_shows_where_a_pass_starts_and_what_it_gives(page: Page) -> None:
    open_link(page, **POLAR, mode="forward", k=9)
    assert box_text(page, "n:0").endswith("20"), "the value 2, the tangent 0"
    assert box_text(page, "n:1").endswith("01"), "the value 0, the tangent 1"
    expect(page.locator('.drawing [data-key="n:1"]')).to_have_class(re.compile(r"\bactive\b"))
    expect(page.locator(".drawing .link.tangent.now")).to_have_count(6)
    page.get_by_role("button", name="by rows").click()
    at_step(page, 8)
    expect(page.locator('.drawing [data-key="n:6"] .adjoint .shade.seed')).to_have_count(1)
    expect(page.locator('.drawing [data-key="n:0"] .row.adjoint .num')).to_have_text("1")


def test_what_either_way_costs_is_said_and_the_cheaper_is_taken(page: Page) -> None:
    document = open_link(page, f="softmax(A @ x)", at=LINEAR["at"], **{"pass": "jacobian"})
    assert document["result"]["mode"] == "reverse"
    beside = page.locator(".matrix-side")
    expect(beside).to_contain_text("8 input elements: 8 forward passes")
    expect(beside).to_contain_text("3 output elements: 3 reverse passes")
    expect(beside).to_contain_text("By rows is cheaper here.")
    expect(page.get_by_role("button", name="by rows")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="by columns").click()
    page.wait_for_function("() => document.querySelector('.timeline').getAttribute('aria-valuemax') === '12'")
    page.wait_for_url("**mode=forward*")
    page.keyboard.press("End")
    assert len(matrix(page)) == 3
    assert all(all(row) for row in matrix(page))


def test_both_ways_fill_the_same_matrix(page: Page) -> None:
    open_link(page, **LINEAR, mode="reverse", **{"pass": "jacobian"}, k=6)
    by_rows = matrix(page)
    assert by_rows[0] == ["7", "8", "0", "0", "0", "0", "1", "2"]
    follow_link(page, **LINEAR, mode="forward", **{"pass": "jacobian"}, k=11)
    assert matrix(page) == by_rows


def test_the_jacobian_of_the_gradient_is_the_hessian(page: Page) -> None:
    open_link(page, f="x^2*y", at={"x": 3, "y": 2}, **{"pass": "jacobian"})
    page.get_by_role("button", name="the Hessian").click()
    expect(page.locator(".matrix-side h2")).to_contain_text("Hessian")
    page.wait_for_url("**gradient=1*")
    page.keyboard.press("End")
    assert matrix(page) == [["4", "6"], ["6", "0"]]
    expect(page.locator(".jacobian tbody th").first).to_contain_text("∂f/∂x")
    follow_link(page, **POLAR)
    expect(page.get_by_role("button", name="Only a number has a gradient")).to_have_attribute("aria-disabled", "true")


def test_an_array_that_was_asked_for_its_gradient_shows_its_jacobian(page: Page) -> None:
    page.goto("/" + link(**POLAR, gradient=1, lang="en"))
    expect(page.locator(".matrix-side h2")).to_contain_text("Jacobian")
    expect(page.locator(".problem")).to_be_hidden()


def test_a_cell_leads_to_its_step_and_a_header_to_the_pass_that_computes_it(page: Page) -> None:
    open_link(page, **LINEAR, mode="forward", **{"pass": "jacobian"}, k=4)
    page.locator(".jacobian tbody tr").nth(0).locator("td").nth(2).click()
    assert step(page) == 6
    page.get_by_role("button", name="A[1,0]: watch this column in forward mode").click()
    expect(page.get_by_role("tab", name="Forward mode")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".bar .seed .pick")).to_contain_text("[1, 0] = 1")
    expect(page.locator(".table .note")).to_have_text(CATALOGUE["en"]["table.order.forward"])  # its trace is there
    page.keyboard.press("End")
    expect(page.locator('.drawing [data-key="n:2"] .row.tangent .heat-num')).to_have_text(["0", "7", "0"])
    page.go_back()
    open_link(page, **LINEAR, **{"pass": "jacobian"}, k=6)
    page.get_by_role("button", name="v1[2]: watch this row in reverse mode").click()
    expect(page.get_by_role("tab", name="Reverse mode")).to_have_attribute("aria-selected", "true")
    page.wait_for_function("() => document.querySelector('.drawing svg').textContent.includes('[2] = 1')")
    page.keyboard.press("End")
    expect(page.locator('.drawing [data-key="a:0"] .heat-num')).to_have_text(["0", "0", "0", "0", "7", "8"])


def test_the_table_of_the_matrix_is_a_table(page: Page) -> None:
    open_link(page, **LINEAR, **{"pass": "jacobian"}, k=4)
    table = page.locator(".jacobian")
    expect(table.locator("caption")).to_have_text("Jacobian of f")
    expect(table.locator("th[scope=colgroup]")).to_have_text([re.compile("A3×2"), re.compile("x2")])
    expect(table.locator("thead th[scope=col]")).to_have_count(8)
    expect(table.locator("tbody th[scope=row]")).to_have_count(3)
    expect(table.locator("th[aria-current=step]")).to_have_text("[0]")
    expect(table.locator("td").nth(9)).to_have_text("not yet computed")


def test_a_large_matrix_is_a_picture_with_its_numbers_on_pointing(page: Page) -> None:
    open_link(page, f="x + 2*x", at={"x": "zeros(30)"}, **{"pass": "jacobian"}, k=33)
    canvas = page.locator(".matrix-picture canvas")
    box = canvas.bounding_box()
    assert box is not None
    cell = box["width"] / 30
    canvas.hover(position={"x": 1.5 * cell, "y": 1.5 * cell})
    expect(canvas).to_have_attribute("title", re.compile(r"∂v2\[1\] / ∂x\[1\] = 3"))
    canvas.hover(position={"x": 2.5 * cell, "y": 1.5 * cell})
    expect(canvas).to_have_attribute("title", re.compile(r"∂x\[2\] = 0"))


@pytest.mark.parametrize("name", ["reverse", "adjoint_graph"])
def test_an_array_output_starts_at_its_first_element_and_says_so(page: Page, name: str) -> None:
    page.goto("/" + link(**LINEAR, lang="en", k=99, **{"pass": name}))
    expect(page.locator(".bar .seed")).to_contain_text("row 1 of 3")
    expect(page.locator(".problem")).to_be_hidden()
    expect(page.locator(".drawing .plug .label")).to_have_text("v̄1[0] = 1")
    expect(page.locator('.drawing [data-key="a:1"] .heat-num')).to_have_text(["1", "2"])
    page.keyboard.press("j")
    expect(page.locator(".bar .seed")).to_contain_text("row 2 of 3")
    expect(page.locator('.drawing [data-key="a:1"] .heat-num')).to_have_text(["3", "4"])


def test_a_cotangent_is_chosen_by_element_taken_as_ones_or_typed(page: Page) -> None:
    page.goto("/" + link(**LINEAR, lang="en", k=99, **{"pass": "reverse"}))
    adjoint = page.locator('.drawing [data-key="a:1"] .heat-num')
    expect(adjoint).to_have_text(["1", "2"])
    pick(page)
    page.get_by_role("button", name="element 2").click()
    expect(adjoint).to_have_text(["5", "6"])
    pick(page)
    page.get_by_role("button", name="all ones").click()
    expect(adjoint).to_have_text(["9", "12"])
    pick(page)
    page.get_by_label("Adjoint of the output").fill("[1, 0, -1]")
    expect(adjoint).to_have_text(["−4", "−4"])
    page.wait_for_url("**seed=%3D[1,%200,%20-1]*")
    page.get_by_label("Adjoint of the output").fill("[1, 0]")
    expect(page.locator(".seed-menu .refused")).to_contain_text("shape")
    page.keyboard.press("Escape")
    expect(page.locator(".bar .seed > .refused")).to_contain_text("shape")
    expect(page.locator(".bar .pick")).to_have_attribute("aria-invalid", "true")
    assert box_text(page, "n:2"), "the last picture stays"


def test_a_direction_is_chosen_by_element_or_typed(page: Page) -> None:
    page.goto("/" + link(**LINEAR, lang="en", k=99, **{"pass": "forward"}))
    tangent = page.locator('.drawing [data-key="n:2"] .row.tangent .heat-num')
    expect(page.locator(".bar .seed .segments button")).to_have_count(2)
    expect(tangent).to_have_text(["15", "15", "15"])
    pick(page)
    page.get_by_role("button", name="element 2, 1").click()
    expect(tangent).to_have_text(["0", "0", "8"])
    page.wait_for_url("**seed=A[2,1]*")
    pick(page)
    page.get_by_label("Tangent of x", exact=True).fill("[1, 0]")
    expect(tangent).to_have_text(["1", "3", "13"])
    page.locator(".drawing .plug[data-seed='1']").click()
    expect(tangent).to_have_text(["3", "7", "11"])


def test_a_seed_in_a_link_opens_the_same_frame(new_page: NewPage) -> None:
    pages = [new_page(viewport={"width": 1280, "height": 800}) for _ in range(2)]
    for page in pages:
        page.goto("/" + link(**LINEAR, seed="x[1]", k=3, lang="en", **{"pass": "forward"}))
        expect(page.locator('.drawing [data-key="n:2"] .row.tangent .heat-num')).to_have_text(["2", "4", "6"])
    assert look(pages[0]) == look(pages[1])


def test_the_keyboard_reaches_the_tab_its_headers_and_the_way_back(page: Page) -> None:
    open_link(page, **POLAR | {"pass": "evaluate"})
    page.keyboard.press("5")
    expect(page.get_by_role("tab", name="Jacobian")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".strip")).to_be_visible()
    page.locator(".jacobian thead button").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Forward mode")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".strip")).to_be_hidden()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_whole_matrix_is_copied(new_page: NewPage, lang: str) -> None:
    page = new_page(viewport={"width": 1280, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
    open_link(page, **POLAR, k=8, lang=lang)
    page.get_by_role("button", name=CATALOGUE[lang]["array.copy"].format(format="NumPy")).click()
    page.wait_for_function("() => document.querySelector('.copy-matrix output').textContent !== ''")
    assert page.evaluate("navigator.clipboard.readText()") == "np.array([[1, 0], [0, 2]])"


def test_in_chinese(page: Page) -> None:
    open_link(page, **POLAR, lang="zh", k=8)
    expect(page.get_by_role("tab", name="雅可比矩阵")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".matrix-side h2")).to_contain_text("f 的雅可比矩阵")
    expect(page.locator(".matrix-side")).to_contain_text("两种方式的遍数相同。")
    expect(page.locator(".timeline .phases")).to_contain_text("逐行反向")


def test_on_a_phone_matrix_and_seeds_are_within_reach(new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    open_link(page, **POLAR, k=8)
    assert matrix(page) == [["1", "0"], ["", ""]]
    strip, stage = page.locator(".strip").bounding_box(), page.locator(".stage").bounding_box()
    assert strip is not None
    assert stage is not None
    assert strip["width"] <= PHONE["width"]
    assert strip["height"] < 0.6 * stage["height"]
    page.locator(".pass-select").select_option("reverse")
    page.locator(".more").click()
    pick(page)
    page.get_by_role("button", name="element 1").click()
    page.wait_for_url("**seed=[1]*")
    expect(page.locator(".sheet .seed .pick")).to_contain_text("[1] = 1")


def test_in_the_hall_the_matrix_stays_below_the_graph(page: Page) -> None:
    open_link(page, **POLAR, k=8, present=1)
    assert matrix(page) == [["1", "0"], ["", ""]]
    expect(page.locator(".matrix-side")).to_be_hidden()
    size = page.locator(".jacobian td").first.evaluate("cell => parseFloat(getComputedStyle(cell).fontSize)")
    assert size >= 0.035 * 800


def test_a_link_opens_with_its_column_in_sight_in_the_hall_too(page: Page) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    at = {"A": "[1, 2; 3, 4; 5, 6]", "x": "[0.3, -0.2]"}
    open_link(page, f="softmax(A @ x)", at=at, mode="forward", k=11, present=1, **{"pass": "jacobian"})
    expect(page.locator(".jacobian tbody td.now").first).to_be_in_viewport(ratio=0.99)
