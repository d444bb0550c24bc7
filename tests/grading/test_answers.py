"""The corpus of answers: no wrong one is accepted, no right one refused, and oracles that are not ours agree."""

from collections import Counter
from functools import cache

import pytest

from engine.errors import EngineError
from engine.grading.equivalence import Subject
from engine.syntax import parse
from tests.grading.answers import CORPUS, MALFORMED, RIGHT, WRONG, Row
from tests.oracles.answers import load
from tests.oracles.with_forms import by_mpmath, undefined_somewhere

SEEDS = (0, 1)
JUDGED = [row for row in CORPUS if row.oracle is not None]


@cache
def subject(source: str, domain: tuple[tuple[str, tuple[float, float]], ...], seed: int) -> Subject:
    graph = parse(source)
    return Subject(graph, graph.outputs[0], dict(domain), seed=seed)


def verdict(row: Row, seed: int) -> str:
    try:
        judgement = subject(row.source, tuple(row.domain.items()), seed).judge(parse(row.answer))
    except EngineError:
        return MALFORMED
    return RIGHT if judgement.equal else WRONG


def test_the_corpus_is_large_and_no_answer_is_in_it_twice() -> None:
    count = Counter(row.verdict for row in CORPUS)
    assert count[RIGHT] >= 400
    assert count[WRONG] >= 300
    assert count[MALFORMED] >= 60
    assert len({(row.source, row.answer) for row in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_wrong_answer_is_accepted_and_no_right_one_refused(seed: int) -> None:
    found = [(row.source, row.answer, row.verdict, verdict(row, seed)) for row in CORPUS]
    assert [case for case in found if case[2] != case[3]] == []


def test_mpmath_gives_the_same_verdicts() -> None:
    found = [(row.source, row.answer, row.verdict, RIGHT if by_mpmath(row) else WRONG) for row in JUDGED]
    assert [case for case in found if case[2] != case[3]] == []


def test_sympy_contradicts_no_verdict() -> None:
    said = load()
    assert [(row.source, row.answer) for row in JUDGED] == [(each.source, each.answer) for each in said], (
        "the corpus has changed: python3 dev.py oracles --write"
    )
    pairs = list(zip(JUDGED, said, strict=True))
    assert [row.answer for row, each in pairs if row.verdict == RIGHT and each.same is False] == []
    algebra = [row for row, each in pairs if row.verdict == WRONG and each.same]
    assert [row.answer for row in algebra if not undefined_somewhere(row)] == [], "wrong for no reason"
    untold = [row.answer for row, each in pairs if each.same is None]
    assert len(untold) <= len(JUDGED) // 20, untold
