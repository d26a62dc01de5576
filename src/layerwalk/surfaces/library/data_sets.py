"""The data sets that pages may look at: those that were opened, and those always at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from layerwalk.data.sets import DataSet, KnownSet, known_sets, load_data
from layerwalk.errors import NotFoundError
from layerwalk.surfaces.library.names import name_for
from layerwalk.surfaces.library.open_data import OpenData
from layerwalk.surfaces.library.picture import Picture
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import DataCard

__all__ = ["PREFIX", "DataSets"]

PREFIX = "data:"
"""Begins the name of a picture of a data set: ``"data:ID/17"``."""


class DataSets:
    """Data sets by id; many threads may use it.

    One that comes with Layerwalk, or with a package that is installed, is found by its name
    without having been opened.

    Examples
    --------
    >>> sets = DataSets()
    >>> len(sets.find("mnist").data)
    10000
    """

    def __init__(self) -> None:
        self._open: dict[str, OpenData] = {}
        self._lock = threading.Lock()

    def add(self, data: DataSet) -> str:
        """The id of a data set that is open from now on; one that is open keeps its own."""
        with self._lock:
            for key, one in self._open.items():
                if one.data is data:
                    return key
            key = name_for(data.name, "data")
            self._open[key] = OpenData(key, data)
        return key

    def find(self, key: str) -> OpenData:
        """The data set of an id, or of the name of one that is at hand.

        Raises
        ------
        NotFoundError
            There is none.
        """
        with self._lock:
            if key not in self._open and any(one.name == key for one in _at_hand()):
                self._open[key] = OpenData(key, load_data(key))
            if key in self._open:
                return self._open[key]
        raise NotFoundError(
            f"there is no data set {key[:80]!r} here", mend="open it again: layerwalk data --show"
        )

    def has(self, key: str) -> bool:
        """Whether an id is that of an open data set."""
        with self._lock:
            return key in self._open

    def picture(self, name: str) -> Picture:
        """The picture of a name such as ``"data:ID/17"``, to be walked.

        Raises
        ------
        LayerwalkError
            There is no such data set or picture, or it cannot be read.
        """
        key, _, number = name.removeprefix(PREFIX).rpartition("/")
        if not (number.isascii() and number.isdecimal()):
            raise RequestError(f"{name[:80]!r} is no picture of a data set", where="picture")
        opened = self.find(key)
        return Picture.of_set(opened.image(int(number)))

    def cards(self) -> tuple[DataCard, ...]:
        """What can be looked at: the newest first, then those that are at hand."""
        with self._lock:
            opened = list(reversed(self._open.values()))
        cards = [_card(one) for one in opened]
        there = {card.id for card in cards}
        known = (one for one in _at_hand() if one.name not in there)
        return (*cards, *(DataCard(one.name, one.name, one.size, one.classes) for one in known))

    def added(self) -> tuple[str, ...]:
        """The ids of those that were added, and not found because they are at hand."""
        known = {one.name for one in known_sets()}
        with self._lock:
            return tuple(key for key in self._open if key not in known)

    def close(self, key: str) -> bool:
        """Forget a data set; whether there was one."""
        with self._lock:
            found = self._open.pop(key, None)
        if found is not None:
            found.close()
        return found is not None

    def stop(self) -> None:
        """Count no further."""
        with self._lock:
            for one in self._open.values():
                one.close()


def _card(one: OpenData) -> DataCard:
    return DataCard(one.id, one.data.name, len(one.data), len(one.data.classes))


def _at_hand() -> Iterator[KnownSet]:
    """The sets that nothing has to be downloaded for."""
    return (one for one in known_sets() if one.at_hand.startswith("comes with"))
