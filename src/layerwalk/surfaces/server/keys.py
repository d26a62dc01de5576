"""The secrets that let a page in."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Final

__all__ = ["Keys"]

_LIFETIME: Final = 120.0  # seconds that a browser may take to start


class Keys:
    """A server's token, which is good for as long as it runs, and tickets that buy it once.

    What opens the browser stands in its command line, where everybody on the machine can read
    it: a ticket there is worth nothing when it has been used.

    Parameters
    ----------
    clock
        Tells the time, in seconds.

    Examples
    --------
    >>> keys = Keys()
    >>> ticket = keys.ticket()
    >>> keys.take(ticket), keys.take(ticket)
    (True, False)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.token = secrets.token_urlsafe(24)
        self._clock = clock
        self._tickets: dict[str, float] = {}

    def fits(self, token: str) -> bool:
        """Whether a text is the token."""
        return secrets.compare_digest(token.encode(), self.token.encode())

    def ticket(self) -> str:
        """A new ticket."""
        now = self._clock()
        self._tickets = {one: end for one, end in self._tickets.items() if end > now}
        made = secrets.token_urlsafe(24)
        self._tickets[made] = now + _LIFETIME
        return made

    def take(self, ticket: str) -> bool:
        """Whether a text is a ticket that nobody has used; now it is used."""
        return self._tickets.pop(ticket, 0.0) > self._clock()
