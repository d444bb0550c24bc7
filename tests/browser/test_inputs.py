"""A field and a slider for every input: the numbers follow everywhere, the step stays."""

from playwright.sync_api import Page, expect

from tests.browser.screen import CATALOGUE, box_text, follow_link, look, open_link, step


def test_a_changed_value_keeps_the_step_and_reaches_every_view(page: Page) -> None:
    open_link(page, k=20)
    field = page.get_by_label("Value of x1", exact=True)
    field.fill("3")
    expect(page.locator('.drawing [data-key="n:3"] .num')).to_have_text("15")
    seen = look(page)
    assert seen["step"] == "20"
    assert [row[4] for row in seen["rows"]] == ["3", "5", "1.099", "15", "16.10", "−0.9589", "17.06"]
    assert seen["rows"][1][5] == "[ −0.2837, 3 ]"
    assert "=1·3" in seen["rule"]
    page.wait_for_url("**/#at=x1:3;x2:5*")

    field.fill("1/4")
    expect(page.locator('.drawing [data-key="n:3"] .num')).to_have_text("1.25")
    field.press("ArrowUp")
    expect(page.locator('.drawing [data-key="n:3"] .num')).not_to_have_text("1.25")
    assert step(page) == 20


def test_the_slider_moves_the_value_and_the_field_with_it(page: Page) -> None:
    open_link(page, k=20)
    slider = page.get_by_label("x2, slider")
    slider.focus()
    slider.press("ArrowRight")
    field = page.get_by_label("Value of x2", exact=True)
    expect(field).not_to_have_value("5")
    value = float(field.input_value())
    assert value > 5
    expect(page.locator('.drawing [data-key="n:1"] .num')).to_have_text(f"{value:.4g}")
    assert step(page) == 20, "the arrow moved the slider, not the step"

    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    page.wait_for_function("() => document.querySelector('[data-key=\"n:1\"] .num').textContent.startsWith('−')")
    assert float(field.input_value().replace("−", "-")) < 0
    assert "undefined" not in box_text(page, "n:1")
    assert step(page) == 20


def test_what_is_no_number_is_refused_visibly_and_changes_nothing(page: Page) -> None:
    open_link(page, k=20)
    before = look(page)
    field = page.get_by_label("Value of x1", exact=True)
    calm = field.evaluate("field => getComputedStyle(field).borderColor")
    field.fill("two")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("title", CATALOGUE["en"]["inputs.bad"])
    assert field.evaluate("field => getComputedStyle(field).borderColor") != calm
    assert look(page) == before
    field.press("Tab")
    expect(field).to_have_value("2")
    expect(field).to_have_attribute("aria-invalid", "false")
    assert look(page) == before


def test_a_value_outside_the_domain_is_named_not_hidden(page: Page) -> None:
    open_link(page, k=24)
    page.get_by_label("Value of x1", exact=True).fill("-1")
    expect(page.locator('.drawing [data-key="n:2"]')).to_contain_text("undefined")
    expect(page.locator('.wengert tr[data-node="2"]')).to_contain_text("undefined")
    assert "NaN" not in page.locator("body").inner_text()


def test_many_inputs_one_and_none(page: Page) -> None:
    names = [f"a{i}" for i in range(1, 13)]
    open_link(page, f=" + ".join(names), at=dict.fromkeys(names, 1), **{"pass": "reverse"}, k=30)
    expect(page.locator(".inputs .input")).to_have_count(12)
    last = page.get_by_label("Value of a12", exact=True)
    last.scroll_into_view_if_needed()
    last.fill("30")
    expect(page.locator(".wengert tbody tr").filter(has_text="a12").first).to_contain_text("30")
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0

    follow_link(page, f="2+3", at={}, **{"pass": "evaluate"}, k=1)
    expect(page.locator(".inputs .input")).to_have_count(0)
    expect(page.locator(".inputs")).to_be_hidden()
    expect(page.locator(".drawing .node[data-key]").last).to_contain_text("5")
