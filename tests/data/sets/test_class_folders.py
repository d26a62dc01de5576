from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import load_data
from layerwalk.data.sets.file_set import FileSet
from layerwalk.errors import DataError, ImageError

Levels = NDArray[np.uint8]


def test_a_folder_for_each_class(class_folders: Path, pictures: Levels) -> None:
    data = load_data(class_folders)
    assert isinstance(data, FileSet)
    assert (data.name, data.classes) == ("pets", ("cat", "dog"))
    assert data.labels.tolist() == [0, 0, 0, 1, 1]
    names = [data.file(at).relative_to(class_folders).as_posix() for at in range(5)]
    assert names == ["cat/1.png", "cat/2.PNG", "cat/more/3.png", "dog/a.png", "dog/b.png"]
    assert np.array_equal(data.picture(1)[..., 0], pictures[1])
    assert [data.picture(at).shape for at in (0, 3)] == [(6, 5, 1), (5, 6, 3)]


def test_a_broken_picture_names_its_file_when_it_is_read(class_folders: Path) -> None:
    (class_folders / "cat" / "2.PNG").write_bytes(b"")
    data = load_data(class_folders)
    assert data.label(1) == 0
    with pytest.raises(ImageError) as caught:
        data.picture(1)
    assert str(caught.value) == (
        f"{class_folders / 'cat' / '2.PNG'}: the file is empty; copy or download it again."
    )


def test_parts_are_folders_of_class_folders(class_folders: Path, tmp_path: Path) -> None:
    root = tmp_path / "parted"
    shutil.copytree(class_folders, root / "train")
    shutil.copytree(class_folders, root / "val")
    (root / "val" / "cat" / "1.png").unlink()
    assert (len(load_data(root)), len(load_data(root, split="validation"))) == (5, 4)
    assert load_data(root).name == "parted (train)"
    with pytest.raises(DataError, match="no part 'test' of it; ask for split='train' or 'val'"):
        load_data(root, split="test")
    with pytest.raises(DataError, match="it has no part 'test': it is one whole"):
        load_data(class_folders, split="test")
    # Classes may be called so.
    (class_folders / "cat").rename(class_folders / "train")
    assert load_data(class_folders).classes == ("dog", "train")


def test_class_names_in_another_order(class_folders: Path) -> None:
    data = load_data(class_folders, classes=["dog", "emu", "cat"])
    assert data.labels.tolist() == [2, 2, 2, 0, 0]


def test_folders_that_hold_no_set(class_folders: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="the folder holds no picture; make a folder for each"):
        load_data(empty)
    with pytest.raises(DataError, match="its 2 pictures lie in no class folder; move those"):
        load_data(class_folders / "dog")
    shutil.rmtree(class_folders / "dog")
    with pytest.raises(DataError, match="it has one class only, 'cat'"):
        load_data(class_folders)
    (class_folders / "dog").mkdir()
    with pytest.raises(DataError) as caught:
        load_data(class_folders)
    said = f"{class_folders / 'dog'}: no picture is in this class folder; put some in, or remove it"
    assert str(caught.value).startswith(said)
