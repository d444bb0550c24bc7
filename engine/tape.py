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
from engine.ops.arithmetic import add, div, mul, sub
from engine.primitive import Elementwise, Primitive
from engine.values import Value

UNARY, BINARY = 1, 2
INLINE: dict[Elementwise, int] = {op: 4 + position for position, op in enumerate((mul, add, sub, div))}


def forward_loop() -> Any:
    """`forward(columns, v, p, q)`: fill the values `v` and append the partials of each operation to `p` and `q`."""
    source = f"""
def forward(columns, v, p, q):
    keep_p, keep_q = p.append, q.append
    for code, node, i, j, k, f in columns:
        x = v[i]
        try:
            if code == {UNARY}:
                w, dx, dy = f(x)
"""
    for op, code in INLINE.items():
        w, dx, dy = expressions(op, (0, 1))
        source += f"            elif code == {code}:\n                y = v[j]\n                w = {w}\n"
        source += f"                dx = {dx}\n                dy = {dy}\n"
    source += f"""
            elif code == {BINARY}:
                w, dx, dy = f(x, v[j])
            else:
                w, dx, dy = f(x, v[j], v[k])
        except {RAISES}:
            w, dx, dy = f(x, y)
        v[node] = w
        keep_p(dx)
        keep_q(dy)
"""
    return compiled("forward", source)


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
        live, active = graph.leads_to([output]), graph.depends_on(wrt)
        keep, aim = self.columns.append, self.targets.append
        written_out: dict[Primitive, tuple[int, Any]] = {
            op: (code, pair_kernel(op, (0, 1))) for op, code in INLINE.items()
        }
        unary: dict[Primitive, tuple[Any, Any]] = {
            op: (pair_kernel(op, ()), pair_kernel(op, sloped(op)))
            for op in graph.pointwise
            if op.arity == 1 and sloped(op)
        }
        for node in graph.nodes:
            op, cell = node.op, node.id
            if op is None:
                if isinstance(node.const, float):
                    self.constants.append((cell, node.const))
                continue
            if not live[cell]:
                continue
            if op in written_out:
                i, j = node.inputs
                code, slow = written_out[op]
                keep((code, cell, i, j, 0, slow))
                aim((cell, i if active[i] else sink, j if active[j] else sink))
            elif op in unary:
                (i,) = node.inputs
                keep((UNARY, cell, i, 0, 0, unary[op][active[i]]))
                aim((cell, i if active[i] else sink, sink))
            else:
                assert isinstance(op, Elementwise)
                inputs = node.inputs
                wanted = tuple([k for k in sloped(op) if active[inputs[k]]])
                to = (*[inputs[k] for k in wanted], sink, sink)
                keep((op.arity, cell, *(*inputs, 0, 0)[:3], pair_kernel(op, wanted)))
                aim((cell, to[0], to[1]))

    def run(self, point: Mapping[str, Any], seed: Any = 1.0) -> tuple[Value, list[Value]]:
        """The value at `point` (a float per input name) and the gradient, in the order of `wrt`, times `seed`."""
        values = [0.0] * (self.size + 1)
        for name, node in self.inputs:
            values[node] = point[name]
        for node, number in self.constants:
            values[node] = number
        p: list[float] = []
        q: list[float] = []
        forward(self.columns, values, p, q)
        adjoints = [0.0] * (self.size + 1)
        adjoints[self.output] = seed
        for (node, i, j), dx, dy in zip(reversed(self.targets), reversed(p), reversed(q), strict=True):
            adjoint = adjoints[node]
            adjoints[i] += adjoint * dx
            adjoints[j] += adjoint * dy
        return values[self.output], [adjoints[node] for node in self.wrt]
