from __future__ import annotations

import numpy as np
import pytest

from layerwalk.render.fit import Fit, PlaneFit, choose_fit, choose_plane_fit


@pytest.mark.parametrize(
    ("shape", "fit"),
    [
        ((7, 7), Fit(16, 1)),
        ((56, 112), Fit(1, 1)),
        ((113, 5), Fit(1, 2)),
        ((224, 500), Fit(1, 5)),
        ((1, 1), Fit(64, 1)),
    ],
)
def test_a_map_is_enlarged_by_whole_numbers_or_thinned(shape: tuple[int, int], fit: Fit) -> None:
    found = choose_fit(shape, (112, 112))
    assert found == fit
    assert max(found.length(shape[0]), found.length(shape[1])) <= 112


def test_what_is_drawn_is_what_the_length_says() -> None:
    array = np.arange(2 * 9 * 10).reshape(2, 9, 10)
    fit = Fit(1, 4)
    drawn = fit.sample(array)
    assert drawn.shape == (2, fit.length(9), fit.length(10))
    assert np.array_equal(drawn, array[:, [0, 4, 8]][:, :, [0, 4, 8]])
    assert fit.note == "1 of 4 rows and columns drawn"
    assert Fit(3, 1).note == ""


def test_enlarging_repeats_every_pixel() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    assert np.array_equal(Fit(3, 1).enlarge(pixels)[2::3, 1::3], pixels)
    plane = PlaneFit(Fit(2, 1), Fit(5, 1))
    assert plane.enlarge(pixels).shape == (*plane.size((2, 2)), 3) == (4, 10, 3)


def test_the_axes_of_a_plane_are_zoomed_apart() -> None:
    fit = choose_plane_fit((4, 16000), (112, 1000))
    assert fit == PlaneFit(Fit(24, 1), Fit(1, 16))
    assert fit.note == "1 of 16 columns drawn"
    assert PlaneFit(Fit(1, 2), Fit(1, 2)).note == "1 of 2 rows and columns drawn"
    assert PlaneFit(Fit(1, 2), Fit(1, 3)).note == "1 of 2 rows drawn, 1 of 3 columns drawn"
