"""What the user says about a network's input, over what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.errors import ModelError
from layerwalk.models.model import Model

__all__ = ["InputFormat", "Numbers", "Size", "plain_preprocessing"]

Size: TypeAlias = int | Sequence[int]
Numbers: TypeAlias = float | Sequence[float]


@dataclass(frozen=True)
class InputFormat:
    """The input as the user described it; ``None`` leaves what the network brings along.

    Attributes
    ----------
    input_size
        ``224``, ``(height, width)`` or ``(channels, height, width)``.
    channels
        1 (grey) or 3 (red, green, blue).
    mean, std
        One number, or one a channel, on the scale 0..1.

    Examples
    --------
    >>> InputFormat(input_size=(1, 28, 28), mean=0.1307).over(model)   # doctest: +SKIP
    """

    input_size: Size | None = None
    channels: int | None = None
    mean: Numbers | None = None
    std: Numbers | None = None

    def over(self, model: Model) -> Model:
        """The model with this format in place of its own.

        A square size keeps the network's proportion between resize and crop. One that is
        not square resizes the picture to it, whatever its proportions.

        Raises
        ------
        ModelError
            A number makes no sense, or the network takes another number of channels.
        """
        if self == InputFormat():
            return model
        size, channels = self._size(model.name), self._channels(model)
        base = model.preprocessing
        if base is None:
            known = model.input_size[1:] if model.input_size else None
            base = plain_preprocessing(known, channels)
        if size:
            base = _resized(base, size)
        mean = _per_channel(self.mean, channels, "mean", model.name)
        std = _per_channel(self.std, channels, "std", model.name)
        if std and min(std) <= 0:
            raise ModelError(f"std is {self.std}", where=model.name, mend="pass numbers above 0")
        base = replace(base, mean=mean or base.mean, std=std or base.std)
        input_size = (channels, *size) if size else model.input_size
        return replace(model, preprocessing=base, input_size=input_size)

    def _size(self, name: str) -> tuple[int, int] | None:
        if self.input_size is None:
            return None
        given = self.input_size
        numbers: tuple[object, ...] = tuple(given) if isinstance(given, Sequence) else (given,) * 2
        whole = [number for number in numbers if isinstance(number, int) and number > 0]
        if len(numbers) not in (2, 3) or len(whole) < len(numbers):
            raise ModelError(
                f"the input size is {given!r}",
                where=name,
                mend="pass one number, (height, width) or (channels, height, width)",
            )
        return whole[-2], whole[-1]

    def _channels(self, model: Model) -> int:
        given = self.channels
        size = self.input_size
        if size is not None and not isinstance(size, int) and len(size) == 3:
            if given not in (None, size[0]):
                raise ModelError(
                    f"the input size {tuple(size)} has {size[0]} channels, not {given}",
                    where=model.name,
                    mend="leave channels out",
                )
            given = size[0]
        known: int | None = None
        if model.preprocessing:
            known = model.preprocessing.channels
        elif model.input_size:
            known = model.input_size[0]
        channels = next(number for number in (given, known, 3) if number is not None)
        if channels not in (1, 3):
            raise ModelError(
                f"pictures have 1 or 3 channels, not {channels}",
                where=model.name,
                mend="pass such a network its tensors, not a picture",
            )
        if known not in (None, channels):
            raise ModelError(
                f"it takes {known}-channel pictures, not {channels}-channel ones",
                where=model.name,
                mend="leave channels out: every picture is turned into what the network takes",
            )
        return channels


def plain_preprocessing(size: tuple[int, int] | None, channels: int) -> Preprocessing:
    """Pixels as x / 255 and nothing else, cropped square or resized to ``size``.

    Examples
    --------
    >>> plain_preprocessing((32, 32), 3).std
    (1.0, 1.0, 1.0)
    """
    plain = Preprocessing(
        resize=None,
        crop=None,
        interpolation="bilinear",
        mean=(0.0,) * channels,
        std=(1.0,) * channels,
        channels=3 if channels == 3 else 1,
    )
    return _resized(plain, size) if size else plain


def _resized(base: Preprocessing, size: tuple[int, int]) -> Preprocessing:
    height, width = size
    if height != width:
        return replace(base, resize=size, crop=None)
    resize, crop = base.resize, base.crop
    crop_side = crop if isinstance(crop, int) or crop is None else crop[0]
    if isinstance(resize, int) and crop_side:
        return replace(base, resize=max(height, round(height * resize / crop_side)), crop=height)
    if isinstance(resize, tuple):
        # A network that squashes its pictures goes on doing so.
        return replace(base, resize=size, crop=None)
    return replace(base, resize=height, crop=height)


def _per_channel(
    numbers: Numbers | None, channels: int, what: str, name: str
) -> tuple[float, ...] | None:
    if numbers is None:
        return None
    given = tuple(numbers) if isinstance(numbers, Sequence) else (numbers,) * channels
    try:
        converted = tuple(float(number) for number in given)
    except (TypeError, ValueError):
        converted = ()
    if len(converted) != channels:
        raise ModelError(
            f"{what} {numbers!r} is not one number for each of {channels} channels",
            where=name,
            mend="pass one number, or one a channel",
        )
    return converted
