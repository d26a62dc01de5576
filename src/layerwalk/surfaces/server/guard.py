"""Who is let in: the page that was opened by the printed link, and nobody else."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.server.hosts import Hosts
from layerwalk.surfaces.server.refusal import refusal

__all__ = ["Guard"]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; media-src blob:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OPEN_THE_LINK: Final = "open the link that was printed where the explorer was started"


class Guard:
    """Looks at every request before anything else does.

    A request must call the server by a name of its own, may not come from another site's page,
    and, where it asks for anything but the page itself, must carry the token: in the cookie
    that the printed link sets, or as ``Authorization: Bearer``.

    Parameters
    ----------
    app
        What answers those who are let in.
    token
        The secret in the printed link.
    hosts
        The server's names.
    port
        Where it listens; cookies do not tell ports apart, so their name does.
    """

    def __init__(self, app: ASGIApp, *, token: str, hosts: Hosts, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts
        self._cookie = f"layerwalk-{port}"

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
        instead = self._stranger(scope, headers) or self._entrance(scope)
        await (instead or self._app)(scope, receive, guarded)

    def _stranger(self, scope: Scope, headers: Headers) -> Response | None:
        """The answer to a request that is not let in."""
        path: str = scope["path"]
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            what = RequestError("a request names one host")
            return refusal(path, what, HTTPStatus.BAD_REQUEST)
        if not self._hosts.has(hosts[0]):
            what = RequestError(f"this is not {hosts[0][:80]!r}", mend=_OPEN_THE_LINK)
            return refusal(path, what, HTTPStatus.MISDIRECTED_REQUEST)
        if any(not self._hosts.has_origin(origin) for origin in headers.getlist("origin")):
            what = RequestError("another site's page may not ask here", mend=_OPEN_THE_LINK)
            return refusal(path, what, HTTPStatus.FORBIDDEN)
        if not path.startswith("/api"):
            return None
        # Pages of other ports of this machine count as the same site; they are strangers, too.
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            what = RequestError("another site's page may not ask here", mend=_OPEN_THE_LINK)
            return refusal(path, what, HTTPStatus.FORBIDDEN)
        if not any(self._fits(token) for token in self._tokens(headers)):
            return refusal(path, self._unknown(), HTTPStatus.UNAUTHORIZED)
        return None

    def _entrance(self, scope: Scope) -> Response | None:
        """The way in by the printed link: the token goes into a cookie, out of the address."""
        said = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["path"] != "/" or "token" not in said:
            return None
        if not self._fits(said["token"][0]):
            return refusal("/", self._unknown(), HTTPStatus.UNAUTHORIZED)
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
        response.set_cookie(
            self._cookie, self._token, path="/api", httponly=True, samesite="strict"
        )
        return response

    def _tokens(self, headers: Headers) -> list[str]:
        found = []
        scheme, _, said = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            found.append(said.strip())
        for line in headers.getlist("cookie"):
            for part in line.split(";"):
                name, _, value = part.strip().partition("=")
                if name == self._cookie:
                    found.append(value)
        return found

    def _fits(self, token: str) -> bool:
        return secrets.compare_digest(token.encode(), self._token.encode())

    @staticmethod
    def _unknown() -> LayerwalkError:
        return RequestError("the token is missing or not this explorer's", mend=_OPEN_THE_LINK)
