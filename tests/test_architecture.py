import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
LONGEST = 400

# An address where a browser would fetch it: quoted, assigned or in parentheses. A link to follow is no fetch, and
# neither is the name of an XML vocabulary.
FETCHED = re.compile(r"""(?<!<a\shref=)["'`(=]\s*(?:https?:|wss?:)?//(?!www\.w3\.org/)[\w-]+(?:\.[\w-]+)+""")


def files(*patterns: str) -> list[Path]:
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    assert found, f"nothing matches {patterns}"
    return found


def test_imports_point_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not broken, capsys.readouterr().out


def test_the_engine_writes_no_json() -> None:
    writers = [path for path in files("engine/**/*.py") if re.search(r"msgspec(\.| import )json", path.read_text())]
    assert writers == []


def test_no_module_is_too_long() -> None:
    code = files("*.py", "engine/**/*.py", "server/**/*.py")
    page = files("static/src/**/*.ts", "static/css/**/*.css", "templates/**/*.html")
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in [*code, *page]}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_the_page_names_nothing_outside() -> None:
    sources = [path for path in files("static/src/**/*", "static/css/**/*", "templates/**/*") if path.is_file()]
    fetched = {path: FETCHED.findall(path.read_text(encoding="utf-8")) for path in sources}
    assert {path: addresses for path, addresses in fetched.items() if addresses} == {}


@pytest.mark.parametrize(
    ("text", "is_fetched"),
    [
        ('<script src="https://cdn.example.org/d3.js">', True),
        ("<img src=//example.org/x.png>", True),
        ("@font-face { src: url(https://fonts.example.org/x.woff2) }", True),
        ('import "//example.org/x.js"', True),
        ('new WebSocket("wss://example.org/live")', True),
        ('document.createElementNS("http://www.w3.org/2000/svg", "g")', False),
        ('<a href="https://example.org/paper">', False),
        ("// see https://example.org/paper", False),
        ('const quotient = "a//b.c is not an address";', False),
        ('fetch("/api/v1/trace")', False),
    ],
)
def test_an_address_is_recognised_where_it_would_be_fetched(text: str, is_fetched: bool) -> None:
    assert bool(FETCHED.search(text)) == is_fetched


def test_lock_files_name_no_host() -> None:
    assert [path for path in files("requirements-*.lock") if "://" in path.read_text()] == []
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
