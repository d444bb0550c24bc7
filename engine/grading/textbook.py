"""Functions as textbooks set them, with coefficients drawn from a seed, each with a domain on which it is smooth."""

from __future__ import annotations

from engine.grading.draw import Draw

Interval = tuple[float, float]

ONE: tuple[tuple[str, Interval], ...] = (
    ("{a}x^{n} - {b}x", (-2.0, 2.0)),
    ("{a}x^{n} + {b}x^2 - {c}", (-2.0, 2.0)),
    ("x^{n} sin({a}x)", (-2.0, 2.0)),
    ("exp(-{a}x^2)", (-1.5, 1.5)),
    ("sin(x^2 + {b})", (-2.0, 2.0)),
    ("ln({a}x + {b})", (0.5, 3.0)),
    ("sqrt(x^2 + {c})", (-3.0, 3.0)),
    ("x/(x^2 + {c})", (-3.0, 3.0)),
    ("({a}x + {b})^{n}", (-1.0, 1.0)),
    ("exp({a}x) cos({b}x)", (-1.0, 1.0)),
    ("x ln(x) - {a}x", (0.5, 4.0)),
    ("tanh({a}x + {b})", (-1.0, 1.0)),
    ("1/(1 + exp(-{a}x))", (-2.0, 2.0)),
    ("sin({a}x)/(x + {c})", (0.5, 3.0)),
    ("(x^2 + {b})(x - {c})", (-2.0, 2.0)),
)
TWO: tuple[tuple[str, dict[str, Interval]], ...] = (
    ("{a}x^2 y + {b}y^{n}", {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}),
    ("ln(x) + {a}x y - sin({b}y)", {"x": (0.5, 3.0), "y": (-2.0, 2.0)}),
    ("x exp(-{a}y)", {"x": (-2.0, 2.0), "y": (-1.0, 1.0)}),
    ("(x + {a}y)(y + {b})", {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}),
    ("x/(y^2 + {c})", {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}),
    ("sin({a}x y) + {b}x", {"x": (-1.0, 1.0), "y": (-1.0, 1.0)}),
    ("sqrt(x^2 + {a}y^2 + {c})", {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}),
    ("(1 - x)^2 + {b}(y - x^2)^2", {"x": (-1.5, 1.5), "y": (-1.5, 1.5)}),
    ("tanh({a}x + {b}y)", {"x": (-1.0, 1.0), "y": (-1.0, 1.0)}),
)


def coefficients(draw: Draw) -> dict[str, int]:
    """Small whole numbers, none of which is 1."""
    return {"a": draw.integer(2, 5), "b": draw.integer(2, 6), "c": draw.integer(2, 9), "n": draw.integer(3, 5)}


def of_one(draw: Draw) -> tuple[str, Interval]:
    """A function of x, and where."""
    source, domain = draw.choice(ONE)
    return source.format(**coefficients(draw)), domain


def of_two(draw: Draw) -> tuple[str, dict[str, Interval]]:
    """A function of x and y, and where."""
    source, domain = draw.choice(TWO)
    return source.format(**coefficients(draw)), domain
