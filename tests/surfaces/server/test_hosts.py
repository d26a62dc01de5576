"""The names of a server."""

from __future__ import annotations

import socket

import pytest

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.server.hosts import Hosts


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - nothing listens here
def test_at_every_address_the_machine_is_called_by_any_of_them(host: str) -> None:
    hosts = Hosts(host)
    for name in ("192.168.1.5", "10.0.0.1:80", "[fe80::1]", socket.gethostname(), "localhost"):
        assert hosts.has(name), name
    for name in ("evil.example", "192.168.1.5.evil.example", "[x]", "1.2.3"):
        assert not hosts.has(name), name


def test_a_given_name_is_one() -> None:
    hosts = Hosts("Lab.example")
    assert hosts.has("lab.example:8000")
    assert not hosts.has("192.168.1.5:8000")


def test_an_address_of_version_6() -> None:
    assert Hosts("::1").has("[::1]:8000")
    assert Hosts("fe80::1").has("[fe80::1]:8000")
    assert not Hosts("::1").has("::1:8000")


def test_allowed_names_are_more_of_them() -> None:
    hosts = Hosts("127.0.0.1", ["GPU.example:9000", "10.0.0.7"])
    assert hosts.has("gpu.example")
    assert hosts.has("10.0.0.7:8765")
    assert hosts.has("localhost")
    assert not hosts.has("a.gpu.example")


@pytest.mark.parametrize("name", ["", "*", "http://gpu.example", "a b", "gpu.example/"])
def test_what_is_no_name_cannot_be_allowed(name: str) -> None:
    with pytest.raises(LayerwalkError, match=r"--allow-host: .* is no name of a host"):
        Hosts("127.0.0.1", [name])
