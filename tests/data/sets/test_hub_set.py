from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from layerwalk.data.sets import load_data
from layerwalk.data.sets.hub_set import HubSet
from layerwalk.errors import DataError, ImageError

pytestmark = pytest.mark.usefixtures("own_cache")
Levels = NDArray[np.uint8]


def png(picture: Levels) -> bytes:
    memory = io.BytesIO()
    Image.fromarray(picture).save(memory, format="png")
    return memory.getvalue()


def table(pictures: list[Any], labels: list[Any], *, names: list[str] | None) -> datasets.Dataset:
    label = datasets.ClassLabel(names=names) if names else datasets.Value("string")
    features = datasets.Features({"photo": datasets.Image(), "kind": label})
    return datasets.Dataset.from_dict({"photo": pictures, "kind": labels}, features=features)


def test_a_folder_by_hugging_face_is_the_folder(flat_folders: Path) -> None:
    theirs, ours = load_data(f"hf:{flat_folders}"), load_data(flat_folders)
    assert theirs.classes == ours.classes
    assert theirs.labels.tolist() == ours.labels.tolist()
    for at in range(5):
        assert np.array_equal(theirs.picture(at), ours.picture(at))
    assert theirs.name == f"hf:{flat_folders} (train)"


def test_a_folder_that_hugging_face_takes_no_labels_from(class_folders: Path) -> None:
    with pytest.raises(DataError, match="no single column of its labels was found"):
        load_data(f"hf:{class_folders}")


def test_a_table_in_hand(pictures: Levels) -> None:
    cells = [{"bytes": png(one), "path": None} for one in pictures[:3]]
    held = table(cells, [1, 0, 1], names=["cat", "dog"])
    for given in (held, held.with_format("numpy")):
        data = load_data(given)
        assert isinstance(data, HubSet)
        assert (data.classes, data.labels.tolist()) == (("cat", "dog"), [1, 0, 1])
        assert np.array_equal(data.picture(2)[..., 0], pictures[2])
    some = load_data(held.select([2, 1]))
    assert some.labels.tolist() == [1, 0]
    assert np.array_equal(some.picture(0)[..., 0], pictures[2])


def test_texts_as_labels(pictures: Levels) -> None:
    cells = [{"bytes": png(one), "path": None} for one in pictures[:3]]
    held = table(cells, ["emu", "cat", "emu"], names=None)
    data = load_data(held, label="kind")
    assert (data.classes, data.labels.tolist()) == (("cat", "emu"), [1, 0, 1])
    with pytest.raises(DataError, match="no single column of its labels was found"):
        load_data(held)


def test_a_broken_picture_is_named(tmp_path: Path, pictures: Levels) -> None:
    (tmp_path / "cut.png").write_bytes(png(pictures[0])[:40])
    cells = [
        {"bytes": b"no picture", "path": "a.png"},
        {"bytes": None, "path": str(tmp_path / "cut.png")},
        None,
    ]
    data = load_data(table(cells, [0, 1, 1], names=["cat", "dog"]))
    with pytest.raises(ImageError, match=r"picture 0 \(a.png\): this is a text, not a picture"):
        data.picture(0)
    with pytest.raises(ImageError, match=r"cut.png: "):
        data.picture(1)
    with pytest.raises(DataError, match="picture 2: its picture is missing"):
        data.picture(2)


def test_several_parts_or_none(pictures: Levels) -> None:
    held = table([{"bytes": png(pictures[0]), "path": None}], [0], names=["a", "b"])
    with pytest.raises(DataError, match="this is several parts; give one: train, test"):
        load_data(datasets.DatasetDict({"train": held, "test": held}))
    with pytest.raises(DataError, match="it has no picture"):
        load_data(held.select([]))
