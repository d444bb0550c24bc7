"""Fractions in an array that is given as a value, as in a number field: 1/3 is one number."""

import pytest

from engine.syntax.arrays import UnreadableError, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1/3, -1/4]", [1 / 3, -0.25]),
        ("[1/2, 0; 3e2/4, 1]", [[0.5, 0], [75, 1]]),
        ("1/2\t.5/2\n−1/8\t2", [[0.5, 0.25], [-0.125, 2]]),
    ],
)
def test_a_fraction_is_a_number(text: str, expected: list[float]) -> None:
    assert read(text).tolist() == expected  # type: ignore[union-attr]


def test_alone_too() -> None:
    assert read("3/4") == 0.75


@pytest.mark.parametrize("text", ["[1/0]", "[1/]", "[/2]", "[1/2/3]", "[1e308/1e-308]", "[1/x]"])
def test_what_is_no_fraction_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text)
