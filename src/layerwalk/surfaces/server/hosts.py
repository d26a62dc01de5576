"""By which names a browser may call the server."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from layerwalk.surfaces.server.address import is_every

__all__ = ["Hosts"]

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_IN_ITS_FORM = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")


class Hosts:
    """The names of a server, as they stand in the headers ``Host`` and ``Origin``.

    A page of somebody else whose name is made to point here (DNS rebinding) calls the server by
    that name, and so is told from our own. Where the server listens at every address of the
    machine, those addresses themselves are names too: none of them can be made to point
    elsewhere.

    Parameters
    ----------
    host, port
        Where the server listens.

    Examples
    --------
    >>> hosts = Hosts("127.0.0.1", 8765)
    >>> hosts.has("localhost:8765"), hosts.has("localhost:8000"), hosts.has("evil.example:8765")
    (True, False, False)
    >>> hosts.has_origin("http://localhost:8765"), hosts.has_origin("null")
    (True, False)
    """

    def __init__(self, host: str, port: int) -> None:
        self._port = port
        self._every = is_every(host)
        self._names = {*_LOOPBACK, f"[{host}]" if ":" in host else host.lower()}
        if self._every:
            machine = socket.gethostname().lower()
            self._names |= {machine, f"{machine}.local", socket.getfqdn().lower()}

    def has(self, host: str) -> bool:
        """Whether the ``Host`` of a request is one of ours."""
        match = _IN_ITS_FORM.fullmatch(host)
        if match is None or int(match["port"] or 80) != self._port:
            return False
        name = match["host"].lower()
        return name in self._names or (self._every and _is_address(name))

    def has_origin(self, origin: str) -> bool:
        """Whether the ``Origin`` of a request is one of ours."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return origin == f"http://{parts.netloc}" and self.has(parts.netloc)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
