"""Are two formulas the same on a domain? What must be accepted is, what must not be is not, whatever digits are lost."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.grading.equivalence import COUNT, Judgement, Subject
from engine.shapes import shaped
from engine.syntax import parse

Domain = dict[str, tuple[float, float]]


def subject(source: str, domain: Domain | None = None, seed: int = 0) -> Subject:
    graph = parse(source)
    return Subject(graph, graph.outputs[0], domain or {}, seed=seed)


def judged(source: str, answer: str, domain: Domain | None = None, seed: int = 0) -> Judgement:
    return subject(source, domain, seed).judge(parse(answer))


SAME: list[tuple[str, str, Domain]] = [
    ("sin(x)^2", "1 - cos(x)^2", {}),
    ("0*x", "sin(x)^2 + cos(x)^2 - 1", {}),
    ("0*x", "(0.1 + 0.2 - 0.3)*x", {}),
    ("x", "x + 1e20 - 1e20", {}),
    ("-sin(x)", "sin(x + pi)", {}),
    ("sin(x) + sin(x + pi)", "0", {}),
    ("x + 1", "(x^2 - 1)/(x - 1)", {}),
    ("log(x)", "log(x^2)/2", {}),
    ("x", "sqrt(x^2)", {"x": (0, 3)}),
    ("acosh(x)", "log(x + sqrt(x^2 - 1))", {}),
    ("exp(x)", "exp(2*x)/exp(x)", {"x": (300, 500)}),
    ("exp(-x)", "exp(-2*x)/exp(-x)", {"x": (300, 500)}),
    ("x", "(1 + x*1e-12 - 1)*1e12", {}),
    ("x*y", "((x + y)^2 - (x - y)^2)/4", {}),
    ("2*x + 0*y", "2x", {}),
]
OTHER: list[tuple[str, str, Domain]] = [
    ("x", "x*(1 + 1e-7)", {}),
    ("x", "x + 1e-7", {}),
    ("x^2", "2*x", {}),
    ("0*x", "sin(pi*x)", {}),
    ("0*x", "x + 1e20 - 1e20", {}),
    ("0*x", "1e-30*x", {}),
    ("log(x^2)/2", "log(x)", {}),
    ("abs(x)", "x", {"x": (-1, 1)}),
    ("x", "sqrt(x)^2", {"x": (-1, 1)}),
    ("x", "sqrt(x^2)", {"x": (-1, 1)}),
    ("x", "relu(x)", {"x": (-1, 1)}),
    ("x", "floor(x)", {}),
    ("x", "x + log(-1)", {}),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("source", "answer", "domain"), SAME)
def test_equal_formulas_are_accepted(source: str, answer: str, domain: Domain, seed: int) -> None:
    found = judged(source, answer, domain, seed)
    assert found.equal, found.evidence
    assert found.evidence.points >= COUNT
    assert found.evidence.differs is None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("source", "answer", "domain"), OTHER)
def test_others_are_not_and_the_evidence_says_where(source: str, answer: str, domain: Domain, seed: int) -> None:
    found = judged(source, answer, domain, seed)
    assert not found.equal
    assert found.evidence.differs is not None
    assert set(found.evidence.differs.at) == {"x"}
    assert found.evidence.differs.expected != found.evidence.differs.got


def test_more_digits_decide_where_digits_are_lost() -> None:
    assert judged("x", "x + 1e20 - 1e20").evidence.digits > 16
    assert judged("x^2 - 1", "(x - 1)*(x + 1)").evidence.digits == 16


def test_points_depend_on_the_task_and_on_the_seed_alone() -> None:
    first, again = subject("sin(x)*y"), subject("sin(x)*y")
    assert all(np.array_equal(first.points[name], again.points[name]) for name in ("x", "y"))
    for other in (subject("sin(x)*y", seed=1), subject("cos(x)*y")):
        assert not set(first.points["x"].tolist()) & set(other.points["x"].tolist())


def test_points_lie_in_the_domain_and_all_over_it() -> None:
    found = np.sort(subject("sin(x)", {"x": (2, 6)}).points["x"])
    assert len(found) == COUNT
    assert ((found > 2) & (found < 6)).all()
    assert np.diff(found).max() < 2.3 * 4 / COUNT
    free = subject("sin(x)").points["x"]
    assert (free > 0).any()
    assert (free < 0).any()
    assert np.abs(free).min() < 0.3
    assert np.abs(free).max() > 3


def test_a_formula_that_is_finite_nowhere_is_the_tasks_fault() -> None:
    with pytest.raises(EngineError, match="no_point"):
        subject("log(x)", {"x": (-2, -1)})
    for bad in ((1, 1), (2, 1), (0, float("inf")), (1,), ("a", "b")):
        with pytest.raises(EngineError, match="bad_domain"):
            subject("x", {"x": bad})  # type: ignore[dict-item]
    with pytest.raises(EngineError, match="unexpected_input"):
        subject("x", {"y": (0, 1)})


def test_a_name_the_task_does_not_have_cannot_be_judged() -> None:
    with pytest.raises(EngineError, match="unexpected_input"):
        judged("x^2", "2*y")


def test_arrays_are_compared_element_by_element_and_need_the_same_shape() -> None:
    shapes = {"A": (2, 3), "x": (3,)}
    task = shaped(parse("A @ x"), shapes)
    asked = Subject(task, task.outputs[0], {})
    assert asked.values.shape == (COUNT, 2)

    def judge(text: str) -> Judgement:
        return asked.judge(shaped(parse(text), shapes))

    assert judge("A @ x").equal
    assert judge("sum(A * x, axis=1)").equal
    assert judge("(A @ (x + 1e20)) - A @ (1e20 + 0*x)").equal
    assert not judge("(A @ x) * (1 + 1e-7)").equal
    wrong = judge("sum(A * x, axis=1, keepdims=True)")
    assert not wrong.equal
    assert wrong.evidence.shapes is not None
    assert (wrong.evidence.shapes.expected, wrong.evidence.shapes.got) == ("(2,)", "(2, 1)")


def test_values_of_other_formulas_at_the_same_points() -> None:
    asked = subject("sin(x)")
    assert np.allclose(asked.values_of(parse("cos(x)")), np.cos(asked.points["x"]))
    assert asked.values_of(parse("3")).shape == (COUNT,)


def test_a_shared_part_that_loses_digits_is_not_taken_for_two() -> None:
    assert judged("0*x + 1", "u = (x + 1e8)^2 - x^2 - 2e8*x; u/u").equal
    assert not judged("1e16 + 0*x", "u = x + 1e8; u*u - x*x").equal
    assert judged("1e16 + 2e8*x", "u = x + 1e8; u*u - x*x").equal
