"""The laws of calculus on handles: d/dx of one operation, by d/dx of its parts, as a teacher writes it.

Only arithmetic has a law here: sums, products, quotients and powers. The derivative of any other function is looked up
in its row, whose own rule is run on handles, and the chain rule does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add as plus
from typing import NamedTuple

from engine import limits
from engine.errors import EngineError
from engine.graph import Builder, Expr, Graph, Node
from engine.kernels import sloped
from engine.ops.arithmetic import add, div, log, mul, neg, power, square, sub
from engine.ops.comparison import where
from engine.primitive import Carrier, Elementwise, Primitive

TERMS = 8
"""Terms of a sum that are differentiated in one step."""


class Law(NamedTuple):
    """A law, applied to d/dx of a node.

    `rule` is its name and `variant` what is special about this use of it. `parts` are the subexpressions it leaves
    whole. `op` is the function that was looked up.
    """

    rule: str
    parts: Sequence[int]
    result: Carrier
    variant: str = ""
    op: Primitive | None = None


class Board:
    """The nodes of a graph, and after them what the laws have made of their derivatives by the input `x`.

    A derivative that is still to be taken stands there as an input; `pending` says which, and `taken` the reverse.
    """

    def __init__(self, graph: Graph, x: int) -> None:
        self.graph = graph
        self.x = x
        self.moving = moving(graph, x)
        self.reached = graph.depends_on([x])
        self.builder = Builder(graph.nodes, limits.DERIVED_NODES)
        self.pending: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.asked: list[int] = []

    def handle(self, node: int) -> Expr:
        """The value of a node."""
        return self.builder.handle(node)

    def d(self, node: int) -> Expr:
        """d/dx of a node, still to be taken."""
        self.asked.append(node)
        if node not in self.pending:
            self.pending[node] = self.builder.input(f"d/dx {node}")
            self.taken[self.pending[node]] = node
        return self.handle(self.pending[node])

    def times_inner(self, outer: Carrier, inner: int) -> Carrier:
        """The chain rule: times d/dx of what is inside, left out where that is x itself."""
        return outer if inner == self.x else outer * self.d(inner)

    def chained(self, inner: int) -> str:
        """The variant of a law by whether the chain rule takes part."""
        return "" if inner == self.x else "chain"


def moving(graph: Graph, x: int) -> bytearray:
    """One byte per node: does it change with x? What is behind stop_gradient is a constant."""
    found = bytearray(len(graph.nodes))
    found[x] = 1
    for node in graph.nodes:
        if node.op is not None and not node.op.stops and any(found[i] for i in node.inputs):
            found[node.id] = 1
    return found


def law_of(board: Board, node: Node) -> Law:
    """What a teacher writes for d/dx of a node, constants being recognised before anything else."""
    if node.id == board.x:
        return Law("identity", (), 1.0)
    if not board.moving[node.id]:
        return Law("constant", (node.id,), 0.0, kind_of_constant(board, node))
    assert isinstance(node.op, Elementwise)
    return LAWS.get(node.op, look_up)(board, node)


def kind_of_constant(board: Board, node: Node) -> str:
    """A number, another input, behind stop_gradient, or (no word) an expression without x."""
    if node.const is not None:
        return "number"
    if node.name is not None:
        return "input"
    return "stopped" if board.reached[node.id] else ""


# ---- sums, products, quotients ----


def terms(board: Board, node: Node) -> list[tuple[Primitive, int]]:
    """The terms of a sum, each with the operation that adds it: a - b + c is (add, a), (sub, b), (add, c)."""
    found: list[tuple[Primitive, int]] = []
    while node.op in (add, sub) and board.moving[node.id] and len(found) < TERMS - 1:
        left, right = node.inputs
        found.append((node.op, right))
        node = board.graph.nodes[left]
    return [(add, node.id), *reversed(found)]


def total(board: Board, node: Node) -> Law:
    """(u + v)' = u' + v', for all terms at once."""
    (_, first), *others = terms(board, node)
    result = board.d(first)
    for op, term in others:
        result = result + board.d(term) if op is add else result - board.d(term)
    rule = "difference" if node.op is sub and len(others) == 1 else "sum"
    return Law(rule, (first, *[term for _, term in others]), result)


def negative(board: Board, node: Node) -> Law:
    """(-u)' = -u'."""
    return Law("constant_factor", node.inputs, -board.d(node.inputs[0]), "minus")


def product(board: Board, node: Node) -> Law:
    """(u v)' = u' v + u v', and (c u)' = c u'."""
    u, v = node.inputs
    for constant, factor in ((u, v), (v, u)):
        if not board.moving[constant]:
            return Law("constant_factor", node.inputs, board.handle(constant) * board.d(factor))
    return Law("product", node.inputs, board.d(u) * board.handle(v) + board.handle(u) * board.d(v))


def quotient(board: Board, node: Node) -> Law:
    """(u/v)' = (u' v - u v') / v^2; a constant above or below makes it simpler."""
    u, v = node.inputs
    if not board.moving[v]:
        return Law("constant_factor", node.inputs, board.d(u) / board.handle(v), "divisor")
    if not board.moving[u]:
        return constant_over(board, node)
    top = board.d(u) * board.handle(v) - board.handle(u) * board.d(v)
    return Law("quotient", node.inputs, top / board.handle(v) ** 2)


def constant_over(board: Board, node: Node) -> Law:
    """(c/v)' = -c v' / v^2; where v is a power, c/u^n is c u^(-n)."""
    c, v = node.inputs
    below = board.graph.nodes[v]
    if below.op is power and not board.moving[below.inputs[1]]:
        return negative_power(board, c, below.inputs[0], -board.handle(below.inputs[1]), below.inputs)
    if below.op is square:
        return negative_power(board, c, below.inputs[0], board.handle(board.builder.const(-2.0)), below.inputs)
    top = board.handle(c) if v == board.x else scaled(board.handle(c), board.d(v))
    return Law("reciprocal", node.inputs, -(top / board.handle(v) ** 2), board.chained(v))


def negative_power(board: Board, c: int, u: int, exponent: Expr, parts: Sequence[int]) -> Law:
    """(c u^(-n))' = c (-n) u^(-n-1) u'."""
    slope = scaled(board.handle(c), exponent * board.handle(u) ** (exponent - 1))
    return Law("negative_power", (c, *parts), board.times_inner(slope, u), board.chained(u))


def scaled(factor: Expr, rest: Expr) -> Expr:
    """A constant times the rest; a 1 is not written."""
    return rest if factor.literal == 1 else factor * rest


# ---- powers ----


def powers(board: Board, node: Node) -> Law:
    """(u^n)' = n u^(n-1) u', (a^v)' = a^v ln(a) v', and (u^v)' = u^v (v' ln u + v u'/u)."""
    u, v = node.inputs
    if not board.moving[v]:
        return raised(board, node)
    if not board.moving[u]:
        return exponential(board, node)
    base, exponent, itself = board.handle(u), board.handle(v), board.handle(node.id)
    slope = board.d(v) * log(base) + exponent * board.d(u) / base
    return Law("general_power", node.inputs, itself * slope)


def raised(board: Board, node: Node) -> Law:
    """A power or a square by its row's rule, which is the power rule."""
    assert isinstance(node.op, Elementwise)
    u = node.inputs[0]
    slope = node.op.rules[0](1.0, board.handle(node.id), *map(board.handle, node.inputs))
    return Law("power", node.inputs, board.times_inner(slope, u), board.chained(u))


def exponential(board: Board, node: Node) -> Law:
    """(a^v)' = a^v ln(a) v'; the logarithm of e is 1."""
    a, v = node.inputs
    itself = board.handle(node.id)
    if board.graph.nodes[a].params == {"symbol": "e"}:
        return Law("exponential", node.inputs, board.times_inner(itself, v), "e")
    logarithm = board.handle(board.builder.apply(log, (a,)))  # ln 2 stays as it is, no number of sixteen digits
    return Law("exponential", node.inputs, board.times_inner(itself * logarithm, v))


# ---- functions ----


def pieces(board: Board, node: Node) -> Law:
    """A function defined piece by piece is differentiated piece by piece."""
    condition, first, second = node.inputs
    return Law("pieces", node.inputs, where(board.handle(condition), board.d(first), board.d(second)), op=where)


def look_up(board: Board, node: Node) -> Law:
    """f(u)' = f'(u) u', where f' is what the row's rule makes of 1; with several arguments, the sum over them."""
    op = node.op
    assert isinstance(op, Elementwise)
    places = [k for k in sloped(op) if board.moving[node.inputs[k]]]
    if not places:
        return Law("flat", node.inputs, 0.0, op=op)
    before = len(board.builder.nodes)
    xs = [board.handle(i) for i in node.inputs]
    partials = [op.rules[k](1.0, board.handle(node.id), *xs) for k in places]
    variant = ["several"] if len(places) > 1 else []
    if any(is_step(made) for made in board.builder.nodes[before:]):
        variant.append("kink")
    result = reduce(plus, [board.times_inner(f, node.inputs[k]) for f, k in zip(partials, places, strict=True)])
    rule = "table" if len(places) == 1 and node.inputs[places[0]] == board.x else "chain"
    return Law(rule, node.inputs, result, ".".join(variant), op)


def is_step(node: Node) -> bool:
    """A sign, a comparison: where the derivative of a function has one, the function has a kink."""
    return isinstance(node.op, Elementwise) and not node.op.stops and not sloped(node.op)


LAWS: dict[Primitive, Callable[[Board, Node], Law]] = {
    add: total, sub: total, neg: negative, mul: product, div: quotient, power: powers, square: raised, where: pieces,
}  # fmt: skip
"""The laws of arithmetic; every other operation is looked up in its row."""


# ---- one law after the other ----


class Applied(NamedTuple):
    """A law that was applied to d/dx of `node`: where its nodes stand on the board, and what is to be taken next."""

    node: int
    law: Law
    result: int
    made: range
    children: Sequence[int]


def apply(board: Board, node: Node) -> Applied:
    """Apply the law of a node."""
    before, board.asked = len(board.builder.nodes), []
    law = law_of(board, node)
    result = law.result.id if isinstance(law.result, Expr) else board.builder.const(law.result)
    return Applied(node.id, law, result, range(before, len(board.builder.nodes)), board.asked)


def carried_out(board: Board) -> list[Applied]:
    """Every law that d/dx of the output asks for, outermost and leftmost first.

    d/dx of a node is taken once, when everything that asks for it has been written down.
    """
    output = board.graph.outputs[0]
    board.d(output)
    applied: dict[int, Applied] = {}
    uses: dict[int, int] = {}
    found = [output]
    while found:
        node = found.pop()
        if node in applied:
            continue
        applied[node] = apply(board, board.graph.nodes[node])
        for child in applied[node].children:
            uses[child] = uses.get(child, 0) + 1
            found.append(child)
    order, ready = [], [output]
    while ready:
        step = applied[ready.pop()]
        order.append(step)
        for child in reversed(step.children):
            uses[child] -= 1
            if not uses[child]:
                ready.append(child)
    return order


def check(graph: Graph, name: str) -> int:
    """The id of the input `name`. Raises EngineError `not_symbolic` where an array takes part."""
    live = graph.leads_to(graph.outputs)
    for node in graph.nodes:
        if live[node.id] and (node.shape or node.id in graph.tensors):
            called = graph.names[node.id] if node.op is None else node.op.name
            raise EngineError("not_symbolic", node.span, "symbolic_numbers", name=called)
    return graph.inputs[name]
