"""The trace is the contract: same request, same bytes."""

from __future__ import annotations

import json

import pytest

from tests.golden.make import CARD_FOLDER, CARDS, CASES, FOLDER, card, document


@pytest.mark.parametrize("name", CASES)
def test_a_golden_trace_is_byte_for_byte_what_it_was(name: str) -> None:
    assert document(name) == (FOLDER / f"{name}.json").read_bytes(), "tests.golden.make writes it anew"


@pytest.mark.parametrize("name", CARDS)
def test_a_card_that_the_page_is_tested_with_is_the_one_that_is_sent(name: str) -> None:
    assert card(name) == (CARD_FOLDER / f"{name}.json").read_bytes(), "tests.golden.make writes it anew"


def test_no_golden_trace_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_events_speak_of_nodes_that_exist_and_lines_of_the_algorithm(name: str) -> None:
    trace = json.loads(document(name))
    nodes, lines = len(trace["graph"]["nodes"]), len(trace["algorithm"])
    for event in trace["events"]:
        assert 1 <= event["line"] <= lines
        ids = [event["node"], *event.get("created", []), *event.get("parts", []), *event.get("reused", [])]
        assert all(0 <= i < nodes for i in ids)


def test_what_is_not_finite_has_its_reason() -> None:
    trace = json.loads(document("not-finite"))
    names = [node["name"] for node in trace["graph"]["nodes"]]
    states = {
        names[e["node"]]: (e["value"], e["state"]) for e in trace["events"] if e["kind"] == "compute" and "state" in e
    }
    assert states == {
        "v1": ("NaN", "undefined"), "v2": ("Infinity", "pole"), "v3": ("NaN", "inherited"),
        "v4": ("Infinity", "overflow"), "v5": ("NaN", "inherited"),
    }  # fmt: skip
    # 1/x at x = -1 is a number; the other two slopes are made from values that are not finite
    sent = {names[e["source"]]: (e["adjoint"], e.get("state")) for e in trace["events"] if e["kind"] == "contribute"}
    assert {name: sent[name] for name in ("x", "y", "z")} == {
        "x": (-1.0, None), "y": ("-Infinity", "pole"), "z": ("Infinity", "inherited"),
    }  # fmt: skip
