"""Otter-Grader: a test file in OK format. https://otter-grader.readthedocs.io/, "Python: OK Format".

Otter runs it in the student's notebook: each case hands the variable that is named like the item to the client, whose
answer is one word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import fsum
from pprint import pformat
from typing import Any

import msgspec

from server.formats.neutral import Item

WIDTH = 110


def write(items: Iterable[Item]) -> Iterator[bytes]:
    """The file for these items; what was answered does not matter."""
    found = list(items)
    name = next((item.about.assignment for item in found if item.about.assignment), found[0].id)
    test = {
        "name": name,
        "points": fsum([item.task.get("points", 1.0) for item in found]),
        "suites": [
            {"cases": [case(item) for item in found], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        ],
    }
    yield f"OK_FORMAT = True\n\ntest = {pformat(test, width=WIDTH, sort_dicts=False)}\n".encode()


def case(item: Item) -> dict[str, Any]:
    """One item as a doctest."""
    task = msgspec.json.encode(item.task).decode()
    code = f">>> from wengert_client import check\n>>> check({task!r}, {item.id})\ncorrect"
    return {"code": code, "hidden": item.about.visibility != "visible", "locked": False}
