"""Which columns of a Hugging Face data set hold the pictures and the labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError

__all__ = ["Columns", "find_columns"]

_IMAGES: Final = ("image", "img", "picture", "pixels", "pixel_values", "x")
_LABELS: Final = ("label", "labels", "class", "target", "category", "y", "fine_label")


@dataclass(frozen=True, slots=True)
class Columns:
    """The two columns.

    Attributes
    ----------
    image, label
        Their names.
    encoded
        Whether the pictures are files, to be decoded; else they are numbers.
    classes
        What the classes are called, if the set says so.
    """

    image: str
    label: str
    encoded: bool
    classes: tuple[str, ...] | None


def find_columns(features: Mapping[str, Any], wanted: Wanted, where: str) -> Columns:
    """The columns of pictures and labels, by their types, then by their names.

    Parameters
    ----------
    features
        As Hugging Face ``datasets`` gives them.
    wanted
        Which columns were asked for, if any.
    where
        What errors call the data set.

    Raises
    ------
    DataError
        There is none, or more than one that could be meant.
    """
    images = [name for name, kind in features.items() if type(kind).__name__ == "Image"]
    named = [name for name in features if type(features[name]).__name__ == "ClassLabel"]
    words = ("image", "pictures")
    image = _choose(list(features), wanted.image, images, _IMAGES, words=words, where=where)
    rest = [name for name in features if name != image]
    words = ("label", "labels")
    label = _choose(rest, wanted.label, named, _LABELS, words=words, where=where)
    classes = tuple(features[label].names) if label in named else None
    return Columns(image, label, image in images, classes)


def _choose(
    there: Sequence[str],
    asked: str | None,
    typed: Sequence[str],
    known: Sequence[str],
    *,
    words: tuple[str, str],
    where: str,
) -> str:
    option, what = words
    if asked is not None and asked in there:
        return asked
    candidates = [name for name in typed if name in there]
    if asked is None and len(candidates) == 1:
        return candidates[0]
    among = candidates or list(there)
    if asked is None:
        for name in known[:3] if candidates else known:
            found = [one for one in among if one.lower() == name]
            if found:
                return found[0]
    said = f"it has no column {asked!r}" if asked else f"no single column of its {what} was found"
    raise DataError(
        said, where=where, mend=f"say which with {option}=: it has {', '.join(there) or 'no other'}"
    )
