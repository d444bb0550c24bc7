"""Formulas by mpmath: literals are the decimals that were typed, arrays keep their digits."""

from functools import partial

import numpy as np
import pytest

from engine.grading import exact
from engine.grading.exact import Outcome
from engine.grading.exact_rows import numbers
from engine.graph import Graph, Node
from engine.primitive import REGISTRY, Structural
from engine.shapes import shaped
from engine.syntax import parse
from engine.values import Value

NOT_EXACT = {"conv_input", "pool_spread", "cross_entropy"}
"""Rows that work on floats alone; where they lose digits, doubles decide."""
STRUCTURAL = [op for op in REGISTRY.values() if isinstance(op, Structural)]
SHIFT = "1e-30"
CONSTANT = {"argmax", "argmin", "one_hot"}


def compared(
    answer: str, subject: str, shapes: dict[str, tuple[int, ...]] | None = None, **point: Value
) -> exact.Compared:
    first, second = (shaped(parse(text), shapes or {}) for text in (answer, subject))
    return exact.compare(first, first.outputs[0], second, second.outputs[0], point, 1e-9)


@pytest.mark.parametrize(
    ("answer", "subject", "outcome"),
    [
        ("0.1 + 0.2 - 0.3", "0", Outcome.EQUAL),
        ("sin(pi)", "0", Outcome.EQUAL),
        ("ln(e) - 1", "0", Outcome.EQUAL),
        ("x + 1e40 - 1e40", "x", Outcome.EQUAL),
        ("x + 1e90 - 1e90", "x", Outcome.EQUAL),
        ("exp(x + 1e-60) - exp(x)", "0", Outcome.DIFFERENT),
        ("x + 1e-90", "x", Outcome.EQUAL),
        ("1e-90", "0", Outcome.DIFFERENT),
        ("x*1.000000002", "x", Outcome.DIFFERENT),
        ("log(-x)", "x", Outcome.UNDEFINED),
        ("1/(x - 0.7)", "x", Outcome.UNDEFINED),
        ("exp(exp(exp(9*x)))", "x", Outcome.UNDEFINED),
        ("exp(1000)/exp(999)", "e", Outcome.EQUAL),
    ],
)
def test_outcomes(answer: str, subject: str, outcome: Outcome) -> None:
    assert compared(answer, subject, x=0.7).outcome is outcome


def test_more_digits_are_taken_until_a_value_stands() -> None:
    few, many = compared("x + 1", "1 + x", x=0.7), compared("x + 1e90 - 1e90", "x", x=0.7)
    assert few.digits == 100
    assert many.digits == 400


def test_precision_is_put_back() -> None:
    before = numbers().dps
    compared("x + 1e90 - 1e90", "x", x=0.7)
    assert numbers().dps == before


def computed(op: Structural, sample: tuple[object, ...], shift: str) -> tuple[list[object], Value]:
    """A row by mpmath, the inputs moved by a shift that no double would notice; and by NumPy."""
    own = numbers()
    shapes, statics, *interval = sample
    rng = np.random.default_rng(3)
    low, high = interval[0] if interval else (0.5, 2.0)  # type: ignore[misc]
    arrays = [rng.uniform(low, high, shape) for shape in shapes]  # type: ignore[attr-defined]
    if op.name in ("cholesky", "logdet"):
        arrays = [x @ x.T + np.eye(len(x)) for x in arrays]
    if op.name == "one_hot":
        arrays = [np.floor(x) for x in arrays]
    node = Node(0, op, tuple(range(len(arrays))), params=dict(statics) or None)  # type: ignore[call-overload]
    moved = [exact.apply(lambda x: exact.read(x) * (1 + own.mpf(shift)), [x]) for x in arrays]
    found = exact.flat(exact.computed(node, [x if np.ndim(x) else exact.array(x) for x in moved]))
    return found, op.value(*arrays, **op.all_statics(statics))  # type: ignore[arg-type]


@pytest.mark.parametrize("op", [op for op in STRUCTURAL if op.name not in NOT_EXACT], ids=repr)
def test_every_row_on_arrays_gives_its_value_and_loses_no_digits(op: Structural) -> None:
    own = numbers()
    own.dps = 50
    most = own.mpf(0)
    for sample in op.sample:
        found, expected = computed(op, sample, "0")
        assert np.allclose([float(x) for x in found], np.ravel(expected), rtol=1e-12, atol=1e-13)  # type: ignore[arg-type]
        if op.name not in CONSTANT:
            other, _ = computed(op, sample, SHIFT)
            gaps = [abs(a - b) for a, b in zip(found, other, strict=True)]  # type: ignore[operator]
            assert max(gaps) < 1e-25
            most = max(most, *gaps)
    assert op.name in CONSTANT or most > 0, "digits were lost"


@pytest.mark.parametrize("name", sorted(NOT_EXACT))
def test_a_row_without_an_exact_form_says_so(name: str) -> None:
    op = REGISTRY[name]
    assert isinstance(op, Structural)
    with pytest.raises(exact.UnsupportedError):
        list(map(partial(computed, op, shift="0"), op.sample))


def test_of_arrays_one_point_is_always_compared_exactly() -> None:
    lost: Graph = parse("sum(x + 1e20) - sum(x*0 + 1e20)")
    assert lost.mixes
    x = np.array([0.1, 0.2])
    assert compared("sum(x + 1e20) - sum(x*0 + 1e20)", "0", {"x": (2,)}, x=x).outcome is Outcome.DIFFERENT
    assert compared("sum(x + 1e20) - sum(x*0 + 1e20)", "sum(x)", {"x": (2,)}, x=x).outcome is Outcome.EQUAL
