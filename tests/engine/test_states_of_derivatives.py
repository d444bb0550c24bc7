"""Tangents and adjoints say in the trace what is odd about them, and nothing of an ordinary number."""

from typing import Any

import numpy as np
import pytest
from mpmath import mp

from engine import api
from engine.events import Append, Build, Compute, Contribute, Event, Visit
from tests.corpus import CORPUS
from tests.engine.inspecting import inspected
from tests.engine.test_kinds_of_nothing import DERIVATIVES

ODD = ("undefined", "pole", "overflow", "underflow", "inherited")
BORN = ("undefined", "pole", "overflow")


def events(source: str, inputs: dict[str, Any], pass_name: str, **more: Any) -> list[Event]:
    """The events of a trace."""
    return api.trace(source, inputs, pass_name, **more).events


def adjoint_states(source: str, inputs: dict[str, Any], **more: Any) -> dict[int, str | None]:
    """By node, the state of its adjoint in the end."""
    found = events(source, inputs, "reverse", **more)
    return {event.source: event.state for event in found if isinstance(event, Contribute)}


@pytest.mark.parametrize(("source", "inputs", "kind", "_en", "_zh"), DERIVATIVES)
def test_the_trace_and_the_inspection_say_the_same(
    source: str, inputs: dict[str, float], kind: str, _en: str, _zh: str
) -> None:
    assert adjoint_states(source, inputs).get(0) == (kind if kind in ODD else None)


@pytest.mark.parametrize(
    ("source", "x", "states"),
    [
        ("sqrt(2 * x)", 0.0, [None, "pole"]),
        ("2 * sqrt(x)", 0.0, ["pole", "inherited"]),
        ("sqrt(x) - 2 * sqrt(x)", 0.0, ["pole", "pole", "inherited", "undefined"]),
        ("1e200 * (1e200 * x)", 1e-300, [None, "overflow"]),
        ("3 * (1e-200 * (1e-200 * x))", 1e300, [None, "underflow", "underflow"]),
        ("where(x > 0, ln(x), 0)", 0.0, [None, "pole", "undefined"]),
        ("0 * sin(x)", 1.0, [None, None]),
        ("floor(x) + x", 2.5, [None, None]),
    ],
)
def test_tangents_have_the_states_of_values(source: str, x: float, states: list[str | None]) -> None:
    computed = [event for event in events(source, {"x": x}, "forward") if isinstance(event, Compute)]
    assert [event.tangent_state for event in computed] == states


def test_the_adjoint_so_far_has_a_state_of_its_own_at_every_step() -> None:
    found = events("1e-200 * (1e-200 * x) + 3 * x", {"x": 1e300}, "reverse")
    onto_x = [(event.adjoint, event.state) for event in found if isinstance(event, Contribute) and event.source == 0]
    assert onto_x == [(3.0, None), (3.0, None)]
    found = events("3 * x + 1e-200 * (1e-200 * x)", {"x": 1e300}, "reverse")
    onto_x = [(event.adjoint, event.state) for event in found if isinstance(event, Contribute) and event.source == 0]
    assert onto_x in ([(0.0, "underflow"), (3.0, None)], [(3.0, None), (3.0, None)])


@pytest.mark.parametrize(
    "factors", [(1e-200, 1e-200), (1e-200, 1e-100), (0.0, 1e-200), (1e-300, 1e-20), (1e-160, 1e-160)]
)
def test_an_underflow_is_a_derivative_that_is_not_zero_with_more_digits(factors: tuple[float, float]) -> None:
    a, b = factors
    exact = mp.mpf(a) * mp.mpf(b)
    too_small = bool(exact != 0 and exact < mp.mpf(2) ** -1022)
    state = adjoint_states(f"{a!r} * ({b!r} * x)", {"x": 1e300})[0]
    assert (state == "underflow") == too_small
    assert state in ("underflow", None)


def test_nodes_that_the_reverse_graph_makes_have_the_states_of_values() -> None:
    found = events("sqrt(2 * x) + 1e-200 * (1e-200 * x)", {"x": 0.0}, "adjoint_graph")
    made = [event for event in found if isinstance(event, Visit | Build | Append)]
    odd = {event.created[-1]: event.states[-1] for event in made if event.states}
    document = api.trace("sqrt(2 * x) + 1e-200 * (1e-200 * x)", {"x": 0.0}, "adjoint_graph")
    assert sorted(filter(None, odd.values())) == ["inherited", "inherited", "pole", "underflow"]
    assert all(event.states is None or len(event.states) == len(event.created) for event in made)
    assert document.result["gradient"]["x"] == np.inf


def test_arrays_are_judged_as_a_whole() -> None:
    assert adjoint_states("sum(sqrt(x))", {"x": [0.0, 1.0]}) == {1: None, 0: "pole"}
    assert adjoint_states("sum(1e-200 * (1e-200 * x))", {"x": [1.0, 2.0]})[0] == "underflow"
    assert adjoint_states("sum(relu(x))", {"x": [-1.0, 1.0]}) == {1: None, 0: None}


@pytest.mark.parametrize("case", CORPUS[::11], ids=lambda case: f"{case.source} at {case.inputs}")
def test_ordinary_numbers_have_none(case: Any) -> None:
    for event in events(case.source, case.inputs, "reverse"):
        if isinstance(event, Contribute) and event.state is not None:
            assert not np.isfinite(event.adjoint) or abs(event.adjoint) < 2.0**-1022
    report = {one.name: one.kind for one in inspected(case.source, "en", **case.inputs).derivatives}
    assert not set(report.values()) & set(BORN)
