"""What a trace leaves at its nodes: values, tangents, adjoints, and what each node is called in the end."""

from __future__ import annotations

from engine import events as ev
from engine import latex
from engine.card.records import CardPart, Role
from engine.documents import TraceDocument
from engine.graph import Graph
from engine.primitive import Shape
from engine.values import Value


class Around:
    """A trace read to its end, by node."""

    def __init__(self, document: TraceDocument, graph: Graph) -> None:
        self.graph = graph
        self.names = latex.names(graph)
        self.given = tuple(self.names)
        self.roles: dict[int, Role] = {}
        self.values: dict[int, Value] = {node.id: node.const for node in graph.nodes if node.const is not None}
        self.tangents: dict[int, Value] = {}
        self.adjoints: dict[int, Value] = {}
        self.live = graph.leads_to(document.graph.outputs)
        for event in document.events:
            self.follow(event)

    def follow(self, event: ev.Event) -> None:
        """Keep what a step computed."""
        match event:
            case ev.Input() | ev.Compute():
                self.values[event.node] = event.value
                if event.tangent is not None:
                    self.tangents[event.node] = event.tangent
            case ev.Seed():
                self.adjoints[event.node] = event.adjoint
            case ev.Contribute():
                self.adjoints[event.source] = event.adjoint
            case ev.SeedNode() | ev.Visit():
                self.learn(event.created, event.values, "adjoint")
                self.adjoints[event.node] = self.values[event.adjoint]
                self.rename(event.adjoint, latex.accent("bar", self.names[event.node]))
            case ev.Build():
                self.learn(event.created, event.values, "partial")
            case ev.Append():
                self.learn(event.created, event.values, "adjoint")
            case ev.Rewrite():
                self.learn(event.created, event.values, "primal")

    def learn(self, created: tuple[int, ...], values: tuple[Value, ...], role: Role) -> None:
        """Keep what new nodes hold."""
        self.values.update(zip(created, values, strict=True))
        self.roles.update(dict.fromkeys(created, role))

    def rename(self, node: int, name: str) -> None:
        """Call a node the adjoint of another, unless it is that of one before."""
        if self.names[node] == self.given[node]:
            self.names[node] = name

    def called(self, node: int) -> str:
        """A node where another reads it: a constant by its value, all else by name."""
        return latex.reference(self.graph, node, self.names.__getitem__)[0]

    def sent(self, source: int, node: int) -> str:
        """The name of what `node` sends to `source`: its adjoint, or one of several contributions to it."""
        users = [user for user in self.graph.users[source] if self.live[user]]
        return latex.accent("bar", self.called(source), self.names[node] if len(users) > 1 else "")

    def value(self, node: int) -> CardPart:
        """A node's value."""
        return self.part(self.called(node), self.roles.get(node, "primal"), node, self.values.get(node))

    def tangent(self, node: int) -> CardPart:
        """A node's tangent."""
        return self.part(latex.accent("dot", self.called(node)), "tangent", node, self.tangents.get(node))

    def adjoint(self, node: int) -> CardPart:
        """A node's adjoint."""
        return self.part(latex.accent("bar", self.called(node)), "adjoint", node, self.adjoints.get(node))

    def part(self, name: str, role: Role, node: int, value: Value | None) -> CardPart:
        """A quantity in the shape of a node."""
        shape: Shape = self.graph.nodes[node].shape
        return CardPart(name, role, shape, value)
