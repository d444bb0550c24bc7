"""POST /compare and `wengert compare`: words in both languages, the schema, refusals, and nothing but answers."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import engine.methods
from engine.methods.compare import WANTS
from engine.methods.laws import Law
from engine.primitive import REGISTRY, Elementwise
from server.cli import main
from server.locale import LOCALES, catalogue
from tests.server.conftest import Post
from tests.server.test_openapi import Schema

HAN = re.compile(r"[\u4e00-\u9fff]")
MATHS = re.compile(r"\$[^$]*\$")
FOLDER = Path(engine.methods.__file__).parent
EVERYTHING = list(WANTS)

CASES: list[tuple[str, dict[str, Any]]] = [
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}),
    ("abs(x)", {"x": 0}), ("x*floor(x)", {"x": 2}), ("ln(x)", {"x": 0}), ("ln(x)", {"x": 1e-9}), ("3", {}),
    ("sum(X @ X)", {"X": [[1, 2], [3, 4]]}), ("exp(exp(x))", {"x": 20}), ("where(x > 0, x^2, erf(x))", {"x": 1}),
    ("stop_gradient(x)*x", {"x": 1}), ("x + 1e300", {"x": 1e300}), ("y = x\n" + "y = 4*y*(1 - y)\n" * 30, {"x": 0.2}),
]  # fmt: skip


@pytest.mark.parametrize("text", [None, *LOCALES])
@pytest.mark.parametrize(("source", "inputs"), CASES)
def test_answers_fit_their_schema_and_are_in_words(
    client: TestClient, source: str, inputs: dict[str, Any], text: str | None
) -> None:
    document = client.get("/openapi.json").json()
    body = {"source": source, "inputs": inputs, "want": EVERYTHING, "text": text}
    first, again = (client.post("/api/v1/compare", json=body) for _ in range(2))
    assert first.status_code == 200
    assert first.content == again.content
    components = document["components"]["schemas"]
    assert Schema(components).errors(body, components["CompareRequest"]) == []
    assert Schema(components).errors(first.json(), components["Comparison"]) == []
    said = sentences(first.json())
    assert all((sentence is None) == (text is None) for sentence in said)
    for sentence in filter(None, said):
        assert bool(HAN.search(sentence)) == (text == "zh") or re.fullmatch(r"[\s\d$\\{}a-zA-Z_^.,()']*", sentence)
        assert not re.search(r"\{\w+\}", MATHS.sub("", sentence)), sentence
        assert not re.search(r"\{(?:node|at|power|next)\}", sentence), sentence


def sentences(answer: Any) -> list[str | None]:
    """Everything that is there to be read."""
    if isinstance(answer, list):
        return [sentence for part in answer for sentence in sentences(part)]
    if not isinstance(answer, dict):
        return []
    here = [answer[key] for key in ("title", "why", "said") if key in answer]
    return here + [sentence for part in answer.values() for sentence in sentences(part)]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_and_step_has_a_sentence(locale: str) -> None:
    code = "".join(path.read_text() for path in FOLDER.glob("*.py"))
    wanted = {f"compare.reason.{name}" for name in re.findall(r'Refused\(\s*"(\w+)"', code)}
    wanted |= {
        f"compare.reason.{name}"
        for name in ("flat", "stopped", "not_analytic", "no_complex", "undefined_ahead", "undefined_behind")
    }
    wanted |= {f"compare.step.symbolic.{name}" for name in re.findall(r'Law\(\s*"(\w+)"', code)}
    assert len(wanted) > 30, Law
    words = catalogue(locale)
    assert [key for key in wanted if key not in words] == []
    never = [key for key in words.messages if key.startswith("compare.reason.") and key not in wanted]
    assert never == [], "said by nobody"


def test_words_in_two_languages(post: Post) -> None:
    asked = {"source": "x*floor(y)", "inputs": {"x": 1, "y": 2.5}}
    for locale, words in (("en", "It takes only steps"), ("zh", "它只会跳变")):
        methods = {method["name"]: method for method in post("compare", **asked, text=locale)["methods"]}
        reason = methods["complex_step"]["reason"]
        assert (reason["code"], reason["node"], reason["name"]) == ("flat", 2, "v1")
        assert words in reason["said"]
        assert methods["central_difference"]["reason"] is None


def test_sentences_follow_each_other_as_their_language_sets_them(post: Post) -> None:
    for locale, words in (("en", ". Mind the point"), ("zh", "。注意各段交界处")):
        methods = post("compare", source="|x|", inputs={"x": 1}, text=locale)["methods"]
        (step,) = next(method["steps"] for method in methods if method["name"] == "symbolic")
        assert words in step["why"]


def test_numbers_that_are_not_finite_are_spelled(post: Post) -> None:
    found = post("compare", source="ln(x)", inputs={"x": 1e-9}, want=["methods", "errors"])
    methods = {method["name"]: method for method in found["methods"]}
    assert methods["central_difference"]["gradient"] == {"x": "NaN"}
    assert methods["central_difference"]["error"] == "NaN"
    assert found["errors"]["curves"]["central_difference"][0] == "NaN"


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"want": ["speed"]}, "bad_want", "methods, errors, check, swell, cost"),
        ({"h": 0}, "bad_step", "1e-300"), ({"seed": -1}, "bad_random_seed", "4294967295"),
        ({"claim": {"x": "2*q"}}, "bad_claim", "“q” is neither an input"),
        ({"claim": {"x": "1/0"}}, "bad_claim", "not a finite number"), ({"claim": {"q": 1}}, "unknown_wrt", "q"),
        ({"claim": {"x": [1, 2]}}, "bad_shape", "(2,)"), ({"output": "q"}, "unknown_output", "q"),
        ({"source": "[x, x]"}, "output_not_scalar", "gradient"), ({"speed": 1}, "unknown_field", "claim"),
        ({"h": "1"}, "wrong_type", "float"), ({"h": True}, "wrong_type", "float"), ({"seed": 0.5}, "wrong_type", "int"),
        ({"text": "fr"}, "wrong_value", "text"),
    ],
)  # fmt: skip
def test_refusals(client: TestClient, more: dict[str, Any], code: str, words: str) -> None:
    answer = client.post("/api/v1/compare", json={"source": "x^2", "inputs": {"x": 3}, **more})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert words in answer.text


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (["x^2", "x=3"], {"want": ["methods"]}),
        (["x^2", "x=3", "--want", "methods,check", "--h", "1e-6", "--seed", "7"], {"want": ["methods", "check"], "h": 1e-6, "seed": 7}),
        (["x^2", "x=3", "--want=check", "--claim", "x=2*x+1", "--text", "zh"], {"want": ["check"], "claim": {"x": "2*x+1"}, "text": "zh"}),
        (["x^2", "x=3", "--claim=x=-x", "--wrt", "x"], {"want": ["methods"], "claim": {"x": "-x"}, "wrt": ["x"]}),
    ],
)  # fmt: skip
def test_the_command_gives_the_same_bytes(
    client: TestClient, capsys: pytest.CaptureFixture[str], words: list[str], body: dict[str, Any]
) -> None:
    assert main(["compare", *words]) == 0
    answer = client.post("/api/v1/compare", json={"source": "x^2", "inputs": {"x": 3}, **body})
    assert capsys.readouterr().out == answer.text + "\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--h", "small"], "1e-6"), (["--seed", "1.5"], "cannot be read"), (["--claim", "2x"], "x=2*x"),
        (["--want", "speed"], "methods, errors"), (["--claim", "x=2*"], "claimed by x"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["compare", "x^2", "x=3", "--lang", "en", *words]) == 2
    assert message in capsys.readouterr().err


# ---- anything --------------------------------------------------------------------------------------------------------

EDGES = [
    0.0, -0.0, 0.5, -1.0, 3.0, 40.0, -40.0, 709.0, 800.0, 1e-300, 5e-324, 1e8, -1e16, 1e300, -1e300, 1.7e308, -1e4,
]  # fmt: skip
ROWS = [op for op in REGISTRY.values() if isinstance(op, Elementwise)]


JUMPY = ("cholesky", "one_hot")
"""Undefined next to the sample: a random direction leads to matrices that are not positive definite, and to no class."""


def formula(stream: random.Random, depth: int) -> str:
    """Operations of any kind on x, y and numbers."""
    if depth == 0 or stream.random() < 0.3:
        return stream.choice(["x", "y", "x", "2", "0.5", "pi", "0"])
    op = stream.choice(ROWS)
    return f"{op.name}({', '.join(formula(stream, depth - 1) for _ in range(op.arity))})"


@pytest.mark.parametrize("seed", range(4))
def test_any_formula_at_any_point_is_answered(client: TestClient, seed: int) -> None:
    stream = random.Random(seed)
    for op in ROWS:
        arguments = ", ".join(formula(stream, stream.choice([0, 0, 1, 2])) for _ in range(op.arity))
        source = f"{op.name}({arguments})" + stream.choice(["", "*x", "+ x^2", "/x"])
        inputs = {name: stream.choice(EDGES) for name in "xy" if name in re.findall(r"\w+", source)}
        body = {"source": source, "inputs": inputs, "want": EVERYTHING, "text": stream.choice(LOCALES)}
        if stream.random() < 0.5:
            body["h"] = stream.choice([1e-300, 1e-8, 1.0, 1e10])
        answer = client.post("/api/v1/compare", json=body)
        assert answer.status_code == 200, (body, answer.text)
        assert json.loads(answer.text)["methods"], body


@pytest.mark.parametrize(
    "op", [op for op in REGISTRY.values() if not (isinstance(op, Elementwise) or op.internal)], ids=repr
)
def test_any_operation_on_arrays_is_answered(client: TestClient, op: Any) -> None:
    shapes, statics = op.sample[0][:2]
    names = "abcdef"[: len(shapes)]
    given = {
        name: [0.7] if shape == () else f"rand({', '.join(map(str, shape))}, seed=1)"
        for name, shape in zip(names, shapes, strict=True)
    }
    inputs = {name: 0.7 if shape == () else given[name] for name, shape in zip(names, shapes, strict=True)}
    words = [f"{key}={value}" for key, value in statics.items()]
    called = f"[{', '.join(names)}]" if op.arity is None else ", ".join(names)
    body = {"source": f"sum({op.name}({', '.join([called, *words])}))", "inputs": inputs, "want": EVERYTHING}
    answer = client.post("/api/v1/compare", json=body)
    assert answer.status_code == 200, (body, answer.text)
    assert answer.json()["check"]["verdict"] == ("undecided" if op.name in JUMPY else "right"), body
