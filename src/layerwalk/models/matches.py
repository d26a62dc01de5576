"""Names that a mistyped one may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The question that names the closest matches, ``""`` where nothing is close.

    Examples
    --------
    >>> did_you_mean("resnet81", ["resnet18", "vgg16"])
    'did you mean resnet18?'
    """
    near = difflib.get_close_matches(name, known, n=3, cutoff=cutoff)
    return f"did you mean {' or '.join(near)}?" if near else ""
