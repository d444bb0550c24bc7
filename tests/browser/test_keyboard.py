"""The whole page by keyboard: the map of keys, what keeps keys to itself, and the walk along the edges of the graph."""

import re

from playwright.sync_api import Page, expect

from tests.browser.screen import at_step, look, open_link, step


def test_the_keys_of_the_clock(page: Page) -> None:
    open_link(page, k=3)
    for key, k in (
        ("ArrowRight", 4), ("PageDown", 5), ("n", 6), ("ArrowLeft", 5), ("PageUp", 4), ("p", 3),
        ("Shift+ArrowRight", 8), ("Shift+ArrowRight", 24), ("Shift+ArrowLeft", 8), ("Shift+ArrowLeft", 1),
        ("End", 24), ("Home", 0), ("ArrowLeft", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert step(page) == k, f"{key} leads to {k}"
    page.keyboard.press("Space")
    expect(page.locator(".play")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(page.locator(".play")).to_have_attribute("aria-pressed", "false")


def test_the_keys_of_the_views(page: Page) -> None:
    open_link(page, k=20)
    expect(page.locator(".drawing [data-key^='a:']").first).to_be_attached()
    page.keyboard.press("m")
    expect(page.locator(".drawing [data-key^='a:']")).to_have_count(0)
    page.keyboard.press("M")
    expect(page.locator(".drawing [data-key^='a:']")).not_to_have_count(0)
    for key, tab in (
        ("1", "Evaluate"),
        ("2", "Forward mode"),
        ("r", "Reverse mode"),
        ("4", "Adjoint graph"),
        ("2", "Forward mode"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".seed .segments button").nth(0)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("j")
    expect(page.locator(".seed .segments button").nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.keyboard.press("d")
    expect(page.locator(".predict")).to_have_attribute("aria-pressed", "true")

    scale = page.locator(".zoom .scale")
    before = scale.inner_text()
    page.keyboard.press("+")
    expect(scale).not_to_have_text(before)
    page.keyboard.press("0")
    expect(scale).to_have_text(before)


def test_the_help_lists_the_keys_and_escape_closes_it(page: Page) -> None:
    open_link(page, k=20)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys and help")
    expect(dialog).to_be_visible()
    for word in ("next step", "previous phase", "in the graph: along the edges"):
        expect(dialog).to_contain_text(word)
    page.keyboard.press("ArrowRight")
    assert step(page) == 20, "behind a dialog nothing moves"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("ArrowRight")
    assert step(page) == 21


def test_letters_do_nothing_while_one_types_or_holds_a_modifier(page: Page) -> None:
    open_link(page, k=20)
    before = look(page)
    field = page.get_by_label("Value of x1", exact=True)
    field.focus()
    for key in ("n", "p", "m", "l", "1", "f"):
        page.keyboard.press(key)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert field.input_value() == "2npml1f"
    field.press("Escape")
    assert look(page) == before
    for key in ("Control+m", "Alt+r", "Meta+n", "Control+ArrowRight", "Alt+l"):
        page.keyboard.press(key)
    assert look(page) == before
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_keys_of_one_letter_can_be_switched_off(page: Page) -> None:
    open_link(page, k=20)
    page.keyboard.press("?")
    page.get_by_label("Keys of one letter are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("l")
    assert step(page) == 20
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.keyboard.press("ArrowRight")
    at_step(page, 21)


WALK = """() => {
  const here = document.activeElement;
  const shown = here.closest(".drawing") !== null;
  return [shown, here.dataset?.key ?? null, here.getAttribute("aria-label") ?? "", getComputedStyle(here.querySelector(".ring") ?? here).stroke];
}"""


def test_arrows_walk_along_the_edges_of_the_graph_and_every_box_has_a_name(page: Page) -> None:
    document = open_link(page, **{"pass": "reverse"}, lanes="overlay", k=16)
    edges = {(f"n:{i}", f"n:{node['id']}") for node in document["graph"]["nodes"] for i in node["inputs"]}
    assert page.locator('.drawing .node[tabindex="0"]').count() == 1, "one stop of the tab key"
    page.locator('.drawing .node[tabindex="0"]').focus()
    _, here, *_ = page.evaluate(WALK)
    assert here == "n:0"
    visited = [here]
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        inside, there, name, ring = page.evaluate(WALK)
        assert inside
        assert (here, there) in edges, f"from {here} to {there}"
        assert re.fullmatch(r"v\d equals .+, value [−\d.]+, adjoint [−\d.]+, .*step \d+", name), name
        assert ring != "none", "the focus is seen"
        visited.append(here := there)
    assert here == "n:6"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(WALK)[1] == "n:6", "at the output there is nowhere to go"
    page.keyboard.press("ArrowLeft")
    assert (page.evaluate(WALK)[1], "n:6") in edges
    assert step(page) == 16, "walking is not stepping"
    key = page.evaluate(WALK)[1]
    page.keyboard.press("Enter")
    assert step(page) < 16
    assert page.evaluate(WALK)[1] == key, "the focus stays on the box"
    # Home, End and the letters belong to the clock even here.
    page.keyboard.press("End")
    assert step(page) == 16


def test_the_tab_key_reaches_everything_and_is_never_caught(page: Page) -> None:
    open_link(page, k=20)
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("""() => {
          const here = document.activeElement;
          return here === document.body ? "" : [here.className?.baseVal ?? here.className, here.getAttribute("aria-label") ?? here.textContent].join("|");
        }""")
        )
        if seen[-1] == "" and len(seen) > 10:
            break
    assert "" in seen, "the tab key comes out at the other end"
    stops = "\n".join(seen)
    for part in (
        "editor-host",
        "Value of x1",
        "x1, slider",
        "中文",
        "Keys and help",
        "Present",
        "Adjoint graph",
        "Zoom in",
        "node",
        "Next step",
        "Steps",
        "Predict",
        "Examples",
    ):
        assert part in stops, part
