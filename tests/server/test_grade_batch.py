"""Many answers: order, independence, what a line may be, poison, killed workers, bounded memory, clients that leave."""

import asyncio
import json
import os
import random
import signal
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine import limits
from server.app import create_app
from server.grading import chunks as chunking
from server.grading import jobs
from server.grading.chunks import Batch
from server.grading.graders import BATCHES, Graders
from server.grading.lines import Line, Lines
from server.grading.many import answered, chunks, finish
from server.grading.pool import Bounds, Pool, WorkerError
from server.grading.stream import Stream
from server.settings import Settings

POISON = (sys.executable, "-P", "-m", "tests.server.poison")
ECHO = {"kind": "echo"}
ORDER = {"kind": "order", "source": "x*y + sin(x)"}
NDJSON = {"content-type": "application/x-ndjson"}


def ndjson(*rows: Any) -> bytes:
    return b"".join(
        row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows
    )


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    found = Pool(POISON, Bounds(seconds=0.3, memory=1 << 29, silent=100))
    yield found
    found.close()


@pytest.fixture(scope="module")
def poisonous(pool: Pool) -> Iterator[TestClient]:
    app = create_app(Settings())
    app.state.graders = Graders(2, 64, pool)
    with TestClient(app) as client:
        yield client


def batch(client: TestClient, body: bytes, query: str = "") -> list[dict[str, Any]]:
    answer = client.post(f"/api/v1/grade/batch{query}", content=body, headers=NDJSON)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


# ---- lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_are_the_same_however_they_arrive(size: int) -> None:
    text = b"\xef\xbb\xbfone\r\ntwo\n\n  \nlong long line\nexactly8\n8\xe2\x80\x94byte\r\nlast"
    lines = Lines(8)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    found = [line for piece in pieces for line in lines.feed(piece)] + lines.end()
    assert found == [
        Line(1, b"one"), Line(2, b"two"), Line(5, None), Line(6, b"exactly8"), Line(7, "8—byte".encode()), Line(8, b"last")
    ]  # fmt: skip


def test_a_line_without_end_is_not_kept() -> None:
    lines = Lines(1000)
    tracemalloc.start()
    for _ in range(2000):
        assert lines.feed(b"x" * 10_000) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000
    assert lines.feed(b"\nnext\n") == [Line(1, None), Line(2, b"next")]


def test_chunks_are_bounded_in_lines_and_bytes() -> None:
    small = list(chunks([b"{}\n" * 1000], Batch(jobs.Common(jobs.LINE, "en"))))
    assert [len(chunk.lines) for chunk in small] == [chunking.CHUNK_LINES] * 3 + [1000 - 3 * chunking.CHUNK_LINES]
    assert [line.number for chunk in small for line in chunk.lines] == list(range(1, 1001))
    large = list(chunks([b" " * 0 + b'"%s"\n' % (b"x" * 100_000)] * 4, Batch(jobs.Common(jobs.LINE, "en"))))
    assert [len(chunk.lines) for chunk in large] == [1] * 4


# ---- over HTTP -------------------------------------------------------------------------------------------------------


def test_answers_come_in_order_each_by_itself(client: TestClient) -> None:
    rows = [{"id": f"s{i}", "task": ORDER, "answer": "v1, v2, v3" if i % 3 else "v3, v2, v1"} for i in range(700)]
    found = batch(client, ndjson(*rows))
    assert [(line["line"], line["id"]) for line in found] == [(i + 1, f"s{i}") for i in range(700)]
    assert [line["report"]["verdict"] for line in found] == ["correct" if i % 3 else "incorrect" for i in range(700)]
    one = client.post("/api/v1/grade", json={"task": ORDER, "answer": "v3, v2, v1"}).json()
    assert found[0]["report"] == one


def test_a_line_that_is_wrong_costs_itself(client: TestClient) -> None:
    good = {"id": "good", "task": ORDER, "answer": "v1, v2, v3"}
    bad: list[tuple[Any, str]] = [
        (b"nonsense\n", "malformed_json"), (b"\xff\xfe\n", "malformed_json"), (b"[1]\n", "wrong_type"), (b"NaN\n", "malformed_json"),
        (b"[" * 50 + b"\n", "too_nested"), (b'{"id": 1\n', "malformed_json"), ({"id": 7, "answer": 1}, "missing_field"),
        ({"id": "x", "task": ORDER}, "missing_field"), ({"task": ORDER, "answer": 1, "more": 1}, "unknown_field"),
        ({"id": "k", "task": {"kind": "nope"}, "answer": 1}, "unknown_kind"), ({"id": [1], "task": ORDER, "answer": 1}, "wrong_type"),
        ({"id": "t", "task": {"kind": "order", "source": "x +"}, "answer": 1}, "unexpected_end"),
        (b'{"id": "long", "answer": "' + b"x" * limits.BATCH_LINE_BYTES + b'"}\n', "line_too_long"),
    ]  # fmt: skip
    rows = [good]
    for row, _ in bad:
        rows += [row, good]
    found = batch(client, ndjson(*rows))
    assert [line["line"] for line in found] == list(range(1, len(rows) + 1))
    assert [line["error"]["code"] for line in found[1::2]] == [code for _, code in bad]
    assert all(line["error"]["message"] for line in found[1::2])
    assert all(line["report"]["verdict"] == "correct" for line in found[0::2])
    ids = {line["error"]["code"]: line.get("id") for line in found[1::2]}
    assert (ids["unknown_kind"], ids["unexpected_end"], ids["malformed_json"]) == ("k", "t", None)
    assert next(line for line in found if line.get("id") == "t")["error"]["span"] is not None


def test_a_line_as_long_as_allowed_is_graded(client: TestClient) -> None:
    head, tail = json.dumps({"task": ORDER, "answer": "v1, v2, v3"})[:-1].encode(), b"}"
    line = head + b" " * (limits.BATCH_LINE_BYTES - len(head) - 1) + tail
    assert len(line) == limits.BATCH_LINE_BYTES
    assert batch(client, line + b"\r\n")[0]["report"]["verdict"] == "correct"
    assert batch(client, b" " + line)[0]["report"]["verdict"] == "correct", "blanks around a line do not count"
    assert batch(client, line[:-1] + b" }")[0]["error"]["code"] == "line_too_long"
    assert batch(client, line * 10)[0]["error"]["code"] == "line_too_long"


@pytest.mark.parametrize("by", ["head", "query"])
def test_lines_may_have_a_task_a_help_and_a_language_in_common(client: TestClient, by: str) -> None:
    rows = [{"id": "一", "answer": "v3，v2，v1"}, {"id": "ü", "answer": "v3, v2, v1", "help": "none", "text": "en"}]
    rows += [{"answer": "v1, v2, v3", "task": {**ORDER, "points": 3}}]
    head = {"task": ORDER, "help": "full", "text": "zh"}
    if by == "head":
        found = batch(client, ndjson(head, *rows))
    else:
        query = {name: value if isinstance(value, str) else json.dumps(value) for name, value in head.items()}
        answer = client.post("/api/v1/grade/batch", params=query, content=ndjson(*rows), headers=NDJSON)
        found = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["line"] for line in found] == ([2, 3, 4] if by == "head" else [1, 2, 3])
    assert [line.get("id") for line in found] == ["一", "ü", None]
    assert found[0]["report"]["model"] == ["v1", "v2", "v3"]
    assert "正确" in found[0]["report"]["feedback"]
    assert found[1]["report"]["feedback"] == "Not correct."
    assert found[2]["report"]["points"] == 3


@pytest.mark.parametrize(
    ("body", "query", "status", "code"),
    [
        (ndjson({"task": {"kind": "nope"}}), "", 422, "unknown_kind"),
        (ndjson({"task": {"kind": "order", "source": "x +"}}, {"answer": 1}), "", 422, "unexpected_end"),
        (ndjson({"task": ORDER, "help": "more"}), "", 422, "wrong_value"),
        (ndjson({"task": ORDER, "some": "more"}), "", 422, "unknown_field"),
        (b"", "?task={", 400, "malformed_json"), (b"", "?help=more", 422, "wrong_value"), (b"", "?text=fr", 422, "wrong_value"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_all_lines_is_refused(
    client: TestClient, body: bytes, query: str, status: int, code: str
) -> None:
    answer = client.post(f"/api/v1/grade/batch{query}", content=body, headers=NDJSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.app.state.graders.batches == 0  # type: ignore[attr-defined]


def test_media(client: TestClient) -> None:
    def status(**headers: str) -> tuple[int, str]:
        answer = client.post(
            "/api/v1/grade/batch",
            content=b"{}",
            headers={name.replace("_", "-"): text for name, text in headers.items()},
        )
        return answer.status_code, answer.json()["code"]

    assert status(content_type="application/json") == (415, "not_ndjson")
    assert status(content_type="application/x-ndjson; charset=latin-1") == (415, "not_ndjson")
    assert status(content_type="application/x-ndjson", content_encoding="gzip") == (415, "compressed")


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xef\xbb\xbf", ndjson({"task": ORDER})])
def test_a_batch_of_nothing(client: TestClient, body: bytes) -> None:
    assert batch(client, body) == []


def test_too_many_lines(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_LINES", 300)
    row = {"task": ORDER, "answer": "v1, v2, v3"}
    assert all("report" in line for line in batch(client, ndjson(*[row] * 300)))
    for size in (301, 3000):
        found = batch(client, ndjson(*[row] * size))
        assert [line["line"] for line in found] == list(range(1, 302))
        assert found[-1]["error"]["code"] == "too_many_lines"


def test_too_many_batches_are_told_to_come_again(client: TestClient) -> None:
    graders: Graders = client.app.state.graders  # type: ignore[attr-defined]
    for _ in range(BATCHES):
        graders.admit()
    try:
        answer = client.post("/api/v1/grade/batch", content=b"", headers=NDJSON)
    finally:
        for _ in range(BATCHES):
            graders.leave()
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1


# ---- poison ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["hang", "eat", "crash", "leave"])
def test_poison_costs_one_item(poisonous: TestClient, harm: str) -> None:
    rows = [{"id": i, "answer": "yes" if i % 2 else "no"} for i in range(40)]
    clean = batch(poisonous, ndjson({"task": ECHO}, *rows))
    rows[17] = {"id": 17, "answer": harm}
    found = batch(poisonous, ndjson({"task": ECHO, "text": "zh"}, *rows))
    assert found[17] == {"line": 19, "id": 17, "error": found[17]["error"]}
    assert found[17]["error"]["code"] == "item_failed"
    assert "无法评分" in found[17]["error"]["message"]
    verdicts = [line.get("report", {}).get("verdict") for line in found]
    assert verdicts == [line["report"]["verdict"] if i != 17 else None for i, line in enumerate(clean)]


def test_poison_alone_is_refused(poisonous: TestClient) -> None:
    answer = poisonous.post("/api/v1/grade", json={"task": ECHO, "answer": "crash"})
    assert (answer.status_code, answer.json()["code"]) == (422, "item_failed")
    assert poisonous.post("/api/v1/grade", json={"task": ECHO, "answer": "yes"}).json()["verdict"] == "correct"


def test_a_sleeper_is_woken(pool: Pool) -> None:
    sleepy = Pool(POISON, Bounds(silent=1.0))
    found = sleepy.run(job({"id": "s", "answer": "sleep"}))
    sleepy.close()
    assert json.loads(found[0])["error"]["code"] == "item_failed"


def test_a_mistake_of_ours_is_logged_under_its_number(capfd: pytest.CaptureFixture[str]) -> None:
    fresh = Pool(POISON)  # its worker writes where this test looks
    found = [json.loads(line) for line in fresh.run(job({"answer": "err"}, {"answer": "chatter"}, {"answer": "yes"}))]
    (single,) = fresh.run(
        jobs.Job(jobs.Common(jobs.GRADE, "en"), [jobs.Item(json.dumps({"task": ECHO, "answer": "err"}).encode())])
    )
    fresh.close()
    assert found[0]["error"]["code"] == "internal"
    ticket = found[0]["error"]["message"].rstrip(".").rsplit(" ", 1)[1]
    assert [line["report"]["verdict"] for line in found[1:]] == ["incorrect", "correct"]
    logged = capfd.readouterr().err
    assert ticket in logged
    assert "ZeroDivisionError" in logged
    assert single.startswith(b'500 {"code":"internal"')


def test_workers_that_cannot_start_are_said_so() -> None:
    broken = Pool((sys.executable, "-c", "pass"), Bounds())
    with pytest.raises(WorkerError):
        broken.run(job({"answer": "yes"}))
    broken.close()
    with pytest.raises(WorkerError):
        broken.run(job({"answer": "yes"}))


def job(*rows: Any) -> jobs.Job:
    items = [jobs.Item(json.dumps(row).encode(), number) for number, row in enumerate(rows, 1)]
    return jobs.Job(jobs.Common(jobs.LINE, "en", json.dumps(ECHO).encode()), items)


def test_killed_workers_lose_nothing_and_grade_nothing_twice(pool: Pool) -> None:
    """A worker is killed at random in a batch of 500 items, 50 times."""
    draw = random.Random(5)
    task = json.dumps({**ECHO, "work": 5000}).encode()
    batch = Batch(jobs.Common(jobs.LINE, "en", task))
    body = ndjson(*[{"id": i, "answer": "yes" if i % 3 else "no"} for i in range(500)])
    work = [piece for chunk in chunks([body], batch) for piece in split(chunk.lines, 50)]

    def run(killed: int | None) -> bytes:
        """The answers; after so many of ten pieces, some worker is killed while the rest is being graded."""
        with ThreadPoolExecutor(3) as threads:
            pieces = [threads.submit(finish, pool, chunking.Chunk(lines), batch.common) for lines in work]
            if killed is not None:
                pieces[killed].result()
                workers = sorted(pool.all, key=lambda worker: worker.process.pid)
                os.kill(draw.choice(workers).process.pid, signal.SIGKILL)
            return b"\n".join([line for piece in pieces for line in piece.result()])

    undisturbed = run(None)
    assert [json.loads(line)["line"] for line in undisturbed.split(b"\n")] == list(range(1, 501))
    for _ in range(50):
        assert run(draw.randrange(9)) == undisturbed


def split(lines: Any, size: int) -> list[Any]:
    return [lines[start : start + size] for start in range(0, len(lines), size)]


# ---- memory, back pressure, clients that leave -----------------------------------------------------------------------


class Instant(Graders):
    """Answers at once, without a pool."""

    async def run(self, job: jobs.Job) -> list[bytes]:
        await asyncio.sleep(0)
        return [b'{"line":%d,"report":%s}' % (item.number, b"x" * 400) for item in job.items]


class Counted:
    """A body of many pieces, which counts how many were taken."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.taken = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        for _ in range(self.count):
            self.taken += 1
            yield b'{"answer": 1}\n' * 1000


def test_a_hundred_thousand_answers_in_little_memory() -> None:
    async def run() -> tuple[int, int]:
        lines = 0
        stream = Stream(Instant(2, 1), Batch(jobs.Common(jobs.LINE, "en")), Counted(100).pieces())
        tracemalloc.start()
        async for piece in stream.answers([]):
            lines += piece.count(b"\n")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return lines, peak

    lines, peak = asyncio.run(run())
    assert lines == 100_000
    assert peak < 4_000_000, "the answers are 40 MB"


def test_the_command_holds_as_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pool, "run", lambda self, job: [b"x" * 400 for _ in job.items])
    pieces = (b'{"answer": 1}\n' * 1000 for _ in range(100))
    tracemalloc.start()
    found = answered(pieces, Batch(jobs.Common(jobs.LINE, "en")), Pool(), 2, lambda common: None)
    assert sum(1 for _ in found) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def test_nothing_is_read_while_nothing_is_sent() -> None:
    async def run() -> int:
        body = Counted(1000)
        answers = Stream(Instant(2, 1), Batch(jobs.Common(jobs.LINE, "en")), body.pieces()).answers([])
        await anext(answers)
        for _ in range(500):
            await asyncio.sleep(0)
        taken = body.taken
        await answers.aclose()  # type: ignore[attr-defined]
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return taken

    assert asyncio.run(run()) <= 4


@pytest.mark.parametrize("leaves", ["while it sends", "while it reads"])
def test_a_client_that_leaves_leaves_nothing_behind(leaves: str) -> None:
    async def run() -> None:
        app = create_app(Settings())
        graders = app.state.graders = Instant(2, 64)
        messages: list[dict[str, Any]] = []
        body = Counted(50)
        pieces = body.pieces()

        async def receive() -> dict[str, Any]:
            if leaves == "while it sends" and body.taken == 10:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": await anext(pieces), "more_body": True}

        async def send(message: Any) -> None:
            messages.append(message)
            if leaves == "while it reads" and len(messages) == 5:
                raise OSError

        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/grade/batch", "raw_path": b"", "query_string": b"", "root_path": "",
            "headers": [(b"content-type", b"application/x-ndjson")], "http_version": "1.1", "scheme": "http",
            "client": None, "server": None, "state": {},
        }  # fmt: skip
        await app(scope, receive, send)
        assert messages[0]["status"] == 200
        assert body.taken < 50
        assert graders.batches == 0
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_what_breaks_on_our_side_ends_the_batch_with_a_line(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Instant):
        async def run(self, job: jobs.Job) -> list[bytes]:
            raise WorkerError("none")

    async def run() -> list[bytes]:
        stream = Stream(Broken(2, 1), Batch(jobs.Common(jobs.LINE, "en")), Counted(9).pieces())
        return [piece async for piece in stream.answers([])]

    (last,) = asyncio.run(run())
    assert json.loads(last)["error"]["code"] == "internal"
    assert "WorkerError" in caplog.text
