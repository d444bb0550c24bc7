"""One clock, five views: graph, table, algorithm, rule and timeline show the same event at every step."""

from typing import Any
from unicodedata import normalize

import pytest
from playwright.sync_api import Page

from tests.browser.screen import CATALOGUE, FIRST, FIRST_INPUTS, STEPS, TWICE, look, open_link

UNKNOWN = CATALOGUE["en"]["table.notyet"]
EXAMPLES = {"textbook": (FIRST, FIRST_INPUTS), "read twice": (TWICE, {"x": 0})}


def about(event: dict[str, Any]) -> set[str]:
    """The boxes that may be active for this event, in overlay."""
    nodes = [event["node"], event.get("source"), event.get("adjoint"), event.get("by"), *event.get("created", [])]
    return {f"{kind}:{node}" for node in nodes if node is not None for kind in "nap"}


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_five_views_show_the_same_event_at_every_step(page: Page, example: str, name: str) -> None:
    source, inputs = EXAMPLES[example]
    document = open_link(page, f=source, at=inputs, **{"pass": name}, lanes="overlay", k=0)
    events, names = document["events"], document["text"]["names"]
    for k, event in enumerate(events, 1):
        page.keyboard.press("n")
        seen = look(page)
        where = f"step {k}, {event['kind']}"
        assert seen["count"] == f"Step {k} of {len(events)}", where
        assert seen["step"] == str(k), where

        assert [line for line, _ in seen["code"]] == [event["line"]], where
        code = document["algorithm"][event["line"] - 1]["code"].strip()
        assert squeezed(seen["code"][0][1]).startswith(squeezed(code)), where

        current = [row for row in seen["rows"] if row[1] == "step"]
        assert all(row[0].split()[0] == "now" for row in current), where
        assert [row[2] for row in current] == [plain(names[event["node"]])], where

        dots = seen["dots"]
        assert [i for i, dot in enumerate(dots, 1) if "now" in dot.split()] == [k], where
        assert sum("past" in dot.split() for dot in dots) == k - 1, where

        active = {key for key, classes, *_ in seen["nodes"] if "active" in classes.split()}
        if event["kind"] != "append" or event["created"]:
            assert active, where
        assert all(key in about(event) or key[0] == "c" for key in active), (where, active)

        title = document["text"]["events"][k - 1]["title"]
        assert seen["rule"].startswith("".join(map(plain, title.split("$")))[:12]), where

        # A node that has a value has it in the table and in the picture, and nothing is shown ahead of its time.
        happened = {e["node"] for e in events[:k] if e["kind"] in ("input", "compute")}
        boxes = {key: text for key, _, text, _ in seen["nodes"]}
        for row, node in zip(seen["rows"], (n for n in document["graph"]["nodes"] if "const" not in n), strict=False):
            if "created" in node:
                continue
            known = row[4] != UNKNOWN
            assert known == (node["id"] in happened), (where, row)
            if known:
                assert f"value {row[4]}" in boxes[f"n:{node['id']}"], (where, row)
            else:
                assert UNKNOWN in boxes[f"n:{node['id']}"], (where, row)


def squeezed(code: str) -> str:
    """A line of code without its blanks; an accent is a character of its own, or not."""
    return normalize("NFC", code).replace(" ", "")


def plain(latex: str) -> str:
    """LaTeX of a name as the page writes it."""
    return latex.replace("\\bar{", "").replace("}", "").replace("_", "").replace("{", "").replace("\\", "")
