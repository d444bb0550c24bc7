"""What an oracle says about one expression, and the files it is kept in."""

from pathlib import Path
from typing import NamedTuple

import msgspec

FOLDER = Path(__file__).parents[1] / "golden" / "reference"


class Reference(NamedTuple):
    """Decimal strings; gradient and Hessian in the order of the expression's inputs."""

    value: str
    gradient: list[str]
    hessian: list[list[str]]

    def numbers(self) -> list[float]:
        """All of it in one row."""
        return [float(self.value), *map(float, self.gradient), *(float(x) for row in self.hessian for x in row)]


class Reading(msgspec.Struct):
    """One expression of the corpus at one point, as a line of the file."""

    source: str
    inputs: dict[str, float]
    reference: Reference


def load(oracle: str) -> list[Reading]:
    """What `python -m tests.oracles --write` wrote."""
    return msgspec.json.decode((FOLDER / f"{oracle}.json").read_bytes(), type=list[Reading])


def save(oracle: str, readings: list[Reading]) -> None:
    """One line per expression, so that a difference is one line in a diff."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = b",\n".join(msgspec.json.encode(reading) for reading in readings)
    (FOLDER / f"{oracle}.json").write_bytes(b"[\n" + lines + b"\n]\n")
