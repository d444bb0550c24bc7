"""What a caller may send. Strict: no other fields, no other types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from server.wire import Given

Source = Annotated[str, Meta(description="The formula, in mathematical or Python notation: `ln(x1) + x1*x2`.")]
Inputs = Annotated[
    dict[str, Given],
    Meta(
        description="A value for every input, finite: a number, nested lists of numbers, or a text such as "
        "`[1, 2; 3, 4]`, a table, NumPy's print-out, `randn(3, 2, seed=1)`."
    ),
]
Wrt = Annotated[list[str] | None, Meta(description="The inputs to differentiate by; all unless given.")]
Output = Annotated[str | None, Meta(description="A node by its name; the last one unless given.")]
Seed = Annotated[
    Given | dict[str, Given] | None,
    Meta(
        description="Reverse: the adjoint of the output, by default 1. Forward: a tangent per input. Each has the "
        "shape of what it belongs to; a number stands for all elements."
    ),
]
Options = Annotated[
    dict[str, Any],
    Meta(description='Options of the pass: `{"of": ["x", "x"]}` runs it on the second derivative by x.'),
]
PassName = Annotated[str, Meta(description="One of the names that `GET /api/v1/passes` lists.")]
TextLocale = Annotated[Literal["en", "zh"] | None, Meta(description="Explain every event, in this language.")]


Arrays = Annotated[
    Literal["full"] | None,
    Meta(description="`full` sends every array whole; otherwise large ones are summarised."),
]
Direction = Annotated[dict[str, Given] | None, Meta(description="A tangent per input, 0 where none is given.")]


class GraphRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A formula to parse."""

    source: Source
    inputs: Inputs | None = None


class TraceRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A formula, a point, and the pass to record."""

    source: Source
    inputs: Inputs
    pass_: PassName = field(name="pass")
    wrt: Wrt = None
    seed: Seed = None
    output: Output = None
    options: Options | None = None
    text: TextLocale = None
    arrays: Arrays = None


class CardRequest(TraceRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A trace, and the node of its graph that the card is about."""

    node: Annotated[int, Meta(description="The node by its id, of the formula or made by the pass.")]


class InspectRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A formula and a point to inspect for kinds of nothing, NaNs, lost digits and kinks."""

    source: Source
    inputs: Inputs
    wrt: Wrt = None
    output: Output = None
    of: Annotated[
        list[str] | None,
        Meta(description="Inputs to differentiate by before: `[x]` inspects the first derivative by x."),
    ] = None
    text: TextLocale = None


class CompareRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A formula, a point, and what to compare there."""

    source: Source
    inputs: Inputs
    wrt: Wrt = None
    output: Output = None
    want: Annotated[
        list[str] | None,
        Meta(description="Any of `methods`, `errors`, `check`, `swell`, `cost`; `methods` unless given."),
    ] = None
    h: Annotated[
        float | None, Meta(description="The step of all numerical methods; each has its own unless given.")
    ] = None
    claim: Annotated[
        dict[str, Given] | None,
        Meta(description="Derivatives to check in the place of ours: by input a formula, a number or an array."),
    ] = None
    seed: Annotated[int | None, Meta(description="Draws the direction of the check: 0 unless given.")] = None
    text: Annotated[Literal["en", "zh"] | None, Meta(description="Put steps and reasons into words.")] = None


class DerivativesRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A formula, a point, and the derivatives wanted there."""

    source: Source
    inputs: Inputs
    want: Annotated[list[str], Meta(description="Any of `value`, `gradient`, `jacobian`, `hessian`.")]
    wrt: Wrt = None
    jvp: Direction = None
    vjp: Annotated[Given | None, Meta(description="The cotangent of the output: asks for `vjp`.")] = None
    hvp: Direction = None
    directional: Direction = None
    of: Annotated[
        list[str] | None,
        Meta(description="Inputs to differentiate by, one after the other: `[x, x]` asks for the second `derivative`."),
    ] = None
    output: Output = None
