"""The contract is true: what is documented is what is sent and taken."""

import json
import operator
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.passes import PASSES
from server.errors import STATUS

KNOWN = {
    "$ref", "additionalProperties", "anyOf", "const", "default", "description", "discriminator", "enum", "items",
    "exclusiveMaximum", "exclusiveMinimum", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum",
    "prefixItems", "properties", "required", "title", "type",
}  # fmt: skip
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": operator.ge, "maximum": operator.le, "exclusiveMinimum": operator.gt, "exclusiveMaximum": operator.lt,
    "minLength": lambda text, least: len(text) >= least, "maxLength": lambda text, most: len(text) <= most,
}  # fmt: skip
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "null": (type(None),), "integer": (int,),
    "number": (int, float),
}  # fmt: skip


class Schema:
    """A small validator for the part of JSON Schema that we use; it refuses keywords it does not know."""

    def __init__(self, components: dict[str, Any]) -> None:
        self.components = components

    def errors(self, value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
        assert schema.keys() <= KNOWN, schema.keys() - KNOWN
        if "$ref" in schema:
            return self.errors(value, self.components[schema["$ref"].rsplit("/", 1)[1]], place)
        if "anyOf" in schema:
            tag = schema.get("discriminator")
            if tag:
                name = tag["mapping"][value[tag["propertyName"]]].rsplit("/", 1)[1]
                return self.errors(value, self.components[name], place)
            tries = [self.errors(value, choice, place) for choice in schema["anyOf"]]
            return [] if any(found == [] for found in tries) else [f"{place}: nothing fits: {tries}"]
        if "enum" in schema and value not in schema["enum"]:
            return [f"{place}: {value!r} is not one of {schema['enum']}"]
        if "const" in schema and value != schema["const"]:
            return [f"{place}: {value!r} is not {schema['const']!r}"]
        kind = schema.get("type")
        if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
            return [f"{place}: {value!r} is no {kind}"]
        if broken := [name for name in BOUNDS.keys() & schema.keys() if not BOUNDS[name](value, schema[name])]:
            return [f"{place}: {value!r} against {broken}"]
        if isinstance(value, dict):
            return self.of_object(value, schema, place)
        return self.of_array(value, schema, place) if isinstance(value, list) else []

    def of_object(self, value: dict[str, Any], schema: dict[str, Any], place: str) -> list[str]:
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", "properties" not in schema)
        found = [f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, content in value.items():
            if name in properties:
                found += self.errors(content, properties[name], f"{place}.{name}")
            elif isinstance(more, dict):
                found += self.errors(content, more, f"{place}.{name}")
            elif not more:
                found.append(f"{place}: {name} is not documented")
        return found

    def of_array(self, value: list[Any], schema: dict[str, Any], place: str) -> list[str]:
        first = schema.get("prefixItems", [])
        found = [] if schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9) else [f"{place}: length"]
        for position, content in enumerate(value):
            inner = first[position] if position < len(first) else schema.get("items", {})
            if isinstance(inner, dict):
                found += self.errors(content, inner, f"{place}[{position}]")
            elif not inner:
                found.append(f"{place}[{position}] is too many")
        return found


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def schema(document: dict[str, Any]) -> Schema:
    return Schema(document["components"]["schemas"])


def documented(document: dict[str, Any], path: str, method: str, status: int) -> dict[str, Any]:
    content: dict[str, Any] = document["paths"][path][method]["responses"][str(status)]["content"]["application/json"]
    found: dict[str, Any] = content["schema"]
    return found


def test_every_route_is_documented(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {
        "/api/v1/graph", "/api/v1/trace", "/api/v1/card", "/api/v1/compare", "/api/v1/inspect", "/api/v1/derivatives",
        "/api/v1/ops", "/api/v1/passes", "/api/v1/examples", "/api/v1/lessons", "/api/v1/kinks", "/api/v1/limits",
        "/api/v1/version", "/api/v1/grade", "/api/v1/grade/batch", "/api/v1/task", "/api/v1/task/draw",
        "/api/v1/task-kinds", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["description"]
            assert operation["operationId"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r"'#/components/schemas/(\w+)'", str(document)))
    assert names == set(document["components"]["schemas"])


@pytest.mark.parametrize("path", ["ops", "passes", "examples", "lessons", "kinks", "limits", "version", "task-kinds"])
def test_what_there_is_fits_its_schema(client: TestClient, document: dict[str, Any], schema: Schema, path: str) -> None:
    answer = client.get(f"/api/v1/{path}").json()
    assert schema.errors(answer, documented(document, f"/api/v1/{path}", "get", 200)) == []


SOURCES = [
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}),
    ("ln(x) + 1/x", {"x": 0.0}),
    ("ln(x)*2", {"x": -1.0}),
    ("stop_gradient(x)*y + pi", {"x": 1.0, "y": 2.0}),
    ("a = x*x\nb = a + a\nb", {"x": 3.0}),
]


@pytest.mark.parametrize("text", [None, "zh"])
@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize(("source", "inputs"), SOURCES)
def test_traces_fit_their_schema(
    client: TestClient,
    document: dict[str, Any],
    schema: Schema,
    source: str,
    inputs: dict[str, float],
    name: str,
    text: str | None,
) -> None:
    body = {"source": source, "inputs": inputs, "pass": name, "text": text}
    answer = client.post("/api/v1/trace", json=body)
    assert answer.status_code == 200
    assert schema.errors(body, document["components"]["schemas"]["TraceRequest"]) == []
    assert schema.errors(answer.json(), documented(document, "/api/v1/trace", "post", 200)) == []


@pytest.mark.parametrize(("source", "inputs"), SOURCES)
def test_graphs_and_derivatives_fit_their_schemas(
    client: TestClient, document: dict[str, Any], schema: Schema, source: str, inputs: dict[str, float]
) -> None:
    graph = client.post("/api/v1/graph", json={"source": source}).json()
    assert schema.errors(graph, documented(document, "/api/v1/graph", "post", 200)) == []
    body = {
        "source": source,
        "inputs": inputs,
        "want": ["value", "gradient", "jacobian", "hessian"],
        "vjp": 1,
        "jvp": inputs,
    }
    assert schema.errors(body, document["components"]["schemas"]["DerivativesRequest"]) == []
    numbers = client.post("/api/v1/derivatives", json=body)
    assert numbers.status_code == 200
    assert schema.errors(numbers.json(), documented(document, "/api/v1/derivatives", "post", 200)) == []


def test_the_examples_of_the_document_work(client: TestClient, document: dict[str, Any], schema: Schema) -> None:
    for path, methods in document["paths"].items():
        if "post" in methods:
            (media, content), *_ = methods["post"]["requestBody"]["content"].items()
            assert schema.errors(content["example"], content["schema"]) == []
            answer = client.post(path, content=json.dumps(content["example"]), headers={"content-type": media})
            assert answer.status_code == 200
            given = methods["post"]["responses"]["200"]["content"][media]["schema"]
            assert schema.errors(answer.json(), given) == [], path


@pytest.mark.parametrize(
    ("body", "status"),
    [({"source": "x +"}, 422), ({"source": 1}, 422), ({}, 422), ({"source": "x", "y": 1}, 422), ("cut {", 400)],
)
def test_refusals_fit_their_schema(
    client: TestClient, document: dict[str, Any], schema: Schema, body: Any, status: int
) -> None:
    content = (
        {"content": body, "headers": {"content-type": "application/json"}} if isinstance(body, str) else {"json": body}
    )
    answer = client.post("/api/v1/graph", **content)
    assert answer.status_code == status
    assert schema.errors(answer.json(), documented(document, "/api/v1/graph", "post", status)) == []


def test_what_the_schema_refuses_is_refused(client: TestClient, document: dict[str, Any], schema: Schema) -> None:
    good = {"source": "x", "inputs": {"x": 1}, "pass": "reverse"}
    wrong = {
        "source": [1, None],
        "inputs": [[], {"x": True}, {"x": None}],
        "wrt": ["x", [1]],
        "seed": [True, {"x": None}],
        "text": ["fr"],
    }
    for field, values in wrong.items():
        for value in values:
            body = {**good, field: value}
            assert schema.errors(body, document["components"]["schemas"]["TraceRequest"]) != [], body
            assert client.post("/api/v1/trace", json=body).status_code == 422


def test_every_status_of_the_server_is_documented(document: dict[str, Any]) -> None:
    statuses = set(STATUS.values()) - {404, 405, 500}
    assert statuses <= {int(status) for status in document["paths"]["/api/v1/trace"]["post"]["responses"]}
