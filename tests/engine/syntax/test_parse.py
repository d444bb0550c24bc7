from collections.abc import Iterable
from inspect import Parameter

import pytest

from engine.errors import EngineError
from engine.graph import Graph
from engine.primitive import ALIASES
from engine.syntax import parse, tokens
from engine.syntax.statics import KINDS


def expression(graph: Graph, node: int | None = None) -> str:
    """The output as an s-expression."""
    text: list[str] = []
    for each in graph.nodes:
        if each.op is None:
            symbol = (each.params or {}).get("symbol")
            text.append(each.name or symbol or f"{each.const:g}")
        else:
            text.append(f"({' '.join([each.op.name, *(text[i] for i in each.inputs)])})")
    return text[graph.outputs[0] if node is None else node]


def pieces(source: str) -> list[str]:
    return [source[node.span.start : node.span.end] for node in parse(source).nodes if node.span]


FORMS = {
    # Names, numbers, constants
    "x": "x",
    "x_1": "x_1",
    "x1": "x1",
    "xy": "xy",
    "学习率": "学习率",
    "α": "α",
    "é": "é",
    "_": "_",
    "constructor": "constructor",
    "__proto__": "__proto__",
    "toString": "toString",
    "hasOwnProperty": "hasOwnProperty",
    "tau": "tau",
    "E": "E",
    "i": "i",
    "dx/dy": "(div dx dy)",
    "3": "3",
    "3.25": "3.25",
    ".5": "0.5",
    "5.": "5",
    "1e3": "1000",
    "1E+3": "1000",
    "2.5e-3": "0.0025",
    "1_000": "1000",
    "007": "7",
    "1e-999": "0",
    "pi": "pi",
    "π": "pi",
    "e": "e",
    "ℯ": "e",
    "math.pi": "pi",
    "np.e": "e",
    "math.tau": "tau",
    # Signs
    "-x": "(neg x)",
    "+x": "x",
    "-2": "-2",
    "- 2": "-2",
    "−2": "-2",
    "--2": "(neg -2)",
    "-(2)": "(neg 2)",
    "-+2": "(neg 2)",
    "-pi": "(neg pi)",
    "-2x": "(mul -2 x)",
    "-2^2": "(neg (power 2 2))",
    "-2²": "(neg (power 2 2))",
    "-x^2": "(neg (power x 2))",
    "-x²": "(neg (power x 2))",
    "(-x)^2": "(power (neg x) 2)",
    "-x*y": "(mul (neg x) y)",
    "x - 2": "(sub x 2)",
    "x -2": "(sub x 2)",
    "x*-2": "(mul x -2)",
    "x - -2": "(sub x -2)",
    "x--y": "(sub x (neg y))",
    "x+-y": "(add x (neg y))",
    "+x+y": "(add x y)",
    "-x + y": "(add (neg x) y)",
    "x^-1": "(power x -1)",
    "x^-2^2": "(power x (neg (power 2 2)))",
    "2^-x": "(power 2 (neg x))",
    "2^-x^2": "(power 2 (neg (power x 2)))",
    "2^-x*y": "(mul (power 2 (neg x)) y)",
    "2*-x^2": "(mul 2 (neg (power x 2)))",
    # Ranks
    "a + b + c": "(add (add a b) c)",
    "a - b - c": "(sub (sub a b) c)",
    "a - (b - c)": "(sub a (sub b c))",
    "a / b / c": "(div (div a b) c)",
    "a / b * c": "(mul (div a b) c)",
    "a + b * c": "(add a (mul b c))",
    "(a + b) * c": "(mul (add a b) c)",
    "a ^ b ^ c": "(power a (power b c))",
    "a ** b ** c": "(power a (power b c))",
    "(a ^ b) ^ c": "(power (power a b) c)",
    "a * b ^ c": "(mul a (power b c))",
    "a ^ b * c": "(mul (power a b) c)",
    "a * b + c * d": "(add (mul a b) (mul c d))",
    "((x))": "x",
    "9**9**9**9": "(power 9 (power 9 (power 9 9)))",
    # Products that are not written
    "2x": "(mul 2 x)",
    "2 x": "(mul 2 x)",
    "2x^2": "(mul 2 (power x 2))",
    "2^3x": "(mul (power 2 3) x)",
    "1/2x": "(mul (div 1 2) x)",
    "x y": "(mul x y)",
    "2 x y": "(mul (mul 2 x) y)",
    "2(x+1)": "(mul 2 (add x 1))",
    "(x+1)(x-1)": "(mul (add x 1) (sub x 1))",
    "(x+1)x": "(mul (add x 1) x)",
    "x(y+1)": "(mul x (add y 1))",
    "x (y+1)": "(mul x (add y 1))",
    "x1(y+1)": "(mul x1 (add y 1))",
    "x_12(y+1)": "(mul x_12 (add y 1))",
    "x₁(y+1)": "(mul x1 (add y 1))",
    "rate + rate(x)": "(add rate (mul rate x))",
    "f + f(x)": "(add f (mul f x))",
    "a/b(c)": "(mul (div a b) c)",
    "2e": "(mul 2 e)",
    "2e3": "2000",
    "2e3x": "(mul 2000 x)",
    "2e+3": "2000",
    "2e + 3": "(add (mul 2 e) 3)",
    "2e^x": "(mul 2 (power e x))",
    "2πr": "(mul (mul 2 pi) r)",
    "πr²": "(mul pi (power r 2))",
    "xπ": "(mul x pi)",
    "2π r": "(mul (mul 2 pi) r)",
    "π(x)": "(mul pi x)",
    "e(x+1)": "(mul e (add x 1))",
    "np.pi(x)": "(mul pi x)",
    "3 sin(x)": "(mul 3 (sin x))",
    "3sin(x)": "(mul 3 (sin x))",
    "3.sin(x)": "(mul 3 (sin x))",
    "x sin(x) cos(x)": "(mul (mul x (sin x)) (cos x))",
    "sin(x)cos(x)": "(mul (sin x) (cos x))",
    "sin(x)(x)": "(mul (sin x) x)",
    "2exp(x)": "(mul 2 (exp x))",
    # Powers
    "x²": "(power x 2)",
    "x²y³": "(mul (power x 2) (power y 3))",
    "x⁻¹": "(power x -1)",
    "x¹²": "(power x 12)",
    "x⁺²": "(power x 2)",
    "2²³": "(power 2 23)",
    "2^x²": "(power 2 (power x 2))",
    "x²^3": "(power (power x 2) 3)",
    "(x+1)²": "(power (add x 1) 2)",
    "sin(x)²": "(power (sin x) 2)",
    "sin^2(x)": "(power (sin x) 2)",
    "sin**2(x)": "(power (sin x) 2)",
    "sin ^ 2 (x)": "(power (sin x) 2)",
    "sin²(x)": "(power (sin x) 2)",
    "sin^n(x)": "(power (sin x) n)",
    "sin^n (x)": "(power (sin x) n)",
    "sin^e(x)": "(power (sin x) e)",
    "sin^2(x) + cos^2(x)": "(add (power (sin x) 2) (power (cos x) 2))",
    "sin^2(x)^3": "(power (power (sin x) 2) 3)",
    "-sin^2(x)": "(neg (power (sin x) 2))",
    "√x": "(sqrt x)",
    "√2": "(sqrt 2)",
    "√(x+1)": "(sqrt (add x 1))",
    "√x y": "(mul (sqrt x) y)",
    "√x + 1": "(add (sqrt x) 1)",
    "√x²": "(power (sqrt x) 2)",
    "2√x": "(mul 2 (sqrt x))",
    "√√x": "(sqrt (sqrt x))",
    "√-x": "(sqrt (neg x))",
    "∛x": "(cbrt x)",
    "√|x|": "(sqrt (abs x))",
    # Bars
    "|x|": "(abs x)",
    "|-x|": "(abs (neg x))",
    "|x| + |y|": "(add (abs x) (abs y))",
    "|x||y|": "(mul (abs x) (abs y))",
    "|x|y|z|": "(mul (mul (abs x) y) (abs z))",
    "||x| - 1|": "(abs (sub (abs x) 1))",
    "||x||": "(norm x)",
    "‖x‖": "(norm x)",
    "∥x∥²": "(power (norm x) 2)",
    "||(|x|)|| + ||y||": "(add (norm (abs x)) (norm y))",
    "||x||_1y": "(mul (norm x) _1y)",
    "||x| - |y||": "(abs (sub (abs x) (abs y)))",
    "|||x|||": "(abs (abs (abs x)))",
    "|x - |y||": "(abs (sub x (abs y)))",
    "2|x|": "(mul 2 (abs x))",
    "|x|²": "(power (abs x) 2)",
    "|(x|y|)|": "(abs (mul x (abs y)))",
    "(|x|)": "(abs x)",
    "sin(|x|)": "(sin (abs x))",
    "a + b|c|": "(add a (mul b (abs c)))",
    "|a| < |b|": "(less (abs a) (abs b))",
    "max(|a|, |b|)": "(maximum (abs a) (abs b))",
    # Calls
    "sin(x)": "(sin x)",
    "sin (x)": "(sin x)",
    "sin( x )": "(sin x)",
    "np.exp(x)": "(exp x)",
    "numpy.exp(x)": "(exp x)",
    "math.exp(x)": "(exp x)",
    "tf.exp(x)": "(exp x)",
    "tf.math.tanh(x)": "(tanh x)",
    "tf.nn.relu(x)": "(relu x)",
    "torch.sigmoid(x)": "(sigmoid x)",
    "torch.nn.functional.relu(x)": "(relu x)",
    "jnp.sin(x)": "(sin x)",
    "jax.nn.silu(x)": "(silu x)",
    "np.sin^2(x)": "(power (sin x) 2)",
    "ln(x)": "(log x)",
    "log(x)": "(log x)",
    "log(x, 2)": "(log_base x 2)",
    "log2(x)": "(log2 x)",
    "pow(x, 3)": "(power x 3)",
    "abs(x)": "(abs x)",
    "arcsin(x)": "(asin x)",
    "atan2(y, x)": "(atan2 y x)",
    "max(a, b)": "(maximum a b)",
    "max(a, b, c)": "(maximum (maximum a b) c)",
    "min(a, b, c, d)": "(minimum (minimum (minimum a b) c) d)",
    "where(x > 0, x, -x)": "(where (greater x 0) x (neg x))",
    "sin(cos(tan(x)))": "(sin (cos (tan x)))",
    "max(x + 1, (y))": "(maximum (add x 1) y)",
    "sec(x)": "(sec x)",
    # Comparisons
    "x < 1": "(less x 1)",
    "x <= 1": "(less_equal x 1)",
    "x ≤ 1": "(less_equal x 1)",
    "x > 1": "(greater x 1)",
    "x ≥ 1": "(greater_equal x 1)",
    "x == 1": "(equal x 1)",
    "x==1": "(equal x 1)",
    "x != 1": "(not_equal x 1)",
    "x ≠ 1": "(not_equal x 1)",
    "x + 1 < 2y": "(less (add x 1) (mul 2 y))",
    "(a < b) * (b < c)": "(mul (less a b) (less b c))",
    "(a < b) < c": "(less (less a b) c)",
    # Statements
    "u = exp(x); (u + 1) * u": "(mul (add (exp x) 1) (exp x))",
    "u = exp(x)\n(u + 1) * u": "(mul (add (exp x) 1) (exp x))",
    "e = a + b; e * e(a + 1)": "(mul (mul (add a b) (add a b)) (add a 1))",
    "f(e) = 2e": "(mul 2 e)",
    "u = x + 1": "(add x 1)",
    "u=x": "x",
    "x; y": "y",
    ";;x;;": "x",
    "\n\nx\n\n": "x",
    "x\r\n": "x",
    "x # the input": "x",
    "# a comment\nx": "x",
    "x # = ( not read": "x",
    "  x": "x",
    "\tx": "x",
    "(x +\n 1)": "(add x 1)",
    "max(x,\n    y)": "(maximum x y)",
    "u = (1 +\n u)\nu": "(add 1 u)",
    "x = x + 1; x": "(add x 1)",
    "x = 2; x(y)": "(mul 2 y)",
    "loss = x; loss(y)": "(mul x y)",
    "a = 2; a = a + 1; a": "(add 2 1)",
    "a = 2; -a": "(neg 2)",
    "f(x) = x^2": "(power x 2)",
    "f(x, y) = y - x": "(sub y x)",
    "f (x) = x": "x",
    "f() = 3": "3",
    "a = 2; f(x) = a x": "(mul 2 x)",
    "x = 2; f(x) = x": "x",
    "loss(x) = x": "x",
    "f(x) =\tx": "x",
}


@pytest.mark.parametrize("source", FORMS)
def test_reads(source: str) -> None:
    graph = parse(source).check()
    assert expression(graph) == FORMS[source]
    assert graph.source == source
    assert all(node.span is not None and 0 <= node.span.start < node.span.end <= len(source) for node in graph.nodes)


SAME = [
    ["2x", "2*x", "2·x", "2×x", "2 x", "２x", "２ｘ", "(2)x", "2⋅x", "2＊x", "𝟐𝑥"],
    ["x^2", "x**2", "x²", "x ^ 2", "ｘ＾２", "x^(2)", "pow(x, 2)", "pow(x，2)"],
    ["(x+1)/y", "（x＋1）／y", "(x+1)÷y", "(x + 1) ∕ y", "( x+1 )/( y )"],
    ["a - b", "a−b", "a－b", "a – b", "a—b"],
    ["x <= y", "x ≤ y", "x≦y", "x＜＝y"],
    ["x != y", "x ≠ y", "x！＝y"],
    ["sqrt(x)", "√x", "√(x)", "np.sqrt(x)", "math.sqrt(x)"],
    ["|x|", "abs(x)", "｜x｜", "∣x∣", "np.abs(x)"],
    ["ln(x)", "log(x)", "np.log(x)", "ｌｎ（ｘ）"],
    ["3.5x", "3．5x", "3。5x", "３.５ｘ", "3.5\u00a0x", "3.5\u3000x", "3.5\u200bx"],
    ["sin(x)^2", "sin^2(x)", "sin²(x)", "sin**2(x)", "sin(x)²"],
    ["u = x; u + 1", "u = x\nu + 1", "u ＝ x； u + 1", "u = x\r\nu + 1", "u = x # name it\nu + 1"],
    ["pi x", "π x", "π*x", "math.pi*x", "π×x"],
    ["x1 + x2", "x₁ + x₂", "x１ + x２"],
    ["μ", "µ"],
    ["max(a, b)", "max（a，b）", "max(a、b)", "maximum(a, b)", "np.maximum(a, b)"],
]


@pytest.mark.parametrize("sources", SAME, ids=lambda sources: sources[0])
def test_the_same_in_other_notations(sources: list[str]) -> None:
    assert {expression(parse(source)) for source in sources} == {expression(parse(sources[0]))}


def shape(graph: Graph) -> list[tuple[object, ...]]:
    return [(node.op, node.inputs, node.name, node.const, node.params) for node in graph.nodes]


@pytest.mark.parametrize("sources", [SAME[0], SAME[3], SAME[11]], ids=lambda sources: sources[0])
def test_other_notations_give_the_same_list(sources: list[str]) -> None:
    first = shape(parse(sources[0]))
    assert all(shape(parse(source)) == first for source in sources)


def test_inputs_come_first_in_order_of_appearance() -> None:
    graph = parse("3 + y * sin(x) + y + z1(x)")
    assert list(graph.inputs.items()) == [("y", 0), ("x", 1), ("z1", 2)]


def test_a_header_fixes_the_order_of_the_inputs() -> None:
    graph = parse("f(x, y, t) = a y + x")
    assert list(graph.inputs.items()) == [("x", 0), ("y", 1), ("t", 2), ("a", 3)]
    assert graph.labels == {"f": graph.outputs[0]}
    assert pieces("f(x, y, t) = a y + x")[:4] == ["x", "y", "t", "a"]


def test_a_name_read_before_it_is_assigned_is_an_input() -> None:
    graph = parse("x = x + 1; y = x; x")
    assert list(graph.inputs) == ["x"]
    assert graph.labels == {"x": 2, "y": 2}


def test_a_repeated_subexpression_is_two_nodes_a_named_one_is_one() -> None:
    assert len(parse("sin(x) + sin(x)").nodes) == 4
    assert len(parse("u = sin(x); u + u").nodes) == 3


def test_every_literal_and_every_pi_is_a_node_of_its_own() -> None:
    graph = parse("2 + 2 + pi + pi + x + x")
    assert [node.const for node in graph.nodes].count(2.0) == 2
    assert [node.params for node in graph.nodes].count({"symbol": "pi"}) == 2
    assert list(graph.inputs) == ["x"]


def test_the_rest_is_in_order_of_evaluation() -> None:
    graph = parse("sin(x) * (y - 2)")
    assert [repr(node.op or node.const or node.name) for node in graph.nodes] == [
        "'x'",
        "'y'",
        "sin",
        "2.0",
        "sub",
        "mul",
    ]


def test_an_unused_statement_keeps_its_nodes() -> None:
    graph = parse("u = exp(x); y")
    assert (list(graph.inputs), graph.labels, graph.outputs) == (["x", "y"], {"u": 2}, (1,))


SPANS = {
    "3 sin(x)": ["x", "3", "sin(x)", "3 sin(x)"],
    "(a + b) * (c)": ["a", "b", "c", "a + b", "(a + b) * (c)"],
    "((a + b))c": ["a", "b", "c", "a + b", "((a + b))c"],
    "-(a + b)": ["a", "b", "a + b", "-(a + b)"],
    "x - -2": ["x", "-2", "x - -2"],
    "x²": ["x", "²", "x²"],
    "(x)² + 1": ["x", "²", "(x)²", "1", "(x)² + 1"],
    "|x - 1| y": ["x", "y", "1", "x - 1", "|x - 1|", "|x - 1| y"],
    "（２ｘ＋１）×３": ["ｘ", "２", "２ｘ", "１", "２ｘ＋１", "３", "（２ｘ＋１）×３"],
    "max(a , b,c )": ["a", "b", "c", "max(a , b,c )", "max(a , b,c )"],
    "sin ^ 2 (x) # square": ["x", "sin ^ 2 (x)", "2", "sin ^ 2 (x)"],
    "  u = exp( x ) ; u * u": ["x", "exp( x )", "u * u"],
    "+x + y": ["x", "y", "+x + y"],
    "√(x) + 𝑦": ["x", "𝑦", "√(x)", "√(x) + 𝑦"],
    "np.exp(x)/2": ["x", "np.exp(x)", "2", "np.exp(x)/2"],
    "x₁ + x1": ["x₁", "x₁ + x1"],
}


@pytest.mark.parametrize("source", SPANS)
def test_spans(source: str) -> None:
    assert pieces(source) == SPANS[source]


EXAMPLES = {name: (expected if expected[0] == "(" else expected.split(",")[0]) for name, (_, expected) in KINDS.items()}


def test_every_alias_of_every_row_can_be_called() -> None:
    for alias, row in ALIASES.items():
        arguments = ", ".join(f"x{i}" for i in range(row.arity or 2))
        needed = [name for name, default in row.statics.items() if default is Parameter.empty]
        arguments += "".join(f", {name}={EXAMPLES[name]}" for name in needed)
        assert parse(f"{alias}({arguments})").nodes[-1].op is row
        assert parse(f"np.{alias}({arguments})").nodes[-1].op is row


def test_tokens_cover_everything_but_blanks_and_comments() -> None:
    source = "  u = sin(x)^2 # why\n３ |u|  @ ½"
    read = tokens(source)
    assert [token.text for token in read] == ["u =", "sin(", "x", ")", "^", "2", "\n", "３", "|", "u", "|", "@", "½"]
    assert all(source[token.span.start : token.span.end] == token.text for token in read)
    assert covered(source, [token.text for token in read]) == source.replace("# why", "").replace(" ", "")


def covered(source: str, texts: Iterable[str]) -> str:
    return "".join(texts).replace(" ", "")


def test_a_new_row_is_understood_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match="unknown_function"):
        parse("brandnew(x)")
    monkeypatch.setitem(ALIASES, "brandnew", ALIASES["sin"])
    assert expression(parse("brandnew(x)")) == "(sin x)"
    monkeypatch.undo()
    with pytest.raises(EngineError, match="unknown_function"):
        parse("brandnew(x)")
