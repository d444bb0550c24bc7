"""Compare: the worked numbers of the logistic map on the screen, the plots with their lines and names, a claim judged."""

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.screen import CATALOGUE, FIRST, FIRST_INPUTS, open_link

WORDS = CATALOGUE["en"]
# Baydin et al. 2018: l1 = x, l(n+1) = 4 l(n) (1 - l(n)); l4(0.2) = 0.28901376 and l4'(0.2) = 9.0660864.
LOGISTIC = "l2 = 4*x*(1 - x)\nl3 = 4*l2*(1 - l2)\n4*l3*(1 - l3)"
AT = {"x": 0.2}
SLOPE = 9.0660864
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")


def number(text: str) -> float:
    """`5.551×10⁻⁸` as a number."""
    return float(text.translate(SUPERSCRIPTS).replace("×10", "e"))


def opened(page: Page, part: str, lang: str = "en", **fields: Any) -> Locator:
    """The comparison with this part in front, opened by a link, with its answer in it."""
    open_link(page, **{"f": LOGISTIC, "at": AT, "lang": lang, "compare": part, **fields})
    dialog = page.get_by_role("dialog", name=CATALOGUE[lang]["compare.title"])
    expect(dialog.locator(".compare-part")).to_have_attribute("aria-busy", "false")
    return dialog


def row(dialog: Locator, method: str) -> Locator:
    """A method's row."""
    return dialog.locator(f"tr.method:has([aria-controls=compare-{method}])")


def test_the_button_and_the_key_open_it_and_the_link_says_so(page: Page) -> None:
    open_link(page, f=FIRST, at=FIRST_INPUTS)
    page.keyboard.press("v")
    dialog = page.get_by_role("dialog", name=WORDS["compare.title"])
    expect(dialog.locator("tr.method")).to_have_count(8)
    expect(page).to_have_url(re.compile("compare=methods"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).not_to_have_url(re.compile("compare"))
    page.get_by_role("button", name=WORDS["compare.open"]).click()
    dialog.get_by_role("tab", name=WORDS["compare.part.cost"]).click()
    expect(dialog.locator("figure")).to_have_count(2)
    expect(page).to_have_url(re.compile("compare=cost"))


def test_the_logistic_map_by_every_method(page: Page) -> None:
    dialog = opened(page, "methods")
    expect(dialog.locator(".reference code")).to_have_text(re.compile(r"^9\.06608640000000"))
    for name in ("complex_step", "symbolic", "forward", "reverse"):
        value = number(row(dialog, name).locator(".value").inner_text())
        assert value == pytest.approx(SLOPE, rel=4e-16), name
    richardson = row(dialog, "richardson")
    assert number(richardson.locator(".error").inner_text()) < 1e-12
    # The digits that are wrong stand apart, and what is said of them is what is shown.
    central = row(dialog, "central_difference")
    right = int(re.findall(r"\d+", central.locator(".judged").inner_text())[0])
    assert right >= 8
    pale = central.locator(".wrong-digits").inner_text()
    good = central.locator(".value").inner_text().removesuffix(pale)
    assert len(re.findall(r"\d", good)) == right
    assert float(good) == pytest.approx(SLOPE, rel=10.0 ** (1 - right))


@pytest.mark.parametrize(
    ("h", "forward", "central"),
    [
        ("1e-2", 2.7e-1, 6.6e-2), ("1e-6", 3.4e-5, 5.8e-10), ("1e-8", 3.3e-7, 4.5e-9), ("1e-12", 6e-5, 6e-5),
        ("1e-14", 7e-3, 7e-3),
    ],
)  # fmt: skip
def test_the_errors_for_a_step_of_ones_own(page: Page, h: str, forward: float, central: float) -> None:
    dialog = opened(page, "methods")
    dialog.get_by_label(re.compile("Step")).fill(h)
    page.keyboard.press("Enter")
    expect(row(dialog, "forward_difference").locator("td.h")).to_have_text(re.compile(r"^(0\.01|1×10)"))
    found = [
        number(row(dialog, f"{name}_difference").locator(".error").inner_text()) for name in ("forward", "central")
    ]
    # A remainder of rounding is a matter of chance: its size is what can be expected.
    if float(h) >= 1e-8:
        assert found[0] * SLOPE == pytest.approx(forward, rel=0.5)
    assert forward / 30 < found[0] * SLOPE < forward * 30
    assert central / 30 < found[1] * SLOPE < central * 30
    page.wait_for_url(re.compile(f"h={h}"))


def test_a_row_opens_its_steps_and_its_lesson(page: Page) -> None:
    dialog = opened(page, "methods")
    button = dialog.get_by_role("button", name=WORDS["compare.method.central_difference"])
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    detail = dialog.locator("#compare-central_difference")
    expect(detail.locator(".worked > li")).to_have_count(4)
    expect(detail.locator(".lesson dt")).to_have_text(
        [WORDS[f"compare.lesson.{part}"] for part in ("what", "cost", "error", "use")]
    )
    dialog.get_by_role("button", name=WORDS["compare.method.richardson"]).click()
    expect(dialog.locator(".triangle tr")).to_have_count(6)
    expect(dialog.locator(".triangle tr").last.locator("td").last).to_have_text(re.compile(r"^9\.066086"))
    button.press("Enter")
    expect(detail).to_be_hidden()


def test_the_laws_come_one_at_a_time(page: Page) -> None:
    dialog = opened(page, "methods")
    dialog.get_by_role("button", name=WORDS["compare.method.symbolic"], exact=True).click()
    laws = dialog.locator("#compare-symbolic .laws")
    expect(laws.locator(".worked-step")).to_have_count(1)
    expect(laws.locator(".count")).to_have_text(re.compile(r"^Law 1 of \d+$"))
    first = laws.locator(".worked-step").inner_text()
    laws.get_by_role("button", name=WORDS["compare.law.next"]).click()
    expect(laws.locator(".count")).to_have_text(re.compile(r"^Law 2 of \d+$"))
    assert laws.locator(".worked-step").inner_text() != first
    # What the laws give, simplified, shared: each is shorter than the one before.
    raw, simplified, shared = map(
        int, re.findall(r"(?:it|simplified|shared) (\d+)", dialog.locator(".sizes").inner_text())
    )
    assert raw > simplified > shared


def test_the_derivative_that_is_worked_out_is_chosen(page: Page) -> None:
    dialog = opened(page, "methods", f=FIRST, at=FIRST_INPUTS)
    expect(row(dialog, "reverse").locator(".line")).to_have_count(2)
    assert number(row(dialog, "reverse").locator(".value").first.inner_text()) == 5.5
    dialog.locator(".compare-by button").nth(1).click()
    expect(row(dialog, "reverse").locator(".value").first).to_have_text(re.compile(r"^1\.716"))
    page.wait_for_url(re.compile("by=x2"))


def test_error_against_h_has_a_line_for_each_method_and_marks_the_regimes(page: Page) -> None:
    dialog = opened(page, "errors")
    methods = ["forward_difference", "backward_difference", "central_difference", "richardson", "complex_step"]
    lines = dialog.locator(".plot-place .line")
    expect(lines).to_have_count(5)
    expect(dialog.locator(".plot-place .name")).to_have_text([WORDS[f"compare.line.{name}"] for name in methods])
    looks = lines.evaluate_all(
        "all => all.map((one) => { const s = getComputedStyle(one); return [s.stroke, s.strokeDasharray]; })"
    )
    assert len({stroke for stroke, _ in looks}) == len({dash for _, dash in looks}) == 5
    expect(dialog.locator(".plot-place .region text")).to_have_text(
        [WORDS["compare.region.rounding"].format(power="⁻¹"), WORDS["compare.region.truncation"].format(power="²")]
    )
    dialog.locator(".key button", has_text=WORDS["compare.line.forward_difference"]).click()
    expect(dialog.locator(".plot-place .region text").last).to_have_text(
        WORDS["compare.region.truncation"].format(power="¹")
    )
    best = number(re.findall(r"h = (\S+),", dialog.locator(".plot-place .mark.told text").text_content() or "")[0])
    assert 1e-10 < best < 1e-7
    dialog.get_by_text(WORDS["compare.numbers"]).click()
    expect(dialog.locator(".numbers tbody tr")).to_have_count(65)


def test_labels_at_the_ends_do_not_touch(page: Page) -> None:
    dialog = opened(page, "errors")
    expect(dialog.locator(".plot-place .name")).to_have_count(5)
    boxes = sorted(
        (box["y"], box["height"])
        for box in (name.bounding_box() for name in dialog.locator(".plot-place .name").all())
        if box
    )
    assert all(next_y - y >= height - 4 for (y, height), (next_y, _) in pairwise(boxes))


def test_a_plot_is_saved_and_its_numbers_are_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = opened(page, "swell", f="4*x*(1 - x)")
    expect(dialog.locator(".plot-place .name")).to_have_count(5)
    with page.expect_download() as download:
        dialog.get_by_role("button", name=WORDS["compare.svg"]).click()
    svg = download.value.path().read_text()
    assert WORDS["compare.line.shared"] in svg
    assert "stroke-dasharray" in svg
    dialog.get_by_role("button", name=re.compile(WORDS["compare.csv"])).click()
    expect(dialog.get_by_role("status").filter(has_text=WORDS["array.copied"])).to_be_visible()
    table = [line.split(",") for line in page.evaluate("navigator.clipboard.readText()").splitlines()]
    assert len(table) == 9
    columns = {name: [float(line[k]) for line in table[1:]] for k, name in enumerate(table[0])}
    assert columns[WORDS["compare.line.f"]][:4] == [3, 9, 21, 45]
    assert columns[WORDS["compare.line.raw"]][-1] > 50 * columns[WORDS["compare.line.shared"]][-1]


def test_cost_against_inputs_and_outputs(page: Page) -> None:
    dialog = opened(page, "cost", f="x1*x2*x3*x4", at={"x1": 1, "x2": 2, "x3": 3, "x4": 4})
    expect(dialog.locator(".finding")).to_contain_text("4 against 1")
    expect(dialog.locator(".plot-place .line")).to_have_count(6)
    expect(dialog.locator(".mark.crossover text").last).to_have_text(re.compile("^equal at"))


def test_a_gradient_of_ones_own_is_judged(page: Page) -> None:
    dialog = opened(page, "check", f=FIRST, at=FIRST_INPUTS)
    verdict = dialog.locator(".verdict")
    expect(verdict).to_contain_text(WORDS["compare.verdict.right.ours"])
    expect(dialog.locator(".plot-place .line")).to_have_count(2)
    fields = dialog.locator(".claim .field")
    fields.first.fill("1/x1 + x2 + 0.1")
    fields.first.press("Enter")
    expect(verdict).to_contain_text(WORDS["compare.verdict.wrong.own"])
    expect(verdict).to_contain_text("1.0")
    fields.first.fill("1/x1 + x2")
    dialog.get_by_role("button", name=WORDS["compare.claim.check"]).click()
    expect(verdict).to_contain_text(WORDS["compare.verdict.right.own"])
    fields.first.fill("1/x9")
    fields.first.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("x9")
    dialog.get_by_role("button", name=WORDS["compare.claim.ours"]).click()
    expect(verdict).to_contain_text(WORDS["compare.verdict.right.ours"])
    expect(fields.first).to_have_value("")


def test_what_has_no_answer_says_why(page: Page) -> None:
    dialog = opened(page, "methods", f="abs(x)", at={"x": 0})
    expect(row(dialog, "complex_step").locator(".why")).to_contain_text("abs")
    expect(dialog.locator(".reference")).to_contain_text("no reference")
    dialog.get_by_role("tab", name=WORDS["compare.part.errors"]).click()
    expect(dialog.locator(".finding")).to_contain_text("no reference")
    open_link(page, **{"f": "2 + 3", "at": {}, "pass": "evaluate", "compare": "methods"})
    expect(page.get_by_role("dialog").locator(".finding")).to_have_text(WORDS["compare.none"])
    page.goto("about:blank")
    open_link(page, **{"f": "x*[1, 2]", "at": {"x": 1}, "pass": "evaluate", "compare": "methods"})
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()


def test_an_error_of_zero_is_on_the_axis_and_nothing_is_drawn_of_nothing(page: Page) -> None:
    dialog = opened(page, "errors", f="3*x + 2", at={"x": 1.5})
    expect(dialog.locator(".plot-place .tick.end").first).to_have_text("0")
    expect(dialog.locator(".finding")).not_to_contain_text("Theory")
    page.goto("about:blank")
    dialog = opened(page, "check", f="ln(x)", at={"x": -1})
    expect(dialog.locator(".verdict")).to_contain_text(WORDS["compare.verdict.undecided.ours"])
    expect(dialog.locator("figure")).to_have_count(0)


def test_chinese(page: Page) -> None:
    dialog = opened(page, "methods", "zh")
    expect(dialog.get_by_role("tab")).to_have_text(
        [CATALOGUE["zh"][f"compare.part.{part}"] for part in ("methods", "errors", "swell", "cost", "check")]
    )
    dialog.get_by_role("button", name=CATALOGUE["zh"]["compare.method.symbolic"], exact=True).click()
    detail = dialog.locator("#compare-symbolic")
    expect(detail.locator(".lesson dt").first).to_have_text(CATALOGUE["zh"]["compare.lesson.what"])
    assert not re.search(r"[a-z]{4,}", re.sub(r"\\\w+", "", detail.inner_text()))
    dialog.get_by_role("tab", name=CATALOGUE["zh"]["compare.part.errors"]).click()
    expect(dialog.locator(".plot-place .name").first).to_have_text(CATALOGUE["zh"]["compare.line.forward_difference"])


def test_on_a_telephone_nothing_hangs_over_the_edge(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    dialog = opened(page, "methods")
    dialog.get_by_role("button", name=WORDS["compare.method.richardson"]).click()
    expect(dialog.locator(".triangle")).to_be_visible()
    for part in ("methods", "errors", "swell", "cost", "check"):
        dialog.get_by_role("tab", name=WORDS[f"compare.part.{part}"]).click()
        expect(dialog.locator(".compare-part")).to_have_attribute("aria-busy", "false")
        assert page.evaluate("document.querySelector('.compare-dialog').scrollWidth") <= 390, part
        for label in dialog.locator(".plot-place text").all():
            box = label.bounding_box()
            assert box is None or (box["x"] >= -1 and box["x"] + box["width"] <= 391), (part, label.inner_html())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, axe: Any, theme: str) -> None:
    dialog = opened(page, "methods", theme=theme)
    dialog.get_by_role("button", name=WORDS["compare.method.symbolic"], exact=True).click()
    assert axe(page) == []
    for part in ("errors", "check"):
        dialog.get_by_role("tab", name=WORDS[f"compare.part.{part}"]).click()
        expect(dialog.locator(".plot-place svg")).to_be_visible()
        assert axe(page) == []
