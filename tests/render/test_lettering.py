from __future__ import annotations

import pytest

from layerwalk.render.lettering import drawable, font_path, shorten, width


def test_the_typeface_is_the_one_that_comes_with_matplotlib() -> None:
    assert font_path().name == "DejaVuSans.ttf"
    assert font_path(bold=True).is_file()


@pytest.mark.parametrize("room", [30, 80, 200])
@pytest.mark.parametrize("keep_end", [True, False])
def test_shortened_text_fits(room: int, keep_end: bool) -> None:
    name = "layers.3.blocks.1.attn.relative_position_bias_table.index"
    short = shorten(name, 20, room, keep_end=keep_end)
    assert width(short, 20) <= room
    start, end = short.split("…")
    assert name.startswith(start)
    assert name.endswith(end)
    assert bool(end) == (keep_end and room > 30)


def test_text_that_fits_is_left_alone() -> None:
    assert shorten("conv1", 20, 200) == "conv1"


def test_letters_that_cannot_be_drawn_are_marked() -> None:
    assert drawable("犬.jpg\t\x00") == "\N{REPLACEMENT CHARACTER}.jpg \N{REPLACEMENT CHARACTER}"
    assert drawable("größe ×−") == "größe ×−"  # noqa: RUF001
