"""Starting the server: a free port, an address to print, a browser to open."""

from __future__ import annotations

import errno
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec

import uvicorn
from fastapi import FastAPI

from server.app import create_app
from server.settings import Settings

TRIES = 50
GRACE_SECONDS = 5


def listen(host: str, port: int, tries: int = TRIES) -> socket.socket:
    """A socket on `port` or on the next one that is free; port 0 lets the system choose. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + tries, 65536)) if port else [0]:
        try:
            return socket.create_server((host, candidate), family=family, backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == port + tries - 1:
                raise
    raise OSError(errno.EADDRINUSE, "no free port")


def address(listener: socket.socket) -> str:
    """The URL a browser on this machine can open."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def configure(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """uvicorn, told to be quick and quiet."""
    http: object = "auto"
    if find_spec("httptools"):
        from server.deadline import receiving_within

        http = receiving_within(settings.receive_seconds)
    return uvicorn.Config(
        app,
        http=http,  # type: ignore[arg-type]
        ws="none",
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve(settings: Settings, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until told to stop; call `ready` as soon as requests are answered."""
    server = uvicorn.Server(configure(create_app(settings), settings))

    def wait() -> None:
        while not server.started and not server.should_exit:
            time.sleep(0.01)
        if server.started:
            ready()

    threading.Thread(target=wait, daemon=True).start()
    server.run(sockets=[listener])


def open_browser(url: str) -> None:
    """Open the page, if that is possible; if not, the printed address serves."""
    with suppress(webbrowser.Error):
        webbrowser.open(url)
