"""What the person who runs the server may choose. The only module that reads the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

DEFAULT_PORT = 8000
KINDS: dict[object, Callable[[str], str | int | float]] = {"str": str, "int": int, "float": float}


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting is an environment variable, `WENGERT_` and its name in capitals."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    log_level: str = "warning"
    threads: int = 2
    """How many large requests are worked on at the same time; small ones never wait for them."""
    graders: int = 2
    """How many processes grade answers."""
    waiting: int = 64
    """How many large requests may wait, and how many for grading; more are refused with 503."""
    connections: int = 2000
    """How many connections are served at the same time."""
    receive_seconds: float = 10.0
    """How long a client may take to send one request."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the variables; raise ValueError naming the one that does not fit."""
        given = os.environ if environment is None else environment
        chosen: dict[str, int | float | str] = {}
        for field in fields(cls):
            text = given.get(variable := f"WENGERT_{field.name.upper()}")
            if not text:
                continue
            try:
                chosen[field.name] = KINDS[field.type](text)
            except ValueError:
                raise ValueError(f"{variable} must be a number") from None
        return cls(**chosen)  # type: ignore[arg-type]


def language(environment: Mapping[str, str] | None = None) -> str:
    """The user's language as POSIX names it, such as zh_CN.UTF-8; empty when there is none."""
    given = os.environ if environment is None else environment
    return next((given[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if given.get(name)), "")


def has_display() -> bool:
    """Whether a browser could open a window here."""
    if sys.platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
