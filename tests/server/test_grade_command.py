"""`wengert grade`: one answer to read, many in order, and an output that was cut off anywhere is gone on with."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from server.cli import main
from server.grading import jobs
from server.grading.pool import Pool

TASK = {"kind": "order", "source": "x*y + sin(x)"}
ROWS: list[Any] = [{"task": TASK}]
ROWS += [
    {"id": f"s{i}", "answer": "v1, v2, v3" if i % 2 else "v3, v2, v1", "about": {"user": "学生"}} for i in range(9)
]
ROWS[4:4] = ["", "nonsense"]


class Shell:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def wengert(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return Shell(capsys)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.ndjson"
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in ROWS) + "\n", encoding="utf-8"
    )
    return path


def test_one_answer_is_told_in_words(wengert: Shell) -> None:
    code, out, err = wengert(
        "grade", "--task", json.dumps({**TASK, "points": 2}), "--answer", "v3, v2, v1", "--help-level", "full"
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Not correct."
    assert "Points: 0 of 2" in out
    assert "v1->v3  wrong" in out
    assert 'A right answer: ["v1","v2","v3"]' in out
    chinese = wengert("grade", "--lang", "zh", "--task", json.dumps(TASK), "--answer", '["v1", "v2", "v3"]')
    assert chinese == (0, "正确。\n得分：1 / 1\n  v1->v3  正确\n  v2->v3  正确\n", "")


def test_one_answer_as_json_is_the_report(wengert: Shell, tmp_path: Path) -> None:
    file = tmp_path / "task.json"
    file.write_text(json.dumps(TASK))
    code, out, _ = wengert("grade", "--task", file, "--answer", "v1, v2, v3", "--json")
    assert code == 0
    assert json.loads(out)["verdict"] == "correct"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--answer"), (["--answer", "x"], "--task"), (["a.ndjson", "--answer", "x", "--task", "{}"], "--task"),
        (["no-such-file"], "no-such-file"), (["-", "--resume"], "--out"), (["--task", "{}", "--answer", "x"], "kind"),
        (["--task", '{"kind": "order", "source": "x + foo(y)"}', "--answer", "x"], "      ^^^"),
        (["--task", '{"kind": "order", "source": "x +"}', "-"], "after"), (["-", "--jobs", "0"], "jobs"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(
    wengert: Shell, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"answer": "v1"}\n')))
    code, out, err = wengert("grade", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_many_answers_come_out_in_order(wengert: Shell, answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    code, printed, err = wengert("grade", answers, "--out", out, "--jobs", 2, "--progress")
    assert (code, printed) == (1, "")
    assert err.splitlines()[-1].startswith("10 graded, ")
    assert err.rstrip().endswith("correct 4, not correct 5, not graded 1")
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["line"] for line in found] == [2, 3, 4, 6, 7, 8, 9, 10, 11, 12]
    assert [line["line"] for line in found if "error" in line] == [6]


def test_it_goes_on_where_it_was_cut_off(
    wengert: Shell, answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_file, out = tmp_path / "whole.ndjson", tmp_path / "out.ndjson"
    assert wengert("grade", answers, "--out", whole_file)[0] == 1
    whole = whole_file.read_bytes()
    ends = [place + 1 for place, byte in enumerate(whole) if byte == 10]
    cuts = {
        0: 0,
        1: 0,
        ends[0] - 1: 0,
        ends[0]: 1,
        ends[0] + 1: 1,
        ends[4] - 1: 4,
        ends[4]: 5,
        ends[7] + 9: 8,
        len(whole): 10,
    }
    graded: list[int] = []
    run = Pool.run

    def counting(self: Pool, job: jobs.Job) -> list[bytes]:
        found = run(self, job)
        graded.extend(item.number for item in job.items[: len(found)])
        return found

    monkeypatch.setattr(Pool, "run", counting)
    for cut, kept in cuts.items():
        graded.clear()
        out.write_bytes(whole[:cut])
        wengert("grade", answers, "--out", out, "--resume")
        assert out.read_bytes() == whole, cut
        assert sorted(graded) == [2, 3, 4, 6, 7, 8, 9, 10, 11, 12][kept:], cut
    out.unlink()
    wengert("grade", answers, "--out", out, "--resume")
    assert out.read_bytes() == whole, "there was nothing yet"


def test_a_long_last_line_is_found(wengert: Shell, tmp_path: Path) -> None:
    answers, out = tmp_path / "answers.ndjson", tmp_path / "out.ndjson"
    answers.write_text("\n".join(json.dumps({"id": "i" * 200_000, "task": TASK, "answer": "v1"}) for _ in range(3)))
    wengert("grade", answers, "--out", out)
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) - 70_000])
    wengert("grade", answers, "--out", out, "--resume")
    assert out.read_bytes() == whole


def test_another_programs_file_is_left_alone(wengert: Shell, answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "notes.txt"
    out.write_text("my notes\nand more\n")
    code, _, err = wengert("grade", answers, "--out", out, "--resume")
    assert code == 2
    assert "notes.txt" in err
    assert out.read_text() == "my notes\nand more\n"
