"""What a caller brings to a comparison: a step, a seed, a gradient of her own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine import limits
from engine.errors import EngineError, Words
from engine.graph import Graph, spelled
from engine.passes.evaluate import evaluate
from engine.reader import value_from
from engine.shapes import shaped, work_of
from engine.syntax import parse
from engine.trace import finish
from engine.values import Value

SMALLEST, LARGEST = 1e-300, 1e10
"""Steps: smaller ones are lost in a float's own range."""
NOT_FINITE = Words("word.claim_not_finite")
SEEDS = 2**32
"""Seeds that NumPy's frozen stream takes."""


def step(given: Any) -> float:
    """The step h. Raises EngineError `bad_step`."""
    number = value_from(given, "bad_step", name="h")
    if not isinstance(number, float) or not SMALLEST <= number <= LARGEST:
        raise EngineError("bad_step", name="h")
    return number


def seed(given: int) -> int:
    """The seed of the random direction. Raises EngineError `bad_random_seed`."""
    if not 0 <= given < SEEDS:
        raise EngineError("bad_random_seed", limit=SEEDS - 1)
    return given


def gradient(claim: Mapping[str, Any], point: Mapping[str, Value], names: Sequence[str]) -> dict[str, Value]:
    """A claimed derivative by some inputs, each a number, an array or a formula in the inputs, at the point.

    Raises EngineError `unknown_wrt`, `bad_claim`, `bad_shape`, `too_much_work`.
    """
    found: dict[str, Value] = {}
    work = 0
    for name, given in claim.items():
        if name not in names:
            raise EngineError("unknown_wrt", name=name, expected=", ".join(names) or "-")
        if isinstance(given, str):
            graph = formula(name, given, point)
            work += work_of(graph)
            if work > limits.WORK:
                raise EngineError("too_much_work", limit=limits.WORK, found=work)
            value = finish(evaluate(graph, point))[graph.outputs[0]]
        else:
            value = value_from(given, "bad_claim", name=name, reason=NOT_FINITE)
        if np.shape(value) != np.shape(point[name]):
            shapes = {"found": spelled(np.shape(value)), "expected": spelled(np.shape(point[name]))}
            raise EngineError("bad_shape", None, None, name=name, **shapes)
        if not np.isfinite(value).all():
            raise EngineError("bad_claim", None, "claim_forms", name=name, reason=NOT_FINITE)
        found[name] = value
    return found


def formula(name: str, text: str, point: Mapping[str, Value]) -> Graph:
    """A formula in the inputs. Its mistakes are told as those of the claim. Raises EngineError `bad_claim`."""
    try:
        graph = parse(text)
        for asked in graph.inputs:
            if asked not in point:
                raise EngineError("unknown_name", name=asked)
        return shaped(graph, {asked: np.shape(point[asked]) for asked in graph.inputs})
    except EngineError as error:
        reason = Words(f"error.{error.code}", error.params)
        raise EngineError("bad_claim", None, "claim_forms", name=name, reason=reason) from None
