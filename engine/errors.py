"""What can go wrong with what a person wrote, as data: a code, a place, and the words' parameters.

The engine speaks no language. `server.locale` turns `error.<code>` and `hint.<hint>` of the message catalogue into a
sentence, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct

CODES = frozenset(
    {
        "empty_source",  # nothing was typed
        "unexpected_character",  # a character outside the language: {character}
        "unexpected_token",  # {found} where a number, a name or a bracket was expected
        "unexpected_end",  # the statement stops after {after}, where a number, a name or a bracket was expected
        "unclosed_bracket",  # {bracket} is never closed
        "unmatched_bracket",  # {bracket} was never opened
        "bad_number",  # {text} is not a number
        "unknown_function",  # {name} is not an operation
        "unknown_name",  # {name} is neither an input, an operation nor a constant
        "used_before_assignment",  # {name} is read before it is given a value
        "reserved_name",  # {name} cannot be assigned
        "wrong_arity",  # {name} takes {expected} arguments, {found} given
        "missing_brackets",  # {name} needs brackets around its argument
        "ambiguous_inverse",  # {name}^-1: the inverse function or the reciprocal?
        "matrix_inverse",  # {power} of a square matrix: its inverse, or one over each element?
        "ambiguous_product",  # two arrays side by side, or with · or × between them
        "power_of_t",  # an array to the power T, an input
        "missing_operator",  # {right} stands right after {left}
        "misplaced_comma",  # a comma outside the brackets of a function
        "misplaced_equals",  # = anywhere but after the name at the start of a statement
        "bad_definition",  # f(...) = with {text} that is no name
        "definition_not_last",  # f(x) = ... with statements after it
        "repeated_name",  # {name} twice among the arguments of a definition
        "chained_comparison",  # a < b < c
        "not_in_language",  # attribute, string, index, keyword: {text}
        "source_too_long",  # {found} characters, {limit} allowed
        "too_many_nodes",
        "too_deep",
        "number_too_long",
        "name_too_long",
        "too_many_inputs",
        "missing_input",  # no value for {name}
        "unexpected_input",  # a value for {name}, which the formula does not use
        "bad_input",  # the value for {name} is not a finite number
        "bad_array",  # the text for {name} is no array
        "bad_shape",  # the value for {name} has the shape {found}, not {expected}
        "shape_mismatch",  # {op} cannot work on the {shapes}
        "ragged_list",  # a list whose rows differ in length
        "empty_list",
        "static_index",  # an index that is not written out in numbers
        "bad_static",  # {name} of {op} cannot be that: {expected}
        "unknown_static",  # {op} has no parameter {name}: {expected}
        "missing_static",  # {op} needs {name}
        "repeated_static",  # {op} is told {name} twice
        "argument_order",  # an argument without a name behind one with a name
        "bad_constant",  # {name} with arguments that make no array
        "rank_too_high",
        "too_many_elements",
        "too_much_work",
        "too_many_passes",  # a Jacobian of {found} passes, {limit} are shown
        "output_not_scalar",  # the gradient of an array of {shape}
        "unknown_pass",
        "unknown_wrt",
        "unknown_output",
        "unknown_node",  # no node {node} among the {count} of the graph
        "bad_seed",
        "bad_option",
        "bad_want",
        "bad_step",  # h that is no step
        "bad_random_seed",  # a seed of random numbers past {limit}
        "bad_domain",  # the domain of {name} is no interval
        "no_point",  # a formula that is finite nowhere on its domain
        "bad_claim",  # the derivative claimed for {name} cannot be read: {reason}
        "order_too_high",
        "not_symbolic",  # {name} is an array, or works on arrays
        "bad_answer",  # an answer, or one of its cells, that is not {expected}
        "missing_wrt",  # a task that names no input
        "too_few_options",  # a multiple choice about a source in which no mistake shows
        "not_an_option",  # an answer that is none of the options {expected}
        "ambiguous_option",  # an answer that may be any of the options {expected}
        "unknown_cell",  # an answer names {name}; there are {expected}
        "no_number",  # step {step} of a trace of {found} steps writes no number
        "no_operation",  # a task about the operations of a formula that has none
        "cyclic_graph",  # a computation graph in which {name} is computed from itself
        "not_single_assignments",  # a Wengert list with {found} operations in {lines} assignments
        "expression_swell",  # a derivative of more than {limit} operations, written out as a tree
    }
)


class Words(NamedTuple):
    """Words of a message that are themselves in the catalogue: its key, and what to fill it with."""

    key: str
    words: Mapping[str, str] = MappingProxyType({})


NUMBER, FINITE_NUMBER = Words("word.number"), Words("word.finite_number")
TANGENTS, NAMES = Words("word.tangents"), Words("word.names")


class Span(Struct, frozen=True, gc=False, array_like=True):
    """Where in the source text, in characters: `source[start:end]`."""

    start: int
    end: int


class EngineError(Exception):
    """A mistake in what the caller gave us, located when it has a place.

    `code` is one of CODES, `span` the place in the source, `hint` the key of a sentence that says what to write
    instead, and `params` the words both sentences are filled with.
    """

    def __init__(self, code: str, span: Span | None = None, hint: str | None = None, **params: Any) -> None:
        assert code in CODES, code
        super().__init__(code, params)
        self.code = code
        self.span = span
        self.hint = hint
        self.params = params

    def __str__(self) -> str:
        where = f" at {self.span.start}..{self.span.end}" if self.span else ""
        words = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}{where}" + (f" ({words})" if words else "")


LONGEST_WORD = 80


def shortened(word: Any) -> Any:
    """A word of a sentence; what somebody typed is not repeated at length."""
    return f"{word[:LONGEST_WORD]}…" if isinstance(word, str) and len(word) > LONGEST_WORD else word
