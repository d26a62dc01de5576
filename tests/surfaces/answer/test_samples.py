"""The pictures that come with the package."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import pytest

from layerwalk.data import digits, load_image
from layerwalk.errors import NotFoundError
from layerwalk.surfaces.answer import Document, answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskSamplePicture, AskSamples, ListedSample

LIBRARY = Library()


def listed() -> list[ListedSample]:
    found = answer(LIBRARY, AskSamples())
    assert isinstance(found, tuple)
    return [one for one in found if isinstance(one, ListedSample)]


def picture(name: str) -> PIL.Image.Image:
    found = answer(LIBRARY, AskSamplePicture(name))
    assert isinstance(found, Document)
    assert found.media_type == "image/png"
    return PIL.Image.open(io.BytesIO(found.content))


def test_photos_and_one_digit_of_each_sort() -> None:
    names = [one.name for one in listed()]
    assert names[:3] == ["dog", "cat", "red_panda"]
    labels = [digits().labels[int(name.removeprefix("digits/"))] for name in names[3:]]
    assert labels == list(range(10))
    assert all(one.licence and one.author and one.title for one in listed())


def test_every_one_can_be_loaded_and_has_a_small_picture() -> None:
    for one in listed():
        image = load_image(f"sample:{one.name}")
        with picture(one.name) as small:
            assert max(small.size) == min(160, max(image.width, image.height))


def test_a_digit_is_not_resampled() -> None:
    with picture("digits/17") as small:
        assert np.array_equal(np.asarray(small), load_image("sample:digits/17").pixels)


@pytest.mark.parametrize("name", ["nope", "../dog", "digits/10000", "", "dog.jpg"])
def test_a_sample_that_is_not_there(name: str) -> None:
    with pytest.raises(NotFoundError, match="there is no such sample; there are sample:dog"):
        picture(name)
