"""From the bytes of a request to a typed record, or to a refusal that names the place and repeats nothing."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from engine import limits
from server.errors import RequestError

T = TypeVar("T", bound=msgspec.Struct)
NDJSON = "application/x-ndjson"
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
WRONG_TYPE = re.compile(r"Expected `([^`]*)`, got `([a-z]+)`")
PATH = re.compile(r" - at `(?:key in )?(\$[^`]*)`$")


async def receive(request: Request, kind: type[T]) -> T:
    """Read and check the JSON body of a request. Raises RequestError."""
    check_headers(request)
    return parse(await read(request), kind)


def check_headers(request: Request) -> None:
    """Refuse all but uncompressed JSON in UTF-8, of a length within bounds."""
    check_media(request, "application/json", "not_json")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 12 or int(length) > limits.BODY_BYTES):
        raise RequestError("too_large", limit=limits.BODY_BYTES)


def check_ndjson(request: Request) -> None:
    """Refuse all but uncompressed lines of JSON in UTF-8, however many: they are read one by one."""
    check_media(request, NDJSON, "not_ndjson")


def check_media(request: Request, wanted: str, otherwise: str) -> None:
    """Refuse another content type, another charset, and whatever is compressed."""
    media, *parameters = request.headers.get("content-type", "").lower().split(";")
    charsets = [text.strip() for text in parameters if text.strip().startswith("charset")]
    if media.strip() != wanted or not set(charsets) <= {"charset=utf-8", 'charset="utf-8"'}:
        raise RequestError(otherwise)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError("compressed")


async def read(request: Request) -> bytes:
    """The body, given up as soon as it is too long."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limits.BODY_BYTES:
                raise RequestError("too_large", limit=limits.BODY_BYTES)
            chunks.append(chunk)
    except ClientDisconnect:
        raise RequestError("client_gone") from None
    return b"".join(chunks)


def parse(body: bytes, kind: type[T]) -> T:
    """The record in a body."""
    check_depth(body)
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise refusal(str(error), kind) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestError("malformed_json") from None


def check_depth(body: bytes) -> None:
    """Refuse what is nested too deeply. Brackets inside strings do not count."""
    if body.count(b"[") + body.count(b"{") <= limits.JSON_DEPTH:
        return
    depth = 0
    for byte in STRING.sub(b"", body):
        if byte in b"[{":
            depth += 1
            if depth > limits.JSON_DEPTH:
                raise RequestError("too_nested", limit=limits.JSON_DEPTH)
        elif byte in b"]}":
            depth -= 1


def refusal(reason: str, kind: type[msgspec.Struct]) -> RequestError:
    """msgspec's sentence as one of our codes; names and values that the client chose stay out of it."""
    place = PATH.search(reason)
    path = place[1] if place else "$"
    fields = msgspec.structs.fields(kind)
    if found := WRONG_TYPE.match(reason):
        return RequestError("wrong_type", path, expected=found[1].replace("`", ""), found=found[2])
    if reason.startswith("Object contains unknown field"):
        return RequestError("unknown_field", path, fields=", ".join(field.encode_name for field in fields))
    if reason.startswith("Object missing required field"):
        missing = next(field.encode_name for field in fields if f"`{field.encode_name}`" in reason)
        return RequestError("missing_field", path, field=missing)
    if reason.startswith(("Number out of range", "Integer")):
        return RequestError("number_too_large", path)
    return RequestError("wrong_value", path)
