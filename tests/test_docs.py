"""What the documents say is so: every name is there, every link leads somewhere, every example gives what is shown."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from docs import make
from engine import limits
from engine.errors import CODES
from engine.events import EVENTS, Event
from engine.grading.slips import SLIPS
from engine.passes import PASSES
from engine.primitive import REGISTRY
from server.app import create_app
from server.assets import Entry
from server.cli import COMMANDS, main
from server.errors import STATUS
from server.locale import catalogue
from server.settings import Settings
from server.version import version

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
RELEASE = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
COMMAND = re.compile(r"^\$ ((?:[^'\n]|'[^']*')*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
"""A command, over several lines where a quoted word is, and what it prints."""


@cache
def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)


def prose(page: str) -> str:
    return re.sub(r"^```.*?^```$", "", text(page), flags=re.MULTILINE | re.DOTALL)


def cells(page: str, first: str) -> list[list[str]]:
    """The rows of the table whose head starts with `first`, a list of cells each."""
    lines = text(page).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def names(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


# ---- every name is documented ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", make.PAGES)
def test_a_page_that_is_made_is_up_to_date(page: str) -> None:
    assert text(f"docs/{page}") == make.PAGES[page](), "run: python -m docs.make"


def test_every_operation_has_a_row() -> None:
    rows = [names(line.split("|")[1])[0] for line in text("docs/ops.md").splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(REGISTRY)


@pytest.mark.parametrize(("page", "head"), [("README.md", "pass"), ("README.zh-CN.md", "过程")])
def test_every_pass_has_a_row(page: str, head: str) -> None:
    assert [names(row[0])[0] for row in cells(page, head)] == list(PASSES)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__struct_config__.tag)
def test_every_event_has_a_row_with_its_fields(event: type[Event]) -> None:
    rows = {names(row[0])[0]: row for row in cells("docs/trace.md", "kind")}
    listed = re.sub(r"\(.*?\)", "", rows[event.__struct_config__.tag][1]).split(", ")  # type: ignore[index]
    sent = [
        field.encode_name if field.required else f"{field.encode_name}?"
        for field in msgspec.structs.fields(event)
        if field.name != "line"
    ]
    assert [name.strip() for name in listed] == sent


def test_every_error_code_has_a_row() -> None:
    assert sorted(names(row[0])[0] for row in cells("docs/errors.md", "code")) == sorted({*CODES, *STATUS})


def test_every_misremembered_rule_is_written_down_under_a_name_with_a_title() -> None:
    rules = cells("docs/mistakes.md", "mistake")
    assert [names(name)[0] for name, _ in rules] == [slip.name for slip in SLIPS]
    assert all("'" in rule for _, rule in rules), "a rule for a derivative"
    assert {names(name)[0] for name, _ in rules} <= {
        key.split(".")[1] for key in catalogue("en").messages if key.startswith("mistake.") and key.endswith(".title")
    }


@pytest.mark.parametrize(("page", "head"), [("README.md", "limit"), ("README.zh-CN.md", "限制")])
def test_every_limit_has_a_row(page: str, head: str) -> None:
    assert {names(row[0])[0]: int(row[1]) for row in cells(page, head)} == limits.published()


@pytest.mark.parametrize(("page", "head"), [("README.md", "variable"), ("README.zh-CN.md", "变量")])
def test_every_setting_has_a_row(page: str, head: str) -> None:
    rows = {names(row[0])[0]: names(row[1])[0] for row in cells(page, head)}
    assert rows == {f"WENGERT_{field.name.upper()}": str(field.default) for field in fields(Settings)}


@pytest.mark.parametrize("page", READMES)
def test_every_route_has_an_example(page: str) -> None:
    document = msgspec.json.decode(create_app().state.openapi)
    asked = {called(command)[0] for command, _ in examples(page) if command.startswith("curl")}
    assert asked == set(document["paths"])


def test_every_route_is_in_the_documentation_of_the_api() -> None:
    document = msgspec.json.decode(create_app().state.openapi)
    assert [path for path in document["paths"] if path.removeprefix("/api/v1") not in text("docs/api.md")] == []


@pytest.mark.parametrize("page", READMES)
def test_every_command_is_mentioned(page: str) -> None:
    assert [name for name in COMMANDS if f"wengert {name}" not in text(page)] == []


# ---- links and places ------------------------------------------------------------------------------------------------


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target.resolve().relative_to(ROOT).as_posix())):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    place = re.compile(r"(?:engine|server|static|templates|tests|docs)/[\w./-]+")
    named = [name for name in names(prose(page)) if place.fullmatch(name) and not name.startswith("static/dist")]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_machine(page: str) -> None:
    assert re.findall(r"/home/|/root/|/work/|/Users/|pypi\.|npmjs|jsdelivr|unpkg", text(page)) == []


# ---- the examples of the READMEs -------------------------------------------------------------------------------------


def examples(page: str) -> list[tuple[str, str]]:
    """Commands and what they print."""
    found = [pair for block in blocks(page, "console") for pair in COMMAND.findall(block)]
    assert found, page
    return found


def shown(expected: str, printed: str) -> bool:
    """Whether `printed` is what is shown, where … stands for anything."""
    parts = (re.escape(part) for part in expected.replace(f'"{RELEASE}"', f'"{version()}"').strip().split("…"))
    return re.fullmatch(".*".join(parts), printed.strip(), re.DOTALL) is not None


def called(command: str) -> tuple[str, dict[str, Any]]:
    """The path that a curl command asks for, and what it sends."""
    _, silent, address, *options = shlex.split(command)
    assert silent == "-s"
    sent: dict[str, Any] = {"headers": {}}
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option in ("--json", "-d"):
            sent |= {"content": value}
            sent["headers"]["Content-Type"] = "application/json"
        else:
            assert option == "-H"
            name, _, content = value.partition(": ")
            sent["headers"][name] = content
    return address.removeprefix("localhost:8000"), sent


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = create_app()
    app.state.assets.entries = {"index": Entry("app.js", [])}  # as when the page is built
    return TestClient(app)


CASES = [pytest.param(*pair, id=f"{page}: {pair[0]}") for page in (*READMES, "docs/api.md") for pair in examples(page)]


@pytest.mark.parametrize(("command", "expected"), CASES)
def test_an_example_gives_what_is_shown(
    command: str,
    expected: str,
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if command.startswith("wengert "):
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        code = main(shlex.split(command)[1:])
        printed = capsys.readouterr()
        assert (code != 0) == bool(printed.err)
        answer = printed.out + printed.err
    else:
        path, sent = called(command)
        answer = client.request("POST" if "content" in sent else "GET", path, **sent).text
    assert not expected or shown(expected, answer), answer


@pytest.mark.parametrize(("page", "head"), [("README.md", "node"), ("README.zh-CN.md", "节点")])
def test_the_table_of_the_example_is_right(page: str, head: str, client: TestClient) -> None:
    asked = {"source": "ln(x1) + x1*x2 - sin(x2)", "inputs": {"x1": 2, "x2": 5}, "pass": "reverse"}
    document = client.post("/api/v1/trace", json=asked).json()
    name = [node["name"] for node in document["graph"]["nodes"]]
    values = {name[event["node"]]: event["value"] for event in document["events"] if "value" in event}
    received: dict[str, list[float]] = {}
    for event in document["events"]:
        if event["kind"] == "seed":
            received[name[event["node"]]] = [event["adjoint"]]
        elif event["kind"] == "contribute":
            received.setdefault(name[event["source"]], []).append(event["cotangent"])
    rows = [[row[0], row[2], row[3]] for row in cells(page, head)]
    assert [row[0] for row in rows] == name

    def adjoint(parts: list[float]) -> str:
        total = f"{sum(parts):.4g}"
        return total if len(parts) == 1 else f"{total} = {' + '.join(f'{part:.4g}' for part in parts)}"

    assert rows == [[one, f"{values[one]:.4g}", adjoint(received[one])] for one in name]


WRITTEN = [
    pytest.param(source.replace("\\|", "|"), id=f"{page}: {source}")
    for page, head in zip(READMES, ("for", "用途"), strict=True)
    for row in cells(page, head)
    for source in names(row[1])
]


@pytest.mark.parametrize("source", WRITTEN)
def test_what_the_table_of_the_language_shows_is_understood(source: str, client: TestClient) -> None:
    assert client.post("/api/v1/graph", json={"source": source}).status_code == 200


def test_the_two_readmes_show_the_same() -> None:
    def plain(page: str) -> list[str]:
        asked = (command for command, _ in examples(page))
        return [re.sub(r" --lang zh| -H 'Accept-Language: zh'", "", one).replace('"zh"', '"en"') for one in asked]

    assert plain(READMES[0]) == plain(READMES[1])
    assert blocks(READMES[0], "sh")[1] == blocks(READMES[1], "sh")[1]


def test_the_changelog_has_this_release() -> None:
    assert re.search(rf"^## \[{re.escape(RELEASE)}\]", text("CHANGELOG.md"), re.MULTILINE)


def test_a_rule_makes_the_nodes_of_the_textbook(client: TestClient) -> None:  # docs/adr/0001
    asked = {"source": "ln(x)", "inputs": {"x": 2}, "pass": "adjoint_graph"}
    document = client.post("/api/v1/trace", json=asked).json()
    assert [node["op"] for node in document["graph"]["nodes"] if "created" in node] == [None, "div"]


def test_the_command_explains_in_a_process_of_its_own() -> None:
    """Nothing else has imported the rows there."""
    command = [sys.executable, "-m", "server", "trace", "x*x", "x=3", "--text", "en"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stderr == ""
    assert REGISTRY["mul"].about["en"] in msgspec.json.decode(done.stdout)["text"]["events"][1]["why"]
