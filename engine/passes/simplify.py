"""Simplifying: a table of rewrite rules, applied node by node from the inputs up, each application a step.

The rules are identities of real numbers; they hold wherever every value is finite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import NamedTuple

from engine import limits
from engine.events import Rewrite
from engine.graph import Builder, Expr, Graph, Node
from engine.ops.arithmetic import add, div, mul, neg, power, sub
from engine.ops.shaping import broadcast_to, reshape, transpose
from engine.passes.adjoint_graph import Grower
from engine.passes.evaluate import evaluate
from engine.primitive import Params, Primitive
from engine.trace import Steps
from engine.values import Value

ALGORITHM = (
    ("v = evaluate(graph, x)", "i"),
    ("for i in graph:", "i"),
    ("  while some rule matches op[i], inputs(i):", "i"),
    ("    replace i", "i"),
    ("return graph without unread nodes", None),
)

COMMUTATIVE = frozenset({add, mul})


class Match(NamedTuple):
    """One node as the rules see it: its operation on handles whose own rewriting is done."""

    node: Node
    args: tuple[Expr, ...]

    @property
    def op(self) -> Primitive:
        """Its operation."""
        assert self.node.op is not None
        return self.node.op

    def operation(self, argnum: int, op: Primitive) -> tuple[Expr, ...] | None:
        """The arguments of argument `argnum`, when that is a node of operation `op`."""
        return operands(self.args[argnum], op)


def operands(handle: Expr, op: Primitive) -> tuple[Expr, ...] | None:
    """The arguments of a node, when it is one of operation `op`."""
    node = handle.builder.nodes[handle.id]
    return tuple(map(handle.builder.handle, node.inputs)) if node.op is op else None


def fold(m: Match) -> Expr | None:
    """2 · 3 is 6."""
    literals = [arg.literal for arg in m.args if arg.literal is not None]
    if len(literals) < len(m.args) or not m.op.pointwise:
        return None
    value = m.op.of_numbers(*literals)
    return m.args[0].builder.handle(m.args[0].builder.const(value)) if isfinite(value) else None


def add_zero(m: Match) -> Expr | None:
    """x + 0, 0 + x and x - 0 are x."""
    if m.op in (add, sub) and m.args[1].literal == 0:
        return m.args[0]
    return m.args[1] if m.op is add and m.args[0].literal == 0 else None


def zero_minus(m: Match) -> Expr | None:
    """0 - x is -x."""
    return -m.args[1] if m.op is sub and m.args[0].literal == 0 else None


def times_one(m: Match) -> Expr | None:
    """x · 1, 1 · x and x / 1 are x, also where the 1 is stretched to an array."""
    if m.op in (mul, div) and unstretched(m.args[1]).literal == 1:
        return m.args[0]
    return m.args[1] if m.op is mul and unstretched(m.args[0]).literal == 1 else None


def unstretched(handle: Expr) -> Expr:
    """What a broadcast node stretches; any other node itself."""
    inner = operands(handle, broadcast_to)
    return handle if inner is None else inner[0]


def times_zero(m: Match) -> Expr | None:
    """x · 0, 0 · x and 0 / x are 0."""
    if m.op in (mul, div) and m.args[0].literal == 0:
        return m.args[0]
    return m.args[1] if m.op is mul and m.args[1].literal == 0 else None


def times_minus_one(m: Match) -> Expr | None:
    """x · (-1), (-1) · x and x / (-1) are -x."""
    if m.op in (mul, div) and m.args[1].literal == -1:
        return -m.args[0]
    return -m.args[1] if m.op is mul and m.args[0].literal == -1 else None


def double_negative(m: Match) -> Expr | None:
    """-(-x) is x."""
    inner = m.operation(0, neg) if m.op is neg else None
    return inner[0] if inner else None


def plus_negative(m: Match) -> Expr | None:
    """x + (-y) is x - y, and x - (-y) is x + y."""
    if m.op not in (add, sub) or not (inner := m.operation(1, neg)):
        return None
    return m.args[0] - inner[0] if m.op is add else m.args[0] + inner[0]


def negative_factor(m: Match) -> Expr | None:
    """(-x) · y, x · (-y), (-x) / y and x / (-y) are the negative of the product or quotient."""
    if m.op not in (mul, div):
        return None
    first, second = m.args
    if inner := m.operation(0, neg):
        return -(inner[0] * second if m.op is mul else inner[0] / second)
    if inner := m.operation(1, neg):
        return -(first * inner[0] if m.op is mul else first / inner[0])
    return None


def gather_constants(m: Match) -> Expr | None:
    """a · (b · x) is (a b) · x, for numbers a and b."""
    if m.op is not mul:
        return None
    for number, product in (m.args, m.args[::-1]):
        inner = operands(product, mul)
        if number.literal is None or inner is None:
            continue
        for factor, rest in (inner, inner[::-1]):
            if factor.literal is not None:
                return (number * factor) * rest
    return None


def trivial_power(m: Match) -> Expr | None:
    """x^1 is x."""
    return m.args[0] if m.op is power and m.args[1].literal == 1 else None


def minus_itself(m: Match) -> Expr | None:
    """x - x is 0."""
    if m.op is sub and m.args[0].id == m.args[1].id and not m.node.shape:
        return m.args[0].builder.handle(m.args[0].builder.const(0.0))
    return None


def double_transpose(m: Match) -> Expr | None:
    """(Aᵀ)ᵀ is A."""
    if m.op is not transpose or not (inner := m.operation(0, transpose)):
        return None
    reversing = m.node.params == m.args[0].builder.nodes[m.args[0].id].params == {"axes": None}
    return inner[0] if reversing else None


def reshaped_twice(m: Match) -> Expr | None:
    """Of two reshapes the last decides, and a reshape to the same shape is none."""
    if m.op is not reshape:
        return None
    inner = m.operation(0, reshape)
    return reshape(inner[0], shape=m.node.shape) if inner else m.args[0]


RULES: dict[str, Callable[[Match], Expr | None]] = {
    "constant_folding": fold,
    "add_zero": add_zero,
    "zero_minus": zero_minus,
    "times_one": times_one,
    "times_zero": times_zero,
    "times_minus_one": times_minus_one,
    "double_negative": double_negative,
    "plus_negative": plus_negative,
    "negative_factor": negative_factor,
    "gather_constants": gather_constants,
    "trivial_power": trivial_power,
    "minus_itself": minus_itself,
    "double_transpose": double_transpose,
    "reshaped_twice": reshaped_twice,
}
"""Tried in this order; `common_subexpression` comes last, and `unread` nodes are dropped before all."""


class Rewriter:
    """Replaced nodes, how often each node is read, and which computation is already there."""

    def __init__(self, graph: Graph) -> None:
        self.builder = Builder(graph.nodes, limit=limits.DERIVED_NODES)
        self.replaced: dict[int, int] = {}
        self.seen: dict[tuple[str, ...], int] = {}
        self.reads = [len(users) for users in graph.users]
        self.outputs = list(graph.outputs)
        for output in self.outputs:
            self.reads[output] += 1

    def resolve(self, node: int) -> int:
        """What stands for a node now."""
        while node in self.replaced:
            node = self.replaced[node]
        return node

    def key(self, op: Primitive, inputs: Iterable[int], params: Params | None) -> tuple[str, ...]:
        """Equal for nodes that compute the same: equal numbers are the same wherever they stand."""
        sources = [self.builder.nodes[self.resolve(i)] for i in inputs]
        parts = [
            f"{node.const!r} {node.params}" if isinstance(node.const, float) else f"node {node.id}" for node in sources
        ]
        return (op.name, repr(params), *(sorted(parts) if op in COMMUTATIVE else parts))

    def find(self, node: Node) -> tuple[str, int] | None:
        """The first rule that matches, and the node that is to stand for this one."""
        if node.op is None:
            return None
        args = tuple(self.builder.handle(self.resolve(i)) for i in node.inputs)
        for name, rule in RULES.items():
            found = rule(Match(node, args))
            if found is not None and found.shape == node.shape:
                return name, found.id
        key = self.key(node.op, node.inputs, node.params)
        first = self.seen.get(key, node.id)
        if first == node.id or not self.reads[first]:
            self.seen[key] = node.id
            return None
        return "common_subexpression", first

    def replace(self, node: int, by: int) -> tuple[int, ...]:
        """Let every reader of `node` read `by`; return the nodes that no one reads any more."""
        for made in self.builder.nodes[len(self.reads) :]:
            self.reads.append(0)
            for source in made.inputs:
                self.reads[self.resolve(source)] += 1
        self.replaced[node] = by
        self.reads[by] += self.reads[node]
        self.reads[node] = 0
        return self.drop(node)

    def drop(self, node: int) -> tuple[int, ...]:
        """Take away a node that no one reads, and what only it read; return them all."""
        removed, doubtful = [], [node]
        while doubtful:
            dead = doubtful.pop()
            if self.reads[dead] or self.builder.nodes[dead].name is not None:
                continue
            removed.append(dead)
            for source in map(self.resolve, self.builder.nodes[dead].inputs):
                self.reads[source] -= 1
                if not self.reads[source]:
                    doubtful.append(source)
        return tuple(sorted(removed))


def simplify(graph: Graph, inputs: Mapping[str, Value] | None = None) -> Steps[tuple[Graph, Graph]]:
    """Rewrite a graph until no rule matches; with `inputs` it is evaluated first, so that each step has its numbers.

    Returns every node that ever existed (ids as in the events), and the simplified graph with its own ids.
    """
    values = None if inputs is None else (yield from evaluate(graph, inputs, lines=(1, 1)))
    rewriter = Rewriter(graph)
    grower = Grower(rewriter.builder, values)
    for node in graph.nodes:
        if not rewriter.reads[node.id] and node.op is not None and not graph.users[node.id]:
            yield Rewrite(4, "unread", node.id, node.id, (), (), rewriter.drop(node.id))
    for start in range(len(graph.nodes)):
        pending = [start]
        while pending:
            node = rewriter.builder.nodes[pending.pop()]
            alone = not rewriter.reads[node.id] and node.id < len(rewriter.reads)
            before = len(rewriter.builder.nodes)
            if alone or (found := rewriter.find(node)) is None:
                continue
            rule, by = found
            pending.extend(range(len(rewriter.builder.nodes) - 1, before - 1, -1))
            removed = rewriter.replace(node.id, by)
            created, new = grower.grown()
            yield Rewrite(4, rule, node.id, by, created, new, removed, grower.states(created))
    arena = Graph(rewriter.builder.nodes, rewriter.outputs, graph.source, graph.labels)
    return arena, compact(arena, rewriter.resolve)


def compact(arena: Graph, resolve: Callable[[int], int]) -> Graph:
    """The nodes that the outputs still read, in a topological order with the inputs first."""
    builder = Builder(limit=limits.DERIVED_NODES)
    placed = {node.id: builder.input(node.name, node.shape, node.span) for node in arena.nodes if node.name is not None}
    stack = [resolve(output) for output in reversed(arena.outputs)]
    while stack:
        node = arena.nodes[stack[-1]]
        sources = [resolve(i) for i in node.inputs]
        missing = [i for i in sources if i not in placed]
        if node.id in placed or not missing:
            stack.pop()
        if node.id in placed:
            continue
        if missing:
            stack.extend(reversed(missing))
        elif node.op is None:
            placed[node.id] = builder.const(node.const, node.span, node.params)  # type: ignore[arg-type]
        else:
            placed[node.id] = builder.apply(node.op, tuple(placed[i] for i in sources), node.params, node.span)
    labels = {name: placed[resolve(i)] for name, i in arena.labels.items() if resolve(i) in placed}
    return Graph(builder.nodes, [placed[resolve(i)] for i in arena.outputs], arena.source, labels)
