"""How large a map is drawn: every number a whole number of pixels, or numbers left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array

__all__ = ["Fit", "PlaneFit", "choose_fit", "choose_plane_fit"]


@dataclass(frozen=True, slots=True)
class Fit:
    """Each number drawn ``zoom`` pixels wide, of every ``step``-th number.

    One of the two is always 1: numbers are repeated or left out, never mixed.
    """

    zoom: int
    step: int

    def length(self, count: int) -> int:
        """How many pixels ``count`` numbers take."""
        return -(-count // self.step) * self.zoom

    def sample(self, array: Array) -> Array:
        """The numbers that are drawn: every ``step``-th of the last two axes."""
        return array if self.step == 1 else array[..., :: self.step, :: self.step]

    def enlarge(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture of shape (h, w, 3), each pixel repeated ``zoom`` times both ways."""
        if self.zoom == 1:
            return pixels
        return pixels.repeat(self.zoom, axis=0).repeat(self.zoom, axis=1)

    @property
    def note(self) -> str:
        """What was left out, in words; ``""`` when every number is drawn."""
        if self.step == 1:
            return ""
        return f"1 of {self.step} rows and columns drawn"


def choose_fit(shape: tuple[int, ...], box: tuple[int, int], *, most: int = 64) -> Fit:
    """The largest whole zoom at which a map fits into ``box`` (height, width).

    A map larger than the box has rows and columns left out evenly instead.

    Examples
    --------
    >>> choose_fit((7, 7), (112, 112)), choose_fit((224, 224), (112, 112))
    (Fit(zoom=16, step=1), Fit(zoom=1, step=2))
    """
    height, width = shape[:2]
    zoom = min(box[0] // height, box[1] // width, most)
    if zoom >= 1:
        return Fit(zoom, 1)
    return Fit(1, max(-(-height // box[0]), -(-width // box[1])))


@dataclass(frozen=True, slots=True)
class PlaneFit:
    """How a plane is drawn whose axes are of different kinds: each has its own fit."""

    down: Fit
    across: Fit

    def size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Height and width in pixels of a plane of that shape."""
        return self.down.length(shape[0]), self.across.length(shape[1])

    def sample(self, array: Array) -> Array:
        """The numbers that are drawn, of a (H, W) or (H, W, 3) array."""
        return array[:: self.down.step, :: self.across.step]

    def enlarge(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture with each pixel repeated, rows and columns by their own zoom."""
        return pixels.repeat(self.down.zoom, axis=0).repeat(self.across.zoom, axis=1)

    @property
    def note(self) -> str:
        """What was left out, in words; ``""`` when every number is drawn."""
        if self.down == self.across:
            return self.down.note
        parts = ((self.down.step, "rows"), (self.across.step, "columns"))
        return ", ".join(f"1 of {step} {what} drawn" for step, what in parts if step > 1)


def choose_plane_fit(shape: tuple[int, ...], box: tuple[int, int], *, most: int = 24) -> PlaneFit:
    """The largest whole zooms at which a plane fits into ``box`` (height, width).

    Four channels of a long signal are still seen, because the axes are zoomed apart.

    Examples
    --------
    >>> choose_plane_fit((4, 16000), (112, 1000))
    PlaneFit(down=Fit(zoom=24, step=1), across=Fit(zoom=1, step=16))
    """
    return PlaneFit(
        choose_fit((shape[0], 1), (box[0], most), most=most),
        choose_fit((1, shape[1]), (most, box[1]), most=most),
    )
