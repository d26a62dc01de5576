"""Where the server listens."""

from __future__ import annotations

import ipaddress
import socket
import sys
from dataclasses import dataclass, field

from layerwalk.errors import LayerwalkError

__all__ = ["LOOPBACK", "USUAL_PORT", "Address", "bind", "is_loopback"]

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8765


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port, and the socket that is bound to them."""

    host: str
    port: int
    socket: socket.socket = field(repr=False)

    @property
    def url(self) -> str:
        """Where a browser on this machine, or the named one, finds it: ``http://127.0.0.1:8765``."""
        host = socket.gethostname() if is_every(self.host) else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def bind(host: str = LOOPBACK, port: int | None = None) -> Address:
    """The address that a server listens at from now on; nobody is answered yet.

    Parameters
    ----------
    host
        A name or an address of this machine.
    port
        Which port; by default 8765, or any free one where that is taken.

    Raises
    ------
    LayerwalkError
        The port is taken, or there is no such host here.
    """
    if port is not None:
        return _bound(host, port)
    try:
        return _bound(host, USUAL_PORT)
    except _TakenError:
        return _bound(host, 0)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_every(host: str) -> bool:
    """Whether a host stands for every address of this machine: ``0.0.0.0``."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


class _TakenError(LayerwalkError):
    """Somebody else listens there."""


def _bound(host: str, port: int) -> Address:
    where = f"{host}:{port}"
    if not 0 <= port < 1 << 16:
        raise LayerwalkError(f"there is no port {port}", where="--port", mend="give one to 65535")
    try:
        kind, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise LayerwalkError(
            f"this machine knows no host {host!r}", where="--host", mend="leave it out"
        ) from error
    # By its name, so that asyncio sends small answers at once (TCP_NODELAY), not after 40 ms.
    listener = socket.socket(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # Without it another program could take the port, and with it the token.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # A port whose last connections still fade away is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(128)
    except OSError as error:
        listener.close()
        said = error.strerror or str(error)
        raise _TakenError(
            f"the server cannot listen there ({said})", where=where, mend="give another --port"
        ) from error
    return Address(host, int(listener.getsockname()[1]), listener)
