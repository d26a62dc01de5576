"""From a picture to the array that one network was trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from numbers import Real
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Resampling

from layerwalk.data.images import Image
from layerwalk.errors import ImageError, ModelError
from layerwalk.record import Photo

__all__ = ["Interpolation", "Prepared", "Preprocessing", "Size"]

Interpolation: TypeAlias = Literal["bicubic", "bilinear", "nearest"]
Size: TypeAlias = int | tuple[int, int] | None

_FILTERS = {
    "bicubic": Resampling.BICUBIC,
    "bilinear": Resampling.BILINEAR,
    "nearest": Resampling.NEAREST,
}
_MOST_PIXELS = 200_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """A picture as a network takes it.

    Attributes
    ----------
    array
        float32 of shape (1, channels, height, width), fresh and in C order.
    photo
        The same picture before its colours were normalised.
    """

    array: NDArray[np.float32] = field(repr=False)
    photo: Photo


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How one network wants its pictures: a frozen recipe that is called on an image.

    The order is that of torchvision's ``Resize``, ``CenterCrop``, ``ToTensor`` and
    ``Normalize`` on a Pillow image, and the numbers are theirs bit for bit.

    Parameters
    ----------
    resize
        An int is the new shorter side, the longer one follows, rounded down; a tuple is the
        new (height, width); ``None`` keeps the size.
    crop
        Side, or (height, width), of the middle that is cut out; black (0) is put round a
        picture that is smaller. ``None`` keeps all of it.
    interpolation
        ``"bicubic"`` or ``"bilinear"``, both antialiased as Pillow does, or ``"nearest"``.
    mean, std
        One number a channel: the last step is ``(x - mean) / std``.
    channels
        3 for red, green, blue; 1 for grey (ITU-R BT.601).
    scale
        What a level of 0 to 255 is multiplied by before that.

    Examples
    --------
    >>> from layerwalk.data import load_image
    >>> preprocessing = Preprocessing(256, 224, "bicubic", (0.5,) * 3, (0.5,) * 3, 3)
    >>> prepared = preprocessing(load_image("sample:dog"))
    >>> prepared.array.shape, prepared.photo.box
    ((1, 3, 224, 224), (122.46..., 33.75, 595.42..., 506.25))
    >>> preprocessing.describe()
    'shorter side to 256 (bicubic), centre crop 224x224, x/255, mean 0.5, std 0.5'

    Raises
    ------
    ModelError
        When it is built: a size is not positive, ``mean`` or ``std`` do not have one number
        a channel, a ``std`` or the ``scale`` is zero, or a number is not finite.
    """

    resize: Size
    crop: Size
    interpolation: Interpolation
    mean: tuple[float, ...]
    std: tuple[float, ...]
    channels: Literal[1, 3]
    scale: float = 1 / 255

    def __post_init__(self) -> None:
        _check_size("resize", self.resize)
        _check_size("crop", self.crop)
        if self.interpolation not in get_args(Interpolation):
            known = ", ".join(get_args(Interpolation))
            raise _wrong(f"there is no interpolation {self.interpolation!r}", f"use {known}")
        channels: object = self.channels
        if type(channels) is not int or channels not in (1, 3):
            raise _wrong(f"{channels!r} channels are no picture", "use 1 (grey) or 3 (colour)")
        _check_numbers("mean", self.mean, channels)
        _check_numbers("std", self.std, channels)
        if 0 in self.std:
            raise _wrong("a std of 0 would divide by zero", "use 1 to leave a channel as it is")
        if not _finite(self.scale) or self.scale == 0:
            raise _wrong(f"the scale {self.scale!r} leaves no picture", "use 1/255 for 0 to 1")

    def __call__(self, image: Image) -> Prepared:
        """The image as the network takes it, with the photo it then sees.

        Raises
        ------
        ImageError
            The image is so narrow that it would be resized to more than 200 megapixels.
        """
        picture = image.pil() if self.channels == 3 else image.pil().convert("L")
        height, width = self._resized(image)
        if (width, height) != picture.size:
            picture = picture.resize((width, height), _FILTERS[self.interpolation])
        crop_height, crop_width = _pair(self.crop) or (height, width)
        top, left = _margin(height, crop_height), _margin(width, crop_width)
        whole = np.asarray(picture).reshape(height, width, self.channels)
        pixels = _cut(whole, (top, left), (crop_height, crop_width))
        across, down = image.width / width, image.height / height
        box = (
            left * across,
            top * down,
            (left + crop_width) * across,
            (top + crop_height) * down,
        )
        photo = Photo(pixels, image.name, box, original=(image.width, image.height))
        return Prepared(self._normalised(pixels), photo)

    def describe(self) -> str:
        """The recipe in one line of plain text."""
        steps = [] if self.channels == 3 else ["grey"]
        if isinstance(self.resize, tuple):
            steps.append(f"resize to {_spelled(self.resize)} ({self.interpolation})")
        elif self.resize:
            steps.append(f"shorter side to {self.resize} ({self.interpolation})")
        if self.crop:
            steps.append(f"centre crop {_spelled(_pair(self.crop))}")
        divisor = 1 / self.scale
        if self.scale != 1:
            whole = math.isclose(divisor, round(divisor)) and round(divisor) != 0
            steps.append(f"x/{round(divisor)}" if whole else f"x*{self.scale:g}")
        steps += [f"mean {_numbers(self.mean)}", f"std {_numbers(self.std)}"]
        return ", ".join(steps)

    def _resized(self, image: Image) -> tuple[int, int]:
        height, width = image.height, image.width
        if isinstance(self.resize, tuple):
            height, width = self.resize
        elif self.resize:
            short, long = sorted((height, width))
            # Rounded down as torchvision does; a long side can never come out shorter.
            longer = int(self.resize * long / short)
            height, width = (self.resize, longer) if height <= width else (longer, self.resize)
        if height * width > _MOST_PIXELS and (height, width) != (image.height, image.width):
            raise ImageError(
                f"a picture of {image.width} x {image.height} would be resized to "
                f"{width} x {height} pixels",
                where=image.name,
                mend="cut it to a wider or taller shape first",
            )
        return height, width

    def _normalised(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        levels = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)
        # By division: x / 255 and x * (1 / 255) differ in the last bit, and the networks
        # were trained on the former.
        levels /= np.float32(1 / self.scale)
        levels -= np.asarray(self.mean, np.float32).reshape(1, -1, 1, 1)
        levels /= np.asarray(self.std, np.float32).reshape(1, -1, 1, 1)
        return levels


def _check_size(name: str, size: object) -> None:
    if size is None:
        return
    sides = size if isinstance(size, tuple) else (size, size)
    good = len(sides) == 2 and all(type(side) is int and side > 0 for side in sides)
    if not good:
        raise _wrong(f"{name} {size!r} is no size", "use a side, (height, width), or None")


def _check_numbers(name: str, numbers: object, channels: int) -> None:
    if not isinstance(numbers, tuple) or len(numbers) != channels:
        raise _wrong(
            f"{name} {numbers!r} does not have one number for each of {channels} channels",
            f"pass a tuple of {channels}",
        )
    if not all(_finite(number) for number in numbers):
        raise _wrong(f"{name} {numbers!r} holds what is no finite number", "correct it")


def _wrong(what: str, mend: str) -> ModelError:
    return ModelError(what, where="preprocessing", mend=mend)


def _finite(number: object) -> bool:
    return isinstance(number, Real) and math.isfinite(number)


def _pair(size: Size) -> tuple[int, int] | None:
    return (size, size) if isinstance(size, int) else size


def _margin(length: int, cut: int) -> int:
    """Where the middle ``cut`` of ``length`` begins; negative where it must be padded.

    As torchvision's ``center_crop``: half a pixel goes to the even neighbour when cutting
    and to the far side when padding.
    """
    return round((length - cut) / 2) if cut <= length else -((cut - length) // 2)


def _cut(
    whole: NDArray[np.uint8], corner: tuple[int, int], size: tuple[int, int]
) -> NDArray[np.uint8]:
    (top, left), (height, width) = corner, size
    seen = whole[max(top, 0) : top + height, max(left, 0) : left + width]
    pixels = np.zeros((height, width, whole.shape[2]), np.uint8)
    down, across = max(-top, 0), max(-left, 0)
    pixels[down : down + seen.shape[0], across : across + seen.shape[1]] = seen
    pixels.flags.writeable = False
    return pixels


def _spelled(size: tuple[int, int] | None) -> str:
    return "" if size is None else f"{size[0]}x{size[1]}"


def _numbers(numbers: tuple[float, ...]) -> str:
    if len(set(numbers)) == 1:
        return f"{numbers[0]:g}"
    return "(" + ", ".join(f"{number:g}" for number in numbers) + ")"
