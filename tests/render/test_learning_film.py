"""A network that learns, as pictures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from layerwalk.render.curve import Curve
from layerwalk.render.learning_film import LearningFilm, Moment

_Check = Callable[[Image.Image, str], None]


def _film(kernels: tuple[int, ...], maps: tuple[int, ...], classes: int = 10) -> LearningFilm:
    draw = np.random.default_rng(4)
    moments = []
    for step in (0, 1, 3, 10, 40):
        scores = np.exp(draw.normal(size=classes) * (1 + step / 10))
        moments.append(
            Moment(
                step,
                draw.normal(size=kernels) * (1 + step / 40),
                draw.normal(size=maps) * (1 + step),
                scores / scores.sum(),
            )
        )
    steps = np.arange(1, 41)
    loss = 2.3 * np.exp(-steps / 15)
    loss[20] = np.nan
    held_out = np.array([0, 20, 40])
    return LearningFilm(
        title="net learns digits",
        kernels="conv: kernels",
        maps="conv: answers",
        probe=np.arange(64, dtype=np.uint8).reshape(8, 8, 1) * 4,
        classes=tuple(f"class {number}" for number in range(classes)),
        truth=3,
        moments=moments,
        curves=(
            Curve("loss", steps, loss),
            Curve("held out", held_out, np.array([2.3, 1.0, 0.4])),
        ),
    )


def test_it_looks_as_it_did(looks_like: _Check) -> None:
    picture = _film((6, 5, 5), (4, 6, 6)).picture(3)
    looks_like(picture.reduce(2), "learning_film")


def test_colours_mean_the_same_in_every_picture() -> None:
    film = _film((6, 5, 5), (1, 16, 32))
    kernels, maps = film._scales
    assert kernels.high == max(abs(one.kernels).max() for one in film.moments)
    assert maps.high == max(abs(one.maps).max() for one in film.moments)
    assert kernels.low == -kernels.high


@pytest.mark.parametrize(
    ("kernels", "maps", "classes"),
    [
        ((512, 28, 28), (1, 7, 12), 2),
        ((3, 1, 900), (64, 112, 112), 1000),
        ((1, 1, 1), (1, 1, 1), 0),
    ],
)
def test_every_size_fits_the_picture(
    kernels: tuple[int, ...], maps: tuple[int, ...], classes: int
) -> None:
    film = _film(kernels, maps, classes)
    sizes = {picture.size for picture in film.pictures()}
    assert len(film) == 5
    assert len(sizes) == 1
