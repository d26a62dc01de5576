"""What open traces and runs are called in requests and links."""

from __future__ import annotations

import re
import secrets

from layerwalk.record import Trace

__all__ = ["letters", "name_for", "name_of"]

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def name_of(trace: Trace) -> str:
    """A new id: what was walked, and letters that no other has, in this program or the next.

    The browser keeps the numbers of a trace under its id, so none may come twice.
    """
    name = trace.photo.name if trace.photo is not None else trace.name
    return name_for(re.sub(r"\.\w{1,5}$", "", name.removeprefix("sample:")), "walk")


def name_for(thing: str, otherwise: str) -> str:
    """A new id that begins with a few plain letters of what a thing is called.

    >>> name_for("First run!", "run")[:-6]
    'first-run-'
    """
    words = re.sub(r"[^a-z0-9]+", "-", thing.lower()).strip("-")[:24].strip("-")
    return f"{words or otherwise}-{letters()}"


def letters() -> str:
    """Six letters and digits by chance."""
    return "".join(secrets.choice(_LETTERS) for _ in range(6))
