"""What a method is asked: of which score, which picture, which op, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from layerwalk.attribution.baseline import baseline_of
from layerwalk.attribution.network import ReplayedNetwork
from layerwalk.attribution.score import Score
from layerwalk.axes import channel_axes
from layerwalk.errors import CaptureError, LayerwalkError
from layerwalk.record import Op, Trace

__all__ = ["Question", "question"]


@dataclass(frozen=True, eq=False)
class Question:
    """All that a method needs.

    Attributes
    ----------
    score
        The score.
    baseline
        Of the picture's shape, (1, C, ...).
    op
        The op of a method that looks at one.
    steps
        How many points between the baseline and the picture.
    window, stride
        Height and width of what is hidden at once, and how far it moves.
    features
        Which feature each place of the picture belongs to, of its shape (H, W).
    """

    score: Score
    baseline: torch.Tensor
    op: Op | None
    steps: int
    window: tuple[int, ...]
    stride: tuple[int, ...]
    features: torch.Tensor | None = field(default=None, repr=False)

    @property
    def picture(self) -> torch.Tensor:
        """The recorded input, a copy of its own: (1, C, ...)."""
        return self.score.picture.clone()

    @property
    def layer(self) -> nn.Module:
        """The module of the op."""
        return self.score.network.module_of(self.layer_op)

    @property
    def layer_op(self) -> Op:
        """The op.

        Raises
        ------
        CaptureError
            None was named, and none offers itself.
        """
        if self.op is None:
            raise CaptureError(
                "no op with feature maps lies between the input and the score",
                where=self.score.network.name,
                mend="name one: op=...",
            )
        return self.op

    def watched(self, watch: Callable[[int, int], None] | None, total: int) -> None:
        """Have it told how many of the runs are done."""
        done = 0

        def count(rows: int) -> None:
            nonlocal done
            before, done = done, min(done + rows, total)
            if watch is not None and done > before:
                watch(done, total)

        self.score.rows = count


def question(
    trace: Trace, method: str, looks_at_op: bool, score: Score, given: Mapping[str, object]
) -> Question:
    """What a method is asked, every option with its value.

    Parameters
    ----------
    trace, method
        The walk, and what the method is called.
    looks_at_op
        Whether it needs an op, so that one is chosen where none is named.
    score
        The score.
    given
        The options by name; ``None`` for those that were not given.

    Raises
    ------
    LayerwalkError
        An option cannot be used.
    """
    sides = score.picture.shape[2:]
    eighth = tuple(max(side // 8, 1) for side in sides)
    window = _lengths("window", given.get("window"), sides, eighth)
    half = tuple(max(length // 2, 1) for length in window)
    stride = _lengths("stride", given.get("stride"), sides, half)
    if any(far > long for far, long in zip(stride, window, strict=True)):
        raise LayerwalkError(
            f"a stride of {_sides(stride)} is more than the window of {_sides(window)}: "
            "places between two windows would never be hidden",
            where="stride",
            mend="give at most the window's size",
        )
    steps = 50 if given.get("steps") is None else given["steps"]
    if not isinstance(steps, int) or steps < 2:
        raise LayerwalkError(f"{steps!r} steps are too few", where="steps", mend="give 2 or more")
    features = given.get("features")
    if features is not None and given.get("op") is not None:
        raise LayerwalkError(
            "it hides either parts of the picture or channels of an op",
            where=method,
            mend="give features or op",
        )
    baseline = given.get("baseline")
    return Question(
        score,
        baseline_of(score.picture, 0.0 if baseline is None else baseline),  # type: ignore[arg-type]
        _op(trace, method, looks_at_op, score.network, given.get("op")),
        steps,
        window,
        stride,
        None if features is None else _features(features, tuple(sides)),
    )


def _op(
    trace: Trace, method: str, looks_at_op: bool, network: ReplayedNetwork, named: object
) -> Op | None:
    """The op that was named, or the last with maps for a method that looks at one."""
    if named is None and not looks_at_op:
        return None
    axes = channel_axes(trace)
    if named is not None:
        op = trace[named]  # type: ignore[index]
        network.module_of(op)
        if len(op.shape) < 2 or ("cam" in method and len(op.shape) < 3):
            raise CaptureError(
                f"its output {op.shape} has no maps", where=op.name, mend="name another op"
            )
        if axes[op.index] != 1:
            raise CaptureError(
                "its channels are the last axis", where=op.name, mend="name an op of (N, C, H, W)"
            )
        if looks_at_op and not _is_float(op):
            raise CaptureError(
                f"its output is {op.outputs[0].dtype}, which has no gradient",
                where=op.name,
                mend="name an op of a floating type",
            )
        if looks_at_op and op.shape[0] != network.input.shape[0]:
            raise CaptureError(
                f"the first axis of its output {op.shape} is not the pictures",
                where=op.name,
                mend="name an op of (N, C, H, W)",
            )
        return op
    sides, count = len(network.input.shape), network.input.shape[0]
    found = [
        op
        for op, _ in network.steps
        if len(op.shape) == sides > 2
        and op.shape[0] == count
        and max(op.shape[2:]) > 1
        and axes[op.index] == 1
        and op.made[0].id != network.target.id
        and _is_float(op)
    ]
    return trace[found[-1].index] if found else None


def _is_float(op: Op) -> bool:
    return op.outputs[0].dtype.startswith(("float", "bfloat"))


def _lengths(
    word: str, given: object, sides: Sequence[int], default: tuple[int, ...]
) -> tuple[int, ...]:
    if given is None:
        return default
    each = (given,) * len(sides) if isinstance(given, int) else given
    if (
        not isinstance(each, Sequence)
        or len(each) != len(sides)
        or not all(isinstance(a, int) and 1 <= a <= b for a, b in zip(each, sides, strict=True))
    ):
        within = _sides(sides)
        raise LayerwalkError(
            f"{given!r} is no {word} within {within}", where=word, mend=f"1 to {within}"
        )
    return tuple(each)


def _sides(lengths: Sequence[int]) -> str:
    return "x".join(map(str, lengths))


def _features(given: object, sides: tuple[int, ...]) -> torch.Tensor:
    numbers = np.asarray(given)
    if numbers.shape != sides or numbers.dtype.kind not in "iub":
        raise LayerwalkError(
            f"an array of {numbers.dtype} of shape {numbers.shape} names no features",
            where="features",
            mend=f"give whole numbers of shape {sides}",
        )
    # Numbered anew, so that none is left out: each number between costs a run.
    return torch.from_numpy(np.unique(numbers, return_inverse=True)[1].reshape(sides).astype(int))
