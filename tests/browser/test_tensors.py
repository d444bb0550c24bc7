"""Vectors and matrices: typed as text, drawn as small maps, and every number of them within reach."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import CATALOGUE, box_text, look, open_link, step

LAYER = "Z = X @ W + b\nsum(Z^2)"
AT = {"X": "[1, 2; 3, 4; 5, 6]", "W": "[1, 0; -1, 2]", "b": "[0.5, -0.5]"}


def cells(page: Page, key: str) -> list[str]:
    """The numbers in the map of a box."""
    found: list[str] = page.locator(f'.drawing [data-key="{key}"] .heat text').all_text_contents()
    return found


def test_a_layer_is_drawn_with_its_shapes_values_and_adjoints(page: Page) -> None:
    document = open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    assert len(document["events"]) == 14
    assert "3×2" in box_text(page, "n:0")
    assert cells(page, "n:0") == ["1", "2", "3", "4", "5", "6"]
    assert cells(page, "a:0") == ["−1", "15", "−1", "31", "−1", "47"]
    assert cells(page, "a:1") == ["−9", "167", "−12", "212"]
    assert cells(page, "a:2") == ["−3", "45"]


def test_a_bias_that_was_broadcast_says_that_it_is_summed_back(page: Page) -> None:
    document = open_link(page, f=LAYER, at=AT, k=12, **{"pass": "reverse"})
    sent = [event for event in document["events"] if event["kind"] == "contribute" and event["source"] == 2]
    k = document["events"].index(sent[0]) + 1
    open_link(page, f=LAYER, at=AT, k=k, **{"pass": "reverse"})
    assert "summed over the stretched axes" in look(page)["rule"]


def test_an_array_is_typed_in_any_form_and_the_picture_follows(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    field = page.get_by_label("Value of X", exact=True)
    field.fill("[[1, 0], [0, 1]]")
    expect(page.locator('.drawing [data-key="n:0"] .heat text')).to_have_count(4)
    assert cells(page, "n:0") == ["1", "0", "0", "1"]
    assert step(page) == 14
    field.fill("[1, 0; 0")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert cells(page, "n:0") == ["1", "0", "0", "1"]


def test_a_formula_of_matrices_gets_inputs_of_fitting_shapes(page: Page) -> None:
    open_link(page)
    page.locator(".cm-content").fill("sum((A @ x - b)^2)")
    expect(page.get_by_label("Value of A", exact=True)).to_be_visible()
    page.wait_for_function("() => document.querySelectorAll('.drawing [data-key=\"n:0\"] .heat text').length === 4")
    assert len(cells(page, "n:1")) == 2


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        ("sum(X @ W) + cross_entropy(X @ W, y)", "y", "[0, 1]"),
        ("cross_entropy(z, y)", "y", "[1/3, 2/3]"),
        ("hinge(s, y)", "y", "[1, -1]"),
        ("bce(p, q)", "p", "[1/3, 2/3]"),
    ],
)
def test_labels_and_probabilities_start_with_values_that_there_are(
    page: Page, source: str, name: str, text: str
) -> None:
    open_link(page)
    page.locator(".cm-content").fill(source)
    expect(page.get_by_label(f"Value of {name}", exact=True)).to_have_value(text)
    page.wait_for_function(
        f"() => document.querySelector('.drawing svg').getAttribute('aria-label').endsWith({source!r})"
    )
    expect(page.locator(".wengert")).not_to_contain_text(CATALOGUE["en"]["state.undefined"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_numbers_can_be_seen_and_copied(page: Page, lang: str) -> None:
    words: dict[str, Any] = CATALOGUE[lang]
    open_link(page, f=LAYER, at=AT, k=14, lang=lang, **{"pass": "reverse"})
    page.get_by_role("button", name=words["array.show"]).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for form in ("NumPy", "LaTeX", "CSV"):
        expect(dialog.get_by_text(form, exact=True).first).to_be_visible()


def test_what_cannot_be_done_is_said_with_what_to_do(page: Page) -> None:
    page.goto("/#f=A%20%40%20x&pass=simplify&lang=en")
    expect(page.get_by_text("Only a number has a gradient").first).to_be_visible()
    expect(page.get_by_text("sum(…)").first).to_be_visible()


def test_a_statement_gives_way_to_the_numbers_and_a_list_of_arrays_breaks_between_them(page: Page) -> None:
    open_link(page, f="sum((X @ W + b)**2) + sum(X)", at=AT, k=31, **{"pass": "adjoint_graph"})
    for width in (1440, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        room = page.evaluate(
            "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.table-scroll'))"
        )
        assert room <= 0, f"columns are cut off at {width}"


def test_an_edge_between_arrays_has_a_symbol_and_no_number(page: Page) -> None:
    open_link(page, f=LAYER, at=AT, k=14, **{"pass": "reverse"})
    plates = page.locator(".drawing .plate:not(.hidden)").all_text_contents()
    assert "1" not in plates
    assert any("X" in plate for plate in plates)
