import asyncio
import threading
import time

import pytest

from server.errors import RequestError
from server.schemas.requests import DerivativesRequest, GraphRequest, TraceRequest
from server.service import is_large
from server.work import Workshop


def test_small_work_is_done_at_once_and_large_work_elsewhere() -> None:
    async def run() -> None:
        shop, here = Workshop(threads=1, waiting=1), threading.get_ident()
        assert await shop.do(threading.get_ident, large=False) == here
        assert await shop.do(threading.get_ident, large=True) != here

    asyncio.run(run())


def test_too_much_work_is_refused_and_small_work_is_not() -> None:
    async def run() -> None:
        shop, gate = Workshop(threads=1, waiting=2), threading.Event()
        jobs = [asyncio.create_task(shop.do(gate.wait, large=True)) for _ in range(3)]  # one works, two wait
        await asyncio.sleep(0.05)
        with pytest.raises(RequestError) as refused:
            await shop.do(gate.wait, large=True)
        assert refused.value.code == "busy"
        assert 1 <= int(refused.value.headers["Retry-After"]) <= 5
        start = time.monotonic()
        assert await shop.do(lambda: 7, large=False) == 7
        assert time.monotonic() - start < 1
        gate.set()
        assert await asyncio.gather(*jobs) == [True] * 3
        assert await shop.do(lambda: 8, large=True) == 8

    asyncio.run(run())


def test_a_mistake_in_a_thread_comes_back() -> None:
    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await Workshop(1, 1).do(lambda: 1 // 0, large=True)

    asyncio.run(run())


def test_what_is_large() -> None:
    short, long = "x + 1", "x + " * 500 + "1"
    point = {f"x{i}": 1.0 for i in range(200)}
    assert not is_large(GraphRequest(short))
    assert is_large(GraphRequest(long))
    assert not is_large(TraceRequest(short, {"x": 1.0}, "reverse", text="en"))
    assert is_large(TraceRequest(short, {"x": 1.0}, "evaluate", options={"of": ["x"] * 8}))
    assert not is_large(DerivativesRequest(short, point, ["gradient"]))
    assert is_large(DerivativesRequest(short * 2, point, ["hessian"]))
