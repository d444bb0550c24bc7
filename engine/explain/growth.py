"""Graphs that grow and shrink in words: building the reverse graph, and simplifying."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine import events as ev
from engine import latex
from engine.explain.columns import Column, EventText, Message, bracketed, heard, number, once, op
from engine.explain.story import Story
from engine.latex import Text
from engine.primitive import ATOM
from engine.values import Value


def odd(event: ev.Visit | ev.Build | ev.Append, statement: str) -> list[Message]:
    """Why the last node that a step has made is not an ordinary number, if it is none."""
    state = event.states[-1] if event.states else None
    return [] if state is None else [Message(f"why.{state}", {"statement": statement})]


class Growth(Story):
    """The events that make and replace nodes."""

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
        why = [Message(f"why.{key}", words), *odd(event, bar)]
        return EventText(Message("title.visit", words), why, Message("say.visit", words), columns)

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
        why = [self.reason(node, event.argnum, words), *odd(event, self.statements[last][0])]
        return EventText(Message("title.build", words), why, Message("say.build", words), rule)

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
        why += odd(event, product)
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
