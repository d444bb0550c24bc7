"""nbgrader: the grades of a class as `nbgrader export` writes them. https://nbgrader.readthedocs.io/, "Export".

Inside a notebook the client's `score` is what earns partial credit: static/client/wengert_client.py.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from server.formats.neutral import Neutral

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def write(submissions: Iterable[Neutral]) -> Iterator[bytes]:
    """A line for each student; what only nbgrader's database knows stays empty."""
    yield line(COLUMNS)
    for found in submissions:
        row = dict.fromkeys(COLUMNS, "") | {
            "assignment": found.assignment, "student_id": found.user, "raw_score": repr(found.score),
            "late_submission_penalty": "0.0", "score": repr(found.score), "max_score": repr(found.max_score),
        }  # fmt: skip
        yield line([row[name] for name in COLUMNS])


def line(cells: Iterable[str]) -> bytes:
    """A line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
