"""A step is a place, not a way: however the reader comes to it, the page shows the same."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import CATALOGUE, STEPS, at_step, box_text, follow_link, look, open_link

EN = CATALOGUE["en"]


@pytest.mark.parametrize("name", STEPS)
def test_forwards_backwards_by_link_and_by_dot_the_same_step_looks_the_same(page: Page, name: str) -> None:
    end = STEPS[name]
    open_link(page, **{"pass": name}, k=0)
    page.mouse.move(2, 2)
    forwards = [look(page)]
    for _ in range(end):
        page.keyboard.press("ArrowRight")
        forwards.append(look(page))
    assert [int(seen["step"]) for seen in forwards] == list(range(end + 1))
    assert len({str(seen) for seen in forwards}) == end + 1, "every step changes something"
    assert page.get_by_role("button", name=EN["player.next"]).get_attribute("aria-disabled") == "true"

    for k in range(end - 1, -1, -1):
        page.keyboard.press("ArrowLeft")
        assert look(page) == forwards[k], f"stepping back to {k}"
    assert page.get_by_role("button", name=EN["player.previous"]).get_attribute("aria-disabled") == "true"

    page.keyboard.press("End")
    assert look(page) == forwards[end]
    page.keyboard.press("Home")
    assert look(page) == forwards[0]

    dots = page.locator(".timeline .dot")
    for k in range(end, 0, -3):
        box = dots.nth(k - 1).bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert look(page) == forwards[k], f"the dot of step {k}"
    page.mouse.move(2, 2)

    for k in range(end, -1, -2):
        follow_link(page, **{"pass": name}, k=k)
        assert look(page) == forwards[k], f"the link to step {k}"


def test_the_buttons_step_as_the_keys_do_and_stop_at_the_ends(page: Page) -> None:
    open_link(page, k=22)
    first, previous, following, last = (
        page.get_by_role("button", name=EN[key], exact=True)
        for key in ("player.first", "player.previous", "player.next", "player.last")
    )
    count = page.locator(".count")
    following.click()
    following.click()
    expect(count).to_have_text("Step 24 of 24")
    following.click(force=True)  # it says that it does nothing, and keeps the focus
    expect(count).to_have_text("Step 24 of 24")
    previous.click()
    expect(count).to_have_text("Step 23 of 24")
    first.click()
    expect(count).to_have_text("Step 0 of 24")
    previous.click(force=True)
    expect(count).to_have_text("Step 0 of 24")
    expect(page.locator(".rule-body")).to_contain_text(EN["rule.before"])
    last.click()
    expect(count).to_have_text("Step 24 of 24")


def test_every_pass_ends_at_the_numbers_of_the_textbook(page: Page) -> None:
    """Baydin et al. 2018, tables 2 and 3: y = 11.65, and its derivatives 5.5 and 1.716."""
    values = ["2", "5", "0.6931", "10", "10.69", "−0.9589", "11.65"]
    open_link(page, **{"pass": "evaluate"}, k=7)
    assert [row[4] for row in look(page)["rows"]] == values

    for seed, tangents in {
        "x1": ["1", "0", "0.5", "5", "5.5", "0", "5.5"],
        "x2": ["0", "1", "0", "2", "2", "0.2837", "1.716"],
    }.items():
        follow_link(page, **{"pass": "forward"}, seed=seed, k=7)
        page.wait_for_function(
            "d => document.querySelector('.wengert tbody tr:last-child .tangent').textContent === d",
            arg=tangents[-1],
        )
        assert [row[4:] for row in look(page)["rows"]] == [list(pair) for pair in zip(values, tangents, strict=True)]

    for lanes in ("overlay", "mirror"):
        follow_link(page, **{"pass": "reverse"}, lanes=lanes, k=16)
        rows = look(page)["rows"]
        assert [row[4] for row in rows] == values
        assert [row[6].split()[-1] for row in rows] == ["5.5", "1.716", "1", "1", "1", "−1", "1"]
        assert "5.5" in box_text(page, "n:0" if lanes == "overlay" else "a:0")

        follow_link(page, **{"pass": "adjoint_graph"}, lanes=lanes, k=24)
        rows = look(page)["rows"]
        assert [row[5] for row in rows[:2]] == ["[ 5, 0.5 ]", "[ −0.2837, 2 ]"]
        assert [row[6] for row in rows] == ["5.5", "1.716", "1", "1", "1", "−1", "1"]
        assert page.locator(".drawing .node.ghost[data-key]").count() == 0, "everything is built"

    follow_link(page, **{"pass": "simplify"}, k=20)
    numbers = [row[4] for row in look(page)["rows"] if "removed" not in row[0]]
    assert {"5.5", "1.716"} <= set(numbers)


def test_playing_goes_on_by_itself_and_any_step_by_hand_stops_it(page: Page) -> None:
    open_link(page, k=3)
    page.locator(".speed").select_option("4")
    play = page.locator(".play")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => Number(document.querySelector('.timeline').getAttribute('aria-valuenow')) >= 6")
    page.get_by_role("button", name=EN["player.previous"], exact=True).click()
    expect(play).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("End")
    at_step(page, 24)


def test_a_box_a_row_and_a_line_of_code_lead_to_the_step_that_made_them(page: Page) -> None:
    document = open_link(page, k=20)
    page.locator('.drawing [data-key="n:3"]').click()
    at_step(page, 4)
    assert document["events"][3]["node"] == 3
    page.keyboard.press("End")
    page.locator('.wengert tr[data-node="1"] .lists .cell').first.click()
    at_step(page, 14)
    page.locator(".algorithm li").nth(1).get_by_role("button").click()
    assert look(page)["code"][0][0] == 2
