"""Every kind of task tests itself: its submissions get the verdict, the score and the diagnosis they must get."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from engine.explain.columns import Message
from engine.grading import KINDS, Exercise, grade, prepare
from engine.grading.draw import Draw
from server.locale import LOCALES, PLACEHOLDER, catalogue

SEEDS = range(8)
CASES = [(kind, seed) for kind in KINDS for seed in SEEDS]


@cache
def exercise(kind: str, seed: int) -> Exercise:
    return prepare(KINDS[kind].variant(Draw(seed)))


def messages(made: Exercise) -> Iterator[Message]:
    yield made.statement()
    for share in made.scheme():
        yield share.about


def word(given: Any, locale: str) -> Any:
    return say(given, locale) if isinstance(given, Message) else given


def say(message: Message, locale: str) -> str:
    words = catalogue(locale)
    words.find(message.key)
    text = words.say(message.key, **{name: word(given, locale) for name, given in message.words.items()})
    missing = set(PLACEHOLDER.findall(words.find(message.key))) - set(message.words)
    assert not missing, (message.key, missing)
    return text


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_submissions_get_what_they_must(kind: str, seed: int) -> None:
    made = exercise(kind, seed)
    verdicts = set()
    for submission in made.submissions():
        report = grade(made.task, submission.answer)
        found = [diagnosis.mistake for diagnosis in report.diagnosis]
        told = (made.task, submission, report)
        assert report.verdict == submission.verdict, told
        assert report.score == pytest.approx(submission.score, abs=1e-12), told
        assert report.gradable == (report.verdict != "malformed")
        if submission.mistake is not None:
            assert found == [submission.mistake], told
        if submission.verdict == "correct":
            assert (report.score, report.points, found) == (1.0, made.task.points, []), told
        verdicts.add(report.verdict)
    assert {"correct", "malformed"} <= verdicts


@pytest.mark.parametrize(("kind", "seed"), CASES)
@pytest.mark.parametrize("locale", LOCALES)
def test_everything_has_words(kind: str, seed: int, locale: str) -> None:
    made = exercise(kind, seed)
    assert all(say(message, locale) for message in messages(made))
    told = set()
    for submission in made.submissions():
        if submission.mistake is None or submission.mistake in told:
            continue
        told.add(submission.mistake)
        for found in made.mark(submission.answer).findings:
            for part in ("title", f"hint{found.variant}", f"full{found.variant}"):
                assert say(Message(f"mistake.{found.mistake}.{part}", found.words), locale)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_request_gives_the_same_report(kind: str) -> None:
    for seed in SEEDS:
        task = KINDS[kind].variant(Draw(seed))
        assert task == KINDS[kind].variant(Draw(seed))
        for submission in list(prepare(task).submissions())[:6]:
            first, again = (msgspec.json.encode(grade(task, submission.answer, help="full")) for _ in range(2))
            assert first == again
            if submission.verdict != "malformed":
                markings = [KINDS[kind].exercise(task).mark(submission.answer) for _ in range(2)]
                assert len({msgspec.json.encode(marking.cells) for marking in markings}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_task_is_json(kind: str) -> None:
    for seed in SEEDS:
        task = KINDS[kind].variant(Draw(seed))
        assert msgspec.json.decode(msgspec.json.encode(task), type=KINDS[kind].task) == task


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_the_scheme_is_what_is_marked(kind: str, seed: int) -> None:
    made = exercise(kind, seed)
    marked = {cell.cell: cell.weight for cell in made.mark(made.model()).cells}
    assert marked == {share.cell: share.weight for share in made.scheme()}


@pytest.mark.parametrize("kind", KINDS)
def test_how_much_is_told(kind: str) -> None:
    made = exercise(kind, 0)
    wrong = next(s for s in made.submissions() if s.mistake is not None)
    none, hint, full = (grade(made.task, wrong.answer, help=help) for help in ("none", "hint", "full"))
    assert none.diagnosis == []
    assert none.model is hint.model is None
    assert hint.diagnosis
    assert full.model == made.model()
    assert all(cell.expected is None for report in (none, hint) for cell in report.cells)
