"""Is a student's derivative right? 50 answers, 40 of them right in some form, beside SymPy's `simplify(a - b) == 0`.

A check is the whole of it: the text is parsed, compared with the derivative and a report is made; what is kept is what
belongs to the task, no verdict is. SymPy is given both formulas ready made, and its cache is emptied before each round.
"""

import gc
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from engine.grading import KINDS, Task, grade

AIM, AIM_A_SECOND = 300.0, 20_000.0
ROUNDS, REPEATS, PEER_ROUNDS = 15, 20, 3

Form = Callable[..., Any]
Answer = tuple[str, Form]

# fmt: off
SETS: list[tuple[str, Form, list[Answer], Answer]] = [
    ("x^2*sin(x)", lambda F, x: 2 * x * F.sin(x) + x**2 * F.cos(x), [
        ("x(2sin(x) + x cos(x))", lambda F, x: x * (2 * F.sin(x) + x * F.cos(x))),
        ("2x sin(x) + x^2 cos(x)", lambda F, x: 2 * x * F.sin(x) + x**2 * F.cos(x)),
        ("x**2*np.cos(x) + 2*x*np.sin(x)", lambda F, x: x**2 * F.cos(x) + 2 * x * F.sin(x)),
        ("x²·cos(x) + sin(x)·2x", lambda F, x: x**2 * F.cos(x) + F.sin(x) * 2 * x),
    ], ("2x cos(x)", lambda F, x: 2 * x * F.cos(x))),
    ("exp(-x^2)", lambda F, x: -2 * x * F.exp(-(x**2)), [
        ("-2x e^(-x^2)", lambda F, x: -2 * x * F.exp(-(x**2))),
        ("-2*x/exp(x**2)", lambda F, x: -2 * x / F.exp(x**2)),
        ("-(2x)exp(-x*x)", lambda F, x: -(2 * x) * F.exp(-x * x)),
        ("-x e^(-x²) - x e^(-x²)", lambda F, x: -x * F.exp(-(x**2)) - x * F.exp(-(x**2))),
    ], ("e^(-x^2)", lambda F, x: F.exp(-(x**2)))),
    ("x/(1 + x^2)", lambda F, x: (1 - x**2) / (1 + x**2) ** 2, [
        ("((1+x^2) - 2x*x)/(1+x^2)^2", lambda F, x: ((1 + x**2) - 2 * x * x) / (1 + x**2) ** 2),
        ("1/(1+x^2) - 2x^2/(1+x^2)^2", lambda F, x: 1 / (1 + x**2) - 2 * x**2 / (1 + x**2) ** 2),
        ("(1-x)(1+x)/(x²+1)²", lambda F, x: (1 - x) * (1 + x) / (x**2 + 1) ** 2),
        ("2/(1+x^2)^2 - 1/(1+x^2)", lambda F, x: 2 / (1 + x**2) ** 2 - 1 / (1 + x**2)),
    ], ("1/(2x)", lambda F, x: 1 / (2 * x))),
    ("tan(x)", lambda F, x: 1 + F.tan(x) ** 2, [
        ("sec(x)^2", lambda F, x: F.sec(x) ** 2),
        ("1/cos²(x)", lambda F, x: 1 / F.cos(x) ** 2),
        ("1 + tan^2(x)", lambda F, x: 1 + F.tan(x) ** 2),
        ("1/(1 - sin(x)^2)", lambda F, x: 1 / (1 - F.sin(x) ** 2)),
    ], ("sec(x)tan(x)", lambda F, x: F.sec(x) * F.tan(x))),
    ("sqrt(x^2 + 1)", lambda F, x: x / F.sqrt(x**2 + 1), [
        ("x(x^2+1)^(-1/2)", lambda F, x: x / F.sqrt(x**2 + 1)),
        ("1/2*(x^2+1)^(-1/2)*2x", lambda F, x: 2 * x / F.sqrt(x**2 + 1) / 2),
        ("x√(x²+1)/(x²+1)", lambda F, x: x * F.sqrt(x**2 + 1) / (x**2 + 1)),
        ("2x/(2sqrt(1+x^2))", lambda F, x: 2 * x / (2 * F.sqrt(1 + x**2))),
    ], ("1/(2sqrt(x^2+1))", lambda F, x: 1 / (2 * F.sqrt(x**2 + 1)))),
    ("sin(log(x))", lambda F, x: F.cos(F.log(x)) / x, [
        ("cos(ln(x))/x", lambda F, x: F.cos(F.log(x)) / x),
        ("x^-1 cos(ln(x))", lambda F, x: F.cos(F.log(x)) / x),
        ("cos(log(x))*(1/x)", lambda F, x: F.cos(F.log(x)) * (1 / x)),
        ("sin(ln(x) + pi/2)/x", lambda F, x: F.sin(F.log(x) + F.pi / 2) / x),
    ], ("-sin(ln(x))/x", lambda F, x: -F.sin(F.log(x)) / x)),
    ("tanh(x)", lambda F, x: 1 - F.tanh(x) ** 2, [
        ("1/cosh(x)^2", lambda F, x: 1 / F.cosh(x) ** 2),
        ("1 - tanh²(x)", lambda F, x: 1 - F.tanh(x) ** 2),
        ("(1 - tanh(x))(1 + tanh(x))", lambda F, x: (1 - F.tanh(x)) * (1 + F.tanh(x))),
        ("4/(e^x + e^(-x))^2", lambda F, x: 4 / (F.exp(x) + F.exp(-x)) ** 2),
    ], ("1 - tanh(x)", lambda F, x: 1 - F.tanh(x))),
    ("x^2*exp(x)", lambda F, x: (2 * x + x**2) * F.exp(x), [
        ("x e^x (x + 2)", lambda F, x: x * F.exp(x) * (x + 2)),
        ("(x^2 + 2x)e^x", lambda F, x: (x**2 + 2 * x) * F.exp(x)),
        ("2*x*exp(x) + x**2*exp(x)", lambda F, x: 2 * x * F.exp(x) + x**2 * F.exp(x)),
        ("e^x·((x+1)² − 1)", lambda F, x: F.exp(x) * ((x + 1) ** 2 - 1)),
    ], ("2x e^x", lambda F, x: 2 * x * F.exp(x))),
    ("1/(1 + exp(-x))", lambda F, x: F.exp(-x) / (1 + F.exp(-x)) ** 2, [
        ("sigmoid(x)(1 - sigmoid(x))", lambda F, x: 1 / (1 + F.exp(-x)) * (1 - 1 / (1 + F.exp(-x)))),
        ("e^-x/(1 + e^-x)^2", lambda F, x: F.exp(-x) / (1 + F.exp(-x)) ** 2),
        ("1/(e^x + 2 + e^-x)", lambda F, x: 1 / (F.exp(x) + 2 + F.exp(-x))),
        ("e^x/(1 + e^x)²", lambda F, x: F.exp(x) / (1 + F.exp(x)) ** 2),
    ], ("1/(1 + e^-x)^2", lambda F, x: 1 / (1 + F.exp(-x)) ** 2)),
    ("(3x + 1)^4", lambda F, x: 12 * (3 * x + 1) ** 3, [
        ("4(3x+1)^3*3", lambda F, x: 4 * (3 * x + 1) ** 3 * 3),
        ("12(1 + 3x)³", lambda F, x: 12 * (1 + 3 * x) ** 3),
        ("324x^3 + 324x^2 + 108x + 12", lambda F, x: 324 * x**3 + 324 * x**2 + 108 * x + 12),
        ("12(9x^2 + 6x + 1)(3x + 1)", lambda F, x: 12 * (9 * x**2 + 6 * x + 1) * (3 * x + 1)),
    ], ("4(3x+1)^3", lambda F, x: 4 * (3 * x + 1) ** 3)),
]
# fmt: on


def tasks() -> list[tuple[Task, str, bool]]:
    """Each answer with its task, and whether it is right."""
    made: Callable[..., Task] = KINDS["derivative"].task
    return [
        (task, text, right)
        for source, _, answers, wrong in SETS
        for task in [made(source=source, wrt="x")]
        for (text, _), right in [*[(answer, True) for answer in answers], (wrong, False)]
    ]


def ours(checks: list[tuple[Task, str, bool]]) -> list[bool]:
    """Is each answer right?"""
    return [grade(task, text, help="none").verdict == "correct" for task, text, _ in checks]


def theirs() -> list[bool]:
    """The same by SymPy."""
    import sympy
    from sympy.core.cache import clear_cache

    clear_cache()
    x = sympy.Symbol("x", real=True)
    return [
        sympy.simplify(answer(sympy, x) - derivative(sympy, x)) == 0
        for _, derivative, answers, wrong in SETS
        for _, answer in [*answers, wrong]
    ]


def seconds(run: Callable[[], object], rounds: int) -> float:
    """The median of the processor's time."""
    found = []
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        run()
        found.append(process_time() - start)
    return median(found)


def rows() -> list[dict[str, Any]]:
    """A check beside SymPy's, and checks a second."""
    checks = tasks()
    right = [expected for _, _, expected in checks]
    if ours(checks) != right:
        raise AssertionError("a verdict is wrong")
    by_sympy = theirs()
    once = seconds(lambda: [ours(checks) for _ in range(REPEATS)], ROUNDS) / REPEATS / len(checks)
    peer = seconds(theirs, PEER_ROUNDS) / len(checks)
    same = sum([a == b for a, b in zip(by_sympy, right, strict=True)])
    note = f"SymPy gives {same} of {len(checks)} verdicts as they should be, we all"
    return [
        {"name": "a check, beside simplify(a - b) == 0", "size": len(checks), "unit": "s", "ours": once, "peer": peer,
         "ratio": peer / once, "aim": AIM, "better": "more", "note": note},
        {"name": "checks a second, one core", "size": len(checks), "unit": "/s", "ours": 1 / once, "peer": "",
         "ratio": 1 / once, "aim": AIM_A_SECOND, "better": "more", "note": "parsed, compared, reported; without words"},
    ]  # fmt: skip
