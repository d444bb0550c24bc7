"""The table of kinks: what we do, what frameworks do, and which nodes are at one."""

import math
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from engine import api
from engine.edges import KINKS, VERSIONS, Kink
from engine.edges.places import CORNERS, MASKED
from engine.primitive import REGISTRY
from tests.engine.inspecting import inspected
from tests.oracles import kinks

ROWS = {row.key: row for row in KINKS}


def same(kept: Any, found: Any) -> bool:
    return bool(np.array_equal(np.asarray(kept, dtype=float), np.asarray(found, dtype=float), equal_nan=True))


@pytest.mark.parametrize("row", KINKS, ids=lambda row: row.key)
def test_what_we_say_is_what_we_do(row: Kink) -> None:
    gradient = api.derivatives(row.source, row.inputs, ["gradient"]).gradient
    assert gradient is not None
    assert list(gradient) == list(row.ours)
    assert all(same(row.ours[name], found) for name, found in gradient.items())


@pytest.mark.parametrize("row", KINKS, ids=lambda row: row.key)
def test_the_example_of_a_row_is_at_the_kink(row: Kink) -> None:
    for text in ("en", "zh"):
        found = inspected(row.source, text, **row.inputs)
        here = [kink for kink in found.kinks if kink.row == row.key]
        assert len(here) == 1
        assert found.graph.nodes[here[0].node].op == row.op
        assert here[0].said
        assert f"${found.names[here[0].node]}$" in here[0].said


@pytest.mark.parametrize("row", [row for row in KINKS if row.op and row.key != "where_sqrt"], ids=lambda row: row.key)
def test_away_from_the_kink_there_is_none(row: Kink) -> None:
    point = {
        name: np.asarray(x) + 0.3 + 0.1 * k + 0.05 * np.arange(np.size(x)).reshape(np.shape(x))
        for k, (name, x) in enumerate(row.inputs.items())
    }
    moved = {name: x if x.ndim else float(x) for name, x in point.items()}
    if row.key == "power_zero_integer":
        moved = {"x": 0.5}
    assert [kink.row for kink in inspected(row.source, **moved).kinks] == []


def test_every_place_has_a_row_and_every_row_a_place() -> None:
    placed = {corner.row for corner in CORNERS} - {"power_zero"} | {"power_zero_integer", "power_zero_float"}
    assert placed | set(MASKED.values()) | {"unconnected"} == set(ROWS)
    assert {op for corner in CORNERS for op in corner.ops} <= set(REGISTRY)


@pytest.mark.parametrize(
    ("source", "inputs", "rows"),
    [
        ("abs(x) + relu(y) + abs(y)", {"x": 0.0, "y": 1.0}, ["abs"]),
        ("sum(relu(x))", {"x": [0.0, 1.0]}, ["relu"]),
        ("sum(amax(X, axis=0))", {"X": [[1.0, 2.0], [1.0, 3.0]]}, ["amax"]),
        ("sum(amax(X, axis=0))", {"X": [[1.0, 2.0], [2.0, 3.0]]}, []),
        ("acos(x) + asin(y)", {"x": -1.0, "y": 0.5}, ["asin"]),
        ("log10(x)", {"x": 0.0}, ["log"]),
        ("u = abs(x)\nx*x", {"x": 0.0}, []),
        ("abs(2) * x", {"x": 0.0}, []),
        ("(x > 0) * sqrt(x)", {"x": 0.0}, ["sqrt"]),
        ("where(x > 0, sqrt(x) + ln(x), 0)", {"x": 0.0}, ["sqrt", "log", "where_log", "where_sqrt"]),
        ("y*y", {"y": 1.0}, []),
    ],
)
def test_nodes_at_a_kink_are_named(source: str, inputs: dict[str, Any], rows: list[str]) -> None:
    assert [kink.row for kink in inspected(source, **inputs).kinks] == rows


def test_the_conventions_that_the_course_lists() -> None:
    """The worked examples, section 5.12: TensorFlow 2.21 and JAX 0.10.2."""
    nan, inf = math.nan, math.inf
    listed = [
        ("relu", [0], [0]), ("abs", [0], [1]), ("maximum", [1, 0], [0.5, 0.5]), ("amax", [[0.5, 0.5]], [[0.5, 0.5]]),
        ("sqrt", [inf], [inf]), ("power_zero_integer", [nan], [0]), ("where_sqrt", [0], [nan]),
        ("where_log", [nan], [nan]), ("where_reciprocal", [nan], [nan]),
    ]  # fmt: skip
    for key, tensorflow, jax in listed:
        row = ROWS[key]
        assert row.tensorflow is not None
        assert row.jax is not None
        assert same(list(row.tensorflow.values()), tensorflow), key
        assert same(list(row.jax.values()), jax), key
    float_exponent = ROWS["power_zero_float"].jax
    assert float_exponent is not None
    assert same(float_exponent["x"], nan)
    unconnected = ROWS["unconnected"]
    assert unconnected.tensorflow is not None
    assert unconnected.jax is not None
    assert (unconnected.tensorflow["x"], unconnected.jax["x"]) == (None, 0.0)
    assert (VERSIONS["tensorflow"], VERSIONS["jax"]) == ("2.21", "0.10.2")
    assert [row.key for row in KINKS if row.tensorflow is not None] == sorted(
        [*[key for key, *_ in listed], "unconnected"], key=list(ROWS).index
    ), "TensorFlow has an answer only where the course states it"


@pytest.mark.parametrize("field", ["jax", "pytorch", "tensorflow"])
def test_frameworks_say_what_the_table_says(field: str) -> None:
    if find_spec(kinks.PEERS[field][0]) is None:
        pytest.skip("not installed")
    assert list(kinks.differences(field)) == []
