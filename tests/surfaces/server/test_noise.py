"""The terminal of whoever runs the explorer stays quiet."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Generator

import httpx
import pytest

from layerwalk.record import Trace
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.report import Writing
from layerwalk.surfaces.server.address import bind
from layerwalk.surfaces.server.noise import quiet
from layerwalk.surfaces.server.server import Server

WEBSOCKET = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eHl6\r\n\r\n"
)


@pytest.mark.parametrize("said", [b"\x16\x03\x01\x02\x00\x01\x00", b"hello\r\n\r\n", WEBSOCKET, b"",
                                  b"GET / HTTP/1.1\r\nHost: a\r\n"])  # fmt: skip
def test_stray_bytes_are_no_news(said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with (
        Server(Library(), bind(port=0)) as server,
        socket.create_connection(("127.0.0.1", server.address.port), timeout=60) as line,
    ):
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        line.makefile("rb").read()
    assert caplog.records == []


def test_answers_that_are_cut_off_at_the_end_are_no_news(
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    edges: Trace,
) -> None:
    monkeypatch.setattr("layerwalk.surfaces.server.server._LAST_ANSWERS", 0.1)
    library = Library()
    key = library.add(edges)
    begun, door = threading.Event(), threading.Event()

    def parts(_: Writing) -> Generator[bytes]:
        yield b"<!doctype html>"
        begun.set()
        door.wait(60)
        yield b""

    monkeypatch.setattr(Writing, "parts", parts)
    server = Server(library, bind(port=0)).start()
    headers = {"Authorization": f"Bearer {server.token}"}
    url = f"{server.address.url}/api/traces/{key}/report"
    with httpx.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200
        assert begun.wait(60)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        door.set()
        stopping.join(60)
    assert caplog.records == []


def test_a_fault_of_ours_is_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("layerwalk.surfaces.server.reply.answer", broken)
    with Server(Library(), bind(port=0)) as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        url = f"{server.address.url}/api/welcome"
        assert httpx.get(url, headers=headers).status_code == 500
    (record,) = caplog.records
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


def test_the_servers_of_others_may_speak(caplog: pytest.LogCaptureFixture) -> None:
    talker = logging.getLogger("uvicorn.error")
    before = list(talker.filters)
    with quiet():
        talker.warning("ours")
        other = threading.Thread(target=talker.warning, args=("theirs",))
        other.start()
        other.join()
    talker.warning("ours, afterwards")
    assert [record.message for record in caplog.records] == ["theirs", "ours, afterwards"]
    assert talker.filters == before
