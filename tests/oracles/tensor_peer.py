"""What a library that differentiates arrays must offer to be asked, and what it answers."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Function = Callable[..., Any]
"""`function(F, *xs)`: an expression over a peer's namespace `F` and its arrays."""


class Namespace:
    """Functions under our names: a peer's own where the name means the same, else what is given here."""

    def __init__(self, *libraries: Any, **own: Any) -> None:
        self.libraries = libraries
        self.__dict__.update(own)

    def __getattr__(self, name: str) -> Any:
        for library in self.libraries:
            if hasattr(library, name):
                return getattr(library, name)
        raise AttributeError(name)


class Answer(NamedTuple):
    """Of y = f(x): the value, J u along the directions u, wᵀJ for the weights w, and the Hessian of w·f times u."""

    value: Any
    jvp: Any
    vjp: Sequence[Any]
    hvp: Sequence[Any]


class Peer(NamedTuple):
    """A library: `answer(function, xs, us, w)` for the points `xs`, the directions `us` and the weights `w`.

    JAX compiles most of the time and lets other threads run; forward mode in PyTorch allows one thread only.
    """

    name: str
    answer: Callable[[Function, Sequence[Any], Sequence[Any], Any], Answer]
    threads: int = 1
