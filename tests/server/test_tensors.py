"""Vectors and matrices of the literature, number by number and adjoint by adjoint, through the public API."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from engine.examples import EXAMPLES

CS231N = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
LAYER = {"X": "1 2\n3 4\n5 6", "W": "[1, 0; -1, 2]", "b": [0.5, -0.5]}
MLP_SOURCE = "Z1 = X @ W1 + b1\nA = relu(Z1)\nZ2 = A @ W2 + b2\ncross_entropy(Z2, y)"
MLP = {
    "X": [[1, 2], [-1, 1]], "W1": [[1, -1, 0.5], [0.5, 1, -1]], "b1": [0, 0.5, 0.5],
    "W2": [[1, -1], [0.5, -0.25], [-1, 2]], "b2": [0, 0], "y": [0, 1],
}  # fmt: skip


def trace(client: TestClient, source: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/trace", json={"source": source, "inputs": inputs, "pass": "reverse", **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def by_label(document: dict[str, Any], field: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    """The last value of a field for each node, by the name that the user or the list gave it."""
    names = {node["id"]: node["name"] for node in document["graph"]["nodes"]}
    names |= {node: label for label, node in document["graph"]["labels"].items()}
    found = {}
    for event in document["events"]:
        if event["kind"] in kinds:
            node = event["source"] if event["kind"] == "contribute" else event["node"]
            found[names[node]] = event[field]
    return found


def close(found: Any, expected: Any, tolerance: float = 1e-12) -> bool:
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=0, atol=tolerance)


def test_cs231n_the_squared_norm_of_a_product(client: TestClient) -> None:
    document = trace(client, "q = W @ x\nsum(q^2)", CS231N)
    values = by_label(document, "value", ("input", "compute"))
    adjoints = by_label(document, "adjoint", ("seed", "contribute"))
    assert close(values["q"], [0.22, 0.26])
    assert close(document["result"]["value"], 0.116)
    assert close(adjoints["q"], [0.44, 0.52])
    assert close(adjoints["W"], [[0.088, 0.176], [0.104, 0.208]])
    assert close(adjoints["x"], [-0.112, 0.636])


def test_a_bias_that_was_broadcast_is_summed_back(client: TestClient) -> None:
    document = trace(client, "Z = X @ W + b\nsum(Z^2)", LAYER)
    values = by_label(document, "value", ("input", "compute"))
    adjoints = by_label(document, "adjoint", ("seed", "contribute"))
    assert close(values["Z"], [[-0.5, 3.5], [-0.5, 7.5], [-0.5, 11.5]])
    assert document["result"]["value"] == 201.5
    assert close(adjoints["Z"], [[-1, 7], [-1, 15], [-1, 23]])
    assert close(adjoints["X"], [[-1, 15], [-1, 31], [-1, 47]])
    assert close(adjoints["W"], [[-9, 167], [-12, 212]])
    assert close(adjoints["b"], [-3, 45])


def test_a_column_times_a_row(client: TestClient) -> None:
    document = trace(client, "sum(a*c)", {"a": [[1], [2], [3]], "c": [10, 20]})
    assert document["result"]["value"] == 180
    assert document["result"]["gradient"] == {"a": [[30], [30], [30]], "c": [6, 6]}


def test_a_classifier_of_two_layers(client: TestClient) -> None:
    document = trace(client, MLP_SOURCE, MLP, wrt=["W1", "b1", "W2", "b2"])
    values = by_label(document, "value", ("input", "compute"))
    gradient = document["result"]["gradient"]
    assert close(values["Z1"], [[2, 1.5, -1], [-0.5, 2.5, -1]])
    assert close(values["Z2"], [[2.75, -2.375], [1.25, -0.625]])
    assert document["result"]["value"] == pytest.approx(1.0118018329908591, abs=1e-15)
    assert close(gradient["W2"], [[-0.0059110689, 0.0059110689], [1.0793613981, -1.0793613981], [0, 0]], 1e-9)
    assert close(gradient["b2"], [0.4305623455, -0.4305623455], 1e-9)
    assert close(gradient["W1"], [[-0.0059110689, -0.3273550607, 0], [-0.0118221377, 0.3207051083, 0]], 1e-9)
    assert close(gradient["b1"], [-0.0059110689, 0.3229217591, 0], 1e-9)
    moved = {name: (np.array(MLP[name]) - 0.1 * np.array(part)).tolist() for name, part in gradient.items()}
    after = trace(client, MLP_SOURCE, {**MLP, **moved})
    assert after["result"]["value"] == pytest.approx(0.735190959004444, abs=1e-9)


@pytest.mark.parametrize(("source", "inputs"), [("q = W @ x\nsum(q^2)", CS231N), (MLP_SOURCE, MLP)])
def test_the_reverse_graph_computes_what_the_reverse_pass_does(
    client: TestClient, source: str, inputs: dict[str, Any]
) -> None:
    wrt = [name for name in inputs if name != "y"]
    passed = trace(client, source, inputs, wrt=wrt)["result"]["gradient"]
    built = trace(client, source, inputs, wrt=wrt, **{"pass": "adjoint_graph"})["result"]["gradient"]
    simple = trace(client, source, inputs, wrt=wrt, **{"pass": "simplify", "options": {"gradient": True}})
    assert all(close(built[name], passed[name]) for name in wrt)
    assert simple["result"]["after"] <= simple["result"]["before"]


def derivatives(client: TestClient, source: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/derivatives", json={"source": source, "inputs": inputs, "want": [], **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


QUADRATIC = {"A": [[2, 1], [0, 3]], "x": [1, -2]}


def test_every_derivative_of_a_quadratic_form(client: TestClient) -> None:
    a, x = np.array(QUADRATIC["A"]), np.array(QUADRATIC["x"])
    v = np.array([0.6, 0.8])
    found = derivatives(
        client, "x.T @ A @ x", QUADRATIC, want=["value", "gradient", "hessian"], wrt=["x"],
        jvp={"x": v.tolist()}, directional={"x": (5 * v).tolist()}, hvp={"x": v.tolist()}, vjp=2,
    )  # fmt: skip
    assert found["value"] == x @ a @ x
    assert close(found["gradient"]["x"], (a + a.T) @ x)
    assert close(found["hessian"]["x"]["x"], a + a.T)
    assert close(found["jvp"], (a + a.T) @ x @ v)
    assert close(found["directional"], (a + a.T) @ x @ v)
    assert close(found["hvp"]["x"], (a + a.T) @ v)
    assert close(found["vjp"]["x"], 2 * (a + a.T) @ x)


def test_a_jacobian_has_the_axes_of_the_output_and_then_those_of_the_input(client: TestClient) -> None:
    found = derivatives(client, "A @ x", QUADRATIC, want=["jacobian"])
    assert found["jacobian"]["x"] == QUADRATIC["A"]
    assert close(found["jacobian"]["A"], np.einsum("ik,l->ikl", np.eye(2), QUADRATIC["x"]))
    assert found["passes"] == {"mode": "reverse", "forward": 6, "reverse": 2}


def test_the_cheaper_mode_is_taken_and_both_agree(client: TestClient) -> None:
    tall = derivatives(client, "[x, sin(x), x^2]", {"x": 2.0}, want=["jacobian"])
    assert tall["passes"] == {"mode": "forward", "forward": 1, "reverse": 3}
    assert close(tall["jacobian"]["x"], [1, np.cos(2.0), 4])
    wide = derivatives(client, "sum([x, sin(x), x^2])", {"x": 2.0}, want=["jacobian"])
    assert wide["passes"]["mode"] == "reverse"
    assert close(wide["jacobian"]["x"], sum(tall["jacobian"]["x"]))


def test_several_outputs_and_several_inputs(client: TestClient) -> None:
    found = derivatives(client, "[x*y, x + y, x/y]", {"x": 6.0, "y": 2.0}, want=["value", "jacobian"])
    assert found["value"] == [12, 8, 3]
    assert found["jacobian"] == {"x": [2, 1, 0.5], "y": [6, 1, -1.5]}


def test_an_array_has_no_gradient(client: TestClient) -> None:
    body = {"source": "A @ x", "inputs": QUADRATIC, "want": ["gradient"]}
    refused = client.post("/api/v1/derivatives", json=body)
    assert refused.status_code == 422
    assert refused.json()["code"] == "output_not_scalar"
    assert "sum(" in refused.json()["hint"]
    seeded = trace(client, "A @ x", QUADRATIC, seed=[1, 0])
    assert seeded["result"]["gradient"]["x"] == [2, 1]


def test_shapes_that_do_not_agree_are_both_named_with_the_place_and_the_repair(client: TestClient) -> None:
    body = {"source": "1 + A @ B", "inputs": {"A": [[1, 2], [3, 4], [5, 6]], "B": [[1, 2]]}, "pass": "reverse"}
    refused = client.post("/api/v1/trace", json=body).json()
    assert refused["code"] == "shape_mismatch"
    assert refused["span"] == {"start": 4, "end": 9} or refused["span"] == [4, 9]
    assert "(3, 2)" in refused["message"]
    assert "(1, 2)" in refused["message"]
    assert "B.T" in refused["hint"] or "transpose" in refused["hint"].lower()


@pytest.mark.parametrize("source", ["x' A x", "u · v", "1 + u × v", "A(A + 1)", "u = 2 v; u v"])
def test_a_product_of_two_arrays_must_say_which_it_is(client: TestClient, source: str) -> None:
    given = {"A": [[1, 2], [3, 4]], "x": [1, 2], "u": [1, 2], "v": [3, 4]}
    inputs = {name: value for name, value in given.items() if name in source}
    inputs.pop("u", None) if source.startswith("u =") else None
    refused = client.post("/api/v1/trace", json={"source": source, "inputs": inputs, "pass": "evaluate"}).json()
    assert refused["code"] == "ambiguous_product"
    assert "A @ B" in refused["hint"]


@pytest.mark.parametrize(("source", "value"), [("2 v", [6, 8]), ("s · v", [15, 20]), ("u ⊙ v", [3, 8]), ("uᵀ @ v", 11)])
def test_a_number_times_an_array_has_one_meaning(client: TestClient, source: str, value: Any) -> None:
    given = {"s": 5, "u": [1, 2], "v": [3, 4]}
    inputs = {name: content for name, content in given.items() if name in source}
    assert derivatives(client, source, inputs, want=["value"])["value"] == value


def test_a_power_of_t_is_not_taken_for_the_transpose(client: TestClient) -> None:
    body = {"source": "A^T", "inputs": {"A": [[1, 2], [3, 4]], "T": 2}, "pass": "evaluate"}
    refused = client.post("/api/v1/trace", json=body).json()
    assert refused["code"] == "power_of_t"
    assert "A.T" in refused["hint"]
    assert derivatives(client, "a^T", {"a": 3, "T": 2}, want=["value"])["value"] == 9


def test_bars_are_a_norm_and_a_norm_is_printed_with_bars(client: TestClient) -> None:
    inputs = {"A": [[1, 2], [3, 4]], "x": [1, -1], "b": [1, 1]}
    seen = trace(client, "||A @ x - b||^2", inputs)["result"]
    assert seen["value"] == pytest.approx(8)
    assert seen["gradient"]["b"] == pytest.approx([4, 4])
    other = trace(client, "‖x‖_1 + ||x||_inf", {"x": [1, -3]}, text="en")
    assert other["result"]["value"] == 7
    assert other["text"]["nodes"][1:3] == [r"\left\| x \right\|_{1}", r"\left\| x \right\|_{\infty}"]


def test_large_arrays_are_summarised_unless_all_is_asked_for(client: TestClient) -> None:
    inputs = {"x": "randn(100, 100, seed=3)"}
    body = {"source": "sum(x^2)", "inputs": inputs, "pass": "reverse"}
    answer = client.post("/api/v1/trace", json=body)
    assert len(answer.content) < 10_000
    summary = answer.json()["inputs"]["x"]
    sample = np.random.RandomState(3).standard_normal((100, 100))
    assert summary["shape"] == [100, 100]
    assert summary["nan"] == 0
    assert summary["norm"] == pytest.approx(np.linalg.norm(sample))
    full = client.post("/api/v1/trace", json={**body, "arrays": "full"}).json()
    assert close(full["result"]["gradient"]["x"], 2 * sample)


@pytest.mark.parametrize(("given", "code"), [("[1, 2", "bad_array"), ([[1], [2, 3]], "bad_input")])
def test_an_input_that_is_no_array_is_named(client: TestClient, given: Any, code: str) -> None:
    body = {"source": "sum(x) + y", "inputs": {"y": 1, "x": given}, "pass": "reverse"}
    refused = client.post("/api/v1/trace", json=body).json()
    assert (refused["code"], refused["input"]) == (code, "x")


def test_a_tangent_of_another_shape_is_named(client: TestClient) -> None:
    body = {"source": "x @ y", "inputs": {"x": [1, 2], "y": [3, 4]}, "want": [], "jvp": {"y": [1, 0, 0]}}
    refused = client.post("/api/v1/derivatives", json=body).json()
    assert refused["code"] == "bad_shape"
    assert refused["message"] == "The value for “seed.y” has the shape (3,); it must have the shape (2,)."


@pytest.mark.parametrize("source", ["zeros((100000, 100000))", "ones(1000001)", "x + zeros(1, 1, 1, 1, 1)"])
def test_limits_are_checked_before_anything_is_allocated(client: TestClient, source: str) -> None:
    refused = client.post("/api/v1/graph", json={"source": source})
    assert refused.status_code == 422
    assert refused.json()["code"] in ("too_many_elements", "rank_too_high")


def test_work_is_limited_too(client: TestClient) -> None:
    body = {"source": "A @ A @ A @ A", "inputs": {"A": "ones(1000, 1000)"}, "pass": "evaluate"}
    assert client.post("/api/v1/trace", json=body).json()["code"] == "too_much_work"


@pytest.mark.parametrize(
    ("source", "shapes"),
    [
        ("x^2 + y", {"x": [], "y": []}),
        ("A @ x", {"A": [2, 2], "x": [2]}),
        ("x.T @ A @ x", {"x": [2], "A": [2, 2]}),
        ("r * sum(x^2)", {"r": [], "x": [2]}),
        ("s = trace(M)\ns^2", {"M": [2, 2]}),
        ("[x*cos(y), x*sin(y)]", {"x": [], "y": []}),
        ("A @ [x, y]", {"A": [2, 2], "x": [], "y": []}),
    ],
)
def test_shapes_are_guessed_until_they_are_given(client: TestClient, source: str, shapes: dict[str, Any]) -> None:
    found = client.post("/api/v1/graph", json={"source": source}).json()
    assert {entry["name"]: entry["shape"] for entry in found["inputs"]} == shapes


def test_every_step_on_arrays_is_explained_in_both_languages(client: TestClient) -> None:
    for locale in ("en", "zh"):
        for name in ("evaluate", "forward", "reverse", "adjoint_graph", "simplify", "jacobian"):
            text = trace(client, MLP_SOURCE, MLP, text=locale, wrt=["W1"], **{"pass": name})["text"]
            said = [*(part for event in text["events"] for part in (event["title"], event["why"], event["say"]))]
            assert all(said)
            assert not any(phrase.startswith(("why.", "title.", "say.", "op.")) for phrase in said)


def test_the_residual_of_least_squares_comes_back_by_the_transpose(client: TestClient) -> None:
    example = next(one for one in EXAMPLES if one.id == "least-squares")
    a, x, b = np.array([[1, 0], [1, 1], [1, 2]]), np.array([1, 0.5]), np.array([1, 2, 2])
    found = derivatives(client, example.source, dict(example.inputs), want=["value", "gradient", "hessian"], wrt=["x"])
    assert close(found["value"], np.sum((a @ x - b) ** 2))
    assert close(found["gradient"]["x"], 2 * a.T @ (a @ x - b))
    assert close(found["hessian"]["x"]["x"], 2 * a.T @ a)


@pytest.mark.parametrize(
    ("label", "loss", "slope"),
    [
        (2, 0.40760596444438, [0.09003057317, 0.244728471055, -0.334759044225]),
        (0, 2.40760596444438, [-0.90996942683, 0.244728471055, 0.665240955775]),
    ],
)
def test_softmax_and_cross_entropy(client: TestClient, label: int, loss: float, slope: list[float]) -> None:
    classed = derivatives(client, f"cross_entropy(z, {label})", {"z": [1, 2, 3]}, want=["value", "gradient"])
    one_hot = np.eye(3)[label].tolist()
    told = derivatives(
        client, "cross_entropy(z, p)", {"z": [1, 2, 3], "p": one_hot}, want=["value", "gradient"], wrt=["z"]
    )
    for found in (classed, told):
        assert close(found["value"], loss)
        assert close(found["gradient"]["z"], slope)


def test_the_jacobian_of_a_softmax_and_the_logarithm_of_its_sum(client: TestClient) -> None:
    found = derivatives(client, "softmax(z)", {"z": [1, 2, 3]}, want=["value", "jacobian"])
    p = np.array([0.09003057317, 0.244728471055, 0.665240955775])
    assert close(found["value"], p)
    assert close(found["jacobian"]["z"], np.diag(p) - np.outer(p, p), 1e-11)
    assert close(found["jacobian"]["z"][0], [0.081925069065, -0.02203304452, -0.059892024545])
    assert close(
        derivatives(client, "logsumexp(z)", {"z": [1, 2, 3]}, want=["value"])["value"], 3.4076059644443806, 1e-15
    )


def test_cs231n_a_linear_classifier(client: TestClient) -> None:
    inputs = {
        "W": [[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0, -0.45, -0.2, 0.03]], "x": [-15, 22, -44, 56],
        "b": [0, 0.2, -0.3],
    }  # fmt: skip
    document = trace(client, "s = W @ x + b\ncross_entropy(s, 2)", inputs)
    adjoints = by_label(document, "adjoint", ("seed", "contribute"))
    ds = [0.015449315676, 0.631163353605, -0.646612669281]
    assert close(by_label(document, "value", ("compute",))["s"], [-2.85, 0.86, 0.28])
    assert close(document["result"]["value"], 1.04019056943011)
    assert close(adjoints["s"], ds)
    assert close(adjoints["b"], ds)
    assert close(adjoints["W"], np.outer(ds, inputs["x"]), 1e-10)
    assert close(adjoints["x"], [0.44196884068, 0.416435906113, 0.162425633104, 0.082360222282])


MAZUR = "h = sigmoid(W1 @ i + b1)\nd = sigmoid(W2 @ h + b2) - t\n0.5*sum(d^2)"


def test_mazur_a_network_of_two_layers_and_a_step_of_descent(client: TestClient) -> None:
    inputs: dict[str, Any] = {
        "i": [0.05, 0.1], "W1": [[0.15, 0.2], [0.25, 0.3]], "b1": 0.35, "W2": [[0.4, 0.45], [0.5, 0.55]], "b2": 0.6,
        "t": [0.01, 0.99],
    }  # fmt: skip
    document = trace(client, MAZUR, inputs, wrt=["W1", "b1", "W2", "b2"])
    adjoints, gradient = by_label(document, "adjoint", ("seed", "contribute")), document["result"]["gradient"]
    assert close(by_label(document, "value", ("compute",))["h"], [0.593269992107187, 0.596884378259767])
    assert close(document["result"]["value"], 0.298371108760003)
    assert close(adjoints["h"], [0.0363503063931447, 0.0413703226487447])
    first = [[0.000438567734474, 0.000877135468949], [0.000497712735261, 0.000995425470522]]
    assert close(gradient["W1"], first)
    assert close(gradient["W2"], [[0.0821670405642, 0.0826676278475], [-0.0226025404775, -0.022740242216]])
    assert close(gradient["b1"], 0.0187256093947)
    assert close(gradient["b2"], 0.100400325112)
    for moved, error in ((("W1", "W2"), 0.29102777369359933), (("W1", "W2", "b1", "b2"), 0.2857508866992965)):
        after = {name: (np.array(inputs[name]) - 0.5 * np.array(gradient[name])).tolist() for name in moved}
        answer = trace(client, MAZUR, {**inputs, **after}, **{"pass": "evaluate"})
        assert close(answer["result"]["value"], error)
