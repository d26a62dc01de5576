from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.data.sets.hold_out import hold_out
from layerwalk.errors import DataError


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=60), st.floats(0.01, 0.99), st.integers(0, 5)
)
def test_every_class_gives_its_share(labels: list[int], share: float, seed: int) -> None:
    count = max(1, min(len(labels) - 1, round(share * len(labels))))
    held = np.array(labels)
    kept, out = hold_out(held, count, seed)
    assert len(out) == count
    assert sorted([*kept, *out]) == list(range(len(labels)))
    for label in set(labels):
        exact = count * labels.count(label) / len(labels)
        assert abs(int((held[out] == label).sum()) - exact) < 1


def test_a_share_is_rounded() -> None:
    labels = np.zeros(15, np.int64)
    assert len(hold_out(labels, 0.2, 0)[1]) == 3
    assert len(hold_out(labels, 0.25, 0)[1]) == 4


@pytest.mark.parametrize("amount", [0, 10, -1, 0.0, 1.0, 2.5, 0.01, float("nan")])
def test_what_leaves_nothing(amount: float) -> None:
    with pytest.raises(DataError) as caught:
        hold_out(np.arange(10) % 2, amount, 0, "ten")
    assert str(caught.value) == (
        f"ten: {amount} of its 10 pictures cannot be held out; hold out 1 to 9, "
        "or a share such as 0.2."
    )
    with pytest.raises(DataError, match="it takes two or more"):
        hold_out(np.array([0]), 1, 0)
