"""A data set of picture files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.images import load_image
from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.picture import levels_of

__all__ = ["ENDINGS", "FileSet"]

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})


class FileSet(DataSet):
    """Pictures of any sizes, each in a file that is read when the picture is asked for.

    Parameters
    ----------
    files
        Their paths, below ``root`` where they are relative.
    labels
        (N,), whole numbers.
    name, classes, about
        As of :class:`.DataSet`.
    root
        Where relative paths begin.
    """

    def __init__(
        self,
        files: Sequence[str],
        labels: NDArray[Any],
        name: str,
        classes: Sequence[str],
        *,
        root: Path,
        about: str = "",
    ) -> None:
        super().__init__(name, classes, about=about)
        self._files, self._labels, self._root = tuple(files), labels, root

    def __len__(self) -> int:
        return len(self._files)

    def file(self, index: SupportsIndex) -> Path:
        """The file of picture number ``index``.

        Raises
        ------
        NotFoundError
            There is no such number.
        """
        return self._root / self._files[self.number(index)]

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        """Picture number ``index``; see :meth:`.DataSet.picture`."""
        return levels_of(load_image(self.file(index)))

    def _read_labels(self) -> NDArray[np.integer[Any]]:
        return self._labels
