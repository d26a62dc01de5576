"""The directory of a TIFF file: which numbers it gives, and where they lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from layerwalk.data.formats.source import Source

__all__ = ["Directory", "Entry", "read_directory"]

# Bytes of one number of each type, and how struct reads the whole numbers among them
# (TIFF 6.0, section 2; BigTIFF adds type 16).
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_WHOLE = {1: "B", 3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory: a tag and the numbers it gives.

    ``position`` is where the line itself lies in the file, ``offset`` where its numbers
    begin: inside the line when they are few.
    """

    tag: int
    kind: int
    count: int
    position: int
    offset: int
    inside: bool

    @property
    def size(self) -> int:
        """How many bytes its numbers take; 0 for a type that no reader knows."""
        return _SIZES.get(self.kind, 0) * self.count


@dataclass(frozen=True, slots=True)
class Directory:
    """The first directory of the file: its byte order and its lines."""

    order: str
    big: bool
    entries: tuple[Entry, ...]

    def find(self, tag: int) -> Entry | None:
        """The first line with this tag."""
        return next((entry for entry in self.entries if entry.tag == tag), None)

    def numbers(self, source: Source, tag: int) -> tuple[int, ...]:
        """The whole numbers under a tag; none where the tag is absent.

        Raises
        ------
        ImageError
            They lie outside the file, or are not whole numbers.
        """
        entry = self.find(tag)
        if entry is None or not entry.count:
            return ()
        if entry.kind not in _WHOLE:
            raise source.damaged(f"its tag {tag} is no whole number")
        data = source.at(entry.offset, entry.size)
        return struct.unpack(f"{self.order}{entry.count}{_WHOLE[entry.kind]}", data)


def read_directory(source: Source) -> Directory:
    """The first directory of a TIFF or BigTIFF.

    Raises
    ------
    ImageError
        The file ends before the directory does.
    """
    head = source.at(0, 8)
    order = "<" if head[:2] == b"II" else ">"
    big = 43 in head[2:4]
    word, line = ("Q", 20) if big else ("I", 12)
    wide = struct.calcsize(word)
    (start,) = struct.unpack(order + word, source.at(8 if big else 4, wide))
    (count,) = struct.unpack(order + ("Q" if big else "H"), source.at(start, 8 if big else 2))
    first = start + (8 if big else 2)
    # With the pointer to the next page, which Pillow misses when it is not there.
    table = source.at(first, count * line + wide)
    entries = []
    for k in range(count):
        tag, kind, numbers = struct.unpack_from(f"{order}HH{word}", table, k * line)
        position = first + k * line
        field = 4 + wide
        inside = _SIZES.get(kind, 0) * numbers <= wide
        (far,) = struct.unpack_from(order + word, table, k * line + field)
        offset = position + field if inside else far
        entries.append(Entry(tag, kind, numbers, position, offset, inside))
    return Directory(order, big, tuple(entries))
