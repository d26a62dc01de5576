from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from layerwalk.data import load_image
from layerwalk.models.plain_pixels import plain_pixels


@pytest.mark.parametrize("channels", [1, 3])
def test_levels_over_255_and_nothing_else(channels: Literal[1, 3]) -> None:
    image = load_image("sample:digits/5")
    made = plain_pixels(None, channels)(image).array
    assert made.shape == (1, channels, 28, 28)
    np.testing.assert_array_equal(made[0, 0], image.pixels[..., 0].astype(np.float32) / 255)
