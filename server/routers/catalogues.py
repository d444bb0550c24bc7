"""GET /ops, /passes, /examples, /kinks, /limits, /version: what there is. It does not change while the server runs."""

from __future__ import annotations

from functools import cache

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from engine import limits
from engine.documents import TRACE_VERSION, Line
from engine.edges import KINKS, VERSIONS
from engine.examples import EXAMPLES
from engine.explain import op_record
from engine.passes import PASSES, Algorithm
from engine.primitive import REGISTRY
from server import wire
from server.locale import LOCALES, catalogue
from server.schemas.openapi import gives
from server.schemas.responses import (
    Bilingual,
    ExampleRecord,
    ExamplesResponse,
    KinkRecord,
    KinksResponse,
    OpsResponse,
    PassesResponse,
    PassRecord,
    Version,
)
from server.version import version

BOUNDS = {"content": {"application/json": {"schema": {"type": "object", "additionalProperties": {"type": "integer"}}}}}

router = APIRouter(prefix="/api/v1", tags=["what there is"])


def both(key: str, **words: str) -> Bilingual:
    """A message in every language."""
    return Bilingual(**{locale: catalogue(locale).say(key, **words) for locale in LOCALES})


@cache
def ops() -> OpsResponse:
    """The table of operations."""
    return OpsResponse([op_record(op) for op in REGISTRY.values()])


def lines(algorithm: Algorithm) -> list[Line]:
    """An algorithm as it is sent."""
    return [Line(code, bind) for code, bind in algorithm]


@cache
def passes() -> PassesResponse:
    """The table of passes."""
    rows = []
    for name, row in PASSES.items():
        title, about = both(f"pass.{name}"), both(f"about.{name}")
        modes = {mode: lines(algorithm) for mode, algorithm in row.modes.items()}
        rows.append(PassRecord(name, title, about, lines(row.algorithm), list(row.options), modes))
    return PassesResponse(rows)


@cache
def examples() -> ExamplesResponse:
    """The gallery."""
    return ExamplesResponse([msgspec.convert(one, ExampleRecord, from_attributes=True) for one in EXAMPLES])


@cache
def kinks() -> KinksResponse:
    """The table of kinks."""
    return KinksResponse(VERSIONS, [KinkRecord(row, both(f"kink.{row.key}", node="v")) for row in KINKS])


def send(document: object) -> Response:
    """A document as a response."""
    return Response(wire.encode(document), media_type="application/json")


@router.get("/ops", **gives(OpsResponse))
async def get_ops() -> Response:
    """Every operation: how it is written, printed and differentiated."""
    return send(ops())


@router.get("/passes", **gives(PassesResponse))
async def get_passes() -> Response:
    """Every pass and its algorithm."""
    return send(passes())


@router.get("/examples", **gives(ExamplesResponse))
async def get_examples() -> Response:
    """Worked examples."""
    return send(examples())


@router.get("/kinks", **gives(KinksResponse))
async def get_kinks() -> Response:
    """Kinks: our derivative beside TensorFlow's, PyTorch's and JAX's."""
    return send(kinks())


@router.get("/limits", responses={200: {"description": "Every bound, by name.", **BOUNDS}})
async def get_limits() -> Response:
    """What is refused for its size."""
    return send(limits.published())


@router.get("/version", **gives(Version))
async def get_version() -> Response:
    """What runs here."""
    return send(Version(version(), TRACE_VERSION))
