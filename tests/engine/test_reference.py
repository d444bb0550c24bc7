"""Values, gradients and Hessians of the corpus against what JAX and mpmath said (`python -m tests.oracles`)."""

import pytest

from engine import api
from tests.corpus import CORPUS, Case
from tests.oracles.reference import Reading, load

RELATIVE = 1e-12
CANCELLED = 1e-14
"""Of the largest number of an expression: rounding, where large terms cancel."""
WORSE_THAN_JAX = 10
"""So many times JAX's own error is allowed too: it measures how badly a formula is conditioned at its point."""

REFERENCES = [
    pytest.param(case, exact, jax, id=f"{case.source} at {case.inputs}")
    for case, exact, jax in zip(CORPUS, load("mpmath"), load("jax"), strict=True)
]


def ours(case: Case) -> list[float]:
    found = api.derivatives(case.source, case.inputs, ("value", "gradient", "hessian"))
    value, gradient, hessian, names = found.value, found.gradient, found.hessian, list(case.inputs)
    assert value is not None
    assert gradient is not None
    assert hessian is not None
    return [value, *(gradient[a] for a in names), *(hessian[a][b] for a in names for b in names)]


@pytest.mark.parametrize("oracle", ["jax", "mpmath"])
def test_the_files_belong_to_the_corpus(oracle: str) -> None:
    assert [(reading.source, reading.inputs) for reading in load(oracle)] == [
        (case.source, case.inputs) for case in CORPUS
    ]


def test_no_expression_is_asked_twice() -> None:
    asked = [(case.source, *case.inputs.items()) for case in CORPUS]
    assert len(set(asked)) == len(asked) > 320


@pytest.mark.parametrize(("case", "exact", "jax"), REFERENCES)
def test_derivatives(case: Case, exact: Reading, jax: Reading) -> None:
    truth = exact.reference.numbers()
    noise = CANCELLED * max(map(abs, truth))
    for found, true, by_jax in zip(ours(case), truth, jax.reference.numbers(), strict=True):
        tolerance = RELATIVE * abs(true) + noise + WORSE_THAN_JAX * abs(by_jax - true)
        assert abs(found - true) <= tolerance, f"{found!r}, exactly {true!r}, by JAX {by_jax!r}"
        assert found == pytest.approx(by_jax, rel=1e-9, abs=100 * noise)
