import math
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine import limits
from engine.passes import PASSES
from engine.primitive import REGISTRY

SOURCE = "ln(x1) + x1*x2 - sin(x2)"
POINT = {"x1": 2, "x2": 5}
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_graph_answers_with_what_the_formula_asks_for(post: Any) -> None:
    answer = post("graph", source=SOURCE)
    assert [asked["name"] for asked in answer["inputs"]] == ["x1", "x2"]
    assert answer["inputs"][0] == {"name": "x1", "shape": [], "span": [3, 5]}
    assert answer["output"] == "v5"
    assert answer["latex"].startswith("\\ln")
    assert set(answer["ops"]) == {"add", "log", "mul", "sin", "sub"}
    assert list(answer) == ["source", "graph", "latex", "inputs", "output", "ops"]


def test_graph_checks_the_inputs_it_is_given(client: TestClient) -> None:
    answer = client.post("/api/v1/graph", json={"source": "x", "inputs": {"y": 1}})
    assert answer.json()["code"] == "unexpected_input"


@pytest.mark.parametrize("name", PASSES)
def test_every_pass_is_traced(post: Any, name: str) -> None:
    trace = post("trace", source=SOURCE, inputs=POINT, **{"pass": name})
    assert list(trace) == [
        "version", "pass", "source", "inputs", "wrt", "seed", "output", "options", "graph", "ops", "algorithm",
        "events", "result",
    ]  # fmt: skip
    assert trace["pass"] == name
    assert trace["inputs"] == {"x1": 2.0, "x2": 5.0}
    kinds = {event["kind"] for event in trace["events"]}
    assert kinds <= {
        "input", "compute", "seed", "contribute", "stop", "absent", "seed_node", "visit", "build", "append", "rewrite",
            "row",
    }  # fmt: skip
    lines = len(trace["algorithm"])
    assert all(1 <= event["line"] <= lines for event in trace["events"])


def test_reverse_gives_the_numbers_of_the_survey(post: Any) -> None:
    result = post("trace", source=SOURCE, inputs=POINT, **{"pass": "reverse"})["result"]
    assert result["value"] == pytest.approx(11.6520714552231, rel=1e-12)
    assert result["gradient"] == pytest.approx({"x1": 5.5, "x2": 1.71633781453677}, rel=1e-12)
    assert result["status"] == {"x1": "path", "x2": "path"}


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("locale", ["en", "zh"])
def test_text_explains_every_event(post: Any, name: str, locale: str) -> None:
    trace = post("trace", source=SOURCE, inputs=POINT, text=locale, **{"pass": name})
    text = trace["text"]
    assert text["locale"] == locale
    assert len(text["nodes"]) == len(text["names"]) == len(text["partials"]) == len(trace["graph"]["nodes"])
    assert len(text["events"]) == len(trace["events"])
    for event in text["events"]:
        assert event["title"]
        assert event["why"]
        assert not re.search(r"\{(node|value|called|heard|partial)\}", event["title"] + event["why"] + event["say"])
        assert bool(HAN.search(event["title"])) == (locale == "zh")


def test_text_adds_to_the_document_and_changes_nothing_else(client: TestClient) -> None:
    body = {"source": SOURCE, "inputs": POINT, "pass": "reverse"}
    plain = client.post("/api/v1/trace", json=body).content
    with_text = client.post("/api/v1/trace", json={**body, "text": "en"}).content
    assert with_text.startswith(plain[:-1] + b',"text":{')


@pytest.mark.parametrize("text", [None, "en", "zh"])
def test_the_same_request_has_the_same_bytes(client: TestClient, text: str | None) -> None:
    body = {"source": "sin(x)^2/x + ln(x - 3)", "inputs": {"x": 2.5}, "pass": "adjoint_graph", "text": text}
    first, second = (client.post("/api/v1/trace", json=body) for _ in range(2))
    assert first.content == second.content
    assert first.status_code == 200


def test_derivatives_answers_only_what_is_wanted(post: Any) -> None:
    assert list(post("derivatives", source="x*y", inputs={"x": 2, "y": 3}, want=["value"])) == ["value"]
    answer = post(
        "derivatives", source="x*y^2", inputs={"x": 2, "y": 3}, want=["value", "gradient", "jacobian", "hessian"],
        jvp={"x": 1, "y": 0}, vjp=2,
    )  # fmt: skip
    assert answer["value"] == 18
    assert answer["gradient"] == answer["jacobian"] == {"x": 9, "y": 12}
    assert answer["hessian"] == {"x": {"x": 0, "y": 6}, "y": {"x": 6, "y": 4}}
    assert answer["jvp"] == 9
    assert answer["vjp"] == {"x": 18, "y": 24}


def test_derivatives_by_some_inputs(post: Any) -> None:
    answer = post("derivatives", source="x*y", inputs={"x": 2, "y": 3}, want=["gradient"], wrt=["y"])
    assert answer["gradient"] == {"y": 2}


def test_numbers_that_are_not_finite_are_strings(post: Any) -> None:
    trace = post("trace", source="ln(x)", inputs={"x": -1}, **{"pass": "reverse"})
    assert trace["result"]["value"] == "NaN"
    assert {"undefined"} == {event["state"] for event in trace["events"] if "state" in event}
    assert post("derivatives", source="1/x", inputs={"x": 0}, want=["value"]) == {"value": "Infinity"}
    assert post("derivatives", source="-1/x", inputs={"x": 0}, want=["value"]) == {"value": "-Infinity"}
    assert post("derivatives", source="sqrt(x)", inputs={"x": 0}, want=["gradient"])["gradient"] == {"x": "Infinity"}
    assert post("derivatives", source="exp(x)", inputs={"x": 1e3}, want=["value"]) == {"value": "Infinity"}


def test_a_trace_of_a_later_derivative(post: Any) -> None:
    body = {"source": "x^3", "inputs": {"x": 2}, "pass": "evaluate"}
    assert post("trace", **body, options={"of": ["x", "x"]})["result"]["value"] == pytest.approx(12)


def test_ops_lists_every_row(client: TestClient) -> None:
    ops = client.get("/api/v1/ops").json()["ops"]
    assert [op["name"] for op in ops] == list(REGISTRY)
    for op in ops:
        assert len(op["partials"]) == op["arity"] or op["arity"] is None
        assert op["about"]["en"]
        assert HAN.search(op["about"]["zh"])
    assert {op["name"] for op in ops if op.get("internal")} == {
        "index", "scatter", "sum_to", "exclusive_prod", "conv_input", "conv_kernel", "pool_pick", "pool_spread",
    }  # fmt: skip


def test_passes_lists_every_pass(client: TestClient) -> None:
    passes = client.get("/api/v1/passes").json()["passes"]
    assert [one["name"] for one in passes] == list(PASSES)
    for one in passes:
        for field in ("title", "about"):
            assert not one[field]["en"].startswith(("pass.", "about."))
            assert HAN.search(one[field]["zh"])
        row = PASSES[one["name"]]
        assert [line["code"] for line in one["algorithm"]] == [code for code, _ in row.algorithm]
        assert one.get("modes", {}).keys() == row.modes.keys()
    (jacobian,) = (one for one in passes if one["name"] == "jacobian")
    assert jacobian["modes"]["reverse"] == jacobian["algorithm"] != jacobian["modes"]["forward"]


def test_there_is_a_lesson_on_every_method_that_is_compared(client: TestClient, post: Any) -> None:
    lessons = client.get("/api/v1/lessons").json()["lessons"]
    methods = post("compare", source="x^2", inputs={"x": 2})["methods"]
    assert [one["method"] for one in lessons] == [one["name"] for one in methods]
    for one in lessons:
        for part in ("title", "what", "cost", "error", "use"):
            assert HAN.search(one[part]["zh"])
            assert not HAN.search(one[part]["en"])


def test_limits_are_those_of_the_engine(client: TestClient) -> None:
    assert client.get("/api/v1/limits").json() == limits.published()


def test_version_names_the_trace(client: TestClient) -> None:
    assert client.get("/api/v1/version").json()["trace_version"] == 1


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == client.get("/readyz").json()["status"] == "ok"


def test_metrics_count_by_route_and_code(client: TestClient) -> None:
    client.post("/api/v1/graph", json={"source": "1 +"})
    client.get("/nowhere/at/all")
    lines = client.get("/metrics").text.splitlines()
    assert any(
        line.startswith('wengert_requests_total{method="POST",route="/api/v1/graph",status="422"}') for line in lines
    )
    assert any('route="unmatched",status="404"' in line for line in lines)
    assert any(line.startswith('wengert_errors_total{code="unexpected_end"}') for line in lines)
    for line in lines:
        assert line.startswith("# ") or re.fullmatch(r"[a-z_]+(\{[^{}]*\})? [0-9.e+-]+", line), line


def test_counts_in_the_buckets_add_up(client: TestClient) -> None:
    text = client.get("/metrics").text
    buckets = re.findall(r'_bucket\{route="/metrics",le="\+Inf"\} (\d+)', text)
    assert buckets == re.findall(r'_count\{route="/metrics"\} (\d+)', text)


def test_large_work_leaves_the_loop_free(client: TestClient) -> None:
    body = {"source": "+".join(["sin(x)"] * 4000), "inputs": {"x": 0.5}, "pass": "reverse"}
    answer = client.post("/api/v1/trace", json=body)
    assert answer.status_code == 200
    assert math.isclose(answer.json()["result"]["value"], 4000 * math.sin(0.5))
