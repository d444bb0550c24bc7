"""Every bound, by name. The API publishes them, and each is tested at the limit, one over and ten times over."""

from __future__ import annotations

SOURCE_CHARACTERS = 32 * 1024
NODES = 20_000
NESTING = 2_000
NUMBER_CHARACTERS = 40
INPUTS = 1_000
NAME_CHARACTERS = 64
RANK = 4
ELEMENTS = 1_000_000
TOTAL_ELEMENTS = 20_000_000
WORK = 4_000_000_000
SHOWN_ELEMENTS = 400
SHOWN_PASSES = 256
SHOWN_VISITS = 2_000_000
DERIVATIVE_ORDER = 8
DERIVED_NODES = 100_000
INSPECTED_NODES = 5_000
HESSIAN_INPUTS = 200
SYMBOLIC_NODES = 20_000
SYMBOLIC_STEPS = 400
SWELL_OPERATIONS = 2_000
COMPARED_CALLS = 200_000
REFERENCE_NODES = 1_000
DRAWN_NODES = 500
REVERSED_NODES = 200
BODY_BYTES = 1024 * 1024
JSON_DEPTH = 32
BATCH_LINES = 1_000_000
BATCH_LINE_BYTES = 1024 * 1024
GRADING_SECONDS = 10
GRADING_BYTES = 2 * 1024 * 1024 * 1024


def published() -> dict[str, int]:
    """Every limit under its name in lower case, as `GET /limits` sends them."""
    return {name.lower(): value for name, value in globals().items() if name.isupper()}
