"""Where a server listens."""

from __future__ import annotations

import socket

import pytest

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.server import address
from layerwalk.surfaces.server.address import Address, bind, is_loopback


def test_any_port_where_the_usual_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    first = bind(port=0)
    monkeypatch.setattr(address, "USUAL_PORT", first.port)
    second = bind()
    assert second.port not in (0, first.port)
    for one in (first, second):
        one.socket.close()


def test_a_port_that_was_asked_for_and_is_taken() -> None:
    taken = bind(port=0)
    with pytest.raises(LayerwalkError) as error:
        bind(port=taken.port)
    assert str(error.value).startswith(f"127.0.0.1:{taken.port}: the server cannot listen there (")
    assert str(error.value).endswith("; give another --port.")
    taken.socket.close()


def test_a_port_whose_last_connection_fades_is_free() -> None:
    first = bind(port=0)
    with socket.create_connection(("127.0.0.1", first.port)):
        line, _ = first.socket.accept()
        line.close()
        first.socket.close()
    bind(port=first.port).socket.close()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "999.1.1.1", "\ud800", "a" * 70])
def test_a_host_that_is_not_here(host: str) -> None:
    with pytest.raises(LayerwalkError, match="--host: this machine knows no host"):
        bind(host, 0)


def test_a_host_that_is_another_machine() -> None:
    with pytest.raises(LayerwalkError, match="the server cannot listen there"):
        bind("192.0.2.1", 0)


def test_a_port_that_is_none() -> None:
    with pytest.raises(LayerwalkError, match="--port: there is no port 70000; give one to 65535"):
        bind(port=70_000)


def test_small_answers_are_sent_at_once() -> None:
    # asyncio does so only for sockets that say they are TCP.
    one = bind(port=0)
    assert one.socket.proto == socket.IPPROTO_TCP
    one.socket.close()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
        ("0.0.0.0", f"http://{socket.gethostname()}:80"),  # noqa: S104 - nothing listens here
    ],
)
def test_what_a_browser_is_told(host: str, url: str) -> None:
    with socket.socket() as unused:
        assert Address(host, 80, unused).url == url


@pytest.mark.parametrize("host", ["::1", "127.0.0.2", "LOCALHOST"])
def test_what_only_this_machine_reaches(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("lab.example")
