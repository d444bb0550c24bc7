"""What is refused, how, and in which words. Nothing here may be a 5xx, and nothing may be repeated to the sender."""

import json
import re
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from engine.errors import CODES
from server.errors import STATUS

HAN = re.compile(r"[\u4e00-\u9fff]")
JSON = {"content-type": "application/json"}
GOOD = {"source": "x*y", "inputs": {"x": 1, "y": 2}, "pass": "reverse"}
WANT = {"source": "x*y", "inputs": {"x": 1, "y": 2}, "want": ["value"]}


class Case(NamedTuple):
    name: str
    code: str
    body: Any = None
    path: str = "trace"
    method: str = "POST"
    headers: dict[str, str] = JSON
    en: str = ""
    zh: str = ""


def raw(name: str, text: str | bytes, code: str = "malformed_json", **more: Any) -> Case:
    """A body that json.dumps would not write."""
    return Case(name, code, text.encode() if isinstance(text, str) else text, **more)


def trace(name: str, code: str, **change: Any) -> Case:
    """GOOD with some fields changed; `...` removes one."""
    fields = {key.rstrip("_"): value for key, value in change.items()}
    return Case(name, code, {key: value for key, value in {**GOOD, **fields}.items() if value is not ...})


def derive(name: str, code: str, **change: Any) -> Case:
    body = {key: value for key, value in {**WANT, **change}.items() if value is not ...}
    return Case(name, code, body, "derivatives")


def source(text: str, code: str) -> Case:
    """A formula with a mistake in it."""
    return Case(f"source {text[:30]!r}", code, {"source": text}, "graph")


def http(name: str, method: str, path: str, code: str, **headers: str) -> Case:
    return Case(name, code, None, path, method, {key.replace("_", "-"): value for key, value in headers.items()})


def point(number: str) -> str:
    return f'{{"source":"x","inputs":{{"x":{number}}},"pass":"reverse"}}'


def nested(depth: int) -> str:
    return f'{{"source":"x","inputs":{{"x":1}},"pass":"reverse","options":{"[" * depth}{"]" * depth}}}'


CASES = [
    # ---- not JSON ----
    raw("empty", "", en="JSON", zh="JSON"),
    raw("blank", "   \n"),
    raw("a word", "hello"),
    raw("cut off", '{"source": "x"'),
    raw("cut off in a string", '{"source": "x'),
    raw("single quotes", "{'source': 'x'}"),
    raw("trailing comma", '{"source": "x",}'),
    raw("two documents", json.dumps(GOOD) * 2),
    raw("comment", '{"source": "x" /* y */}'),
    raw("unquoted key", '{source: "x"}'),
    raw("NaN", point("NaN"), en="NaN", zh="NaN"),
    raw("Infinity", point("Infinity")),
    raw("-Infinity", point("-Infinity")),
    raw("hexadecimal", point("0x10")),
    raw("leading plus", point("+1")),
    raw("leading zero", point("01")),
    raw("no digit after the point", point("1.")),
    raw("lone high surrogate", r'{"source": "\ud800 + 1"}'),
    raw("lone low surrogate", r'{"source": "\udc00 + 1"}'),
    raw("surrogates swapped", r'{"source": "\udc00\ud800"}'),
    raw("surrogate in a name", r'{"source": "x", "inputs": {"\ud800x": 1}}'),
    raw("surrogate at the end", r'{"source": "\ud800"}'),
    raw("broken escape", r'{"source": "\x41"}'),
    raw("newline in a string", '{"source": "x\ny"}'),
    raw("NUL", b'{"source": "x\x00"}'),
    raw("not UTF-8", b'{"source": "\xff\xfe"}'),
    raw("a surrogate in UTF-8", b'{"source": "\xed\xa0\x80"}'),
    raw("overlong UTF-8", b'{"source": "\xc0\xaf"}'),
    raw("UTF-16", '{"source": "x"}'.encode("utf-16")),
    raw("UTF-32", '{"source": "x"}'.encode("utf-32")),
    raw("byte order mark", b"\xef\xbb\xbf" + json.dumps(GOOD).encode()),
    raw("binary", bytes(range(256))),
    # ---- nested ----
    raw("33 deep", nested(32), "too_nested", en="32", zh="32"),
    raw("1000 deep", nested(1000), "too_nested"),
    raw("100000 deep", nested(100_000), "too_nested"),
    raw("deep and never closed", "[" * 50_000, "too_nested"),
    raw("deep objects", '{"a":' * 5000, "too_nested"),
    # ---- the wrong shape ----
    raw("a list", "[]", "wrong_type", en="object"),
    raw("a string", '"x"', "wrong_type"),
    raw("a number", "1", "wrong_type"),
    raw("null", "null", "wrong_type"),
    raw("true", "true", "wrong_type"),
    Case("nothing in it", "missing_field", {}, en="source", zh="source"),
    trace("no source", "missing_field", source=...),
    trace("no inputs", "missing_field", inputs=...),
    trace("no pass", "missing_field", pass_=...),
    derive("no want", "missing_field", want=...),
    trace("unknown field", "unknown_field", nodes=1),
    Case("pass_ is not pass", "unknown_field", {**GOOD, "pass_": "reverse"}),
    Case("__proto__", "unknown_field", {**GOOD, "__proto__": {"x": 1}}),
    trace("constructor", "unknown_field", constructor=1),
    Case("a field of another endpoint", "unknown_field", {**GOOD, "want": []}, "graph"),
    trace("source is a number", "wrong_type", source=1),
    trace("source is null", "wrong_type", source=None),
    trace("source is a list", "wrong_type", source=["x"]),
    trace("source is true", "wrong_type", source=True),
    trace("inputs is a list", "wrong_type", inputs=[1, 2]),
    trace("inputs is null", "wrong_type", inputs=None),
    trace("inputs is a string", "wrong_type", inputs="x=1"),
    trace("true for a number", "wrong_type", inputs={"x": True, "y": 1}),
    trace("null for a number", "wrong_type", inputs={"x": None, "y": 1}),
    trace("a ragged list", "bad_input", inputs={"x": [1, [2]], "y": 1}),
    trace("an object for a number", "wrong_type", inputs={"x": {}, "y": 1}),
    trace("text for a number", "bad_array", inputs={"x": "one", "y": 1}),
    trace("nan in small letters", "bad_array", inputs={"x": "nan", "y": 1}),
    trace("code for a number", "bad_array", inputs={"x": "__import__('os')", "y": 1}),
    raw("1e999", point("1e999"), "number_too_large", en="large", zh="太大"),
    raw("-1e999", point("-1e999"), "number_too_large"),
    raw("400 digits", point("9" * 400), "number_too_large"),
    raw("100000 digits", point("9" * 100_000), "number_too_large"),
    raw("1e999 as an option", json.dumps(GOOD)[:-1] + ', "options": {"of": 1e999}}', "number_too_large"),
    trace("pass is a number", "wrong_type", pass_=1),
    trace("wrt is a string", "wrong_type", wrt="x"),
    trace("wrt holds a number", "wrong_type", wrt=[1]),
    trace("seed is a list", "bad_shape", seed=[1]),
    trace("seed is true", "wrong_type", seed=True),
    trace("seed is text", "bad_seed", seed="one"),
    trace("output is a number", "wrong_type", output=3),
    trace("options is a list", "wrong_type", options=["of"]),
    trace("text is French", "wrong_value", text="fr"),
    trace("text is true", "wrong_type", text=True),
    derive("want is a string", "wrong_type", want="value"),
    derive("jvp is a number", "wrong_type", jvp=1),
    derive("vjp is an object", "wrong_type", vjp={}),
    # ---- refused by the engine, by name ----
    trace("NaN spelled out", "bad_input", inputs={"x": "NaN", "y": 1}),
    trace("Infinity spelled out", "bad_input", inputs={"x": "Infinity", "y": 1}),
    trace("-Infinity spelled out", "bad_input", inputs={"x": "-Infinity", "y": 1}),
    trace("an input is missing", "missing_input", inputs={"x": 1}),
    trace("an input too many", "unexpected_input", inputs={"x": 1, "y": 1, "z": 1}),
    trace("constructor as an input", "unexpected_input", inputs={"x": 1, "y": 1, "constructor": 1}),
    trace("__proto__ as an input", "unexpected_input", inputs={"x": 1, "y": 1, "__proto__": 1}),
    trace("no such pass", "unknown_pass", pass_="backward"),
    trace("__class__ as a pass", "unknown_pass", pass_="__class__"),
    trace("no such wrt", "unknown_wrt", wrt=["z"]),
    trace("no such output", "unknown_output", output="v9"),
    trace("seed is not finite", "bad_seed", seed="NaN"),
    trace("seed by name in reverse mode", "bad_seed", seed={"x": 1}),
    trace("seed is a number in forward mode", "bad_seed", seed=1, pass_="forward"),
    trace("seed for no input", "bad_seed", seed={"z": 1}, pass_="forward"),
    trace("no such option", "bad_option", options={"depth": 1}),
    trace("option of the wrong type", "bad_option", options={"of": 1}),
    trace("option with a wrong name", "unknown_wrt", options={"of": ["z"]}),
    trace("a huge option", "bad_option", options={"of": 10**300}),
    trace("no such mode", "bad_option", options={"mode": "backward"}, pass_="jacobian"),
    trace("a list for a mode", "bad_option", options={"mode": ["forward"]}, pass_="jacobian"),
    trace("a mode where there is none", "bad_option", options={"mode": "forward"}),
    trace("order 9", "order_too_high", options={"of": ["x"] * 9}),
    derive("want something else", "bad_want", want=["laplacian"]),
    derive("jvp for no input", "bad_seed", jvp={"z": 1}),
    derive("vjp not finite", "bad_seed", vjp="Infinity"),
    # ---- sources ----
    source("", "empty_source"),
    source("   ", "empty_source"),
    source("x +", "unexpected_end"),
    source("(x", "unclosed_bracket"),
    source("x)", "unmatched_bracket"),
    source("(" * 10_000, "too_deep"),
    source("foo(x)", "unknown_function"),
    source("sin(x, y)", "wrong_arity"),
    source("x < y < z", "chained_comparison"),
    source("x $ y", ""),
    source("x ; rm -rf /", ""),
    source("__import__('os')", ""),
    source("__import__('os').system('id')", ""),
    source("x.__class__", ""),
    source("().__class__.__bases__[0].__subclasses__()", ""),
    source("eval('1')", ""),
    source("exec(open('/etc/passwd').read())", ""),
    source("lambda x: x", ""),
    source("[x for x in y]", ""),
    source("{x: 1}", ""),
    source("f'{x}'", ""),
    source("x if y else z", ""),
    source("'text'", ""),
    source("x = = 1", ""),
    source("9" * 50, "number_too_long"),
    source("x" * 100, ""),
    source("\\frac{1}{2}", ""),
    source("<script>alert(1)</script>", ""),
    source("\u202ex", ""),
    source("\x00", ""),
    source("🙂", ""),
    source("\U0010ffff", ""),
    # ---- HTTP ----
    Case("no content type", "not_json", GOOD, headers={}, en="application/json", zh="application/json"),
    Case("text/plain", "not_json", GOOD, headers={"content-type": "text/plain"}),
    Case("a form", "not_json", GOOD, headers={"content-type": "application/x-www-form-urlencoded"}),
    Case("multipart", "not_json", GOOD, headers={"content-type": "multipart/form-data; boundary=x"}),
    Case("jsonp", "not_json", GOOD, headers={"content-type": "application/json-p"}),
    Case("latin-1", "not_json", GOOD, headers={"content-type": "application/json; charset=latin-1"}),
    Case("utf-16", "not_json", GOOD, headers={"content-type": "application/json; charset=utf-16"}),
    Case("gzip", "compressed", GOOD, headers={**JSON, "content-encoding": "gzip"}, en="compressed", zh="压缩"),
    Case("brotli", "compressed", GOOD, headers={**JSON, "content-encoding": "br"}),
    Case("two encodings", "compressed", GOOD, headers={**JSON, "content-encoding": "identity, gzip"}),
    http("GET trace", "GET", "trace", "method_not_allowed"),
    http("PUT trace", "PUT", "trace", "method_not_allowed"),
    http("DELETE graph", "DELETE", "graph", "method_not_allowed"),
    http("TRACE trace", "TRACE", "trace", "method_not_allowed"),
    http("an unknown method", "BREW", "trace", "method_not_allowed"),
    http("POST ops", "POST", "ops", "method_not_allowed"),
    http("POST the page", "POST", "/", "method_not_allowed"),
    http("POST a file", "POST", "/static/app.js", "method_not_allowed"),
    http("nothing there", "GET", "nothing", "not_found"),
    http("slash at the end", "POST", "trace/", "not_found"),
    http("two slashes", "POST", "/api//v1/trace", "not_found"),
    http("no version", "POST", "/trace", "not_found"),
    http("up and out", "GET", "/static/../pyproject.toml", "not_found"),
    http("up and out, encoded", "GET", "/static/%2e%2e/%2e%2e/etc/passwd", "not_found"),
    http("up and out, encoded twice", "GET", "/static/%252e%252e/secret", "not_found"),
    http("absolute", "GET", "/static//etc/passwd", "not_found"),
    http("backslashes", "GET", "/static/..%5c..%5csecret", "not_found"),
    http("NUL in a path", "GET", "/static/app.js%00.png", "not_found"),
    http("the manifest", "GET", "/static/manifest.json", "not_found"),
    http("a hidden file", "GET", "/static/.stamp", "not_found"),
    http("a folder", "GET", "/static/", "not_found"),
    http("a long path", "GET", "/" + "a" * 5000, "not_found"),
    http("not UTF-8 in a path", "GET", "/static/%ff%fe", "not_found"),
    http("a template", "GET", "/templates/index.html", "not_found"),
]  # fmt: skip


def send(client: TestClient, case: Case, language: str) -> Any:
    path = case.path if case.path.startswith("/") else f"/api/v1/{case.path}"
    headers = {**case.headers, "accept-language": language}
    content = case.body if case.body is None or isinstance(case.body, bytes) else json.dumps(case.body).encode()
    return client.request(case.method, path, content=content, headers=headers)


def test_there_are_more_than_a_hundred_kinds() -> None:
    assert len(CASES) > 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refused_in_both_languages(client: TestClient, case: Case) -> None:
    english, chinese = (send(client, case, language) for language in ("en-GB,en;q=0.9", "zh-CN,zh;q=0.9,en;q=0.5"))
    for response in (english, chinese):
        assert 400 <= response.status_code < 500, response.text
        assert response.headers["content-type"] == "application/json"
    en, zh = english.json(), chinese.json()
    assert set(en) - {"path", "input"} == {"code", "message", "span", "hint"}
    assert (en["code"], en["span"]) == (zh["code"], zh["span"])
    assert en["code"] in CODES | STATUS.keys()
    assert english.status_code == STATUS.get(en["code"], 422)
    if case.code:
        assert en["code"] == case.code
    assert case.en in en["message"]
    assert case.zh in zh["message"]
    assert HAN.search(zh["message"]), zh["message"]
    assert not en["message"].startswith("error.")
    assert (en["hint"] is None) == (zh["hint"] is None)
    assert english.headers["content-language"] == "en"
    assert chinese.headers["content-language"] == "zh"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_refusal_is_short(client: TestClient, case: Case) -> None:
    assert len(send(client, case, "en").content) < 1500


SECRET = "xyzzy" * 4


@pytest.mark.parametrize(
    "body",
    [
        f'{{"{SECRET}": 1}}',
        f'{{"source": "x", "{SECRET}": 1}}',
        f'{{"source": "x", "inputs": {{"{SECRET}": true}}, "pass": "reverse"}}',
        f'{{"source": "x", "inputs": {{"x": "{SECRET}"}}, "pass": "reverse"}}',
        f'{{"source": "x", "inputs": {{}}, "pass": "reverse", "text": "{SECRET}"}}',
        f'{{"source": "x", "inputs": {{}}, "pass": "reverse", "wrt": "{SECRET}"}}',
        f"{{{SECRET}",
    ],
)
def test_a_request_error_repeats_nothing(client: TestClient, body: str) -> None:
    response = client.post("/api/v1/trace", content=body, headers=JSON)
    assert 400 <= response.status_code < 500
    assert SECRET not in response.text


def test_an_engine_error_repeats_no_more_than_a_word(client: TestClient) -> None:
    response = client.post("/api/v1/trace", json={**GOOD, "pass": "p" * 500_000})
    assert response.json()["code"] == "unknown_pass"
    assert len(response.content) < 1000


def test_a_method_that_is_not_allowed_is_told_which_are(client: TestClient) -> None:
    assert "POST" in client.get("/api/v1/trace").headers["allow"]


def test_the_place_is_named(client: TestClient) -> None:
    answer = client.post("/api/v1/trace", json={**GOOD, "wrt": [1]}).json()
    assert answer["path"] == "$.wrt[0]"
    spot = client.post("/api/v1/graph", json={"source": "1 + foo(x)"}).json()["span"]
    assert spot == {"start": 4, "end": 7}


def test_the_first_language_we_have_is_taken(client: TestClient) -> None:
    def language(accept: str) -> str:
        return str(client.get("/nope", headers={"accept-language": accept}).headers["content-language"])

    assert language("fr, de;q=0.9, zh-TW;q=0.8, en;q=0.7") == "zh"
    assert language("en;q=0.2, zh-Hans;q=0.3") == "zh"
    assert language("zh;q=0, en") == "en"
    assert language("fr") == language("") == language("*") == language(";;;q=x,,") == "en"


def test_our_own_mistake_is_counted_and_numbered(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.service.api.graph", lambda *_: 1 / 0)
    response = client.post("/api/v1/graph", json={"source": "x"})
    assert response.status_code == 500
    assert response.json()["code"] == "internal"
    assert "ZeroDivisionError" not in response.text
    assert re.search(r"[0-9a-f]{16}", response.json()["message"])
    assert response.headers["x-content-type-options"] == "nosniff"
