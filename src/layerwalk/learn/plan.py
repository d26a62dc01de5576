"""How a network is to be trained: what a run can be continued from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from layerwalk.errors import LearnError
from layerwalk.learn.optimizers import OPTIMIZERS, RATES, Schedule

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers of a training.

    Attributes
    ----------
    epochs
        How often each picture is seen.
    batch
        Pictures an update.
    rate
        The highest learning rate; if not given, one of :data:`.optimizers.RATES`, with which small
        networks learn from pixels.
    optimizer
        One of :data:`.optimizers.OPTIMIZERS`.
    schedule
        ``"cosine"`` or ``"constant"``, see :func:`.optimizers.rate_at`.
    momentum, decay
        The optimiser's momentum, where it has one, and weight decay.
    held_out
        How many pictures are held out to judge by, or, below 1, which share.
    seed
        Decides the weights at the start, the split and the order of the pictures.
    workers
        Processes that read pictures ahead.
    probes
        How many held-out pictures are walked at each stored step.
    """

    epochs: int = 16
    batch: int = 32
    rate: float | None = None
    optimizer: str = "adam"
    schedule: Schedule = "cosine"
    momentum: float = 0.9
    decay: float = 1e-3
    held_out: float = 0.2
    seed: int = 0
    workers: int = 0
    probes: int = 10

    def __post_init__(self) -> None:
        for name in ("epochs", "batch", "probes"):
            if getattr(self, name) < 1:
                raise LearnError(
                    f"{name} is {getattr(self, name)}", where="learn", mend="use 1 or more"
                )
        for name in ("rate", "momentum", "decay", "workers"):
            number = getattr(self, name)
            if number is not None and not 0 <= number < float("inf"):
                raise LearnError(f"{name} is {number}", where="learn", mend="use 0 or more")
        if self.optimizer not in OPTIMIZERS:
            known = ", ".join(OPTIMIZERS)
            raise LearnError(
                f"there is no optimiser {self.optimizer!r}", where="learn", mend=f"use {known}"
            )
        if self.schedule not in get_args(Schedule):
            known = ", ".join(get_args(Schedule))
            raise LearnError(
                f"there is no schedule {self.schedule!r}", where="learn", mend=f"use {known}"
            )

    @property
    def highest_rate(self) -> float:
        """The rate, or the optimiser's own where none was given."""
        return RATES[self.optimizer] if self.rate is None else self.rate

    def told(self) -> dict[str, str]:
        """The numbers as text, for the run's description."""
        told = {one.name: str(getattr(self, one.name)) for one in fields(self)}
        return {**told, "rate": str(self.highest_rate)}

    @classmethod
    def read(cls, told: Mapping[str, str]) -> Plan:
        """The plan that a run's description tells.

        Raises
        ------
        LearnError
            It tells none: the run is of another loop.

        Examples
        --------
        >>> Plan.read(Plan(epochs=3).told()).epochs
        3
        """
        said: dict[str, Any] = {}
        for one in fields(cls):
            if one.name not in told:
                raise LearnError(
                    "the run does not say how it was trained",
                    mend="go on with the loop that made it: lw.watch(..., go_on=True)",
                )
            text = told[one.name]
            said[one.name] = text if isinstance(one.default, str) else json.loads(text)
        return cls(**said)
