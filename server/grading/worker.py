"""A process that grades: jobs come in on its standard input, answers leave on its standard output as lines.

It says that it is ready by a blank line. For each job it writes a blank line when it begins, a line for each item as
soon as that is done, and a blank line at the end; so whoever reads knows, when it dies, which item it died of. It ends
with its input, and so with the process that started it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import BinaryIO, NoReturn

from server.grading import jobs
from server.grading.items import answer

if sys.platform != "win32":
    import resource

SLICE_SECONDS = 0.1
"""A job is handed back unfinished after so long, so that others have their turn."""


def main() -> NoReturn:
    """Grade until the input ends. The arguments are the limits: seconds of one item, bytes of memory."""
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    jobs_in, answers_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what anything prints must not be taken for an answer
    restrict(memory)
    with suppress(BrokenPipeError):
        work(jobs_in, answers_out, seconds)
    os._exit(0)


def restrict(memory: int) -> None:
    """Bound the address space; leave no core file behind; stand back where others want the processor."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        allowed = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(5)


def work(jobs_in: BinaryIO, answers_out: BinaryIO, seconds: float) -> None:
    """Every job, until there are no more."""
    say = answers_out.write
    say(b"\n")
    while head := jobs_in.read(jobs.LENGTH):
        job = jobs.decode(jobs_in.read(int.from_bytes(head, "big")))
        say(b"\n")
        ends = time.monotonic() + SLICE_SECONDS
        for item in job.items:
            limit(seconds)
            say(attempt(job.common, item) + b"\n")
            if time.monotonic() > ends:
                break
        limit(0)
        say(b"\n")


def limit(seconds: float) -> None:
    """From now on, so many seconds of processor time, inside C as well: then the system ends this process."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def attempt(common: jobs.Common, item: jobs.Item) -> bytes:
    """An answer; without memory there is none, and this process, which may have hoarded it, ends."""
    try:
        return answer(common, item)
    except MemoryError:
        os._exit(1)


if __name__ == "__main__":
    main()
