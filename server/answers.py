"""The commands that answer: words of a command line to the API's requests, its bytes to the terminal."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from unicodedata import east_asian_width

from engine.errors import EngineError
from server import service, wire
from server.cli import REFUSED, fail
from server.errors import body_of
from server.locale import LOCALES, Catalogue
from server.schemas.requests import CompareRequest, DerivativesRequest, InspectRequest, TraceRequest

T = TypeVar("T")
ARRAY = re.compile(r"[\[(\n;]")
NAMED = re.compile(r"\s*\w+\s*=")
OUTER_COMMA = re.compile(r",(?![^\[(]*[\])])")
"""A comma outside all brackets."""
SHIELD = " "
"""Set before a formula such as -x^2, which argparse would take for an option."""


class Unreadable(Exception):
    """A word of the command line that is not of the form it should have."""

    def __init__(self, text: str, form: str) -> None:
        super().__init__(text)
        self.text = text
        self.form = form


def trace(arguments: Sequence[str], words: Catalogue, parser: argparse.ArgumentParser) -> int:
    """Every step of one pass."""
    common(parser, words)
    parser.add_argument("--pass", dest="pass_", default="reverse", metavar="NAME", help=words.say("cli.pass"))
    parser.add_argument("--seed", metavar="1|x=1,y=0", help=words.say("cli.seed"))
    parser.add_argument("--option", action="append", default=[], metavar="of=x,x", help=words.say("cli.option"))
    parser.add_argument("--text", choices=LOCALES, help=words.say("cli.text"))

    def request(options: argparse.Namespace) -> TraceRequest:
        return TraceRequest(
            source=options.source,
            inputs=numbers(options.values),
            pass_=options.pass_,
            wrt=names(options.wrt),
            seed=None if options.seed is None else seed(options.seed),
            output=options.output,
            options=dict(map(option, options.option)) or None,
            text=options.text,
        )

    return answer(arguments, words, parser, lambda options: service.trace(request(options)))


def derivatives(arguments: Sequence[str], words: Catalogue, parser: argparse.ArgumentParser) -> int:
    """Numbers only."""
    common(parser, words)
    parser.add_argument("--want", default="value,gradient", metavar="value,gradient", help=words.say("cli.want"))
    parser.add_argument("--jvp", metavar="x=1,y=0", help=words.say("cli.jvp"))
    parser.add_argument("--vjp", metavar="1", help=words.say("cli.vjp"))
    parser.add_argument("--hvp", metavar="x=1,y=0", help=words.say("cli.hvp"))
    parser.add_argument("--directional", metavar="x=3,y=4", help=words.say("cli.directional"))
    parser.add_argument("--of", metavar="x,x", help=words.say("cli.of"))

    def request(options: argparse.Namespace) -> DerivativesRequest:
        return DerivativesRequest(
            source=options.source,
            inputs=numbers(options.values),
            want=names(options.want) or [],
            wrt=names(options.wrt),
            jvp=None if options.jvp is None else tangents(options.jvp),
            vjp=None if options.vjp is None else number(options.vjp),
            hvp=None if options.hvp is None else tangents(options.hvp),
            directional=None if options.directional is None else tangents(options.directional),
            of=names(options.of),
            output=options.output,
        )

    return answer(arguments, words, parser, lambda options: service.derivatives(request(options)))


def compare(arguments: Sequence[str], words: Catalogue, parser: argparse.ArgumentParser) -> int:
    """Every method side by side."""
    common(parser, words)
    parser.add_argument("--want", default="methods", metavar="methods,check", help=words.say("cli.compare_want"))
    parser.add_argument("--h", metavar="1e-6", help=words.say("cli.h"))
    parser.add_argument("--claim", action="append", default=[], metavar="x=2*x", help=words.say("cli.claim"))
    parser.add_argument("--seed", metavar="0", help=words.say("cli.random_seed"))
    parser.add_argument("--text", choices=LOCALES, help=words.say("cli.text"))

    def request(options: argparse.Namespace) -> CompareRequest:
        return CompareRequest(
            source=options.source,
            inputs=numbers(options.values),
            wrt=names(options.wrt),
            output=options.output,
            want=names(options.want),
            h=None if options.h is None else whole(options.h, float, "1e-6"),
            claim=dict(map(formula, options.claim)) or None,
            seed=None if options.seed is None else whole(options.seed, int, "0"),
            text=options.text,
        )

    return answer(arguments, words, parser, lambda options: service.compare(request(options)))


def inspect(arguments: Sequence[str], words: Catalogue, parser: argparse.ArgumentParser) -> int:
    """Kinds of nothing, where a NaN came from, conditioning, kinks."""
    common(parser, words)
    parser.add_argument("--of", metavar="x,x", help=words.say("cli.of"))
    parser.add_argument("--text", choices=LOCALES, help=words.say("cli.text"))

    def request(options: argparse.Namespace) -> InspectRequest:
        return InspectRequest(
            source=options.source,
            inputs=numbers(options.values),
            wrt=names(options.wrt),
            output=options.output,
            of=names(options.of),
            text=options.text,
        )

    return answer(arguments, words, parser, lambda options: service.inspect(request(options)))


def common(parser: argparse.ArgumentParser, words: Catalogue) -> None:
    """What the commands take that answer for a formula."""
    parser.add_argument("source", help=words.say("cli.source"))
    parser.add_argument("values", nargs="*", metavar="x=2", help=words.say("cli.values"))
    parser.add_argument("--wrt", metavar="x,y", help=words.say("cli.wrt"))
    parser.add_argument("--output", metavar="NAME", help=words.say("cli.output"))
    parser.add_argument("--pretty", action="store_true", help=words.say("cli.pretty"))


def answer(
    arguments: Sequence[str], words: Catalogue, parser: argparse.ArgumentParser, work: Callable[[Any], bytes]
) -> int:
    """Parse the command line, work, print; on a refusal, say where."""
    known = parser._option_string_actions
    shielded = [SHIELD + word if word[:1] == "-" and word.split("=")[0] not in known else word for word in arguments]
    options = parser.parse_intermixed_args(shielded)
    options.source = options.source.removeprefix(SHIELD) if options.source[1:2] == "-" else options.source
    try:
        body = work(options)
    except Unreadable as error:
        return fail(words, words.say("cli.unreadable", text=error.text, form=error.form))
    except EngineError as error:
        print(refusal(error, options.source, words), file=sys.stderr)
        return REFUSED
    print((wire.pretty(body) if options.pretty else body).decode())
    return 0


def refusal(error: EngineError, source: str, words: Catalogue) -> str:
    """What is wrong, with carets under the place."""
    body = body_of(error, words)
    lines = [words.say("cli.error", message=body.message)]
    if body.span is not None:
        start, end = body.span.start, body.span.end
        first = source.rfind("\n", 0, start) + 1
        line = source[first:].split("\n", 1)[0]
        typed = line.replace("\t", " ")
        marked = source[start : min(end, first + len(line))]
        lines += [f"  {typed}", f"  {' ' * columns(source[first:start])}{'^' * max(1, columns(marked))}"]
    if body.hint is not None:
        lines.append(words.say("cli.hint", message=body.hint))
    return "\n".join(lines)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def number(text: str) -> float | str:
    """A number, or the text of an array. Raises Unreadable."""
    if ARRAY.search(text):
        return text
    try:
        return float(text)
    except ValueError:
        raise Unreadable(text.strip(), "2.5") from None


def whole(text: str, kind: Callable[[str], T], form: str) -> T:
    """A float or an int and nothing else. Raises Unreadable."""
    try:
        return kind(text)
    except ValueError:
        raise Unreadable(text.strip(), form) from None


def formula(text: str) -> tuple[str, str]:
    """`x=2*x`: a name, and a formula for it. Raises Unreadable."""
    name, equals, claimed = text.partition("=")
    if not equals or not name.strip():
        raise Unreadable(text.strip(), "x=2*x")
    return name.strip(), claimed


def numbers(pairs: Sequence[str]) -> dict[str, float | Any]:
    """`x=2` and the like. Raises Unreadable."""
    found: dict[str, float | str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise Unreadable(pair.strip(), "x=2")
        found[name.strip()] = number(text)
    return found


def seed(text: str) -> Any:
    """A number or an array, or one for each name. Raises Unreadable."""
    return tangents(text) if NAMED.match(text) else number(text)


def tangents(text: str) -> dict[str, Any]:
    """`x=1,y=[0, 1]`. Raises Unreadable."""
    return numbers(OUTER_COMMA.split(text))


def names(text: str | None) -> list[str] | None:
    """`x,y`."""
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def option(text: str) -> tuple[str, Any]:
    """`of=x,x` is a list of names, `gradient=true` is true, `mode=forward` a word. Raises Unreadable."""
    name, equals, value = text.partition("=")
    if not equals:
        raise Unreadable(text.strip(), "of=x,x")
    return name, value.split(",") if name == "of" else {"true": True, "false": False}.get(value, value)
