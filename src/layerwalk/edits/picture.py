"""The input hidden in part, or with noise; the photo shows what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from layerwalk.edits.numbers import checked_numbers, spelled
from layerwalk.edits.plan import Change, Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError
from layerwalk.record import Photo, Value

__all__ = ["AddNoise", "Hide"]

Paint: TypeAlias = "float | tuple[float, ...] | Literal['mean']"


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
        if self.paint != "mean":
            checked_numbers(self.paint, "hide")
        if min(self.top, self.left) < 0 or min(self.height, self.width) < 1:
            raise EditError(
                f"{self._box} is no patch", where="hide", mend="give rows and columns from 0"
            )

    @property
    def _box(self) -> str:
        return f"{self.height}x{self.width} at row {self.top}, column {self.left}"

    def describe(self) -> str:
        """The edit in a few words."""
        how = "" if self.paint == "mean" else f" with {spelled(self.paint)}"
        return f"hide {self._box}{how}"

    def join(self, plan: Plan) -> None:
        """Paint the patch."""
        value = _picture(plan)
        channels, rows, columns = value.shape[-3:]
        if self.top + self.height > rows or self.left + self.width > columns:
            raise EditError(
                f"the patch {self._box} does not lie within {rows}x{columns}",
                where=value.name,
                mend="give rows and columns of the network's input",
            )
        if isinstance(self.paint, tuple) and len(self.paint) != channels:
            raise EditError(
                f"{len(self.paint)} numbers for {channels} channels",
                where="hide",
                mend="give one, or one for each",
            )

        def change(tensor: torch.Tensor) -> torch.Tensor:
            if self.paint == "mean":
                paint = tensor.mean((-2, -1), keepdim=True)
            else:
                paint = torch.tensor(self.paint, dtype=tensor.dtype).reshape(-1, 1, 1)
            rows, columns = slice(self.top, self.top + self.height), self._columns
            tensor[..., rows, columns] = paint.to(tensor)
            return tensor

        _apply(plan, value, change)

    @property
    def _columns(self) -> slice:
        return slice(self.left, self.left + self.width)


@dataclass(frozen=True, slots=True)
class AddNoise(Edit):
    """Normal noise added to the input.

    Attributes
    ----------
    deviation
        Its standard deviation, in the network's units.
    seed
        The same seed gives the same noise.
    """

    do: ClassVar[str] = "add_noise"
    deviation: float
    seed: int = 0

    def __post_init__(self) -> None:
        checked_numbers(self.deviation, "add_noise")
        if self.deviation < 0:
            raise EditError(f"the deviation {self.deviation} is negative", where="add_noise")

    def describe(self) -> str:
        """The edit in a few words."""
        return f"add noise of deviation {spelled(self.deviation)}, seed {self.seed}"

    def join(self, plan: Plan) -> None:
        """Add it."""

        def change(tensor: torch.Tensor) -> torch.Tensor:
            generator = torch.Generator().manual_seed(self.seed)
            noise = torch.randn(tensor.shape, generator=generator) * self.deviation
            return tensor + noise.to(tensor)

        _apply(plan, _picture(plan), change)


def _picture(plan: Plan) -> Value:
    value = next(iter(plan.trace.inputs), None)
    if value is None or len(value.shape) < 3 or not value.dtype.startswith(("float", "bfloat")):
        raise EditError(
            "the network's first input is no picture",
            where=plan.trace.name,
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
