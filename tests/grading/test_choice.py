"""Multiple choice: one option is right, every other is a misconception, and any way to name an option is understood."""

from collections import Counter
from itertools import combinations
from typing import Any

import mpmath
import pytest
import sympy
from sympy.parsing import sympy_parser

from engine.errors import EngineError
from engine.grading import KINDS, Report, grade, prepare
from engine.grading.choice import COMMON, Choice, ChoiceExercise
from engine.grading.draw import Draw
from engine.grading.paper import paper
from engine.syntax import parse
from server.locale import LOCALES, catalogue
from tests.grading.test_formulas import SOURCES, complete, mistakes

NAMES = {"log": sympy.log, "e": sympy.E, "E": sympy.E, "pi": sympy.pi}
DRAWN = [KINDS["choice"].variant(Draw(seed)) for seed in range(60)]


def exercise(task: Choice) -> ChoiceExercise:
    found = prepare(task)
    assert isinstance(found, ChoiceExercise)
    return found


def choose(task: Choice, answer: Any) -> str:
    """The letter that an answer is read as, or the code of the refusal."""
    report = grade(task, answer)
    return report.error.code if report.error else str(report.cells[0].got)


def right(task: Choice) -> Any:
    """The derivative by SymPy, of a source of our own."""
    rules = (*sympy_parser.standard_transformations, sympy_parser.implicit_multiplication)
    text = task.source.replace("^", "**")
    return sympy.diff(sympy_parser.parse_expr(text, transformations=rules), task.wrt)


@pytest.mark.parametrize("seed", range(len(DRAWN)))
def test_one_option_is_right_by_sympy_and_no_two_are_the_same(seed: int) -> None:
    task = DRAWN[seed]
    found = exercise(task)
    assert len(found.options) == 4
    expected = right(task)
    options = [sympy.sympify(text.replace("^", "**"), locals=NAMES) for text in found.texts]
    points = [{name: low + (high - low) * part for name, (low, high) in task.domain.items()} for part in (0.613, 0.787)]
    points = [task.inputs] if task.inputs else points
    by_point = [[complex(option.subs(point).evalf(30)) for option in options] for point in points]
    wanted = [complex(expected.subs(point).evalf(30)) for point in points]
    close = 1e-5 if task.inputs else 1e-12
    agrees = [
        all(abs(got[k] - want) <= close * abs(want) for got, want in zip(by_point, wanted, strict=True))
        for k in range(len(options))
    ]
    assert agrees == [k == found.answer for k in range(len(options))]
    for one, other in combinations(range(len(options)), 2):
        assert any(abs(got[one] - got[other]) > 1e-9 * abs(got[one]) for got in by_point)


@pytest.mark.parametrize("seed", range(24))
def test_every_submission_gets_what_it_must(seed: int) -> None:
    task = DRAWN[seed]
    found = exercise(task)
    for submission in found.submissions():
        report = grade(task, submission.answer)
        assert (report.verdict, report.score) == (submission.verdict, submission.score), submission
        assert mistakes(report) == ([submission.mistake] if submission.mistake else []), submission
        if submission.mistake:
            assert all(map(complete, found.mark(submission.answer).findings))
    for text in found.texts:
        if len(text) == 1 and text.isdigit():
            continue  # it may be the number of another option
        assert choose(task, text) == "ABCD"[found.texts.index(text)]
        assert choose(task, f"0 + ({text})") == "ABCD"[found.texts.index(text)], "any formula or number equal to it"


@pytest.mark.parametrize("source", SOURCES)
def test_every_worked_example_has_a_multiple_choice(source: str) -> None:
    graph = parse(source)
    domain = dict.fromkeys(graph.inputs, (0.35, 0.95))
    for wrt in list(graph.inputs)[:2]:
        found = exercise(Choice(source=source, wrt=wrt, domain=domain))
        assert len(found.options) >= 3
        wrong = [option.suspect.mistake for option in found.options if option is not found.sheet.right]
        assert all(wrong)
        assert grade(found.task, found.model()).verdict == "correct"


def test_the_commonest_mistakes_come_first_but_not_always_the_same() -> None:
    count: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for seed in range(120):
        found = exercise(Choice(source="x^2 sin(3x)/(x + 1)", wrt="x", domain={"x": (0.5, 2)}, seed=seed))
        names = [option.suspect.mistake for option in found.options if option.suspect.mistake]
        assert len(set(names)) == 3, "three different misconceptions"
        count.update(names)
        places[found.model()] += 1
    common = sum([count[name] for name in list(COMMON)[:5]]) / sum(count.values())
    assert common > 0.45
    assert len(count) >= 7, "the seed varies them"
    assert set(places) == set("ABCD")
    assert min(places.values()) >= 15


def test_the_same_task_has_the_same_options() -> None:
    task = Choice(source="x sin(x)", wrt="x", seed=7)
    assert ChoiceExercise(task).texts == ChoiceExercise(task).texts
    orders = {tuple(ChoiceExercise(Choice(source="x sin(x)", wrt="x", seed=seed)).texts) for seed in range(8)}
    assert len(orders) == 8


def test_any_way_to_name_an_option() -> None:
    task = Choice(source="x^2", wrt="x", seed=1)
    texts = exercise(task).texts
    place = texts.index("2*x")
    letter, number = "ABCD"[place], place + 1
    wide = chr(ord(letter) + 0xFEE0)
    for answer in (
        letter, letter.lower(), f"{letter})", f"({letter})", f"[{letter}]", f"{letter}.", f" {letter}: ", wide, f"（{wide}）", f"{wide}）", f"选{letter}",
        f"选项 {letter}", f"答案：{letter}", f"Option {letter.lower()}", f"The answer is {letter}", f"{letter}  2*x", f"{letter}) 2*x", f"{number})", f"#{number}",
        f"第{number}项", chr(ord("①") + place) + ".", "2*x", "2x", "2 * x", "x + x", "f'(x) = 2x", "２ｘ",
    ):  # fmt: skip
        assert (answer, choose(task, answer)) == (answer, letter)


def test_what_may_be_two_options_is_asked_again() -> None:
    task = Choice(source="x^2", wrt="x", options=8, seed=1)
    texts = exercise(task).texts
    assert "2" in texts, "the second derivative, and the number of an option"
    assert texts.index("2") != 1
    assert choose(task, "2") == "ambiguous_option"
    assert choose(task, 2) == "ambiguous_option"
    assert choose(task, "2.") == "B"
    assert choose(task, 3) == "C"
    named = Choice(source="a x^2/2", wrt="x", options=4, seed=1)
    lone = Choice(source="a x", wrt="x", seed=1)
    at = exercise(lone).texts.index("a")
    assert choose(lone, "A") == "A", "a capital is always a letter"
    assert choose(lone, "a") == ("A" if at == 0 else "ambiguous_option")
    assert choose(lone, f"{'ABCD'[at].lower()})") == "ABCD"[at]
    assert choose(named, "a") == "A", "a name that is no option is a letter after all"


@pytest.mark.parametrize(
    ("answer", "code"),
    [("Z", "not_an_option"), ("E", "not_an_option"), ("9)", "not_an_option"), ("E)", "not_an_option"), (17, "not_an_option"), ("0", "not_an_option"), ("x^7", "not_an_option"), (True, "bad_answer"), (None, "bad_answer"), ({}, "bad_answer"), (["A"], "bad_answer"), ("2 +", "unexpected_end"), ("", "empty_source"), ("A, B", "misplaced_comma"), (float("inf"), "not_in_language")],
)  # fmt: skip
def test_what_is_no_option_costs_no_attempt(answer: Any, code: str) -> None:
    task = Choice(source="x sin(x)", wrt="x")
    report = grade(task, answer)
    assert (report.verdict, report.gradable, report.score) == ("malformed", False, 0.0)
    assert report.error is not None
    assert report.error.cell == "answer"
    assert report.error.code == code


def test_values_at_a_point_differ_in_the_digits_that_are_shown() -> None:
    task = Choice(source="x sin(x)", wrt="x", inputs={"x": 1.25}, options=8)
    found = exercise(task)
    assert len(set(found.texts)) == len(found.texts) == 8
    value = mpmath.diff(lambda x: x * mpmath.sin(x), 1.25)
    assert found.texts[found.answer] == f"{float(value):.6g}"
    for answer in (float(value), f"{float(value):.6g}", "sin(1.25) + 1.25 cos(1.25)", "sin(x) + x cos(x)"):
        assert grade(task, answer).verdict == "correct"
    assert mistakes(grade(task, "sin(x)")) == ["dropped_branch"]
    assert choose(task, "y + 1") == "unexpected_input"
    flat = exercise(Choice(source="x^2", wrt="x", inputs={"x": 0}))
    assert flat.texts[flat.answer] == "0"
    assert "-0" not in flat.texts


def test_the_statement_shows_the_options_line_by_line_in_both_languages() -> None:
    for task in (
        DRAWN[0],
        Choice(source="x^2 y", wrt=["x", "y"]),
        Choice(source="x^4", wrt=["x", "x"], inputs={"x": 2}),
    ):
        found = exercise(task)
        for locale in LOCALES:
            message = found.statement()
            said = catalogue(locale).say(message.key, **message.words)
            assert said.splitlines()[1:] == [
                f"{letter}  {text}" for letter, text in zip("ABCDEFGH", found.texts, strict=False)
            ]
            assert task.source in said.splitlines()[0]
            assert "{" not in said
            (share,) = found.scheme()
            assert catalogue(locale).say(share.about.key) != share.about.key


def test_few_mistakes_give_few_options_and_none_is_refused() -> None:
    assert 2 <= len(exercise(Choice(source="x", wrt="x", options=8)).options) < 8
    with pytest.raises(EngineError) as refused:
        prepare(Choice(source="floor(x)", wrt="x", inputs={"x": 0.5}))
    assert refused.value.code == "too_few_options"


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (Choice(source="x^2", wrt="y"), "unknown_wrt"), (Choice(source="x^2", wrt=[]), "missing_wrt"), (Choice(source="x^", wrt="x"), "unexpected_end"),
        (Choice(source="x^2", wrt="x", inputs={}), "missing_input"), (Choice(source="x^2", wrt="x", inputs={"x": 1, "y": 2}), "unexpected_input"),
        (Choice(source="ln(x)", wrt="x", inputs={"x": 0}), "no_point"), (Choice(source="sum(x)", wrt="x", shapes={"x": (2,)}, inputs={"x": 1}), "not_symbolic"),
    ],
)  # fmt: skip
def test_a_task_that_is_wrong_is_refused(task: Choice, code: str) -> None:
    with pytest.raises(EngineError) as refused:
        prepare(task)
    assert refused.value.code == code


def test_the_report_names_the_misconception_of_the_option() -> None:
    task = Choice(source="sin(3x)", wrt="x", points=2.0)
    found = exercise(task)
    wrong = "ABCD"[[option.suspect.mistake for option in found.options].index("forgot_inner")]
    words = catalogue("en")
    report: Report = grade(task, wrong, help="full", say=lambda message: words.say(message.key, **message.words))
    assert (report.verdict, report.points, report.model) == ("incorrect", 0.0, found.model())
    assert "inner derivative" in report.diagnosis[0].text
    assert grade(task, found.model()).points == 2.0


def test_options_of_arrays() -> None:
    task = Choice(source="sum((A @ x - b)^2)", wrt="A", shapes={"A": (3, 2), "x": (2,), "b": (3,)})
    found = exercise(task)
    assert {option.suspect.mistake for option in found.options} >= {"", "sign", "transpose"}
    assert grade(task, "2 outer(A@x - b, x)").verdict == "correct"
    assert mistakes(grade(task, "2 outer(x, A@x - b)")) == ["transpose"]


def test_options_are_written_as_on_paper() -> None:
    assert paper(parse("xlogy(2^x, 2)")) == "2^x*log(2)"
    assert paper(parse("y = x/log(10) + pi/180*x\ny")) == "x/log(10) + pi/180*x"
    assert "." not in paper(parse("x^2.718281828459045 + 0.017453292519943295x + x/2.302585092994046"))
