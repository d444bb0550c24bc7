"""Predict first: the number is hidden until there is an answer, or the reader passes."""

from playwright.sync_api import Page, expect

from tests.browser.screen import at_step, look, open_link


def to_a_question(page: Page) -> int:
    """Step on to the next question; the step it is asked at."""
    for _ in range(8):
        page.keyboard.press("PageDown")
        if page.locator("form.gate").count():
            return int(page.locator(".timeline").get_attribute("aria-valuenow") or -1)
    raise AssertionError("no question in eight steps")


def test_a_question_hides_the_number_and_a_right_answer_shows_it(page: Page) -> None:
    document = open_link(page, **{"pass": "reverse"}, predict=1, k=8)
    assert page.locator(".timeline .dot.question").count() >= 3
    k = to_a_question(page)
    event = document["events"][k]
    answer = event["adjoint"]
    assert event["kind"] == "contribute"
    hidden = look(page)
    assert "?" in hidden["rule"]
    assert (
        hidden["rows"][event["source"]][6] in ("", "not yet computed")
        or f"{answer:.4g}" not in hidden["rows"][event["source"]][6]
    )
    expect(page.get_by_label("Your answer")).to_be_focused()

    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")
    expect(page.locator(".gate ~ .hint")).to_contain_text("A number, please")
    page.get_by_label("Your answer").fill(str(answer))
    page.keyboard.press("Enter")
    at_step(page, k + 1)
    expect(page.locator(".verdict.right")).to_contain_text("Right")


def test_a_wrong_answer_is_set_against_the_right_one(page: Page) -> None:
    document = open_link(page, **{"pass": "reverse"}, predict=1, k=8)
    k = to_a_question(page)
    page.get_by_label("Your answer").fill("123")
    page.get_by_role("button", name="Check", exact=True).click()
    at_step(page, k + 1)
    verdict = page.locator(".verdict.wrong")
    expect(verdict).to_contain_text("You said 123. It is")
    expect(verdict).to_contain_text(f"{document['events'][k]['adjoint']:.4g}".replace("-", "−"))


def test_a_question_can_be_passed_and_is_not_asked_on_the_way_back(page: Page) -> None:
    open_link(page, **{"pass": "adjoint_graph"}, predict=1, k=8)
    k = to_a_question(page)
    page.get_by_role("button", name="Skip").click()
    at_step(page, k + 1)
    expect(page.locator(".verdict")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    at_step(page, k)
    expect(page.locator("form.gate")).to_have_count(0)
    page.locator(".predict").click()
    expect(page.locator(".timeline .dot.question")).to_have_count(0)


def test_most_computing_steps_can_be_asked_about(page: Page) -> None:
    """In every pass that computes numbers, one step in three asks."""
    for name in ("evaluate", "forward", "reverse", "adjoint_graph"):
        page.goto("about:blank")
        document = open_link(page, **{"pass": name}, predict=1, k=0)
        computing = [
            e
            for e in document["events"]
            if e["kind"] in ("compute", "contribute") or (e["kind"] == "append" and e["created"])
        ]
        assert page.locator(".timeline .dot.question").count() >= len(computing) // 3, name
