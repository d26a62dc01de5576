from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import load_data
from layerwalk.data.sets.mapped import MappedArray
from layerwalk.errors import DataError

Levels = NDArray[np.uint8]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "set.npz"


@pytest.mark.parametrize(
    "names", [("images", "labels"), ("x", "y"), ("X", "Y"), ("data", "target")]
)
def test_usual_names(
    file: Path, pictures: Levels, labels: NDArray[np.int64], names: tuple[str, str]
) -> None:
    np.savez(file, **{names[0]: pictures, names[1]: labels})  # type: ignore[arg-type] # its stub takes a flag for it
    data = load_data(file)
    assert np.array_equal(data.pictures(range(12))[..., 0], pictures)
    assert data.labels.tolist() == labels.tolist()
    assert data.classes == ("0", "1", "2")
    assert data.about == f"arrays {names[0]} and {names[1]} of {file}, mapped"


@pytest.mark.parametrize("order", ["C", "F"])
def test_stored_arrays_stay_in_the_file(
    file: Path, pictures: Levels, labels: NDArray[np.int64], order: str
) -> None:
    floats = (pictures / 255).astype(np.float32)
    held = np.asfortranarray(floats) if order == "F" else floats
    np.savez(file, images=held, labels=labels)
    data = load_data(file)
    assert isinstance(vars(data)["_pictures"], MappedArray)
    assert np.array_equal(data.picture(11)[..., 0], pictures[11])


def test_packed_arrays_are_unpacked(
    file: Path, pictures: Levels, labels: NDArray[np.int64]
) -> None:
    np.savez_compressed(file, images=pictures, labels=labels)
    data = load_data(file)
    assert data.about.endswith("unpacked into memory")
    assert np.array_equal(data.picture(3)[..., 0], pictures[3])


def test_parts(file: Path, pictures: Levels, labels: NDArray[np.int64]) -> None:
    np.savez(
        file,
        train_images=pictures,
        train_labels=labels[:, None],
        test_images=pictures[:3],
        test_labels=labels[:3, None],
    )
    assert (len(load_data(file)), len(load_data(file, split="test"))) == (12, 3)
    assert load_data(file).name == "set.npz (train)"
    with pytest.raises(DataError, match="no part 'val' of it; ask for split='train' or 'test'"):
        load_data(file, split="val")


def test_names_of_ones_own_and_of_classes(
    file: Path, pictures: Levels, labels: NDArray[np.int64]
) -> None:
    names = np.array(["ant", "bee", "cow"])
    np.savez(file, foto=pictures, kind=labels, classes=names)
    with pytest.raises(DataError) as caught:
        load_data(file)
    assert str(caught.value) == (
        f"{file}: no array in it is called as pictures are; "
        "say which with image= and label= (--image and --label): it has classes, foto, kind."
    )
    data = load_data(file, image="foto", label="kind")
    assert data.classes == ("ant", "bee", "cow")
    with pytest.raises(DataError, match="there is no array 'photo' in it"):
        load_data(file, image="photo", label="kind")
    with pytest.raises(DataError, match="it has no part 'test'"):
        load_data(file, image="foto", label="kind", split="test")
    np.savez(file, images=pictures, kind=labels)
    with pytest.raises(DataError, match="no array in it is called as labels are"):
        load_data(file)
    np.savez(file, x_train=pictures, y_train=labels, x_test=pictures)
    with pytest.raises(DataError, match="it has x_test, x_train, y_train"):
        load_data(file, split="test", label="y_train")


def test_pickles_are_never_run(file: Path, pictures: Levels, labels: NDArray[np.int64]) -> None:
    names = np.array([str(label) for label in labels], dtype=object)
    for save in (np.savez, np.savez_compressed):
        save(file, images=pictures, labels=names)
        with pytest.raises(DataError) as caught:
            load_data(file)
        assert str(caught.value) == (
            f"{file}: its array labels holds Python objects, and to read them could run any "
            "code; save plain numbers, or class names as an array of text."
        )


def test_damaged_files(file: Path, pictures: Levels, labels: NDArray[np.int64]) -> None:
    np.savez_compressed(file, images=pictures, labels=labels)
    whole = file.read_bytes()
    middle = whole.index(b"images.npy") + 60
    for data in (b"", b"no zip", whole[:-30], whole[:middle] + b"\xff" * 8 + whole[middle + 8 :]):
        file.write_bytes(data)
        with pytest.raises(DataError) as caught:
            load_data(file)
        assert str(caught.value).startswith(f"{file}: ")
    np.savez(file, images=pictures, labels=labels[:5])
    with pytest.raises(DataError, match=r"set.npz: it has 12 pictures and 5 labels"):
        load_data(file)
    np.savez(file, images=pictures[:0], labels=labels[:0])
    with pytest.raises(DataError):
        load_data(file)
