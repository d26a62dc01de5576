"""Who is let in: the page that was opened by a link of ours, and nobody else."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi.responses import JSONResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.server.hosts import Hosts, name_of, same_origin
from layerwalk.surfaces.server.keys import Keys
from layerwalk.surfaces.server.refusal import refusal

__all__ = ["Guard"]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; media-src blob:; frame-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OPEN_THE_LINK: Final = "open the link that was printed where the explorer was started"
_ENTRANCE: Final = "/api/enter"


class Guard:
    """Looks at every request before anything else does.

    A request must call the server by a name of its own, may not come from another site's page,
    and, where it asks for anything but the page itself, must carry the token as
    ``Authorization: Bearer``. The page has it from the printed link, or for the ticket in the
    link that opened the browser: both stand behind the link's ``#``, which no request carries.

    Parameters
    ----------
    app
        What answers those who are let in.
    keys
        The token and the tickets.
    hosts
        The server's names.
    """

    def __init__(self, app: ASGIApp, *, keys: Keys, hosts: Hosts) -> None:
        self._app = app
        self._keys = keys
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        headers = Headers(scope=scope)
        instead = self._stranger(scope, headers) or self._unknown(scope, headers)
        await (instead or self._app)(scope, receive, guarded)

    def _stranger(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to a request of somebody else's page, or to somebody else."""
        path: str = scope["path"]
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            what = RequestError("a request names one host")
            return refusal(path, what, HTTPStatus.BAD_REQUEST)
        if not self._hosts.has(hosts[0]):
            what = RequestError(f"this is not {hosts[0][:80]!r}", mend=_allowing(hosts[0]))
            return refusal(path, what, HTTPStatus.MISDIRECTED_REQUEST)
        # Pages of other ports of this machine count as the same site; they are strangers, too.
        sites = headers.getlist("sec-fetch-site") if path.startswith("/api") else []
        if any(not same_origin(origin, hosts[0]) for origin in headers.getlist("origin")) or any(
            site not in ("same-origin", "none") for site in sites
        ):
            what = RequestError("another site's page may not ask here", mend=_OPEN_THE_LINK)
            return refusal(path, what, HTTPStatus.FORBIDDEN)
        return None

    def _unknown(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to a request without the token: the token itself, for a ticket."""
        path: str = scope["path"]
        if not path.startswith("/api"):
            return None
        scheme, _, said = headers.get("authorization", "").partition(" ")
        key = said.strip() if scheme.lower() == "bearer" else ""
        if path == _ENTRANCE and scope["method"] == "POST":
            if self._keys.take(key):
                told = {"Cache-Control": "no-store"}
                return JSONResponse({"token": self._keys.token}, headers=told)
            what = "the link that opened this page lets in once, and soon: it is used, or too old"
        elif self._keys.fits(key):
            return None
        else:
            what = "the token is missing or not this explorer's"
        error = RequestError(what, mend=_OPEN_THE_LINK)
        return refusal(path, error, HTTPStatus.UNAUTHORIZED)


def _allowing(host: str) -> str:
    name = name_of(host)
    if name is None:
        return _OPEN_THE_LINK
    return f"{_OPEN_THE_LINK}, or start it with --allow-host {name} if that is its name for you"
