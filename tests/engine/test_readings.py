"""What an operation takes the elements of an input for, so that a page can start with values that make sense."""

import numpy as np
import pytest

from engine import api
from engine.primitive import REGISTRY, Reading, Structural

NETWORK = "Z1 = X @ W1 + b1\nZ2 = relu(Z1) @ W2 + b2\ncross_entropy(Z2, y)"


@pytest.mark.parametrize(
    ("source", "inputs", "expected"),
    [
        ("cross_entropy(Z, y)", None, {"y": ("labels", 2)}),
        ("cross_entropy(Z, y)", {"Z": np.zeros((3, 5)).tolist(), "y": [0, 0, 0]}, {"y": ("labels", 5)}),
        ("cross_entropy(z, y)", {"z": [1, 2, 3], "y": 2}, {"y": ("labels", 3)}),
        ("cross_entropy(z, y)", None, {"y": ("distribution", None)}),
        (NETWORK, None, {"y": ("labels", 2)}),
        ("sum(one_hot(c, 4))", None, {"c": ("labels", 4)}),
        ("bce(p, q)", None, {"p": ("probabilities", None), "q": ("probabilities", None)}),
        ("bce_with_logits(s, q)", None, {"q": ("probabilities", None)}),
        ("hinge(s, y)", None, {"y": ("signs", None)}),
        ("sum(one_hot(c, 4)) + sum(one_hot(c, 3)) + sum(c)", None, {"c": ("labels", 3)}),
        ("x1*x2 + sum(A @ b)", None, {}),
    ],
)
def test_an_input_says_what_it_is_taken_for(source: str, inputs: object, expected: dict[str, object]) -> None:
    found = api.graph(source, inputs).inputs  # type: ignore[arg-type]
    assert {record.name: (record.kind, record.classes) for record in found if record.kind} == expected


def test_every_row_says_something_of_each_of_its_arguments() -> None:
    """As many answers as arguments, for each call that the row gives as a sample."""
    kinds = set()
    for op in REGISTRY.values():
        if isinstance(op, Structural):
            for shapes, statics, *_ in op.sample:
                readings = op.reads(*shapes, **{**op.statics, **statics})
                assert len(readings) == len(shapes), op
                kinds |= {reading.kind for reading in readings if reading is not None}
    assert kinds >= {"labels", "distribution", "probabilities", "signs"}


def test_labels_are_those_that_have_a_value() -> None:
    """A label within the classes gives a number, the next one does not."""
    loss, logits = REGISTRY["cross_entropy"], np.zeros((2, 3))
    assert loss.reads((2, 3), (2,)) == (None, Reading("labels", 3))  # type: ignore[attr-defined]
    assert np.isfinite(loss.value(logits, np.array([0.0, 2.0])))
    assert np.isnan(loss.value(logits, np.array([0.0, 3.0])))
