"""What a data set's page is told, against the data set itself."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import DataSet, load_data, measure
from layerwalk.errors import ImageError, LayerwalkError, NotFoundError
from layerwalk.surfaces.answer import Binary, Document, answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import (
    AskData,
    AskExamples,
    AskJob,
    AskMeans,
    AskPictures,
    AskWalk,
    AskWelcome,
    DataSheet,
    ExamplesSheet,
    JobSheet,
    Welcome,
)
from layerwalk.surfaces.wire.data import DataRequest


@pytest.fixture(scope="module")
def digits() -> DataSet:
    return load_data("mnist").subset(range(500))


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def key(library: Library, digits: DataSet) -> str:
    return library.data.add(digits)


def counted(library: Library, key: str) -> DataSheet:
    while True:
        sheet = answer(library, AskData(key))
        assert isinstance(sheet, DataSheet)
        if sheet.state != "counting":
            return sheet
        time.sleep(0.005)


def examples(library: Library, ask: AskExamples) -> ExamplesSheet:
    found = answer(library, ask)
    assert isinstance(found, ExamplesSheet)
    return found


def unpacked(found: object) -> list[tuple[NDArray[np.uint8], bool]]:
    """The pictures in an answer, and whether each is whole."""
    assert isinstance(found, Document)
    length = int.from_bytes(found.content[:4], "little")
    at = 4 + length + -(4 + length) % 8
    pictures = []
    for shape, dtype, exact in json.loads(found.content[4 : 4 + length]):
        size = int(np.prod(shape))
        assert dtype == "uint8"
        pictures.append(
            (np.frombuffer(found.content[at : at + size], np.uint8).reshape(shape), exact)
        )
        at += size + -size % 8
    return pictures


def test_the_sheet(library: Library, key: str, digits: DataSet) -> None:
    sheet, found = counted(library, key), measure(digits)
    assert (sheet.id, sheet.name, sheet.pictures, sheet.white) == (key, "mnist", 500, 255)
    assert (sheet.about, sheet.classes, sheet.counts) == (
        digits.about,
        digits.classes,
        found.counts,
    )
    assert (sheet.state, sheet.counted, sheet.problem) == ("counted", 500, None)
    assert sheet.statistics is not None
    assert (sheet.statistics.mean, sheet.statistics.std) == (found.mean, found.std)
    assert (sheet.statistics.grey, sheet.statistics.sizes, sheet.statistics.means) == (500, 1, True)
    assert (sheet.statistics.least, sheet.statistics.most) == ((28, 28), (28, 28))


def test_pictures_in_an_order(library: Library, key: str, digits: DataSet) -> None:
    first = examples(library, AskExamples(key, 3, 4))
    assert (first.total, first.indices, first.place) == (500, (3, 4, 5, 6), None)
    assert first.labels == tuple(digits.labels[3:7].tolist())
    sevens = np.flatnonzero(digits.labels == 7)
    some = examples(library, AskExamples(key, 0, 256, label=7, seed=2, find=int(sevens[3])))
    assert (some.total, sorted(some.indices)) == (len(sevens), sevens.tolist())
    assert some.place is not None
    assert some.indices[some.place] == sevens[3]
    assert set(some.labels) == {7}
    other = int(np.flatnonzero(digits.labels != 7)[0])
    assert examples(library, AskExamples(key, 0, 0, label=7, find=other)).place is None
    assert examples(library, AskExamples(key, 499, 9)).indices == (499,)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (AskExamples("mnist", count=257), "at most 256"),
        (AskExamples("mnist", first=-1), "from 0 on"),
        (AskExamples("mnist", label=10), "no class 10"),
        (AskExamples("mnist", seed=-1), "seed"),
        (AskPictures("mnist", (10_000,)), "no picture 10000"),
        (AskPictures("mnist", tuple(range(257))), "at most 256"),
        (AskData("gone"), "no data set 'gone'"),
        (AskMeans("mnist"), "not counted yet"),
    ],
)
def test_what_is_not_there(library: Library, ask: DataRequest, said: str) -> None:
    with pytest.raises(LayerwalkError, match=said):
        answer(library, ask)


def test_levels_are_the_sets_own(library: Library, key: str, digits: DataSet) -> None:
    for index, (levels, exact) in zip(
        (3, 1, 4), unpacked(answer(library, AskPictures(key, (3, 1, 4)))), strict=True
    ):
        assert exact
        assert np.array_equal(levels, digits.picture(index))
    ((small, exact),) = unpacked(answer(library, AskPictures(key, (3,), side=10)))
    assert not exact
    assert np.array_equal(small, digits.picture(3)[::3, ::3])


def test_a_damaged_picture_among_others(library: Library, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        load_data("mnist").image(0).pil().save(tmp_path / name / "0.png")
    (tmp_path / "b" / "0.png").write_bytes(b"no picture")
    key = library.data.add(load_data(str(tmp_path)))
    (good, _), (bad, _) = unpacked(answer(library, AskPictures(key, (0, 1))))
    assert (good.shape, bad.shape) == ((28, 28, 3), (0, 0, 1))
    with pytest.raises(ImageError):
        answer(library, AskPictures(key, (1,)))
    sheet = counted(library, key)
    assert sheet.state == "failed"
    assert sheet.problem is not None
    assert "0.png" in sheet.problem


def test_mean_pictures(library: Library, key: str, digits: DataSet) -> None:
    counted(library, key)
    found = answer(library, AskMeans(key, 3, 2))
    assert isinstance(found, Binary)
    for label, mean in zip((3, 4), found.array, strict=True):
        wanted = digits.pictures(np.flatnonzero(digits.labels == label)).mean(axis=0)
        assert np.allclose(mean, wanted, rtol=1e-6)
    small = answer(library, AskMeans(key, 3, 1, side=14))
    assert isinstance(small, Binary)
    assert np.array_equal(small.array[0], found.array[0, ::2, ::2])


def test_without_mean_pictures(library: Library) -> None:
    pairs = [(np.zeros((size, 4), np.uint8), size % 2) for size in (3, 4, 5)]
    key = library.data.add(load_data(pairs))
    sheet = counted(library, key)
    assert sheet.statistics is not None
    assert (sheet.statistics.sizes, sheet.statistics.means) == (3, False)
    assert (sheet.statistics.least, sheet.statistics.most) == ((3, 4), (5, 4))
    with pytest.raises(NotFoundError, match="differ in size"):
        answer(library, AskMeans(key))


def test_the_welcome_tells_of_them(library: Library, key: str) -> None:
    welcome = answer(library, AskWelcome())
    assert isinstance(welcome, Welcome)
    assert welcome.data is not None
    assert [card.id for card in welcome.data][:2] == [key, "mnist"]


def test_a_picture_is_walked(library: Library, key: str, digits: DataSet) -> None:
    job = answer(library, AskWalk(model="lenet5", picture=f"data:{key}/17"))
    assert isinstance(job, JobSheet)
    while job.state not in ("done", "failed", "cancelled"):
        job = answer(library, AskJob(job.id, job.change))
        assert isinstance(job, JobSheet)
    assert job.trace is not None, job.problem
    photo = library.opened(job.trace).trace.photo
    assert photo is not None
    assert photo.name == "mnist/17"
    assert np.array_equal(photo.pixels[..., 0], digits.picture(17)[..., 0])
    library.stop()
