"""Grading in batches over HTTP: answers a second, memory while a long batch passes, and the pages meanwhile.

The server and its workers run in processes of their own; rates are per processor that they kept busy.
"""

import asyncio
import itertools
import json
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.grading import SETS
from tests.bench.serving import once, peak, resident, row, server

BATCH = 100_000
HEAD = "POST /api/v1/grade/batch HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
PAGE = b"GET /api/v1/version HTTP/1.1\r\nHost: test\r\n\r\n"
PIECE = 200
"""Lines that are sent at a time."""


def lines(alike: bool) -> Iterator[bytes]:
    """The answers of the benchmark of grading, over and over; unless `alike`, blanks make each another one."""
    rows = [
        ({"kind": "derivative", "source": source, "wrt": "x"}, answer)
        for source, _, right, wrong in SETS
        for answer, _ in [*right, wrong]
    ]
    for number, (task, answer) in enumerate(itertools.cycle(rows)):
        given = answer if alike else answer + " " * (number // len(rows) % 500)
        yield json.dumps({"task": task, "answer": given}, ensure_ascii=False).encode() + b"\n"


async def batch(port: int, count: int, alike: bool) -> float:
    """Seconds that a batch takes, sent and read at the same time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    source = lines(alike)

    async def send() -> None:
        writer.write(HEAD.encode())
        for start in range(0, count, PIECE):
            piece = b"".join(itertools.islice(source, min(PIECE, count - start)))
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def receive() -> int:
        await reader.readuntil(b"\r\n\r\n")
        found = 0
        while size := int((await reader.readline()).strip(), 16):
            found += (await reader.readexactly(size + 2)).count(b"\n") - 1
        return found

    start = time.perf_counter()
    _, found = await asyncio.gather(send(), receive())
    writer.close()
    assert found == count, found
    return time.perf_counter() - start


async def pages(port: int, count: int) -> tuple[float, list[float]]:
    """A batch, and how long each small request takes meanwhile."""
    work = asyncio.create_task(batch(port, count, alike=False))
    waits: list[float] = []
    while not work.done():
        start = time.perf_counter()
        await once(port, PAGE)
        waits.append(time.perf_counter() - start)
        await asyncio.sleep(0.01)
    return await work, waits


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = Path(f"/proc/{pid}/task").iterdir()
    found = {int(child) for thread in threads for child in (thread / "children").read_text().split()}
    return [pid, *sorted(found | set(map(int, children)))]


def busy(pids: list[int]) -> float:
    """Seconds of processor time these have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def rate(port: int, pid: int, alike: bool) -> float:
    """Answers graded in a second of processor time."""
    found = []
    for _ in range(5):
        before = busy(family(pid))
        asyncio.run(batch(port, 10_000, alike))
        found.append(10_000 / (busy(family(pid)) - before))
    return statistics.median(found)


def rows() -> list[dict[str, Any]]:
    """Measure; each row says what was aimed at."""
    with server() as (port, process):
        asyncio.run(batch(port, 4000, alike=False))  # workers start, tasks are worked out
        alike, different = (rate(port, process.pid, each) for each in (True, False))
        held = resident(process.pid)
        seconds, waits = asyncio.run(pages(port, BATCH))
        growth = peak(process.pid) - held
        worst = statistics.quantiles(waits, n=100)[-1]
    per = "answers graded over HTTP in a batch, per second of processor"
    return [
        {**row(f"{per}: 50 different ones, as a class gives them", 10_000, alike, 10_000.0), "better": "more"},
        {**row(f"{per}: all different", 10_000, different, 10_000.0), "better": "more"},
        row("memory that the server takes for a long batch, MiB", BATCH, growth, 16.0),
        row("a small request while it passes (99 of 100), s", len(waits), worst, 0.2),
        {**row("answers a second, whole machine", BATCH, BATCH / seconds, 10_000.0), "aim": None},
    ]
