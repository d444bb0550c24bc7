"""Kind `reverse_graph`: a program that computes the adjoints, judged by what it computes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta
from msgspec.structs import replace

from engine import limits, writing
from engine.api import check_wrt, formed, parsed, select, shape_key
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading import adjoints, backwards
from engine.grading.adjoints import Program
from engine.grading.backwards import Slip, Sweep, Values, everywhere
from engine.grading.draw import Draw
from engine.grading.drawn import formula
from engine.grading.equivalence import RTOL, Judgement, Subject
from engine.grading.exercise import Exercise, Kind
from engine.grading.records import (
    CORRECT,
    FOLLOW_THROUGH,
    INCORRECT,
    MALFORMED,
    MISSING,
    PARTIAL,
    Cell,
    Evidence,
    Finding,
    Marking,
    Share,
    Submission,
    Task,
)
from engine.graph import Builder, Graph, check_scalar, zeros
from engine.passes.adjoint_graph import adjoint_graph
from engine.primitive import Shape
from engine.trace import finish
from engine.values import Array

SHARING, SIZE = "sharing", "size"
SLIPS, SLIP_NODES = 400, 60_000
"""How many slips are tried, and with how many nodes altogether."""
LOST = 1e-3
"""How far apart two values are that rounding alone may have parted."""
WRITTEN = 100
"""Operations of a right adjoint that is shown."""

Weight = Annotated[float, Meta(ge=0)]


class ReverseGraph(Task, frozen=True, kw_only=True, tag="reverse_graph"):
    """Extend the graph of a source by the nodes that compute the adjoints of its inputs."""

    source: Annotated[str, Meta(description="The formula or program; its output is a number.")]
    wrt: Annotated[list[str] | None, Meta(description="The inputs whose adjoints are asked for: all unless given.")] = (
        None
    )
    output: Annotated[str | None, Meta(description="The node that counts as the output: the last unless given.")] = None
    domain: Annotated[
        dict[str, tuple[float, float]], Meta(description="Where the adjoints must be right: an interval per input.")
    ] = msgspec.field(default_factory=dict)
    shapes: Annotated[dict[str, list[int]], Meta(description="The shape of each input: a number unless given.")] = (
        msgspec.field(default_factory=dict)
    )
    seed: Annotated[int, Meta(description="Decides the points at which adjoints are compared.")] = 0
    rtol: Annotated[float, Meta(gt=0, le=1e-6, description="The relative tolerance of the comparison.")] = RTOL
    sharing: Annotated[Weight, Meta(description="Weight of the mark for not computing again what the source did.")] = 0
    size: Annotated[Weight, Meta(description="Weight of the mark for not making more nodes than needed.")] = 0
    allowance: Annotated[int, Meta(ge=0, description="How many nodes more than the algorithm makes are no fault.")] = 0


class ReverseGraphExercise(Exercise):
    """A cell for each input; where one is wrong, one for each adjoint of another node that the student names too.

    What the source computes is in `graph`; `nodes` go on with the right adjoints, `right` has these by node.
    """

    def __init__(self, task: ReverseGraph) -> None:
        self.task: ReverseGraph = task
        found = parsed(task.source)
        for name in task.shapes:
            if name not in found.inputs:
                raise EngineError("unexpected_input", name=name, expected=", ".join(found.inputs) or "-")
        shapes: dict[str, Shape] = {name: tuple(task.shapes.get(name, ())) for name in found.inputs}
        self.graph: Graph = select(formed(task.source, shape_key(found, shapes)), task.output)
        if len(self.graph.nodes) > limits.REVERSED_NODES:
            raise EngineError("too_many_nodes", hint="shorter_formula", limit=limits.REVERSED_NODES)
        check_scalar(self.graph)
        self.wrt = [self.graph.inputs[name] for name in check_wrt(self.graph, task.wrt)]
        if not self.wrt or self.graph.nodes[self.graph.outputs[0]].op is None:
            raise EngineError("no_operation", hint="formula_with_operation")
        built = finish(adjoint_graph(self.graph, None, list(self.graph.inputs.values())))
        builder = Builder(built.graph.nodes, limit=2 * len(built.graph.nodes) + len(self.wrt))
        seed = len(self.graph.nodes)
        builder.nodes[seed] = replace(builder.nodes[seed], params=None)
        self.created = [node.id for node in builder.nodes[seed:] if node.op is not None]
        self.right = dict(built.adjoints)
        self.reached = built.adjoints.keys()
        for node in self.wrt:
            if node not in self.right:
                self.right[node] = builder.const(zeros(self.graph, node))
        self.nodes = tuple(builder.nodes)
        self.subjects: dict[int, Subject] = {}
        for node in self.wrt:
            self.subject(node)

    def subject(self, node: int) -> Subject:
        """What the adjoint of a node must equal. Raises EngineError where it has no point."""
        if node not in self.subjects:
            self.subjects[node] = self.compared(Graph(self.nodes, [self.right[node]]))
        return self.subjects[node]

    def compared(self, graph: Graph) -> Subject:
        """A formula to compare with."""
        task = self.task
        needs = (self.graph.outputs[0],)
        return Subject(graph, graph.outputs[0], task.domain, seed=task.seed, rtol=task.rtol, needs=needs)

    def name(self, node: int) -> str:
        """What a node is called."""
        return self.graph.names[node]

    def key(self, node: int) -> str:
        """The cell of a node's adjoint."""
        return f"{self.name(node)}_bar"

    def statement(self) -> Message:
        """What is asked."""
        names = ", ".join([self.key(node) for node in self.wrt])
        return Message("task.reverse_graph", {"source": self.task.source, "names": names})

    def model(self) -> str:
        """The program of the reverse graph as the algorithm builds it, with the names of its adjoints."""
        return self.spelled(Graph(self.nodes, self.graph.outputs), self.right)

    def spelled(self, graph: Graph, totals: dict[int, int]) -> str:
        """What comes behind the source's nodes as a program; `totals` are the adjoints by node."""
        first = len(self.graph.nodes)
        names = dict(enumerate(self.graph.names))
        lines, same = [], []
        output = self.graph.outputs[0]
        if output in totals:  # the seed has a line, and is read by its name
            nodes, start = list(graph.nodes), totals[output]
            names[start] = self.key(output)
            lines.append(f"{names[start]} = {writing.leaf(nodes[start])[0]}")
            nodes[start] = replace(nodes[start], const=None, params=None, name=names[start])
            graph = Graph(nodes, graph.outputs)
        for node, made in sorted(totals.items(), reverse=True):
            if self.graph.nodes[node].const is not None or node == output:
                continue
            if made in names or graph.nodes[made].const is not None:
                text = names[made] if made in names else writing.leaf(graph.nodes[made])[0]
                same.append(f"{self.key(node)} = {text}")
            else:
                names[made] = self.key(node)
        live = graph.leads_to(list(totals.values()))
        ids = [node.id for node in graph.nodes[first:] if live[node.id]]
        taken = {*self.graph.inputs, *self.graph.labels, *self.graph.names}
        free = (f"t{k}" for k in range(1, len(graph.nodes) + len(taken) + 2) if f"t{k}" not in taken)
        for i in ids:
            if i not in names and graph.nodes[i].op is not None:
                names[i] = next(free)
        return "\n".join([*lines, *writing.program(graph, names.__getitem__, ids).splitlines(), *same])

    def scheme(self) -> list[Share]:
        """A mark for each adjoint that is asked for, and for the extras that count."""
        shares = [
            Share(self.key(i), 1.0, Message("scheme.reverse_graph.adjoint", {"node": self.name(i)})) for i in self.wrt
        ]
        extras = ((SHARING, self.task.sharing), (SIZE, self.task.size))
        words = {"limit": str(self.limit)}
        return shares + [Share(name, weight, Message(f"scheme.reverse_graph.{name}", words)) for name, weight in extras]

    # ---- marking ----

    def mark(self, answer: Any) -> Marking:
        """A cell for each input; where one is wrong, for each adjoint that is named; the extras; and the first slip."""
        program = adjoints.read(answer, self.graph, self.nodes)
        evidence: dict[str, Evidence] = {}
        cells = {node: self.judge(node, program, evidence) for node in self.wrt}
        findings: list[Finding] = []
        if any(cell.verdict != CORRECT for cell in cells.values()):
            own = self.swept(program)
            named = [i for i in sorted(program.adjoints, reverse=True) if i in self.right and i not in cells]
            values = None if own.graph.tensors else everywhere(own.graph, self.subject(self.wrt[0]).points)
            cells |= {node: self.judge(node, program, evidence, values) for node in named}
            cells = {i: self.followed(i, cell, program, own, values) for i, cell in cells.items()}
            findings = self.diagnose(cells, program, own)
        return Marking([*cells.values(), *self.extras(program)], findings, evidence)

    def judge(self, node: int, program: Program, evidence: dict[str, Evidence], values: Values | None = None) -> Cell:
        """The cell of one adjoint, against the right one; by `values` of all nodes where these tell."""
        made = program.adjoints.get(node)
        right = Graph(self.nodes, [self.right[node]])
        expected = writing.expression(right) if writing.written_size(right) <= WRITTEN else None
        if made is None:
            return Cell(self.key(node), MISSING, 0.0, expected=expected)
        same = program.is_same(made, self.right[node])  # node for node: no points are needed to tell
        equal = True if same else self.told(values, made, self.right[node])
        if same:
            evidence[self.key(node)] = Evidence(0, self.task.seed, self.task.rtol)
        if equal is None:
            found: Judgement = self.subject(node).judge(Graph(program.graph.nodes, [made]))
            equal, evidence[self.key(node)] = found.equal, found.evidence
        return Cell(self.key(node), *verdict(equal), 1.0, program.names[node], expected)

    def told(self, values: Values | None, got: int, right: int) -> bool | None:
        """Are two nodes equal, as far as their values at points in double precision tell?"""
        if values is None:
            return None
        with np.errstate(all="ignore"):
            gap, size = np.abs(values[got] - values[right]), np.abs(values[right])
        if bool(np.all(gap <= self.task.rtol * size)):
            return True
        return False if bool(np.any((gap > LOST * size) & (gap > LOST))) else None

    def swept(self, program: Program) -> Sweep:
        """What each adjoint would be, given those that the student has named."""
        return backwards.swept(self.graph, program.graph.nodes, self.own(program))

    def own(self, program: Program) -> dict[int, int]:
        """The student's adjoints that fit their nodes."""
        nodes = program.graph.nodes
        return {i: made for i, made in program.adjoints.items() if nodes[made].shape == nodes[i].shape}

    def followed(self, node: int, cell: Cell, program: Program, own: Sweep, values: Values | None) -> Cell:
        """The same cell, or with the marks of what follows from an earlier slip."""
        if cell.verdict != INCORRECT or node not in own.totals:
            return cell
        got, right = program.adjoints[node], own.totals[node]
        equal = self.told(values, got, right)
        if equal is None:
            try:
                equal = self.compared(Graph(own.graph.nodes, [right])).judge(Graph(own.graph.nodes, [got])).equal
            except EngineError:  # nowhere finite: nothing follows from that
                equal = False
        return replace(cell, verdict=FOLLOW_THROUGH, earned=1.0) if equal else cell

    # ---- extras ----

    @cached_property
    def limit(self) -> int:
        """How many nodes an answer may have, the seed among them."""
        return len(self.created) + 1 + self.task.allowance

    def extras(self, program: Program) -> list[Cell]:
        """Is nothing computed again, and are there no more nodes than the algorithm makes?"""
        again, made = len(program.again), len(program.added) + 1
        own = len(self.recomputed)
        return [
            Cell(SHARING, *verdict(again <= own), self.task.sharing, again, own),
            Cell(SIZE, *verdict(made <= self.limit), self.task.size, made, self.limit),
        ]

    @cached_property
    def recomputed(self) -> list[int]:
        """What the algorithm itself computes again."""
        return adjoints.read(self.model(), self.graph, self.nodes).again

    # ---- diagnosis ----

    def diagnose(self, cells: dict[int, Cell], program: Program, own: Sweep) -> list[Finding]:
        """The slip that gives the first wrong adjoint of the sweep."""
        wrong = [i for i in sorted(cells, reverse=True) if cells[i].verdict == INCORRECT]
        if not wrong:
            return []
        node = wrong[0]
        made = program.adjoints[node]
        if node == self.graph.outputs[0]:
            return [self.finding("wrong_seed", node, node)]
        if program.graph.nodes[made].shape != self.graph.nodes[node].shape:
            return []
        if node not in own.totals:
            return []
        subject = self.subject(node)
        given = subject.values_of(Graph(program.graph.nodes, [made]))
        mine = self.own(program)
        tries = min(SLIPS, SLIP_NODES // len(program.graph.nodes))
        for slip in islice(backwards.slips(self.graph, node), tries):
            found = backwards.swept(self.graph, program.graph.nodes, mine, slip)
            if node not in found.totals:
                continue
            values = subject.values_of(found.graph, found.totals[node])
            if values.shape == given.shape and np.allclose(values, given, rtol=1e-9, atol=1e-12):
                mistake = slip.mistake
                if mistake == backwards.DROPPED and program.assigned.get(program.names[node], 0) > 1:
                    mistake = backwards.KEPT
                return [self.finding(mistake, node, slip.node)]
        return self.multiple(node, given, subject.values_of(own.graph, own.totals[node]))

    def multiple(self, node: int, given: Array, right: Array) -> list[Finding]:
        """Is an adjoint a constant multiple of what it should be? Of a constant, everything would be."""
        with np.errstate(all="ignore"):
            factor = given / right
        if np.allclose(right, right.flat[0]) or not np.isfinite(factor).all():
            return []
        if not np.allclose(factor, factor.flat[0], rtol=1e-9) or np.isclose(factor.flat[0], 0):
            return []
        found = self.finding("constant_factor", node, node)
        return [found._replace(words={**found.words, "factor": f"{float(factor.flat[0]):.6g}"})]

    def finding(self, mistake: str, node: int, user: int) -> Finding:
        """A slip in words: `node` has the wrong adjoint, `user` reads it."""
        name = self.name(node)
        partial = f"∂{self.name(user)}/∂{name}"
        words = {"node": name, "input": name, "user": self.name(user), "cell": self.key(node), "partial": partial}
        return Finding(mistake, self.key(node), words, ".graph")

    # ---- the self-test ----

    def submissions(self) -> Iterator[Submission]:
        """The model in several notations, every slip at every node, malformed answers."""
        model = self.model()
        yield Submission(model, *self.scored(1.0))
        yield Submission(
            {"program": model, "adjoints": {self.name(i): self.key(i) for i in self.wrt}}, *self.scored(1.0)
        )
        yield Submission(model.replace("_bar", "\u0304"), *self.scored(1.0))
        if self.task.sharing or self.task.size:
            return
        seen: list[Array] = []
        near = -1
        for slip in sorted(backwards.slips(self.graph, -1), key=lambda s: -self.graph.nodes[s.node].inputs[s.argnum]):
            node = self.graph.nodes[slip.node].inputs[slip.argnum]
            seen, near = ([] if node != near else seen), node
            if (submission := self.slipped(slip, node, seen)) is not None:
                yield submission
        yield Submission(model + "\nmore = nothing_here", MALFORMED, 0.0)
        yield Submission(model + "\nmore = (", MALFORMED, 0.0)
        yield Submission(5, MALFORMED, 0.0)

    def scored(self, share: float) -> tuple[str, float]:
        """Verdict and score from the share of right adjoints; the extras are as the model's."""
        extra = self.task.sharing + self.task.size
        count = len(self.wrt)
        score = (share * count + extra) / (count + extra)
        return CORRECT if share == 1 else PARTIAL if score else INCORRECT, score

    def slipped(self, slip: Slip, node: int, seen: list[Array]) -> Submission | None:
        """The whole reverse graph with one slip; None if that changes nothing, or is no different from another's."""
        found = backwards.swept(self.graph, self.nodes, {}, slip)
        if found.totals.keys() != self.reached:
            return None
        subject = self.subject(node)
        values = subject.values_of(found.graph, found.totals[node])
        if values.shape != subject.values.shape or not np.isfinite(values).all():
            return None
        if any(np.allclose(values, other, rtol=1e-6, atol=1e-9) for other in (subject.values, *seen)):
            return None
        seen.append(values)
        if all(self.is_right(i, found) for i in self.wrt):
            return None
        count = len(self.reached | set(self.wrt))
        answer = self.spelled(found.graph, {**self.right, **found.totals})
        return Submission(answer, PARTIAL if count > 1 else INCORRECT, (count - 1) / count, slip.mistake)

    def is_right(self, node: int, found: Sweep) -> bool:
        """Does a slip leave the adjoint of an input as it is?"""
        if node not in found.totals:
            return True
        subject = self.subject(node)
        return np.allclose(subject.values_of(found.graph, found.totals[node]), subject.values, rtol=1e-6)


def verdict(good: bool) -> tuple[str, float]:
    """A cell's verdict, and what it earns."""
    return (CORRECT, 1.0) if good else (INCORRECT, 0.0)


def variant(draw: Draw) -> ReverseGraph:
    """A drawn formula of a few operations."""
    return ReverseGraph(source=formula(draw, draw.integer(3, 5)))


KIND = Kind(ReverseGraph, ReverseGraphExercise, variant)
