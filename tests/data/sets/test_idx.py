from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import load_data
from layerwalk.data.sets.idx import find_idx, read_idx_set
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError

Levels = NDArray[np.uint8]


def idx(array: NDArray[np.uint8]) -> bytes:
    lengths = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


@pytest.fixture
def folder(tmp_path: Path, pictures: Levels, labels: NDArray[np.int64]) -> Path:
    """Twelve pictures to train on, raw; three to test on, packed."""
    small = labels.astype(np.uint8)
    place = tmp_path / "idx"
    place.mkdir()
    (place / "train-images-idx3-ubyte").write_bytes(idx(pictures))
    (place / "train-labels-idx1-ubyte").write_bytes(idx(small))
    (place / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pictures[:3])))
    (place / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(small[:3])))
    return place


def test_both_parts_are_read(folder: Path, pictures: Levels, labels: NDArray[np.int64]) -> None:
    train, test = load_data(folder), load_data(str(folder), split="test")
    assert (train.name, test.name) == ("idx (train)", "idx (t10k)")
    assert np.array_equal(train.pictures(range(12))[..., 0], pictures)
    assert train.labels.tolist() == labels.tolist()
    assert np.array_equal(test.pictures(range(3))[..., 0], pictures[:3])
    assert train.about.endswith("train-images-idx3-ubyte, mapped")
    assert test.about.endswith("t10k-images-idx3-ubyte.gz, unpacked into memory")


def test_mnist_from_a_folder_keeps_its_name(folder: Path) -> None:
    data = load_data("mnist", folder=folder, classes=("null", "eins", "zwei"))
    assert (data.name, data.classes[2]) == ("mnist (train)", "zwei")
    other = load_data("fashion-mnist", folder=folder)
    assert other.name == "fashion-mnist (train)"


def test_one_file_finds_its_labels(folder: Path) -> None:
    assert len(load_data(folder / "train-images-idx3-ubyte")) == 12
    (folder / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError) as caught:
        load_data(folder)
    assert str(caught.value) == (
        f"{folder / 'train-images-idx3-ubyte'}: its labels are missing; "
        "put train-labels-idx1-ubyte beside it."
    )


def test_torchvisions_folders_are_found(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "MNIST").mkdir(parents=True)
    folder.rename(root / "MNIST" / "raw")
    assert find_idx(root) == root / "MNIST" / "raw"
    assert find_idx(root, "mnist") == root / "MNIST" / "raw"
    assert find_idx(root, "fashion-mnist") is None
    assert len(load_data("mnist", folder=root)) == 12
    assert find_idx(tmp_path / "nowhere") is None


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"0")


def _headless(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:7])


def _another(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + path.read_bytes())


def _flat(path: Path) -> None:
    path.write_bytes(idx(np.zeros(12, np.uint8)))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (_cut, "the file is cut short: 360 bytes are announced; download it again."),
        (_lengthened, "the file goes on behind its end: 360 bytes are announced"),
        (_headless, "its header is cut short"),
        (_another, "this is no IDX file of bytes"),
        (_flat, "it has 1 dimensions, and 3 are expected; were pictures and labels mixed up?"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_damaged_files(folder: Path, harm: object, sentence: str, packed: bool) -> None:
    path = folder / "train-images-idx3-ubyte"
    assert callable(harm)
    harm(path)
    if packed:
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
        path = folder / f"{path.name}.gz"
    with pytest.raises(DataError) as caught:
        read_idx_set(folder)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)


def test_a_damaged_gzip(folder: Path) -> None:
    path = folder / "t10k-images-idx3-ubyte.gz"
    whole = path.read_bytes()
    for data in (b"no gzip", whole[:-9], whole[:20]):
        path.write_bytes(data)
        with pytest.raises(DataError, match=r"cannot be read .*; download it again"):
            read_idx_set(folder, Wanted("test"))


def test_folders_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no IDX file of pictures is in it; it would be called"):
        load_data("mnist", folder=tmp_path)
    with pytest.raises(DataError, match="there is no such folder"):
        load_data("mnist", folder=tmp_path / "no")
    with pytest.raises(DataError, match="a folder goes with mnist and fashion-mnist, not with x"):
        load_data("x", folder=tmp_path)
