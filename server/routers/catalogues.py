"""GET /ops, /passes, /examples, /lessons, /kinks, /limits, /version: what there is, the same as long as we run."""

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
from server.locale import LOCALES, catalogue, read
from server.schemas.openapi import gives
from server.schemas.responses import (
    Bilingual,
    ExampleRecord,
    ExamplesResponse,
    KinkRecord,
    KinksResponse,
    LessonRecord,
    LessonsResponse,
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


@cache
def lessons() -> LessonsResponse:
    """A lesson on each method, in the order of the catalogue."""
    methods = dict.fromkeys(key.split(".")[1] for key in read(LOCALES[0], "lessons"))
    parts = ("title", "what", "cost", "error", "use")
    return LessonsResponse(
        [LessonRecord(method, **{part: both(f"lesson.{method}.{part}") for part in parts}) for method in methods]
    )


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


@router.get("/lessons", **gives(LessonsResponse))
async def get_lessons() -> Response:
    """What each way to differentiate does, costs and errs by, and when to use it; LaTeX stands between dollar signs."""
    return send(lessons())


@router.get("/limits", responses={200: {"description": "Every bound, by name.", **BOUNDS}})
async def get_limits() -> Response:
    """What is refused for its size."""
    return send(limits.published())


@router.get("/version", **gives(Version))
async def get_version() -> Response:
    """What runs here."""
    return send(Version(version(), TRACE_VERSION))
