"""The server: it listens, answers in a thread of its own, and stops."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Self
from urllib.parse import quote

import uvicorn

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.address import Address, bind
from layerwalk.surfaces.server.app import make_app
from layerwalk.surfaces.server.guard import Guard
from layerwalk.surfaces.server.hosts import Hosts
from layerwalk.surfaces.server.keys import Keys
from layerwalk.surfaces.server.noise import quiet

__all__ = ["Server"]

_LAST_ANSWERS = 2  # seconds that answers under way have when the server stops
# Bytes of a request's head. Other programs of this machine may have set many cookies: browsers do
# not tell ports apart; and a question may name thousands of ops.
_LONGEST_HEAD = 256 << 10


class Server:
    """The explorer of a library, at an address of this machine.

    Parameters
    ----------
    library
        The open traces.
    address
        Where it listens, from :func:`.address.bind`; a free port of this machine by default.
    allowed
        Names by which it may be called, besides its own.

    Raises
    ------
    LayerwalkError
        What is allowed is no name.

    Examples
    --------
    >>> with Server(Library()) as server:
    ...     server.link().startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self, library: Library, address: Address | None = None, allowed: Iterable[str] = ()
    ) -> None:
        self.library = library
        self.address = address or bind()
        self._keys = Keys()
        hosts = Hosts(self.address.host, allowed)
        app = Guard(make_app(library), keys=self._keys, hosts=hosts)
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                h11_max_incomplete_event_size=_LONGEST_HEAD,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # nobody stands between who could tell where a page is
                server_header=False,
                timeout_graceful_shutdown=_LAST_ANSWERS,
            )
        )
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="layerwalk-server", daemon=True)

    @property
    def token(self) -> str:
        """What every question carries as ``Authorization: Bearer``."""
        return self._keys.token

    def link(self, thing: str = "", *, beside: str = "", once: bool = False) -> str:
        """The address that opens the explorer, at the trace or data set of an id; it lets in.

        With the id of a second run they stand ``beside`` each other.
        One that is to be opened ``once``, and within two minutes, may be handed to the browser's
        command line, which others can read.
        """
        key = f"ticket={self._keys.ticket()}" if once else f"token={self.token}"
        kind = "data" if self.library.data.has(thing) else "trace"
        place = f"&{kind}={quote(thing)}" if thing else ""
        other = f"&beside={quote(f'trace={quote(beside)}', safe='')}" if beside else ""
        return f"{self.address.url}/#{key}{place}{other}"

    def start(self) -> Self:
        """Answer from now on.

        Raises
        ------
        LayerwalkError
            The server did not come up.
        """
        self._thread.start()
        self._uvicorn.ready.wait()
        if not self._uvicorn.started:
            raise LayerwalkError(
                "the server did not come up", where=self.address.url
            ) from self._fault
        return self

    def wait(self) -> None:
        """Return when the server has stopped, or raise what interrupts the waiting.

        Raises
        ------
        LayerwalkError
            It broke down.
        """
        while self._thread.is_alive():
            # Some systems deliver no interrupt to a thread that waits without an end.
            self._thread.join(timeout=0.5)
        if self._fault is not None:
            raise LayerwalkError(
                f"the server broke down ({self._fault})", where=self.address.url
            ) from self._fault

    def stop(self) -> None:
        """Answer nobody any more, and end the walks."""
        self.library.stop()
        self._uvicorn.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self.address.socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            with quiet():
                self._uvicorn.run(sockets=[self.address.socket])
        except Exception as error:
            self._fault = error  # raised to whoever starts it or waits for it
        finally:
            self._uvicorn.ready.set()


class _Uvicorn(uvicorn.Server):
    """uvicorn, which tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        # Who has not taken its last answer by now is not waited for.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
