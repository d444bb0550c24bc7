"""GET /healthz, /readyz, /metrics: for those who run the server."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server import wire
from server.schemas.openapi import gives
from server.schemas.responses import Health
from server.version import version

router = APIRouter(tags=["operations"])
METRICS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", **gives(Health))
async def healthz(request: Request) -> Response:
    """The process answers."""
    return health(request)


@router.get("/readyz", **gives(Health))
async def readyz(request: Request) -> Response:
    """The process can work; nothing outside it is needed for that."""
    return health(request)


def health(request: Request) -> Response:
    """Both are the same here: there is no database and no other server."""
    page = "index" in request.app.state.assets.entries
    return Response(wire.encode(Health("ok", page)), media_type="application/json")


@router.get("/metrics", responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})
async def metrics(request: Request) -> Response:
    """Counters for Prometheus."""
    return Response(request.app.state.metrics.text(version()), headers={"Content-Type": METRICS})
