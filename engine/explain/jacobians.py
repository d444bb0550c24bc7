"""Passes of a Jacobian in words: which column or row a pass gives, why, and how many passes either mode takes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from engine import events as ev
from engine import latex
from engine.blocks import FORWARD, REVERSE, cheaper, elements
from engine.explain.columns import Column, EventText, Message, heard, number, op
from engine.explain.story import Story
from engine.primitive import Shape
from engine.values import Value

SHOWN = 6
"""Parts of a column or row that its rule shows."""


class Jacobians(Story):
    """The events of the pass `jacobian`; the Jacobian of a gradient is a Hessian."""

    @cached_property
    def of_gradient(self) -> bool:
        """Is the Jacobian a Hessian?"""
        return "hessian" in self.document.result

    @cached_property
    def sources(self) -> list[int]:
        """The inputs that the Jacobian is taken by."""
        return [self.graph.inputs[name] for name in self.document.wrt]

    @cached_property
    def targets(self) -> list[str]:
        """What each output is called in LaTeX: an entry of a gradient is the adjoint of its input."""
        if self.of_gradient:
            return [latex.accent("bar", self.names[source]) for source in self.sources]
        return [self.names[node] for node in self.graph.outputs]

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """For each row, which output it belongs to, and the place of its element there."""
        sizes = [elements([self.graph.nodes[node].shape]) for node in self.graph.outputs]
        return [(output, place) for output, size in enumerate(sizes) for place in range(size)]

    def column(self, event: ev.JacobianColumn) -> EventText:
        """A forward pass gives a column."""
        shape, name = self.graph.nodes[event.node].shape, self.called[event.node]
        element = element_of(self.names[event.node], shape, event.place)
        words = self.pass_words(FORWARD, event.tangents) | {
            "element": element,
            "called": element_of(name, shape, event.place),
            "quotient": f"\\partial {self.targets[0]} / \\partial {element}",
        }
        rule = [
            Column(quotient(target, element), number(tangent)[0], "tangent")
            for target, tangent in zip(self.targets, event.tangents, strict=True)
        ]
        return self.told("column", words, self.zero([name]), rule)

    def row(self, event: ev.JacobianRow) -> EventText:
        """A reverse pass gives a row."""
        output, place = self.places[self.passes]
        shape = self.graph.nodes[event.node].shape
        element = element_of(self.targets[output], shape, place)
        called = self.document.wrt[output] if self.of_gradient else self.called[event.node]
        words = self.pass_words(REVERSE, event.cotangents) | {
            "element": element,
            "called": element_of(called, shape, place),
        }
        rule = [
            Column(quotient(element, self.names[source]), number(cotangent)[0], "adjoint")
            for source, cotangent in zip(self.sources, event.cotangents, strict=True)
        ]
        return self.told("row", words, self.zero(self.document.wrt) if self.passes == 1 else [], rule)

    def pass_words(self, mode: str, parts: Sequence[Value]) -> dict[str, Any]:
        """The words of one more pass: its number, the seed's unit vector, and what it gave."""
        self.passes += 1
        passes = self.document.result["passes"]
        return {
            "count": str(self.passes), "total": str(passes[mode]), "unit": latex.name(f"e{self.passes}"),
            "rows": str(passes[REVERSE]), "columns": str(passes[FORWARD]), "heard": heard(together(parts)),
        }  # fmt: skip

    def counted(self, words: dict[str, Any]) -> list[Message]:
        """With the first pass: how many either mode takes, and which is cheaper."""
        if self.passes > 1:
            return []
        passes, mode = self.document.result["passes"], self.document.result["mode"]
        fewer = cheaper(passes[REVERSE], passes[FORWARD])
        key = "equal" if passes[REVERSE] == passes[FORWARD] else "fewer" if mode == fewer else "more"
        told = words | {"mode": Message(f"mode.{mode}"), "other": Message(f"mode.{fewer}")}
        return [Message("why.passes", told), Message(f"why.mode.{key}", told)]

    def zero(self, names: Sequence[str]) -> list[Message]:
        """Of which inputs the part of the Jacobian is zero throughout, and why."""
        status = self.document.result["status"]
        missing = [name for name in names if status[name] != "path"]
        return [Message(f"why.zero.{status[name]}", {"node": latex.name(name)}) for name in missing]

    def told(self, kind: str, words: dict[str, Any], zero: list[Message], parts: list[Column]) -> EventText:
        """The text of a pass."""
        form = ".hessian" if self.of_gradient else ".only" if words["total"] == "1" else ""
        why = [*self.counted(words), Message(f"why.{kind}{form}", words), *zero]
        return EventText(Message(f"title.{kind}{form}", words), why, Message(f"say.{kind}{form}", words), listed(parts))


def element_of(name: str, shape: Shape, place: int) -> str:
    """An element as Python writes it, x[1, 0]; a number by its name alone."""
    if not shape:
        return name
    return f"{name}[{', '.join(map(str, np.unravel_index(place, shape)))}]"


def quotient(top: str, bottom: str) -> str:
    """A derivative in LaTeX."""
    return f"\\frac{{\\partial {top}}}{{\\partial {bottom}}}"


def together(parts: Sequence[Value]) -> Value:
    """One value as it is, several as a vector of all their elements."""
    return parts[0] if len(parts) == 1 else np.concatenate([np.ravel(part) for part in parts])


def listed(parts: Sequence[Column]) -> list[Column]:
    """The parts with commas between; of many, the first."""
    columns = [column for part in parts[:SHOWN] for column in (op(","), part)][1:]
    return [*columns, op(","), op("\\ldots")] if len(parts) > SHOWN else columns
