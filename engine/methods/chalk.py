"""The steps of a symbolic derivative as they are written on a board: LaTeX with d/dx where something is still to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from engine import latex
from engine.explain.columns import Message
from engine.explain.symbols import printed
from engine.graph import Builder
from engine.kernels import ARGUMENTS, partials_of, sloped
from engine.latex import Text
from engine.methods.laws import Applied, Board
from engine.primitive import ATOM, Elementwise

WHOLE = 100
"""Names, numbers and operations that a whole derivative may have to be written out."""
PIECE = 16
"""The same for a part of the piece that changes; a longer one is written by its name."""
INNER = "uvw"
"""What the arguments of a function are called in the table of derivatives."""


class RuleStep(NamedTuple):
    """One law, applied once.

    `before` and `after` are the whole derivative in LaTeX, None where that is long; `focus` is the piece that is
    replaced, and by what. `op` is the function that was looked up in the table of derivatives, `why` the sentence.
    The piece stands in `places` places of the formula, which are all replaced.
    """

    rule: str
    before: str | None
    after: str | None
    focus: tuple[str, str]
    op: str | None
    why: Message
    places: int

    @property
    def sentences(self) -> list[Message]:
        """Why, and that it was done in several places."""
        if self.places == 1:
            return [self.why]
        return [self.why, Message("rule.places", {"count": f"{self.places:,}"})]


class _TooLongError(Exception):
    """A text has more parts than it may."""


class Chalk:
    """Writes what stands on the board. `done` are the nodes whose derivative was taken, and what was found."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.done: dict[int, int] = {}
        labels = {node: label for label, node in board.graph.labels.items()}
        self.names = [labels.get(i, name) for i, name in enumerate(board.graph.names)]
        self.x = latex.leaf(board.graph.nodes[board.x])[0]
        self.d = differential(self.x, len(board.graph.inputs) > 1)

    def whole(self) -> str | None:
        """The derivative of the output as far as it has been taken, None if it is long."""
        text = self.written(self.board.pending[self.board.graph.outputs[0]], WHOLE)
        return None if text is None else text[0]

    def focus(self, step: Applied) -> tuple[str, str]:
        """The piece that a law replaces, and what it puts there."""
        words = {part: self.short(part) for part in step.law.parts}
        piece = self.written(step.node, PIECE * PIECE, words)
        result = self.written(step.result, PIECE * PIECE, words)
        assert piece is not None
        assert result is not None
        return self.derivative(piece)[0], result[0]

    def short(self, node: int) -> Text:
        """A subexpression, by its name if it is long."""
        return self.written(node, PIECE) or (latex.name(self.names[node]), ATOM)

    def derivative(self, of: Text) -> Text:
        """d/dx of something."""
        return f"{self.d}\\left[ {of[0]} \\right]", ATOM

    def written(self, at: int, room: int, words: Mapping[int, Text] | None = None) -> Text | None:
        """A node of the board in full, None where it has more than `room` parts; `words` are those already written."""
        left = room

        def text(i: int) -> Text:
            nonlocal left
            if words is not None and i in words:
                return words[i]
            left -= 1
            if left < 0:
                raise _TooLongError
            if i in self.board.taken:
                of = self.board.taken[i]
                return text(self.done[of]) if of in self.done else self.derivative(text(of))
            node = self.board.builder.nodes[i]
            if node.op is None:
                return latex.leaf(node)
            return latex.fill(node.op, [text(source) for source in node.inputs], node.params)

        try:
            return text(at)
        except _TooLongError:
            return None


def differential(x: str, several: bool) -> str:
    """d/dx, with round letters where the function has several inputs."""
    sign = "\\partial " if several else "d"
    return f"\\frac{{{sign.strip()}}}{{{sign}{x}}}"


def written_down(board: Board, order: Sequence[Applied], most: int) -> list[RuleStep]:
    """The first steps, at most so many."""
    chalk = Chalk(board)
    places = {board.graph.outputs[0]: 1}
    steps = []
    before = chalk.whole()
    for step in order[:most]:
        count = places[step.node]
        for child in step.children:
            places[child] = places.get(child, 0) + count
        focus = chalk.focus(step)
        chalk.done[step.node] = step.result
        after = chalk.whole()
        op = step.law.op
        name = op.name if op is not None else None
        steps.append(RuleStep(step.law.rule, before, after, focus, name, sentence(chalk, step), count))
        before = after
    return steps


def sentence(chalk: Chalk, step: Applied) -> Message:
    """Which law it was and what it says; of a function, what the table of derivatives says."""
    law = step.law
    words: dict[str, str | Message] = {"x": chalk.x, "piece": chalk.short(step.node)[0]}
    if isinstance(law.op, Elementwise):
        sources = chalk.board.graph.nodes[step.node].inputs
        places = tuple([k for k in sloped(law.op) if chalk.board.moving[sources[k]]])
        words |= {"entry": entry(law.op, places), "about": Message(f"op.{law.op.name}")}
    return Message(".".join(filter(None, ["rule", law.rule, law.variant])), words)


@cache
def entry(op: Elementwise, places: tuple[int, ...]) -> str:
    """A function's lines of the table of derivatives, for these arguments: d/du of it, from its row's rule."""
    builder = Builder()
    partials, output = partials_of(op, builder)
    names = INNER[: op.arity]
    words = dict(zip(ARGUMENTS, [(name, ATOM) for name in names], strict=False))
    function = latex.fill(op, list(words.values()))
    words[str(builder.nodes[output.id].name)] = function
    lines = [(differential(names[k], op.arity > 1), printed(partials[k], words)[0]) for k in places]
    return ",\\; ".join([f"{d}\\left[ {function[0]} \\right] = {partial}" for d, partial in lines])
