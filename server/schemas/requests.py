"""What a caller may send. Strict: no other fields, no other types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from server.wire import Number

Source = Annotated[str, Meta(description="The formula, in mathematical or Python notation: `ln(x1) + x1*x2`.")]
Inputs = Annotated[
    dict[str, Number],
    Meta(description="A value for every input, finite: `NaN` is refused as `bad_input`, by name."),
]
Wrt = Annotated[list[str] | None, Meta(description="The inputs to differentiate by; all unless given.")]
Output = Annotated[str | None, Meta(description="A node by its name; the last one unless given.")]
Seed = Annotated[
    Number | dict[str, Number] | None,
    Meta(description="Reverse: the adjoint of the output, by default 1. Forward: a tangent per input."),
]
Options = Annotated[
    dict[str, Any],
    Meta(description='Options of the pass: `{"of": ["x", "x"]}` runs it on the second derivative by x.'),
]
PassName = Annotated[str, Meta(description="One of the names that `GET /api/v1/passes` lists.")]
TextLocale = Annotated[Literal["en", "zh"] | None, Meta(description="Explain every event, in this language.")]


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


class DerivativesRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A formula, a point, and the derivatives wanted there."""

    source: Source
    inputs: Inputs
    want: Annotated[list[str], Meta(description="Any of `value`, `gradient`, `jacobian`, `hessian`.")]
    wrt: Wrt = None
    jvp: Annotated[dict[str, Number] | None, Meta(description="A tangent per input: asks for `jvp`.")] = None
    vjp: Annotated[Number | None, Meta(description="The cotangent of the output: asks for `vjp`.")] = None
    output: Output = None
