"""The picture of every example, in every pass: nothing lies on anything else, and text stays in its box."""

import pytest
from playwright.sync_api import Page

from tests.browser.screen import CATALOGUE, link, open_link

SCENES = [
    ("evaluate", "overlay"), ("forward", "overlay"), ("reverse", "overlay"), ("reverse", "mirror"),
    ("adjoint_graph", "overlay"), ("adjoint_graph", "mirror"), ("simplify", "overlay"),
    ("jacobian", "overlay"),
]  # fmt: skip

# For each scene: follow its link, wait for its picture, and measure it in the units of the drawing.
MEASURE = """async (scenes) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const found = [];
  for (const { hash, source, order, name } of scenes) {
    location.hash = hash;
    const end = performance.now() + 15000;
    const ready = () => document.querySelector(".drawing svg").getAttribute("aria-label").endsWith(": " + source)
      && document.querySelector(".table .note").textContent === order && document.querySelector(".next-step, .forward-step").getAttribute("aria-disabled") === "true";
    do await frame(); while (!ready() && performance.now() < end);
    if (!ready()) { found.push(`${name}: not shown`); continue; }
    await frame();
    const scale = document.querySelector(".drawing .viewport").getCTM().a;
    const rect = (element, what) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { what, left: left / scale, top: top / scale, right: right / scale, bottom: bottom / scale };
    };
    const boxes = all(".drawing .node[data-key]").map((node) => rect(node.querySelector(".box"), `box ${node.dataset.key}`));
    const plates = all(".drawing .plate").filter((plate) => plate.textContent).map((plate) => rect(plate.querySelector("rect"), `plate ${plate.textContent}`));
    const labels = all(".drawing .plug text, .drawing .axes text").filter((text) => text.textContent).map((text) => {
      const at = rect(text, `label ${text.textContent}`);
      const lead = (at.bottom - at.top) * 0.2;  // the room above and below the letters of a line
      return { ...at, top: at.top + lead, bottom: at.bottom - lead };
    });
    const things = [...boxes, ...plates, ...labels];
    things.forEach((a, i) => things.slice(i + 1).forEach((b) => {
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1 && y > 1) found.push(`${name}: ${a.what} on ${b.what} (${x.toFixed(1)} x ${y.toFixed(1)})`);
    }));
    const inside = (text, frame, what) => {
      const inner = rect(text, what);
      const lead = (inner.bottom - inner.top) * 0.2;
      if (inner.left < frame.left - 1 || inner.right > frame.right + 1 || inner.top + lead < frame.top - 1 || inner.bottom - lead > frame.bottom + 1)
        found.push(`${name}: "${text.textContent}" leaves its ${what} by ${Math.max(frame.left - inner.left, inner.right - frame.right, frame.top - inner.top - lead, inner.bottom - lead - frame.bottom).toFixed(1)}`);
    };
    for (const node of all(".drawing .node[data-key]")) {
      const frame = rect(node.querySelector(".box"));
      const texts = all("text", node).filter((text) => text.textContent && text.checkVisibility());
      for (const text of texts) inside(text, frame, `box ${node.dataset.key}`);
      const lines = texts.map((text) => rect(text, text.textContent));
      lines.forEach((a, i) => lines.slice(i + 1).forEach((b) => {
        const lead = Math.min(a.bottom - a.top, b.bottom - b.top) * 0.3;
        const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        if (x > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2 * lead) found.push(`${name}: in ${node.dataset.key}, "${a.what}" on "${b.what}" (${x.toFixed(1)})`);
      }));
    }
    for (const plate of all(".drawing .plate")) for (const text of all("text", plate)) if (text.textContent) inside(text, rect(plate.querySelector("rect")), "plate");
  }
  return found;
}"""


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["to the right", "downwards"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_lies_on_anything_else_and_text_stays_in_its_box(page: Page, lang: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_link(page, lang=lang, k=20)
    examples = page.context.request.get("/api/v1/examples").json()["examples"]
    different = list({example["source"]: example for example in examples}.values())
    if lang == "zh":
        different = different[::8]  # the words of the picture are few; every eighth example has them all
    scenes = [
        {
            "hash": link(f=example["source"], at=example["inputs"], **{"pass": name}, lanes=lanes, lang=lang, k=9_999_999),
            "source": example["source"], "order": CATALOGUE[lang][f"table.order.{name}"], "name": f"{example['source']!r} {name} {lanes}",
        }
        for example in different
        for name, lanes in SCENES
        if name != "simplify" or example["pass"] != "jacobian"  # the gradient of an array is no graph
    ]  # fmt: skip
    assert page.evaluate(MEASURE, scenes) == []
