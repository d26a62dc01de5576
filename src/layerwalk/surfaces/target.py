"""What a score is of, as text: in a command, in a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layerwalk.record import Trace

if TYPE_CHECKING:
    from layerwalk.attribution import Aim

__all__ = ["parse_target"]


def parse_target(trace: Trace, text: str | None) -> Aim:
    """The class or the op's channel that a text names.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> parse_target(trace, "relu:2"), parse_target(trace, "tabby")
    (('relu', 2), 'tabby')
    """
    op, colon, channel = (text or "").rpartition(":")
    if colon and op in trace and channel.isdecimal():
        return op, int(channel)
    return text
