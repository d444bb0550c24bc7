"""Parsing: our text -> graph beside `ast.parse` and a lark LALR parser with positions, on the same expressions."""

import ast
import gc
import random
import sys
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from engine.syntax import parse

FUNCTIONS = ("sin", "cos", "exp", "log", "sqrt", "tanh", "max")
SIZES = {20: 1.3, 200: 1.0, 2_000: 1.0}
"""Operators -> the most our time may be, as a multiple of `ast.parse`'s."""
ROUNDS = 31
GRAMMAR = r"""
    ?start: comparison
    ?comparison: sum (("<" | ">" | "<=" | ">=" | "==" | "!=") sum)?
    ?sum: product | sum "+" product -> add | sum "-" product -> sub
    ?product: unary | product "*" unary -> mul | product "/" unary -> div
    ?unary: power | "-" unary -> neg
    ?power: atom | atom "**" unary -> power
    ?atom: NUMBER -> number | NAME -> name | NAME "(" comparison ("," comparison)* ")" -> call | "(" comparison ")"
    NAME: /[A-Za-z_][A-Za-z_0-9]*/
    %import common.NUMBER
    %import common.WS_INLINE
    %ignore WS_INLINE
"""


def expression(operators: int, rng: random.Random) -> str:
    """A random expression of so many operators and calls, in Python's notation."""
    if operators == 0:
        return rng.choice(("x", "y", "z", "x1", "x2")) if rng.random() < 0.7 else f"{rng.uniform(0, 10):.1f}"
    kind = rng.random()
    if kind < 0.2:
        name = rng.choice(FUNCTIONS)
        if name == "max":
            left = rng.randrange(operators)
            return f"max({expression(left, rng)}, {expression(operators - 1 - left, rng)})"
        return f"{name}({expression(operators - 1, rng)})"
    if kind < 0.28:
        return f"(-{expression(operators - 1, rng)})"
    left = rng.randrange(operators)
    first, second = expression(left, rng), expression(operators - 1 - left, rng)
    if kind < 0.36:
        return f"({first}) ** ({second})" if left else f"{first} ** ({second})"
    joined = f"{first} {rng.choice('+-*/')} {second}"
    return f"({joined})" if rng.random() < 0.5 else joined


def corpus(operators: int, count: int) -> list[str]:
    """Seeded expressions that `ast.parse` can read too: it gives up at about 200 open brackets."""
    rng = random.Random(operators)
    sources: list[str] = []
    while len(sources) < count:
        # Sums of smaller expressions, so that 2,000 operators are wide and not only deep.
        parts, left = [], operators
        while left > 0:
            size = min(left, rng.randint(8, 24))
            parts.append(expression(size, rng))
            left -= size + 1
        sources.append(" + ".join(parts))
        ast.parse(sources[-1], mode="eval")
    return sources


def times(
    run: Callable[[str], object], peer: Callable[[str], object], sources: list[str], rounds: int
) -> tuple[float, float]:
    """Median seconds of processor time per expression of both, measured in turn."""
    ours, theirs = [], []
    for _ in range(rounds):
        for function, seconds in ((run, ours), (peer, theirs)):
            gc.collect()
            start = process_time()
            for source in sources:
                function(source)
            seconds.append((process_time() - start) / len(sources))
    return median(ours), median(theirs)


def rows() -> list[dict[str, Any]]:
    """One row per peer and size; `ratio` is our time over the peer's."""
    peers: dict[str, Callable[[str], object]] = {"ast.parse": lambda source: ast.parse(source, mode="eval")}
    try:
        from lark import Lark
    except ImportError:
        pass
    else:
        peers["lark LALR"] = Lark(GRAMMAR, parser="lalr", propagate_positions=True).parse
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000))
    table = []
    for peer, function in peers.items():
        for operators, aim in SIZES.items():
            sources = corpus(operators, max(2, 2_000 // operators))
            rounds = ROUNDS if peer == "ast.parse" else 5
            ours, theirs = times(parse, function, sources, rounds)
            table.append(
                {
                    "name": "parse", "size": operators, "ours": ours, "unit": "s", "peer": peer, "ratio": ours / theirs,
                    "aim": aim if peer == "ast.parse" else 0.2, "characters": sum(map(len, sources)) // len(sources),
                }
            )  # fmt: skip
    return table


if __name__ == "__main__":
    for row in rows():
        print(f"{row['size']:>6} operators ({row['characters']} characters): {row['ours'] * 1e6:9.1f} us, "
              f"{row['ratio']:.2f} x {row['peer']} (aim {row['aim']})")  # fmt: skip
