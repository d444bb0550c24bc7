"""Writes docs/ops.md, errors.md, kinks.md, mistakes.md: `python -m docs.make`; a test fails while they are old."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from engine import latex
from engine.edges.kinks import KINKS, VERSIONS, Slopes
from engine.errors import CODES
from engine.explain.symbols import called, op_record
from engine.grading.slips import SLIPS
from engine.kernels import ARGUMENTS
from engine.primitive import ATOM, REGISTRY, Primitive
from server.errors import ENGINE_STATUS, STATUS
from server.locale import catalogue

FOLDER = Path(__file__).parent
GROUPS = (
    "arithmetic", "elementary", "comparison", "neural", "special", "shaping", "picking", "reduction", "norms",
    "linear", "losses", "convolution",
)  # fmt: skip
"""The modules of `engine.ops`, each after those whose rows it uses."""
OPS = r"""# The operations

One row of `engine/ops/` each; this page is made from the rows by `python -m docs.make`. The arguments are $x, y, z$,
the value is $w$. A partial is written as its rule computes it; an operation that mixes the elements of an array has, in
its place, what the adjoint $\bar{w}$ sends to the argument; what holds at a kink or at the edge of the domain is in
the description. No formula calls an operation marked *internal* by its name: the rules of others do, and `index` is
what `x[0]` means.

本页由 `python -m docs.make` 根据 `engine/ops/` 的各行生成。自变量记作 $x, y, z$，函数值记作 $w$。混合数组元素的运算，
偏导数一栏写的是伴随 $\bar{w}$ 传回各自变量的量。标有 internal 的运算不能在式子里按名字调用：它们由其他运算的规则使用，
而 `index` 就是 `x[0]` 这种写法。
"""
ERRORS = """# The error codes

Every `code` that a refusal can have ([api.md](api.md)), with its HTTP status and its sentence; words in braces are
filled in.
This page is made by `python -m docs.make`. 本页由 `python -m docs.make` 生成。

| code | status | English | 中文 |
| --- | --- | --- | --- |
"""
COMMON = {
    "\\left|": "\\lvert", "\\right|": "\\rvert", "\\left\\|": "\\lVert", "\\right\\|": "\\rVert",
    "\\operatorname": "\\mathrm",
}  # fmt: skip
"""What our printer writes -> what every renderer knows."""
KINKS_HEAD = """# Kinks

Where mathematics gives no derivative, or frameworks choose different ones: the derivatives by the inputs, in order.
An empty cell was not asked. PyTorch {pytorch} and JAX {jax} are asked again by `dev.py oracles`; the answers of
TensorFlow {tensorflow} are taken from the course's worked examples. `None` is what the framework itself says. The place
is called $v$.
This page is made from `engine/edges/kinks.py` by `python -m docs.make`. 本页由 `python -m docs.make` 生成。

| kink | function | ours | TensorFlow | PyTorch | JAX | about |
| --- | --- | --- | --- | --- | --- | --- |
"""
MISTAKES = """# The mistakes that grading looks for

Every name that a `diagnosis` can have ([grading.md](grading.md#diagnosis)), with its title. A mistake is named
only when it gives the very answer that was given.
This page is made by `python -m docs.make`. 本页由 `python -m docs.make` 生成。

## Rules as they are misremembered

What is tried at every operation of a formula, and at all of them together; where two rules explain an answer, the
earlier does.
以下规则逐个运算尝试，也在所有运算上同时尝试；若有两条都能解释同一个答案，取排在前面的一条。

| mistake | rule as it is misremembered |
| --- | --- |
"""
NAMES = """
## All names

| mistake | English | 中文 |
| --- | --- | --- |
"""


def maths(text: str) -> str:
    """LaTeX between dollar signs, in a cell of a table: no bar, and only what every renderer knows."""
    for ours, common in COMMON.items():
        text = text.replace(ours, common)
    return f"${text}$" if text else ""


def row(op: Primitive) -> str:
    """A line of the table."""
    record = op_record(op)
    names = ", ".join(f"`{name}`" for name in (op.name, *op.aliases)) + (" (internal)" if op.internal else "")
    shapes, statics = called(op)
    symbol = latex.fill(op, [(name, ATOM) for name in ARGUMENTS[: len(shapes)]], statics)[0]
    partials = ", ".join(map(maths, record.partials))
    about = f"{op.about['en']}<br>{op.about['zh']}".replace("|", "\\|")
    return f"| {names} | {maths(symbol)} | {partials} | {maths(op.domain)} | {about} |"


def ops_page() -> str:
    """The whole page: a table for each module of `engine.ops`."""
    parts, listed = [OPS], set()
    for group in GROUPS:
        module = importlib.import_module(f"engine.ops.{group}")
        rows = [op for op in REGISTRY.values() if vars(module).get(op.name) is op and op not in listed]
        listed.update(rows)
        title = (module.__doc__ or "").splitlines()[0]
        table = "\n".join(map(row, rows))
        parts.append(
            f"## {group}\n\n{title}\n\n"
            "| name | in symbols | local partials | domain | about |\n| --- | --- | --- | --- | --- |\n"
            f"{table}\n"
        )
    return "\n".join(parts)


def errors_page() -> str:
    """Every code: the server's own after the engine's."""
    statuses = {**dict.fromkeys(sorted(CODES), ENGINE_STATUS), **STATUS}
    rows = []
    for code, status in statuses.items():
        said = [catalogue(locale).say(f"error.{code}").replace("|", "\\|") for locale in ("en", "zh")]
        rows.append(f"| `{code}` | {status} | {' | '.join(said)} |\n")
    return ERRORS + "".join(rows)


def slopes(answer: Slopes | None) -> str:
    """What was answered, in the order of the inputs."""
    return "" if answer is None else ", ".join(map(spoken, answer.values()))


def spoken(value: Any) -> str:
    """A derivative as a framework prints it."""
    if isinstance(value, list):
        return f"[{', '.join(map(spoken, value))}]"
    return "None" if value is None else f"{value:g}"


def kinks_page() -> str:
    """Every kink, with what we and the frameworks say."""
    rows = []
    for row in KINKS:
        point = ", ".join(f"{name} = {spoken(value)}" for name, value in row.inputs.items())
        said = "<br>".join(catalogue(locale).say(f"kink.{row.key}", node="v") for locale in ("en", "zh"))
        source = row.source.replace("\n", "; ")
        answers = " | ".join(slopes(answer) for answer in (row.ours, row.tensorflow, row.pytorch, row.jax))
        rows.append(f"| `{row.key}` | `{source}` at {point} | {answers} | {said} |\n")
    return KINKS_HEAD.format(**VERSIONS) + "".join(rows)


def mistakes_page() -> str:
    """The misremembered rules, then every mistake in the catalogue."""
    rules = [f"| `{slip.name}` | `{(slip.rule.__doc__ or '').splitlines()[0].removesuffix('.')}` |\n" for slip in SLIPS]
    rows = []
    for key in sorted(catalogue("en").messages):
        if key.startswith("mistake.") and key.endswith(".title"):
            titles = [catalogue(locale).say(key).replace("|", "\\|") for locale in ("en", "zh")]
            rows.append(f"| `{key.split('.')[1]}` | {' | '.join(titles)} |\n")
    return MISTAKES + "".join(rules) + NAMES + "".join(rows)


PAGES = {"ops.md": ops_page, "errors.md": errors_page, "kinks.md": kinks_page, "mistakes.md": mistakes_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
