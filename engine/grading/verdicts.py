"""From an answer's marks to its verdict, in points and in words."""

from __future__ import annotations

from math import fsum

from msgspec.structs import replace

from engine.card import Say
from engine.explain.columns import Message
from engine.grading.exercise import Exercise, MalformedError
from engine.grading.records import CORRECT, INCORRECT, MALFORMED, PARTIAL, Diagnosis, Marking, Problem, Report

HELP = ("none", "hint", "full")
"""How much a student is told: the verdict; where to look; what it was, and the model answer."""


def report(exercise: Exercise, marking: Marking, help: str, say: Say | None) -> Report:
    """The report on an answer that could be marked."""
    cells = marking.cells
    whole = fsum([cell.weight for cell in cells])
    score = fsum([cell.weight * cell.earned for cell in cells]) / whole
    right = all(cell.verdict == CORRECT for cell in cells if cell.weight)
    verdict = CORRECT if right else PARTIAL if score > 0 else INCORRECT
    full = help == "full"
    diagnosis = [] if help == "none" else [
        Diagnosis(
            found.mistake,
            found.cell,
            say(Message(f"mistake.{found.mistake}.title", found.words)) if say else "",
            say(Message(f"mistake.{found.mistake}.{help}{found.variant}", found.words)) if say else "",
        )
        for found in marking.findings
    ]  # fmt: skip
    task = exercise.task
    shown = cells if full else [cell if cell.expected is None else replace(cell, expected=None) for cell in cells]
    return Report(
        task.kind, verdict, score, score * task.points, task.points, True, feedback(verdict, marking, diagnosis, say),
        shown, diagnosis, dict(marking.evidence), exercise.model() if full and not right else None,
    )  # fmt: skip


def feedback(verdict: str, marking: Marking, diagnosis: list[Diagnosis], say: Say | None) -> str:
    """One sentence on the whole, then what a tutor would say."""
    if say is None:
        return ""
    cells = [cell for cell in marking.cells if cell.weight]
    right = sum([cell.verdict == CORRECT for cell in cells])
    words = {"right": str(right), "count": str(len(cells))}
    opening = say(Message(f"verdict.{verdict}", words))
    return "\n".join([opening, *(found.text for found in diagnosis)])


def malformed(exercise: Exercise, refused: MalformedError, say: Say | None) -> Report:
    """The report on an answer that could not be read."""
    task, error = exercise.task, refused.error
    words = {
        name: Message(word.key, word.words) if hasattr(word, "key") else word for name, word in error.params.items()
    }
    message = say(Message(f"error.{error.code}", words)) if say else ""
    hint = say(Message(f"hint.{error.hint}", words)) if say and error.hint else None
    opening = say(Message("verdict.malformed")) if say else ""
    problem = Problem(error.code, message, error.span, hint, refused.cell)
    return Report(
        task.kind, MALFORMED, 0.0, 0.0, task.points, False, f"{opening}\n{message}".strip(), [], error=problem
    )
