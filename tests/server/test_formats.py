"""What other systems read, against the fields that they document."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from engine.grading.records import Cell, Diagnosis, Report
from server.cli import main
from server.formats import FORMATS, About, Item, submissions
from server.locale import catalogue
from server.version import version

TASK = {"kind": "derivative", "source": "x^2", "wrt": "x", "points": 2.0}
GRADESCOPE = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "leaderboard", "tests",
}  # fmt: skip
GRADESCOPE_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip
PRAIRIELEARN = {"gradable", "format_errors", "score", "message", "output", "images", "tests"}
PRAIRIELEARN_TEST = {"name", "description", "points", "max_points", "message", "output", "images"}
CODERUNNER = {
    "fraction", "prologuehtml", "epiloguehtml", "instructorhtml", "testresults", "columnformats", "showoutputonly",
    "showdifferences", "graderstate", "files",
}  # fmt: skip
NBGRADER = (
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,"
    "max_score"
)


def report(verdict: str, score: float, points: float = 2.0, said: str = "") -> Report:
    cells = [Cell("answer", "correct" if score == 1 else "incorrect", score)]
    found = [Diagnosis("forgot_inner", "answer", "chain rule", said)] if said else []
    return Report(
        "derivative", verdict, score, score * points, points, verdict != "malformed", said or verdict, cells, found
    )


def items(**changed: Any) -> list[Item]:
    return [
        Item("q1", About(name="Chain rule", user="ada", assignment="hw1"), report("correct", 1.0), TASK),
        Item("q2", About(user="ada", tags=("week 2",)), report("partial", 0.25, 4.0, "Look <again> at x."), TASK),
        Item("q3", About(user="ada", visibility="after_published"), report("incorrect", 0.0), TASK),
    ]


def unreadable() -> list[Item]:
    return [*items(), Item("q4", About(user="ada"), report("malformed", 0.0, said="2 is missing a bracket."), TASK)]


def written(name: str, given: list[Item], language: str = "en") -> str:
    return b"".join(FORMATS[name].write(given, catalogue(language))).decode()


def test_the_neutral_report_sums_up_one_student() -> None:
    (found,) = submissions(items(), "1.2.3")
    assert (found.score, found.max_score, found.fraction) == (3.0, 8.0, 0.375)
    assert found.user == "ada"
    assert found.gradable
    assert [(test.number, test.name, test.status) for test in found.tests] == [
        ("1", "Chain rule", "correct"), ("2", "q2", "partial"), ("3", "q3", "incorrect"),
    ]  # fmt: skip
    assert found.tests[1].extra == {
        "kind": "derivative", "verdict": "partial", "mistakes": ["forgot_inner"], "cells": {"answer": "incorrect"},
    }  # fmt: skip


def test_students_come_one_after_the_other() -> None:
    given = [*items(), Item("q1", About(user="grace"), report("correct", 1.0), TASK)]
    assert [(found.user, found.score) for found in submissions(given, "1")] == [("ada", 3.0), ("grace", 2.0)]
    lines = [json.loads(line) for line in written("neutral", given).splitlines()]
    assert [line["user"] for line in lines] == ["ada", "grace"]
    assert lines[0]["grader"] == {"name": "wengert", "version": version()}


def test_what_could_not_be_graded_earns_nothing_and_says_so() -> None:
    failed = Item("q9", About(user="ada"), None, TASK, "The worker failed.")
    (found,) = submissions([*items(), failed], "1")
    assert (found.tests[3].status, found.tests[3].score, found.tests[3].max_score) == ("error", 0.0, 2.0)
    assert found.tests[3].output == "The worker failed."
    assert found.max_score == 10.0


def test_gradescope() -> None:
    found = json.loads(written("gradescope", items()))
    assert found.keys() <= GRADESCOPE
    assert "score" not in found, "it would override the sum of the tests"
    assert all(test.keys() <= GRADESCOPE_TEST for test in found["tests"])
    assert [(test["score"], test["max_score"], test["status"]) for test in found["tests"]] == [
        (2.0, 2.0, "passed"), (1.0, 4.0, "failed"), (0.0, 2.0, "failed"),
    ]  # fmt: skip
    assert [test["number"] for test in found["tests"]] == ["1", "2", "3"], "texts, as documented"
    assert [test["visibility"] for test in found["tests"]] == ["visible", "visible", "after_published"]
    assert found["tests"][1]["tags"] == ["week 2"]
    assert {found["visibility"], found["stdout_visibility"]} <= {
        "hidden", "after_due_date", "after_published", "visible",
    }  # fmt: skip


def test_prairielearn() -> None:
    found = json.loads(written("prairielearn", items()))
    assert found.keys() <= PRAIRIELEARN
    assert found["gradable"] is True
    assert 0.0 <= found["score"] <= 1.0
    assert found["score"] == 0.375
    assert all(test.keys() <= PRAIRIELEARN_TEST for test in found["tests"])
    assert [test["name"] for test in found["tests"]] == ["Chain rule", "q2"], "what is hidden is not sent"


def test_prairielearn_takes_no_attempt_for_an_answer_that_cannot_be_read() -> None:
    found = json.loads(written("prairielearn", unreadable()))
    assert found == {"gradable": False, "format_errors": ["q4: 2 is missing a bracket."]}


@pytest.mark.parametrize(("language", "head"), [("en", "Question"), ("zh", "题目")])
def test_coderunner(language: str, head: str) -> None:
    text = written("coderunner", items(), language)
    assert text.count("\n") == 1, "nothing else on standard output"
    found = json.loads(text)
    assert found.keys() <= CODERUNNER
    assert found["fraction"] == 0.375
    first, *rows = found["testresults"]
    assert first[:3] == ["iscorrect", "ishidden", head]
    assert len(found["columnformats"]) == len(first) - 2, "one for each column but the special ones"
    assert set(found["columnformats"]) == {"%s"}, "escaped text: an answer may hold < and >"
    assert [row[:2] for row in rows] == [[True, False], [False, False], [False, True]]
    assert rows[1][4:] == ["1/4", "Look <again> at x."]


def test_nbgraders_export_has_a_line_for_each_student() -> None:
    given = [*items(), Item("q1", About(user='o"hara, jr'), report("correct", 1.0), TASK)]
    text = written("nbgrader", given)
    assert text.splitlines()[0] == NBGRADER
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["student_id"], row["score"], row["max_score"]) for row in rows] == [
        ("ada", "3.0", "8.0"), ('o"hara, jr', "2.0", "2.0"),
    ]  # fmt: skip
    assert rows[0]["assignment"] == "hw1"


def ok_test(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(text, space)  # noqa: S102  # as Otter does with its test files
    assert space["OK_FORMAT"] is True
    found: dict[str, Any] = space["test"]
    return found


def test_otters_test_file_is_in_ok_format() -> None:
    found = ok_test(written("otter", items()))
    assert found.keys() == {"name", "points", "suites"}
    assert (found["name"], found["points"]) == ("hw1", 6.0)
    (suite,) = found["suites"]
    assert suite.keys() == {"cases", "scored", "setup", "teardown", "type"}
    assert suite["type"] == "doctest"
    assert [case.keys() for case in suite["cases"]] == [{"code", "hidden", "locked"}] * 3
    assert [case["hidden"] for case in suite["cases"]] == [False, False, True]


@pytest.fixture
def lines() -> list[str]:
    return [
        line for case in ok_test(written("otter", items()))["suites"][0]["cases"] for line in case["code"].splitlines()
    ]


def test_an_otter_case_hands_the_variable_of_its_name_to_the_client(lines: list[str]) -> None:
    assert lines[:3] == [
        ">>> from wengert_client import check",
        '>>> check(\'{"kind":"derivative","source":"x^2","wrt":"x","points":2.0}\', q1)',
        "correct",
    ]


# ---- wengert grade --format ----

LINES = [
    {"id": "q1", "task": TASK, "answer": "2x", "about": {"user": "ada", "name": "Chain rule", "assignment": "hw1"}},
    {"id": "q2", "task": TASK, "answer": "x", "about": {"user": "ada"}},
    {"id": "q3", "task": TASK, "answer": "2x +", "about": {"user": "ada", "visibility": "hidden"}},
]


def command(given: list[dict[str, Any]], tmp_path: Path, *options: str) -> tuple[int, bytes]:
    source, target = tmp_path / "answers.ndjson", tmp_path / "out"
    source.write_text("".join([json.dumps(line) + "\n" for line in given]))
    code = main(["grade", str(source), "--out", str(target), "--jobs", "1", *options])
    return code, target.read_bytes()


def test_the_command_writes_each_format(tmp_path: Path) -> None:
    found = {name: command(LINES, tmp_path, "--format", name) for name in FORMATS}
    assert {code for code, _ in found.values()} == {0}
    neutral = json.loads(found["neutral"][1])
    assert [(test["id"], test["status"], test["score"]) for test in neutral["tests"]] == [
        ("q1", "correct", 2.0), ("q2", "incorrect", 0.0), ("q3", "malformed", 0.0),
    ]  # fmt: skip
    assert (neutral["user"], neutral["gradable"]) == ("ada", False)
    tests = json.loads(found["gradescope"][1])["tests"]
    assert [test["name"] for test in tests] == ["Chain rule", "q2", "q3"]
    assert tests[2]["visibility"] == "hidden"
    assert json.loads(found["prairielearn"][1])["gradable"] is False
    assert json.loads(found["coderunner"][1])["fraction"] == pytest.approx(1 / 3)
    assert b"hw1,,,ada" in found["nbgrader"][1]
    assert ok_test(found["otter"][1].decode())["suites"][0]["cases"][1]["code"].endswith(", q2)\ncorrect")


def test_a_format_for_one_student_refuses_a_second(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [*LINES, {**LINES[0], "about": {"user": "grace"}}]
    assert command(given, tmp_path, "--format", "gradescope")[0] == 2
    assert "grace" in capsys.readouterr().err
    code, text = command(given, tmp_path, "--format", "nbgrader")
    assert (code, text.count(b"\n")) == (0, 3)


def test_what_a_line_says_about_itself_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [{**LINES[0], "about": {"visibility": "sometimes"}}]
    assert command(given, tmp_path, "--format", "gradescope")[0] == 2
    assert "$.about" in capsys.readouterr().err


def test_what_is_written_for_others_is_not_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").touch()
    assert command(LINES, tmp_path, "--format", "neutral", "--resume")[0] == 2
    assert "--out" in capsys.readouterr().err


def test_a_task_in_common_is_every_lines(tmp_path: Path) -> None:
    given = [{"task": TASK}, {"answer": "2x"}, {"answer": "x", "task": {**TASK, "points": 6}}]
    (found,) = [json.loads(line) for line in command(given, tmp_path, "--format", "neutral")[1].splitlines()]
    assert [(test["id"], test["score"], test["max_score"]) for test in found["tests"]] == [
        ("q2", 2.0, 2.0),
        ("q3", 0.0, 6.0),
    ]
