from __future__ import annotations

import pytest

from layerwalk.errors import ModelError
from layerwalk.surfaces.cli.options import parse_numbers, parse_size, stem


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (None, None),
        ("224", 224),
        ("480x640", (480, 640)),
        (" 32 X 48 ", (32, 48)),
        ("2 x 3", (2, 3)),
    ],
)
def test_sizes(text: str | None, size: int | tuple[int, int] | None) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "0x5", "5x00", "-3", "3x", "1e3", "3x4x5", "99999999"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ModelError, match=r"--input-size: .* is no size"):
        parse_size(text)


def test_numbers() -> None:
    assert parse_numbers(None, "--mean") is None
    assert parse_numbers("0.5", "--mean") == 0.5
    assert parse_numbers("0.1, 2,-3e-1", "--mean") == (0.1, 2.0, -0.3)


@pytest.mark.parametrize("text", ["", "a", "1,,2", "1;2"])
def test_what_are_no_numbers(text: str) -> None:
    with pytest.raises(ModelError, match=r"--std: .* are no numbers"):
        parse_numbers(text, "--std")


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("dog.jpg", "dog"),
        ("a/b.c/my dog.tar.png", "my dog.tar"),
        ("sample:digits/17", "digits-17"),
        ("sample:", "sample"),
        ("", "photo"),
    ],
)
def test_stems(image: str, name: str) -> None:
    assert stem(image) == name
