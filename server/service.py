"""The answers of the engine, from a request to JSON bytes; the routers and the command line both come here."""

from __future__ import annotations

from collections.abc import Callable

from engine import api, limits
from engine.explain import Explanation, Message, explain
from server import wire
from server.locale import Catalogue, catalogue
from server.schemas.requests import (
    CardRequest,
    CompareRequest,
    DerivativesRequest,
    GraphRequest,
    InspectRequest,
    TraceRequest,
)
from server.schemas.responses import StepText, TraceText

SENT_ELEMENTS = 200_000
"""Elements that the arrays of a trace may have together, about, when nobody asked for all."""
INLINE_CHARACTERS = 1000
"""Sources up to so long are worked on at once: the answer takes a few milliseconds at most."""


def graph(request: GraphRequest) -> bytes:
    """The graph of a source. Raises EngineError."""
    return wire.encode(api.graph(request.source, request.inputs), largest=limits.SHOWN_ELEMENTS)


def trace(request: TraceRequest) -> bytes:
    """The recorded run of a pass. Raises EngineError."""
    document, steps = api.traced(
        request.source,
        request.inputs,
        request.pass_,
        wrt=request.wrt,
        seed=request.seed,
        output=request.output,
        options=request.options,
    )
    numbers = (document.inputs, document.seed, document.graph, document.events, document.result)
    body = wire.encode(document, numbers, limits.ELEMENTS if request.arrays == "full" else shown(len(steps.nodes)))
    if request.text is None:
        return body
    return wire.extend(body, "text", in_words(explain(document, steps), catalogue(request.text)))


def card(request: CardRequest) -> bytes:
    """All about one node of a trace. Raises EngineError."""
    found = api.card(
        request.source,
        request.inputs,
        request.pass_,
        request.node,
        wrt=request.wrt,
        seed=request.seed,
        output=request.output,
        options=request.options,
        say=None if request.text is None else speaker(catalogue(request.text)),
    )
    return wire.encode(found, largest=limits.ELEMENTS if request.arrays == "full" else limits.SHOWN_ELEMENTS)


def inspect(request: InspectRequest) -> bytes:
    """Kinds of nothing, where a NaN came from, conditioning, kinks. Raises EngineError."""
    found = api.inspect(
        request.source,
        request.inputs,
        wrt=request.wrt,
        output=request.output,
        of=request.of,
        say=None if request.text is None else speaker(catalogue(request.text)),
    )
    return wire.encode(found, largest=shown(len(found.nodes)))


def derivatives(request: DerivativesRequest) -> bytes:
    """Derivatives as numbers. Raises EngineError."""
    found = api.derivatives(
        request.source,
        request.inputs,
        request.want,
        wrt=request.wrt,
        jvp=request.jvp,
        vjp=request.vjp,
        hvp=request.hvp,
        directional=request.directional,
        of=request.of,
        output=request.output,
    )
    return wire.encode(found)


def compare(request: CompareRequest) -> bytes:
    """Every method side by side. Raises EngineError."""
    found = api.compare(
        request.source,
        request.inputs,
        wrt=request.wrt,
        output=request.output,
        want=("methods",) if request.want is None else request.want,
        h=request.h,
        claim=request.claim,
        seed=request.seed or 0,
        say=None if request.text is None else speaker(catalogue(request.text)),
    )
    return wire.encode(found, largest=limits.SHOWN_ELEMENTS)


def shown(nodes: int) -> int:
    """Elements of an array that is sent whole with a trace of so many nodes, each of which has a few arrays."""
    return max(16, min(limits.SHOWN_ELEMENTS, SENT_ELEMENTS // max(nodes, 1)))


def is_large(
    request: GraphRequest | TraceRequest | InspectRequest | CompareRequest | DerivativesRequest,
) -> bool:
    """Whether the work may take long enough to hold up other requests."""
    if isinstance(request, CompareRequest):
        return True  # a thousand evaluations, and as many numbers with 50 digits
    size = len(request.source)
    if isinstance(request, TraceRequest):
        if request.options or request.pass_ == "jacobian":
            return True  # a derivative of high order, or a pass for each element, is a thousand times a short formula
        size *= 8 if request.text else 1
    if isinstance(request, InspectRequest):
        size *= 8 if not request.of else INLINE_CHARACTERS
    if isinstance(request, DerivativesRequest) and "hessian" in request.want:
        size *= len(request.inputs)
    return size > INLINE_CHARACTERS


def speaker(words: Catalogue) -> Callable[[Message], str]:
    """Says a message in one language."""
    return lambda message: words.say(message.key, **message.words)


def in_words(explanation: Explanation, words: Catalogue) -> TraceText:
    """An explanation as sentences of one language."""
    between = "" if words.locale == "zh" else " "
    say = speaker(words)
    events = [
        StepText(say(event.title), between.join(map(say, event.why)), say(event.say), event.rule)
        for event in explanation.events
    ]
    return TraceText(words.locale, explanation.nodes, explanation.names, explanation.partials, events)
