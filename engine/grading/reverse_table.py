"""Kind `reverse_table`: the adjoint of every node, and if wanted the contribution along each edge."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce
from operator import add
from typing import Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from engine.api import check_wrt
from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading.at_point import at, exchanged, problem, said
from engine.grading.draw import Draw
from engine.grading.entries import Entry, Key, Own, TableTask, refuse_bare, shown
from engine.grading.exercise import Kind, MalformedError
from engine.grading.misreckoned import Slip, transposed, unsummed, wrong_maps, wrong_sums
from engine.grading.names import barred, node_key
from engine.grading.reading import Edge, edge_key, edges_of, value
from engine.grading.tables import Table
from engine.graph import zeros
from engine.passes import Job
from engine.passes.evaluate import linearise
from engine.passes.sweep import sweep
from engine.trace import finish
from engine.values import Value, is_array

ADJOINT, SENT = "adjoint", "sent"


class ReverseTable(TableTask, frozen=True, kw_only=True, tag="reverse_table"):
    """Backpropagation by hand: the adjoint of every node, `{"v3": 1, "v2": -1, ...}`, inputs included."""

    seed: Annotated[Any, Meta(description="The adjoint of the output: 1 unless given.")] = None
    wrt: Annotated[list[str] | None, Meta(description="The inputs; all unless given.")] = None
    edges: Annotated[bool, Meta(description="Is what each edge contributes asked for as well?")] = False


class ReverseExercise(Table):
    """An entry for each adjoint, in the order of the pass; with `edges` one for each contribution, before its sum.

    An adjoint follows from the student's own adjoints of its users, or from her own contributions.
    """

    task: ReverseTable

    def __init__(self, task: ReverseTable) -> None:
        super().__init__(task)
        graph = self.graph
        names = check_wrt(graph, task.wrt)
        self.seed = Job(graph, self.point, names, task.seed, {}).cotangent
        wrt = [graph.inputs[name] for name in names]
        self.values, self.maps, self.active = finish(linearise(graph, self.point, frozenset(wrt), (1, 3)))
        self.sent: dict[Edge, Value] = {}
        self.arrivals: dict[int, list[Edge]] = {}
        adjoints = finish(
            sweep(graph, self.active, self.maps, graph.outputs[0], self.seed, 7, self.send, lambda *_: None)
        )
        self.adjoints = [None if found is None else found for found in adjoints]
        keys = {edge: key for key, edge in edges_of(graph).items()}
        self.keys = {keys[edge]: edge for edge in self.sent}
        self.key_of = keys
        self.entries = self.listed(wrt)
        if len(self.entries) < 2 and not wrt:
            raise EngineError("no_operation", hint="formula_with_operation")

    def send(self, _line: int, node: int, argnum: int, source: int, cotangent: Value, _total: Value) -> None:
        """Keep what goes along an edge."""
        self.sent[node, argnum] = cotangent
        self.arrivals.setdefault(source, []).append((node, argnum))

    def listed(self, wrt: list[int]) -> list[Entry]:
        """The entries from the output back."""
        found = []
        for node in reversed(self.graph.nodes):
            i, adjoint = node.id, self.adjoints[node.id]
            if adjoint is None and i not in wrt:
                continue
            if self.task.edges:
                edges = self.arrivals.get(i, ())
                found += [Entry(self.key_of[edge], (SENT, edge), self.sent[edge]) for edge in edges]
            right = zeros(self.graph, i) if adjoint is None else adjoint
            found.append(Entry(self.graph.names[i], (ADJOINT, i), right))
        return found

    def statement(self) -> Message:
        """What is asked."""
        words = {"source": self.task.source, "point": at(self.point), "seed": said(self.seed)}
        return Message(f"task.reverse_table.{'edges' if self.task.edges else 'adjoints'}", words)

    def about(self, entry: Entry) -> dict[str, str]:
        """A node, or the two ends of an edge."""
        part, place = entry.key
        if part == ADJOINT:
            return {"node": self.graph.names[place]}
        return self.ends(place)

    def ends(self, edge: Edge) -> dict[str, str]:
        """The ends of an edge by name."""
        names = self.graph.names
        return {"node": names[edge[0]], "input": names[self.graph.nodes[edge[0]].inputs[edge[1]]]}

    # ---- reading and writing ----

    def read(self, answer: Any) -> Own:
        """Adjoints by node and contributions by edge; adjoints of what does not move are passed over."""
        refuse_bare(answer, "word.reverse_table")
        adjoints, edges = answer, {}
        if isinstance(answer.get("adjoints"), dict) or isinstance(answer.get("edges"), dict):
            for name in answer:
                if name not in ("adjoints", "edges") or not isinstance(answer[name], dict):
                    raise self.unknown(name)
            adjoints, edges = answer.get("adjoints", {}), answer.get("edges", {})
        elif self.task.edges:
            edges = {name: given for name, given in answer.items() if self.is_edge(name)}
            adjoints = {name: given for name, given in answer.items() if name not in edges}
        found: Own = {}
        places = self.places
        for name, given in adjoints.items():
            key = places.get(name) or (ADJOINT, node_key(self.graph, barred(name) or name, name))
            found[key] = given if type(given) is float else value(given, name)
        for name, given in edges.items():
            edge = self.keys.get(name) or self.keys[edge_key(self.graph, name, self.keys, name)]
            found[SENT, edge] = given if type(given) is float else value(given, name)
        return found

    @cached_property
    def places(self) -> dict[str, Key]:
        """The adjoints by the names of the trace."""
        return {self.graph.names[key[1]]: key for _, key, _ in self.entries if key[0] == ADJOINT}

    @staticmethod
    def is_edge(name: str) -> bool:
        """Does a key have an arrow in it?"""
        return any(arrow in name for arrow in ("->", "→", "<-", "←", "=>", "⟶", "⇒", "\\to", "arrow"))

    @staticmethod
    def unknown(name: str) -> MalformedError:
        """Beside `adjoints` and `edges` there is nothing."""
        return MalformedError(EngineError("unknown_cell", name=name[:80], expected="adjoints, edges"), name)

    def written(self, own: Own) -> dict[str, Any]:
        """By node, or with edges in two parts."""
        adjoints = {self.graph.names[place]: shown(item) for (part, place), item in own.items() if part == ADJOINT}
        if not self.task.edges:
            return adjoints
        sent = {self.key_of[place]: shown(item) for (part, place), item in own.items() if part == SENT}
        return {"adjoints": adjoints, "edges": sent}

    # ---- what follows ----

    def contribution(self, edge: Edge, own: Own) -> Value:
        """What an edge sends: as the student has it, or as her adjoint of its node sends it."""
        if (SENT, edge) in own:
            return own[SENT, edge]  # type: ignore[no-any-return]
        return self.pulled(edge, own)

    def pulled(self, edge: Edge, own: Own) -> Value:
        """The student's adjoint of a node times the local partial."""
        node, argnum = edge
        return own.get((ADJOINT, node), self.adjoints[node]) * self.maps[node][argnum]  # type: ignore[operator]

    def follow(self, entry: Entry, own: Own) -> list[Value]:
        """An adjoint is the sum of what arrives; a contribution an adjoint times a local partial."""
        part, place = entry.key
        if part == SENT:
            return [self.pulled(place, own)]
        parts = [self.contribution(edge, own) for edge in self.arrivals.get(place, ())]
        if place == self.graph.outputs[0]:
            parts = [self.seed, *parts]
        return [reduce(add, parts)] if parts else [entry.expected]

    # ---- slips ----

    def slips(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """Slips in gathering, then in one contribution."""
        part, place = entry.key
        if part == SENT:
            yield from self.wrong_contributions(place, own)
            return
        edges = self.arrivals.get(place, [])
        parts = [(edge[0], self.contribution(edge, own)) for edge in edges]
        yield from wrong_sums(parts, place)
        if self.task.edges and len(edges) < 2:
            return
        if not edges and place == self.graph.outputs[0]:
            yield from self.wrong_seeds(place)
        for n, edge in enumerate(edges):
            rest = [item for k, (_, item) in enumerate(parts) if k != n]
            for slip in self.wrong_contributions(edge, own):
                yield slip._replace(value=reduce(add, [*rest, slip.value]))

    def wrong_seeds(self, output: int) -> Iterator[Slip]:
        """The value of the output, 0, 1 or the opposite in place of the seed."""
        seed = self.seed
        for wrong in (1.0, self.values[output], 0.0, -1.0, -seed if not is_array(seed) else seed):
            yield Slip("wrong_seed", seed * 0.0 + wrong if is_array(seed) else wrong, output)

    def wrong_contributions(self, edge: Edge, own: Own) -> Iterator[Slip]:
        """What a wrong local partial sends; the partial or the adjoint forgotten; arrays turned or not summed."""
        i, k = edge
        node, right = self.graph.nodes[i], self.maps[i][k]
        source = node.inputs[k]
        adjoint: Any = own.get((ADJOINT, i), self.adjoints[i])
        assert right is not None
        shape = self.graph.nodes[source].shape
        for mistake, wrong in wrong_maps(node, k, self.values, right):
            sent = adjoint * wrong
            if sent is not None:
                yield Slip(mistake, sent, i, source)
        if not is_array(adjoint) and not shape:
            leaf = self.graph.nodes[source].op is None
            yield Slip("stopped_early" if leaf else "forgot_inner", adjoint, i, source)
            yield Slip("no_adjoint", 1.0 * right, i, source)
        wide = unsummed(adjoint, right)
        if wide is not None:
            yield Slip("not_summed_back", wide, source, source)
        turned = transposed(adjoint * right)
        if turned is not None:
            yield Slip("transpose", turned, source, source)

    def elsewhere(self) -> list[tuple[Slip, Table]]:
        """Two inputs exchanged."""
        tasks = [replace(self.task, inputs=point) for point in exchanged(self.point)]
        return [(Slip("wrong_point", 0.0, self.graph.outputs[0]), ReverseExercise(task)) for task in tasks]


def variant(draw: Draw) -> ReverseTable:
    """A drawn formula at a drawn point, half of the time with its edges."""
    source, inputs = problem(draw)
    return ReverseTable(source=source, inputs=inputs, edges=draw.below(2) == 0)


KIND = Kind(ReverseTable, ReverseExercise, variant)
