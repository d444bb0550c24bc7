"""`wengert grade`: one answer for people, or many as lines of JSON, resumed where an earlier run was cut off."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import msgspec
from msgspec import Struct

from engine.errors import EngineError
from engine.grading.verdicts import HELP
from server.answers import refusal
from server.cli import REFUSED, fail
from server.errors import RequestError, body_of
from server.formats import FORMATS, AnotherStudentError
from server.grading import items, jobs
from server.grading.chunks import Batch
from server.grading.many import Answered, answered
from server.grading.pool import Pool, WorkerError
from server.locale import Catalogue

UNGRADED, INTERRUPTED = 1, 130
"""Exit codes: some lines could not be graded; Ctrl-C."""
PIECE = 1 << 16
EVERY_SECONDS = 0.5
VERDICTS = ("correct", "partial", "incorrect", "malformed", "error")


class NotOurs(Exception):
    """A file to be continued that `wengert grade` did not write."""


class Verdict(Struct, frozen=True):
    """The verdict in a report."""

    verdict: str


class Seen(Struct, frozen=True):
    """An answer, as far as the command line has to read it. `line` counts from 1."""

    line: int
    report: Verdict | None = None

    @property
    def verdict(self) -> str:
        """One of VERDICTS."""
        return self.report.verdict if self.report else "error"


seen = msgspec.json.Decoder(Seen).decode


def grade(arguments: Sequence[str], words: Catalogue, parser: argparse.ArgumentParser) -> int:
    """Grade one answer or many."""
    parser.add_argument("answers", nargs="?", metavar="ANSWERS.ndjson|-", help=words.say("cli.answers"))
    parser.add_argument("--task", metavar="task.json|{...}", help=words.say("cli.task"))
    parser.add_argument("--answer", metavar="2x", help=words.say("cli.answer"))
    parser.add_argument("--json", action="store_true", help=words.say("cli.json"))
    parser.add_argument("--format", choices=FORMATS, metavar="|".join(FORMATS), help=words.say("cli.format"))
    parser.add_argument("--out", metavar="FILE", help=words.say("cli.out"))
    parser.add_argument("--resume", action="store_true", help=words.say("cli.resume"))
    parser.add_argument("--jobs", type=positive, metavar="N", default=processors(), help=words.say("cli.jobs"))
    parser.add_argument("--help-level", choices=HELP, default="hint", help=words.say("cli.help_level"))
    parser.add_argument("--progress", action="store_true", help=words.say("cli.progress"))
    options = parser.parse_args(list(arguments))
    if (options.answers is None) == (options.answer is None) or (options.answer is not None and not options.task):
        return fail(words, words.say("cli.grade_what"))
    if options.resume and (options.format or not options.out):
        return fail(words, words.say("cli.resume_what"))
    try:
        common = jobs.Common(jobs.LINE, words.locale, task_of(options.task), options.help_level)
        return one(options, common, words) if options.answer is not None else many(options, common, words)
    except OSError as error:
        return fail(words, words.say("cli.no_file", file=error.filename or "", reason=error.strerror or error))
    except AnotherStudentError as error:
        return fail(words, words.say("format.single", name=options.format, user=error.user))
    except NotOurs:
        return fail(words, words.say("cli.not_ours", file=options.out))
    except RequestError as error:
        return fail(words, body_of(error, words).message)
    except WorkerError:
        return fail(words, words.say("cli.no_worker"))


def positive(text: str) -> int:
    """A count of at least 1. Raises ValueError."""
    if (count := int(text)) < 1:
        raise ValueError(text)
    return count


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def task_of(given: str | None) -> bytes:
    """The JSON of a task: itself, or in a file. Raises OSError."""
    if not given:
        return b""
    return given.encode() if given.lstrip().startswith("{") else Path(given).read_bytes()


# ---- one answer ------------------------------------------------------------------------------------------------------


def one(options: argparse.Namespace, common: jobs.Common, words: Catalogue) -> int:
    """A verdict to read, or its JSON. Raises RequestError."""
    given = items.Asked(answer_of(options.answer), msgspec.Raw(common.task))
    try:
        body = items.graded(given, common)
    except EngineError as error:
        print(refusal(error, source_of(common.task), words), file=sys.stderr)
        return REFUSED
    print(body.decode() if options.json else readable(msgspec.json.decode(body), words))
    return 0


def answer_of(text: str) -> Any:
    """An answer as it is typed: JSON if it is an object, a list or a string in quotes, else the text itself."""
    if text.lstrip()[:1] in ("{", "[", '"'):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            pass
    return text


def source_of(task: bytes) -> str:
    """The formula of a task, for showing a place in it."""
    source = msgspec.json.decode(task).get("source")
    return source if isinstance(source, str) else ""


def readable(report: dict[str, Any], words: Catalogue) -> str:
    """A report for people: the verdict with what a tutor would say, the points, and the cells."""
    points = words.say("cli.points", points=f"{report['points']:g}", most=f"{report['max_points']:g}")
    lines = [report["feedback"], points]
    cells = report["cells"] if len(report["cells"]) > 1 else []
    width = max([len(cell["cell"]) for cell in cells], default=0)
    for cell in cells:
        line = [f"  {cell['cell']:{width}}", words.say(f"cli.cell.{cell['verdict']}")]
        line += [f"{words.say(f'cli.{name}')} {shown(cell[name])}" for name in ("got", "expected") if name in cell]
        lines.append("  ".join(line))
    if "model" in report:
        lines.append(f"{words.say('cli.model')} {shown(report['model'])}")
    return "\n".join(lines)


def shown(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


# ---- many ------------------------------------------------------------------------------------------------------------


def many(options: argparse.Namespace, common: jobs.Common, words: Catalogue) -> int:
    """Lines in, lines out, in order. Raises OSError, RequestError, NotOurs, WorkerError."""
    with ExitStack() as files:
        source: BinaryIO = sys.stdin.buffer
        if options.answers != "-":
            source = files.enter_context(Path(options.answers).open("rb"))
        target, after = output(options)
        if options.out:
            files.enter_context(target)
        return graded(source, target, after, options, common, words)


def graded(
    source: BinaryIO, target: BinaryIO, after: int, options: argparse.Namespace, common: jobs.Common, words: Catalogue
) -> int:
    """Lines in, lines out, from line `after` on. Raises OSError, RequestError, WorkerError."""
    batch = Batch(common, after=after)
    counts: Counter[str] = Counter()
    told = Progress(words, sys.stderr, options.progress)
    lines = answered(pieces(source), batch, Pool(), options.jobs, check)

    def counted() -> Iterator[Answered]:
        for line in lines:
            counts[seen(line.body).verdict] += 1
            told.tell(counts)
            yield line

    try:
        if options.format:
            written = FORMATS[options.format].written(counted(), batch.common, words)
        else:
            written = (line.body + b"\n" for line in counted())
        target.writelines(written)
        target.flush()
    except KeyboardInterrupt:
        told.end(counts)
        print(words.say("cli.interrupted" if options.out else "cli.stopped"), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNGRADED
    except EngineError as error:
        print(refusal(error, source_of(batch.common.task), words), file=sys.stderr)
        return REFUSED
    finally:
        lines.close()
    told.end(counts)
    return UNGRADED if counts["error"] else 0


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """A stream as it arrives."""
    read: Callable[[int], bytes] = getattr(source, "read1", source.read)
    while piece := read(PIECE):
        yield piece


def check(common: jobs.Common) -> None:
    """Refuse a task that all lines have in common and that is wrong. Raises EngineError, RequestError."""
    if common.task:
        items.ready(common.task)


def output(options: argparse.Namespace) -> tuple[BinaryIO, int]:
    """Where answers go, and the last line that was answered there before. Raises OSError, NotOurs."""
    if options.out is None:
        return sys.stdout.buffer, 0
    path = Path(options.out)
    if not options.resume or not path.exists():
        return path.open("wb"), 0
    file = path.open("r+b")
    try:
        after, whole = last_line(file)
    except NotOurs:
        file.close()
        raise
    file.truncate(whole)
    file.seek(whole)
    return file, after


def last_line(file: BinaryIO) -> tuple[int, int]:
    """The number of the last answer that is whole, and where it ends in the file. Raises NotOurs."""
    end = file.seek(0, os.SEEK_END)
    tail, start = b"", end
    while start and tail.count(b"\n") < 2:
        step = min(PIECE, start)
        start -= step
        file.seek(start)
        tail = file.read(step) + tail
    whole, newline, _ = tail.rpartition(b"\n")
    if not newline:
        return 0, 0
    try:
        return seen(whole.rpartition(b"\n")[2]).line, start + len(whole) + 1
    except msgspec.MsgspecError:
        raise NotOurs from None


class Progress:
    """How far it is, on standard error, now and then: to a terminal in one line, else only if asked for."""

    def __init__(self, words: Catalogue, stream: TextIO, wanted: bool) -> None:
        self.words = words
        self.stream = stream
        self.terminal = stream.isatty()
        self.wanted = wanted or self.terminal
        self.began = self.next = time.monotonic()

    def tell(self, counts: Counter[str]) -> None:
        """Say it, if it is time."""
        if self.wanted and time.monotonic() >= self.next:
            self.next = time.monotonic() + EVERY_SECONDS
            self._say(counts, "\r" if self.terminal else "\n")

    def end(self, counts: Counter[str]) -> None:
        """Say it for the last time."""
        if self.wanted:
            self._say(counts, "\n")

    def _say(self, counts: Counter[str], end: str) -> None:
        total = sum(counts.values())
        rate = total / max(time.monotonic() - self.began, 1e-3)
        each = ", ".join(f"{self.words.say(f'cli.verdict.{name}')} {counts[name]}" for name in VERDICTS if counts[name])
        said = self.words.say("cli.graded", count=str(total), rate=f"{rate:.0f}", verdicts=each)
        print(said.ljust(79) if self.terminal else said, end=end, file=self.stream, flush=True)


__all__ = ["Answered", "grade"]
