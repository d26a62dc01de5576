"""Small data sets, in memory and on disk, and a cache of Hugging Face's own for each test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

Levels = NDArray[np.uint8]


@pytest.fixture
def pictures() -> Levels:
    """Twelve pictures of 6 x 5 pixels, every level another."""
    return (np.arange(12 * 6 * 5) % 251).astype(np.uint8).reshape(12, 6, 5)


@pytest.fixture
def labels() -> NDArray[np.int64]:
    return np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 1])


@pytest.fixture
def class_folders(tmp_path: Path, pictures: Levels) -> Path:
    """Three grey cats and two dogs in colour, of two sizes; and what is no picture."""
    folder = tmp_path / "pets"
    (folder / "cat" / "more").mkdir(parents=True)
    (folder / "dog").mkdir()
    for at, name in enumerate(("cat/1.png", "cat/2.PNG", "cat/more/3.png")):
        Image.fromarray(pictures[at]).save(folder / name, format="png")
    for at, name in enumerate(("dog/a.png", "dog/b.png")):
        Image.fromarray(np.stack([pictures[at].T] * 3, axis=-1)).save(folder / name)
    for name in ("cat/.4.png", "cat/notes.txt", "dog/Thumbs.db", "list.csv"):
        (folder / name).write_text("no picture")
    (folder / ".hidden").mkdir()
    return folder


@pytest.fixture
def flat_folders(class_folders: Path) -> Path:
    """The same, without a folder in a folder: Hugging Face takes no labels from those."""
    (class_folders / "cat" / "more" / "3.png").rename(class_folders / "cat" / "3.png")
    return class_folders


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hugging Face ``datasets`` prepares what it opens in the test's own folder."""
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path / "cache"))
