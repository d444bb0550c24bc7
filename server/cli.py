"""The `wengert` command: the same documents as the API, without a server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from server.locale import LOCALES, Catalogue, catalogue, negotiate
from server.settings import Settings, has_display, language
from server.version import version

REFUSED = 2
"""Exit code when what was typed cannot be answered; argparse uses the same."""

Command = Callable[[Sequence[str], Catalogue], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = catalogue(wanted_language(given))
    chooser = parser("wengert", words)
    chooser.add_argument("--version", action="version", version=f"wengert {version()}")
    chooser.add_argument("command", choices=COMMANDS, help=words.say("cli.command"))
    chooser.epilog = "; ".join(f"{name}: {words.say(f'cli.{name}')}" for name in COMMANDS)
    place = next((i for i, word in enumerate(given) if word in COMMANDS), len(given))
    chosen = chooser.parse_args(given[: place + 1])
    return COMMANDS[chosen.command](given[place + 1 :], words)


def wanted_language(arguments: Sequence[str]) -> str:
    """The language of `--lang`, or else of the environment."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--lang", choices=LOCALES)
    try:
        chosen: str | None = early.parse_known_args(list(arguments))[0].lang
    except argparse.ArgumentError:  # said again by the parser of the command
        chosen = None
    return chosen or negotiate(language())


def parser(name: str, words: Catalogue, about: str | None = None) -> argparse.ArgumentParser:
    """A parser with what all commands share."""
    made = argparse.ArgumentParser(prog=name, description=about or words.say("site.description"), allow_abbrev=False)
    made.add_argument("--lang", choices=LOCALES, help=words.say("cli.lang"))
    return made


def serve(arguments: Sequence[str], words: Catalogue) -> int:
    """`wengert serve`: the page and the API."""
    from server.serving import address, listen, open_browser
    from server.serving import serve as run

    try:
        settings = Settings.from_environment()
    except ValueError as error:
        return fail(words, str(error))
    made = parser("wengert serve", words, words.say("cli.serve"))
    made.add_argument("--host", default=settings.host, help=words.say("cli.host"))
    made.add_argument("--port", type=port_number, help=words.say("cli.port", port=settings.port))
    made.add_argument("--open", action=argparse.BooleanOptionalAction, default=None, help=words.say("cli.open"))
    options = made.parse_args(list(arguments))
    port = settings.port if options.port is None else options.port
    try:
        listener = listen(options.host, port, tries=50 if options.port is None else 1)
    except OSError as error:
        return fail(words, words.say("cli.no_port", host=options.host, port=port, reason=error.strerror or error))
    url = address(listener)
    if port and listener.getsockname()[1] != port:
        print(words.say("cli.port_taken", port=port), file=sys.stderr)

    def ready() -> None:
        print(words.say("cli.ready", url=url), flush=True)
        if options.open or (options.open is None and has_display()):
            open_browser(url)

    run(replace(settings, host=options.host, port=port), listener, ready)
    return 0


def port_number(text: str) -> int:
    """0 to 65535. Raises ValueError."""
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


def trace(arguments: Sequence[str], words: Catalogue) -> int:
    """`wengert trace`: every step of one pass."""
    from server import answers

    return answers.trace(arguments, words, parser("wengert trace", words, words.say("cli.trace")))


def derivatives(arguments: Sequence[str], words: Catalogue) -> int:
    """`wengert derivatives`: numbers only."""
    from server import answers

    return answers.derivatives(arguments, words, parser("wengert derivatives", words, words.say("cli.derivatives")))


def compare(arguments: Sequence[str], words: Catalogue) -> int:
    """`wengert compare`: every method side by side."""
    from server import answers

    return answers.compare(arguments, words, parser("wengert compare", words, words.say("cli.compare")))


def inspect(arguments: Sequence[str], words: Catalogue) -> int:
    """`wengert inspect`: where the numbers break, and why."""
    from server import answers

    return answers.inspect(arguments, words, parser("wengert inspect", words, words.say("cli.inspect")))


def grade(arguments: Sequence[str], words: Catalogue) -> int:
    """`wengert grade`: verdicts on one answer or many."""
    from server.grading import command

    return command.grade(arguments, words, parser("wengert grade", words, words.say("cli.grade")))


def fail(words: Catalogue, message: str) -> int:
    """Say what is wrong; return the exit code for it."""
    print(words.say("cli.error", message=message), file=sys.stderr)
    return REFUSED


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "trace": trace,
    "derivatives": derivatives,
    "compare": compare,
    "inspect": inspect,
    "grade": grade,
}
