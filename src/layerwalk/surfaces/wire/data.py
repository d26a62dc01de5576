"""What the page may ask of a data set, and what it is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "AskData",
    "AskExamples",
    "AskMeans",
    "AskPictures",
    "DataCard",
    "DataRequest",
    "DataSheet",
    "DataStatistics",
    "ExamplesSheet",
]


@dataclass(frozen=True, slots=True)
class AskData:
    """What there is of a data set, counted as far as it is; the answer is a ``DataSheet``.

    The first time, counting begins.
    """

    data: str
    ask: Literal["data"] = "data"


@dataclass(frozen=True, slots=True)
class AskExamples:
    """Which pictures stand in a part of an order; the answer is an ``ExamplesSheet``.

    Attributes
    ----------
    first, count
        Which part: from which place on, and how many.
    label
        The class whose pictures are wanted; all of them, if not given.
    seed
        Shuffles them, always alike for one seed; as they are stored, if not given.
    find
        The number of a picture whose place is wanted too.
    """

    data: str
    first: int = 0
    count: int = 64
    label: int | None = None
    seed: int | None = None
    find: int | None = None
    ask: Literal["examples"] = "examples"


@dataclass(frozen=True, slots=True)
class AskPictures:
    """The levels of some pictures, packed as :class:`AskTensors` says.

    Each is uint8 of shape (height, width, 1 or 3); one that cannot be read has no numbers, but
    where it is asked for alone, the answer says why.

    Attributes
    ----------
    indices
        Their numbers in the data set.
    side
        So many pixels are wanted along a side at most: of a larger picture, only every second,
        third or further row and column comes, and it is said not to be exact. 0 for every pixel.
    """

    data: str
    indices: tuple[int, ...]
    side: int = 0
    ask: Literal["pictures"] = "pictures"


@dataclass(frozen=True, slots=True)
class AskMeans:
    """The mean pictures of some classes, raw: float32 of (classes, height, width, channels).

    They are in levels; those of an empty class are not numbers. ``first`` is the first class and
    ``count`` how many; ``side`` is that of :class:`AskPictures`.
    """

    data: str
    first: int = 0
    count: int = 40
    side: int = 0
    ask: Literal["means"] = "means"


DataRequest: TypeAlias = AskData | AskExamples | AskPictures | AskMeans


@dataclass(frozen=True, slots=True)
class DataCard:
    """A data set that can be looked at: its id and name, and how much is in it."""

    id: str
    name: str
    pictures: int
    classes: int


@dataclass(frozen=True, slots=True)
class DataStatistics:
    """What was counted over all pictures.

    Attributes
    ----------
    mean, std
        Of each channel over every pixel, where white is 1.
    grey
        How many pictures have one channel.
    sizes, least, most
        How many different sizes there are, and the smallest and largest height and width.
    means
        Whether there are mean pictures of the classes: where all pictures have one size.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    grey: int
    sizes: int
    least: tuple[int, int]
    most: tuple[int, int]
    means: bool


@dataclass(frozen=True, slots=True)
class DataSheet:
    """A data set.

    Attributes
    ----------
    id, name, about
        What it is called in requests, what the user calls it, and where it comes from.
    pictures
        How many there are.
    classes, counts
        What each class is called, and how many pictures it has.
    white
        The level of full brightness.
    state, counted
        Whether the pixels have been counted, and of how many pictures.
    statistics
        What was counted, once that is done.
    problem
        Why it could not be counted, in a sentence.
    """

    id: str
    name: str
    about: str
    pictures: int
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    white: int
    state: Literal["counting", "counted", "failed"]
    counted: int
    statistics: DataStatistics | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ExamplesSheet:
    """Pictures in an order.

    Attributes
    ----------
    total
        How many are in the whole order.
    indices, labels
        Of the part that was asked for: their numbers in the data set, and their classes.
    place
        Where in the order the picture stands that was to be found, if it does.
    """

    total: int
    indices: tuple[int, ...]
    labels: tuple[int, ...]
    place: int | None
