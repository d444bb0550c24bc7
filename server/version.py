"""Which release this is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


@cache
def version() -> str:
    """The version of the installed distribution."""
    try:
        return installed("wengert")
    except PackageNotFoundError:  # a checkout that nobody installed
        return "0.0.0"
