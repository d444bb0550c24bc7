"""The table in which an array is filled in: typed, pasted, walked through by keys; the picture follows."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, box_text, open_link, step

LAYER = "Z = X @ W + b\nsum(Z^2)"
AT = {"X": "[1, 2; 3, 4; 5, 6]", "W": "[1, 0; -1, 2]", "b": "[0.5, -0.5]"}
WORDS = CATALOGUE["en"]


def open_grid(page: Page, name: str = "X", lang: str = "en") -> Locator:
    """The dialog of an input."""
    page.get_by_role("button", name=CATALOGUE[lang]["grid.open"].format(name=name), exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("table")).to_be_visible()
    return dialog


def cells(dialog: Locator) -> list[str]:
    """What stands in the table, row by row."""
    return [field.input_value() for field in dialog.locator("td input").all()]


def cell(dialog: Locator, *index: int, name: str = "X") -> Locator:
    return dialog.get_by_role("textbox", name=f"{name}[{', '.join(map(str, index))}]", exact=True)


def field(page: Page, name: str = "X") -> str:
    """The text in the field of an input."""
    return page.locator(f'.input[aria-label="{name}"] .field').input_value()


def paste(target: Locator, text: str) -> None:
    """As when a block comes from a spreadsheet."""
    target.evaluate(
        """(field, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def drawn(page: Page, key: str, numbers: list[str]) -> None:
    """Wait until the map of a box shows these numbers."""
    expect(page.locator(f'.drawing [data-key="{key}"] .heat text')).to_have_text(numbers)


def test_the_picture_follows_each_number_and_keeps_its_step(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    dialog = open_grid(page)
    assert cells(dialog) == ["1", "2", "3", "4", "5", "6"]
    cell(dialog, 0, 0).fill("−1/2")
    drawn(page, "n:0", ["−0.5", "2", "3", "4", "5", "6"])
    drawn(page, "a:2", ["−6", "45"])
    assert step(page) == 14
    dialog.get_by_role("button", name=WORDS["grid.done"], exact=True).click()
    expect(dialog).to_be_hidden()
    assert field(page) == "[[-1/2, 2], [3, 4], [5, 6]]"


def test_a_cell_without_a_number_is_outlined_and_the_last_values_stay(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    dialog = open_grid(page)
    cell(dialog, 1, 1).fill("4x")
    expect(cell(dialog, 1, 1)).to_have_attribute("aria-invalid", "true")
    expect(cell(dialog, 1, 0)).to_have_attribute("aria-invalid", "false")
    expect(dialog.get_by_role("alert")).to_have_text(WORDS["grid.bad"].format(cell="X[1, 1]"))
    cell(dialog, 0, 0).fill("9")
    assert field(page) == AT["X"]
    cell(dialog, 1, 1).fill("4")
    expect(dialog.locator(".message")).to_be_empty()
    drawn(page, "n:0", ["9", "2", "3", "4", "5", "6"])


def test_keys_walk_as_in_a_spreadsheet(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, **{"pass": "reverse"})
    dialog = open_grid(page)
    expect(cell(dialog, 0, 0)).to_be_focused()
    for key, index in [("Tab", (0, 1)), ("Enter", (1, 1)), ("ArrowLeft", (1, 0)), ("ArrowDown", (2, 0)), ("ArrowUp", (1, 0)),
                       ("Shift+Enter", (0, 0)), ("ArrowRight", (0, 1)), ("Tab", (1, 0)), ("Shift+Tab", (0, 1))]:  # fmt: skip
        page.keyboard.press(key)
        expect(cell(dialog, *index)).to_be_focused()
    page.keyboard.type("25")  # the whole cell was marked
    page.keyboard.press("ArrowLeft")
    expect(cell(dialog, 0, 1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(cell(dialog, 0, 0)).to_be_focused()
    assert cells(dialog)[:2] == ["1", "25"]
    cell(dialog, 2, 1).focus()
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name=WORDS["grid.done"], exact=True)).to_be_focused()


@pytest.mark.parametrize("way", ["Escape", "Cancel"])
def test_esc_and_cancel_put_back_what_was_there(page: Page, way: str) -> None:
    open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    dialog = open_grid(page)
    cell(dialog, 0, 0).fill("7")
    drawn(page, "n:0", ["7", "2", "3", "4", "5", "6"])
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name=WORDS["grid.cancel"], exact=True).click()
    expect(dialog).to_be_hidden()
    drawn(page, "n:0", ["1", "2", "3", "4", "5", "6"])
    assert field(page) == AT["X"]


def test_undo_goes_back_one_change_at_a_time(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, **{"pass": "reverse"})
    dialog = open_grid(page)
    cell(dialog, 0, 0).press_sequentially("12")
    dialog.get_by_role("button", name=WORDS["grid.ones"], exact=True).click()
    assert cells(dialog) == ["1"] * 6
    cell(dialog, 0, 0).press("ControlOrMeta+z")
    assert cells(dialog) == ["12", "2", "3", "4", "5", "6"]
    dialog.get_by_role("button", name=WORDS["grid.undo"], exact=True).click()
    assert cells(dialog) == ["1", "2", "3", "4", "5", "6"]
    assert field(page) == AT["X"]


@pytest.mark.parametrize(
    "text", ["7\t8\n9\t10\r\n", "[[7, 8], [9, 10]]", "array([[ 7.,  8.],\n       [ 9., 10.]])", "7 8\n9 10"]
)
def test_a_pasted_block_fills_from_the_cell_and_the_table_grows(page: Page, text: str) -> None:
    open_link(page, f="sum(X)", at={"X": "[1, 2; 3, 4]"}, k=2, **{"pass": "evaluate"})
    dialog = open_grid(page)
    paste(cell(dialog, 1, 1), text)
    numbers = [float(one) for one in cells(dialog)]
    assert numbers == [1, 2, 0, 3, 7, 8, 0, 9, 10]
    drawn(page, "n:0", ["1", "2", "0", "3", "7", "8", "0", "9", "10"])
    assert "40" in box_text(page, "n:1")


def test_rows_columns_size_and_transposing(page: Page) -> None:
    open_link(page, f="sum(X^2)", at={"X": "[1, 2; 3, 4]"}, k=3, **{"pass": "evaluate"})
    dialog = open_grid(page)

    def press(key: str) -> None:
        dialog.get_by_role("button", name=WORDS[key].format(name="X"), exact=True).click()

    cell(dialog, 0, 1).focus()
    press("grid.row.add")
    assert cells(dialog) == ["1", "2", "0", "0", "3", "4"]
    press("grid.transpose")
    assert cells(dialog) == ["1", "0", "3", "2", "0", "4"]
    cell(dialog, 0, 1).focus()
    press("grid.column.remove")
    assert cells(dialog) == ["1", "3", "2", "4"]
    rows = dialog.get_by_role("textbox", name=WORDS["grid.axis"].format(axis=0), exact=True)
    rows.fill("3")
    rows.press("Enter")
    assert cells(dialog) == ["1", "3", "2", "4", "0", "0"]
    press("grid.identity")
    drawn(page, "n:0", ["1", "0", "0", "1", "0", "0"])
    columns = dialog.get_by_role("textbox", name=WORDS["grid.axis"].format(axis=1), exact=True)
    columns.fill("200")
    columns.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text(WORDS["grid.most"].format(most=400))
    assert len(cells(dialog)) == 6


def test_random_numbers_are_those_of_the_engine_and_stay_short_in_the_field(page: Page) -> None:
    open_link(page, f="sum(X)", at={"X": "randn(2, 2, seed=5)"}, k=2, **{"pass": "evaluate"})
    dialog = open_grid(page)
    body = {"source": "X", "inputs": {"X": "randn(2, 2, seed=5)"}, "want": ["value"]}
    value: list[list[float]] = page.context.request.post("/api/v1/derivatives", data=body).json()["value"]
    shown = [float(text.replace("−", "-")) for text in cells(dialog)]
    assert shown == [number for row in value for number in row]
    dialog.get_by_label(WORDS["grid.seed"], exact=True).fill("6")
    dialog.get_by_role("button", name=WORDS["grid.random"], exact=True).click()
    page.wait_for_function("() => document.querySelector('.input .field').value === 'randn(2, 2, seed=6)'")
    assert [float(text.replace("−", "-")) for text in cells(dialog)] != shown
    cell(dialog, 0, 0).fill("1")
    assert [len(row) for row in json.loads(field(page))] == [2, 2]


def test_a_vector_is_one_row(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    dialog = open_grid(page, "b")
    assert cells(dialog) == ["0.5", "−0.5"]
    expect(dialog.get_by_role("button", name=WORDS["grid.row.add"])).to_have_count(0)
    paste(cell(dialog, 0, name="b"), "3\n4")
    assert field(page, "b") == "[3, 4]"


def test_more_than_two_axes_are_shown_slice_by_slice(page: Page) -> None:
    at = {"T": "[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]"}
    open_link(page, f="sum(T^2)", at=at, k=3, **{"pass": "evaluate"})
    dialog = open_grid(page, "T")
    assert cells(dialog) == ["1", "2", "3", "4"]
    dialog.get_by_role("combobox", name=WORDS["grid.index"].format(axis=0), exact=True).select_option("1")
    assert cells(dialog) == ["5", "6", "7", "8"]
    cell(dialog, 1, 0, 1, name="T").fill("0")
    assert field(page, "T") == "[[[1, 2], [3, 4]], [[5, 0], [7, 8]]]"
    expect(page.locator('.drawing [data-key="n:3"]')).to_contain_text("168")


def test_what_is_too_large_says_so(page: Page) -> None:
    open_link(page, f="sum(X)", at={"X": "zeros(21, 20)"}, **{"pass": "evaluate"})
    page.get_by_role("button", name=WORDS["grid.open"].format(name="X"), exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(WORDS["grid.large"].format(shape="21×20", most=400))
    expect(page.locator("dialog td input")).to_have_count(0)


def test_a_number_has_no_table(page: Page) -> None:
    open_link(page)
    expect(page.locator(".to-grid").first).to_be_hidden()


def test_in_chinese_on_a_phone(new_page: NewPage) -> None:
    words: dict[str, Any] = CATALOGUE["zh"]
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_link(page, f=LAYER, at=AT, k=14, lang="zh", **{"pass": "reverse"})
    page.get_by_role("button", name=words["tools.more"], exact=True).tap()
    dialog = open_grid(page, lang="zh")
    expect(dialog).to_contain_text(words["grid.how"])
    cell(dialog, 2, 1).fill("0")
    drawn(page, "n:0", ["1", "2", "3", "4", "5", "0", "−1", "15", "−1", "31", "11", "−13"])  # value and adjoint
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    assert all((one.bounding_box() or {"height": 0})["height"] >= 44 for one in dialog.locator("td input").all())
    dialog.get_by_role("button", name=words["grid.done"], exact=True).tap()
    expect(dialog).to_be_hidden()


def test_the_dialog_is_accessible(page: Page, axe: Any) -> None:
    open_link(page, f=LAYER, at=AT, **{"pass": "reverse"})
    open_grid(page)
    assert axe(page) == []


def test_a_message_about_an_input_leaves_all_rows_of_inputs_in_sight(page: Page) -> None:
    wide = "[[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]]"
    names = ["A", "B", "C", "D"]
    open_link(page, f="sum(A + B + C + D)", at=dict.fromkeys(names, wide), **{"pass": "evaluate"})
    page.get_by_label("Value of D", exact=True).fill("[[1, 2], [3]]")
    problem = page.locator(".problem")
    expect(problem).to_be_visible()
    top = (problem.bounding_box() or {"y": 0})["y"]
    boxes = [page.locator(f'.input[aria-label="{name}"]').bounding_box() for name in names]
    assert boxes[0]["y"] < boxes[-1]["y"]  # type: ignore[index]
    assert all(box is not None and box["y"] + box["height"] <= top + 1 for box in boxes)
