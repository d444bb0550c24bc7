"""What is no data: an axis, a shape, an index. Read as literals, checked by the name of the parameter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from inspect import Parameter
from math import inf
from typing import Any

from engine.errors import EngineError, Span
from engine.primitive import Primitive
from engine.syntax.names import quote
from engine.values import Array, plain

SYNONYMS = {
    "dim": "axis", "keepdim": "keepdims", "p": "ord", "correction": "ddof", "newshape": "shape", "perm": "axes",
    "dims": "axes", "diagonal": "k", "epsilon": "eps", "num_classes": "depth", "shifts": "shift",
    "indices_or_sections": "sections", "pad_width": "widths", "paddings": "widths",
}  # fmt: skip
"""What libraries call the parameters otherwise."""
MOST = 10**9
"""No whole number is as large."""
LONGEST_INDEX = 200
WHOLE = re.compile(r"\s*-?\d{1,9}\s*")
SLICE = re.compile(r"(-?\d{1,9})?\s*:\s*(-?\d{1,9})?\s*(?::\s*(-?\d{1,9})?)?")


def nested(array: Array) -> tuple[Any, ...]:
    """An array as tuples of tuples; it has few axes."""
    return tuple(part if isinstance(part, float) else nested(part) for part in map(plain, array))


# ---- what each parameter takes ----


def whole(value: Any) -> int:
    """A whole number. Raises TypeError."""
    if isinstance(value, bool) or not isinstance(value, float) or abs(value) >= MOST or value != int(value):
        raise TypeError
    return int(value)


def positive(value: Any) -> int:
    """A whole number from 1 up."""
    if whole(value) < 1:
        raise TypeError
    return whole(value)


def steps(value: Any) -> int | None:
    """How far a window moves, or None for its own size."""
    return None if value is None else positive(value)


def natural(value: Any) -> int:
    """A whole number from 0 up."""
    if whole(value) < 0:
        raise TypeError
    return whole(value)


def wholes(value: Any) -> int | tuple[int, ...]:
    """A whole number, or several."""
    return tuple(map(whole, value)) if isinstance(value, tuple) else whole(value)


def margins(value: Any) -> Any:
    """How much to put around: a whole number, a pair, or a pair for each axis."""
    if isinstance(value, tuple) and isinstance(value[0], tuple):
        return tuple(tuple(map(natural, pair)) for pair in value)
    return tuple(map(natural, value)) if isinstance(value, tuple) else natural(value)


def axes(value: Any) -> int | tuple[int, ...] | None:
    """An axis, several, or None for all."""
    return None if value is None else wholes(value)


def extents(value: Any) -> tuple[int, ...]:
    """A shape."""
    return tuple(map(whole, value)) if isinstance(value, tuple) else (whole(value),)


def permutation(value: Any) -> tuple[int, ...] | None:
    """An order of the axes, or None for the reverse one."""
    return None if value is None else extents(value)


def truth(value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def order(value: Any) -> float:
    """Which norm."""
    found = {"fro": 2.0, "inf": inf}.get(value, value) if isinstance(value, str) else 2.0 if value is None else value
    if isinstance(found, bool) or found not in (1.0, 2.0, inf):
        raise TypeError
    return found if found == inf else int(found)


def real(value: Any) -> float:
    """A finite number."""
    if not isinstance(value, float) or abs(value) == inf:
        raise TypeError
    return value


KINDS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "axis": (axes, "0, (0, 1), None"), "axes": (permutation, "(1, 0), None"), "keepdims": (truth, "True, False"),
    "shape": (extents, "(2, 3)"), "ord": (order, "1, 2, inf, 'fro'"), "ddof": (natural, "0, 1"),
    "k": (whole, "-1, 0, 1"), "shift": (whole, "1"), "sections": (positive, "2"), "depth": (positive, "10"),
    "widths": (margins, "1, (0, 1)"), "indices": (extents, "(0, 2)"),
    "delta": (real, "1.0"), "eps": (real, "1e-5"), "stride": (steps, "1"), "padding": (natural, "0"),
    "size": (positive, "2"),
}  # fmt: skip
"""Static -> how it is read, and what it may be."""
SINGLE_AXIS = frozenset(
    {"split", "take", "softmax", "log_softmax", "layer_norm", "stack", "concatenate", "expand_dims"}
)
"""Rows whose axis is one."""


def kind(op: Primitive, name: str) -> tuple[Callable[[Any], Any], str]:
    """How a parameter of a row is read, and what it may be, in examples."""
    return (whole, "0, -1") if name == "axis" and op.name in SINGLE_AXIS else KINDS[name]


def expected(op: Primitive, label: str) -> str:
    """What a parameter may be, in examples, that is called `label` and perhaps not known."""
    name = SYNONYMS.get(label, label)
    return kind(op, name)[1] if name in KINDS else "0, True"


def unknown_static(op: str, name: str, known: Iterable[str], place: Span) -> EngineError:
    """A parameter that the operation does not have."""
    expected = ", ".join(dict.fromkeys(known)) or "-"
    return EngineError("unknown_static", place, "known_static", op=op, name=quote(name), expected=expected)


def bound(op: Primitive, written: str, given: Sequence[tuple[str, Any, Span]], span: Span) -> dict[str, Any] | None:
    """All statics of a row, those not given by default; `written` is what the row was called.

    Raises EngineError for one unknown, wrong, missing or given twice.
    """
    if not op.statics and not given:
        return None
    found = dict(op.statics)
    placed: set[str] = set()
    for label, value, place in given:
        name = SYNONYMS.get(label, label) if label not in op.statics else label
        if name not in op.statics or name not in KINDS:
            raise unknown_static(written, label, (static for static in op.statics if static in KINDS), place)
        if name in placed:
            raise EngineError("repeated_static", place, "name_once", op=written, name=label)
        placed.add(name)
        read, examples = kind(op, name)
        try:
            found[name] = read(value)
            if found[name] is None and op.statics[name] is not None:
                raise TypeError
        except (TypeError, ValueError, OverflowError):
            words = {"op": written, "name": label, "expected": examples}
            raise EngineError("bad_static", place, "literal_static", **words) from None
    for name, value in found.items():
        if value is Parameter.empty:
            example = KINDS[name][1] if name in KINDS else "…"
            fix = f"{written}(x, {name}={example if example[0] == '(' else example.split(',')[0]})"
            raise EngineError("missing_static", span, "write_call", op=written, name=name, fix=fix)
    return found


# ---- indices ----


def index(text: str, span: Span) -> tuple[Any, ...]:
    """What stands between the brackets of an index. Raises EngineError `static_index`."""
    parts = re.split(r",(?![^\[]*\])", text) if len(text) <= LONGEST_INDEX else [""]
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    return tuple(item(part.strip(), span) for part in parts)


def item(text: str, span: Span) -> Any:
    """One item: a number, a slice, a list of numbers, `...` or None."""
    if text == "...":
        return "..."
    if text in ("None", "np.newaxis", "tf.newaxis", "jnp.newaxis"):
        return None
    if WHOLE.fullmatch(text):
        return int(text)
    if found := SLICE.fullmatch(text):
        start, stop, step = (None if part is None else int(part) for part in found.groups())
        if step != 0:
            return start, stop, step
    picks = text[1:-1].removesuffix(",").split(",") if text[:1] == "[" and text[-1:] == "]" else [""]
    if all(WHOLE.fullmatch(pick) for pick in picks):
        return ("list", *map(int, picks))
    raise EngineError("static_index", span, "index_forms")
