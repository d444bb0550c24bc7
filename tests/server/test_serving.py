"""A real server process: its address, its deadline, its end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from server.serving import address, listen
from server.settings import Settings

ROOT = Path(__file__).parents[2]
HEAD = b"POST /api/v1/trace HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"


@contextmanager
def wengert(*words: str, **variables: str) -> Iterator[tuple[str, int]]:
    """`wengert serve`, its first line of output, and its port."""
    env = {**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONUNBUFFERED": "1", **variables}
    command = [sys.executable, "-m", "server", "serve", "--no-open", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield line, int(line.rstrip("/\n").rsplit(":", 1)[1])
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()


def test_it_says_where_it_is_and_answers_there() -> None:
    with wengert("--port", "0") as (line, port):
        assert line.startswith("Wengert is ready: http://127.0.0.1:")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        assert response.status == 200
        assert response.getheader("server") is None
        connection.close()


def test_a_slow_client_is_cut_off_and_an_honest_one_is_not() -> None:
    with wengert("--port", "0", WENGERT_RECEIVE_SECONDS="1") as (_, port):
        honest = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        honest.request("GET", "/healthz")
        assert honest.getresponse().read()
        slow = {
            "silent": b"",
            "in the head": HEAD,
            "in the body": HEAD + b"\r\n{",
        }
        sockets = {name: socket.create_connection(("127.0.0.1", port), timeout=10) for name in slow}
        start = time.monotonic()
        for name, connection in sockets.items():
            connection.sendall(slow[name])
        time.sleep(0.6)
        honest.request("GET", "/healthz")
        assert honest.getresponse().read()
        for name, connection in sockets.items():
            with suppress(ConnectionResetError):
                assert connection.recv(1000) == b"", name
            connection.close()
        assert 0.9 < time.monotonic() - start < 8
        time.sleep(1.2)
        honest.request("GET", "/healthz")
        assert honest.getresponse().status == 200, "waiting between requests is no offence"
        honest.close()


def test_the_next_free_port_is_taken() -> None:
    first = listen("127.0.0.1", 0)
    port = first.getsockname()[1]
    second = listen("127.0.0.1", port)
    assert second.getsockname()[1] > port
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", port, tries=1)
    first.close()
    second.close()


def test_the_address_can_be_opened() -> None:
    listener = listen("0.0.0.0", 0)
    assert address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"
    listener.close()


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"WENGERT_PORT": "9000", "WENGERT_HOST": "::1", "WENGERT_RECEIVE_SECONDS": "2.5", "PORT": "1"}
    )
    assert (settings.port, settings.host, settings.receive_seconds) == (9000, "::1", 2.5)
    assert Settings.from_environment({}) == Settings.from_environment({"WENGERT_PORT": ""}) == Settings()
    with pytest.raises(ValueError, match="WENGERT_PORT"):
        Settings.from_environment({"WENGERT_PORT": "http"})
