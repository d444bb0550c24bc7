"""The page in Chromium: from a keystroke to the finished picture, and the script time of one step of the player.

The clock runs inside the page, from the key event to the end of the frame that shows the picture of the new text. The
reader has asked for less motion, so that what is measured is work and not the length of an animation.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from engine.syntax import parse

PICTURES = {20: 0.05, 500: 0.5}
"""Nodes -> seconds from a keystroke to its picture, at most."""
STEP_NODES, STEP_AIM = 200, 0.008
KEYSTROKES, STEPS, WARM = 15, 40, 5
WAIT = 60_000

FINISHED = """() => {
  const svg = document.querySelector(".drawing svg.picture");
  window.bench = null;
  let pressed = null;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; window.bench = null; }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    const frame = new MessageChannel();  // its message comes after the frame has been drawn
    frame.port1.onmessage = () => { if (pressed !== null) window.bench = performance.now() - pressed; };
    frame.port2.postMessage(null);
  })).observe(svg, { attributes: true, attributeFilter: ["aria-label"] });
}"""


def formula(nodes: int) -> str:
    """A source whose graph has so many nodes (at least 7): three inputs, and a number at its very end."""
    source, count = "x*y*z + 1", 7
    terms = ("sin(x*y)", "exp(y/z)", "cos(x*z)", "tanh(x - z)")
    while count < nodes:
        term, cost = (terms[count % 4], 3) if count + 3 <= nodes else ("x", 1)
        source, count = f"{term} + {source}", count + cost
    assert len(parse(source).nodes) == nodes
    return source


@contextmanager
def browser() -> Iterator[Page]:
    """An empty page of a laptop's size beside a server of our own, started as for the browser's tests."""
    import uvicorn

    from server.app import create_app
    from tests.browser import conftest

    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert chromium is not None, "no Chromium: `python3 dev.py test` installs one"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with sync_playwright() as playwright:
                opened = playwright.chromium.launch(executable_path=chromium, args=conftest.FLAGS)
                page = opened.new_page(
                    base_url="http://{}:{}".format(*listener.getsockname()),
                    viewport={"width": 1280, "height": 800},
                    reduced_motion="reduce",
                )
                page.set_default_timeout(WAIT)
                yield page
                opened.close()
        finally:
            server.should_exit = True
            thread.join()


def show(page: Page, source: str) -> None:
    """Open the reverse pass of a formula and wait for its picture."""
    page.goto("about:blank")
    page.goto(f"/#f={quote(source, safe='')}&at=x:1.5;y:2;z:0.5&pass=reverse&k=0&lang=en")
    page.wait_for_function(
        "source => document.querySelector('.drawing svg.picture')?.getAttribute('aria-label')?.endsWith(': ' + source)",
        arg=source,
    )


def keystrokes(page: Page, nodes: int) -> list[float]:
    """Seconds from each of some keystrokes to its picture: a digit goes to the end of the formula, and away again."""
    show(page, formula(nodes))
    page.evaluate(FINISHED)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    taken = []
    for turn in range(WARM + KEYSTROKES):
        page.evaluate("() => { window.bench = null; }")
        page.keyboard.press("Backspace" if turn % 2 else "5")
        taken.append(float(page.wait_for_function("() => window.bench").json_value()) / 1e3)
    return taken[WARM:]


def steps(page: Page, nodes: int) -> tuple[float, float]:
    """Seconds of script, and of style and layout, for one step of the player on average."""
    show(page, formula(nodes))
    page.locator(".drawing svg.picture").click(position={"x": 5, "y": 5})
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def spent() -> dict[str, float]:
        return {metric["name"]: metric["value"] for metric in client.send("Performance.getMetrics")["metrics"]}

    for _ in range(WARM):
        page.keyboard.press("n")
    before = spent()
    for _ in range(STEPS):
        page.keyboard.press("n")
        page.evaluate("() => new Promise(requestAnimationFrame)")
    after = spent()
    k = int(page.locator(".timeline").get_attribute("aria-valuenow") or 0)
    assert k == WARM + STEPS, f"the player is at {k}"
    script, style, layout = (
        (after[name] - before[name]) / STEPS for name in ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
    )
    return script, style + layout


def rows() -> list[dict[str, Any]]:
    """A row per aim; `peer` is what the aim allows."""
    table: list[dict[str, Any]] = []
    with browser() as page:
        for nodes, most in PICTURES.items():
            taken = keystrokes(page, nodes)
            table.append(
                {
                    "name": "keystroke to picture", "size": nodes, "ours": median(taken), "unit": "s",
                    "peer": f"{most * 1e3:g} ms", "ratio": median(taken) / most, "aim": 1.0,
                    "note": f"{min(taken) * 1e3:.0f} ms at best",
                }
            )  # fmt: skip
        script, rest = steps(page, STEP_NODES)
        table.append(
            {
                "name": "script of a player's step", "size": STEP_NODES, "ours": script, "unit": "s",
                "peer": f"{STEP_AIM * 1e3:g} ms", "ratio": script / STEP_AIM, "aim": 1.0,
                "note": f"style and layout {rest * 1e3:.1f} ms",
            }
        )  # fmt: skip
    return table
