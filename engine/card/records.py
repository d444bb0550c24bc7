"""What a card is made of, in the order of fields in which it is sent: docs/api.md."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from engine.values import Value

Role = Literal["primal", "tangent", "adjoint", "partial"]
Structure = Literal["diagonal", "blocks", "lower", "upper", "selection", "sparse", "dense", "empty"]


class CardPart(Struct, frozen=True):
    """A quantity by its name; `value` is None where the pass never computes it."""

    latex: str
    role: Role
    shape: tuple[int, ...]
    value: Value | None


class CardBlock(Struct, frozen=True):
    """The Jacobian that would be, by one argument: a row per element of the output, a column per element of it.

    An entry that is None is zero by structure. `entries` is None where there are too many to draw, `empty` (how many
    are zero by structure) where they were not counted. `block` is the size of the equal blocks on the diagonal.
    """

    argnum: int
    latex: str
    rows: int
    columns: int
    entries: list[list[float | None]] | None
    empty: int | None
    structure: Structure
    block: tuple[int, int] | None
    caption: str | None


class CardLine(Struct, frozen=True):
    """A primitive that is really computed; `args` count the operands of its product, then the lines before it."""

    op: str
    sign: str | None
    latex: str
    args: list[int]
    params: dict[str, Any]
    shape: tuple[int, ...]
    value: Value | None
    cost: int


class Summed(Struct, frozen=True, rename={"wide": "from", "narrow": "to"}):
    """What broadcasting asks for: a pull sums over `axes`; a push stretches along them, from `to` back to `from`."""

    axes: tuple[int, ...]
    wide: tuple[int, ...]
    narrow: tuple[int, ...]


class CardProduct(Struct, frozen=True):
    """What is computed in the place of Jacobian times tangent, or of cotangent times Jacobian.

    The last line is the result; without lines the one operand is passed on.
    """

    argnum: int
    to: CardPart
    latex: str
    operands: list[CardPart]
    lines: list[CardLine]
    summed: Summed | None
    cost: int
    said: str | None


class ClosedRow(Struct, frozen=True):
    """A gradient by the textbook's formula, by reverse mode, and the largest distance between the two."""

    name: str
    latex: str
    value: Value
    found: Value
    difference: float


class ClosedForm(Struct, frozen=True):
    """A function that textbooks differentiate as a whole; where the formula stands."""

    latex: str
    reference: str
    rows: list[ClosedRow]


class CardText(Struct, frozen=True):
    """Sentences on shapes, the Jacobian, the product, the layout convention, and the conventions of the operation."""

    shapes: str
    jacobian: str
    product: str
    layout: str
    about: str


class Card(Struct, frozen=True):
    """All about one node of a trace: values, the Jacobians that would be, and the products computed instead.

    `statement` is the right-hand side of its assignment. Labels, inputs and constants have no Jacobians.
    """

    node: int
    op: str | None
    name: str
    statement: str
    output: list[CardPart]
    inputs: list[CardPart]
    jacobians: list[CardBlock | None]
    pushes: list[CardProduct | None]
    pulls: list[CardProduct | None]
    cost: int
    closed: list[ClosedForm]
    text: CardText | None
