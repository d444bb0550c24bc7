"""From the bytes of one item to the bytes of its answer: a pure function, whichever process runs it."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import replace

from engine import grading, limits
from engine.errors import EngineError
from engine.explain import Message
from engine.grading import KINDS, Exercise, Task
from engine.grading.draw import Draw
from server import wire
from server.body import check_depth, parse, refusal
from server.errors import ENGINE_STATUS, STATUS, ErrorBody, RequestError, body_of
from server.grading import jobs
from server.locale import Catalogue, catalogue
from server.schemas.grading import DrawRequest, DrawResponse, ShareRecord, SubmissionRecord, TaskResponse
from server.service import speaker
from server.version import version

KEPT = 512
REPORTS, SHORT = 4096, 1000
"""Reports that are remembered, and bytes of an answer up to which its report is."""
log = logging.getLogger("wengert")


class HeadLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A first line without an answer."""

    task: Raw | UnsetType = UNSET
    help: Literal["none", "hint", "full"] | UnsetType = UNSET
    text: Literal["en", "zh"] | UnsetType = UNSET


class Asked(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /grade: the task is read apart, as its kind asks."""

    answer: Any
    task: Raw | UnsetType = UNSET
    help: Literal["none", "hint", "full"] | UnsetType = UNSET
    text: Literal["en", "zh"] | None = None


class AskedLine(Asked, frozen=True, forbid_unknown_fields=True):
    """A line of a batch. What it is `about` is for those who read the reports (server.formats)."""

    id: str | int | None = None
    about: Raw | UnsetType = UNSET


class OfTask(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /task."""

    task: Raw
    text: Literal["en", "zh"] | None = None


class Tagged(Struct, frozen=True):
    """The kind of a task."""

    kind: str


class Named(Struct, frozen=True):
    """The id of a line that is wrong otherwise."""

    id: str | int | None = None


class Ready(NamedTuple):
    """A task that was worked out, and the end of each report on it."""

    task: Task
    exercise: Exercise
    id: str
    ending: bytes


kept: OrderedDict[bytes, Ready | EngineError | RequestError] = OrderedDict()


def answer(common: jobs.Common, item: jobs.Item) -> bytes:
    """The answer to an item, a line without its newline: of a request, its status comes first."""
    if common.verb == jobs.LINE:
        return line(common, item)
    try:
        return b"200 %s" % REQUESTS[common.verb](item.text, common)
    except (EngineError, RequestError) as error:
        status = ENGINE_STATUS if isinstance(error, EngineError) else STATUS[error.code]
        body = placed(error, catalogue(language(item.text, common)))
    except Exception as error:  # the last resort: a mistake of ours costs one item
        ticket = ticket_of(error)
        log.error("grading failed: %s", ticket, exc_info=error)
        status, body = STATUS["internal"], internal(ticket, common)
    return refused(status, body)


def refused(status: int, body: ErrorBody) -> bytes:
    """A request that is refused."""
    return b"%d %s" % (status, wire.encode(body))


def line(common: jobs.Common, item: jobs.Item) -> bytes:
    """A line of a batch, answered: its number, its id, and a report or an error."""
    try:
        asked = parse(item.text, AskedLine)
        return b'{"line":%d%s,"report":%s}' % (item.number, identity(asked.id), graded(asked, common))
    except (EngineError, RequestError) as error:
        body = placed(error, catalogue(language(item.text, common)))
    except Exception as error:  # the last resort
        ticket = ticket_of(error)
        log.error("grading failed: %s", ticket, exc_info=error)
        body = internal(ticket, common)
    return failed(item, body)


def failed(item: jobs.Item, body: ErrorBody) -> bytes:
    """A line of a batch that could not be graded."""
    return b'{"line":%d%s,"error":%s}' % (item.number, identity(named(item.text)), wire.encode(body))


def identity(id: str | int | None) -> bytes:
    """The field `id`, where a line has one."""
    return b"" if id is None else b',"id":%s' % msgspec.json.encode(id)


def named(text: bytes) -> str | int | None:
    """The id of a line, whatever else may be wrong with it."""
    try:
        return parse(text, Named).id
    except RequestError:
        return None


class Locale(Struct, frozen=True):
    """The language of a request that is wrong otherwise."""

    text: Literal["en", "zh"] | None = None


def language(text: bytes, common: jobs.Common) -> str:
    """The language a request or line asks for, whatever else may be wrong with it."""
    try:
        return parse(text, Locale).text or common.locale
    except RequestError:
        return common.locale


def ticket_of(error: Exception) -> str:
    """The number under which a mistake of ours is logged. Without memory there is no answer: MemoryError goes on."""
    if isinstance(error, MemoryError):
        raise error
    return secrets.token_hex(8)


def internal(ticket: str, common: jobs.Common) -> ErrorBody:
    """A mistake of ours, and its number in the log."""
    return body_of(RequestError("internal", request=ticket), catalogue(common.locale))


def placed(error: EngineError | RequestError, words: Catalogue) -> ErrorBody:
    """An error in words; what the engine refuses is the task."""
    body = body_of(error, words)
    return replace(body, path="$.task") if isinstance(error, EngineError) else body


# ---- tasks -----------------------------------------------------------------------------------------------------------


def ready(raw: bytes) -> Ready:
    """The exercise of a task's JSON, worked out once. Raises EngineError, RequestError."""
    key = hashlib.sha256(raw).digest()
    found = kept.get(key)
    if found is None:
        try:
            found = work_out(raw)
        except (EngineError, RequestError) as error:
            found = error
        while len(kept) >= KEPT:
            kept.popitem(last=False)
        kept[key] = found
    if isinstance(found, Exception):
        raise found
    return found


def work_out(raw: bytes) -> Ready:
    """The exercise of a task's JSON. Raises EngineError, RequestError."""
    task = read(raw)
    id = identifier(task)
    return Ready(task, grading.prepare(task), id, ending(id))


def read(raw: bytes) -> Task:
    """A task from its JSON. Raises RequestError, with a path inside `$.task`."""
    check_depth(raw)
    try:
        kind = msgspec.json.decode(raw, type=Tagged).kind
    except msgspec.ValidationError as error:
        raise inside(refusal(str(error), Tagged)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestError("malformed_json") from None
    row = KINDS.get(kind)
    if row is None:
        raise RequestError("unknown_kind", "$.task.kind", kinds=", ".join(KINDS))
    try:
        return msgspec.json.decode(raw, type=row.task)
    except msgspec.ValidationError as error:
        raise inside(refusal(str(error), row.task)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestError("malformed_json") from None


def inside(error: RequestError) -> RequestError:
    """The same error, its path counted from the request."""
    path = "$.task" + (error.path or "$").removeprefix("$")
    return RequestError(error.code, path, **{name: word for name, word in error.words.items() if name != "path"})


def identifier(task: Task) -> str:
    """The same for the same task, however its JSON was written: of SHA-256 the first 16 digits."""
    return hashlib.sha256(msgspec.json.encode(task, order="deterministic")).hexdigest()[:16]


@cache
def release() -> bytes:
    """The version of the grader, as JSON."""
    return msgspec.json.encode(version())


def ending(id: str) -> bytes:
    """The end of a report: the task's id and the grader's version."""
    return b',"task":"%s","grader":%s}' % (id.encode(), release())


# ---- requests --------------------------------------------------------------------------------------------------------


def graded(asked: Asked, common: jobs.Common) -> bytes:
    """The report on an answer. Raises EngineError, RequestError."""
    task = common.task if asked.task is UNSET else bytes(asked.task)
    if not task:
        raise RequestError("missing_field", "$", field="task")
    help = common.help if asked.help is UNSET else asked.help
    answer = msgspec.json.encode(asked.answer)
    work = reported if len(answer) <= SHORT else reported.__wrapped__
    return work(task, answer, help, asked.text or common.locale)


@lru_cache(maxsize=REPORTS)
def reported(task: bytes, answer: bytes, help: str, locale: str) -> bytes:
    """The report on an answer, remembered: a class gives the same one many times over, and gets the same bytes."""
    found = ready(task)
    report = grading.mark(found.exercise, msgspec.json.decode(answer), help=help, say=speaker(catalogue(locale)))
    return wire.encode(report, largest=limits.SHOWN_ELEMENTS)[:-1] + found.ending


def grade(text: bytes, common: jobs.Common) -> bytes:
    """POST /grade."""
    return graded(parse(text, Asked), common)


def task(text: bytes, common: jobs.Common) -> bytes:
    """POST /task: a task with its statement, model answer, marking scheme, and submissions with the score they get."""
    asked = parse(text, OfTask)
    found = ready(bytes(asked.task))
    exercise, say = found.exercise, speaker(catalogue(asked.text or common.locale))
    scheme = [ShareRecord(share.cell, share.weight, say(share.about)) for share in exercise.scheme()]
    submissions = [SubmissionRecord(*found, titled(found.mistake, say)) for found in exercise.submissions()]
    statement, model = say(exercise.statement()), exercise.model()
    described = TaskResponse(found.id, found.task, statement, model, scheme, submissions)
    return wire.encode(described, largest=limits.ELEMENTS)


def check(text: bytes, common: jobs.Common) -> bytes:
    """Whether the task of a batch is one. Raises EngineError, RequestError."""
    return msgspec.json.encode(ready(text).id)


def titled(mistake: str | None, say: Callable[[Message], str]) -> str | None:
    """What a mistake is called."""
    return None if mistake is None else say(Message(f"mistake.{mistake}.title"))


def draw(text: bytes, common: jobs.Common) -> bytes:
    """POST /task/draw: a task of a kind, drawn from a seed."""
    asked = parse(text, DrawRequest)
    row = KINDS.get(asked.kind)
    if row is None:
        raise RequestError("unknown_kind", "$.kind", kinds=", ".join(KINDS))
    drawn = read(wire.encode(row.variant(Draw(asked.seed))))  # as it is when it comes back
    return wire.encode(DrawResponse(identifier(drawn), drawn))


REQUESTS: dict[str, Callable[[bytes, jobs.Common], bytes]] = {
    jobs.GRADE: grade,
    jobs.TASK: task,
    jobs.CHECK: check,
    jobs.DRAW: draw,
}
