"""With no link and no click, the page already teaches: a worked example, in the middle of its story."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import box_text, look


def test_the_first_screen_is_a_worked_example_in_the_middle_of_its_story(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    expect(page.locator(".count")).to_have_text("Step 20 of 24")

    # The picture: all forward numbers, and the reverse graph up to here.
    forward = {"n:0": "2", "n:1": "5", "n:2": "0.6931", "n:3": "10", "n:4": "10.69", "n:5": "−0.9589", "n:6": "11.65"}
    for key, number in forward.items():
        assert box_text(page, key).endswith(number), key
        expect(page.locator(f'[data-key="{key}"]')).to_be_in_viewport(ratio=1)
    expect(page.locator(".drawing .node.active")).to_have_attribute("data-key", "c:3:1")
    assert page.locator(".drawing .node.ghost[data-key]").count() > 0, "something is still to be built"

    # The other views tell the same step.
    seen = look(page)
    assert [row[2] for row in seen["rows"]] == ["x1", "x2", "v1", "v2", "v3", "v4", "v5"]
    assert [row[2] for row in seen["rows"] if row[1] == "step"] == ["v2"]
    assert "[ −0.2837, 2 ]" in seen["rows"][1]
    assert "At v2: build what it sends to x2" in seen["rule"]
    assert "v̄2 · x12=1·2" in seen["rule"], "the rule shows its numbers"
    assert seen["code"] == [[7, "    node_to_grad[k].append(c)"]]
    expect(page.get_by_role("button", name="Next step")).to_be_enabled()
    assert page.get_by_role("button", name="Next step").get_attribute("aria-disabled") == "false"


def test_a_phone_opens_where_two_contributions_meet(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    page.goto("/")
    expect(page.locator(".count")).to_have_text("Step 15 of 16")
    assert box_text(page, "n:1") == "x2Σ 2/251.716−0.2837", "the new adjoint, and the old one struck through"
    for key in range(6):
        expect(page.locator(f'[data-key="n:{key}"]')).to_be_in_viewport(ratio=1)


def test_the_first_screen_comes_from_the_server_alone_under_a_strict_policy(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/")
    assert answer is not None
    expect(page.locator(".count")).to_have_text("Step 20 of 24")
    page.wait_for_load_state("networkidle")
    assert all(url.startswith((page.url.split("/#")[0], "data:")) for url in asked), asked

    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";") if part)
    assert policy["default-src"] in ("'none'", "'self'")
    assert not any("unsafe" in sources or "*" in sources or "http" in sources for sources in policy.values()), policy
    html = answer.text()
    assert "<style" not in html
    assert " style=" not in html
    assert page.evaluate("document.querySelectorAll('style, script:not([src])').length") == 0
