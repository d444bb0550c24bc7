import pytest

from engine import limits
from engine.errors import EngineError
from engine.syntax import parse


def code(source: str) -> str | None:
    try:
        parse(source).check()
    except EngineError as caught:
        error = caught
    else:
        return None
    assert error.hint
    assert error.span
    assert 0 <= error.span.start < error.span.end <= len(source)
    return error.code


def three(limit: int) -> tuple[int, int, int]:
    return limit, limit + 1, 10 * limit


def test_source() -> None:
    at, over, ten = (code("x" + " " * (size - 1)) for size in three(limits.SOURCE_CHARACTERS))
    assert (at, over, ten) == (None, "source_too_long", "source_too_long")


def nodes(count: int) -> str:
    """A sum of so many nodes: x, and an addition for each further x."""
    return "+".join("x" * count)


def test_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code("x²" * (limits.NODES // 3)) is None  # x, then 2 and a power each, and the products between
    assert code("x²" * (limits.NODES // 3 + 1)) == "too_many_nodes"
    monkeypatch.setattr(limits, "SOURCE_CHARACTERS", 10**6)
    at, over, ten = (code(nodes(count)) for count in three(limits.NODES))
    assert (at, over, ten) == (None, "too_many_nodes", "too_many_nodes")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(", ")"),
        ("sin(", ")"),
        ("-", ""),
        ("√", ""),
        ("2^", ""),
        ("x-(", ")"),
        ("| ", " |"),
        ("||", "||"),
        ("sin²(", ")"),
        ("x(", ")"),
        ("[", "]"),
        ("sum(", ")"),
    ],
)
def test_nesting(before: str, after: str) -> None:
    waits = 2 if before in ("x-(", "x(") else 1  # the operator before the bracket waits too
    deepest = limits.NESTING // waits
    assert code(before * deepest + "x" + after * deepest) is None
    assert code(before * (deepest + 1) + "x" + after * (deepest + 1)) == "too_deep"
    tenfold = min(10 * deepest, (limits.SOURCE_CHARACTERS - 1) // len(before + after))
    assert code(before * tenfold + "x" + after * tenfold) == "too_deep"


def test_a_long_sum_is_not_deep() -> None:
    assert code("+".join(["x"] * 9_999)) is None
    assert code("x" + "-x" * 9_999) is None
    assert code("x" + "/x" * 9_999) is None
    assert code("|x|" * 4_000) is None


def test_number() -> None:
    at, over, ten = (code("1" * digits) for digits in three(limits.NUMBER_CHARACTERS))
    assert (at, over, ten) == (None, "number_too_long", "number_too_long")
    at, over, ten = (code("x" + "²" * digits) for digits in three(limits.NUMBER_CHARACTERS))
    assert (at, over, ten) == (None, "number_too_long", "number_too_long")


@pytest.mark.parametrize("form", ["{}", "{} = x", "f({}) = x", "{}(x) = x", "1 + {}"])
def test_name(form: str) -> None:
    at, over, ten = (code(form.format("y" * letters)) for letters in three(limits.NAME_CHARACTERS))
    assert at is None
    assert {over, ten} <= {"name_too_long", "bad_definition"}


def test_inputs() -> None:
    at, over, ten = (code("+".join(f"x{i}" for i in range(count))) for count in (*three(limits.INPUTS)[:2], 4000))
    assert (at, over, ten) == (None, "too_many_inputs", "too_many_inputs")
    names = ",".join(f"x{i}" for i in range(limits.INPUTS + 1))
    assert code(f"f({names}) = 1") == "too_many_inputs"


@pytest.mark.parametrize(
    "piece",
    ["(", ")", "((", "-", "x^", "|", "x|", "sin(", "sin(x,", "max(x,", "f(", "x ", "1 ", ",", ";", "\n", "=", "x=", "#",
     ".", "a.", "²", "√", "<", "x<", "sin ", "sin^2", "x(", "2x(", "((x)", "[", "é", "（", "😀", "f(x)=", "|x|", "(\n",
     "u=x\n", "[x,", "[1;", "]", "x[0]", "[0]", "'", "sum(x,", "sum(x,axis=0)", "(1,", "axis=0,", "zeros(9)"],
)  # fmt: skip
def test_the_longest_text_of_one_piece_is_answered(piece: str) -> None:
    code(piece * (limits.SOURCE_CHARACTERS // len(piece)))
    code("x" + piece * ((limits.SOURCE_CHARACTERS - 1) // len(piece)))
