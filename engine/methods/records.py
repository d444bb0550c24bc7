"""What a comparison is made of, in the order of fields in which it is sent: docs/api.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

from msgspec import Struct

from engine.explain.columns import Column, Message
from engine.graph import Graph
from engine.values import Value

Say = Callable[[Message], str]
"""Turns a message into a sentence of some language."""


class Reason(Struct, frozen=True):
    """Why there is no number, or none to trust: a `code`, the node it is about where it is about one, a sentence."""

    code: str
    node: int | None = None
    name: str | None = None
    said: str | None = None


class Worked(Struct, frozen=True):
    """A step of a method at the first input: a rule with its numbers, and those numbers as they are.

    `whole` is the derivative in LaTeX after a symbolic step, None where it is long.
    """

    title: str | None
    why: str | None
    rule: list[Column]
    numbers: dict[str, float]
    whole: str | None = None


class Sizes(Struct, frozen=True):
    """Operations of the formula and of its derivatives, written out as trees, and with common parts shared."""

    function: int
    raw: int
    simplified: int
    shared: int


class Method(Struct, frozen=True):
    """What one method gives, how far off it is, and what it costs.

    `error` is the largest relative error of the gradient against the reference. `evaluations` are those of the function
    by itself; `operations` and `memory` (numbers kept at the same time) are counted, not measured. `size` counts the
    operations of the derivative written out and simplified (`sizes` has more); `table` is that of the extrapolation.
    """

    name: str
    gradient: dict[str, Value] | None
    error: float | None
    h: float | None
    evaluations: int
    passes: int
    operations: int | None
    memory: int | None
    size: int | None
    sizes: Sizes | None
    reason: Reason | None
    table: list[list[float]] | None
    steps: list[Worked]


class Exact(Struct, frozen=True):
    """A derivative to 50 digits, and the number next to it."""

    digits: str
    value: float


class Best(Struct, frozen=True):
    """A step and the relative error there."""

    h: float
    error: float


class Errors(Struct, frozen=True):
    """The relative error of the derivative by one input against the step h, NaN where the function is not defined.

    Left of the best step rounding rules: the error grows like h to the power `rounding_slope` (about -1). Right of it
    truncation rules: it grows like h to the power `truncation_order`. Both are fitted, None where too few steps show
    it. `theory` is the step that balances the two.
    """

    name: str
    exact: Exact
    h: list[float]
    curves: dict[str, list[float]]
    best: dict[str, Best]
    theory: dict[str, Best]
    truncation_order: dict[str, float | None]
    rounding_slope: dict[str, float | None]


class Check(Struct, frozen=True):
    """The Taylor remainders along a random direction: `first` without the gradient's term, `second` with it.

    `order` is the power of h with which `second` shrinks: 2 where the gradient is right, 1 where it is wrong.
    """

    h: list[float]
    first: list[float]
    second: list[float]
    order: float | None
    verdict: str
    direction: dict[str, Value]
    gradient: dict[str, Value]
    reason: Reason | None


class ByCount(Struct, frozen=True):
    """Operations against the number of inputs, or of outputs, everything else being as it is."""

    count: list[int]
    forward: list[int]
    reverse: list[int]
    central_difference: list[int]


class Swell(Struct, frozen=True):
    """Operations by depth, which is how often the formula is put into itself.

    Of the function as a tree, of its derivative raw, simplified and with common parts shared, and of the adjoint graph.
    """

    depth: list[int]
    f: list[int]
    raw: list[int]
    simplified: list[int]
    shared: list[int]
    reverse: list[int]


class Cost(Struct, frozen=True):
    """Counted operations: of the function, of pushing one tangent through it, of pulling one cotangent back.

    `crossover` is the number of inputs from which on reverse mode takes fewer operations than forward mode.
    """

    inputs: int
    outputs: int
    function: int
    push: int
    pull: int
    values: int
    live: int
    passes: dict[str, int]
    crossover: float | None
    by_inputs: ByCount
    by_outputs: ByCount


class Comparison(Struct, frozen=True, omit_defaults=True):
    """One function, differentiated by every method; `reasons` say why a part that was asked for is not there."""

    reference: dict[str, Exact] | None
    reasons: dict[str, Reason] = {}
    methods: list[Method] | None = None
    errors: Errors | None = None
    check: Check | None = None
    swell: Swell | None = None
    cost: Cost | None = None


class Refused(Exception):
    """A method does not apply: why, and at which node; `words` fill the message `key`."""

    def __init__(self, code: str, node: int | None = None, key: str | None = None, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.node = node
        self.key = key or f"compare.reason.{code}"
        self.words = words


class Speaker(NamedTuple):
    """Puts reasons and steps into words, or leaves the words out."""

    graph: Graph
    names: list[str]
    say: Say | None

    def sentence(self, key: str, **words: Any) -> str | None:
        """A message of the catalogue."""
        return None if self.say is None else self.say(Message(key, words))

    def sentences(self, messages: Sequence[Message]) -> str | None:
        """Messages one after the other, as the language sets them."""
        said = reduce(lambda first, then: Message("compare.both", {"first": first, "then": then}), messages)
        return None if self.say is None else self.say(said)

    def reason(self, refused: Refused) -> Reason:
        """Why there is nothing."""
        node = refused.node
        called = None if node is None else self.graph.names[node]
        words: dict[str, Any] = {**refused.words}
        if node is not None:
            words["node"] = self.names[node]
            op = self.graph.nodes[node].op
            words["op"] = "" if op is None else op.name
        return Reason(refused.code, node, called, self.sentence(refused.key, **words))
