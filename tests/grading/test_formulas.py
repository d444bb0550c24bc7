"""Formulas as answers: right in any form, wrong ones explained by the mistake that gives them."""

from typing import Any

import pytest

from engine.errors import EngineError
from engine.examples import EXAMPLES
from engine.explain.columns import Message
from engine.grading import KINDS, Report, grade, prepare
from engine.grading.draw import Draw
from engine.grading.formulas import Derivative, Expression, Gradient
from engine.grading.records import Finding
from engine.syntax import parse
from server.locale import LOCALES, catalogue

SCALAR = [example for example in EXAMPLES if all(isinstance(value, float) for value in example.inputs.values())]
SOURCES = [source for source in dict.fromkeys(example.source for example in SCALAR) if not source.startswith("[")]
LONG = 50


def mistakes(report: Report) -> list[str]:
    return [found.mistake for found in report.diagnosis]


def derivative(source: str, answer: Any, wrt: Any = "x", **options: Any) -> Report:
    return grade(Derivative(source=source, wrt=wrt, **options), answer)


@pytest.mark.parametrize(
    "answer",
    [
        "2x", "2*x", "x + x", "x*2", "2x^1", "x^2/x*2", "(x+1)^2 - x^2 - 1", "２ｘ", "2·x", "y' = 2x", "f'(x) = 2x", "f′(x)=2x", "dy/dx = 2x",
        "df/dx = 2x", "d/dx f(x) = 2x", "∂f/∂x = 2x", "= 2x", "u = x; 2u", "y = 2x", "2exp(ln(|x|)) sign(x)",
    ],
)  # fmt: skip
def test_every_form_of_a_right_answer_is_right(answer: str) -> None:
    report = derivative("x^2", answer)
    assert (report.verdict, report.score, report.points) == ("correct", 1.0, 1.0)
    assert report.diagnosis == []


@pytest.mark.parametrize(
    ("source", "answer", "mistake", "node"),
    [
        ("sin(3x)", "cos(3x)", "forgot_inner", "sin(3x)"), ("exp(-x^2)", "exp(-x^2)", "not_differentiated", "exp(-x^2)"),
        ("(2x+1)^5", "5(2x+1)^4", "forgot_inner", "(2x+1)^5"), ("cos(x)", "sin(x)", "sign", "cos(x)"), ("x^2 sin(x)", "2x cos(x)", "product_rule", "x^2 sin(x)"),
        ("x^2 sin(x)", "2x sin(x)", "dropped_branch", "x^2 sin(x)"), ("x^2 sin(x)", "x^2 cos(x)", "dropped_branch", "x^2 sin(x)"),
        ("sin(x)/x", "(sin(x) - x cos(x))/x^2", "quotient_order", "sin(x)/x"), ("sin(x)/x", "cos(x)", "quotient_rule", "sin(x)/x"),
        ("sin(x)/x", "(x cos(x) - sin(x))/x", "quotient_rule", "sin(x)/x"), ("x^3", "x^2", "power_rule", "x^3"), ("x^3", "3x^3", "power_rule", "x^3"),
        ("x^3", "2x^2", "power_rule", "x^3"), ("2^x", "x*2^(x-1)", "power_rule", "2^x"), ("2^x", "2^x", "not_differentiated", "2^x"),
        ("3x^2 + 5", "6x + 5", "constant_kept", "3x^2 + 5"), ("3x^2 + 5", "6x + 1", "constant_kept", "3x^2 + 5"), ("3 sin(x)", "cos(x)", "constant_factor", "3 sin(x)"),
        ("log10(x)", "1/x", "log_base", "log10(x)"), ("ln(x) + x", "1/(x ln(10)) + 1", "log_base", "ln(x)"), ("sin(x) + x^2", "pi/180 cos(x) + 2x", "degrees", "sin(x)"),
        ("x*y", "x", "wrong_variable", "x*y"), ("x^4", "12x^2", "wrong_order", "x^4"), ("ln(x+1)", "1/x + 1", "missing_brackets", "(x + 1)"), ("x*y^2", "x", "wrong_operand", "x*y^2"),
    ],
)  # fmt: skip
def test_a_misconception_is_named_with_the_piece_it_is_about(source: str, answer: str, mistake: str, node: str) -> None:
    task = Derivative(source=source, wrt="x", domain={"x": (0.3, 2.0)})
    found = prepare(task).mark(answer)
    assert [finding.mistake for finding in found.findings] == [mistake]
    assert found.findings[0].words["node"] == node


def test_the_mistake_is_said_in_both_languages_at_each_level() -> None:
    task = Derivative(source="sin(3x)", wrt="x")
    for locale, word in (("en", "inner derivative"), ("zh", "内层导数")):
        words = catalogue(locale)
        say = lambda message, words=words: words.say(message.key, **message.words)  # noqa: E731
        none, hint, full = (grade(task, "cos(3x)", help=level, say=say) for level in ("none", "hint", "full"))
        assert none.diagnosis == []
        assert none.model is None
        assert "sin(3x)" in hint.diagnosis[0].text
        assert hint.model is None
        assert "cos" not in hint.diagnosis[0].text, "a hint does not give the rule away"
        assert word in full.diagnosis[0].text
        assert "\\cos" in full.diagnosis[0].text
        assert full.model == "3*cos(3*x)"
        assert full.cells[0].expected == "3*cos(3*x)"
        assert hint.cells[0].expected is None


def complete(found: Finding) -> bool:
    """Is everything that can be said of a mistake there, in both languages, no word missing?"""
    said = [
        catalogue(locale).say(f"mistake.{found.mistake}.{part}", **found.words)
        for locale in LOCALES
        for part in ("title", "hint", "full")
    ]
    return not any(
        f"{{{word}}}" in text or text.startswith("mistake.")
        for text in said
        for word in ("node", "input", "rule", "factor", "other")
    )


@pytest.mark.parametrize("source", SOURCES)
def test_every_simulated_mistake_in_every_worked_example_is_diagnosed(source: str) -> None:
    exercise = prepare(Gradient(source=source, domain=dict.fromkeys(parse(source).inputs, (0.35, 0.95))))
    found = 0
    submissions = [*exercise.submissions()]
    if len(exercise.graph.nodes) > LONG:  # its derivative is a formula of 6,000 characters
        submissions = submissions[2:3]
    for submission in submissions:
        report = grade(exercise.task, submission.answer)
        assert (report.verdict, report.score) == (submission.verdict, pytest.approx(submission.score)), submission
        if submission.mistake is not None:
            assert mistakes(report) == [submission.mistake], submission
            assert all(map(complete, exercise.mark(submission.answer).findings))
            found += 1
    assert found >= min(len(submissions), len(exercise.scheme())), "a mistake for each input at least"


@pytest.mark.parametrize(
    ("source", "answer"), [("x^2 sin(x)", "17x^5 - exp(x)"), ("x/y", "y^7"), ("ln(x)", "tanh(x) + 3")]
)
def test_what_no_mistake_explains_gets_no_guess(source: str, answer: str) -> None:
    report = derivative(source, answer, domain={"x": (0.3, 2.0)})
    assert report.verdict == "incorrect"
    assert report.diagnosis == []


@pytest.mark.parametrize(
    ("answer", "code", "span"),
    [("2x +", "unexpected_end", (3, 4)), ("f'(x) = 2x +", "unexpected_end", (11, 12)), ("2z", "unexpected_input", (1, 2)), (None, "bad_answer", None), ({}, "bad_answer", None), ([], "bad_answer", None), ("", "empty_source", (0, 0))],
)  # fmt: skip
def test_what_cannot_be_read_costs_no_attempt_and_says_where(
    answer: Any, code: str, span: tuple[int, int] | None
) -> None:
    report = derivative("x^2", answer)
    assert (report.verdict, report.score, report.gradable) == ("malformed", 0.0, False)
    assert report.error is not None
    assert report.error.code == code
    assert report.error.cell == "answer"
    found = report.error.span
    assert (None if found is None else (found.start, found.end)) == span


def test_a_gradient_is_marked_component_by_component() -> None:
    task = Gradient(source="x^2 y", points=3.0)
    report = grade(task, {"x": "2x y", "y": "2x"})
    assert (report.verdict, report.score, report.points) == ("partial", 0.5, 1.5)
    assert [(cell.cell, cell.verdict) for cell in report.cells] == [("x", "correct"), ("y", "incorrect")]
    assert grade(task, ["2x y", "x^2"]).verdict == "correct"
    missing = grade(task, {"y": "x²"})
    assert [(cell.cell, cell.verdict) for cell in missing.cells] == [("x", "missing"), ("y", "correct")]
    swapped = grade(task, {"x": "x^2", "y": "2x y"})
    assert (swapped.score, mistakes(swapped)) == (0.0, ["swapped"])
    unknown = grade(task, {"x": "2x y", "z": "1"})
    assert unknown.error is not None
    assert unknown.error.code == "unknown_cell"


def test_a_gradient_by_arrays() -> None:
    task = Gradient(source="sum((A @ x - b)^2)", shapes={"A": (3, 2), "x": (2,), "b": (3,)})
    assert grade(task, {"A": "2 outer(A@x - b, x)", "x": "2A'@(A@x - b)", "b": "-2(A@x - b)"}).verdict == "correct"
    assert grade(task, prepare(task).model()).verdict == "correct"
    turned = grade(task, {"A": "2 outer(x, A@x - b)", "x": "2A'@(A@x - b)", "b": "-2(A@x - b)"})
    assert mistakes(turned) == ["transpose"]
    signed = grade(task, {"A": "2 outer(A@x - b, x)", "x": "2A'@(A@x - b)", "b": "2(A@x - b)"})
    assert (mistakes(signed), signed.score) == (["sign"], pytest.approx(2 / 3))
    unsummed = Gradient(source="sum((X + b)^2)", wrt=["b"], shapes={"X": (3, 2), "b": (2,)})
    assert mistakes(grade(unsummed, {"b": "2(X + b)"})) == ["not_summed_back"]
    assert grade(unsummed, {"b": "2 sum(X + b, axis=0)"}).verdict == "correct"


def test_higher_derivatives_and_other_formulas() -> None:
    assert derivative("x^4", "12x^2", wrt=["x", "x"]).verdict == "correct"
    assert derivative("x^4", "4x^3", wrt=["x", "x"]).verdict == "incorrect"
    assert mistakes(derivative("x^4", "4x^3", wrt=["x", "x"])) == ["not_differentiated"]
    assert derivative("x^2 y^3", "6x y^2", wrt=["x", "y"]).verdict == "correct"
    assert grade(Expression(source="sin(x)^2"), "1 - cos(x)^2").verdict == "correct"
    assert grade(Expression(source="sin(x)^2"), "sin(x^2)").verdict == "incorrect"
    assert mistakes(grade(Expression(source="x(x + 1)"), "x x + 1")) == ["missing_brackets"]
    assert derivative("u = x^2\nv = 3u\nv + u", "6x", output="v").verdict == "correct"


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (Derivative(source="x^2", wrt="y"), "unknown_wrt"), (Derivative(source="x^", wrt="x"), "unexpected_end"), (Derivative(source="x", wrt=[]), "missing_wrt"),
        (Derivative(source="3", wrt="x"), "unknown_wrt"), (Gradient(source="3"), "missing_wrt"), (Derivative(source="x", wrt="x", domain={"y": (0, 1)}), "unexpected_input"),
        (Derivative(source="ln(x)", wrt="x", domain={"x": (-2, -1)}), "no_point"), (Derivative(source="A @ x", wrt="x"), "output_not_scalar"),
        (Derivative(source="x", wrt="x", shapes={"y": (2,)}), "unexpected_input"), (Derivative(source="x", wrt=["x"] * 20), "order_too_high"),
    ],
)  # fmt: skip
def test_a_task_that_is_wrong_is_refused(task: Any, code: str) -> None:
    with pytest.raises(EngineError) as refused:
        prepare(task)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["derivative", "gradient", "expression"])
def test_drawn_tasks_are_sound(kind: str) -> None:
    drawn = [KINDS[kind].variant(Draw(seed)) for seed in range(60)]
    assert len({task.source for task in drawn}) > 20
    assert drawn == [KINDS[kind].variant(Draw(seed)) for seed in range(60)]
    for task in drawn:
        exercise = prepare(task)
        assert grade(task, exercise.model()).verdict == "correct"
        assert isinstance(exercise.statement(), Message)
