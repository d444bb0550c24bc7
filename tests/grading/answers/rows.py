"""What a row of the corpus is: a formula that is asked for, an answer as a student writes it, and the verdict.

Formulas and answers are written a second time by hand, in Python over a namespace `F` that is SymPy or mpmath
(tests/oracles/with_forms.py), so that our parser and our arithmetic cannot agree with themselves. What differs
between texts of one form is notation alone.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Oracle = Callable[..., Any]
Domain = dict[str, tuple[float, float]]

RIGHT, WRONG, MALFORMED = "right", "wrong", "malformed"


class Form(NamedTuple):
    """One expression and the ways in which it is written; `at` is a point where it is wrong, if that is rare."""

    oracle: Oracle
    texts: tuple[str, ...]
    at: dict[str, float] | None = None


class Row(NamedTuple):
    """An answer to a task, and its verdict."""

    source: str
    task: Oracle
    domain: Domain
    answer: str
    verdict: str
    oracle: Oracle | None
    at: dict[str, float] | None


def form(oracle: Oracle, *texts: str, **at: float) -> Form:
    return Form(oracle, texts, at or None)


def task(
    source: str,
    oracle: Oracle,
    right: Sequence[Form] = (),
    wrong: Sequence[Form] = (),
    malformed: Sequence[str] = (),
    **domain: tuple[float, float],
) -> list[Row]:
    """The rows of one task. Its own text is the first right answer."""
    rows = [Row(source, oracle, domain, source, RIGHT, oracle, None)]
    for verdict, forms in ((RIGHT, right), (WRONG, wrong)):
        rows += [
            Row(source, oracle, domain, text, verdict, each.oracle, each.at) for each in forms for text in each.texts
        ]
    return rows + [Row(source, oracle, domain, text, MALFORMED, None, None) for text in malformed]
