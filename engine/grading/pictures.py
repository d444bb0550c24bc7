"""A computation graph as a student gives it: a node list, an edge list with operations, or a Wengert list.

Whatever the form, it becomes a Picture: nodes in topological order, each with the operation it names, in the one of
its spellings (x^2, x**2, square) that all of them are turned into. Only the names of the source's inputs matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from engine import limits
from engine.errors import EngineError, Words
from engine.grading.exercise import MalformedError
from engine.grading.names import loosened, plain, unknown
from engine.grading.operations import Built, Operation, operation
from engine.graph import Graph
from engine.syntax import parse
from engine.syntax.names import quote
from engine.values import Value, is_array

SAME = "="
"""The operation of a draft that only gives a constant a name."""
FORMS = Words("word.graph_forms")
NO_OPERATION = frozenset(
    {"", "input", "placeholder", "variable", "const", "constant", "leaf", "parameter", "输入", "常数"}
)
"""What a node list may call a leaf's operation."""


class Item(NamedTuple):
    """A node of a picture: a leaf with its key (an input's name, a constant's value), or an operation on others."""

    name: str
    leaf: tuple[Any, ...] | None
    op: Operation | None
    inputs: tuple[int, ...]


class Picture(NamedTuple):
    """A graph; `backwards` when its edges were given from the reader to what is read."""

    items: list[Item]
    backwards: bool = False


class Draft(NamedTuple):
    """A node as it was given: what it is called, its operation's text, the names of what it reads."""

    name: str
    op: str | None
    inputs: tuple[str, ...]


def of_graph(graph: Graph) -> Picture:
    """A graph of ours as a picture."""
    items = []
    for node in graph.nodes:
        name = graph.names[node.id]
        if node.op is None:
            leaf = ("input", node.name) if node.const is None else constant_key(node.const)
            items.append(Item(name, leaf, None, ()))
        else:
            items.append(Item(name, None, Operation(node.op.name, node.params or {}), node.inputs))
    return Picture(items)


def constant_key(value: Value) -> tuple[Any, ...]:
    """What identifies a constant."""
    return ("constant", value.shape, value.tobytes()) if is_array(value) else ("constant", float(value) + 0.0)


def read(answer: Any, source: Graph, labelled: bool) -> Picture:
    """A picture from an answer. Raises MalformedError.

    With `labelled`, every operation must be named.
    """
    if isinstance(answer, dict) and isinstance(answer.get("program"), str):
        answer = answer["program"]
    if isinstance(answer, str):
        return of_program(answer, source)
    if isinstance(answer, dict) and "edges" in answer:
        return of_edges(answer["edges"], answer.get("ops") or {}, source, labelled)
    if isinstance(answer, dict):
        nodes = answer.get("nodes")
        if nodes is None and all(isinstance(node, dict) for node in answer.values()):
            nodes = [{"name": name, **node} for name, node in answer.items()]
        return of_nodes(nodes, source, labelled)
    if isinstance(answer, list) and answer and all(isinstance(item, dict) for item in answer):
        return of_nodes(answer, source, labelled)
    return of_edges(answer, {}, source, labelled)


def of_program(text: str, source: Graph) -> Picture:
    """A Wengert list: every operation has a line and a name of its own. Raises MalformedError."""
    try:
        graph = parse(text)
    except EngineError as error:
        raise MalformedError(error) from None
    named = {*graph.labels.values(), *graph.outputs}
    operations = [node.id for node in graph.nodes if node.op is not None]
    if not named.issuperset(operations):
        lines = len(named.intersection(operations))
        hint = "one_operation_a_line"
        raise MalformedError(EngineError("not_single_assignments", None, hint, found=len(operations), lines=lines))
    for name in graph.inputs:
        if name not in source.inputs:
            raise unknown(name, [*source.inputs, *graph.labels])
    check_size(len(graph.nodes))
    return of_graph(graph)


def of_nodes(given: Any, source: Graph, labelled: bool) -> Picture:
    """A list of {name, op, inputs}. Raises MalformedError."""
    if not isinstance(given, list) or not given:
        raise refused()
    check_size(len(given))
    drafts = []
    for node in given:
        if not isinstance(node, dict) or not isinstance(node.get("name", node.get("id")), str | int):
            raise refused()
        name = str(node.get("name", node.get("id")))
        op, read = node.get("op"), node.get("inputs", [])
        read = [read] if isinstance(read, str) else read
        if not (op is None or isinstance(op, str)) or not isinstance(read, list) or not all(map(is_name, read)):
            raise refused(name)
        if not read and (op or "").strip().lower() in NO_OPERATION:
            op = None
            if is_name(node.get("value")):
                drafts.append(Draft(name, SAME, (str(node["value"]),)))
                continue
        drafts.append(Draft(name, op, tuple(map(str, read))))
    return assembled(drafts, source, labelled)


def of_edges(given: Any, ops: Any, source: Graph, labelled: bool) -> Picture:
    """A list of [from, to], or "from -> to", in the order of the arguments; and the operation of each node.

    Raises MalformedError.
    """
    if not isinstance(given, list) or not given or not isinstance(ops, dict):
        raise refused()
    check_size(len(given))
    pairs: list[tuple[str, str]] = []
    for edge in given:
        ends = [end.strip() for end in edge.replace("→", "->").split("->")] if isinstance(edge, str) else edge
        if not isinstance(ends, list) or len(ends) < 2 or not all(map(is_name, ends)):
            raise refused()
        pairs += [(str(a), str(b)) for a, b in pairwise(ends)]
        check_size(len(pairs) // 2)
    if not all(isinstance(op, str) for op in ops.values()):
        raise refused()
    known = {str(name): op for name, op in ops.items()}
    backwards = runs_backwards(pairs, source)
    if backwards:
        pairs = [(b, a) for a, b in pairs]
    reads: dict[str, list[str]] = {name: [] for name, op in known.items() if op.strip().lower() not in NO_OPERATION}
    for start, end in pairs:
        reads.setdefault(end, []).append(start)
    drafts = [Draft(name, known.get(name), tuple(read)) for name, read in reads.items()]
    return assembled(drafts, source, labelled)._replace(backwards=backwards)


def runs_backwards(pairs: Sequence[tuple[str, str]], source: Graph) -> bool:
    """Do the edges that touch an input all end there?"""
    inputs = {loosened(name) for name in source.inputs}
    starts, ends = ({loosened(plain(pair[k])) for pair in pairs} & inputs for k in (0, 1))
    return bool(ends) and not starts


def assembled(drafts: Sequence[Draft], source: Graph, labelled: bool) -> Picture:
    """The picture of drafts in any order. Raises MalformedError for unknown names and for cycles."""
    given: dict[str, Draft] = {}
    for draft in drafts:
        if plain(draft.name) in given:
            raise MalformedError(EngineError("repeated_name", name=quote(draft.name)), draft.name)
        given[plain(draft.name)] = draft
    return Picture(Assembly(given, source, labelled).items)


class Assembly:
    """Drafts put in topological order, their names looked up; `done` has the item of each name."""

    def __init__(self, drafts: Mapping[str, Draft], source: Graph, labelled: bool) -> None:
        self.drafts, self.source, self.labelled = drafts, source, labelled
        self.items: list[Item] = []
        self.done: dict[str, int] = {}
        entered: set[str] = set()
        stack = [*drafts][::-1]
        while stack:
            name = stack[-1]
            waiting = [key for key in self.reads(name) if key not in self.done]
            if name not in self.done and waiting:
                if name in entered:
                    raise MalformedError(EngineError("cyclic_graph", name=quote(name)), name)
                entered.add(name)
                stack += reversed(waiting)
                continue
            stack.pop()
            if name not in self.done:
                self.done[name] = self.build(name)

    def reads(self, name: str) -> list[str]:
        """The names that a draft reads."""
        return [plain(read) for read in self.drafts[name].inputs] if name in self.drafts else []

    def append(self, item: Item) -> int:
        """Add an item; return its place."""
        self.items.append(item)
        check_size(len(self.items) // 2)
        return len(self.items) - 1

    def build(self, name: str) -> int:
        """The item of a name. Raises MalformedError."""
        draft = self.drafts.get(name)
        read = [self.done[key] for key in self.reads(name)]
        if draft is None or (draft.op is None and not read):
            return self.leaf(name)
        if draft.op == SAME:
            return read[0]
        if draft.op is not None:
            built = operation(draft.op, draft.inputs)
            if built is not None:
                return self.place(draft.name, built, read)
        elif not self.labelled:
            return self.append(Item(draft.name, None, None, tuple(read)))
        expected = Words("word.operation_of", {"name": quote(draft.name)})
        raise MalformedError(EngineError("bad_answer", expected=expected), draft.name)

    def leaf(self, name: str) -> int:
        """An input of the source, or a constant. Raises MalformedError."""
        near = [known for known in self.source.inputs if loosened(known) == loosened(name)]
        if name in self.source.inputs or len(near) == 1:
            return self.append(Item(name, ("input", name if name in self.source.inputs else near[0]), None, ()))
        value = constant(name)
        if value is None:
            raise unknown(name, [*self.source.inputs, *[draft.name for draft in self.drafts.values()]])
        return self.append(Item(name, constant_key(value), None, ()))

    def place(self, name: str, built: Built, read: Sequence[int]) -> int:
        """An operation: one item, more where a sum or a product of three is meant."""
        slots = [
            read[slot] if isinstance(slot, int) else self.append(Item(str(slot), constant_key(slot), None, ()))
            for slot in built.slots
        ]
        while built.folds and len(slots) > 2:
            slots[:2] = [self.append(Item(name, None, built.operation, tuple(slots[:2])))]
        return self.append(Item(name, None, built.operation, tuple(slots)))


def constant(name: str) -> Value | None:
    """The number, or the array, that a name writes."""
    try:
        graph = parse(name)
    except EngineError:
        return None
    return graph.nodes[graph.outputs[0]].const if len(graph.nodes) == 1 else None


def is_name(given: Any) -> bool:
    """Can it name a node: a text, or a number, which a node may be called too?"""
    return isinstance(given, str | int | float) and not isinstance(given, bool)


def check_size(count: int) -> None:
    """Raises MalformedError past the limit."""
    if count > 2 * limits.DRAWN_NODES:
        raise MalformedError(EngineError("too_many_nodes", limit=2 * limits.DRAWN_NODES))


def refused(cell: str | None = None) -> MalformedError:
    """The answer has none of the forms."""
    return MalformedError(EngineError("bad_answer", expected=FORMS), cell)
