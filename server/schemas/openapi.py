"""The OpenAPI document, made from the very records that are sent and received, so that they agree."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from engine.card import Card
from engine.documents import Derivatives, GraphDocument
from engine.edges import Inspection
from engine.errors import CODES
from engine.methods.records import Comparison
from engine.reader import NON_FINITE
from server.body import NDJSON
from server.errors import STATUS, ErrorBody
from server.schemas import grading, requests, responses

REF = "#/components/schemas/{name}"
REQUESTS = (
    requests.GraphRequest, requests.TraceRequest, requests.CardRequest, requests.InspectRequest,
    requests.CompareRequest, requests.DerivativesRequest, grading.GradeRequest, grading.GradeLine, grading.TaskRequest,
    grading.DrawRequest,
)  # fmt: skip
RESPONSES = (
    ErrorBody, GraphDocument, responses.TraceResponse, Card, Inspection, Comparison, Derivatives,
    responses.OpsResponse, responses.PassesResponse, responses.ExamplesResponse, responses.LessonsResponse,
    responses.KinksResponse, responses.Version, responses.Health, grading.GradeResponse, grading.GradedLine,
    grading.TaskResponse, grading.DrawResponse, grading.TaskKindsResponse,
)  # fmt: skip
NUMBER = {
    "description": "A float64. JSON has no NaN and no infinity, so those three are strings.",
    "anyOf": [{"type": "number"}, {"type": "string", "enum": list(NON_FINITE)}],
}
VALUE = {
    "description": "A number, an array as nested lists, or of a large array what it is like.",
    "anyOf": [
        {"$ref": REF.format(name="Number")},
        {"type": "array", "items": {}},
        {"type": "object", "required": ["shape", "min", "max", "mean", "norm", "nan"]},
    ],
}
REFUSALS = {
    400: "The body is not JSON, or nested too deeply.",
    413: "The body is too large.",
    415: "The body is not uncompressed `application/json`.",
    422: "Something in the request is wrong; `code` says what, `span` where in the source.",
    503: "Too many large requests are waiting; come again after `Retry-After` seconds.",
}
LINE_REFUSALS = {
    413: "The first line is too large. Further on, that costs its line alone.",
    415: "The body is not uncompressed `application/x-ndjson`.",
    422: "The task that the lines have in common is wrong. What is wrong with a line is said in its place.",
}
COMMON = {
    "task": ("The task of the lines that have none, as JSON.", {"type": "string"}),
    "help": ("The help of the lines that ask for none.", {"type": "string", "enum": ["none", "hint", "full"]}),
    "text": ("The language of the reports.", {"type": "string", "enum": ["en", "zh"]}),
}


def reference(record: type[msgspec.Struct]) -> dict[str, Any]:
    """A JSON body of this record."""
    return {"content": {"application/json": {"schema": {"$ref": REF.format(name=record.__name__)}}}}


def posts(takes: type[msgspec.Struct], gives: type[msgspec.Struct], example: dict[str, Any]) -> dict[str, Any]:
    """What a POST route says of itself, as keywords for its decorator."""
    body = reference(takes)
    body["content"]["application/json"]["example"] = example
    refusals = {status: {"description": text, **reference(ErrorBody)} for status, text in REFUSALS.items()}
    done = {200: {"description": gives.__doc__, **reference(gives)}}
    return {"openapi_extra": {"requestBody": {"required": True, **body}}, "responses": {**done, **refusals}}


def streams(takes: type[msgspec.Struct], gives: type[msgspec.Struct], example: dict[str, Any]) -> dict[str, Any]:
    """What a POST route of lines says of itself, as keywords for its decorator."""
    found = posts(takes, gives, example)
    for part in (found["openapi_extra"]["requestBody"], found["responses"][200]):
        part["content"] = {NDJSON: part["content"]["application/json"]}
    for status, text in LINE_REFUSALS.items():
        found["responses"][status]["description"] = text
    found["openapi_extra"]["parameters"] = [
        {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
        for name, (text, schema) in COMMON.items()
    ]
    return found


def gives(record: type[msgspec.Struct]) -> dict[str, Any]:
    """What a GET route says of itself, as keywords for its decorator."""
    return {"responses": {200: {"description": record.__doc__, **reference(record)}}}


def document(app: FastAPI, version: str) -> bytes:
    """The OpenAPI document of the app's routes."""
    about = "Automatic differentiation, step by step. Errors are in the reader's language."
    found = get_openapi(title="Wengert", version=version, description=about, routes=app.routes)
    found.setdefault("components", {})["schemas"] = components()
    return msgspec.json.encode(found)


def components() -> dict[str, Any]:
    """Every record as a JSON schema."""
    _, sent = msgspec.json.schema_components(RESPONSES, ref_template=REF)
    _, taken = msgspec.json.schema_components(REQUESTS, ref_template=REF)
    schemas = {name: tidy(schema) for name, schema in {**sent, **taken}.items()}
    schemas |= {"Number": NUMBER, "Value": VALUE}
    schemas["ErrorBody"]["properties"]["code"]["enum"] = sorted({*CODES, *STATUS})
    return dict(sorted(schemas.items()))


def tidy(schema: Any) -> Any:
    """A schema with every float as a Number, and every value that is sent, perhaps an array, as a Value."""
    if isinstance(schema, list):
        return [tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "number":
        return {"$ref": REF.format(name="Number")}
    parts = schema.get("anyOf", [])
    if {"type": "number"} in parts:
        is_value = {"type": "array"} in parts and {"type": "string"} not in parts
        known = ({"type": "number"}, {"type": "array"}) if is_value else ({"type": "number"},)
        rest = [part for part in parts if part not in known]
        one = {"$ref": REF.format(name="Value" if is_value else "Number")}
        kept = {key: tidy(value) for key, value in schema.items() if key not in ("anyOf", "default")}
        shape = {"anyOf": [one, *map(tidy, rest)]} if rest else one
        return {**kept, **shape, **({"default": schema["default"]} if "default" in schema else {})}
    return {key: tidy(value) for key, value in schema.items()}
