from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from layerwalk.data.sets import ArraySet, DataSet, load_data, measure
from layerwalk.errors import NotFoundError
from layerwalk.surfaces.data_album import choose_examples, data_pictures


def texts(figure: object) -> list[str]:
    assert isinstance(figure, Figure)
    return [text.get_text() for text in figure.texts]


def test_examples_are_drawn_by_seed_and_none_twice() -> None:
    data = load_data("mnist")
    chosen = choose_examples(data, 50, seed=1)
    assert len(set(chosen.tolist())) == 50
    assert chosen.tolist() == choose_examples(data, 50, seed=1).tolist()
    assert chosen.tolist() != choose_examples(data, 50, seed=2).tolist()
    assert sorted(choose_examples(data.subset([5, 6]), 20, seed=0).tolist()) == [0, 1]


def test_the_pictures_of_mnist() -> None:
    data = load_data("mnist").subset(range(200))
    drawn = {one.name: one for one in data_pictures(data, measure(data), count=3, index=7)}
    assert list(drawn) == ["examples.png", "balance.png", "means.png", "pixels.png"]
    chosen = choose_examples(data, 3, seed=0)
    said = texts(drawn["examples.png"].draw())
    assert [text for text in said if text.startswith("number")] == [f"number {at}" for at in chosen]
    assert {data.classes[data.label(at)] for at in chosen} <= set(said)
    numbers = texts(drawn["pixels.png"].draw())
    assert f"mnist, picture 7, class {data.label(7)}: levels" in numbers
    levels = [str(level) for level in data.picture(7).reshape(-1)]
    assert numbers[5 : 5 + len(levels)] == levels
    fours = int((data.labels == 4).sum())
    assert f"mean of {fours}" in texts(drawn["means.png"].draw())


@pytest.fixture
def photos(tmp_path: Path) -> DataSet:
    """A photo in colour of 60 x 50 pixels and a small grey one."""
    pixels = np.random.default_rng(0).integers(0, 256, (60, 50, 3)).astype(np.uint8)
    for name, picture in (("a/1.png", pixels), ("b/2.png", pixels[:3, :4, 0])):
        (tmp_path / name).parent.mkdir()
        Image.fromarray(picture).save(tmp_path / name)
    return load_data(tmp_path)


def test_the_pictures_of_photos(photos: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.surfaces.data_album._MOST_CELLS", 4)
    drawn = {one.name: one for one in data_pictures(photos, measure(photos))}
    colours = ["pixels-red.png", "pixels-green.png", "pixels-blue.png"]
    assert list(drawn) == ["examples.png", "balance.png", *colours]
    said = texts(drawn["pixels-green.png"].draw())
    assert "the middle of 60 rows and 50 columns" in said[4]
    green = photos.picture(0)[28:32, 23:27, 1]
    assert [str(level) for level in green.reshape(-1)] == said[5 : 5 + green.size]
    assert said[5 + green.size] == "28"
    grey = data_pictures(photos, measure(photos), index=1)
    assert [one.name for one in grey][2:] == ["pixels.png"]


def test_a_picture_that_is_not_there(photos: DataSet) -> None:
    with pytest.raises(NotFoundError, match="there is no picture 2; its 2 have"):
        data_pictures(photos, measure(photos), index=2)


def test_levels_of_their_own_white() -> None:
    levels = np.full((2, 3, 3), 16, np.uint8)
    data = ArraySet(levels, np.array([0, 1]), "few", ("a", "b"), white=16)
    for one in data_pictures(data, measure(data)):
        said = texts(one.draw())
        assert one.name == "balance.png" or "16" in said
        assert "255" not in said
