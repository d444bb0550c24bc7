"""Every parameter of every row with every kind of literal, on arrays of every rank: a value, or a refusal with a place."""

from inspect import Parameter
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine import api
from engine.documents import Derivatives
from engine.errors import EngineError
from engine.primitive import REGISTRY
from engine.syntax.statics import KINDS

LITERALS = [
    "0", "1", "-1", "2", "-3", "9", "1.5", "99999999", "None", "True", "False", "inf", "'fro'", "(0, 1)", "(0, 0)", "(1, 0)",
    "(-1,)", "(-1, -1)", "(2, -1)", "(2, 3)", "(0, 1, 2)", "(1, 1, 1, 1, 1)", "((0, 1), (1, 0))", "(99999, 99999)",
]  # fmt: skip
SHAPES: list[tuple[int, ...]] = [(), (1,), (2,), (2, 2), (1, 2, 3)]
ROWS = [op for op in REGISTRY.values() if op.statics and not op.internal]


def given(shape: tuple[int, ...], start: float) -> Any:
    return start + 0.25 * np.arange(np.prod(shape, dtype=int)).reshape(shape)


def answer(source: str, inputs: dict[str, Any]) -> Derivatives | EngineError:
    try:
        return api.derivatives(source, inputs, ["value", "jacobian"])
    except EngineError as refused:
        return refused


@pytest.mark.parametrize("op", ROWS, ids=repr)
def test_whatever_a_parameter_is_there_is_a_value_or_a_refusal(op: Any) -> None:
    names = ["x", "y"][: op.arity or 2]
    needed = [name for name, default in op.statics.items() if default is Parameter.empty]
    answered = 0
    for shapes, static, literal in product(product(SHAPES, repeat=len(names)), op.statics, LITERALS):
        others = "".join(f", {name}={KINDS[name][1].split(', ')[0]}" for name in needed if name != static)
        source = f"{op.name}({', '.join(names)}, {static}={literal}{others})"
        inputs = {name: given(shape, 0.5) for name, shape in zip(names, shapes, strict=True)}
        found = answer(source, inputs)
        if isinstance(found, EngineError):
            assert found.span is not None, source
            assert source[found.span.start : found.span.end].strip(), source
            continue
        answered += 1
        assert found.jacobian is not None
        for name, jacobian in found.jacobian.items():
            assert np.shape(jacobian) == np.shape(found.value) + np.shape(inputs[name]), source
    assert answered
