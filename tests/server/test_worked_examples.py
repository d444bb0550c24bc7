"""EXAMPLES of the literature, number by number, through the public API.

Baydin et al. 2018 (tables 2 and 3), CMU Deep Learning Systems lecture 4, colah's blog, CS231n, micrograd's lecture,
Griewank and Walther chapter 1, Speelpenning, the logistic map. Numbers in a textbook beat numbers we computed.
"""

from __future__ import annotations

import math
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.app import create_app

REL = 1e-12


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app())


def post(client: TestClient, call: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{call}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def trace(client: TestClient, source: str, inputs: dict[str, float], name: str, **more: Any) -> dict[str, Any]:
    return post(client, "trace", source=source, inputs=inputs, **{"pass": name}, **more)


def by_name(document: dict[str, Any], key: str, kinds: tuple[str, ...] = ("input", "compute")) -> dict[str, float]:
    """The last number under `key` of each node's events, by the node's name."""
    names = [node["name"] for node in document["graph"]["nodes"]]
    return {names[e["node"]]: e[key] for e in document["events"] if e["kind"] in kinds and key in e}


def adjoints(document: dict[str, Any]) -> dict[str, float]:
    names = [node["name"] for node in document["graph"]["nodes"]]
    found = {}
    for event in document["events"]:
        if event["kind"] == "seed":
            found[names[event["node"]]] = event["adjoint"]
        if event["kind"] == "contribute":
            found[names[event["source"]]] = event["adjoint"]
    return found


def contributions(document: dict[str, Any], name: str) -> list[float]:
    names = [node["name"] for node in document["graph"]["nodes"]]
    return [e["cotangent"] for e in document["events"] if e["kind"] == "contribute" and names[e["source"]] == name]


def close(found: dict[str, float], expected: dict[str, float], rel: float = REL) -> None:
    for name, number in expected.items():
        assert found[name] == pytest.approx(number, rel=rel, abs=1e-15), name


BAYDIN = "ln(x1) + x1*x2 - sin(x2)"
AT = {"x1": 2.0, "x2": 5.0}
# The sine is v3 in Baydin's table and v4 here, because we number in the order of the text.


def test_baydin_values_tangents_adjoints(client: TestClient) -> None:
    forward_1 = trace(client, BAYDIN, AT, "forward", seed={"x1": 1})
    close(by_name(forward_1, "value"), {
        "x1": 2, "x2": 5, "v1": 0.693147180559945309, "v2": 10, "v4": -0.958924274663138469, "v3": 10.693147180559945,
        "v5": 11.652071455223084,
    })  # fmt: skip
    close(by_name(forward_1, "tangent"), {"x1": 1, "x2": 0, "v1": 0.5, "v2": 5, "v4": 0, "v3": 5.5, "v5": 5.5})
    forward_2 = trace(client, BAYDIN, AT, "forward", seed={"x2": 1})
    close(by_name(forward_2, "tangent"), {
        "x1": 0, "x2": 1, "v1": 0, "v2": 2, "v4": 0.283662185463226264, "v3": 2, "v5": 1.716337814536774,
    })  # fmt: skip
    both = trace(client, BAYDIN, AT, "forward", seed={"x1": 1, "x2": 1})
    assert both["result"]["tangent"] == pytest.approx(7.21633781453677, rel=1e-13)
    back = trace(client, BAYDIN, AT, "reverse")
    close(adjoints(back), {"v5": 1, "v3": 1, "v4": -1, "v2": 1, "v1": 1, "x1": 5.5, "x2": 1.71633781453677374})
    assert contributions(back, "x1") == [5.0, 0.5]
    assert contributions(back, "x2") == pytest.approx([-0.283662185463226264, 2.0], rel=REL)
    hessian = post(client, "derivatives", source=BAYDIN, inputs=AT, want=["hessian"])["hessian"]
    assert hessian["x1"] == pytest.approx({"x1": -0.25, "x2": 1})
    assert hessian["x2"] == pytest.approx({"x1": 1, "x2": -0.958924274663138469}, rel=REL)


def created(document: dict[str, Any]) -> list[tuple[str | None, float]]:
    nodes = document["graph"]["nodes"]
    return [
        (nodes[node]["op"], value)
        for event in document["events"]
        for node, value in zip(event.get("created", ()), event.get("values", ()), strict=True)
    ]


def test_baydin_reverse_graph_has_nine_new_nodes(client: TestClient) -> None:
    document = trace(client, BAYDIN, AT, "adjoint_graph")
    made = created(document)
    assert [op for op, _ in made] == [None, "neg", "cos", "mul", "mul", "mul", "div", "add", "add"]
    assert [value for _, value in made] == pytest.approx(
        [1, -1, 0.283662185463226264, -0.283662185463226264, 5, 2, 0.5, 1.71633781453677374, 5.5], rel=REL
    )
    assert document["result"]["created"] == 9
    assert [n.get("created") for n in document["graph"]["nodes"]][7:] == list(range(1, 10))


def test_dlsys_reverse_graph_step_by_step(client: TestClient) -> None:
    source, at = "u = exp(x); (u + 1) * u", {"x": 0.0}
    document = trace(client, source, at, "adjoint_graph")
    nodes = document["graph"]["nodes"]
    names = [node["name"] for node in nodes]
    x, one, exp, plus, out = 0, 2, 1, 3, 4
    assert [nodes[i]["op"] for i in (exp, plus, out)] == ["exp", "add", "mul"]
    assert (names[exp], names[plus], names[out]) == ("v1", "v2", "v3")
    assert nodes[one]["const"] == 1.0
    assert document["graph"]["labels"] == {"u": exp}
    values = by_name(document, "value")
    assert (values["v1"], values["v2"], values["v3"]) == (1.0, 2.0, 2.0)
    made = created(document)
    assert [op for op, _ in made] == [None, "mul", "mul", "add", "mul"]
    assert [value for _, value in made] == [1.0, 1.0, 2.0, 3.0, 3.0]
    steps = [(e["kind"], e["node"], e.get("source"), e["line"]) for e in document["events"][4:]]
    assert [s for s in steps if s[0] == "visit"] == [("visit", n, None, 4) for n in (out, plus, exp, x)]
    to_exp = [e for e in document["events"] if e["kind"] == "append" and e["source"] == exp]
    assert [(e["node"], bool(e["created"])) for e in to_exp] == [(out, True), (plus, False)], (
        "the sum's partial is an alias"
    )
    assert all(e["reused"] for e in document["events"] if e["kind"] == "append" and e["created"])


@pytest.mark.parametrize(("order", "value"), [(1, 3), (2, 5), (3, 9), (4, 17), (5, 33)])
def test_dlsys_higher_derivatives_come_from_differentiating_the_adjoint_graph(
    client: TestClient, order: int, value: float
) -> None:
    source, at = "u = exp(x); (u + 1) * u", {"x": 0.0}
    document = trace(client, source, at, "adjoint_graph", options={"of": ["x"] * (order - 1)})
    assert document["result"]["gradient"]["x"] == pytest.approx(value, rel=REL)
    evaluated = trace(client, source, at, "evaluate", options={"of": ["x"] * order})
    assert evaluated["result"]["value"] == pytest.approx(value, rel=REL)


def test_colah(client: TestClient) -> None:
    source, at = "(a+b)*(b+1)", {"a": 2.0, "b": 1.0}
    back = trace(client, source, at, "reverse")
    close(by_name(back, "value"), {"v1": 3, "v2": 2, "v3": 6})
    partials = by_name(back, "partials")
    assert partials == {"v1": [1.0, 1.0], "v2": [1.0, None], "v3": [2.0, 3.0]}
    close(adjoints(back), {"v3": 1, "v1": 2, "v2": 3, "a": 2, "b": 5})
    assert contributions(back, "b") == [3.0, 2.0]
    close(by_name(trace(client, source, at, "forward", seed={"b": 1}), "tangent"), {"v1": 1, "v2": 1, "v3": 5})
    close(by_name(trace(client, source, at, "forward", seed={"a": 1}), "tangent"), {"v1": 1, "v2": 0, "v3": 2})
    assert trace(client, source, at, "adjoint_graph")["result"]["created"] == 4


NEURON = "1/(1+exp(-1*(w0*x0+w1*x1+w2)))"
NEURON_AT = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}


def test_cs231n_circuits(client: TestClient) -> None:
    first = trace(client, "(x+y)*z", {"x": -2.0, "y": 5.0, "z": -4.0}, "reverse")
    close(by_name(first, "value"), {"v1": 3, "v2": -12})
    close(adjoints(first), {"v1": -4, "x": -4, "y": -4, "z": 3})
    second = trace(client, "2*(x*y+max(z,w))", {"x": 3.0, "y": -4.0, "z": 2.0, "w": -1.0}, "reverse")
    close(by_name(second, "value"), {"v1": -12, "v2": 2, "v3": -10, "v4": -20})
    close(adjoints(second), {"x": -8, "y": 6, "z": 2, "w": 0})
    fourth = "(x+sigmoid(y))/(sigmoid(x)+(x+y)^2)"
    back = trace(client, fourth, {"x": 3.0, "y": -4.0}, "reverse")
    close(by_name(back, "value"), {
        "v1": 0.0179862099620916, "v2": 3.01798620996209, "v3": 0.952574126822433, "v5": 1, "v6": 1.95257412682243,
        "v7": 1.54564488410664,
    }, rel=1e-13)  # fmt: skip
    close(back["result"]["gradient"], {"x": 2.05956979557217, "y": 1.59223275148381}, rel=1e-13)


def test_cs231n_sigmoid_neuron(client: TestClient) -> None:
    back = trace(client, NEURON, NEURON_AT, "reverse")
    values = list(by_name(back, "value").values())[5:]
    assert values == pytest.approx([-2, 6, 4, 1, -1, 0.367879441171442, 1.36787944117144, 0.731058578630005], rel=1e-14)
    found = adjoints(back)
    assert [found[f"v{i}"] for i in range(8, 0, -1)] == pytest.approx(
        [1, -0.534446645388523, -0.534446645388523, -0.196611933241482, 0.196611933241482, 0.196611933241482,
         0.196611933241482, 0.196611933241482], rel=1e-14,
    )  # fmt: skip
    close(found, {
        "w0": -0.196611933241482, "x0": 0.393223866482964, "w1": -0.393223866482964, "x1": -0.589835799724446,
        "w2": 0.196611933241482,
    }, rel=1e-14)  # fmt: skip


def test_micrograd_lecture(client: TestClient) -> None:
    at = {"x1": 2.0, "w1": -3.0, "x2": 0.0, "w2": 1.0, "b": 6.8813735870195432}
    back = trace(client, "n = x1*w1 + x2*w2 + b; tanh(n)", at, "reverse")
    n = next(node["name"] for node in back["graph"]["nodes"] if node["id"] == back["graph"]["labels"]["n"])
    assert by_name(back, "value")[n] == pytest.approx(0.881373587019543, rel=1e-14)
    assert back["result"]["value"] == pytest.approx(0.707106781186548, rel=1e-14)
    close(adjoints(back), {n: 0.5, "x1": -1.5, "w1": 1, "x2": 0.5, "w2": 0, "b": 0.5})
    product = trace(client, "(a*b+c)*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}, "reverse")
    close(by_name(product, "value"), {"v1": -6, "v2": 4, "v3": -8})
    close(adjoints(product), {"a": 6, "b": -4, "c": -2, "f": 4, "v1": -2, "v2": -2})


README = """
c = a + b
d = a * b + b**3
c = c + c + 1
c = c + 1 + c + (-a)
d = d + d * 2 + relu(b + a)
d = d + 3 * d + relu(b - a)
e = c - d
f = e**2
g = f / 2.0
g = g + 10.0 / f
"""


def test_micrograd_readme(client: TestClient) -> None:
    found = post(client, "derivatives", source=README, inputs={"a": -4, "b": 2}, want=["value", "gradient"])
    assert found["value"] == pytest.approx(24.70408163265306, rel=1e-13)
    close(found["gradient"], {"a": 138.83381924198252, "b": 645.5772594752186}, rel=1e-13)


def test_griewank_walther_chapter_one(client: TestClient) -> None:
    source = "v = x1/x2; (sin(v) + v - exp(x2)) * (v - exp(x2))"
    at = {"x1": 1.5, "x2": 0.5}
    found = post(client, "derivatives", source=source, inputs=at, want=["value", "gradient"])
    assert found["value"] == pytest.approx(2.0166466694282, rel=1e-14)
    close(found["gradient"], {"x1": 3.01184332767391, "x2": -13.7239615093141}, rel=1e-14)
    shared = "v1 = x1/x2; v2 = sin(v1); v3 = exp(x2); v4 = v1 - v3; v5 = v2 + v4; v5*v4"
    back = trace(client, shared, at, "reverse")
    labels = {node: name for name, node in back["graph"]["labels"].items()}
    state = {}
    for event in back["events"]:
        if event["kind"] == "contribute" and event["source"] in labels:
            state[labels[event["source"]]] = event["adjoint"]
    close(state, {
        "v5": 1.35127872929987, "v4": 2.84367746665961, "v3": -2.84367746665961, "v2": 1.35127872929987,
        "v1": 1.50592166383695,
    }, rel=1e-13)  # fmt: skip
    ahead = trace(client, shared, at, "forward", seed={"x1": 1})
    tangents = {
        labels[e["node"]]: e["tangent"] for e in ahead["events"] if e["kind"] == "compute" and e["node"] in labels
    }
    close(tangents, {"v1": 2, "v2": -1.97998499320089, "v3": 0, "v4": 2, "v5": 0.0200150067991092}, rel=1e-12)
    assert ahead["result"]["tangent"] == pytest.approx(3.01184332767391, rel=1e-13)


def test_speelpenning_one_reverse_pass_or_four_forward(client: TestClient) -> None:
    source, at = "x1*x2*x3*x4", {"x1": 1.0, "x2": 2.0, "x3": 3.0, "x4": 4.0}
    back = trace(client, source, at, "reverse")
    assert back["result"] == {
        "value": 24.0, "gradient": {"x1": 24.0, "x2": 12.0, "x3": 8.0, "x4": 6.0}, "status": dict.fromkeys(at, "path"),
    }  # fmt: skip
    ahead = [trace(client, source, at, "forward", seed={name: 1})["result"]["tangent"] for name in at]
    assert ahead == [24.0, 12.0, 8.0, 6.0]


def test_logistic_map_and_polar_map(client: TestClient) -> None:
    source = "l1 = x; l2 = 4*l1*(1-l1); l3 = 4*l2*(1-l2); l4 = 4*l3*(1-l3)"
    found = post(client, "derivatives", source=source, inputs={"x": 0.2}, want=["value", "gradient"])
    assert found["value"] == pytest.approx(0.28901376, rel=REL)
    assert found["gradient"]["x"] == pytest.approx(9.0660864, rel=REL)
    at = {"r": 2.0, "t": math.pi / 6}
    rows = [
        post(client, "derivatives", source=f"r*{f}(t)", inputs=at, want=["jacobian"])["jacobian"]
        for f in ("cos", "sin")
    ]
    close(rows[0], {"r": 0.866025403784438647, "t": -1})
    close(rows[1], {"r": 0.5, "t": 1.73205080756887729})


def test_jvp_and_vjp(client: TestClient) -> None:
    found = post(client, "derivatives", source=BAYDIN, inputs=AT, want=[], jvp={"x1": 1, "x2": 1}, vjp=2)
    assert found["jvp"] == pytest.approx(7.21633781453677, rel=1e-13)
    close(found["vjp"], {"x1": 11, "x2": 3.43267562907354748})


def test_a_gradient_that_is_zero_says_why(client: TestClient) -> None:
    source = "stop_gradient(x)*y + 0*z"
    found = post(client, "derivatives", source=source, inputs={"x": 1, "y": 2, "z": 3}, want=["gradient"])
    assert found["gradient"] == {"x": 0.0, "y": 1.0, "z": 0.0}
    assert found["status"] == {"x": "stopped", "y": "path", "z": "path"}
    back = trace(client, "w = x + 1; y^2", {"x": 1, "y": 2}, "reverse")
    assert back["result"]["status"] == {"x": "no_path", "y": "path"}
    assert back["events"][-1] == {"kind": "absent", "line": 8, "node": 0, "reason": "no_path"}
