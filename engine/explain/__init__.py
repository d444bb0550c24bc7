"""What each step of a trace means: the rule in symbols and in numbers, and which sentence says it.

No language lives here: a `Message` is a key of the catalogue and its words. Words that are mathematics are LaTeX; the
catalogue sets them between dollar signs.
"""

from __future__ import annotations

from engine.documents import TraceDocument
from engine.explain.columns import Column, EventText, Explanation, Message
from engine.explain.narrator import Narrator
from engine.explain.symbols import op_record
from engine.graph import Graph

__all__ = ["Column", "EventText", "Explanation", "Message", "explain", "op_record"]


def explain(document: TraceDocument, graph: Graph) -> Explanation:
    """Explain every event of `document`, whose nodes are those of `graph`."""
    return Narrator(document, graph).explanation()
