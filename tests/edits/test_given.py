"""What a user may give for an op, channels and indices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from layerwalk.edits.given import as_channels, as_name, as_whole, as_wholes
from layerwalk.errors import EditError


@pytest.mark.parametrize("given", [3, np.int8(3), torch.tensor(3)])
def test_whole_numbers(given: Any) -> None:
    assert as_wholes(given, "w", "index") == (3,)
    assert type(as_whole(given, "w", "index")) is int


@pytest.mark.parametrize("given", [True, np.bool_(1), 3.0, "3", None, slice(3)])
def test_what_is_no_whole_number(given: Any) -> None:
    with pytest.raises(EditError, match="is no index; give a whole number"):
        as_wholes(given, "w", "index")


@pytest.mark.parametrize("given", [(2, 5), ([2, 5],), (np.array([2, 5]),), (range(2, 6, 3),)])
def test_channels(given: tuple[Any, ...]) -> None:
    assert as_channels(given, "relu") == (2, 5)


def test_an_empty_list_is_not_all_channels() -> None:
    with pytest.raises(EditError, match="an empty list names no channel; leave it out"):
        as_channels(([],), "relu")


@pytest.mark.parametrize("given", [5, None, "", ["relu"]])
def test_what_is_no_name(given: Any) -> None:
    with pytest.raises(EditError, match="is no name; name an op, or give the op itself"):
        as_name(given)
