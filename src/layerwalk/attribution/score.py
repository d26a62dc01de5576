"""The score that is attributed, as a network: pictures in, one number for each out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import nn

from layerwalk.attribution.network import ReplayedNetwork, Run
from layerwalk.attribution.target import Target
from layerwalk.capture.again import recorded_tensor
from layerwalk.errors import CaptureError
from layerwalk.record import Trace

__all__ = ["Score"]


class Score(nn.Module):
    """The score of each picture, as the recorded ops give it.

    Several pictures run together where that was tried and gives each the recorded score; else,
    as in a network that counts its batch, mixes its pictures or looks at its numbers, they run
    one by one, each in the place that the recorded one has among its batch.

    Parameters
    ----------
    trace, target
        The walk, and what the score is of.
    weights
        As for :class:`ReplayedNetwork`.
    together
        Whether several run together; tried out, once that matters, if not given.

    Attributes
    ----------
    network
        The recorded ops.
    picture
        The recorded input of the sample, (1, C, ...).
    rows
        Told after each run how many pictures it was.
    """

    def __init__(
        self,
        trace: Trace,
        target: Target,
        *,
        weights: Mapping[int, torch.Tensor] | None = None,
        together: bool | None = None,
    ) -> None:
        super().__init__()
        self.network = ReplayedNetwork(trace, target.value, weights=weights)
        self.aim = target
        given = recorded_tensor(self.network.input).detach()
        if len(given) <= target.sample:
            raise CaptureError(
                f"there is no picture {target.sample}", where=self.network.input.name
            )
        self.batch = given
        self.picture = given[target.sample : target.sample + 1].clone()
        self.rows: Callable[[int], None] | None = None
        self._together = together
        if len(given) > 1:
            # Before anyone hooks the network: a trial has no gradients, which a hook may want.
            self._together = self.together

    @property
    def together(self) -> bool:
        """Whether several pictures run together."""
        if self._together is None:
            self._together = self._tried()
        return self._together

    @property
    def row(self) -> int:
        """Where the picture's row lies in what an op makes of it alone."""
        return self.aim.sample if len(self.batch) > 1 and not self.together else 0

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Float64 of shape (N,)."""
        one = len(pictures) == 1 == len(self.batch)
        if not one and self.together:
            rows: torch.Tensor = self.network(pictures)
            if self.rows is not None:
                self.rows(len(pictures))
            return self.aim.scores(rows)
        return torch.stack([self.alone(picture[None]) for picture in pictures])

    def alone(self, picture: torch.Tensor, run: Run | None = None) -> torch.Tensor:
        """The score of one picture (1, C, ...), in the recorded one's place among its batch."""
        at = self.aim.sample
        batch = torch.cat([self.batch[:at], picture, self.batch[at + 1 :]])
        score = self.aim.score(self.network(batch, run))
        if self.rows is not None:
            self.rows(1)
        return score

    def _tried(self) -> bool:
        if self.aim.rows > 1:
            return False
        recorded = recorded_tensor(self.aim.value).detach()[self.aim.sample].double()
        with torch.no_grad():
            try:
                made = self.network(torch.cat([self.picture, self.picture])).double()
            except CaptureError:
                return False
        # Another batch may take another kernel, whose sums are rounded otherwise.
        most = 1e-2 if self.aim.value.dtype in ("float16", "bfloat16") else 1e-3
        room = most * float(recorded.abs().max()) + 1e-12
        if made.shape != (2, *recorded.shape):
            return False
        return bool(((made - recorded).abs() <= room).all())
