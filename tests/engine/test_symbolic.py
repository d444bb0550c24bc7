"""Symbolic differentiation against what we did not write: SymPy's diff, mpmath's differences, and the chain rule on numbers."""

from __future__ import annotations

import math
import random
import re
from types import SimpleNamespace
from typing import Any

import pytest
import sympy
from mpmath import mp

from engine import latex, limits
from engine.errors import EngineError
from engine.graph import Graph
from engine.methods.symbolic import RuleStep, Symbolic, swell, symbolic
from engine.methods.trees import iterated, operations, tree_size
from engine.passes.evaluate import evaluate
from engine.shapes import shaped
from engine.syntax import parse
from engine.tape import Tape
from engine.trace import finish
from server.locale import LOCALES, catalogue, read
from server.service import speaker
from tests.corpus import CORPUS, Case
from tests.engine.random_graphs import random_graph
from tests.engine.test_latex import COMMANDS
from tests.latex_numbers import meaning
from tests.oracles.reference import load

EXACT = dict(zip([case.source + str(case.inputs) for case in CORPUS], load("mpmath"), strict=True))
CASES = [pytest.param(case, id=f"{case.source} at {case.inputs}") for case in CORPUS]
LOGISTIC = parse("4x(1 - x)")


def near(point: dict[str, float], seed: str) -> dict[str, float]:
    """A random point beside another one, on the same side of every kink of the corpus."""
    rng = random.Random(seed)
    return {name: x * rng.uniform(0.999, 1.001) for name, x in point.items()}


def valued(graph: Graph, point: dict[str, float]) -> float:
    value = finish(evaluate(graph, point))[graph.outputs[0]]
    assert isinstance(value, float)
    return value


def slope(graph: Graph, point: dict[str, float], name: str) -> float:
    """By automatic differentiation."""
    return float(Tape(graph, graph.outputs[0], [graph.inputs[name]]).run(point)[1][0])


def close(a: float, b: float, tolerance: float = 1e-10) -> bool:
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


# ---- the derivative is right -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_raw_simplified_and_shared_equal_automatic_differentiation(case: Case) -> None:
    graph = parse(case.source)
    exact = EXACT[case.source + str(case.inputs)].reference.gradient
    for name, digits in zip(case.inputs, exact, strict=True):
        found = symbolic(graph, name)
        for form in (found.derivative, found.simplified, found.shared):
            assert list(form.check().inputs) == list(graph.inputs)
            assert close(valued(form, case.inputs), float(digits))
            point = near(case.inputs, case.source + name)
            assert close(valued(form, point), slope(graph, point, name))


def test_random_graphs_of_every_operation() -> None:
    finite = 0
    for seed in range(400):
        graph, point = random_graph(seed + 500_000, operations=8)
        for name in point:
            found, ad = symbolic(graph, name), slope(graph, point, name)
            if not math.isfinite(ad):
                continue
            finite += 1
            for form in (found.derivative, found.simplified, found.shared):
                assert close(valued(form, point), ad, 1e-9 * max(1.0, abs(ad))), (seed, name)
    assert finite > 1000


def test_sympy_agrees_where_it_can_say_it() -> None:
    same = 0
    for case in CORPUS:
        symbols = {name: sympy.Symbol(name, real=True) for name in case.inputs}
        try:
            formula = sympy.sympify(case.function(SYMPY, **symbols))
        except (AttributeError, TypeError):
            continue  # a function that SymPy lacks
        at = {symbols[name]: sympy.Float(x, 30) for name, x in case.inputs.items()}
        for name in case.inputs:
            theirs = sympy.diff(formula, symbols[name]).evalf(25, subs=at)
            if theirs.is_number and not theirs.has(sympy.Derivative, sympy.Subs):
                ours = valued(symbolic(parse(case.source), name).derivative, case.inputs)
                assert close(ours, float(theirs)), (case.source, name)
                same += 1
    assert same > 450


SYMPY = SimpleNamespace(
    **{name: getattr(sympy, name) for name in "sqrt exp sin cos tan sec csc cot asin acos atan atan2 log".split()},
    **{name: getattr(sympy, name) for name in "sinh cosh tanh asinh acosh atanh erf erfc digamma polygamma".split()},
    lgamma=sympy.loggamma, pi=sympy.pi, e=sympy.E, expm1=lambda x: sympy.exp(x) - 1, log1p=lambda x: sympy.log(1 + x),
    log2=lambda x: sympy.log(x, 2), log10=lambda x: sympy.log(x, 10), log_base=sympy.log, abs=sympy.Abs,
    hypot=lambda a, b: sympy.sqrt(a**2 + b**2), xlogy=lambda a, b: a * sympy.log(b), maximum=sympy.Max, minimum=sympy.Min,
    sigmoid=lambda x: 1 / (1 + sympy.exp(-x)), softplus=lambda x: sympy.log(1 + sympy.exp(x)),
    relu=lambda x: sympy.Max(x, 0), silu=lambda x: x / (1 + sympy.exp(-x)),
    gelu=lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    where=lambda c, a, b: sympy.Piecewise((a, c), (b, True)),
)  # fmt: skip


# ---- every step is sound ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_before_and_after_are_the_same_function(case: Case) -> None:
    """By mpmath, from the LaTeX alone."""
    graph = parse(case.source)
    env = {latex.name(name): mp.mpf(x) for name, x in case.inputs.items()}
    exact = EXACT[case.source + str(case.inputs)].reference.gradient
    for name, digits in zip(case.inputs, exact, strict=True):
        steps = symbolic(graph, name).steps
        lines = [steps[0].before, *[step.after for step in steps]]
        with mp.workdps(30):
            for line in filter(None, lines):
                assert close(float(meaning(line)(env)), float(digits), 1e-13), line
            for old, new in [step.focus for step in steps if is_in_full(step)]:
                assert close(float(meaning(old)(env)), float(meaning(new)(env)), 1e-12), (old, new)


def is_in_full(step: RuleStep) -> bool:
    """Without a subexpression that is only named."""
    return "v_" not in step.focus[0] + step.focus[1]


def test_each_step_starts_where_the_last_one_ended() -> None:
    for case in CORPUS:
        for name in case.inputs:
            steps = symbolic(parse(case.source), name).steps
            assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]
            last = steps[-1].after
            assert last is None or "\\frac{d}{d" not in last


def test_every_step_has_its_sentence_in_both_languages() -> None:
    used = set[str]()
    for locale in LOCALES:
        words = catalogue(locale)
        for case in CORPUS:
            for name in case.inputs:
                for step in symbolic(parse(case.source), name).steps:
                    used.add(step.why.key)
                    assert step.why.key in words, step.why.key
                    for said in map(speaker(words), step.sentences):
                        assert said.count("$") % 2 == 0
                        assert not set("{}") & set("".join(said.split("$")[::2])), said
    assert used >= {key for key in read("en", "steps") if key.startswith("rule.")} - {
        "rule.places", "rule.constant.stopped", "rule.chain.several.kink",
    }  # fmt: skip


def test_steps_stay_inside_the_subset_of_latex() -> None:
    for case in CORPUS:
        for step in symbolic(parse(case.source), next(iter(case.inputs))).steps:
            for text in (*step.focus, step.before or "", step.after or ""):
                assert set(re.findall(r"\\([a-zA-Z]+|.)", text)) <= COMMANDS, text
                assert text.count("{") == text.count("}")


# ---- a teacher accepts the steps -------------------------------------------------------------------------------------


def told(source: str, name: str = "x") -> list[tuple[str, str]]:
    """Rule, and the whole derivative after it."""
    return [(step.rule, step.after or "") for step in symbolic(parse(source), name).steps]


def test_a_polynomial() -> None:
    d = r"\frac{d}{dx}\left[ "
    assert told("3x^2 - 5x + 1") == [
        ("sum", d + r"3 \cdot x^{2} \right] - " + d + r"5 \cdot x \right] + " + d + r"1 \right]"),
        ("constant_factor", r"3 \cdot " + d + r"x^{2} \right] - " + d + r"5 \cdot x \right] + " + d + r"1 \right]"),
        ("power", r"3 \cdot (2 \cdot x) - " + d + r"5 \cdot x \right] + " + d + r"1 \right]"),
        ("constant_factor", r"3 \cdot (2 \cdot x) - 5 \cdot " + d + r"x \right] + " + d + r"1 \right]"),
        ("identity", r"3 \cdot (2 \cdot x) - 5 \cdot 1 + " + d + r"1 \right]"),
        ("constant", r"3 \cdot (2 \cdot x) - 5 \cdot 1 + 0"),
    ]
    assert latex.expression(symbolic(parse("3x^2 - 5x + 1"), "x").simplified) == r"6 \cdot x - 5"


@pytest.mark.parametrize(
    ("source", "rules", "last"),
    [
        ("x", "identity", "1"),
        ("x*7", "constant_factor identity", r"7 \cdot 1"),
        ("-x", "constant_factor identity", "-1"),
        ("x/2", "constant_factor identity", r"\frac{1}{2}"),
        ("x - sin(x)", "difference identity table", r"1 - \cos x"),
        ("x sin(x)", "product identity table", r"1 \cdot \sin x + x \cdot \cos x"),
        ("sin(x)/x", "quotient table identity", r"\frac{\cos x \cdot x - \sin x \cdot 1}{x^{2}}"),
        ("1/x", "reciprocal", r"-\frac{1}{x^{2}}"),
        ("5/x", "reciprocal", r"-\frac{5}{x^{2}}"),
        ("5/sin(x)", "reciprocal table", r"-\frac{5 \cdot \cos x}{(\sin x)^{2}}"),
        ("1/x^2", "negative_power", r"-2 \cdot x^{-3}"),
        ("5/x^3", "negative_power", r"5 \cdot (-3 \cdot x^{-4})"),
        ("1/square(x)", "negative_power", r"-2 \cdot x^{-3}"),
        ("1/cos(x)^2", "negative_power table", r"-2 \cdot (\cos x)^{-3} \cdot (-\sin x)"),
        ("x^5", "power", r"5 \cdot x^{4}"),
        ("x^0.5", "power", r"0.5 \cdot x^{-0.5}"),
        ("sin(x)^2", "power table", r"2 \cdot \sin x \cdot \cos x"),
        ("2^x", "exponential", r"2^{x} \cdot \ln 2"),
        ("e^x", "exponential", r"e^{x}"),
        ("e^(3x)", "exponential constant_factor identity", r"e^{3 \cdot x} \cdot (3 \cdot 1)"),
        ("x^x", "general_power identity", r"x^{x} \cdot (1 \cdot \ln x + \frac{x \cdot 1}{x})"),
        ("exp(x)", "table", r"\exp x"),
        ("sqrt(x)", "table", r"\frac{1}{2 \cdot \sqrt{x}}"),
        ("ln(sin(x))", "chain table", r"\frac{1}{\sin x} \cdot \cos x"),
        ("log(x, b)", "table", r"\frac{1}{x \cdot \ln b}"),
        ("sin(cos(tan(x)))", "chain chain table",
         r"\cos (\cos (\tan x)) \cdot (-\sin (\tan x) \cdot (1 + (\tan x)^{2}))"),
        ("|x|", "table", r"\operatorname{sgn}(x)"),
        ("floor(x)", "flat", "0"),
        ("where(x > 0, x^2, -x)", "pieces power constant_factor identity", r"\operatorname{where}([x > 0], 2 \cdot x, -1)"),
        ("x*stop_gradient(x)", "constant_factor identity", r"\operatorname{sg}(x) \cdot 1"),
        ("x + stop_gradient(x)", "sum identity constant", "1 + 0"),
        ("(2 + pi) x", "constant_factor identity", r"(2 + \pi) \cdot 1"),
    ],
)  # fmt: skip
def test_rules_in_order(source: str, rules: str, last: str) -> None:
    steps = told(source)
    assert " ".join([rule for rule, _ in steps]) == rules
    assert steps[-1][1] == last


def test_other_inputs_are_constants() -> None:
    found = symbolic(parse("a x^2 + b"), "x")
    assert [step.why.key for step in found.steps] == [
        "rule.sum", "rule.constant_factor", "rule.power", "rule.constant.input",
    ]  # fmt: skip
    assert found.steps[0].before == r"\frac{\partial}{\partial x}\left[ a \cdot x^{2} + b \right]"
    assert symbolic(parse("a x^2 + b"), "b").steps[1].why.words["piece"] == r"a \cdot x^{2}"


def test_what_is_looked_up_comes_from_the_row() -> None:
    (step,) = symbolic(parse("tan(x)"), "x").steps
    assert (step.op, step.focus[1]) == ("tan", r"1 + (\tan x)^{2}")
    assert step.why.words["entry"] == r"\frac{d}{du}\left[ \tan u \right] = 1 + (\tan u)^{2}"
    first = symbolic(parse("max(x^2, y)"), "x").steps[0]
    assert (first.op, first.why.key) == ("maximum", "rule.chain.kink")
    assert first.why.words["entry"] == (
        r"\frac{\partial}{\partial u}\left[ \max(u, v) \right] = \operatorname{H}(u - v)"
    )
    say = speaker(catalogue("en"))
    assert say(first.why).endswith("Convention: where they are equal, each gets half of the derivative.")
    assert "kink" not in symbolic(parse("exp(x^2)"), "x").steps[0].why.key


@pytest.mark.parametrize("source", ["|x^2|", "relu(x^2)", "min(x^2, 1)", "clip(x^2, 0, 1)", "leaky_relu(x^2)"])
def test_a_kink_is_mentioned(source: str) -> None:
    assert symbolic(parse(source), "x").steps[0].why.key == "rule.chain.kink"


# ---- sizes and swell -------------------------------------------------------------------------------------------------


def to_sympy(graph: Graph) -> Any:
    """The same expression in SymPy, nothing evaluated."""
    made: list[Any] = []
    for node in graph.nodes:
        args = [made[i] for i in node.inputs]
        if node.op is None:
            made.append(sympy.Symbol(node.name) if node.name else sympy.Integer(int(node.const)))  # type: ignore[arg-type]
        elif node.op.name == "mul":
            made.append(sympy.Mul(*args, evaluate=False))
        else:
            sign = {"add": 1, "sub": -1}[node.op.name]
            second = args[1] if sign == 1 else sympy.Mul(-1, args[1], evaluate=False)
            made.append(sympy.Add(args[0], second, evaluate=False))
    return made[graph.outputs[0]]


@pytest.mark.parametrize(
    ("depth", "function", "raw", "simple", "shared"),
    [(1, 3, 7, 4, 4), (2, 9, 27, 20, 11), (3, 21, 79, 64, 18), (4, 45, 207, 176, 25), (5, 93, 511, 448, 32)],
)
def test_the_logistic_map_is_counted_as_sympy_counts(
    depth: int, function: int, raw: int, simple: int, shared: int
) -> None:
    graph = iterated(LOGISTIC, "x", depth)
    found = symbolic(graph, "x")
    assert found.sizes == (function, raw, simple, shared)
    assert sympy.count_ops(to_sympy(graph)) == function
    assert sympy.count_ops(to_sympy(found.derivative)) == raw
    assert sympy.count_ops(to_sympy(found.simplified)) == simple
    assert operations(found.shared) == shared


def test_the_published_counts_of_sympy() -> None:
    """SymPy collects numbers as it goes, so that its counts are lower; the growth is the same."""
    x = sympy.Symbol("x")
    f, counts = x, []
    for _ in range(5):
        f = 4 * f * (1 - f)
        counts.append((sympy.count_ops(f), sympy.count_ops(sympy.diff(f, x))))
    assert counts == [(3, 2), (8, 21), (18, 82), (38, 264), (78, 768)]


def test_the_logistic_map_at_a_point() -> None:
    graph = iterated(LOGISTIC, "x", 3)
    assert close(valued(graph, {"x": 0.2}), 0.28901376)
    assert close(valued(symbolic(graph, "x").simplified, {"x": 0.2}), 9.0660864)


def test_swell_by_depth() -> None:
    found = swell(LOGISTIC, "x", range(31))
    assert found.depth == [*range(31)]
    assert found.function == [3 * (2**n - 1) for n in range(31)]
    assert found.raw[1:6] == [7, 27, 79, 207, 511]
    assert all(later > 2 * sooner for sooner, later in zip(found.raw[1:], found.raw[2:], strict=False))
    assert found.shared[1:] == [7 * n - 3 for n in range(1, 31)], "with sharing it grows by the same for each depth"
    assert found.reverse == [8 * n for n in range(31)], "as the reverse pass does"


def test_swell_counts_what_symbolic_writes() -> None:
    found = swell(parse("sin(a x)/x"), "x", range(1, 4))
    for depth, *sizes in zip(*found[:5], strict=True):
        assert symbolic(iterated(parse("sin(a x)/x"), "x", depth), "x").sizes == tuple(sizes)


def test_swell_stops_cleanly() -> None:
    assert swell(LOGISTIC, "x", range(10), limit=9).depth == [0, 1, 2, 3]
    far = swell(parse("x*x*x*x*x"), "x", range(1000))
    assert max(far.raw) <= 2**53
    assert 10 < len(far.depth) < 40
    constant = swell(parse("a + 0*x"), "x", range(3))
    assert constant.raw == [0, 2, 4]


def test_a_nested_chain() -> None:
    found = symbolic(parse("sin(" * 40 + "x" + ")" * 40), "x")
    assert [step.rule for step in found.steps] == ["chain"] * 39 + ["table"]
    assert found.sizes == (40, 40 + sum(range(40)) + 39, 40 + sum(range(40)) + 39, 40 + 39 + 39)
    assert close(valued(found.derivative, {"x": 1.0}), slope(parse("sin(" * 40 + "x" + ")" * 40), {"x": 1.0}, "x"))


def test_the_raw_derivative_is_a_tree() -> None:
    found = symbolic(iterated(LOGISTIC, "x", 4), "x")
    for tree in (found.derivative, found.simplified):
        readers = [len(users) for node, users in zip(tree.nodes, tree.users, strict=True) if node.op is not None]
        assert set(readers) <= {0, 1}
    assert (operations(found.derivative), operations(found.simplified)) == found.sizes[1:3]


def test_named_values_are_written_out() -> None:
    found = symbolic(parse("u = x^2 + 1; u*u"), "x")
    assert found.sizes.function == 5
    assert found.steps[0].before == r"\frac{d}{dx}\left[ (x^{2} + 1) \cdot (x^{2} + 1) \right]"
    assert [(step.rule, step.places) for step in found.steps] == [
        ("product", 1), ("sum", 2), ("power", 2), ("constant", 2),
    ]  # fmt: skip
    assert [message.key for message in found.steps[1].sentences] == ["rule.sum", "rule.places"]


# ---- limits ----------------------------------------------------------------------------------------------------------


def test_a_tree_that_is_too_large_is_refused() -> None:
    def asked(limit: int) -> Symbolic:
        return symbolic(iterated(LOGISTIC, "x", 4), "x", limit)

    assert asked(207).sizes.raw == 207
    for limit in (206, 20):
        with pytest.raises(EngineError) as refused:
            asked(limit)
        assert (refused.value.code, refused.value.params) == ("expression_swell", {"limit": limit})
        assert refused.value.hint == "share_subexpressions"
    doubling = parse("x = x*x\n" * 2000 + "x")
    with pytest.raises(EngineError) as refused:
        symbolic(doubling, "x")
    assert refused.value.params == {"limit": limits.SYMBOLIC_NODES}


def test_the_function_counts_too() -> None:
    with pytest.raises(EngineError, match="expression_swell"):
        symbolic(parse("u = y*y\n" + "u = u*u\n" * 20 + "u + x"), "x")


def test_long_steps_are_short() -> None:
    found = symbolic(parse("+".join(f"sin({k} x)/(x + {k})" for k in range(1, 400))), "x")
    assert len(found.steps) == limits.SYMBOLIC_STEPS
    assert found.unwritten > 500
    assert found.steps[0].before is None
    longest = max(len(text) for step in found.steps for text in (*step.focus, step.before or "", step.after or ""))
    assert longest < 2000
    few = symbolic(parse("x + 1"), "x")
    assert few.unwritten == 0


def test_a_long_piece_is_called_by_its_name() -> None:
    found = symbolic(parse("u = " + "+".join(f"x^{k}" for k in range(2, 12)) + "; sin(u)*cos(u)"), "x")
    assert found.steps[0].focus[0] == r"\frac{d}{dx}\left[ v_{20} \cdot v_{21} \right]"
    assert found.steps[1].focus == (
        r"\frac{d}{dx}\left[ \sin u \right]", r"\cos u \cdot \frac{d}{dx}\left[ u \right]",
    )  # fmt: skip


def test_arrays_are_refused_with_their_place() -> None:
    with pytest.raises(EngineError) as refused:
        symbolic(parse("1 + sum(x)"), "x")
    assert (refused.value.code, refused.value.hint) == ("not_symbolic", "symbolic_numbers")
    assert (refused.value.span.start, refused.value.span.end) == (4, 10)  # type: ignore[union-attr]
    assert refused.value.params == {"name": "sum"}
    with pytest.raises(EngineError, match="not_symbolic"):
        swell(parse("x @ x"), "x", range(3))
    with pytest.raises(EngineError, match="'x'"):
        symbolic(shaped(parse("x*x"), {"x": (3,)}), "x")
    assert tree_size(symbolic(parse("u = sum(x); x^2"), "x").shared) == 1
