"""What a test does with the page and reads from it: open a link, change it, look at everything that depends on the step."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

LOCALES = Path(__file__).parents[2] / "server" / "locale"
CATALOGUE: dict[str, dict[str, str]] = {
    locale: json.loads((LOCALES / locale / "page.json").read_text()) for locale in ("en", "zh")
}

LANGUAGES = {"en": "en", "zh": "zh-Hans"}

# The passes of the page, and how many steps each has on the first example.
STEPS = {"evaluate": 7, "forward": 7, "reverse": 16, "adjoint_graph": 24, "simplify": 20, "jacobian": 8}
FIRST = "ln(x1) + x1*x2 - sin(x2)"
FIRST_INPUTS = {"x1": 2, "x2": 5}
# The nodes that everybody builds by hand in the course: `u` is read twice.
TWICE = "u = exp(x)\n(u + 1) * u"

# Everything that depends on the step, as text. Moving parts are left out: they say nothing that is not in the rest.
LOOK = """() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const line = all(".algorithm li[aria-current=step]");
  return {
    step: document.querySelector(".timeline").getAttribute("aria-valuenow"),
    count: document.querySelector(".count").textContent,
    rows: all(".wengert tbody tr").map((row) => [[...row.classList].sort().join(" "), row.getAttribute("aria-current"), ...[...row.cells].map((cell) => cell.textContent)]),
    nodes: all(".drawing .node[data-key]").map((node) => [node.dataset.key, node.getAttribute("class"), node.getAttribute("aria-label"), node.textContent]),
    lines: all(".drawing .link, .drawing .rail, .drawing .tie").map((line) => line.getAttribute("class")),
    plates: all(".drawing .plate").map((plate) => [plate.getAttribute("class"), plate.textContent]),
    rule: document.querySelector(".rule-body").textContent,
    code: line.map((item) => [[...item.parentElement.children].indexOf(item) + 1, item.textContent]),
    dots: all(".timeline .dot").map((dot) => dot.className),
  };
}"""

SHOWN = """([source, steps, k, order]) => {
  const timeline = document.querySelector(".timeline");
  return timeline !== null && !timeline.hidden
    && document.querySelector(".drawing svg")?.getAttribute("aria-label")?.endsWith(": " + source)
    && document.querySelector(".table .note").textContent === order
    && timeline.getAttribute("aria-valuemax") === String(steps)
    && (k === null || timeline.getAttribute("aria-valuenow") === String(k));
}"""


def link(**fields: Any) -> str:
    """The hash of these fields: `at` may be a dictionary."""
    if isinstance(fields.get("at"), dict):
        fields["at"] = ";".join(f"{name}:{json.dumps(value)}" for name, value in fields["at"].items())
    return "#" + "&".join(f"{name}={quote(str(value), safe='')}" for name, value in fields.items())


def trace(page: Page, **fields: Any) -> dict[str, Any]:
    """The document that the page shows for these fields, as the API sends it."""
    inputs = fields.get("at", FIRST_INPUTS)
    name = fields.get("pass", "adjoint_graph")
    body = {"source": fields.get("f", FIRST), "inputs": inputs, "pass": name, "text": fields.get("lang", "en")}
    if name == "forward":
        seeded = fields.get("seed", next(iter(inputs), None))
        body["seed"] = {one: 1 if one == seeded else 0 for one in inputs}
    if name == "simplify":
        body["options"] = {"gradient": True}
    if name == "jacobian":
        body["options"] = {"mode": fields["mode"]} if "mode" in fields else {}
        body["options"] |= {"gradient": True} if fields.get("gradient") else {}
    answer = page.context.request.post("/api/v1/trace", data=body)
    assert answer.ok, answer.text()
    document: dict[str, Any] = answer.json()
    return document


def wait_for(page: Page, document: dict[str, Any], k: int | None = None, lang: str = "en") -> None:
    """Until the page shows this document (at step `k`)."""
    order = CATALOGUE[lang][f"table.order.{document['pass']}"]
    page.wait_for_function(SHOWN, arg=[document["source"], len(document["events"]), k, order])


def open_link(page: Page, **fields: Any) -> dict[str, Any]:
    """Load the page with these fields in its address; answer with the document it shows."""
    fields.setdefault("lang", "en")
    document = trace(page, **fields)
    page.goto("/" + link(**fields))
    wait_for(page, document, fields.get("k"), fields["lang"])
    return document


def follow_link(page: Page, **fields: Any) -> dict[str, Any]:
    """The same in a page that is open, as when a link to it is pasted into the address bar."""
    fields.setdefault("lang", "en")
    document = trace(page, **fields)
    page.evaluate("hash => { location.hash = hash }", link(**fields))
    wait_for(page, document, fields.get("k"), fields["lang"])
    return document


def look(page: Page) -> dict[str, Any]:
    """Everything on the screen that depends on the step."""
    seen: dict[str, Any] = page.evaluate(LOOK)
    return seen


def step(page: Page) -> int:
    """The step that the timeline is at."""
    return int(page.locator(".timeline").get_attribute("aria-valuenow") or -1)


def box_text(page: Page, key: str) -> str:
    """What stands in the box of this key: `n:3` is the third node, `a:3` its adjoint in the mirror."""
    return page.locator(f'.drawing .node[data-key="{key}"]').text_content() or ""


def at_step(page: Page, k: int) -> None:
    """Wait for step `k`."""
    page.wait_for_function(
        "k => document.querySelector('.timeline').getAttribute('aria-valuenow') === String(k)", arg=k
    )


def retype(page: Page, source: str) -> None:
    """Replace the formula by this one, all at once, as one pastes it."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    if source:
        page.keyboard.insert_text(source)
    else:
        page.keyboard.press("Delete")
