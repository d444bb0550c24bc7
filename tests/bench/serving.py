"""The server under load: requests a second of POST /trace beside an echo of the body, memory, time to start.

Both routes live in one process with one worker, asked in turns by the same client, so that the ratio
depends little on the machine.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
ROUNDS = 7
REQUESTS = 2000
TRACE = "/api/v1/trace"

# 20 nodes: two inputs and 18 operations
NODES_20 = "sin(x*y)*exp(x) + cos(x/y)*ln(y) - tanh(x + y)*sqrt(y) + x*y*(x - y)"


def serve() -> None:
    """Run the app with an echo beside it, on a free port that is printed."""
    import uvicorn
    from starlette.requests import Request
    from starlette.responses import Response

    from server.app import create_app
    from server.serving import configure, listen
    from server.settings import Settings

    settings = Settings()
    app = create_app(settings)

    async def echo(request: Request) -> Response:
        return Response(await request.body(), media_type="application/json")

    app.post("/echo")(echo)
    listener = listen("127.0.0.1", 0)
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(configure(app, settings)).run(sockets=[listener])


@contextmanager
def server() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server process and its port."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(
        [sys.executable, __file__], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process
    finally:
        process.terminate()
        process.wait(10)


def message(path: str, body: bytes) -> bytes:
    """A request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    """Send one request, read its response."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def rate(port: int, request: bytes) -> float:
    """Requests a second over CONNECTIONS connections."""

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(REQUESTS // CONNECTIONS):
            status, _ = await ask(reader, writer, request)
            assert status == 200
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - start)


async def once(port: int, request: bytes) -> tuple[int, bytes]:
    """One request over a connection of its own."""
    for _ in range(1000):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**30)
            break
        except OSError:
            await asyncio.sleep(0.005)
    answer = await ask(reader, writer, request)
    writer.close()
    return answer


def resident(pid: int) -> float:
    """Resident memory of a process, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak(pid: int) -> float:
    """The most resident memory a process had so far, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def job(source: str, inputs: dict[str, float], name: str = "reverse", **more: object) -> bytes:
    """The body of a trace request."""
    return json.dumps({"source": source, "inputs": inputs, "pass": name, **more}).encode()


def rows() -> list[dict[str, Any]]:
    """Measure; each row says what was aimed at."""
    started = time.perf_counter()
    with server() as (port, process):
        body = job(NODES_20, {"x": 1.5, "y": 2.5})
        request, echo = message(TRACE, body), message("/echo", body)
        status, answer = asyncio.run(once(port, request))
        startup = time.perf_counter() - started
        assert status == 200, answer
        nodes = len(json.loads(answer)["graph"]["nodes"])
        rates: dict[str, list[float]] = {"trace": [], "echo": []}
        for _ in range(ROUNDS):
            rates["trace"].append(asyncio.run(rate(port, request)))
            rates["echo"].append(asyncio.run(rate(port, echo)))
        ours, peer = (statistics.median(rates[name]) for name in ("trace", "echo"))

    with server() as (port, process):
        asyncio.run(once(port, request))
        before = resident(process.pid)
        large = message(TRACE, job("+".join(["--x"] * 6666), {"x": 0.5}))
        status, answer = asyncio.run(once(port, large))
        assert status == 200, answer[:500]
        count = len(json.loads(answer)["graph"]["nodes"])
        growth = peak(process.pid) - before
        kept = resident(process.pid) - before

    return [
        {**row("POST /trace, requests a second, beside echo", nodes, ours, peer, aim=0.5), "better": "more"},
        row("start to first answer, s", nodes, startup, 2.0),
        row("peak memory of a large trace, MiB", count, growth, 100.0),
        row("memory kept after it, MiB", count, kept, 100.0),
    ]


def row(name: str, size: int, ours: float, peer: float, aim: float = 1.0) -> dict[str, Any]:
    """A line of the table; where `peer` is a bound of our own, the ratio has to stay below 1."""
    return {"name": name, "size": size, "ours": ours, "peer": peer, "ratio": ours / peer, "aim": aim}


if __name__ == "__main__":
    serve()
