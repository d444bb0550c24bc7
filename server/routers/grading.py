"""POST /grade, /grade/batch, /task, /task/draw and GET /task-kinds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache

import msgspec
from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from engine import limits
from engine.grading import KINDS, prepare
from engine.grading.draw import Draw
from engine.grading.verdicts import HELP
from server import wire
from server.body import check_headers, check_ndjson, read
from server.errors import RequestError, language_of
from server.grading import jobs
from server.grading.chunks import Batch, Chunk
from server.grading.graders import Graders
from server.grading.stream import BatchResponse, Stream
from server.locale import LOCALES, catalogue
from server.schemas.grading import (
    DrawRequest,
    DrawResponse,
    GradedLine,
    GradeLine,
    GradeRequest,
    GradeResponse,
    TaskKind,
    TaskKindsResponse,
    TaskRequest,
    TaskResponse,
)
from server.schemas.openapi import gives, posts, streams
from server.schemas.responses import Bilingual
from server.service import speaker

router = APIRouter(prefix="/api/v1", tags=["grading"])
"""Grading has workers of its own, so that nothing else waits for it."""
TASK = {"kind": "order", "source": "ln(x1) + x1*x2 - sin(x2)"}
"""A task for the examples of the document."""
ANSWER = ["x1", "x2", "v1", "v2", "v3", "v4", "v5"]


async def answer(request: Request, verb: str) -> Response:
    """Receive a request, let a worker answer it."""
    check_headers(request)
    locale = language_of(request).locale
    status, body = await graders_of(request).one(verb, await read(request), locale)
    return said(request, status, body)


def graders_of(request: Request) -> Graders:
    """The workers of the app."""
    found: Graders = request.app.state.graders
    return found


def said(request: Request, status: int, body: bytes) -> Response:
    """What a worker says, as a response."""
    if status != 200:
        request.scope["wengert.error"] = msgspec.json.decode(body)["code"]
    return Response(body, status, {"Vary": "Accept-Language"}, "application/json")


@router.post("/grade", **posts(GradeRequest, GradeResponse, {"task": TASK, "answer": ANSWER, "help": "full"}))
async def grade(request: Request) -> Response:
    """Grade one answer: a verdict that names the step and the misconception."""
    return await answer(request, jobs.GRADE)


@router.post("/task", **posts(TaskRequest, TaskResponse, {"task": TASK, "text": "en"}))
async def task(request: Request) -> Response:
    """Show a task: its statement, a right answer, its marking scheme, and answers with the score they get."""
    return await answer(request, jobs.TASK)


@router.post("/task/draw", **posts(DrawRequest, DrawResponse, {"kind": "order", "seed": 7}))
async def draw(request: Request) -> Response:
    """Draw a task of a kind from a seed."""
    return await answer(request, jobs.DRAW)


@cache
def kinds() -> TaskKindsResponse:
    """The table of kinds."""
    rows = []
    for kind in KINDS.values():
        drawn = kind.variant(Draw(0))
        exercise = prepare(drawn)
        statement = Bilingual(**{locale: speaker(catalogue(locale))(exercise.statement()) for locale in LOCALES})
        rows.append(TaskKind(kind.name, msgspec.json.schema(kind.task), drawn, statement, exercise.model()))
    return TaskKindsResponse(rows)


@router.get("/task-kinds", **gives(TaskKindsResponse))
async def get_task_kinds(request: Request) -> Response:
    """Every kind of task: the schema of its tasks, and one of them with a right answer."""
    body = await request.app.state.workshop.do(lambda: wire.encode(kinds()), large=True)
    return Response(body, media_type="application/json")


# ---- batches ---------------------------------------------------------------------------------------------------------


@router.post("/grade/batch", **streams(GradeLine, GradedLine, {"task": TASK, "answer": ANSWER, "id": "s1"}))
async def grade_batch(request: Request) -> Response:
    """Grade many answers, a line each, while they come in: each line by itself, in order."""
    check_ndjson(request)
    graders = graders_of(request)
    batch = Batch(common_of(request), most=limits.BATCH_LINES)
    graders.admit()
    try:
        pieces = request.stream()
        begun = await first(pieces, batch)
        locale = batch.common.locale
        if batch.common.task:
            status, body = await graders.one(jobs.CHECK, batch.common.task, locale)
            if status != 200:
                graders.leave()
                return said(request, status, body)
    except BaseException as error:
        graders.leave()
        if isinstance(error, ClientDisconnect):
            raise RequestError("client_gone") from None
        raise
    return BatchResponse(Stream(graders, batch, pieces), begun)


def common_of(request: Request) -> jobs.Common:
    """What the address and the headers say for all lines. Raises RequestError."""
    query = request.query_params
    locale, help = query.get("text", language_of(request).locale), query.get("help", "hint")
    if locale not in LOCALES:
        raise RequestError("wrong_value", "$.text")
    if help not in HELP:
        raise RequestError("wrong_value", "$.help")
    return jobs.Common(jobs.LINE, catalogue(locale).locale, query.get("task", "").encode(), help)


async def first(pieces: AsyncIterator[bytes], batch: Batch) -> list[Chunk]:
    """What can be read until the first line is complete, which may speak for all. Raises RequestError."""
    begun: list[Chunk] = []
    async for piece in pieces:
        begun += batch.feed(piece)
        if not batch.first:
            return begun
    return [*begun, *batch.end()]
