"""The corpus of answers: every row a task, an answer and its verdict, with a form for oracles (rows.py)."""

from tests.grading.answers import exponentials, polynomials, several, trigonometry
from tests.grading.answers.rows import MALFORMED, RIGHT, WRONG, Oracle, Row

CORPUS: list[Row] = [row for family in (polynomials, trigonometry, exponentials, several) for row in family.ROWS]

__all__ = ["CORPUS", "MALFORMED", "RIGHT", "WRONG", "Oracle", "Row"]
