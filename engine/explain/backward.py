"""Adjoints in words: what flows back from the output."""

from __future__ import annotations

from engine import events as ev
from engine import latex
from engine.explain.columns import Column, EventText, Message, bracketed, heard, number, once, op
from engine.explain.story import Story


class Backward(Story):
    """The events of reverse mode."""

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
        if event.state:
            why.append(Message(f"why.derivative.{event.state}", words))
        return EventText(Message("title.contribute", words), why, Message("say.contribute", words), columns)

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
