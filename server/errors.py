"""What went wrong, as the API says it: `{code, message, span, hint}` in the reader's language."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import EngineError, shortened
from server import wire
from server.locale import Catalogue, catalogue, negotiate

log = logging.getLogger("wengert")

STATUS = {
    "malformed_json": 400,  # not JSON, or NaN in it, or not UTF-8
    "too_nested": 400,  # deeper than {limit}
    "not_found": 404,
    "not_built": 404,  # the page's files are not there
    "method_not_allowed": 405,
    "too_large": 413,  # a body of more than {limit} bytes
    "not_json": 415,  # another content type, or charset
    "not_ndjson": 415,  # a batch that is no application/x-ndjson
    "compressed": 415,  # a Content-Encoding
    "bad_request": 400,  # other refusals of the HTTP layer
    "client_gone": 400,  # the client left while it was sending
    "missing_field": 422,  # {field} is missing at {path}
    "unknown_field": 422,  # only {fields} are known at {path}
    "wrong_type": 422,  # {expected} expected, {found} found at {path}
    "wrong_value": 422,  # not one of the values allowed at {path}
    "number_too_large": 422,  # a literal no float64 can hold, at {path}
    "unknown_kind": 422,  # a task of none of {kinds}, at {path}
    "item_failed": 422,  # grading one answer took more time or memory than one may take, twice
    "line_too_long": 413,  # a line of a batch, of more than {limit} bytes
    "too_many_lines": 413,  # a batch of more than {limit} lines
    "busy": 503,  # shed load: come again
    "internal": 500,  # a mistake of ours: {request}
}
"""Codes that the server adds to `engine.errors.CODES`, and their HTTP status. A closed list."""

ENGINE_STATUS = 422
ABOUT_AN_INPUT = frozenset({"bad_input", "bad_array"})
"""Codes about the value of one input."""
BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}


class RequestError(Exception):
    """A request that is refused before the engine sees it; `words` fill the sentence and never come from the input."""

    def __init__(self, code: str, path: str | None = None, **words: Any) -> None:
        assert code in STATUS, code
        super().__init__(code)
        self.code = code
        self.path = path
        self.words = {"path": path, **words}
        self.headers: dict[str, str] = {}


class SpanRecord(Struct, frozen=True):
    """A place in the source, in characters: source[start:end]."""

    start: int
    end: int


class ErrorBody(Struct, frozen=True):
    """Why a request was refused; `code` is one of a closed list.

    `path` is the place in the request, as in `$.inputs`, and `input` the name of the input whose value is refused.
    """

    code: str
    message: str
    span: SpanRecord | None
    hint: str | None
    path: str | UnsetType = UNSET
    input: str | UnsetType = UNSET


def body_of(error: EngineError | RequestError, words: Catalogue) -> ErrorBody:
    """An error in words."""
    if isinstance(error, RequestError):
        return ErrorBody(error.code, words.say(f"error.{error.code}", **error.words), None, None, error.path or UNSET)
    span = SpanRecord(error.span.start, error.span.end) if error.span is not None else None
    params = {name: shortened(word) for name, word in error.params.items()}
    hint = words.say(f"hint.{error.hint}", **params) if error.hint else None
    refused = params["name"] if error.code in ABOUT_AN_INPUT else UNSET
    return ErrorBody(error.code, words.say(f"error.{error.code}", **params), span, hint, input=refused)


def language_of(request: Request) -> Catalogue:
    """The catalogue a request asks for."""
    return catalogue(negotiate(request.headers.get("accept-language", "")))


def respond(request: Request, error: EngineError | RequestError) -> Response:
    """An error as a response."""
    status = ENGINE_STATUS if isinstance(error, EngineError) else STATUS[error.code]
    words = language_of(request)
    headers = {"Content-Language": words.locale, "Vary": "Accept-Language"}
    if isinstance(error, RequestError):
        headers |= error.headers
    request.scope["wengert.error"] = error.code
    return Response(wire.encode(body_of(error, words)), status, headers, "application/json")


async def on_refusal(request: Request, error: EngineError | RequestError) -> Response:
    """The engine refuses what somebody wrote, or we refuse a request."""
    return respond(request, error)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """The router refuses a request."""
    refusal = RequestError(BY_STATUS.get(error.status_code, "bad_request"))
    refusal.headers = dict(error.headers or {})
    return respond(request, refusal)


def internal(request: Request, error: Exception) -> Response:
    """A mistake of ours, logged under a number that the reader is told. Of the request only its route is logged."""
    ticket = secrets.token_hex(8)
    log.error("request %s on %s failed", ticket, route_of(request), exc_info=error)
    return respond(request, RequestError("internal", request=ticket))


def route_of(request: Request) -> str:
    """The route's template, not what the client typed."""
    return getattr(request.scope.get("route"), "path", "unmatched")


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
HANDLERS: dict[int | type[Exception], Handler] = {
    EngineError: on_refusal,
    RequestError: on_refusal,
    HTTPException: on_http_exception,
}
