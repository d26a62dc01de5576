"""By which names a browser may call the server."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.server.address import is_every

__all__ = ["Hosts", "name_of", "same_origin"]

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_IN_ITS_FORM = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


class Hosts:
    """The names of a server, as they stand in the header ``Host``.

    A page of somebody else whose name is made to point here (DNS rebinding) calls the server by
    that name, and so is told from our own. The port tells nothing: a forwarded one may have
    another number. Where the server listens at every address of the machine, those addresses
    themselves are names too: none of them can be made to point elsewhere.

    Parameters
    ----------
    host
        Where the server listens.
    allowed
        Other names for it: of a proxy before it, or of the machine whose port is forwarded.

    Raises
    ------
    LayerwalkError
        What is allowed is no name.

    Examples
    --------
    >>> hosts = Hosts("127.0.0.1", ["gpu.example"])
    >>> hosts.has("localhost:8765"), hosts.has("gpu.example"), hosts.has("evil.example:8765")
    (True, True, False)
    """

    def __init__(self, host: str, allowed: Iterable[str] = ()) -> None:
        self._every = is_every(host)
        self._names = {*_LOOPBACK, f"[{host}]" if ":" in host else host.lower()}
        for given in allowed:
            name = name_of(given)
            if name is None:
                raise LayerwalkError(
                    f"{given!r} is no name of a host",
                    where="--allow-host",
                    mend="give what stands in the browser's address between // and the next /",
                )
            self._names.add(name)
        if self._every:
            machine = socket.gethostname().lower()
            self._names |= {machine, f"{machine}.local", socket.getfqdn().lower()}

    def has(self, host: str) -> bool:
        """Whether the ``Host`` of a request is one of ours."""
        name = name_of(host)
        return name is not None and (name in self._names or (self._every and _is_address(name)))


def name_of(host: str) -> str | None:
    """The name in a ``Host``, without its port; ``None`` where it has no such form.

    >>> name_of("LocalHost:8765"), name_of("[::1]:80"), name_of("a/b")
    ('localhost', '[::1]', None)
    """
    match = _IN_ITS_FORM.fullmatch(host)
    return match["host"].lower() if match else None


def same_origin(origin: str, host: str) -> bool:
    """Whether the ``Origin`` of a request is the very place that its ``Host`` names.

    >>> same_origin("http://localhost:80", "localhost:80"), same_origin("null", "localhost:80")
    (True, False)
    """
    # With https where a proxy stands before the server.
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
