from __future__ import annotations

import numpy as np
import pytest

from layerwalk.render.colour import choose_scale, colourise
from layerwalk.render.paper import PAPER
from layerwalk.render.strip import fold_vector


@pytest.mark.parametrize("size", [1, 10, 1000, 1281, 5000, 300_000])
def test_a_vector_is_read_row_by_row(size: int) -> None:
    vector = np.arange(size, dtype=np.float32)
    scale = choose_scale(vector)
    strip = fold_vector(vector, scale, (112, 1022))
    high, wide, _ = strip.pixels.shape
    assert high <= 112
    assert wide <= 1022
    cell = wide // strip.row
    drawn = strip.pixels[::cell, ::cell].reshape(-1, 3)
    step = -(-size // (112 * 1022))
    count = -(-size // step)
    assert np.array_equal(drawn[:count], colourise(vector[::step], scale))
    assert (drawn[count:] == PAPER).all()
    assert (f"1 of {step} values" in strip.note) == (step > 1)
