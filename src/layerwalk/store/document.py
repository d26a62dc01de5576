"""JSON read with suspicion: every access says what it expects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NoReturn, cast

__all__ = ["LARGEST", "Damaged", "Record"]

LARGEST = 2**63 - 1
"""No length, offset or stride can be larger."""


class Damaged(Exception):  # noqa: N818 - never leaves the room: load() turns it into FileError
    """What is wrong with a file, as half a sentence."""


class Record:
    """One JSON object, read key by key.

    Examples
    --------
    >>> Record.parsed('{"shape": [2, 3]}', "the header").counts("shape")
    (2, 3)
    """

    __slots__ = ("_fields", "_where")

    def __init__(self, fields: object, where: str) -> None:
        if not isinstance(fields, dict):
            raise Damaged(f"{where} is not a table")
        self._fields: dict[str, object] = fields
        self._where = where

    @classmethod
    def parsed(cls, text: str | bytes, where: str) -> Record:
        """Return the object that ``text`` spells; :class:`Damaged` where it spells none."""
        try:
            return cls(json.loads(text, parse_constant=_refuse), where)
        except RecursionError as problem:
            raise Damaged(f"{where} is nested too deeply") from problem
        except ValueError as problem:  # bad JSON, bad UTF-8, an integer of 10,000 digits
            raise Damaged(f"{where} is not JSON") from problem

    def keys(self) -> Iterable[str]:
        """Return the names of the fields, in order."""
        return self._fields.keys()

    def has(self, key: str) -> bool:
        """Return whether there is such a field, other than null."""
        return self._fields.get(key) is not None

    def any(self, key: str) -> object:
        """Return a field of any type."""
        if key not in self._fields:
            raise Damaged(f"{self._where} lacks {key!r}")
        return self._fields[key]

    def text(self, key: str) -> str:
        """Return a text."""
        found = self.any(key)
        return found if isinstance(found, str) else self._wrong(key, "a text")

    def flag(self, key: str) -> bool:
        """Return true or false."""
        found = self.any(key)
        return found if isinstance(found, bool) else self._wrong(key, "true or false")

    def number(self, key: str) -> float:
        """Return a float; whole numbers are turned into one."""
        found = self.any(key)
        return found if isinstance(found, float) else float(self._integer(key, found))

    def count(self, key: str) -> int:
        """Return a whole number that is not negative."""
        return self._count(key, self.any(key))

    def list(self, key: str) -> list[object]:
        """Return a list of anything."""
        found = self.any(key)
        return found if isinstance(found, list) else self._wrong(key, "a list")

    def counts(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers, none negative."""
        found = self.list(key)
        # Most of a large graph is such lists: the usual case is told in one breath.
        if all(type(item) is int and 0 <= item <= LARGEST for item in found):
            return cast("tuple[int, ...]", tuple(found))
        return tuple(self._count(key, item) for item in found)

    def integers(self, key: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return tuple(self._integer(key, item) for item in self.list(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(
            item if isinstance(item, str) else self._wrong(key, "a list of texts")
            for item in self.list(key)
        )

    def record(self, key: str) -> Record:
        """Return a table within the table."""
        return Record(self.any(key), f"{key!r} of {self._where}")

    def table(self, key: str) -> dict[str, object]:
        """Return a table within the table, as it is."""
        found = self.any(key)
        return found if isinstance(found, dict) else self._wrong(key, "a table")

    def _count(self, key: str, found: object) -> int:
        number = self._integer(key, found)
        return number if number >= 0 else self._wrong(key, "a whole number, not negative")

    def _integer(self, key: str, found: object) -> int:
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) > LARGEST:
            self._wrong(key, "a whole number")
        return found

    def _wrong(self, key: str, expected: str) -> NoReturn:
        raise Damaged(f"{key!r} of {self._where} is not {expected}")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
