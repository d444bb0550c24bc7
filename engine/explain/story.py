"""What has happened in a trace so far, and the rules written with it; the families of events build on this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine import latex
from engine.documents import TraceDocument
from engine.explain.columns import Column, Message, bracketed, number, op
from engine.explain.symbols import literals_of, partial_symbols, pulled, pushed
from engine.graph import Graph, Node
from engine.latex import Text
from engine.primitive import Elementwise
from engine.values import Value


class Story:
    """Keeps what has been computed so far, to put numbers under symbols."""

    def __init__(self, document: TraceDocument, graph: Graph) -> None:
        self.document = document
        self.graph = graph
        self.pass_name = document.pass_
        self.pushes = document.pass_ == "forward" or document.result.get("mode") == "forward"
        self.names = latex.names(graph)
        self.called = list(graph.names)
        self.values: dict[int, Value] = {node.id: node.const for node in graph.nodes if node.const is not None}
        self.tangents: dict[int, Value] = {}
        self.partials: dict[int, Any] = {}
        self.adjoints: dict[int, Value] = {}
        self.adjoint_node: dict[int, int] = {}
        self.inline: tuple[int, ...] = ()
        self.replaced: dict[int, int] = {}
        self.passes = 0
        self.statements: list[Text] = [
            latex.leaf(node) if node.op is None else self.filled(node, [self.argument(i) for i in node.inputs])
            for node in graph.nodes
        ]
        self.symbols = [self.symbols_of(node) for node in graph.nodes]

    @staticmethod
    def filled(node: Node, args: Sequence[Text]) -> Text:
        """The node's operation with these arguments."""
        assert node.op is not None
        return latex.fill(node.op, args, node.params)

    def argument(self, node: int) -> Text:
        """A node where another reads it: a constant by its value, all else by name."""
        return latex.reference(self.graph, node, self.names.__getitem__)

    def symbols_of(self, node: Node) -> list[str]:
        """The local partials of a node, in symbols; of one that reads or gives arrays, what it sends back."""
        if node.op is None:
            return []
        if node.id in self.graph.tensors:
            names, places = self.around(node), range(len(node.inputs))
            if self.pushes:
                return [pushed(self.graph, node, k, names, latex.accent("dot", names[k])) for k in places]
            return [pulled(self.graph, node, k, names, latex.accent("bar", names[-1])) for k in places]
        assert isinstance(node.op, Elementwise)
        literals = tuple(literals_of(self.graph, node))
        inputs = [self.argument(i)[0] for i in node.inputs]
        return [symbol(inputs, self.names[node.id]) for symbol in partial_symbols(node.op, literals)]

    def around(self, node: Node) -> list[str]:
        """The names of a node's inputs, and its own."""
        return [*(self.argument(i)[0] for i in node.inputs), self.names[node.id]]

    def statement(self, node: Node) -> list[Column]:
        """`v = op(inputs)`, every number under its symbol where the template is a row of symbols."""
        assert node.op is not None
        symbols, values = [self.argument(i) for i in node.inputs], [number(self.values[i]) for i in node.inputs]
        columns = [Column(self.names[node.id], number(self.values[node.id])[0], "primal"), op("=")]
        cut = latex.pieces(node.op, len(symbols), node.params or {})
        if any("{" in piece or "\\left" in piece for piece in cut if isinstance(piece, str)):
            return [*columns, Column(self.filled(node, symbols)[0], self.filled(node, values)[0], "primal")]
        for piece in cut:
            if isinstance(piece, int):
                columns.append(Column(symbols[piece][0], bracketed(values[piece], len(columns) > 2), "primal"))
            elif piece.strip():
                columns.append(op(piece.strip()))
        return columns

    def partial(self, node: int, source: int) -> str:
        """The partial as a quotient of differentials."""
        return f"\\frac{{\\partial {self.names[node]}}}{{\\partial {self.argument(source)[0]}}}"

    def edge(self, node: Node, argnum: int, source: int) -> dict[str, Any]:
        """The words for a step along the edge (node, argnum)."""
        assert node.op is not None
        return {
            "node": self.names[node.id], "source": self.names[source], "called": self.called[node.id],
            "called_source": self.called[source], "op": node.op.name, "count": str(len(self.graph.users[source])),
            "partial": self.symbols[node.id][argnum], "quotient": self.partial(node.id, source),
            "shape": latex.shape(node.shape) or "1", "shape_source": latex.shape(self.graph.nodes[source].shape) or "1",
        }  # fmt: skip

    def reason(self, node: Node, argnum: int, words: dict[str, Any]) -> Message:
        """Why the local partial is what it is; the catalogue may have a sentence for the operation's argument."""
        if node.id not in self.graph.tensors:
            return Message(f"why.partial.{node.op!r}.{argnum}", words)
        assert node.op is not None
        if node.op.pointwise and self.graph.nodes[node.inputs[argnum]].shape != node.shape:
            return Message("why.vjp.stretched", words)
        return Message("why.vjp.pointwise" if node.op.pointwise else f"why.vjp.{node.op!r}.{argnum}", words)
