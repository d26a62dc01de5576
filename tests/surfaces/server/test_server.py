"""The server starts, stops, and gives its port back."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from layerwalk.errors import LayerwalkError
from layerwalk.record import Trace
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.address import bind
from layerwalk.surfaces.server.server import Server
from surfaces.gate import Gate, order


def test_it_answers_as_soon_as_it_is_started_and_not_when_it_is_stopped(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    server = Server(library, bind(port=0)).start()
    assert server.link(key) == f"{server.address.url}/#token={server.token}&trace={key}"
    headers = {"Authorization": f"Bearer {server.token}"}
    assert httpx.get(f"{server.address.url}/api/traces", headers=headers).status_code == 200
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.address.url)
    bind(port=server.address.port).socket.close()


def test_it_stops_while_somebody_waits_for_a_walk() -> None:
    library, gate = Library(), Gate()
    server = Server(library, bind(port=0)).start()
    job = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    seen = library.walks.sheet(job.id).change
    found: list[str] = []

    def wait() -> None:
        headers = {"Authorization": f"Bearer {server.token}"}
        url = f"{server.address.url}/api/walks/{job.id}?seen={seen}"
        found.append(httpx.get(url, headers=headers, timeout=60).json()["stage"])

    tab = threading.Thread(target=wait)
    tab.start()
    while not library.walks._changed._waiters:  # type: ignore[attr-defined]
        pass
    server.stop()
    tab.join(60)
    assert found == ["stopping"]
    gate.door.set()


def test_it_waits_until_it_is_stopped() -> None:
    server = Server(Library(), bind(port=0)).start()
    waiting = threading.Thread(target=server.wait)
    waiting.start()
    server.stop()
    waiting.join(60)
    assert not waiting.is_alive()


def test_a_server_that_never_started_gives_its_port_back() -> None:
    server = Server(Library(), bind(port=0))
    server.stop()
    bind(port=server.address.port).socket.close()


def test_a_server_that_cannot_start_says_so() -> None:
    address = bind(port=0)
    address.socket.close()
    server = Server(Library(), address)
    with pytest.raises(LayerwalkError, match="the server did not come up"):
        server.start()
    with pytest.raises(LayerwalkError, match=r"the server broke down \(.*Bad file descriptor"):
        server.wait()


def test_two_servers_are_asked_by_many_at_once(edges: Trace) -> None:
    libraries = [Library(), Library()]
    keys = [library.add(edges) for library in libraries]
    with (
        Server(libraries[0], bind(port=0)) as one,
        Server(libraries[1], bind(port=0)) as other,
        ThreadPoolExecutor(40) as pool,
    ):
        servers = (one, other)

        def ask(number: int) -> int:
            server, key = servers[number % 2], keys[number % 2]
            headers = {"Authorization": f"Bearer {server.token}"}
            url = f"{server.address.url}/api/traces/{key}/values/2"
            return httpx.get(url, headers=headers, timeout=60).status_code

        # FastAPI makes its routes at the first request, and silences pydantic meanwhile in a way
        # that two threads at once undo: as a warning that would be an error here.
        assert [ask(0), ask(1)] == [200, 200]
        assert set(pool.map(ask, range(120))) == {200}


def test_a_long_question_that_comes_in_pieces(edges: Trace) -> None:
    library = Library()
    ops = ",".join(["0"] * 20_000)
    with (
        Server(library, bind(port=0)) as server,
        socket.create_connection(("127.0.0.1", server.address.port), timeout=60) as line,
    ):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        question = (
            f"GET /api/traces/{library.add(edges)}/digests?ops={ops} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{server.address.port}\r\nConnection: close\r\n"
            f"Authorization: Bearer {server.token}\r\n\r\n"
        ).encode()
        for first in range(0, len(question), 4000):
            line.sendall(question[first : first + 4000])
            time.sleep(0.002)
        assert line.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


def test_two_servers_know_nothing_of_each_other(edges: Trace) -> None:
    one, other = Library(), Library()
    one.add(edges)
    with Server(one, bind(port=0)) as first, Server(other, bind(port=0)) as second:
        headers = {"Authorization": f"Bearer {first.token}"}
        assert len(httpx.get(f"{first.address.url}/api/traces", headers=headers).json()) == 1
        assert httpx.get(f"{second.address.url}/api/traces", headers=headers).status_code == 401
