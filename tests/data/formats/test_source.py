from __future__ import annotations

import io

import pytest

from layerwalk.data.formats.source import Source, check_size
from layerwalk.errors import ImageError


def source(content: bytes, limit: int = 100) -> Source:
    return Source(io.BytesIO(content), "a.png", "PNG", limit)


def test_bytes_are_taken_exactly_and_in_order() -> None:
    found = source(b"abcdef")
    assert (found.take(2), found.length, found.take(4)) == (b"ab", 6, b"cdef")
    assert found.at(1, 3) == b"bcd"
    assert found.take(1) == b"e"


def test_more_bytes_than_there_are_is_a_file_cut_short() -> None:
    sentence = r"^a\.png: the PNG file is cut short; copy or download it again\.$"
    found = source(b"abc")
    found.take(1)
    with pytest.raises(ImageError, match=sentence):
        found.take(3)
    for offset in (2, 1 << 70):
        with pytest.raises(ImageError, match=sentence):
            found.at(offset, 2)
    assert found.take(2) == b"bc"


def test_a_file_that_shrinks_while_it_is_read_is_cut_short() -> None:
    class Shrinking(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(count)[:-1]

    with pytest.raises(ImageError, match="cut short"):
        Source(Shrinking(b"abc"), "a.png", "PNG", 100).take(3)


def test_the_limit_is_the_largest_size_allowed() -> None:
    source(b"", limit=100).check_size(10, 10)
    with pytest.raises(ImageError, match=r"it\.png: 101 x 1 is 0.000101 megapixels"):
        check_size(101, 1, 100, "it.png")
    with pytest.raises(ImageError, match=r"no pixels \(0 x 7\)"):
        check_size(0, 7, 100, "it.png")
