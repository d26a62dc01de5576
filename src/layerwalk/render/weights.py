"""What a picture has to say of the weights it was made with."""

from __future__ import annotations

from typing import Final

from layerwalk.record import Trace

__all__ = ["titled", "untrained"]

# How a model's weights are told where nothing was learned: "random, seed 0".
_RANDOM: Final = ("random", "untrained")


def untrained(trace: Trace) -> bool:
    """Whether the network's weights are known to be random: nobody trained them."""
    return trace.provenance.get("weights", "").startswith(_RANDOM)


def titled(title: str, trace: Trace) -> str:
    """The title; where the network is untrained it says so, for a picture travels alone.

    >>> titled("conv1", trace)                              # doctest: +SKIP
    'conv1, untrained (random weights)'
    """
    return f"{title}, untrained (random weights)" if untrained(trace) else title
