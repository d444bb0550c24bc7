"""The edges of arrays, through the API: what could mean two things, what is empty, what is malformed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.locale import catalogue


def post(client: TestClient, path: str, **body: Any) -> Any:
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def derivatives(client: TestClient, source: str, inputs: dict[str, Any], **more: Any) -> Any:
    return post(client, "derivatives", source=source, inputs=inputs, **more)


# ---- the power of minus one ----


@pytest.mark.parametrize(
    ("source", "span", "inverse", "reciprocal"),
    [
        ("A^-1", (0, 4), "inv(A)", "(1/A)"),
        ("b @ A**-1 @ b", (4, 9), "inv(A)", "(1/A)"),
        ("2A⁻¹", (1, 4), "inv(A)", "(1/A)"),
        ("A.T^(-1)", (0, 8), "inv(A.T)", "(1/A.T)"),
        ("(A + A.T)^-1", (0, 12), "inv(A + A.T)", "(1/(A + A.T))"),
        ("C = A + 1\nsum(C^-1)", (14, 18), "inv(C)", "(1/C)"),
        ("[1, 2; 3, 4]^-1 @ b", (0, 15), "inv([1, 2; 3, 4])", "(1/([1, 2; 3, 4]))"),
    ],
)
def test_a_matrix_to_the_power_of_minus_one_asks_which_inverse_is_meant(
    client: TestClient, source: str, span: tuple[int, int], inverse: str, reciprocal: str
) -> None:
    point = {"A": [[2.0, 1.0], [1.0, 3.0]], "b": [1.0, 2.0]}
    given = {name: value for name, value in point.items() if name in source}
    for locale in ("en", "zh"):
        body = {"source": source, "inputs": given, "want": ["value"]}
        refused = client.post("/api/v1/derivatives", json=body, headers={"accept-language": locale})
        error = refused.json()
        assert (refused.status_code, error["code"]) == (422, "matrix_inverse")
        assert error["span"] == dict(zip(("start", "end"), span, strict=True))
        assert source[span[0] : span[1]] in error["message"]
        assert inverse in error["hint"]
        assert reciprocal in error["hint"]
    for offered in (inverse, reciprocal):
        mended = source[: span[0]] + offered + source[span[1] :]
        derivatives(client, mended, given, want=["value"])


def test_which_inverse_is_meant_is_asked_before_there_are_values(client: TestClient) -> None:
    refused = client.post("/api/v1/graph", json={"source": "A^-1 @ b"}).json()
    assert refused["hint"] == "Write inv(A) for the inverse matrix or (1/A) for one over each element."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x^-1", [0.5, 0.25]),
        ("A^-2", [[0.25, 1], [1, 0.0625]]),
        ("A^2", [[4, 1], [1, 16]]),
        ("W^-1", [[1, 0.5]]),
        ("A^n", [[0.5, 1], [1, 0.25]]),
        ("x^-1 @ x", 2),
        ("A^[-1, 2]", [[0.5, 1], [1, 16]]),
        ("x^[-1, 2]", [0.5, 16]),
    ],
)
def test_other_powers_work_element_by_element(client: TestClient, source: str, expected: Any) -> None:
    point = {"x": [2, 4], "A": [[2, 1], [1, 4]], "W": [[1, 2]], "n": -1}
    given = {name: value for name, value in point.items() if name in source}
    assert derivatives(client, source, given, want=["value"])["value"] == expected


def test_a_rule_may_raise_a_matrix_to_the_power_of_minus_one(client: TestClient) -> None:
    inputs = {"A": [[2, 1], [1, 4]]}
    found = post(client, "trace", source="sum(A^0)", inputs=inputs, options={"of": []}, **{"pass": "adjoint_graph"})
    assert found["result"]["gradient"]["A"] == [[0, 0], [0, 0]]


# ---- zeros and nothing ----


def test_a_polynomial_in_powers_has_its_derivatives_at_0(client: TestClient) -> None:
    source, inputs = "c @ x^arange(4)", {"c": [1, 2, 3, 4], "x": 0}
    found = derivatives(client, source, inputs, want=["value", "gradient", "hessian"])
    assert (found["value"], found["gradient"]) == (1, {"c": [1, 0, 0, 0], "x": 2})
    assert found["hessian"]["x"] == {"c": [0, 1, 0, 0], "x": 6}
    for name in ("reverse", "adjoint_graph"):
        traced = post(client, "trace", source=source, inputs=inputs, **{"pass": name})
        assert traced["result"]["gradient"] == found["gradient"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("sum(x[2:2])", 0), ("prod(x[2:2])", 1), ("mean(x[2:2])", "NaN"), ("var(x[2:2])", "NaN"), ("std(x[2:2])", "NaN"),
        ("norm(x[2:2])", 0), ("norm(x[2:2], ord=inf)", 0), ("logsumexp(x[2:2])", "-Infinity"), ("x[2:2] @ x[2:2]", 0),
        ("sum(cumsum(x[2:2]))", 0), ("sum(reshape(x[2:2], (3, -1)))", 0), ("sum(stack([x[2:2], x[2:2]]))", 0),
        ("sum(max(outer(x, x)[2:2], axis=1))", 0), ("det(outer(x, x)[:0, :0])", 1), ("sum(pad(x[2:2], 1))", 0),
    ],
)  # fmt: skip
def test_nothing_is_reduced_to_what_the_row_says_and_sends_nothing_back(
    client: TestClient, source: str, value: Any
) -> None:
    found = derivatives(client, source, {"x": [1, 2, 3]}, want=["value", "gradient"])
    assert found["value"] == value
    assert found["gradient"]["x"] == [0, 0, 0]
    for name in ("forward", "reverse", "adjoint_graph", "simplify"):
        assert post(client, "trace", source=source, inputs={"x": [1, 2, 3]}, text="zh", **{"pass": name})["text"]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("max(x[2:2])", "max(x[2:2])"), ("1 + argmin(x[2:2])", "argmin(x[2:2])"), ("sum(softmax(x[:0]))", "softmax(x[:0])"),
        ("mse(x[:0], x[:0])", "mse(x[:0], x[:0])"), ("sum(layer_norm(x[3:]))", "layer_norm(x[3:])"),
    ],
)  # fmt: skip
def test_of_nothing_there_is_no_largest(client: TestClient, source: str, place: str) -> None:
    for locale, hint in (("en", "There must be at least one element."), ("zh", "至少要有一个元素。")):
        body = {"source": source, "inputs": {"x": [1, 2, 3]}, "want": ["value"]}
        error = client.post("/api/v1/derivatives", json=body, headers={"accept-language": locale}).json()
        assert (error["code"], error["hint"]) == ("shape_mismatch", hint)
        assert source[error["span"]["start"] : error["span"]["end"]] == place


# ---- what is malformed ----


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("concatenate([A, x], axis=1)", "equal_but_one"), ("concatenate([x, A])", "equal_but_one"),
        ("broadcast_to(x, (-1,))", "broadcast_rule"), ("broadcast_to(x, shape=-1)", "broadcast_rule"),
        ("cumsum(A, axis=(0, 1))", "one_axis"), ("argmax(A, axis=(0, 1))", "one_axis"), ("sum(A, axis=2)", "axis_range"),
        ("mean(A, axis=-3)", "axis_range"), ("sum(A, axis=(0, -2))", "each_axis_once"), ("max(x, axis=999999999)", "axis_range"),
        ("reshape(A, (-1, -1))", "same_size"), ("reshape(A, (0, -1))", "same_size"), ("reshape(A, 3, -1)", "same_size"),
        ("transpose(A, (0, 0))", "each_axis_once"), ("transpose(A, (0, 1, 2))", "axis_range"),
        ("squeeze(A, axis=0)", "squeeze_one"), ("pad(A, (1, 2, 3))", "pad_widths"), ("split(x, 3)", "equal_parts"),
        ("take(x, (0, 2))", "index_range"), ("x[0, 0]", "too_many_indices"), ("A[[0, 1], [0, 1, 1]]", "index_form"),
        ("norm(stack([A, A]), ord=1)", "norm_axis"), ("conv1d(x, x, padding=1, stride=1) @ A", "inner_extents"),
        ("stack([x, A])", "equal_shapes"), ("det(x)", "square_matrix"), ("x @ 2", "star_for_numbers"),
    ],
)  # fmt: skip
def test_parameters_that_do_not_fit_the_shape_are_refused_in_both_languages(
    client: TestClient, source: str, hint: str
) -> None:
    inputs = {"A": [[1, 2], [3, 5]], "x": [1, 2]}
    given = {name: value for name, value in inputs.items() if re.search(rf"\b{name}\b", source)}
    for locale in ("en", "zh"):
        body = {"source": source, "inputs": given, "want": ["value"]}
        refused = client.post("/api/v1/derivatives", json=body, headers={"accept-language": locale})
        error = refused.json()
        words = catalogue(locale)
        assert (refused.status_code, error["code"]) == (422, "shape_mismatch"), error
        fixed = max(re.split(r"\{\w+\}", words.messages[f"hint.{hint}"]), key=len)
        assert fixed in error["hint"]
        assert error["span"] is not None
        assert 0 <= error["span"]["start"] < error["span"]["end"] <= len(source)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n", ";", " ; ;", ",", "1__0", "1_", "_1", "0x10", "--1", "1.2.3", "[1, 2; 3]", "[[1, 2], [3]]", "[[1], 2]",
        "[]", "[[]]", "[1, 2", "1]", "[1]]", "[1][2]", "[1], [2]", "1 2\n3", "[true]", "[None]", "[x]", "π", "1e999",
        "[1e999]", "[inf]", "[nan]", "array()", "randn()", "randn(-1)", "zeros(0)", "arange(0, 1, 0)", "linspace(0, 1)",
        "eye(2, 2, 2)", "\u202e1", "①", "(1, 2)", "[" * 5000, "(" * 5000, "randn(2, seed=x)", "nonsense(3)",
    ],
)  # fmt: skip
def test_a_text_that_writes_no_array_is_refused_by_name(client: TestClient, text: str) -> None:
    for locale, said in (("en", "“w”"), ("zh", "“w”")):
        body = {"source": "sum(w)", "inputs": {"w": text}, "want": ["value"]}
        answer = client.post("/api/v1/derivatives", json=body, headers={"accept-language": locale})
        error = answer.json()
        assert (answer.status_code, error["code"], error["input"]) == (422, "bad_array", "w"), error
        assert said in error["message"]
        assert error["hint"]


def test_infinite_sums_that_cancel_are_undefined_and_no_warning(client: TestClient) -> None:
    source, inputs = "sum(x/z - x/z)", {"x": [1, 1], "z": [0, 2]}
    assert derivatives(client, source, inputs, want=["gradient"], jvp={"x": [1, 1], "z": [1, 1]})["jvp"] == "NaN"
    assert derivatives(client, source, inputs, want=["gradient"])["gradient"]["x"] == ["NaN", 0]
    for name in ("forward", "reverse"):
        found = post(client, "trace", source=source, inputs=inputs, **{"pass": name})
        assert found["events"]


@pytest.mark.parametrize("name", ["jacobian", "simplify"])
def test_the_gradient_by_no_input_at_all_is_an_empty_trace(client: TestClient, name: str) -> None:
    found = post(client, "trace", source="sum(ones(2, 2))", inputs={}, options={"gradient": True}, **{"pass": name})
    assert found["graph"]["outputs"] == []
