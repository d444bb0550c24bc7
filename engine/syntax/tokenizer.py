"""Text -> tokens: one regular expression whose alternatives cover every character, so nothing is skipped unseen.

A token takes the blanks after it along. A name also takes what follows it where that settles what the name is: `sin(`
calls, `u =` assigns, `f(x, y) =` defines. What a token means is worked out once, however often it is typed.
"""

from __future__ import annotations

import re
from itertools import accumulate
from math import inf
from typing import Any, NamedTuple

import engine.ops  # noqa: F401 - the rows
from engine import limits
from engine.errors import Span
from engine.primitive import ALIASES, REGISTRY, Primitive
from engine.syntax import names
from engine.syntax.arrays import MAKERS, SPACED
from engine.syntax.normalise import SUPERSCRIPTS, normalise

KINDS = (
    # What an operand can start with; after an operand, this is an implied product.
    "name", "number", "call", "open", "constant", "root", "factor", "function", "maker",
    # What can follow an operand.
    "sign", "binary", "close", "compare", "superscript", "bar", "comma", "separator", "bracket", "end", "postfix",
    # What stands at the start of a statement, before a static argument, or nowhere.
    "keyword", "word", "target", "header", "equals", "blank", "stray",
)  # fmt: skip
(
    NAME, NUMBER, CALL, OPEN, CONSTANT, ROOT, FACTOR, FUNCTION, MAKER,
    SIGN, BINARY, CLOSE, COMPARE, SUPERSCRIPT, BAR, COMMA, SEPARATOR, BRACKET, END, POSTFIX,
    KEYWORD, WORD, TARGET, HEADER, EQUALS, BLANK, STRAY,
) = range(len(KINDS))  # fmt: skip
STRUCTURE = frozenset({SEPARATOR, TARGET, HEADER, BLANK})


class Pending:
    """What waits for its operands: an operator, or a bracket (rank 0) for its other half.

    `rank` says how tightly it binds; an operator that arrives first applies those whose rank is at least its `pull`.
    A bracket that calls has its `function`'s name, the `rows` by number of arguments, that of one argument as `op`, and
    as `power` an exponent that was written between the two, as in sin^2(x). A list has the `breaks` at which
    its rows end. A `loose` sign is one of mathematics whose product of two arrays could be any of several.
    """

    __slots__ = ("breaks", "function", "loose", "op", "power", "prefix", "pull", "rank", "rows", "text", "unary")

    def __init__(
        self, text: str, rank: int = 0, pull: int = 0, op: Primitive | None = None, prefix: Pending | None = None, *,
        unary: bool = False, rows: dict[int, Primitive] | None = None, function: str | None = None, power: Any = None,
        loose: bool = False,
    ) -> None:  # fmt: skip
        self.text, self.rank, self.pull, self.op, self.prefix = text, rank, pull, op, prefix
        self.unary, self.rows, self.function, self.power, self.loose = unary, rows, function, power, loose
        self.breaks: list[int] = []


Entry = tuple[int, Any, int]
"""Kind, what the parser needs to know of it, and the length without the blanks after it."""


class Stray(NamedTuple):
    """A token that is a mistake wherever it stands: the error to raise there."""

    code: str
    hint: str | None = None
    params: dict[str, Any] = {}  # noqa: RUF012 - never written to


class Token(NamedTuple):
    """A token for others to read: its kind (one of KINDS), its text and its place."""

    kind: str
    text: str
    span: Span


# Ranks as in Python, with the product that is not written on the rank of the one that is.
COMPARISON, SUM, PRODUCT, MINUS, POWER, RADICAL = 1, 2, 3, 4, 5, 7
ADD = Pending("+", SUM, SUM, REGISTRY["add"], Pending("+", MINUS, unary=True))
SUB = Pending("-", SUM, SUM, REGISTRY["sub"], Pending("-", MINUS, op=REGISTRY["neg"], unary=True))
MUL = Pending("*", PRODUCT, PRODUCT, REGISTRY["mul"])
IMPLIED, DOT, CROSS = (Pending(sign, PRODUCT, PRODUCT, REGISTRY["mul"], loose=True) for sign in ("", "·", "×"))
DIV = Pending("/", PRODUCT, PRODUCT, REGISTRY["div"])
MATMUL = Pending("@", PRODUCT, PRODUCT, REGISTRY["matmul"])
POW = Pending("^", POWER, POWER + 1, REGISTRY["power"])  # pulls nothing of its own rank: to the right
GROUP = Pending("(")
ABS = Pending("|", op=REGISTRY["abs"], rows={1: REGISTRY["abs"]}, function="abs")
NORM, BARS = (Pending(text, rows={1: REGISTRY["norm"]}, function="norm") for text in ("‖", "||"))
"""The second may turn out to be two bars, as in ||x| - 1|."""
ORDERS: dict[str, Any] = {"1": 1.0, "2": 2.0, "inf": inf, "F": "fro"}
"""The index of a norm, as in ||x||_1 -> its `ord`."""
ROOTS = {"√": REGISTRY["sqrt"], "∛": REGISTRY["cbrt"]}
COMPARISONS = {
    "<": "less", "<=": "less_equal", "≤": "less_equal", ">": "greater", ">=": "greater_equal", "≥": "greater_equal",
    "==": "equal", "!=": "not_equal", "≠": "not_equal",
}  # fmt: skip
NO_PART = {
    "//": "floor_division", "%": "remainder", "!": "factorial", '"': "text", "{": "round_brackets",
    "}": "round_brackets", ".": "attribute", "\\": "backslash", "$": "latex", "&": "logic", "~": "logic", ":": "colon",
}  # fmt: skip
"""What people write that is not in the language -> the hint that helps."""

SYMBOLS: dict[str, tuple[int, Any]] = {
    "+": (SIGN, ADD), "-": (SIGN, SUB), "*": (BINARY, MUL), "/": (BINARY, DIV), "^": (BINARY, POW), "**": (BINARY, POW),
    "(": (OPEN, GROUP), ")": (CLOSE, None), ",": (COMMA, None), "=": (EQUALS, None),
    "|": (BAR, ABS), "||": (BAR, BARS), "‖": (BAR, NORM), "·": (BINARY, DOT), "×": (BINARY, CROSS),
    "@": (BINARY, MATMUL), "[": (BRACKET, None), "]": (END, None),
    "'": (POSTFIX, None), ".T": (POSTFIX, None), "ᵀ": (POSTFIX, None),
    ";": (SEPARATOR, None), "\n": (SEPARATOR, None), "\r": (SEPARATOR, None),
    **{text: (COMPARE, Pending(text, COMPARISON, COMPARISON, REGISTRY[name])) for text, name in COMPARISONS.items()},
    **{f"{bars}_{index}": (BAR, Pending(f"{bars}_{index}")) for bars in ("‖", "||") for index in ORDERS},
    **{text: (ROOT, Pending(text, RADICAL, op=op, unary=True)) for text, op in ROOTS.items()},
    **{text: (STRAY, Stray("not_in_language", hint, {"text": text})) for text, hint in NO_PART.items()},
}  # fmt: skip
QUOTES = "'\""
WORDS = {"True": True, "False": False, "None": None, "inf": inf}
INFINITY = {"inf": inf}
"""What may stand for a parameter; the second behind a library's name."""
WRAPPERS = frozenset({"array", "asarray", "tensor", "constant", "Tensor", ".array", ".tensor"})
"""What libraries write around a list, as in np.array([1, 2]); with a point, those that need no library's name."""
BLANKS = " \t\f\v"
DIGITS = ".0123456789"
EXPONENTS = str.maketrans(SUPERSCRIPTS, "0123456789+-")


def _pattern(letter: str, follower: str, alone: str = "") -> re.Pattern[str]:
    name = rf"(?:{alone}{letter}{follower}*+(?:\.(?!T(?!{follower})){letter}{follower}*+)*+)"
    return re.compile(
        rf"""(?:{name}[ \t]*+(?:\((?:[^()=;]*+\)[ \t]*=(?!=))?|=(?!=))?
               |[-+^(),]|\*\*?|//?|[<>=!]=?
               |(?:\|\||‖)(?:_(?:[12F]|inf)(?!{follower}))?
               |\.T(?!{follower})
               |\.?[0-9][0-9._]*+(?:[eE][-+]?[0-9]+)?
               |[⁺⁻]?[⁰¹²³⁴-⁹]+
               |(?:(?<=[,=])|(?<=[,=][ ]))(?:'[A-Za-z0-9]+'|"[A-Za-z0-9]+")
               |\#[^\n\r]*+|[ \t\f\v]+|.)[ \t]*+""",
        re.VERBOSE | re.DOTALL,
    )


ASCII = _pattern("[A-Za-z_]", "[A-Za-z_0-9]")
UNICODE = _pattern("[^\\W\\dπᵀ⁰¹²³⁴-⁹]", "[^\\Wπᵀ⁰¹²³⁴-⁹]", "π|")  # πr is no name but a product


def split(text: str) -> list[str]:
    """The tokens of a normalised text; joined, they are the text again."""
    return (ASCII if text.isascii() else UNICODE).findall(text)


def is_variable(kind: int, what: Any) -> bool:
    """Is the token a name that can be an input? Before a bracket, a longer one could be a misspelt function."""
    return kind == NAME or (kind == FACTOR and isinstance(what, str) and names.is_single(what))


class Vocabulary(dict[str, Entry]):
    """Token -> entry, worked out when a token is first met, by whoever typed it first.

    It forgets everything when it is full, or when there are new operations.
    """

    def __init__(self) -> None:
        super().__init__()
        self.aliases = len(ALIASES)

    def __missing__(self, token: str) -> Entry:
        word = token.rstrip(BLANKS)
        kind, what = SYMBOLS.get(word) or _read(word)
        entry = kind, what, len(word)
        if len(token) <= limits.NAME_CHARACTERS:
            self[token] = entry
        return entry

    def look_up(self, pieces: list[str]) -> tuple[list[Entry], list[str], bool]:
        """The entries, the names among them that can be inputs, as they appear, and whether anything needs `layout`."""
        if len(self) > VOCABULARY_TOKENS or len(ALIASES) != self.aliases:
            self.clear()
            self.aliases = len(ALIASES)
        entries = list(map(self.__getitem__, pieces))
        variables = dict.fromkeys(
            [what for kind, what, _ in entries if kind == NAME or (kind == FACTOR and is_variable(kind, what))]
        )
        return entries, list(variables), not STRUCTURE.isdisjoint([entry[0] for entry in entries])


VOCABULARY_TOKENS = 8192
VOCABULARY = Vocabulary()


def _read(word: str) -> tuple[int, Any]:
    """What a token is that is no symbol."""
    first = word[:1]
    if first in DIGITS:
        return _number(word) if word else (BLANK, None)
    if first.isalpha() or first == "_":
        return _name(word)
    if first in SUPERSCRIPTS:
        return _superscript(word)
    if first in QUOTES and len(word) > 1:
        return WORD, word[1:-1]
    if first == "#":
        return BLANK, None
    return STRAY, Stray("unexpected_character")


def _superscript(word: str) -> tuple[int, Any]:
    if len(word) > limits.NUMBER_CHARACTERS:
        return _number(word)
    digits = word.translate(EXPONENTS)
    return (SUPERSCRIPT, float(digits)) if digits[-1:].isdigit() else (STRAY, Stray("unexpected_character"))


def _number(word: str) -> tuple[int, Any]:
    if len(word) > limits.NUMBER_CHARACTERS:
        return STRAY, Stray("number_too_long", "short_number", {"limit": limits.NUMBER_CHARACTERS, "found": len(word)})
    try:
        value = float(word)
    except ValueError:
        return STRAY, Stray("bad_number", "one_point", {"text": word})
    if value == float("inf"):
        return STRAY, Stray("bad_number", "largest_number", {"text": word})
    return NUMBER, value


def _name(word: str) -> tuple[int, Any]:
    name = re.split(r"[ \t]*[(=]", word, maxsplit=1)[0]
    last = word[-1]
    if len(name) > limits.NAME_CHARACTERS:
        limit = limits.NAME_CHARACTERS
        return STRAY, Stray(
            "name_too_long", "short_name", {"limit": limit, "found": len(name), "name": names.quote(name)}
        )
    if last == "=":
        return _assigned(word, name)
    prefix, _, plain = name.rpartition(".")
    if prefix and prefix not in names.PREFIXES:
        if last == "(" and plain in ALIASES:  # a method: x.sum()
            call = f"{plain}({prefix})"
            return STRAY, Stray("not_in_language", "method", {"text": names.quote(name), "fix": names.quote(call)})
        return STRAY, Stray("not_in_language", "attribute", {"text": names.quote(name)})
    if last == "(" and (plain in MAKERS or plain in SPACED):
        return MAKER, plain
    if last == "(" and (plain if prefix else f".{plain}") in WRAPPERS:
        return OPEN, GROUP
    if rows := names.overloads(plain):
        single = rows.get(1)
        bracket = Pending("(", op=None if single and single.statics else single, rows=rows, function=name)
        return (CALL, bracket) if last == "(" else (FUNCTION, (name, rows))
    return _value(name, prefix, plain, last)


def _value(name: str, prefix: str, plain: str, last: str) -> tuple[int, Any]:
    """A name that calls nothing: a constant, a word or a variable."""
    constants = names.IN_LIBRARIES if prefix else names.CONSTANTS
    if plain in constants:
        return FACTOR if last == "(" else CONSTANT, constants[plain]
    words = INFINITY if prefix else WORDS
    if plain in words and last != "(":
        return WORD, words[plain]
    if plain in names.KEYWORDS:
        return STRAY, Stray("not_in_language", "keyword", {"text": plain})
    if prefix:
        near = names.suggest(plain)
        return STRAY, Stray("unknown_function", "near_name" if near else "see_ops", {"name": name, "near": near or ""})
    return FACTOR if last == "(" else NAME, plain


def _assigned(word: str, name: str) -> tuple[int, Any]:
    """`name =` or `name(argument, ...) =`."""
    written = word[len(name) : -1].strip(" \t")
    arguments = [argument.strip() for argument in written[1:-1].split(",")] if written[1:-1].strip() else []
    for given in (name, *arguments):
        if not names.is_name(given):
            fix = f"{name.rpartition('.')[2]} = …" if given == name else f"{name}(x, y) = …"
            return STRAY, Stray("bad_definition", "definition_form", {"text": names.quote(given), "fix": fix})
        if names.is_reserved(given):
            return STRAY, Stray("reserved_name", "other_name", {"name": given, "fix": f"{given.replace('π', 'pi')}_1"})
    if len(set(arguments)) < len(arguments):
        twice = next(argument for argument in arguments if arguments.count(argument) > 1)
        return STRAY, Stray("repeated_name", "other_name", {"name": twice, "fix": f"{twice}_1"})
    return (HEADER, (name, arguments)) if written else (TARGET, name)


def tokens(source: str) -> list[Token]:
    """The tokens of `source` without blanks and comments, as the parser sees them. Raises for a surrogate only."""
    pieces = split(normalise(source))
    read = []
    for piece, start in zip(pieces, accumulate(map(len, pieces), initial=0), strict=False):
        kind, _, width = VOCABULARY[piece]
        if kind != BLANK:
            read.append(Token(KINDS[kind], source[start : start + width], Span(start, start + width)))
    return read
