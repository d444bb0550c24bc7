"""Golden traces: whole trace documents, read by the Python tests (same bytes) and by the page's (same fold).

And the cards that the page's tests draw: of a matrix product, and of least squares with its closed form.

`python -m tests.golden.make` writes them anew; look at the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from server import service
from server.schemas.requests import CardRequest, TraceRequest

FOLDER = Path(__file__).with_name("traces")
BAYDIN: dict[str, Any] = {"source": "ln(x1) + x1*x2 - sin(x2)", "inputs": {"x1": 2, "x2": 5}}
DLSYS: dict[str, Any] = {"source": "u = exp(x); (u + 1) * u", "inputs": {"x": 0}}
POLAR: dict[str, Any] = {"source": "[r*cos(t), r*sin(t)]", "inputs": {"r": 2, "t": 0.5235987755982988}}
NEURON: dict[str, Any] = {
    "source": "1/(1+exp(-1*(w0*x0+w1*x1+w2)))",
    "inputs": {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3},
}
ODD: dict[str, Any] = {"source": "sqrt(2*x) + 1e-200*(1e-200*x)", "inputs": {"x": 0}}
CASES: dict[str, dict[str, Any]] = {
    **{f"baydin-{name}": {**BAYDIN, "pass": name, "text": "en"} for name in ("evaluate", "forward", "reverse", "adjoint_graph")},
    "baydin-reverse-zh": {**BAYDIN, "pass": "reverse", "text": "zh"},
    "dlsys-adjoint_graph": {**DLSYS, "pass": "adjoint_graph", "text": "en"},
    "dlsys-second": {**DLSYS, "pass": "adjoint_graph", "options": {"of": ["x"]}},
    "dlsys-simplify": {**DLSYS, "pass": "simplify", "options": {"gradient": True}, "text": "en"},
    "polar-jacobian": {**POLAR, "pass": "jacobian", "text": "en"},
    "polar-jacobian-zh": {**POLAR, "pass": "jacobian", "options": {"mode": "forward"}, "text": "zh"},
    "baydin-hessian": {**BAYDIN, "pass": "jacobian", "options": {"gradient": True, "mode": "forward"}, "text": "en"},
    "neuron-reverse": {**NEURON, "pass": "reverse"},
    "square": {"source": "x*x", "inputs": {"x": 3}, "pass": "reverse", "text": "en"},
    "kinds-of-nothing": {
        "source": "w = z + 1; stop_gradient(x)*y + 0*u",
        "inputs": {"x": 1, "y": 2, "z": 3, "u": 4},
        "pass": "reverse",
        "text": "en",
    },
    **{f"odd-{name}": {**ODD, "pass": name, "text": "en"} for name in ("forward", "reverse", "adjoint_graph")},
    "not-finite": {"source": "log(x) + 1/y + exp(z)", "inputs": {"x": -1, "y": 0, "z": 1000}, "pass": "reverse", "text": "en"},
}  # fmt: skip

CARD_FOLDER = Path(__file__).parents[1] / "js" / "fixtures"
CARDS: dict[str, dict[str, Any]] = {
    "card": {
        "source": "sum((X @ W + b)**2)",
        "inputs": {"X": [[1, 2], [3, 4], [5, 6]], "W": [[1, 0], [-1, 2]], "b": [0.5, -0.5]},
        "pass": "reverse",
        "node": 3,
        "text": "en",
    },
    "card-closed": {
        "source": "norm(A @ x - b)**2",
        "inputs": {"A": [[1, 0], [1, 1], [1, 2]], "x": [1, 0.5], "b": [1, 2, 2]},
        "pass": "reverse",
        "node": 7,
        "text": "en",
    },
}


def card(name: str) -> bytes:
    """The bytes the API answers with, and a final newline."""
    return service.card(msgspec.convert(CARDS[name], CardRequest)) + b"\n"


def document(name: str) -> bytes:
    """The bytes the API answers with, and a final newline."""
    return service.trace(msgspec.convert(CASES[name], TraceRequest)) + b"\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in CASES:
        (FOLDER / f"{name}.json").write_bytes(document(name))
    for name in CARDS:
        (CARD_FOLDER / f"{name}.json").write_bytes(card(name))
