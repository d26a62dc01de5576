from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from layerwalk.data import load_image
from layerwalk.data.sets.picture import as_picture
from layerwalk.errors import DataError, LayerwalkError

Levels = NDArray[np.uint8]


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16"])
def test_grey_stays_grey(pictures: Levels, mode: str) -> None:
    grey = pictures[3]
    wide = grey.astype(np.uint16) * 257
    made = Image.fromarray(wide) if mode == "I;16" else Image.fromarray(grey).convert(mode)
    found = as_picture(made, "it")
    assert found.shape == (6, 5, 1)
    if mode != "1":
        assert np.array_equal(found[..., 0], grey)


def test_colour_in_any_form(pictures: Levels) -> None:
    colour = np.stack([pictures[0], pictures[1], pictures[2]], axis=-1)
    tensor = torch.from_numpy(colour).permute(2, 0, 1)
    forms = (Image.fromarray(colour), colour, tensor, tensor.float() / 255, load_image(colour))
    for form in forms:
        assert np.array_equal(as_picture(form, "it"), colour)
    assert np.array_equal(as_picture(tensor[0], "it")[..., 0], pictures[0])
    learnable = (tensor.float() / 255).requires_grad_()
    assert np.array_equal(as_picture(learnable, "it"), colour)


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        ("dog.jpg", "an object of type str is no picture"),
        (np.zeros((2, 3, 4, 5)), r"an array of shape \(2, 3, 4, 5\) is no picture"),
        (np.zeros((0, 3)), "is no picture"),
        (torch.full((1, 2, 2), -0.42), "before they were normalised"),
        (np.full((2, 2), 0.5), "no levels divided by 255"),
        (np.full((2, 2), 300), "levels from 0 to 255"),
    ],
)
def test_what_is_no_picture(thing: object, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        as_picture(thing, "it, picture 3")
    assert caught.value.where == "it, picture 3"


def test_floats_are_rounded_where_that_was_said() -> None:
    assert as_picture(np.full((1, 1), 0.5), "it", rounded=True).item() == 128
    with pytest.raises(LayerwalkError):
        as_picture(np.full((1, 1), 1.5), "it", rounded=True)
