"""What the tests of `engine.edges` share: an inspection in words, and the same function with 50 digits."""

from typing import Any

from mpmath import mp

from engine import api
from engine.edges import Inspection
from engine.edges.records import Trouble
from server.locale import catalogue
from server.service import speaker
from tests.oracles.with_mpmath import FUNCTIONS

mp.dps = 50


def inspected(source: str, text: str = "en", **more: Any) -> Inspection:
    """Inspect a source; the options of `api.inspect` by their names, all else are inputs."""
    options = {name: more.pop(name) for name in ("wrt", "output", "of") if name in more}
    return api.inspect(source, more, say=speaker(catalogue(text)), **options)


def first(found: Inspection) -> Trouble:
    """The trouble that came first."""
    assert found.first is not None
    return found.troubles[found.first]


def exactly(source: str, **inputs: float) -> list[Any]:
    """Every node of a graph of numbers with 50 digits."""
    values: list[Any] = []
    for node in api.parsed(source).nodes:
        if node.op is None:
            values.append(mp.mpf(node.const if node.name is None else inputs[node.name]))
        else:
            values.append(FUNCTIONS[node.op.name](*[values[i] for i in node.inputs]))
    return values
