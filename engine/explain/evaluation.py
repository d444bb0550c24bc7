"""Values and tangents in words: inputs and computed nodes."""

from __future__ import annotations

from typing import Any

from engine import events as ev
from engine import latex
from engine.explain.columns import Column, EventText, Message, bracketed, heard, number, once, op
from engine.explain.story import Story
from engine.graph import Node


class Evaluation(Story):
    """The events of evaluation and of forward mode."""

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
            why.append(Message("why.dual", words))
            if event.tangent_state:
                why.append(Message(f"why.derivative.{event.tangent_state}", words))
            return EventText(Message("title.dual", words), why, Message("say.dual", words), rule)
        if event.partials and self.pass_name in ("reverse", "jacobian"):
            why.append(Message(f"why.saved.{self.pass_name}", words))
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
