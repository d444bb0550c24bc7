"""Large is slow to read, never broken: it opens, it steps, it goes on answering."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import at_step, open_link

CHAIN = "\n".join(["v = x", *["v = sin(v) + v*x"] * 166, "v"])
SUM = " + ".join(["x"] * 1000)


@pytest.mark.parametrize(
    "fields", [{"f": CHAIN, "at": {"x": 0.5}}, {"f": SUM, "at": {"x": 2}}], ids=["500 nodes", "1,000 terms"]
)
def test_a_large_formula_opens_and_steps(page: Page, fields: dict[str, Any]) -> None:
    page.set_default_timeout(60_000)
    document = open_link(page, **fields, **{"pass": "reverse"}, lanes="overlay", k=2)
    assert len(document["events"]) > 1000
    page.keyboard.press("ArrowRight")
    at_step(page, 3)
    page.keyboard.press("End")
    at_step(page, len(document["events"]))
    page.keyboard.press("ArrowLeft")
    at_step(page, len(document["events"]) - 1)
    expect(page.locator(".wengert tr.now")).to_have_count(1)
    expect(page.locator(".drawing .node.active")).to_have_count(1)
