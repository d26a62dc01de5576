from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerwalk.data import load_image
from layerwalk.data.sets.file_set import FileSet
from layerwalk.errors import ImageError, NotFoundError


def test_files_are_read_as_load_image_does(class_folders: Path) -> None:
    data = FileSet(["dog/a.png", "no.png"], np.array([1, 0]), "it", ("a", "b"), root=class_folders)
    assert np.array_equal(data.picture(0), load_image(class_folders / "dog" / "a.png").pixels)
    assert data.file(1) == class_folders / "no.png"
    with pytest.raises(ImageError, match=r"no.png: there is no such file"):
        data.picture(1)
    with pytest.raises(NotFoundError):
        data.file(2)
