"""POST /graph, /trace, /card, /inspect, /derivatives, /compare: a request in, one engine call, a document out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.card import Card
from engine.documents import Derivatives, GraphDocument
from engine.edges import Inspection
from engine.methods.records import Comparison
from server import service
from server.body import receive
from server.schemas.openapi import posts
from server.schemas.requests import (
    CardRequest,
    CompareRequest,
    DerivativesRequest,
    GraphRequest,
    InspectRequest,
    TraceRequest,
)
from server.schemas.responses import TraceResponse

router = APIRouter(prefix="/api/v1", tags=["work"])
POINT = {"source": "ln(x1) + x1*x2 - sin(x2)", "inputs": {"x1": 2, "x2": 5}}

PRODUCT = {"source": "sum((X @ W + b)**2)", "inputs": {"X": "[1, 2; 3, 4]", "W": "[1, 0; -1, 2]", "b": "[0.5, -0.5]"}}
TRAP = {"source": "where(x > 0, sqrt(x), 0)", "inputs": {"x": 0}}

Job = TypeVar("Job", GraphRequest, TraceRequest, CardRequest, InspectRequest, CompareRequest, DerivativesRequest)


async def answer(request: Request, kind: type[Job], work: Callable[[Job], bytes]) -> Response:
    """Receive a record of this kind, work on it, send the bytes."""
    job = await receive(request, kind)
    body = await request.app.state.workshop.do(lambda: work(job), large=service.is_large(job))
    return Response(body, media_type="application/json")


@router.post("/graph", **posts(GraphRequest, GraphDocument, {"source": POINT["source"]}))
async def graph(request: Request) -> Response:
    """Parse a formula: its graph, its LaTeX, the inputs it asks for."""
    return await answer(request, GraphRequest, service.graph)


@router.post("/trace", **posts(TraceRequest, TraceResponse, {**POINT, "pass": "reverse"}))
async def trace(request: Request) -> Response:
    """Record every step of one pass over a formula."""
    return await answer(request, TraceRequest, service.trace)


@router.post("/card", **posts(CardRequest, Card, {**PRODUCT, "pass": "reverse", "node": 3, "text": "en"}))
async def card(request: Request) -> Response:
    """Show one node of a trace: the Jacobian that would be, and what is computed instead."""
    return await answer(request, CardRequest, service.card)


@router.post("/inspect", **posts(InspectRequest, Inspection, {**TRAP, "text": "en"}))
async def inspect(request: Request) -> Response:
    """Inspect a formula at a point: kinds of nothing, where a NaN came from, conditioning, kinks."""
    return await answer(request, InspectRequest, service.inspect)


@router.post("/derivatives", **posts(DerivativesRequest, Derivatives, {**POINT, "want": ["value", "gradient"]}))
async def derivatives(request: Request) -> Response:
    """Derivatives as numbers, without steps."""
    return await answer(request, DerivativesRequest, service.derivatives)


@router.post("/compare", **posts(CompareRequest, Comparison, {**POINT, "want": ["methods", "check"], "text": "en"}))
async def compare(request: Request) -> Response:
    """Compare numerical, symbolic and automatic differentiation on one function."""
    return await answer(request, CompareRequest, service.compare)
