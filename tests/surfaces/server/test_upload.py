"""No more than the limit is ever kept of what somebody sends."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.server.refusal import TooLargeError
from layerwalk.surfaces.server.upload import uploaded

PART = 1 << 16


class Sent:
    """A request whose body comes in parts; it counts those that were taken."""

    def __init__(self, parts: int, *, cut: bool = False) -> None:
        self.parts, self.cut, self.taken = parts, cut, 0

    async def stream(self) -> AsyncIterator[bytes]:
        for _ in range(self.parts):
            self.taken += 1
            yield bytes(PART)
        if self.cut:
            raise ClientDisconnect


def read(request: Any, limit: int) -> bytes:
    # In a thread of its own: a browser driven by the same process has a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(uploaded(request, limit))).result()


def test_all_that_came() -> None:
    assert read(Sent(3), 3 * PART) == bytes(3 * PART)
    assert read(Sent(0), 3 * PART) == b""


def test_what_is_beyond_the_limit_is_let_go() -> None:
    limit = 16 * PART
    tracemalloc.start()
    with pytest.raises(TooLargeError, match="the picture has more than the 1,048,576 bytes"):
        read(Sent(4 * 16), limit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * limit


def test_nobody_listens_for_ever() -> None:
    sent = Sent(1000)
    with pytest.raises(TooLargeError):
        read(sent, 2 * PART)
    assert sent.taken == 9


def test_a_picture_that_is_cut_off() -> None:
    with pytest.raises(RequestError, match="the picture did not come whole; send it again"):
        read(Sent(2, cut=True), 8 * PART)
