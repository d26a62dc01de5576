"""The input hidden in part, or with noise; the photo shows what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import starmap
from typing import Any, ClassVar, Final, Literal, NamedTuple, TypeAlias, cast

import numpy as np
import torch
from numpy.typing import NDArray

from layerwalk.edits.given import as_whole
from layerwalk.edits.numbers import as_number, as_numbers, shape_of, spelled, spelled_number
from layerwalk.edits.plan import Change, Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError
from layerwalk.record import Photo, Trace, Value

__all__ = ["AddNoise", "Box", "Hide", "HidePatches", "Paint"]

Paint: TypeAlias = "float | tuple[float, ...] | Literal['mean']"


class Box(NamedTuple):
    """A rectangle of the network's input, in rows and columns."""

    top: int
    left: int
    height: int
    width: int

    def __str__(self) -> str:
        return f"{self.height}x{self.width} at row {self.top}, column {self.left}"

    @property
    def is_patch(self) -> bool:
        """Whether its rows and columns are whole numbers, begin at 0 and are some."""
        return all(type(number) is int for number in self) and (
            min(self.top, self.left) >= 0 and min(self.height, self.width) >= 1
        )


@dataclass(frozen=True, slots=True)
class Hide(Edit):
    """A patch of the input painted over.

    Attributes
    ----------
    top, left, height, width
        The patch, in rows and columns of the network's input.
    paint
        What stands there instead, as the network reads it: one number, one for each channel,
        or ``"mean"``, each channel's mean over the whole picture.
    """

    do: ClassVar[str] = "hide"
    top: int
    left: int
    height: int
    width: int
    paint: Paint = "mean"

    def __post_init__(self) -> None:
        super(Hide, self).__post_init__()
        _check(self.boxes)
        object.__setattr__(self, "paint", _paint(self.paint))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The one patch."""
        return (Box(self.top, self.left, self.height, self.width),)

    def describe(self) -> str:
        """The edit in a few words."""
        return f"hide {self.boxes[0]}{_with(self.paint)}"

    def join(self, plan: Plan) -> None:
        """Paint the patch."""
        _hide(plan, self.boxes, self.paint)

    def remark(self, trace: Trace) -> str:
        """In which units the paint is."""
        return "" if self.paint == "mean" else _units(trace)


@dataclass(frozen=True, slots=True)
class HidePatches(Edit):
    """Several patches of the input painted over at once: a stroke of a brush, an outline.

    Attributes
    ----------
    patches
        Each as top, left, height and width, as :class:`Hide` has them; they may overlap.
    paint
        As :class:`Hide` has it; ``"mean"`` is of the picture before any of them was hidden.
    """

    do: ClassVar[str] = "hide_patches"
    patches: tuple[tuple[int, int, int, int], ...]
    paint: Paint = "mean"

    def __post_init__(self) -> None:
        super(HidePatches, self).__post_init__()
        patches: Any = self.patches
        listed = isinstance(patches, tuple) and all(isinstance(one, tuple) for one in patches)
        if not listed or {len(one) for one in patches} != {4}:
            raise EditError(
                f"{patches!r} are no patches"[:200],
                where="hide",
                mend="give top, left, height and width of each",
            )
        _check(self.boxes)
        object.__setattr__(self, "paint", _paint(self.paint))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The patches."""
        return tuple(starmap(Box, self.patches))

    def describe(self) -> str:
        """The edit in a few words: a few patches one by one, many by their frame."""
        boxes = self.boxes
        if len(boxes) <= _FEW:
            return f"hide {' and '.join(map(str, boxes))}{_with(self.paint)}"
        return f"hide ({len(boxes)} patches) within {_frame(boxes)}{_with(self.paint)}"

    def join(self, plan: Plan) -> None:
        """Paint the patches."""
        _hide(plan, self.boxes, self.paint)

    def remark(self, trace: Trace) -> str:
        """In which units the paint is."""
        return "" if self.paint == "mean" else _units(trace)


@dataclass(frozen=True, slots=True)
class AddNoise(Edit):
    """Normal noise added to the input.

    Attributes
    ----------
    deviation
        Its standard deviation, in the units that the network reads.
    seed
        The same seed gives the same noise.
    """

    do: ClassVar[str] = "add_noise"
    deviation: float
    seed: int = 0

    def __post_init__(self) -> None:
        super(AddNoise, self).__post_init__()
        object.__setattr__(self, "deviation", as_number(self.deviation, "add_noise"))
        object.__setattr__(self, "seed", as_whole(self.seed, "add_noise", "seed"))
        if not -(2**63) <= self.seed < 2**63:
            raise EditError("the seed is too large", where="add_noise", mend="give another")
        if self.deviation < 0:
            raise EditError(f"the deviation {self.deviation} is negative", where="add_noise")

    def describe(self) -> str:
        """The edit in a few words."""
        return f"add noise of deviation {spelled_number(self.deviation)}, seed {self.seed}"

    def join(self, plan: Plan) -> None:
        """Add it."""

        def change(tensor: torch.Tensor) -> torch.Tensor:
            generator = torch.Generator().manual_seed(self.seed)
            noise = torch.randn(tensor.shape, generator=generator) * self.deviation
            return tensor + noise.to(tensor)

        _apply(plan, _picture(plan.trace), change)

    def remark(self, trace: Trace) -> str:
        """In which units the deviation is."""
        return _units(trace)


_FEW: Final = 3


def _with(paint: Paint) -> str:
    return "" if isinstance(paint, str) else f" with {spelled(paint)}"


def _frame(boxes: tuple[Box, ...]) -> Box:
    """The rectangle about all of them."""
    top, left = min(box.top for box in boxes), min(box.left for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    right = max(box.left + box.width for box in boxes)
    return Box(top, left, bottom - top, right - left)


def _paint(given: Any) -> Paint:
    if isinstance(given, str):
        if given != "mean":
            raise EditError(
                f"{given!r} is no paint"[:200],
                where="hide",
                mend="give 'mean', a number, or one for each channel",
            )
        return "mean"
    paint = as_numbers(given, "hide")
    if len(shape_of(paint)) > 1:
        raise EditError(
            f"a table of shape {shape_of(paint)} is no paint",
            where="hide",
            mend="give a number, or one for each channel",
        )
    return cast("Paint", paint)


def _units(trace: Trace) -> str:
    numbers = _picture(trace).array()
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return "in the units that the network reads"
    low, high = (f"{float(end):.4g}" for end in (finite.min(), finite.max()))
    return f"in the units that the network reads, here {low} to {high}"


def _check(boxes: tuple[Box, ...]) -> None:
    for box in boxes:
        if not box.is_patch:
            raise EditError(f"{box} is no patch", where="hide", mend="give rows and columns from 0")


def _hide(plan: Plan, boxes: tuple[Box, ...], paint: Paint) -> None:
    value = _picture(plan.trace)
    channels, rows, columns = value.shape[-3:]
    for box in boxes:
        if box.top + box.height > rows or box.left + box.width > columns:
            raise EditError(
                f"the patch {box} does not lie within {rows}x{columns}",
                where=value.name,
                mend="give rows and columns of the network's input",
            )
    if isinstance(paint, tuple) and len(paint) != channels:
        raise EditError(
            f"{len(paint)} numbers for {channels} channels",
            where="hide",
            mend="give one, or one for each",
        )

    def change(tensor: torch.Tensor) -> torch.Tensor:
        if paint == "mean":
            filling = tensor.mean((-2, -1), keepdim=True)
        else:
            filling = torch.tensor(paint, dtype=tensor.dtype).reshape(-1, 1, 1)
        for top, left, height, width in boxes:
            tensor[..., top : top + height, left : left + width] = filling.to(tensor)
        return tensor

    _apply(plan, value, change)


def _picture(trace: Trace) -> Value:
    value = next(iter(trace.inputs), None)
    if value is None or len(value.shape) < 3 or not value.dtype.startswith(("float", "bfloat")):
        raise EditError(
            "the network's first input is no picture",
            where=trace.name,
            mend="patches and noise need one of shape (N, C, H, W)",
        )
    return value


def _apply(plan: Plan, value: Value, change: Change) -> None:
    photo = plan.photo
    if photo is None or len(value.shape) != 4:
        plan.change(value, change)
        return
    levels = _levels(photo, value)

    def and_show(tensor: torch.Tensor) -> torch.Tensor:
        changed = change(tensor)
        if levels is not None and plan.photo is not None:
            plan.photo = replace(plan.photo, pixels=_seen(changed, levels))
        return changed

    plan.change(value, and_show)


def _levels(photo: Photo, value: Value) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """By channel, scale and shift that made the input of the photo's pixels, where it was so."""
    given = value.array()[0].astype(np.float64)
    pixels = photo.pixels.transpose(2, 0, 1).astype(np.float64)
    if given.shape != pixels.shape:
        return None
    scales, shifts = [], []
    for numbers, levels in zip(given, pixels, strict=True):
        low, high = levels.argmin(), levels.argmax()
        rise = levels.flat[high] - levels.flat[low]
        if rise == 0:
            return None
        scale = (numbers.flat[high] - numbers.flat[low]) / rise
        shift = numbers.flat[low] - scale * levels.flat[low]
        if scale == 0 or np.abs(scale * levels + shift - numbers).max() > abs(scale) / 4:
            return None
        scales.append(scale)
        shifts.append(shift)
    return np.array(scales), np.array(shifts)


def _seen(
    tensor: torch.Tensor, levels: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.uint8]:
    """The pixels that such an input stands for; beyond black and white they are cut off."""
    scales, shifts = levels
    numbers = tensor[0].double().cpu().numpy().transpose(1, 2, 0)
    return np.clip(np.rint((numbers - shifts) / scales), 0, 255).astype(np.uint8)
