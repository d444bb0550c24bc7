"""Values and gradients without steps: the scalar Wengert list as flat columns, run by two tight loops.

For everything that needs numbers only (`/derivatives`, sliders, grading). The arithmetic is the rows' own: the forward
loop is made from them, with the operations that most graphs consist of written out, because a call costs more than
they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.graph import Graph
from engine.kernels import RAISES, compiled, expressions, pair_kernel, sloped
from engine.ops.arithmetic import add, div, log, mul, neg, square, sub
from engine.ops.elementary import cos, exp, sin, sqrt, tanh
from engine.primitive import Elementwise, Primitive
from engine.values import Value

WRITTEN_OUT: tuple[Elementwise, ...] = (neg, square, sqrt, exp, log, sin, cos, tanh, add, sub, mul, div)
"""The operations that most graphs consist of, those of one argument first; the code of each is its position."""
BINARY, CALLED = WRITTEN_OUT.index(add), len(WRITTEN_OUT)
"""The code of the first operation of two arguments, and of a call with one argument; calls with more follow."""


def written_out(op: Elementwise) -> list[str]:
    """The lines that compute the value w of an operation on x and y, and its partials dx and dy."""
    value, dx, *rest = expressions(op, range(op.arity))
    lines = [f"w = {value}", f"dx = {dx}"]
    return ["y = v[j]", *lines, f"dy = {rest[0]}"] if rest else [*lines, "dy = 0.0"]


def chosen(bodies: Sequence[Sequence[str]], first: int, indent: str) -> list[str]:
    """Python that runs one of `bodies`, those of the codes from `first` on: `code` is found by halving."""
    if len(bodies) == 1:
        return [indent + line for line in bodies[0]]
    half = len(bodies) // 2
    return [
        f"{indent}if code < {first + half}:", *chosen(bodies[:half], first, indent + "    "),
        f"{indent}else:", *chosen(bodies[half:], first + half, indent + "    "),
    ]  # fmt: skip


def forward_loop() -> Any:
    """`forward(columns, v, p, q)`: fill in, by node, the values `v` and the two partials `p` and `q`."""
    calls = [[f"w, dx, dy = f({arguments})"] for arguments in ("x", "x, v[j]", "x, v[j], v[k]")]
    lines = chosen([*map(written_out, WRITTEN_OUT), *calls], 0, " " * 12)
    return compiled(
        "forward",
        "def forward(columns, v, p, q):\n"
        "    for code, node, i, j, k, f in columns:\n"
        "        x = v[i]\n"
        "        try:\n" + "\n".join(lines) + "\n"
        f"        except {RAISES}:\n"
        f"            w, dx, dy = f(x) if code < {BINARY} else f(x, y)\n"
        "        v[node] = w\n"
        "        p[node] = dx\n"
        "        q[node] = dy\n",
    )


forward = forward_loop()


class Tape:
    """The part of a scalar graph that leads to `output`, differentiated with respect to the inputs `wrt`.

    `columns` has for every operation (code, node, three inputs, kernel), and `targets` the cells its two cotangents go
    to. Cells are node ids; a cotangent nobody asks for goes to one cell past the end, the sink.
    """

    __slots__ = ("columns", "constants", "inputs", "output", "size", "targets", "wrt")

    def __init__(self, graph: Graph, output: int, wrt: Sequence[int]) -> None:
        self.output = output
        self.wrt = tuple(wrt)
        self.size = sink = len(graph.nodes)
        self.inputs = list(graph.inputs.items())
        self.constants: list[tuple[int, float]] = []
        self.columns: list[tuple[Any, ...]] = []
        self.targets: list[tuple[int, int, int]] = []
        live, active = graph.leads_to([output]), graph.depends_on(wrt) + b"\0"
        keep, aim = self.columns.append, self.targets.append
        codes: dict[Primitive, tuple[int, Any]] = {
            op: (code, pair_kernel(op, tuple(range(op.arity)))) for code, op in enumerate(WRITTEN_OUT)
        }
        for node in graph.nodes:
            op, cell = node.op, node.id
            if op is None:
                if isinstance(node.const, float):
                    self.constants.append((cell, node.const))
                continue
            if not live[cell]:
                continue
            inputs = node.inputs
            if op in codes:
                code, slow = codes[op]
                i, j = inputs if code >= BINARY else (inputs[0], sink)
                keep((code, cell, i, j, 0, slow))
                aim((cell, i if active[i] else sink, j if active[j] else sink))
            else:
                assert isinstance(op, Elementwise)
                wanted = tuple([k for k in sloped(op) if active[inputs[k]]])
                to = (*[inputs[k] for k in wanted], sink, sink)
                keep((CALLED + op.arity - 1, cell, *(*inputs, 0, 0)[:3], pair_kernel(op, wanted)))
                aim((cell, to[0], to[1]))

    def run(self, point: Mapping[str, Any], seed: Any = 1.0) -> tuple[Value, list[Value]]:
        """The value at `point` (a float per input name) and the gradient, in the order of `wrt`, times `seed`."""
        values = [0.0] * (self.size + 1)
        for name, node in self.inputs:
            values[node] = point[name]
        for node, number in self.constants:
            values[node] = number
        p, q = [0.0] * self.size, [0.0] * self.size
        forward(self.columns, values, p, q)
        adjoints = [0.0] * (self.size + 1)
        adjoints[self.output] = seed
        for node, i, j in reversed(self.targets):
            adjoint = adjoints[node]
            adjoints[i] += adjoint * p[node]
            adjoints[j] += adjoint * q[node]
        return values[self.output], [adjoints[node] for node in self.wrt]
