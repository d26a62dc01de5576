"""What an attribution is about: a class, or a channel of any op."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TypeAlias

import torch

from layerwalk.errors import NotFoundError
from layerwalk.prediction import class_scores
from layerwalk.record import Op, Trace, Value

__all__ = ["Aim", "Target", "target_of"]

Aim: TypeAlias = "int | str | tuple[int | str | Op, int] | None"
"""A class by number or label, an op's channel, or ``None``: the class with the best score."""


@dataclass(frozen=True, slots=True)
class Target:
    """One channel of one value: its sum over all positions is the score.

    Attributes
    ----------
    name
        What it is called: a class label, or ``"layer1.0.relu channel 3"``.
    value
        The value that holds it: the class scores, or the op's first output, of shape
        (N, C) or (N, C, ...).
    sample, channel
        Which row of it.
    """

    name: str
    value: Value = field(repr=False)
    sample: int
    channel: int

    def score(self, tensor: torch.Tensor) -> torch.Tensor:
        """The score that a tensor in the value's place gives, in float64."""
        return tensor[self.sample, self.channel].double().sum()


def target_of(trace: Trace, aim: Aim = None, sample: int = 0) -> Target:
    """The target that an aim names.

    Raises
    ------
    NotFoundError
        There is no such class, op, channel or sample.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> target_of(trace, ("relu", 2))
    Target(name='relu channel 2', sample=0, channel=2)
    """
    if isinstance(aim, tuple):
        op, channel = trace[aim[0]], aim[1]
        if not op.made:
            raise NotFoundError("the op made no value", where=op.name)
        return _checked(f"{op.name} channel {channel}", op.outputs[0], sample, channel)
    scores = class_scores(trace, sample)
    count = len(scores.scores)
    labels = trace.labels if trace.labels and len(trace.labels) == count else None
    if aim is None:
        aim = int(scores.scores.argmax())
    elif isinstance(aim, str):
        aim = _class(trace, aim, labels)
    name = labels[aim] if labels and 0 <= aim < count else f"class {aim}"
    return _checked(name, scores.value, sample, aim)


def _checked(name: str, value: Value, sample: int, channel: int) -> Target:
    if len(value.shape) < 2:
        raise NotFoundError(
            f"a value of shape {value.shape} has no channels",
            where=value.name,
            mend="aim at an op whose output is (N, C) or (N, C, ...)",
        )
    for word, place, length in zip(
        ("sample", "channel"), (sample, channel), value.shape, strict=False
    ):
        if not 0 <= place < length:
            raise NotFoundError(
                f"there is no {word} {place}", where=value.name, mend=f"it has {length}, from 0"
            )
    return Target(name, value, sample, channel)


def _class(trace: Trace, label: str, labels: tuple[str, ...] | None) -> int:
    """The class of a label, whatever its capitals; or of a number written out."""
    if label.isdecimal():
        return int(label)
    if not labels:
        raise NotFoundError(
            f"there is no class {label!r}", where=trace.name, mend="name it by its number"
        )
    known = [name.casefold() for name in labels]
    if label.casefold() in known:
        return known.index(label.casefold())
    near = difflib.get_close_matches(label.casefold(), known, n=3)
    raise NotFoundError(
        f"there is no class {label!r}",
        where=trace.name,
        mend=f"did you mean {', '.join(labels[known.index(word)] for word in near)}?"
        if near
        else "a class goes by its label or its number",
    )
