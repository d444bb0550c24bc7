"""Formulas put together of several: an answer must be right on each piece of the domain, however narrow."""

import pytest

from engine.grading.equivalence import COUNT, Judgement, Subject
from engine.syntax import parse

Domain = dict[str, tuple[float, float]]
TWO: Domain = {"x": (-2, 2)}
BOTH: Domain = {"x": (-2, 2), "y": (-2, 2)}


def judged(source: str, answer: str, domain: Domain, seed: int) -> Judgement:
    graph = parse(source)
    return Subject(graph, graph.outputs[0], domain, seed=seed).judge(parse(answer))


WRONG_ON_A_PIECE: list[tuple[str, str, Domain]] = [
    ("x", "where(x > 1.9, 2*x, x)", TWO),
    ("x", "where(x > 1.99, 2*x, x)", TWO),
    ("x", "where(x > 1.9999, 2*x, x)", TWO),
    ("x", "where(x > 1.99999, 2*x, x)", TWO),
    ("x", "where(x < 0.1234, x, where(x < 0.1235, 2*x, x))", TWO),
    ("x", "where(abs(x - 0.5) < 1e-4, 1, x)", TWO),
    ("x", "where(abs(x - 0.5) < 1e-5, 1, x)", TWO),
    ("x", "where(x^2 - 3.9 > 0, x + 1, x)", TWO),
    ("x", "where(sin(50*x) > 0.9999, 0, x)", TWO),
    ("x", "x + (x > 1.999)", TWO),
    ("x", "x + relu(x - 1.999)", TWO),
    ("x", "min(x, 1.999)", TWO),
    ("x", "max(x, -1.999)", TWO),
    ("x", "clip(x, -1.999, 3)", TWO),
    ("x", "x + heaviside(x - 1.99)", TWO),
    ("x", "x + floor(x/1.999)*(x > 0)", TWO),
    ("x", "abs(x - 1.999) - 1.999 + 2*x", {"x": (1.99, 2)}),
    ("-x", "abs(x - 1.999) - 1.999", TWO),
    ("-x", "sqrt((x - 1.999)^2) - 1.999", TWO),
    ("-x", "hypot(x - 1.999, 0) - 1.999", TWO),
    ("-x", "((x - 1.999)^4)^(1/4) - 1.999", TWO),
    ("x", "asin(sin(x))", TWO),
    ("x", "acos(cos(x))", TWO),
    ("x", "sqrt(x^2)", {}),
    ("x", "exp(log(x))", TWO),
    ("x", "log(exp(x) - exp(-1.9)) + log(exp(x))/1 - log(exp(x) - exp(-1.9))", TWO),
    ("x", "x + sqrt(x + 1.99) - sqrt(x + 1.99)", TWO),
    ("x", "x + 0*log(1.99 - x)", TWO),
    ("x", "x + 0*asin(x/1.9)", TWO),
    ("x", "x*abs(x)/x", TWO),
    ("atan(x) + atan(1/x)", "pi/2", TWO),
    ("x", "floor(x)", TWO),
    ("x", "floor(1000*x)/1000", TWO),
    ("x", "ceil(1e6*x)/1e6", TWO),
    ("0*x", "floor(sin(x)/2)", TWO),
    ("x*y", "where(x > 1.99, x, x*y)", BOTH),
    ("x*y", "where(x + y > 3.9, x, x*y)", BOTH),
    ("x*y", "where(x^2 + y^2 < 0.001, 1, x*y)", BOTH),
    ("x*y", "x*max(y, -1.99)", BOTH),
    ("x*y", "abs(x)*abs(y)", BOTH),
]
RIGHT_ON_EACH: list[tuple[str, str, Domain]] = [
    ("abs(x)", "where(x > 0, x, -x)", TWO),
    ("abs(x)", "max(x, -x)", TWO),
    ("abs(x)", "sqrt(x^2)", TWO),
    ("abs(x)", "x*sign(x)", TWO),
    ("abs(x)", "hypot(x, 0)", TWO),
    ("sign(x)", "x/abs(x)", TWO),
    ("heaviside(x)", "x > 0", TWO),
    ("heaviside(x)", "where(x >= 0, 1, 0)", TWO),
    ("relu(x)", "(x + abs(x))/2", TWO),
    ("relu(x)", "x*(x > 0)", {}),
    ("max(x, y)", "(x + y + abs(x - y))/2", BOTH),
    ("min(x, y)", "where(x < y, x, y)", BOTH),
    ("x", "where(x == 0, 0, sin(x)*x/sin(x))", TWO),
    ("x", "x + floor(x/10)", {"x": (0.5, 9)}),
    ("x", "where(x > 5, 0, x)", TWO),
    ("x", "asin(sin(x))", {"x": (-1.5, 1.5)}),
    ("floor(x)", "-ceil(-x)", TWO),
    ("where(x < 1.99, x, 2*x)", "x*(1 + (x > 1.99))", TWO),
    ("atan(x) + atan(1/x)", "pi/2*sign(x)", TWO),
    ("elu(x)", "where(x > 0, x, e^x - 1)", TWO),
    ("sqrt(x)*sqrt(x + 1)", "sqrt(x^2 + x)", {"x": (0, 2)}),
    ("clip(x, -1, 1)", "min(1, max(x, -1))", TWO),
]
SUBJECT_IN_PIECES: list[tuple[str, str, Domain]] = [
    ("where(x < 1.9999, x, 2*x)", "x", TWO),
    ("abs(x + 1.9999)", "x + 1.9999", TWO),
    ("x + relu(x - 1.9999)", "x", TWO),
    ("sqrt((x - 0.5)^2)", "x - 0.5", {"x": (0.4999, 9)}),
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("source", "answer", "domain"), WRONG_ON_A_PIECE + SUBJECT_IN_PIECES)
def test_wrong_on_one_piece_is_wrong(source: str, answer: str, domain: Domain, seed: int) -> None:
    found = judged(source, answer, domain, seed)
    assert not found.equal
    assert found.evidence.differs is not None


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("source", "answer", "domain"), RIGHT_ON_EACH)
def test_right_on_every_piece_is_right(source: str, answer: str, domain: Domain, seed: int) -> None:
    found = judged(source, answer, domain, seed)
    assert found.equal, found.evidence
    assert found.evidence.points >= COUNT
