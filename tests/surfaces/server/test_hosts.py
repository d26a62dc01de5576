"""The names of a server."""

from __future__ import annotations

import socket

import pytest

from layerwalk.surfaces.server.hosts import Hosts


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - nothing listens here
def test_at_every_address_the_machine_is_called_by_any_of_them(host: str) -> None:
    hosts = Hosts(host, 80)
    for name in ("192.168.1.5", "10.0.0.1:80", "[fe80::1]", socket.gethostname(), "localhost"):
        assert hosts.has(name), name
    for name in ("evil.example", "192.168.1.5.evil.example", "192.168.1.5:81", "[x]", "1.2.3"):
        assert not hosts.has(name), name


def test_a_given_name_is_one() -> None:
    hosts = Hosts("Lab.example", 8000)
    assert hosts.has("lab.example:8000")
    assert hosts.has_origin("http://lab.example:8000")
    assert not hosts.has("192.168.1.5:8000")


def test_an_address_of_version_6() -> None:
    assert Hosts("::1", 8000).has("[::1]:8000")
    assert Hosts("fe80::1", 8000).has("[fe80::1]:8000")
    assert not Hosts("::1", 8000).has("::1:8000")
