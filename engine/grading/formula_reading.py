"""A formula as a student writes it: with `y' =`, `f'(x) =` or `dy/dx =` before it, with names of her own inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, Words
from engine.grading.exercise import MalformedError
from engine.graph import Graph
from engine.primitive import Shape
from engine.shapes import shaped
from engine.syntax import parse

PRIME = r"[A-Za-z]\w{0,20}\s{0,3}['′’]{1,4}\s{0,3}(?:\(\s{0,3}\w{1,20}\s{0,3}\))?"
OF = r"(?:\(\w{1,20}\))?"
ABOVE, BELOW = rf"[d∂][\^\d²³]{{0,3}}\s{{0,3}}\w{{0,20}}{OF}", r"[d∂]\s{0,3}\w{1,20}[\^\d²³]{0,3}"
QUOTIENT = rf"{ABOVE}\s{{0,3}}/\s{{0,3}}{BELOW}(?:\s{{0,3}}\[?\w{{0,20}}{OF}\]?)?"
LEFT_SIDE = re.compile(rf"\s{{0,9}}(?:{PRIME}|{QUOTIENT}|∇\s{{0,3}}\w{{0,20}})?\s{{0,3}}[=＝](?![=＝])")
"""What may stand before the formula; the parser would refuse it."""


def formula(given: Any, cell: str | None = None, shapes: Mapping[str, Shape] | None = None) -> Graph:
    """The graph of a formula in an answer; a number counts as one. Raises MalformedError with places in `given`."""
    text = repr(given) if isinstance(given, int | float) and not isinstance(given, bool) else given
    if not isinstance(text, str):
        raise MalformedError(EngineError("bad_answer", expected=Words("word.formula")), cell)
    left = LEFT_SIDE.match(text) if "=" in text or "＝" in text else None
    try:
        graph = parse(text if left is None else " " * left.end() + text[left.end() :])
        if shapes is None and of_numbers(graph):
            return graph
        return shaped(graph, {name: shape for name, shape in (shapes or {}).items() if name in graph.inputs})
    except EngineError as error:
        raise MalformedError(error, cell) from None


def of_numbers(graph: Graph) -> bool:
    """Is it a graph of numbers if its inputs are? As `Graph.mixes` tells, at less cost where it is asked once."""
    for node in graph.nodes:
        if node.op is None:
            if node.shape:
                return False
        elif not node.op.pointwise:
            return False
    return True
