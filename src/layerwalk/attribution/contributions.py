"""Which channels mattered: what each of every op contributed to a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from layerwalk.attribution.gradients import with_gradients
from layerwalk.attribution.target import Aim, target_of
from layerwalk.axes import channel_axes
from layerwalk.record import Op, Trace

__all__ = ["Contributions", "contributions"]


@dataclass(frozen=True, eq=False, slots=True)
class Contributions:
    """What each channel of every op contributed to one score.

    Attributes
    ----------
    target
        What the score is of: a class label, or an op's channel.
    score
        The score itself, as the network computed it.
    channels
        For each op, in the order of ``trace.ops``: float64 of shape (C,), the channels of its
        first output; ``None`` where the score does not depend on the op.
    """

    target: str
    score: float
    channels: tuple[NDArray[np.float64] | None, ...] = field(repr=False)

    def ranked(self, op: Op | int) -> list[int]:
        """An op's channels, those that mattered most first, for or against the score.

        Examples
        --------
        >>> import layerwalk as lw
        >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
        >>> contributions(trace).ranked(trace["c1"])
        [0, 5, 3, 1, 4, 2]
        """
        found = self.channels[op if isinstance(op, int) else op.index]
        return [] if found is None else np.argsort(-np.abs(found), kind="stable").tolist()


def contributions(trace: Trace, aim: Aim = None, sample: int = 0) -> Contributions:
    """What each channel of every op contributed to the score of a class, or of an op's channel.

    A channel's contribution is the sum over its positions of activation times gradient of the
    score: to first order, what the score would lose without the channel. It is exactly that
    where everything behind the op is linear; elsewhere it is an estimate, which silencing the
    channel (``lw.edit``) puts to the test.

    One pass forwards and one backwards through the recorded ops give all of them. Those of an
    edited trace are those of the edited network: a silenced channel contributes nothing, nor
    does what went into it alone.

    Parameters
    ----------
    trace
        The walk, with its weights.
    aim
        A class by number or label, ``(op, channel)``, or ``None`` for the best class.
    sample
        Which image of the batch.

    Raises
    ------
    NotFoundError
        There is no such class, op, channel or sample.
    CaptureError
        An op on the way has no gradient.

    Notes
    -----
    Activation times gradient of a layer: Kindermans et al. 2016, "Investigating the influence
    of noise and distractors on the interpretation of neural networks".

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    >>> found = contributions(trace)
    >>> found.target, found.ranked(trace["c1"])[:3]
    ('9', [0, 5, 3])
    """
    target = target_of(trace, aim, sample)
    tensors = with_gradients(trace, target.value)
    scored = tensors.get(target.value.id)
    if scored is None:
        held = torch.from_numpy(np.array(target.value.array()))
        return Contributions(target.name, float(target.score(held)), (None,) * len(trace))
    score = target.score(scored)
    wanted = [op for op in trace.ops if op.made and op.made[0].id in tensors]
    given = [tensors[op.made[0].id] for op in wanted]
    gradients: Sequence[torch.Tensor | None] = torch.autograd.grad(score, given, allow_unused=True)
    channels: list[NDArray[np.float64] | None] = [None] * len(trace)
    axes = channel_axes(trace)
    for op, value, gradient in zip(wanted, given, gradients, strict=True):
        if gradient is not None and value.ndim >= 2:
            product = value.detach().double() * gradient
            # Rows that the score does not depend on have no gradient, so all may be summed: where
            # a network cuts a picture into windows, several rows are of one picture.
            rows = product.movedim(axes[op.index], 0)
            channels[op.index] = rows.reshape(len(rows), -1).sum(1).cpu().numpy()
    return Contributions(target.name, float(score.detach()), tuple(channels))
