"""POST /graph, /trace, /derivatives: a request in, one call of the engine, a document out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.documents import Derivatives, GraphDocument
from server import service
from server.body import receive
from server.schemas.openapi import posts
from server.schemas.requests import DerivativesRequest, GraphRequest, TraceRequest
from server.schemas.responses import TraceResponse

router = APIRouter(prefix="/api/v1", tags=["work"])
POINT = {"source": "ln(x1) + x1*x2 - sin(x2)", "inputs": {"x1": 2, "x2": 5}}

Job = TypeVar("Job", GraphRequest, TraceRequest, DerivativesRequest)


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


@router.post("/derivatives", **posts(DerivativesRequest, Derivatives, {**POINT, "want": ["value", "gradient"]}))
async def derivatives(request: Request) -> Response:
    """Derivatives as numbers, without steps."""
    return await answer(request, DerivativesRequest, service.derivatives)
