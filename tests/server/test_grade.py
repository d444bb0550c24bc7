"""One answer over HTTP: what the report carries, what is refused, and that the same request has the same bytes."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.grading import KINDS, prepare
from engine.grading.draw import Draw
from server.locale import LOCALES
from server.version import version
from tests.server.conftest import Post

TASK = {"kind": "order", "source": "x*y + sin(x)"}
DRAWN = [(kind, seed) for kind in KINDS for seed in (0, 5)]


def test_a_right_answer_and_a_wrong_one(post: Post) -> None:
    right = post("grade", task={**TASK, "points": 4}, answer="v2, v1, v3")
    assert (right["verdict"], right["score"], right["points"], right["max_points"]) == ("correct", 1.0, 4.0, 4.0)
    wrong = post("grade", task=TASK, answer="v3, v2, v1", help="full")
    assert (wrong["verdict"], wrong["gradable"], wrong["model"]) == ("incorrect", True, ["v1", "v2", "v3"])
    assert wrong["grader"] == version()


def test_what_cannot_be_read_is_a_verdict(post: Post) -> None:
    report = post("grade", task=TASK, answer={"no": "list"})
    assert (report["verdict"], report["gradable"]) == ("malformed", False)
    assert report["error"]["message"]


def test_the_id_of_a_task_is_that_of_its_meaning(post: Post) -> None:
    same = [{"source": "x*y + sin(x)", "kind": "order"}, {**TASK, "points": 1}, {**TASK, "direction": "topological"}]
    ids = [post("grade", task=task, answer="v1")["task"] for task in [TASK, *same]]
    assert len(set(ids)) == 1
    assert post("grade", task={**TASK, "points": 2}, answer="v1")["task"] != ids[0]
    assert post("task", task=TASK)["id"] == ids[0]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_language_is_that_of_text_or_else_of_the_header(client: TestClient, post: Post, locale: str) -> None:
    body = {"task": TASK, "answer": "v3, v2, v1"}
    by_header = client.post("/api/v1/grade", json=body, headers={"Accept-Language": locale})
    by_text = client.post("/api/v1/grade", json={**body, "text": locale}, headers={"Accept-Language": "en, zh;q=0.5"})
    assert by_header.content == by_text.content
    assert ("正确" in by_text.text) == (locale == "zh")
    refused = client.post("/api/v1/grade", json={"task": {**TASK, "source": "x +"}, "answer": 1, "text": locale})
    assert ("公式" in refused.json()["message"]) == (locale == "zh")


def test_the_same_request_has_the_same_bytes(client: TestClient) -> None:
    body = {"task": TASK, "answer": "v3, v1, v2", "help": "full"}
    assert len({client.post("/api/v1/grade", json=body).content for _ in range(5)}) == 1


REFUSED: list[tuple[Any, str, str | None]] = [
    ({"task": {"kind": "nope"}, "answer": 1}, "unknown_kind", "$.task.kind"),
    ({"task": {"source": "x"}, "answer": 1}, "missing_field", "$.task"),
    ({"task": {"kind": "order"}, "answer": 1}, "missing_field", "$.task"),
    ({"task": {**TASK, "sauce": 1}, "answer": 1}, "unknown_field", "$.task"),
    ({"task": {**TASK, "source": 1}, "answer": 1}, "wrong_type", "$.task.source"),
    ({"task": {**TASK, "points": True}, "answer": 1}, "wrong_type", "$.task.points"),
    ({"task": {**TASK, "direction": "up"}, "answer": 1}, "wrong_value", "$.task.direction"),
    ({"task": {**TASK, "source": "x + (y"}, "answer": 1}, "unclosed_bracket", "$.task"),
    ({"task": "order", "answer": 1}, "wrong_type", "$.task"),
    ({"task": None, "answer": 1}, "wrong_type", "$.task"),
    ({"task": TASK}, "missing_field", "$"),
    ({"answer": 1}, "missing_field", "$"),
    ({"task": TASK, "answer": 1, "help": "more"}, "wrong_value", "$.help"),
    ({"task": TASK, "answer": 1, "text": "fr"}, "wrong_value", "$.text"),
    ({"task": TASK, "answer": 1, "id": "s1"}, "unknown_field", "$"),
    ([], "wrong_type", "$"),
]


@pytest.mark.parametrize(("body", "code", "path"), REFUSED, ids=[json.dumps(body) for body, _, _ in REFUSED])
def test_a_mistake_in_the_task_is_a_refusal(client: TestClient, body: Any, code: str, path: str) -> None:
    answer = client.post("/api/v1/grade", json=body)
    assert answer.status_code == 422
    found = answer.json()
    assert (found["code"], found.get("path")) == (code, path)
    assert set(found) == {"code", "message", "span", "hint", "path"}
    if code in ("unknown_kind", "unknown_field"):
        known = (
            KINDS if code == "unknown_kind" else ("points", "source", "direction") if "task" in path else ("answer",)
        )
        assert all(name in found["message"] for name in known)


def test_the_place_in_the_tasks_source_is_told(client: TestClient) -> None:
    found = client.post("/api/v1/grade", json={"task": {**TASK, "source": "1 + foo(x)"}, "answer": 1}).json()
    assert (found["code"], found["span"]) == ("unknown_function", {"start": 4, "end": 7})


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{", "application/json", 400), (b"\xff", "application/json", 400), (b"[" * 40, "application/json", 400),
        (b"{}", "text/plain", 415), (b" " * (1 << 20) + b"{}", "application/json", 413),
        (b"NaN", "application/json", 400),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["grade", "task", "task/draw"])
def test_what_is_no_request(client: TestClient, path: str, content: bytes, media: str, status: int) -> None:
    answer = client.post(f"/api/v1/{path}", content=content, headers={"content-type": media})
    assert answer.status_code == status


@pytest.mark.parametrize(("kind", "seed"), DRAWN)
def test_a_task_is_drawn_shown_and_its_submissions_get_what_they_must(post: Post, kind: str, seed: int) -> None:
    drawn = post("task/draw", kind=kind, seed=seed)
    assert drawn == post("task/draw", kind=kind, seed=seed)
    shown = post("task", task=drawn["task"], text="zh")
    assert (shown["id"], shown["task"]) == (drawn["id"], drawn["task"])
    assert shown["statement"]
    assert all(share["about"] for share in shown["scheme"])
    assert sum(share["weight"] for share in shown["scheme"]) > 0
    assert post("grade", task=drawn["task"], answer=shown["model"])["verdict"] == "correct"
    for submission in shown["submissions"][:6]:
        report = post("grade", task=drawn["task"], answer=submission["answer"], help="full")
        assert (report["verdict"], report["score"]) == (submission["verdict"], pytest.approx(submission["score"]))


def test_the_kinds_are_listed_with_a_right_answer(client: TestClient, post: Post) -> None:
    kinds = client.get("/api/v1/task-kinds").json()["kinds"]
    assert [row["kind"] for row in kinds] == list(KINDS)
    for row in kinds:
        assert row["schema"]["$defs"]
        assert post("grade", task=row["task"], answer=row["answer"])["verdict"] == "correct"


def test_a_kind_that_there_is_not_cannot_be_drawn(client: TestClient) -> None:
    answer = client.post("/api/v1/task/draw", json={"kind": "nope", "seed": 1})
    assert (answer.status_code, answer.json()["code"], answer.json()["path"]) == (422, "unknown_kind", "$.kind")


def test_a_report_is_that_of_the_engine(post: Post) -> None:
    task = KINDS["order"].variant(Draw(3))
    exercise = prepare(task)
    sent = post("task/draw", kind="order", seed=3)["task"]
    for submission in exercise.submissions():
        answer = json.loads(json.dumps(submission.answer))
        report = post("grade", task=sent, answer=answer)
        assert (report["verdict"], report["score"]) == (submission.verdict, pytest.approx(submission.score))
