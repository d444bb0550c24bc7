"""Follows a trace event by event and says of each what it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine import events as ev
from engine import latex
from engine.documents import TraceDocument
from engine.explain.columns import Column, EventText, Explanation, Message, bracketed, heard, number, once, op
from engine.explain.symbols import literals_of, partial_symbols, pulled, pushed
from engine.graph import Graph, Node
from engine.latex import Text
from engine.primitive import ATOM, Elementwise
from engine.values import Value


class Narrator:
    """Follows the events of one trace and keeps what has been computed so far, to put numbers under symbols."""

    def __init__(self, document: TraceDocument, graph: Graph) -> None:
        self.document = document
        self.graph = graph
        self.pass_name = document.pass_
        self.names = latex.names(graph)
        self.called = list(graph.names)
        self.values: dict[int, Value] = {node.id: node.const for node in graph.nodes if node.const is not None}
        self.tangents: dict[int, Value] = {}
        self.partials: dict[int, Any] = {}
        self.adjoints: dict[int, Value] = {}
        self.adjoint_node: dict[int, int] = {}
        self.inline: tuple[int, ...] = ()
        self.replaced: dict[int, int] = {}
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

    def explanation(self) -> Explanation:
        """Explain the events in order, and label the nodes by what the events say of them."""
        texts = [getattr(self, type(event).__struct_config__.tag)(event) for event in self.document.events]  # type: ignore[arg-type]
        return Explanation([text for text, _ in self.statements], self.names, self.symbols, texts)

    def symbols_of(self, node: Node) -> list[str]:
        """The local partials of a node, in symbols; of one that reads or gives arrays, what it sends back."""
        if node.op is None:
            return []
        if node.id in self.graph.tensors:
            names, places = self.around(node), range(len(node.inputs))
            if self.pass_name == "forward":
                return [pushed(self.graph, node, k, names, latex.accent("dot", names[k])) for k in places]
            return [pulled(self.graph, node, k, names, latex.accent("bar", names[-1])) for k in places]
        assert isinstance(node.op, Elementwise)
        literals = tuple(literals_of(self.graph, node))
        inputs = [self.argument(i)[0] for i in node.inputs]
        return [symbol(inputs, self.names[node.id]) for symbol in partial_symbols(node.op, literals)]

    def around(self, node: Node) -> list[str]:
        """The names of a node's inputs, and its own."""
        return [*(self.argument(i)[0] for i in node.inputs), self.names[node.id]]

    # ---- rules -------------------------------------------------------------------------------------------------------

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

    # ---- the forward half --------------------------------------------------------------------------------------------

    def input(self, event: ev.Input) -> EventText:
        """An input takes its value, and in forward mode its seed."""
        name, value = self.names[event.node], number(event.value)[0]
        self.values[event.node] = event.value
        rule = [Column(name, value, "primal"), op("="), Column(value, value, "primal")]
        words = {"node": name, "value": value, "called": self.called[event.node], "heard": heard(event.value)}
        if event.tangent is None:
            return EventText(
                Message("title.input", words), [Message("why.input", words)], Message("say.input", words), rule[:1]
            )
        self.tangents[event.node] = event.tangent
        tangent = number(event.tangent)[0]
        words |= {"tangent": tangent, "heard_tangent": heard(event.tangent)}
        rule = [rule[0], op(","), Column(latex.accent("dot", name), tangent, "tangent")]
        return EventText(
            Message("title.seed_tangent", words),
            [Message("why.seed_tangent", words)],
            Message("say.seed_tangent", words),
            rule,
        )

    def compute(self, event: ev.Compute) -> EventText:
        """A node is evaluated, with its tangent in forward mode."""
        node = self.graph.nodes[event.node]
        assert node.op is not None
        self.values[node.id] = event.value
        if event.partials:
            self.partials[node.id] = event.partials
        name = self.names[node.id]
        words: dict[str, Any] = {
            "node": name, "called": self.called[node.id], "statement": self.statements[node.id][0], "op": node.op.name,
            "value": number(event.value)[0], "heard": heard(event.value), "domain": node.op.domain,
        }  # fmt: skip
        rule, why = self.statement(node), [Message(f"op.{node.op.name}", words)]
        if event.state:
            why = [Message(f"why.{event.state}", words)]
        if event.tangent is not None and event.terms:
            self.tangents[node.id] = event.tangent
            words |= {"tangent": number(event.tangent)[0], "heard_tangent": heard(event.tangent)}
            rule = once(self.tangent(node, event))
            return EventText(
                Message("title.dual", words), [*why, Message("why.dual", words)], Message("say.dual", words), rule
            )
        if event.partials and self.pass_name == "reverse":
            why.append(Message("why.saved", words))
        return EventText(Message("title.compute", words), why, Message("say.compute", words), rule)

    def tangent(self, node: Node, event: ev.Compute) -> list[Column]:
        """The chain rule forward: the sum over the arguments of partial times tangent."""
        columns = [Column(latex.accent("dot", self.names[node.id]), number(event.tangent)[0], "tangent"), op("=")]
        first = True
        for argnum, (source, partial) in enumerate(zip(node.inputs, event.partials or (), strict=True)):
            if partial is None:
                continue
            if not first:
                columns.append(op("+"))
            if node.id in self.graph.tensors:
                term = bracketed(number((event.terms or ())[argnum]), not first)
                columns.append(Column(self.symbols[node.id][argnum], term, "tangent"))
                first = False
                continue
            assert not isinstance(partial, str)
            columns += [
                Column(self.partial(node.id, source), bracketed(number(partial), not first), "partial"),
                op("\\cdot"),
                Column(
                    latex.accent("dot", self.names[source]), bracketed(number(self.tangents[source]), True), "tangent"
                ),
            ]
            first = False
        return columns

    # ---- reverse mode ------------------------------------------------------------------------------------------------

    def seed(self, event: ev.Seed) -> EventText:
        """The adjoint of the output is given."""
        self.adjoints[event.node] = event.adjoint
        bar, value = latex.accent("bar", self.names[event.node]), number(event.adjoint)[0]
        words = {
            "node": self.names[event.node], "bar": bar, "value": value, "called": self.called[event.node],
            "heard": heard(event.adjoint),
        }  # fmt: skip
        rule = [Column(bar, value, "adjoint")]
        return EventText(Message("title.seed", words), [Message("why.seed", words)], Message("say.seed", words), rule)

    def contribute(self, event: ev.Contribute) -> EventText:
        """One product along one edge, added to what the input already has."""
        node, source = self.graph.nodes[event.node], event.source
        old = self.adjoints.get(source)
        self.adjoints[source] = event.adjoint
        bar = latex.accent("bar", self.names[source])
        partial = self.partials[node.id][event.argnum]
        columns = [Column(bar, number(event.adjoint)[0], "adjoint"), op("=")]
        if old is not None:
            columns += [Column(bar, number(old)[0], "adjoint"), op("+")]
        if node.id in self.graph.tensors:
            sent = bracketed(number(event.cotangent), old is not None)
            columns = once([*columns, Column(self.symbols[node.id][event.argnum], sent, "adjoint")])
        else:
            columns += [
                Column(
                    latex.accent("bar", self.names[node.id]),
                    bracketed(number(self.adjoints[node.id]), old is not None),
                    "adjoint",
                ),
                op("\\cdot"),
                Column(self.partial(node.id, source), bracketed(number(partial), True), "partial"),
            ]
        words = self.edge(node, event.argnum, source) | {
            "cotangent": number(event.cotangent)[0],
            "total": heard(event.adjoint),
        }
        why = [self.reason(node, event.argnum, words)]
        if len(self.graph.users[source]) > 1:
            why.append(Message("why.add" if old is not None else "why.first", words))
        return EventText(Message("title.contribute", words), why, Message("say.contribute", words), columns)

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

    def stop(self, event: ev.Stop) -> EventText:
        """stop_gradient sends nothing."""
        words = self.edge(self.graph.nodes[event.node], event.argnum, event.source)
        return EventText(Message("title.stop", words), [Message("why.stop", words)], Message("say.stop", words), [])

    def absent(self, event: ev.Absent) -> EventText:
        """An input has no adjoint."""
        words = {"node": self.names[event.node], "called": self.called[event.node]}
        key = event.reason
        return EventText(
            Message(f"title.{key}", words), [Message(f"why.{key}", words)], Message(f"say.{key}", words), []
        )

    # ---- the reverse graph -------------------------------------------------------------------------------------------

    def learn(self, created: Iterable[int], values: Iterable[Value]) -> None:
        """Keep the values of new nodes."""
        self.values.update(zip(created, values, strict=True))

    def label(self, created: Iterable[int], visited: int | None) -> None:
        """Write new nodes' statements: the visited node's adjoint by its bar, nodes made in the same step in full."""
        adjoint = self.adjoint_node.get(visited) if visited is not None else None
        fresh = {*created, *self.inline}
        for made in created:
            node = self.graph.nodes[made]
            if node.op is None:
                continue
            args: list[Text] = []
            for i in node.inputs:
                if i == adjoint and visited is not None:
                    args.append((latex.accent("bar", self.names[visited]), ATOM))
                else:
                    args.append(self.statements[i] if i in fresh else self.argument(i))
            self.statements[made] = self.filled(node, args)

    def seed_node(self, event: ev.SeedNode) -> EventText:
        """The list of the output starts with the seed."""
        self.learn(event.created, event.values)
        bar, value = latex.accent("bar", self.names[event.node]), number(event.values[0])[0]
        self.names[event.adjoint] = bar
        self.statements[event.adjoint] = value, ATOM
        words = {
            "node": self.names[event.node], "bar": bar, "value": value, "called": self.called[event.node],
            "heard": heard(event.values[0]),
        }  # fmt: skip
        return EventText(
            Message("title.seed_node", words),
            [Message("why.seed", words)],
            Message("say.seed", words),
            [Column(bar, value, "adjoint")],
        )

    def visit(self, event: ev.Visit) -> EventText:
        """What a node has received is summed."""
        self.learn(event.created, event.values)
        self.adjoint_node[event.node] = event.adjoint
        name = self.names[event.node]
        bar, value = latex.accent("bar", name), self.values[event.adjoint]
        for made in event.created:
            self.statements[made] = "\\Sigma", ATOM
        columns = [Column(bar, number(value)[0], "adjoint"), op("=")]
        for position, part in enumerate(event.parts):
            if position:
                columns.append(op("+"))
            columns.append(Column(self.part(part), bracketed(number(self.values[part]), position > 0), "adjoint"))
        if self.names[event.adjoint] == self.original(event.adjoint):
            self.names[event.adjoint] = bar
        words = {
            "node": name, "bar": bar, "called": self.called[event.node], "heard": heard(value),
            "count": str(len(event.parts)),
        }  # fmt: skip
        key = "sum" if event.created else "alias"
        return EventText(
            Message("title.visit", words), [Message(f"why.{key}", words)], Message("say.visit", words), columns
        )

    def part(self, node: int) -> str:
        """A contribution where it is summed: an adjoint by its name, another node by its statement."""
        named = self.names[node]
        if self.graph.nodes[node].op is None:
            return self.statements[node][0]
        return named if named != self.original(node) else self.statements[node][0]

    def original(self, node: int) -> str:
        """The name a node has from its place in the list."""
        return latex.name(self.graph.names[node])

    def build(self, event: ev.Build) -> EventText:
        """The nodes of a local partial are made."""
        self.learn(event.created, event.values)
        self.label(event.created, event.node)
        self.inline = event.created
        node = self.graph.nodes[event.node]
        words = self.edge(node, event.argnum, event.source)
        last = event.created[-1]
        rule = [Column(self.statements[last][0], number(self.values[last])[0], "partial")]
        return EventText(
            Message("title.build", words), [self.reason(node, event.argnum, words)], Message("say.build", words), rule
        )

    def append(self, event: ev.Append) -> EventText:
        """The product is made and listed."""
        node, source = self.graph.nodes[event.node], event.source
        self.learn(event.created, event.values)
        self.label(event.created, event.node)
        self.inline = ()
        value = self.values[event.cotangent]
        adjoint = self.adjoint_node[node.id]
        bar = latex.accent("bar", self.names[node.id])
        sent = latex.accent("bar", self.names[source], self.names[node.id])
        words = self.edge(node, event.argnum, source) | {
            "cotangent": number(value)[0],
            "heard": heard(value),
            "list": self.called[source],
        }
        rule = [
            Column(sent, number(value)[0], "adjoint"), op("="), Column(bar, number(self.values[adjoint])[0], "adjoint"),
        ]  # fmt: skip
        product = self.statements[event.created[-1]][0] if event.created else bar
        if node.id in self.graph.tensors:
            rule = once([rule[0], op("="), Column(self.symbols[node.id][event.argnum], number(value)[0], "adjoint")])
        else:
            rule += [
                op("\\cdot"),
                Column(words["quotient"], bracketed(number(self.partials[node.id][event.argnum]), True), "partial"),
                Column("=", "", "op"),
                Column(product, "", "adjoint"),
            ]
        why = [self.reason(node, event.argnum, words)]
        why.append(
            Message(
                "why.reused" if event.created and event.reused else "why.new" if event.created else "why.same", words
            )
        )
        return EventText(Message("title.append", words), why, Message("say.append", words), rule)

    # ---- simplifying -------------------------------------------------------------------------------------------------

    def rewrite(self, event: ev.Rewrite) -> EventText:
        """One application of one law."""
        self.learn(event.created, event.values)
        self.label(event.created, None)
        before = self.now(event.node)
        after = self.now(event.by) if event.by in event.created else self.argument(event.by)[0]
        words: dict[str, Any] = {
            "node": self.names[event.node], "called": self.called[event.node], "by": after, "before": before,
            "law": Message(f"law.{event.rule}"), "removed": str(len(event.removed)),
        }  # fmt: skip
        rule = [Column(before, "", "primal")]
        if event.by != event.node:
            rule += [op("\\to"), Column(after, "", "primal")]
            self.replaced[event.node] = event.by
        return EventText(
            Message("title.rewrite", words), [Message("why.rewrite", words)], Message("say.rewrite", words), rule
        )

    def now(self, node: int) -> str:
        """A node's statement after the rewrites so far."""
        made = self.graph.nodes[node]
        if made.op is None:
            return latex.leaf(made)[0]
        return self.filled(made, [self.argument(self.stands_for(i)) for i in made.inputs])[0]

    def stands_for(self, node: int) -> int:
        """What is read in place of a node after the rewrites so far."""
        while node in self.replaced:
            node = self.replaced[node]
        return node
