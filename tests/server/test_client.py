"""The client in one file: against a real server, in a doctest as Otter runs it, in an interpreter that has nothing else."""

import ast
import doctest
import http.client
import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn

from server.app import create_app
from server.client import CLIENT
from server.formats import FORMATS, About, Item
from server.locale import catalogue

TASK = {"kind": "derivative", "source": "x^2 sin(3x)", "wrt": "x", "points": 4}
RIGHT, SLIP = "2x sin(3x) + 3x^2 cos(3x)", "2x sin(3x) + x^2 cos(3x)"
GRADIENT = {"kind": "gradient", "source": "x^2 y", "points": 3}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield "http://{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def client() -> Any:
    spec = spec_from_file_location("wengert_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_imports_nothing_but_the_standard_library() -> None:
    names = set()
    for node in ast.walk(ast.parse(CLIENT.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    assert names <= sys.stdlib_module_names


def test_an_answer_is_checked_in_one_line(client: Any, url: str) -> None:
    assert repr(client.check(TASK, RIGHT, url=url)) == "correct"
    assert repr(client.check(TASK, SLIP, url=url)) == "incorrect"
    assert repr(client.check(TASK, "2x +", url=url)) == "malformed"
    assert repr(client.check(GRADIENT, {"x": "2x y", "y": "1"}, url=url)) == "partial 1.5/3"
    assert client.score(TASK, RIGHT, url=url) == 4.0
    assert client.score(GRADIENT, {"x": "2x y", "y": "1"}, url=url) == 1.5


def test_the_report_is_the_apis_and_speaks_the_language_asked_for(client: Any, url: str) -> None:
    report = client.Wengert(url, language="zh", help="full").grade(TASK, SLIP)
    assert report["diagnosis"][0]["mistake"] == "forgot_inner"
    assert "内层" in report["feedback"]
    assert not report.correct
    assert client.Wengert(url, help="none").grade(TASK, SLIP).get("diagnosis") is None


def test_many_answers_come_back_in_order(client: Any, url: str) -> None:
    lines = [{"id": k, "task": TASK, "answer": RIGHT if k % 3 else SLIP} for k in range(1234)]
    found = list(client.Wengert(url).grade_many(iter(lines)))
    assert [report.correct for report in found] == [bool(k % 3) for k in range(1234)]


def test_a_wrong_task_is_an_error_with_code_place_and_hint(client: Any, url: str) -> None:
    with pytest.raises(client.WengertError) as refused:
        client.check({**TASK, "source": "x^2 +"}, "1", url=url)
    assert refused.value.code == "unexpected_end"
    assert refused.value.span == {"start": 4, "end": 5}
    with pytest.raises(client.WengertError) as unknown:
        client.Wengert(url).ask("derivatives", source="x", inputs={"x": 1}, want=["gradients"])
    assert unknown.value.code == "bad_want"


def test_the_rest_of_the_api_takes_arrays_of_any_library(client: Any, url: str) -> None:
    found = client.Wengert(url).ask(
        "derivatives", source="sum(A @ x)", inputs={"A": np.eye(2), "x": np.float64(1) * np.ones(2)}, want=["gradient"]
    )
    assert found["gradient"]["x"] == [1.0, 1.0]
    assert client.plain({"a": (np.nan, -np.inf), 3: np.arange(2)}) == {"a": ["NaN", "-Infinity"], "3": [0, 1]}


def test_a_busy_server_is_asked_again_and_a_missing_one_is_named(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Busy(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            body = b'{"line":1,"report":{"verdict":"correct","points":1.0}}\n'
            self.send_response(200 if len(asked) > 2 else 503)
            self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(body if len(asked) > 2 else b"{}")

        def log_message(self, *_: Any) -> None:
            pass

    pauses: list[float] = []
    monkeypatch.setattr(client.time, "sleep", pauses.append)
    with http.server.HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever).start()
        assert client.score(TASK, RIGHT, url=f"http://127.0.0.1:{server.server_port}") == 1.0
        server.shutdown()
    assert (asked, pauses) == (["/api/v1/grade/batch"] * 3, [7.0, 7.0])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(client.WengertError, match=f"127.0.0.1:{port}") as gone:
        client.check(TASK, RIGHT, url=f"http://127.0.0.1:{port}")
    assert gone.value.code == "unreachable"
    assert len(pauses) == 2 + client.TRIES - 1


def test_otters_cases_pass_in_a_notebook_with_right_answers(
    client: Any, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "wengert_client", client)
    monkeypatch.setenv("WENGERT_URL", url)
    items = [Item("q1", About(), None, TASK), Item("q2", About(), None, GRADIENT)]
    space: dict[str, Any] = {}
    exec(b"".join(FORMATS["otter"].write(items, catalogue("en"))), space)  # noqa: S102  # as Otter does
    for q2, failed in (({"x": "2x y", "y": "x²"}, 0), ({"x": "2x y", "y": "x"}, 1)):
        code = "\n".join([case["code"] for case in space["test"]["suites"][0]["cases"]])
        case = doctest.DocTestParser().get_doctest(code, {"q1": RIGHT, "q2": q2}, "q", None, 0)
        runner = doctest.DocTestRunner(verbose=False)
        assert runner.run(case, out=lambda _: None).failed == failed


def test_an_nbgrader_cell_writes_nothing_but_its_points(url: str, tmp_path: Path) -> None:
    (tmp_path / "wengert_client.py").write_bytes(CLIENT.read_bytes())
    cell = f"from wengert_client import score\nprint(score({TASK!r}, {RIGHT!r}))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, '.')\n{cell}"],
        cwd=tmp_path,
        env={"WENGERT_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("4.0\n", "")


def test_the_server_hands_it_out(url: str) -> None:
    connection = http.client.HTTPConnection(url.removeprefix("http://"))
    connection.request("GET", "/client/wengert_client.py")
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/x-python; charset=utf-8"
    assert response.read() == CLIENT.read_bytes()
    connection.close()


def test_without_a_server_the_command_grades(client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WENGERT_URL", raising=False)
    command = [sys.executable, "-m", "server"]
    found = list(
        client.Wengert(command=command, timeout=300).grade_many(
            [{"task": TASK, "answer": RIGHT}, {"task": TASK, "answer": SLIP}]
        )
    )
    assert [report["verdict"] for report in found] == ["correct", "incorrect"]
    assert json.dumps(found[1]["diagnosis"][0]["mistake"]) == '"forgot_inner"'
