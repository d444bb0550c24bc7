import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.graph import Graph
from engine.syntax import parse, tokens

PIECES = [
    *"xyabefgnuπαé²³⁻¹√|+-*/^()=,;<>!.#'\"[]{}%&~:@\\$_0123456789 \n\t\r",
    *"（）＋－＊／．，＝；０９×·÷−≤≥≠½ⁿ∞😀\x00\ud800",
    "sin(", "sin", "sin^2(", "sin^-1(", "np.exp(", "max(", "log(", "where(", "f(x) = ", "f(x, y) =", "u = ", "x = ",
    "np.", "x.y", "**", "//", "==", "<=", "!=", "1e5", "1e999",
    "2.5", "lambda", "if", "__import__(", "constructor", "|x|", "(x)",
    "-x", "[1, 2]", "[x, ", "; ", ".T", "x[", ":", "...", "None", "True", "'fro'", "inf", "axis=", ", axis=0", "sum(",
    "reshape(x, ", "concatenate([", "stack(", "norm(", "zeros(", "zeros(2)", "np.array(", "(1, 2)", "-1", ", ", "[[0, 1]]",
    "x'",
]  # fmt: skip


def result(source: str) -> Graph | EngineError:
    try:
        return parse(source)
    except EngineError as error:
        return error


def answer(source: str) -> None:
    """Either a legal graph, or an error that has a place in the text, a hint and words that JSON can carry."""
    graph = result(source)
    if isinstance(graph, EngineError):
        assert graph.span is not None
        assert 0 <= graph.span.start <= graph.span.end <= len(source)
        assert graph.span.start < graph.span.end or not source
        assert graph.hint
        json.dumps(graph.params, ensure_ascii=False).encode()
        return
    graph.check()
    names = [node.name for node in graph.nodes[: len(graph.inputs)]]
    assert names == list(graph.inputs)
    for node in graph.nodes:
        assert node.span is not None
        assert 0 <= node.span.start < node.span.end <= len(source)
    assert all(source[token.span.start : token.span.end] == token.text for token in tokens(source))


@example("f(x, y) =!f(x) = x")
@settings(max_examples=1500)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_of_the_language_is_answered(source: str) -> None:
    answer(source)


@settings(max_examples=700)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_at_all_is_answered(source: str) -> None:
    answer(source)
