"""Names: the constants, the prefixes of libraries, the words of Python, and what a misspelt name was meant to be."""

from __future__ import annotations

import math
from keyword import kwlist

from engine import limits
from engine.primitive import ALIASES, REGISTRY, Primitive

CONSTANTS = {"pi": ("pi", math.pi), "π": ("pi", math.pi), "e": ("e", math.e)}
"""Name -> its symbol and value. No tau: exp(-t/tau) is a function of the time constant tau."""

IN_LIBRARIES = {**CONSTANTS, "tau": ("tau", math.tau)}
"""The constants that may follow a prefix: math.tau can mean nothing else."""

PREFIXES = frozenset(
    {
        "np", "numpy", "math", "cmath", "scipy.special", "tf", "tf.math", "tf.nn", "tensorflow", "torch",
        "np.random", "numpy.random", "tf.random", "tf.keras.losses", "keras.losses", "tf.keras.activations",
        "keras.activations", "np.linalg", "numpy.linalg", "jnp.linalg", "tf.linalg", "torch.linalg",
        "torch.special", "torch.nn.functional", "F", "jnp", "jax.numpy", "jax.nn", "jax.lax", "lax", "K", "keras.ops",
    }
)  # fmt: skip
"""What may stand before a function, as in np.exp(x)."""

KEYWORDS = frozenset(kwlist)
FIXED = KEYWORDS.union(CONSTANTS) - {"e"}
"""Names that keep their meaning. A student may call a variable e: from then on it is hers."""

VARIADIC = frozenset({"minimum", "maximum"})
"""Rows of two arguments that take more, one after the other."""

SIGNS = frozenset({"add", "sub", "mul", "div", "less", "greater", "equal", "less_equal", "greater_equal", "not_equal"})
"""Rows that have a sign; nobody who misspelt a function meant their names."""

OVERLOADS = {"log": {2: "log_base"}, "maximum": {1: "amax"}, "minimum": {1: "amin"}}
"""Row -> the rows that its name calls with other numbers of arguments: max(a, b), and max(A)."""
ANY = 0
"""The number of arguments of a row that takes any number of them."""

LONGEST_QUOTE = 40


def overloads(name: str) -> dict[int, Primitive] | None:
    """Number of arguments -> the row that `name` calls with so many; None when it is no operation."""
    row = ALIASES.get(name)
    if row is None:
        return None
    own = {ANY if row.arity is None else row.arity: row}
    return own | {count: REGISTRY[other] for count, other in OVERLOADS.get(row.name, {}).items()}


def is_name(text: str) -> bool:
    """Letters, digits and underscores, the first no digit; not too long."""
    return text.isidentifier() and len(text) <= limits.NAME_CHARACTERS


def is_reserved(name: str) -> bool:
    """Does the language give `name` a meaning that must not change?"""
    return name in ALIASES or name in FIXED


def is_single(name: str) -> bool:
    """Is it one letter, perhaps with an index (x, x1, x_12), and none that usually means a function?"""
    index = name[1:].removeprefix("_")
    return name[0] not in "fgh" and (not index or index.isdigit())


def suggest(name: str) -> str | None:
    """The operation that `name` is a slip of the pen for, if there is one."""
    lower = name.lower()
    slips = 1 if len(name) < 5 else 2
    near = min(ALIASES, key=lambda alias: distance(lower, alias, slips) + (ALIASES[alias].name in SIGNS))
    return near if len(name) > 2 and ALIASES[near].name not in SIGNS and distance(lower, near, slips) <= slips else None


def distance(first: str, second: str, most: int) -> int:
    """How many slips (a letter missing, added or wrong, two in the wrong order) lie between two words, up to `most`."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and other == first[i - 2]:
                slips = min(slips, earlier[j - 2] + 1)
            row.append(slips)
    return row[-1]


def quote(text: str) -> str:
    """`text` as a message may show it: on one line, visible, and short."""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else f"U+{ord(c):04X}" for c in text.strip())
    return shown if len(shown) <= LONGEST_QUOTE else shown[: LONGEST_QUOTE - 1] + "…"
