"""What an inspection is made of, in the order of fields in which it is sent: docs/api.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from engine.documents import GraphRecord
from engine.explain.columns import Message
from engine.values import Value

Say = Callable[[Message], str]
"""Turns a message into a sentence of some language."""

ValueKind = Literal["number", "zero", "underflow", "cancelled", "overflow", "pole", "undefined", "inherited"]
SlopeKind = Literal[
    "number", "zero", "underflow", "overflow", "pole", "undefined", "inherited", "not_computed", "no_path", "stopped"
]
TroubleKind = Literal["undefined", "pole", "overflow", "underflow", "cancelled", "imprecise"]


class NodeReport(Struct, frozen=True):
    """A node: what its value and its derivative are, which kind of nothing if any, and how well it is known.

    `statement` is the right-hand side of its assignment, in LaTeX.

    `condition` is the relative condition number of its operation, `lost` the decimal digits that costs; `error` is the
    accumulated bound of the relative error in units of eps, `left` the digits that are sure. All four are None where
    they are not defined, or not counted.
    """

    node: int
    name: str
    statement: str
    value: Value
    value_kind: ValueKind
    value_reason: str | None
    derivative: Value | None
    derivative_kind: SlopeKind
    derivative_reason: str | None
    condition: float | None
    lost: float | None
    error: float | None
    left: float | None


class MissingPath(Struct, frozen=True):
    """Between an input and the output: the last nodes that are reached from it, and those the output is made of."""

    ends: list[int]
    cone: list[int]


class InputReport(Struct, frozen=True):
    """An input of interest: its derivative, and why there is none or which kind of nothing it is.

    `missing` is there when no path leads to the output, `stops` are the nodes that stop the gradient on the way.
    """

    name: str
    node: int
    derivative: Value
    kind: SlopeKind
    reason: str | None
    missing: MissingPath | None
    stops: list[int]


class Cure(Struct, frozen=True):
    """What usually helps: `pattern` is the row's formula as found in `latex`, `instead` what to write, in LaTeX.

    `source` is the same as text to type, where the letters stand for something that was typed; `node` is the one that
    it replaces.
    """

    key: str
    pattern: str | None
    latex: str | None
    instead: str | None
    source: str | None
    said: str | None
    node: int | None = None


class Trouble(Struct, frozen=True):
    """A place where a number breaks: at a node going forward, on an edge (node, argnum) to `source` going backward.

    `cause` says how. `path` runs from the node towards the output (forward) or, by `source`, an input (backward), as
    far as the trouble is passed on; `arrives` tells whether it gets there.
    """

    phase: Literal["forward", "backward"]
    node: int
    argnum: int | None
    source: int | None
    kind: TroubleKind
    cause: str
    value: Value
    path: list[int]
    arrives: bool
    reason: str | None
    cure: Cure


class KinkReport(Struct, frozen=True):
    """A node, or an input without a path, that is exactly at a place where conventions differ; `row` is in /kinks."""

    node: int
    row: str
    said: str | None


class Conditioning(Struct, frozen=True):
    """How well the output is known: the largest bound of its relative error in units of eps, the digits left of 15.95.

    `worst` is the node whose operation loses most, with its condition number.
    """

    error: float | None
    left: float | None
    worst: int | None
    condition: float | None
    said: str | None


class Inspection(Struct, frozen=True):
    """Honesty at the edges: docs/api.md. `first` is the index of the trouble that the serious ones come from."""

    source: str
    inputs: dict[str, Value]
    wrt: list[str]
    output: str
    graph: GraphRecord
    names: list[str]
    value: Value
    nodes: list[NodeReport]
    derivatives: list[InputReport]
    troubles: list[Trouble]
    first: int | None
    conditioning: Conditioning
    kinks: list[KinkReport]
