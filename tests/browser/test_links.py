"""A link is a frame: it opens the very screen it was made from."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import TWICE, at_step, follow_link, look, open_link

VIEW = {"width": 1280, "height": 800}


@pytest.mark.parametrize(
    "fields",
    [
        {"k": 20},
        {"f": TWICE, "at": {"x": 0.5}, "pass": "reverse", "lanes": "overlay", "k": 6, "lang": "zh", "theme": "dark"},
        {"f": "x*y + sin(y)", "at": {"x": -1.5, "y": 2}, "pass": "forward", "seed": "y", "k": 4},
    ],
    ids=["first example", "program in Chinese", "second seed"],
)
def test_a_copied_link_opens_the_same_screen(new_page: NewPage, server_url: str, fields: dict[str, object]) -> None:
    page = new_page(viewport=VIEW, permissions=["clipboard-read", "clipboard-write"])
    open_link(page, **fields)
    page.keyboard.press("ArrowLeft")
    page.get_by_role(
        "button", name="Copy a link to this step" if fields.get("lang") != "zh" else "复制指向这一步的链接"
    ).click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.mouse.move(2, 2)
    assert link.startswith(server_url)
    other = new_page(viewport=VIEW)
    other.goto(link)
    at_step(other, int(str(fields["k"])) - 1)
    expect(other.locator(".drawing .node[data-key]").first).to_be_visible()
    assert look(other) == look(page)
    for part in (".top .inputs", ".cm-content", ".bar", ".drawing", ".side", ".foot"):
        assert other.locator(part).inner_text() == page.locator(part).inner_text(), part


def test_back_and_forward_lead_from_link_to_link_and_a_step_is_no_page(page: Page) -> None:
    open_link(page, k=5)
    before = page.evaluate("history.length")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**k=8*")
    assert page.evaluate("history.length") == before, "a step leaves no entry in the history"
    follow_link(page, **{"pass": "reverse"}, k=12)
    expect(page.get_by_role("tab", name="Reverse mode")).to_have_attribute("aria-selected", "true")
    page.go_back()
    at_step(page, 8)
    expect(page.get_by_role("tab", name="Adjoint graph")).to_have_attribute("aria-selected", "true")
    page.go_forward()
    at_step(page, 12)
    page.reload()
    at_step(page, 12)
    expect(page.get_by_role("tab", name="Reverse mode")).to_have_attribute("aria-selected", "true")


def test_an_example_opens_where_it_gets_interesting_whatever_was_open_before(page: Page) -> None:
    examples = page.context.request.get("/api/v1/examples").json()["examples"]
    chosen = next(i for i, example in enumerate(examples) if example["pass"] == "adjoint_graph")
    open_link(page, **{"pass": "evaluate"}, k=7)
    page.get_by_role("button", name="Examples").click()
    page.locator(".card").nth(chosen).click()
    expect(page.get_by_role("tab", name="Adjoint graph")).to_have_attribute("aria-selected", "true")
    page.wait_for_function("() => document.querySelector('.timeline').getAttribute('aria-valuemax') === '24'")
    at_step(page, examples[chosen].get("k") or 8)


def test_a_link_to_another_pass_leads_to_its_own_step(page: Page) -> None:
    open_link(page, **{"pass": "evaluate"}, k=7)
    follow_link(page, **{"pass": "reverse"}, k=13)
    follow_link(page, f="x*y", at={"x": 1, "y": 2}, **{"pass": "reverse"}, k=2)
    follow_link(page, **{"pass": "adjoint_graph"}, k=20)
    page.get_by_role("tab", name="Reverse mode").click()
    at_step(page, 8)  # chosen by hand, a pass opens where it gets interesting


def test_what_a_link_says_wrongly_is_ignored(page: Page) -> None:
    page.goto("/#k=99999&pass=sideways&lanes=%zz&at=x1:2;x2&theme=pink&lang=xx&what=ever&f=ln(x1)*x2")
    expect(page.locator(".wengert tbody tr")).to_have_count(4)
    expect(page.locator(".count")).to_contain_text("Step")
    assert look(page)["count"].split()[1] == look(page)["count"].split()[3], "a step beyond the end is the end"
