from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import nn

import layerwalk as lw
from layerwalk.render.colour import choose_scale, colourise
from layerwalk.render.film import Film
from layerwalk.render.paper import TRACK
from layerwalk.render.sliding_window import sliding_window
from render.explained import tutorial, walk


def grids(film: Film, k: int) -> dict[str, Any]:
    return {grid.name: grid for grid in film._grids(k)}


def test_all_pictures_have_one_even_size() -> None:
    film = sliding_window(walk(nn.Conv2d(2, 1, 3, 2, 1), 1, 2, 6, 6), 0)
    sizes = {picture.size for picture in film.pictures()}
    assert len(sizes) == 1
    assert all(side % 2 == 0 for side in sizes.pop())


def test_a_small_map_has_its_numbers_and_padding_is_hatched() -> None:
    film = sliding_window(walk(nn.Conv2d(2, 1, 3, 2, 1), 1, 2, 6, 6), 0)
    shown = grids(film, 0)
    assert list(shown) == ["input", "kernel", "output"]
    assert shown["input"].numbers
    assert list(shown["input"].rows) == [-1, 0, 1, 2, 3, 4, 5]
    assert shown["input"].hatched[0].all()
    assert shown["input"].hatched[:, 0].all()
    assert not shown["input"].hatched[1:, 1:].any()
    np.testing.assert_array_equal(shown["input"].array[1:, 1:], film.input)


def test_pooling_has_no_kernel_and_fills_value_by_value() -> None:
    film = sliding_window(tutorial(nn.MaxPool2d(2)), 0)
    assert list(grids(film, 1)) == ["input", "output"]
    assert grids(film, 1)["output"].blank.tolist() == [[False, False], [True, True]]
    assert not grids(film, 3)["output"].blank.any()


def test_the_winner_is_ringed_only_in_its_own_plane() -> None:
    image = torch.full((1, 1, 2, 2, 2), -9.0)
    image[0, 0, 0] = -1.0
    film = sliding_window(lw.trace(nn.MaxPool3d(2), image), 0)
    assert film.moves[0].plane.channel == (0, 0, 1)
    assert film._winner(film.moves[0]) is None
    assert film._counted(0).endswith("input depth 1 (0 to 1)")
    flat = sliding_window(tutorial(nn.MaxPool2d(2)), 0)
    assert flat._winner(flat.moves[3]) == (3, 2)


def test_a_large_map_is_drawn_in_colours() -> None:
    film = sliding_window(walk(nn.Conv2d(1, 1, 3, padding=1), 1, 1, 40, 40), 0, most=5)
    assert not grids(film, 0)["input"].numbers
    assert film.picture(4).size == film.picture(0).size


def test_the_value_is_drawn_in_its_colour(
    rendered: Callable[[Image.Image], NDArray[np.uint8]],
) -> None:
    film = sliding_window(tutorial(nn.MaxPool2d(2)), 0)
    scale = choose_scale(film.output)
    colours = [tuple(colourise(np.array(float(n)), scale)) for n in (140, 90, 240, 250)]
    for k in range(4):
        pixels = rendered(film.picture(k)).reshape(-1, 3)
        half = rendered(film.picture(k))[:, 420:].reshape(-1, 3)
        seen = [int((half == np.array(colour)).all(axis=1).sum()) for colour in colours]
        # Cells of 72 x 72, less number and frame; the colour bar has a few of each, too.
        assert [count > 1500 for count in seen] == [at <= k for at in range(4)]
        blank = int((half == np.array(TRACK)).all(axis=1).sum())
        assert (blank > 1500) == (k < 3)
        assert len(pixels) == film.picture(k).width * film.picture(k).height


def test_the_channel_and_the_step_are_told() -> None:
    film = sliding_window(walk(nn.Conv2d(3, 1, 3), 1, 3, 30, 30), 0, channel=2, most=10)
    said = film._counted(1)
    assert said.startswith("conv2d  ·  value ")
    assert "of 784" in said
    assert "1 in 87 shown" in said
    assert said.endswith("input channel 2 (0 to 2)")
    assert film._said(film.moves[0]).startswith("sum of 27 products, plus the bias ")


def test_the_picture(looks_like: Callable[[Image.Image, str], None]) -> None:
    looks_like(sliding_window(tutorial(nn.MaxPool2d(2)), 0).picture(2), "film")
