"""An op as it would have been recorded with another number of pictures in the batch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import torch

from layerwalk.capture.assemble import REREAD
from layerwalk.record import Argument, Op, Value

__all__ = ["Growth", "growth_of", "rebatched", "repeated"]

# Where a value lies in memory: its first byte, its shape, its strides.
_Place: TypeAlias = "tuple[int, tuple[int, ...], tuple[int, ...]]"
# Where each of these says its output's lengths outright.
_SIZES = {
    "view": "size", "reshape": "shape", "expand": "size", "broadcast_to": "size",
    "new_zeros": "size", "new_ones": "size", "new_full": "size", "new_empty": "size",
}  # fmt: skip
# Their rows are all alike, so there can be as many as are wanted.
_ALIKE = {"expand", "zeros", "ones", "full", "new_zeros", "new_ones", "new_full", "zeros_like"}


@dataclass(frozen=True, slots=True)
class Growth:
    """The axis along which a value holds the batch, and its length recorded and now."""

    axis: int
    was: int
    now: int

    def fits(self, recorded: tuple[int, ...], shape: tuple[int, ...]) -> bool:
        """Whether a shape is the recorded one, grown in the same measure along one axis."""
        grown = [(a, b) for a, b in zip(recorded, shape, strict=False) if a != b]
        return (
            len(recorded) == len(shape)
            and len(grown) == 1
            and grown[0][0] * self.now == grown[0][1] * self.was
        )


def growth_of(values: Iterable[Value], given: Iterable[torch.Tensor]) -> Growth | None:
    """How tensors differ from the values they stand for; ``None`` where they do not.

    Raises
    ------
    ValueError
        They differ otherwise than along one axis.
    """
    for value, tensor in zip(values, given, strict=True):
        if tensor.shape != value.shape:
            pairs = enumerate(zip(value.shape, tensor.shape, strict=True))
            axes = [Growth(axis, was, now) for axis, (was, now) in pairs if was != now]
            if len(axes) != 1:
                raise ValueError(f"{tuple(tensor.shape)} in place of {value.shape}")
            return axes[0]
    return None


def rebatched(op: Op, growth: Growth, count: int) -> Op:
    """The op with those of its lengths grown that count the pictures.

    Parameters
    ----------
    op, growth
        The op, and how what it reads has grown.
    count
        How many pictures there were when it was recorded.

    Raises
    ------
    ValueError
        They cannot be told, or do not come out whole.
    """
    if op.target == REREAD:
        return _relaid(op, growth)
    name = _SIZES.get(op.kind)
    if name is None or not op.made:
        return op
    sizes = list(op.shape)
    if op.kind in ("expand", "broadcast_to"):
        axis = growth.axis + len(sizes) - len(op.inputs[0].shape)
    elif op.kind.startswith("new_"):
        axis = 0
        if not sizes or sizes[0] != growth.was:
            return op
    else:
        axis = _same_place(op.inputs[0].shape, sizes, growth, count)
    grown, rest = divmod(sizes[axis] * growth.now, growth.was)
    if rest:
        raise ValueError(f"{op.shape} holds no whole number of pictures")
    sizes[axis] = grown
    return replace(op, arguments=_with(op, **{name: tuple(sizes)}))


def repeated(value: Value, tensor: torch.Tensor, growth: Growth) -> torch.Tensor:
    """A tensor that the network itself made for the batch, such as a class token, for its new
    length; any other as it is.
    """  # noqa: D205
    made_alike = value.op is not None and value.op.kind in _ALIKE
    if not made_alike or tensor.ndim < 2 or tensor.shape[0] != growth.was:
        return tensor
    return tensor[:1].expand(growth.now, *tensor.shape[1:])


def _same_place(shape: tuple[int, ...], sizes: list[int], growth: Growth, count: int) -> int:
    """The axis of the new lengths that begins where the batch begins in the old ones."""
    before, outer = math.prod(shape[: growth.axis]), 1
    places = []
    for axis, length in enumerate(sizes):
        if outer == before:
            places.append(axis)
        outer *= length
    if not places:
        raise ValueError(f"{tuple(sizes)} mixes the pictures")
    # Behind a length of 1 comes the same place again: that which has the batch's length is meant.
    exact = [axis for axis in places if sizes[axis] == count]
    return (exact or places[-1:])[0]


def _relaid(op: Op, growth: Growth) -> Op:
    """Memory laid out for more pictures: the steps from one to the next stay as they are."""
    if growth.axis != 0:
        raise ValueError("its memory does not begin with the pictures")
    arguments: dict[str, Any] = dict(op.arguments)
    places, place = arguments["places"], arguments["place"]
    if len({_step(one) for one in (*places, place)}) != 1:
        raise ValueError("its memory is not laid out picture by picture")
    return replace(
        op,
        arguments=_with(
            op,
            places=tuple(_longer(one, growth) for one in places),
            place=_longer(place, growth),
        ),
    )


def _step(place: _Place) -> int:
    """Numbers from one picture to the next."""
    return place[2][0]


def _longer(place: _Place, growth: Growth) -> _Place:
    start, (first, *rest), strides = place
    if first != growth.was:
        raise ValueError("its memory does not begin with the pictures")
    return start, (growth.now, *rest), strides


def _with(op: Op, **changed: Argument) -> tuple[tuple[str, Argument], ...]:
    return tuple({**dict(op.arguments), **changed}.items())
