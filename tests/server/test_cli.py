import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.cli import main

SOURCE = "ln(x1) + x1*x2 - sin(x2)"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


class Shell:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        try:
            code = main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        captured = self.capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def wengert(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


TRACES: list[tuple[list[str], dict[str, Any]]] = [
    ([SOURCE, "x1=2", "x2=5"], {"source": SOURCE, "inputs": {"x1": 2, "x2": 5}, "pass": "reverse"}),
    (
        [SOURCE, "x1=2", "x2=5", "--pass", "forward", "--seed", "x1=1,x2=0.5"],
        {"source": SOURCE, "inputs": {"x1": 2, "x2": 5}, "pass": "forward", "seed": {"x1": 1, "x2": 0.5}},
    ),
    (
        ["--pass=adjoint_graph", "--wrt", "x", "x*y", "x=1", "--text", "zh", "y=-2.5"],
        {"source": "x*y", "inputs": {"x": 1, "y": -2.5}, "pass": "adjoint_graph", "wrt": ["x"], "text": "zh"},
    ),
    (
        ["x^3*y", "x=6", "y=2", "--pass=jacobian", "--option=mode=forward", "--option=gradient=true", "--option=of=x"],
        {
            "source": "x^3*y",
            "inputs": {"x": 6, "y": 2},
            "pass": "jacobian",
            "options": {"mode": "forward", "gradient": True, "of": ["x"]},
        },
    ),
    (
        ["x^3", "x=2", "--pass", "evaluate", "--option", "of=x,x"],
        {"source": "x^3", "inputs": {"x": 2}, "pass": "evaluate", "options": {"of": ["x", "x"]}},
    ),
    (["-x^2", "x=3", "--seed", "2"], {"source": "-x^2", "inputs": {"x": 3}, "pass": "reverse", "seed": 2}),
    (["ln(x)", "x=-1"], {"source": "ln(x)", "inputs": {"x": -1}, "pass": "reverse"}),
    (
        ["a = x*x\na*x", "x=3", "--output", "a"],
        {"source": "a = x*x\na*x", "inputs": {"x": 3}, "pass": "reverse", "output": "a"},
    ),
]


@pytest.mark.parametrize(("words", "body"), TRACES)
def test_trace_prints_what_the_api_sends(
    wengert: Shell, client: TestClient, words: list[str], body: dict[str, Any]
) -> None:
    code, out, err = wengert("trace", *words)
    assert (code, err) == (0, "")
    assert out.encode() == client.post("/api/v1/trace", json=body).content + b"\n"


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["x*y", "x=2", "y=3"], {"want": ["value", "gradient"]}),
        (["x*y", "x=2", "y=3", "--want", "hessian,jacobian"], {"want": ["hessian", "jacobian"]}),
        (
            ["x*y", "x=2", "y=3", "--jvp", "x=1,y=0", "--vjp", "2"],
            {"want": ["value", "gradient"], "jvp": {"x": 1, "y": 0}, "vjp": 2},
        ),
        (["x*y", "x=2", "y=3", "--wrt", "y"], {"want": ["value", "gradient"], "wrt": ["y"]}),
    ],
)
def test_derivatives_prints_what_the_api_sends(
    wengert: Shell, client: TestClient, words: list[str], body: dict[str, Any]
) -> None:
    code, out, _ = wengert("derivatives", *words)
    assert code == 0
    expected = client.post("/api/v1/derivatives", json={"source": "x*y", "inputs": {"x": 2, "y": 3}, **body})
    assert out.encode() == expected.content + b"\n"


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["where(x > 0, sqrt(x), 0)", "x=0"], {"source": "where(x > 0, sqrt(x), 0)", "inputs": {"x": 0}}),
        (
            ["a = x*y\na/x", "x=0", "y=3", "--wrt", "x", "--output", "a", "--of", "x", "--text", "zh"],
            {
                "source": "a = x*y\na/x",
                "inputs": {"x": 0, "y": 3},
                "wrt": ["x"],
                "output": "a",
                "of": ["x"],
                "text": "zh",
            },
        ),
    ],
)
def test_inspect_prints_what_the_api_sends(
    wengert: Shell, client: TestClient, words: list[str], body: dict[str, Any]
) -> None:
    code, out, err = wengert("inspect", *words)
    assert (code, err) == (0, "")
    assert out.encode() == client.post("/api/v1/inspect", json=body).content + b"\n"


def test_inspect_refuses_as_the_others_do(wengert: Shell) -> None:
    code, out, err = wengert("inspect", "ln x", "x=1")
    assert (code, out) == (2, "")
    assert err.startswith("error: “ln” is a function")


def test_pretty_is_the_same_json(wengert: Shell) -> None:
    _, plain, _ = wengert("derivatives", "x^2", "x=3")
    _, pretty, _ = wengert("derivatives", "x^2", "x=3", "--pretty")
    assert json.loads(pretty) == json.loads(plain)
    assert pretty.count("\n") > 3


def test_a_mistake_is_shown_where_it_is(wengert: Shell) -> None:
    code, out, err = wengert("trace", "1 + foo(x)", "x=2")
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert lines[0].startswith("error: ")
    assert lines[1] == "  1 + foo(x)"
    assert lines[2] == "      ^^^"


def test_the_line_of_a_program_is_shown(wengert: Shell) -> None:
    _, _, err = wengert("trace", "a = x\nb = a*foo(a)\nb", "x=2")
    assert err.splitlines()[1:3] == ["  b = a*foo(a)", "        ^^^"]


def test_carets_stand_under_wide_characters(wengert: Shell) -> None:
    _, _, err = wengert("trace", "（x）+foo(x)", "x=2")
    assert err.splitlines()[1:3] == ["  （x）+foo(x)", "        ^^^"]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (["--lang", "zh", "trace", "foo(x)"], "错误："),
        (["trace", "foo(x)", "--lang", "zh"], "错误："),
        (["trace", "foo(x)", "--lang=zh"], "错误："),
        (["trace", "foo(x)"], "error:"),
    ],
)
def test_the_language_is_chosen(wengert: Shell, words: list[str], start: str) -> None:
    code, _, err = wengert(*words)
    assert code == 2
    assert err.startswith(start)


def test_the_language_of_the_environment(wengert: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert wengert("trace", "foo(x)")[2].startswith("错误：")
    monkeypatch.setenv("LC_ALL", "C")
    assert wengert("trace", "foo(x)")[2].startswith("error:")


@pytest.mark.parametrize(
    "words",
    [
        [], ["nothing"], ["trace"], ["trace", "x", "x"], ["trace", "x", "x=one"], ["trace", "x", "=1"],
        ["trace", "x", "x=1", "--nope"], ["trace", "x"], ["trace", "x", "x=nan"],
        ["trace", "x", "x=1", "--pass", "nope"],
        ["trace", "x", "x=1", "--seed", "a=b"], ["trace", "x", "x=1", "--option", "of"],
        ["trace", "x", "x=1", "--text", "fr"], ["trace", "x", "--lang", "fr"],
        ["derivatives", "x", "x=1", "--want", "nope"], ["derivatives", "x", "x=1", "--vjp", "one"],
        ["derivatives", "x", "x=1", "--jvp", "1"],
        ["serve", "--port", "70000"], ["serve", "--port", "x"], ["serve", "--host", "256.0.0.1"],
    ],
)  # fmt: skip
def test_what_cannot_be_done_ends_with_2(wengert: Shell, words: list[str]) -> None:
    code, out, err = wengert(*words)
    assert code == 2
    assert out == ""
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words", [["--help"], ["trace", "--help"], ["derivatives", "--help"], ["serve", "--help"], ["--version"]]
)
def test_help(wengert: Shell, words: list[str]) -> None:
    code, out, _ = wengert(*words)
    assert code == 0
    assert "wengert" in out


def test_a_bad_setting_is_named(wengert: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGERT_THREADS", "many")
    code, _, err = wengert("serve", "--no-open")
    assert code == 2
    assert "WENGERT_THREADS" in err
