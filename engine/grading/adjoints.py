"""A program that computes adjoints, as a student writes it, added to the graph that it differentiates.

The names of the trace (v1, v2, ...), of the inputs and of the source's own assignments are defined beforehand. A line
`x̄ += ...` adds to what x̄ has so far.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from engine import limits
from engine.errors import EngineError, Span, Words
from engine.grading.exercise import MalformedError
from engine.grading.names import BARS, barred, node_named, plain, unknown
from engine.graph import Builder, Graph, Node
from engine.shapes import check_notation
from engine.syntax import parse

LETTER_BAR = re.compile(rf"(\w)[{BARS}](_\w+|\d*)")
LATEX_BAR = re.compile(r"\\(?:bar|overline)\s*(?:\{\s*(\w+)\s*\}|(\w+))(_\{?\w+\}?)?")
ADDED = re.compile(r"(?m)(^|;)([ \t]*)(\w+)([ \t]*)\+=([^;\n#]*)")
ALSO = re.compile(r"d_?(\w+)|grad_(\w+)|(\w+)_grad")
"""Other names of an adjoint: dx, d_x, grad_x, x_grad."""


class Text(NamedTuple):
    """A program in the alphabet of the language; `origin[i]` is where its character i came from."""

    text: str
    origin: list[int]

    def swapped(self, pattern: re.Pattern[str], write: Any) -> Text:
        """With every match of a pattern written anew."""
        parts: list[str] = []
        origin: list[int] = []
        at = 0
        for found in pattern.finditer(self.text):
            new = write(found)
            parts += [self.text[at : found.start()], new]
            origin += self.origin[at : found.start()] + [self.origin[found.start()]] * len(new)
            at = found.end()
        return Text("".join([*parts, self.text[at:]]), origin + self.origin[at:])

    def back(self, error: EngineError) -> EngineError:
        """An error with its place in what was typed."""
        span = error.span
        if span is None:
            return error
        ends = [*self.origin, (self.origin[-1] + 1) if self.origin else 0]
        start, end = ends[min(span.start, len(self.origin))], ends[min(span.end, len(self.origin))]
        return EngineError(error.code, Span(start, max(end, start)), error.hint, **error.params)


def plain_text(source: str) -> Text:
    r"""A program whose bars are spelled out: v̄1 and \bar{v}_1 become v1_bar."""
    letters = [letter if letter.isascii() else unbarred(letter) for letter in source]
    text = Text("".join(letters), [at for at, kept in enumerate(letters) for _ in kept])
    text = text.swapped(LETTER_BAR, lambda found: f"{found[1]}{found[2]}_bar")
    text = text.swapped(LATEX_BAR, lambda found: f"{found[1] or found[2]}{(found[3] or '').translate(BRACES)}_bar")
    seen: set[str] = set(re.findall(r"(?m)(?:^|;)[ \t]*(\w+)[ \t]*=", text.text))
    first: set[str] = set()

    def added(found: re.Match[str]) -> str:
        name, value = found[3], found[5].strip()
        if name not in seen and name not in first:
            first.add(name)
            return f"{found[1]}{found[2]}{name} = {value}"
        return f"{found[1]}{found[2]}{name} = {name} + ({value})"

    return text.swapped(ADDED, added)


def unbarred(letter: str) -> str:
    """A letter and its bar apart: ȳ is one character."""
    parts = unicodedata.normalize("NFD", letter)
    return parts if parts[1:] in tuple(BARS) else letter


MOST = 10
"""Nodes of a program for each one that its source may have."""
BRACES = str.maketrans("", "", "{}")


class Program(NamedTuple):
    """The source's graph with the student's nodes behind it.

    `adjoints` maps a node of the source to the node that the student calls its adjoint, `names` to what she calls it;
    `again` are nodes of hers that compute what the source has computed, `added` all her operations, `assigned` says
    how often each name is given a value. Nodes of one of the `kinds` are the same operations on the same inputs.
    """

    graph: Graph
    adjoints: dict[int, int]
    names: dict[int, str]
    again: list[int]
    added: list[int]
    assigned: dict[str, int]
    kinds: Sequence[int]

    def is_same(self, first: int, second: int) -> bool:
        """Are two nodes the same operations on the same inputs?"""
        return self.kinds[first] == self.kinds[second]


def read(answer: Any, source: Graph, base: Sequence[Node]) -> Program:
    """A program with its adjoints, behind the nodes `base` that begin with the source's. Raises MalformedError."""
    given: Mapping[str, Any] = {}
    if isinstance(answer, dict):
        given = answer.get("adjoints") or {}
        answer = answer.get("program")
    if not isinstance(answer, str) or not isinstance(given, dict):
        raise MalformedError(EngineError("bad_answer", expected=Words("word.adjoint_program")))
    if len(answer) > limits.SOURCE_CHARACTERS:
        found, limit = len(answer), limits.SOURCE_CHARACTERS
        raise MalformedError(EngineError("source_too_long", None, "shorter_formula", limit=limit, found=found))
    text = plain_text(answer)
    try:
        parsed = parse(text.text)
        if len(parsed.nodes) > MOST * limits.REVERSED_NODES:
            raise EngineError("too_many_nodes", hint="shorter_formula", limit=MOST * limits.REVERSED_NODES)
        program = Splice(source, base, parsed)
    except EngineError as error:
        raise MalformedError(text.back(error)) from None
    adjoints, names = called(source, program, given)
    assigned: dict[str, int] = {}
    for name in re.findall(r"(?m)(?:^|;)[ \t]*(\w+)[ \t]*=(?!=)", text.text):
        assigned[name] = assigned.get(name, 0) + 1
    graph = Graph(program.builder.nodes, source.outputs, source.source, source.labels)
    return Program(graph, adjoints, names, program.again, program.added, assigned, program.kind)


class Splice:
    """A program's nodes appended to the graph whose names it reads. Raises MalformedError for unknown names."""

    def __init__(self, source: Graph, base: Sequence[Node], program: Graph) -> None:
        self.builder = Builder(base, limit=len(base) + limits.NODES)
        self.program = program
        self.kinds: dict[Any, int] = {}
        self.kind: list[int] = []
        for node in base:
            self.kind.append(self.numbered(key_of(node, self.kind.__getitem__)))
        known = {self.kind[node.id]: node.id for node in reversed(source.nodes) if node.op is not None}
        self.again: list[int] = []
        self.added: list[int] = []
        self.at: list[int] = []
        labels = {node: name for name, node in program.labels.items()}
        for node in program.nodes:
            self.at.append(self.place(node, source, known, labels.get(node.id)))

    def numbered(self, key: Any) -> int:
        """The number of what a node computes."""
        return self.kinds.setdefault(key, len(self.kinds))

    def place(self, node: Node, source: Graph, known: Mapping[int, int], label: str | None) -> int:
        """The node of the whole graph that a node of the program becomes."""
        nodes = self.builder.nodes
        if node.name is not None:
            found = node_named(source, node.name)
            if found is None:
                raise unknown(node.name, [*source.inputs, *source.labels, *source.names, *self.program.labels])
            return found
        if node.op is None:
            nodes.append(replace(node, id=len(nodes)))
        else:
            read = tuple([self.at[i] for i in node.inputs])
            kind = self.numbered(key_of(replace(node, inputs=read), self.kind.__getitem__))
            if kind in known and label is not None and node_named(source, label) == known[kind]:
                return known[kind]  # the forward trace, written down again
            self.check_notation(node, read)
            self.builder.apply(node.op, read, node.params, node.span)
            self.added.append(len(nodes) - 1)
            if kind in known:
                self.again.append(len(nodes) - 1)
        made = nodes[-1]
        self.kind.append(self.numbered(key_of(made, self.kind.__getitem__)))
        return made.id

    def check_notation(self, node: Node, read: Sequence[int]) -> None:
        """Refuse what means one thing for numbers and another for arrays. Raises EngineError."""
        check_notation(self.program, node, [self.builder.nodes[i].shape for i in read])


def key_of(node: Node, kind: Any) -> Any:
    """What identifies a node's value, from what identifies those it reads."""
    if node.name is not None:
        return ("input", node.name)
    if node.op is None:
        value = node.const
        return ("constant", value) if isinstance(value, float) else ("array", node.shape, value.tobytes())  # type: ignore[union-attr]
    return (node.op.name, repr(node.params), tuple([kind(i) for i in node.inputs]))


def called(source: Graph, program: Splice, given: Mapping[str, Any]) -> tuple[dict[int, int], dict[int, str]]:
    """Which node of the student's is the adjoint of which. Raises MalformedError."""
    adjoints: dict[int, int] = {}
    names: dict[int, str] = {}
    labels = program.program.labels
    for read in (also, barred):
        for label, made in labels.items():
            base = read(label)
            node = node_named(source, base) if base and (read is barred or node_named(source, label) is None) else None
            if node is not None:
                adjoints[node], names[node] = program.at[made], label
    for name, label in given.items():
        node = node_named(source, barred(name) or name)
        if node is None:
            raise unknown(name, [*source.inputs, *source.names], name)
        key = plain_text(label).text.strip() if isinstance(label, str) else ""
        if plain(key) in labels:
            adjoints[node], names[node] = program.at[labels[plain(key)]], key
        else:
            found = node_named(source, key)
            if found is None:
                raise unknown(str(label), [*labels, *source.inputs, *source.names], name)
            adjoints[node], names[node] = found, key
    return adjoints, names


def also(label: str) -> str | None:
    """The name in dx, d_x, grad_x, x_grad."""
    found = ALSO.fullmatch(label)
    return next(filter(None, found.groups()), None) if found else None
