"""Text -> graph: what a student types, in mathematical or in Python notation, as the list of operations she wrote.

`normalise` gives every character its plain form, `tokenizer` cuts the text, `layout` finds statements and
inputs, `parser` builds the graph, with `calls` and `brackets` for what arrays need. Nothing typed is ever executed;
the answer to any text is a graph or an EngineError.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from engine import limits
from engine.errors import EngineError, Span
from engine.graph import Graph
from engine.syntax.layout import Located, layout
from engine.syntax.normalise import normalise
from engine.syntax.parser import Parser
from engine.syntax.tokenizer import VOCABULARY, Token, split, tokens

__all__ = ["Token", "parse", "tokens"]


def parse(source: str) -> Graph:
    """The graph of `source`: the inputs in order of appearance, then a node per operation and literal, as written.

    Raises EngineError with the place of the mistake in `source` and a hint.
    """
    if len(source) > limits.SOURCE_CHARACTERS:
        limit, found = limits.SOURCE_CHARACTERS, len(source)
        raise EngineError("source_too_long", Span(limit, found), "shorter_formula", limit=limit, found=found)
    text = normalise(source)
    pieces = split(text)
    entries, inputs, structured = VOCABULARY.look_up(pieces)
    tokens: Iterable[Located] = zip(entries, accumulate(map(len, pieces), initial=0))  # noqa: B905 - the last is the length
    if structured or len(inputs) > limits.INPUTS:
        tokens, inputs = layout(text, tokens)
    return Parser(source, text, inputs).parse(tokens)
