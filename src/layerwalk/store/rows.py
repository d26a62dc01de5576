"""Many JSON objects of one kind, read column by column.

A graph has hundreds of values and ops. Whether a whole column is what it should be is told by
one look at the types in it; only where it is not, row after row is read as a
:class:`~layerwalk.store.document.Record`, to say which one is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import TypeVar, cast

from layerwalk.store.document import LARGEST, Record

__all__ = ["Rows"]

_T = TypeVar("_T")


class Rows:
    """Objects that have the same fields, at least two; ``where`` names one by its position.

    Every method returns one field of all rows, in order, and raises
    :class:`~layerwalk.store.document.Damaged` where a row has none of that type.

    Examples
    --------
    >>> two = [{"shape": [2, 3], "id": 0}, {"shape": [], "id": 1}]
    >>> rows = Rows(two, ("id", "shape"), lambda k: f"row {k}")
    >>> rows.counts("shape")
    [(2, 3), ()]
    """

    __slots__ = ("_columns", "_rows", "_where")

    def __init__(
        self, rows: Sequence[object], keys: tuple[str, ...], where: Callable[[int], str]
    ) -> None:
        self._rows = rows
        self._where = where
        self._columns: dict[str, Sequence[object]] = {}
        fields = cast("Callable[[object], tuple[object, ...]]", itemgetter(*keys))
        try:
            found = zip(*map(fields, rows), strict=True)
        except (KeyError, TypeError):  # not all are objects that have them: found out later
            return
        self._columns.update(zip(keys, found, strict=False))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, position: int) -> Record:
        """One row."""
        return Record(self._rows[position], self._where(position))

    def texts(self, key: str) -> Sequence[str]:
        """Texts."""
        return self._column(key, _all_are(str), lambda row: row.text(key))

    def flags(self, key: str) -> Sequence[bool]:
        """True or false."""
        return self._column(key, _all_are(bool), lambda row: row.flag(key))

    def numbers(self, key: str) -> Sequence[int]:
        """Whole numbers, none negative."""
        return self._column(key, partial(_all_within, 0), lambda row: row.count(key))

    def lists(self, key: str) -> Sequence[list[object]]:
        """Lists of anything."""
        return self._column(key, _all_are(list), lambda row: row.list(key))

    def maybe_texts(self, key: str) -> Sequence[str | None]:
        """Texts or nulls."""
        careful = lambda row: row.text(key) if row.has(key) else None  # noqa: E731
        return self._column(key, _all_are(str, NoneType), careful)

    def tables(self, key: str) -> Sequence[dict[str, object]]:
        """Objects of anything."""
        return self._column(key, _all_are(dict), lambda row: row.table(key))

    def counts(self, key: str) -> list[tuple[int, ...]]:
        """Lists of whole numbers, none negative."""
        found = cast("Sequence[list[int]]", self.lists(key))
        if _all_within(0, chain.from_iterable(found)):
            return [tuple(numbers) for numbers in found]
        return [self[k].counts(key) for k in range(len(self))]

    def integers(self, key: str) -> list[tuple[int, ...]]:
        """Lists of whole numbers."""
        found = cast("Sequence[list[int]]", self.lists(key))
        if _all_within(-LARGEST, chain.from_iterable(found)):
            return [tuple(numbers) for numbers in found]
        return [self[k].integers(key) for k in range(len(self))]

    def present(self, key: str) -> Sequence[bool]:
        """Whether there is such a field, other than null."""
        found = self._columns.get(key)
        if found is None:
            return [self[k].has(key) for k in range(len(self))]
        return [field is not None for field in found]

    def _column(
        self,
        key: str,
        fits: Callable[[Iterable[object]], bool],
        careful: Callable[[Record], _T],
    ) -> Sequence[_T]:
        found = self._columns.get(key)
        if found is not None and fits(found):
            return cast("Sequence[_T]", found)
        return [careful(self[k]) for k in range(len(self))]


def _all_are(*kinds: type) -> Callable[[Iterable[object]], bool]:
    return lambda found: set(map(type, found)).issubset(kinds)


def _all_within(least: int, found: Iterable[object]) -> bool:
    numbers = list(found)
    if set(map(type, numbers)) - {int}:
        return False
    whole = cast("list[int]", numbers)
    return min(whole, default=0) >= least and max(whole, default=0) <= LARGEST
