"""What an attribution is about: a class, or a channel of any op."""

from __future__ import annotations

import difflib
import operator
from dataclasses import dataclass, field
from typing import SupportsIndex, TypeAlias

import torch

from layerwalk.axes import channel_axes
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.prediction import class_scores
from layerwalk.record import Op, Trace, Value

__all__ = ["Aim", "Target", "target_of"]

Aim: TypeAlias = "int | str | tuple[int | str | Op, int] | None"
"""A class by number or label, an op's channel, or ``None``: the class with the best score."""

_AIMS = 'give a class by its number or label, or an op and a channel, ("conv1", 3)'


@dataclass(frozen=True, slots=True)
class Target:
    """One channel of one value: its sum over all positions is the score.

    Attributes
    ----------
    name
        What it is called: a class label, or ``"layer1.0.relu channel 3"``.
    value
        The value that holds it: the class scores, or the op's first output, of shape
        (N, C), (N, C, ...) or, in a network that keeps its channels last, (N, ..., C).
    sample, channel
        Which picture's, and which.
    axis
        Which axis the channels lie along.
    rows
        How many rows of the value are one picture's: more than 1 where a network cuts it into
        windows.
    """

    name: str
    value: Value = field(repr=False)
    sample: int
    channel: int
    axis: int = field(default=1, repr=False)
    rows: int = field(default=1, repr=False)

    def score(self, tensor: torch.Tensor) -> torch.Tensor:
        """The score that a tensor in the value's place gives, in float64."""
        return self.scores(tensor)[self.sample]

    def scores(self, tensor: torch.Tensor) -> torch.Tensor:
        """The score of each picture that a tensor in the value's place gives, in float64."""
        channel = tensor.select(self.axis, self.channel).double()
        return channel.reshape(len(channel) // self.rows, -1).sum(1)


def target_of(trace: Trace, aim: Aim = None, sample: int = 0) -> Target:
    """The target that an aim names.

    Raises
    ------
    NotFoundError
        There is no such class, op, channel or sample.
    LayerwalkError
        The aim is neither a class nor a channel.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> target_of(trace, ("relu", 2))
    Target(name='relu channel 2', sample=0, channel=2)
    """
    sample = _whole(sample, "sample", "give the number of a picture of the batch")
    if isinstance(aim, tuple):
        if len(aim) != 2:
            raise LayerwalkError(f"{aim!r} names no channel", where="aim", mend=_AIMS)
        return _of_channel(trace, trace[aim[0]], _whole(aim[1], "aim", _AIMS), sample)
    value = _scores_of(trace, sample)
    count = value.shape[1]
    labels = trace.labels if trace.labels and len(trace.labels) == count else None
    if aim is None:
        # Of a single score there is no best one to look for.
        wanted = int(class_scores(trace, sample).scores.argmax()) if count > 1 else 0
    elif isinstance(aim, str):
        wanted = _class(trace, aim, labels)
    else:
        wanted = _whole(aim, "aim", _AIMS)
    _check_place("class", wanted, count, value.name)
    return Target(labels[wanted] if labels else f"class {wanted}", value, sample, wanted)


def _of_channel(trace: Trace, op: Op, channel: int, sample: int) -> Target:
    if not op.made:
        raise NotFoundError("the op made no value", where=op.name)
    value, shape = op.outputs[0], op.outputs[0].shape
    if len(shape) < 2:
        raise NotFoundError(
            f"a value of shape {shape} has no channels",
            where=value.name,
            mend="aim at an op whose output is (N, C) or (N, C, ...)",
        )
    axis = channel_axes(trace)[op.index] % len(shape)
    pictures = next((each.shape[0] for each in trace.inputs if len(each.shape) > 1), shape[0])
    if pictures not in (1, shape[0]):
        raise NotFoundError(
            f"the first axis of its output {shape} is not the {pictures} pictures",
            where=op.name,
            mend="walk one picture, (1, C, H, W), or aim at an op of (N, C, ...)",
        )
    _check_place("sample", sample, pictures, value.name)
    _check_place("channel", channel, shape[axis], value.name)
    name = f"{op.name} channel {channel}"
    return Target(name, value, sample, channel, axis, shape[0] // pictures)


def _scores_of(trace: Trace, sample: int) -> Value:
    """The output that holds a row of class scores for each picture."""
    if not trace.outputs:
        return class_scores(trace, sample).value  # which says why there is none
    output = trace.outputs[0]
    if len(output.shape) != 2:
        there = next((op for op in reversed(trace.ops) if op.made and len(op.shape) > 1), None)
        raise NotFoundError(
            f"the output of shape {output.shape} holds no class scores, (N, classes)",
            where=trace.name,
            mend="aim at an op's channel"
            + (f': ("{there.name}", 0); in a command {there.name}:0' if there else ""),
        )
    _check_place("sample", sample, output.shape[0], output.name)
    return output


def _check_place(word: str, place: int, length: int, where: str) -> None:
    if not 0 <= place < length:
        raise NotFoundError(
            f"there is no {word} {place}",
            where=where,
            mend=f"it has {length}, from 0",
        )


def _whole(number: object, where: str, mend: str) -> int:
    """The whole number, numpy's too; True is none."""
    if isinstance(number, SupportsIndex) and not isinstance(number, bool):
        return operator.index(number)
    raise LayerwalkError(f"{number!r} is no whole number", where=where, mend=mend)


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
