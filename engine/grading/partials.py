"""Kind `partials`: the local partial of every edge of the graph, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from engine.errors import EngineError
from engine.explain.columns import Message
from engine.grading.at_point import at, exchanged, problem
from engine.grading.draw import Draw
from engine.grading.entries import Entry, Own, TableTask, refuse_bare, shown
from engine.grading.exercise import Kind
from engine.grading.misreckoned import Slip, wrong_maps
from engine.grading.reading import edge_key, edges_of, value
from engine.grading.tables import Table
from engine.maps import Diagonal
from engine.maps import shown as of_map
from engine.passes.evaluate import linearise
from engine.trace import finish
from engine.values import Value


class Partials(TableTask, frozen=True, kw_only=True, tag="partials"):
    """The local partial of each operation by each node it reads, `{"v2->v1": 0.5, ...}`."""


class PartialsExercise(Table):
    """An entry for each edge along which something moves and whose partial is a number (or a diagonal)."""

    task: Partials

    def __init__(self, task: Partials) -> None:
        super().__init__(task)
        graph = self.graph
        run = linearise(graph, self.point, frozenset(graph.inputs.values()), (1, 3))
        self.values, self.maps, _ = finish(run)
        self.edges = {
            key: (i, k)
            for key, (i, k) in edges_of(graph).items()
            if self.live[i] and not isinstance(of_map(self.maps[i][k]), str | None)
        }
        self.key_of = {edge: key for key, edge in self.edges.items()}
        self.entries = [Entry(key, ("partial", edge), self.partial(edge)) for key, edge in self.edges.items()]
        if not self.entries:
            raise EngineError("no_operation", hint="formula_with_operation")

    def partial(self, edge: tuple[int, int]) -> Value:
        """The local partial at the point."""
        found = self.maps[edge[0]][edge[1]]
        return found.partial if isinstance(found, Diagonal) else found  # type: ignore[return-value]

    def statement(self) -> Message:
        """What is asked."""
        return Message("task.partials", {"source": self.task.source, "point": at(self.point)})

    def about(self, entry: Entry) -> dict[str, str]:
        """The two ends of an edge."""
        i, k = entry.key[1]
        names = self.graph.names
        return {"node": names[i], "input": names[self.graph.nodes[i].inputs[k]]}

    def read(self, answer: Any) -> Own:
        """Partials by edge."""
        refuse_bare(answer, "word.partials")
        return {
            ("partial", self.edges[edge_key(self.graph, name, self.edges, name)]): value(given, name)
            for name, given in answer.items()
        }

    def written(self, own: Own) -> dict[str, Any]:
        """By edge."""
        return {self.key_of[edge]: shown(item) for (_, edge), item in own.items()}

    def follow(self, entry: Entry, own: Own) -> list[Value]:
        """Each stands by itself: nothing follows."""
        return [entry.expected]

    def slips(self, entry: Entry, own: Own) -> Iterator[Slip]:
        """Misremembered rules; the partial by another argument."""
        i, k = entry.key[1]
        node, right = self.graph.nodes[i], self.maps[i][k]
        assert right is not None
        for mistake, wrong in wrong_maps(node, k, self.values, right):
            yield Slip(mistake, wrong.partial if isinstance(wrong, Diagonal) else wrong, i, node.inputs[k])

    def elsewhere(self) -> list[tuple[Slip, Table]]:
        """Two inputs exchanged."""
        tasks = [replace(self.task, inputs=point) for point in exchanged(self.point)]
        return [(Slip("wrong_point", 0.0, self.graph.outputs[0]), PartialsExercise(task)) for task in tasks]


def variant(draw: Draw) -> Partials:
    """A drawn formula at a drawn point."""
    source, inputs = problem(draw)
    return Partials(source=source, inputs=inputs)


KIND = Kind(Partials, PartialsExercise, variant)
