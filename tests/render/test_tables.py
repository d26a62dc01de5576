from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.render.tables import EXTRA, MapName, colour_table

# Machado, Oliveira, Fernandes 2009: red-green blind eyes, severity 1, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}


def seen(colours: NDArray[np.uint8], eyes: str = "normal") -> NDArray[np.float64]:
    """The colours in OKLab, as those eyes see them."""
    share = colours / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    linear = np.clip(linear @ EYES[eyes].T, 0, 1)
    cones = (
        linear
        @ np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        ).T
    )
    mixed = (
        np.cbrt(cones)
        @ np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        ).T
    )
    return np.asarray(mixed)


@pytest.mark.parametrize("name", ["viridis", "magma"])
def test_the_table_is_matplotlibs(name: MapName) -> None:
    theirs = np.round(np.asarray(mpl.colormaps[name].resampled(256)(range(256)))[:, :3] * 255)
    ours = colour_table(name).astype(int)
    assert ours.shape == (256, 3)
    assert np.abs(ours - theirs).max() <= 1
    assert np.array_equal(ours, mpl.colormaps[name](np.arange(256), bytes=True)[:, :3])


def test_grey_runs_from_black_to_white() -> None:
    assert colour_table("grey")[[0, 128, 255]].tolist() == [[0] * 3, [128] * 3, [255] * 3]


def test_zero_is_exactly_white_and_only_zero() -> None:
    table = colour_table("bluered")
    assert table[127].tolist() == [255, 255, 255]
    assert not (table[:127] == 255).all(axis=1).any()
    assert not (table[128:] == 255).all(axis=1).any()
    assert np.array_equal(table[254], table[255])


def test_diverging_lightness_is_straight_and_the_same_on_both_sides() -> None:
    lightness = seen(colour_table("bluered"))[:, 0]
    below, above = lightness[127::-1][:128], lightness[127:255]
    assert np.abs(below - above).max() < 0.006
    assert np.abs(above - np.linspace(1, 0.36, 128)).max() < 0.006


@pytest.mark.parametrize("eyes", EYES)
def test_both_signs_are_told_apart_by_every_eye(eyes: str) -> None:
    colours = seen(colour_table("bluered"), eyes)
    apart = np.linalg.norm(colours[127::-1][:128] - colours[127:255], axis=1)
    assert apart[12:].min() > 0.035


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", EXTRA)
def test_the_extra_colour_is_far_from_every_entry(name: MapName, eyes: str) -> None:
    loud = np.array([EXTRA[name]], np.uint8)
    distance = np.linalg.norm(seen(colour_table(name), eyes) - seen(loud, eyes), axis=1)
    assert distance.min() > 0.09


@pytest.mark.parametrize("name", EXTRA)
def test_tables_cannot_be_written_to(name: MapName) -> None:
    with pytest.raises(ValueError, match="read-only"):
        colour_table(name)[0] = 1
