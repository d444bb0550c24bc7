"""The operations: one row each, in tables as a textbook would group them. To add an operation, add a row."""

from engine.ops import (
    arithmetic,
    comparison,
    convolution,
    elementary,
    linear,
    losses,
    neural,
    norms,
    picking,
    reduction,
    shaping,
    special,
)

__all__ = [
    "arithmetic",
    "comparison",
    "convolution",
    "elementary",
    "linear",
    "losses",
    "neural",
    "norms",
    "picking",
    "reduction",
    "shaping",
    "special",
]
