"""The dialog of derivatives as numbers: every object, on the worked examples, with its numbers on the screen."""

import json
import shlex
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, FIRST, FIRST_INPUTS, open_link

WORDS = CATALOGUE["en"]
SQUARES = "q = W @ x\nsum(q^2)"
CS231N = {"W": "[[0.1, 0.5], [-0.3, 0.8]]", "x": "[0.2, 0.4]"}
POLAR = "[r*cos(t), r*sin(t)]"
POLAR_AT = {"r": 2, "t": 0.5235987755982988}


def open_dialog(page: Page, wanted: str, lang: str = "en") -> Locator:
    """The dialog, with this object chosen."""
    words = CATALOGUE[lang]
    page.get_by_role("button", name=words["derive.open"], exact=True).click()
    dialog = page.get_by_role("dialog", name=words["derive.title"])
    dialog.get_by_role("button", name=words[f"derive.{wanted}"], exact=True).click()
    return dialog


def shows(dialog: Locator, *numbers: str) -> None:
    """These numbers stand there, in this order: those on lines of their own."""
    expect(dialog.locator(".scalar b")).to_have_text(list(numbers))


def matrix(dialog: Locator, *numbers: str) -> None:
    """The cells of all maps."""
    expect(dialog.locator("tbody td")).to_have_text(list(numbers))


def near(cells: Locator, *numbers: float) -> None:
    """The numbers of these cells, to the four digits that are shown."""
    expect(cells).to_have_count(len(numbers))
    found = [float((text or "").replace("−", "-")) for text in cells.all_text_contents()]
    assert found == pytest.approx(list(numbers), rel=1e-3)


def give(dialog: Locator, *texts: str) -> None:
    """Fill in the direction."""
    fields = dialog.locator(".directions .field")
    expect(fields).to_have_count(len(texts))
    for field, text in zip(fields.all(), texts, strict=True):
        field.fill(text)


def test_value_and_gradient(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    dialog = open_dialog(page, "value")
    shows(dialog, "11.65")
    dialog.get_by_role("button", name=WORDS["derive.gradient"], exact=True).click()
    shows(dialog, "11.65", "5.5", "1.716")
    expect(dialog.locator(".scalar b").nth(2)).to_have_attribute("title", "1.7163378145367738")


def test_hessian(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    dialog = open_dialog(page, "hessian")
    matrix(dialog, "−0.25", "1", "1", "−0.9589")
    expect(dialog.locator("thead th .m")).to_have_count(2)
    expect(dialog.locator(".passes")).to_have_text(WORDS["derive.passes.hessian"].format(n=2))


def test_products_with_a_direction(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    dialog = open_dialog(page, "jvp")
    shows(dialog, "7.216")  # both start as 1
    give(dialog, "1", "0")
    shows(dialog, "5.5")
    dialog.get_by_role("button", name=WORDS["derive.hvp"], exact=True).click()
    shows(dialog, "−0.25", "1")  # the direction stays
    dialog.get_by_role("button", name=WORDS["derive.directional"], exact=True).click()
    give(dialog, "3", "4")
    shows(dialog, "4.673")  # (3 · 5.5 + 4 · 1.716) / 5
    give(dialog, "6", "8")
    shows(dialog, "4.673")
    give(dialog, "1/2", "0")
    shows(dialog, "5.5")


def test_a_direction_without_a_length_is_refused_in_place(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    dialog = open_dialog(page, "directional")
    give(dialog, "0", "0")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.locator(".scalar")).to_have_count(0)
    field = dialog.locator(".directions .field").first
    field.fill("1 +")
    expect(field).to_have_attribute("aria-invalid", "true")


def test_jacobian_and_vjp_of_polar_coordinates(page: Page) -> None:
    open_link(page, f=POLAR, at=POLAR_AT, **{"pass": "evaluate"})
    dialog = open_dialog(page, "jacobian")
    near(dialog.locator("tbody").first.locator("td"), 0.8660254, -1, 0.5, 1.7320508)
    expect(dialog.locator(".passes")).to_have_text(WORDS["derive.passes.equal"].format(forward=2, reverse=2))
    dialog.get_by_role("button", name=WORDS["derive.vjp"], exact=True).click()
    shows(dialog, "0.8660", "−1.000")  # the sine of π/6 is not quite a half
    expect(dialog.locator(".directions .field")).to_have_value("[1, 0]")
    give(dialog, "[0, 2]")
    shows(dialog, "1.000", "3.464")


@pytest.mark.parametrize(
    ("source", "at", "key", "forward", "reverse"),
    [
        (SQUARES, CS231N, "derive.passes.reverse", 6, 1),
        ("[x, x^2, x^3]", {"x": 2}, "derive.passes.forward", 1, 3),
    ],
)
def test_which_mode_is_cheaper_and_why(
    page: Page, source: str, at: dict[str, Any], key: str, forward: int, reverse: int
) -> None:
    open_link(page, f=source, at=at, **{"pass": "evaluate"})
    dialog = open_dialog(page, "jacobian")
    said = WORDS[key].format(forward=forward, reverse=reverse).replace("$f$", "f")
    expect(dialog.locator(".passes")).to_contain_text(said.split(". It")[0])
    assert "cheaper" in said


def test_arrays_are_maps_in_their_shape(page: Page) -> None:
    open_link(page, f=SQUARES, at=CS231N, **{"pass": "evaluate"})
    dialog = open_dialog(page, "gradient")
    near(dialog.locator(".scalar b"), 0.116)
    near(dialog.locator("tbody td"), 0.088, 0.176, 0.104, 0.208, -0.112, 0.636)
    dialog.get_by_role("button", name=WORDS["derive.hvp"], exact=True).click()
    fields = dialog.locator(".directions .field")
    assert [field.input_value() for field in fields.all()] == ["[[1, 0], [0, 0]]", "[1, 0]"]
    give(dialog, "0", "[1, 0]")
    expect(dialog.locator("section").nth(1).locator("h3")).to_contain_text("x")
    dialog.get_by_text(WORDS["derive.terminal"]).click()
    expect(dialog.locator(".terminal pre").first).to_contain_text('"hvp":{"W":0,"x":"[1, 0]"}')
    near(dialog.locator("section").nth(1).locator("tbody td"), 0.2, -0.38)  # twice the first column of WᵀW


def test_nth_derivative(page: Page) -> None:
    open_link(page, f="exp(2*x) + exp(x)", at={"x": 0}, **{"pass": "evaluate"})
    dialog = open_dialog(page, "derivative")
    shows(dialog, "5")  # twice by x, unless asked otherwise
    dialog.get_by_role("button", name=WORDS["derive.by"].format(name="x"), exact=True).click()
    shows(dialog, "9")
    back = dialog.get_by_role("button", name=WORDS["derive.fewer"], exact=True)
    back.click()
    shows(dialog, "5")
    back.click()
    shows(dialog, "3")
    expect(back).to_have_count(0)


def test_why_a_gradient_is_zero(page: Page) -> None:
    open_link(page, f="x^2 + stop_gradient(y)*0 + stop_gradient(y)", at={"x": 3, "y": 2}, **{"pass": "evaluate"})
    dialog = open_dialog(page, "gradient")
    shows(dialog, "11", "6", "0")
    expect(dialog.locator(".note")).to_have_text(WORDS["derive.stopped"])
    dialog.get_by_role("button", name=WORDS["derive.jacobian"], exact=True).click()
    expect(dialog.locator(".note")).to_have_text(WORDS["derive.stopped"])


def test_an_array_has_no_gradient_and_the_hint_says_what_to_ask(page: Page) -> None:
    open_link(page, f=POLAR, at=POLAR_AT, **{"pass": "evaluate"})
    dialog = open_dialog(page, "gradient")
    expect(dialog.get_by_role("alert")).to_contain_text("Only a number has a gradient")
    expect(dialog.get_by_role("alert")).to_contain_text("ask for the Jacobian")
    expect(dialog.locator(".terminal")).to_be_hidden()


def test_the_same_request_for_a_terminal(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    dialog = open_dialog(page, "jvp")
    give(dialog, "1", "0")
    shows(dialog, "5.5")
    dialog.get_by_text(WORDS["derive.terminal"]).click()
    curl, command, answer = (line.text_content() or "" for line in dialog.locator(".terminal pre").all())
    words = shlex.split(curl)
    sent = page.context.request.post(words[2], data=json.loads(words[-1]))
    assert sent.json() == json.loads(answer) == {"jvp": 5.5}
    assert shlex.split(command) == [
        "wengert", "derivatives", FIRST, "x1=2", "x2=5", "--want", "", "--jvp", "x1=1,x2=0",
    ]  # fmt: skip


def test_the_choice_stays_and_the_numbers_follow_the_inputs(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    page.keyboard.press("g")
    dialog = page.get_by_role("dialog", name=WORDS["derive.title"])
    dialog.get_by_role("button", name=WORDS["derive.hessian"], exact=True).click()
    matrix(dialog, "−0.25", "1", "1", "−0.9589")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_label("Value of x1", exact=True).fill("1")
    page.keyboard.press("Enter")
    page.keyboard.press("g")
    expect(dialog.get_by_role("button", name=WORDS["derive.hessian"], exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    matrix(dialog, "−1", "1", "1", "−0.9589")


def test_in_chinese_on_a_phone(new_page: NewPage) -> None:
    words: dict[str, Any] = CATALOGUE["zh"]
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_link(page, f=SQUARES, at=CS231N, lang="zh", **{"pass": "reverse"})
    page.get_by_role("button", name=words["tools.more"], exact=True).tap()
    dialog = open_dialog(page, "jacobian", "zh")
    expect(dialog.locator(".passes")).to_contain_text("列数（每列前向一遍）：6；行数（每行反向一遍）：1。")
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    expect(dialog.locator("tbody td").first).to_have_text("0.08800")


@pytest.mark.parametrize("wanted", ["jacobian", "jvp", "derivative"])
def test_the_dialog_is_accessible(page: Page, axe: Any, wanted: str) -> None:
    open_link(page, f=SQUARES, at=CS231N, **{"pass": "evaluate"})
    dialog = open_dialog(page, wanted)
    dialog.locator(".terminal").wait_for(state="visible" if wanted != "derivative" else "attached")
    assert axe(page) == []
