from __future__ import annotations

import numpy as np
import pytest

from layerwalk.data.samples import digits
from layerwalk.learn.contest.pixels import moved, shuffled


@pytest.mark.parametrize(("down", "across"), [(0, 0), (2, 0), (-3, 1), (4, -4), (0, 28), (-99, 0)])
def test_moving_is_what_one_pixel_at_a_time_gives(down: int, across: int) -> None:
    pictures = digits().images[:3, ..., None]
    found = moved(pictures, down, across)
    assert found.shape == pictures.shape
    for y in range(28):
        for x in range(28):
            inside = 0 <= y - down < 28 and 0 <= x - across < 28
            wanted = pictures[:, y - down, x - across] if inside else np.zeros((3, 1), np.uint8)
            np.testing.assert_array_equal(found[:, y, x], wanted)


def test_shuffling_is_one_order_for_all_pictures() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (4, 5, 6, 3), dtype=np.uint8)
    found = shuffled(pictures, seed=3)
    flat, mixed = pictures.reshape(4, 30, 3), found.reshape(4, 30, 3)
    first = [next(p for p in range(30) if (flat[:, p] == mixed[:, q]).all()) for q in range(30)]
    assert sorted(first) == list(range(30))
    np.testing.assert_array_equal(mixed, flat[:, first])
    assert first != list(range(30))
    np.testing.assert_array_equal(found, shuffled(pictures, seed=3))
    assert (found != shuffled(pictures, seed=4)).any()
