"""What of a source is wanted: which part, which columns, what its classes are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layerwalk.errors import DataError

__all__ = ["TRAIN", "Wanted", "choose_split", "same_split"]

TRAIN = "train"
_SAME = (
    {"train", "training"},
    {"test", "testing", "t10k"},
    {"validation", "valid", "val", "dev"},
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said of a source beside its name.

    Attributes
    ----------
    split
        Which part of it; ``None`` for its training part, or all where it has no parts.
    image, label
        What its pictures and its labels are called in it; ``None`` to find out.
    classes
        What its classes are called, if it does not say so.
    rounded
        Whether floats may be rounded to levels.
    """

    split: str | None = None
    image: str | None = None
    label: str | None = None
    classes: Sequence[str] | None = None
    rounded: bool = False

    def no_parts(self, where: str) -> None:
        """Nothing, if no part is asked for of what has none.

        Raises
        ------
        DataError
            One is.
        """
        if self.split is not None:
            raise DataError(
                f"it has no part {self.split!r}: it is one whole",
                where=where,
                mend="divide it with data.split(0.2)",
            )


def choose_split(splits: Iterable[str], wanted: str | None, where: str) -> str:
    """Which of the parts is meant: ``val`` is as good as ``validation``.

    Examples
    --------
    >>> choose_split(["train", "t10k"], "test", "mnist"), choose_split(["a"], None, "b")
    ('t10k', 'a')

    Raises
    ------
    DataError
        There is no such part, or none is named and none is for training.
    """
    there = tuple(splits)
    for split in there:
        if same_split(split, wanted or TRAIN):
            return split
    if wanted is None and len(there) == 1:
        return there[0]
    what = f"there is no part {wanted!r} of it" if wanted else "it has parts, and none is named"
    raise DataError(what, where=where, mend=f"ask for split={' or '.join(map(repr, there))}")


def same_split(one: str, other: str) -> bool:
    """Whether two names mean the same part of a data set.

    >>> same_split("t10k", "test"), same_split("train", "test")
    (True, False)
    """
    names = {one.lower(), other.lower()}
    return len(names) == 1 or any(names <= same for same in _SAME)
