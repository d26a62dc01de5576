from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from layerwalk.data.sets.mapped import MappedArray
from layerwalk.errors import DataError


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_in_its_file(tmp_path: Path, order: Literal["C", "F"]) -> None:
    array = np.arange(24, dtype=">u2").reshape(2, 3, 4)
    file = tmp_path / "numbers"
    file.write_bytes(b"odd" + array.tobytes(order))
    held = MappedArray(file, 3, array.dtype, array.shape, order)
    assert len(held) == 2
    opened = held.open()
    assert type(opened) is np.ndarray
    assert np.array_equal(opened, array)
    with pytest.raises(ValueError, match="read-only"):
        opened[0, 0, 0] = 1
    file.write_bytes(b"odd")
    with pytest.raises(DataError, match="cannot be read any more"):
        held.open()
