"""Layer conductance where the pictures have to run one by one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from layerwalk.attribution.question import Question

__all__ = ["conductance"]


def conductance(asked: Question) -> torch.Tensor:
    """What flows through each number of an op, on the way from the baseline to the picture.

    It is the sum that Captum's ``LayerConductance`` takes of pictures that run together, at the
    same points: the score's gradient at the op, times the step of the op's numbers to the next
    point.

    Parameters
    ----------
    asked
        The score, the op and the baseline.

    Notes
    -----
    Dhamdhere, Sundararajan, Yan 2018, "How important is a neuron?".
    """
    nodes, _ = np.polynomial.legendre.leggauss(asked.steps + 1)
    way = asked.picture - asked.baseline
    points = (asked.baseline + way * float((node + 1) / 2) for node in nodes)
    flows = (
        slope * (after - before)
        for (before, slope), (after, _) in pairwise(_at(asked, point) for point in points)
    )
    # Those of other pictures stay as they are, unless the network mixes pictures: then what
    # flows through them counts too.
    return sum(flows, torch.zeros(())).sum(0)


def _at(asked: Question, point: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What the op makes of one picture, and the score's gradient there."""
    kept: list[torch.Tensor] = []

    def run(_place: int, step: nn.Module, given: tuple[torch.Tensor, ...]) -> Any:
        made = step(*given)
        if step is asked.layer:
            kept.append(made[0] if isinstance(made, tuple) else made)
        return made

    with torch.enable_grad():
        score = asked.score.alone(point.requires_grad_(), run)
        (slope,) = torch.autograd.grad(score, kept)
    return kept[0].detach(), slope
