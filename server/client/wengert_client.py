"""Wengert from a notebook or an autograder: one file, standard library only. Copy it beside your own.

    from wengert_client import check, score

    check({"kind": "derivative", "source": "x^2", "wrt": "x"}, "2x")      # correct
    check({"kind": "derivative", "source": "x^2", "wrt": "x"}, "x")       # incorrect, and why

`check` shows one line, always the same for the same answer, so that a doctest can compare it. `score` is a number of
points: as the last line of an nbgrader test cell it earns partial credit. Nothing is ever written to standard error.

Where answers are graded: by the server that the variable WENGERT_URL names; else by the command `wengert`, when it is
installed here, which needs no network; else by a server on this machine, port 8000.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

__all__ = ["Verdict", "Wengert", "WengertError", "check", "grade", "score"]

LOCAL = "http://127.0.0.1:8000"
NDJSON = "application/x-ndjson"
TRIES = 5
BATCH = 500


class WengertError(Exception):
    """A request that was refused: `code`, `message`, `span` (a place in the source) and `hint` as in the API."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.code = body.get("code", "unknown")
        self.message = body.get("message", "")
        self.span = body.get("span")
        self.hint = body.get("hint")
        super().__init__(" ".join([text for text in (self.message or self.code, self.hint) if text]))


class Verdict(dict[str, Any]):
    """The report on an answer, as the API sends it; printed, it is one line."""

    @property
    def correct(self) -> bool:
        """Is everything right?"""
        return bool(self["verdict"] == "correct")

    def __repr__(self) -> str:
        verdict = str(self["verdict"])
        return verdict if verdict != "partial" else f"partial {self['points']:g}/{self['max_points']:g}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """In a notebook: what a tutor would say, too."""
        printer.text(repr(self) if self.correct else f"{self!r}\n{self.get('feedback', '')}")


class Wengert:
    """Answers are graded by the server at `url`, or by `command`; `language` is en or zh, `help` none, hint or full."""

    def __init__(
        self,
        url: str | None = None,
        command: Sequence[str] | None = None,
        language: str | None = None,
        help: str = "hint",
        timeout: float = 60,
    ) -> None:
        self.url = (url or os.environ.get("WENGERT_URL") or "").rstrip("/")
        if not self.url and command is None:
            found = shutil.which("wengert")
            command = [found] if found else None
        if not self.url and not command:
            self.url = LOCAL
        self.command = command
        self.language = language
        self.help = help
        self.timeout = timeout

    def grade(self, task: Any, answer: Any) -> Verdict:
        """The report on one answer. Raises WengertError where the task is wrong."""
        return next(self.grade_many([{"task": as_object(task), "answer": answer}]))

    def grade_many(self, lines: Iterable[dict[str, Any]]) -> Iterator[Verdict]:
        """The reports on many answers, in order: each line has `task` and `answer`, and perhaps an `id`.

        Raises WengertError at the first line that cannot be graded.
        """
        waiting: list[dict[str, Any]] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) == BATCH:
                yield from self._graded(waiting)
                waiting = []
        if waiting:
            yield from self._graded(waiting)

    def ask(self, endpoint: str, **request: Any) -> Any:
        """Call the API otherwise, as in `ask("derivatives", source="x^2", inputs={"x": 3}, want=["gradient"])`."""
        body = json.dumps(plain(request)).encode()
        return json.loads(self._post(f"/api/v1/{endpoint}", body, "application/json"))

    def _graded(self, lines: Sequence[dict[str, Any]]) -> Iterator[Verdict]:
        text = "".join([json.dumps({"help": self.help, **plain(line)}) + "\n" for line in lines]).encode()
        body = self._run(text) if self.command and not self.url else self._post("/api/v1/grade/batch", text, NDJSON)
        found = [json.loads(line) for line in body.splitlines() if line.strip()]
        if len(found) != len(lines):
            raise WengertError({"code": "incomplete", "message": f"{len(found)} of {len(lines)} answers came back"})
        for line in found:
            if "error" in line:
                raise WengertError(line["error"])
            yield Verdict(line["report"])

    def _run(self, text: bytes) -> bytes:
        command = [*(self.command or ()), "grade", "-"]
        if self.language:
            command += ["--lang", self.language]
        done = subprocess.run(command, input=text, capture_output=True, timeout=self.timeout, check=False)
        if not done.stdout.strip():
            raise WengertError({"code": "failed", "message": done.stderr.decode(errors="replace").strip()})
        return done.stdout

    def _post(self, path: str, body: bytes, kind: str) -> bytes:
        headers = {"Content-Type": kind}
        if self.language:
            headers["Accept-Language"] = self.language
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            request = urllib.request.Request(self.url + path, body, headers, method="POST")
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as response:
                    content: bytes = response.read()
                    return content
            except urllib.error.HTTPError as refused:
                if refused.code != 503 or last:
                    raise WengertError(error_in(refused.read())) from None
                time.sleep(float(refused.headers.get("Retry-After") or 1))
            except (urllib.error.URLError, ConnectionError) as error:
                if last:
                    raise WengertError({"code": "unreachable", "message": f"{self.url}: {error}"}) from None
                time.sleep(2.0**attempt / 4)
        raise AssertionError("the last try returns or raises")


def error_in(content: bytes) -> dict[str, Any]:
    """The error in a response, whoever answered."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"message": content.decode(errors="replace")[:200]}


def plain(value: Any) -> Any:
    """The same for JSON: arrays of any library as lists, what is not finite by its name."""
    if hasattr(value, "detach"):
        value = value.detach()
    if hasattr(value, "numpy"):
        value = value.numpy()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(content) for key, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(content) for content in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def as_object(task: Any) -> Any:
    """A task; it may come as JSON text."""
    return json.loads(task) if isinstance(task, str) else task


def grade(task: Any, answer: Any, **settings: Any) -> Verdict:
    """The report on an answer, as the API sends it; `settings` are those of Wengert."""
    return Wengert(**settings).grade(task, answer)


def check(task: Any, answer: Any, **settings: Any) -> Verdict:
    """The same; as a last line it shows as `correct`, `partial 3/4`, `incorrect` or `malformed`."""
    return grade(task, answer, **settings)


def score(task: Any, answer: Any, **settings: Any) -> float:
    """The points an answer earns: from 0 to the task's."""
    return float(grade(task, answer, **settings)["points"])
