from __future__ import annotations

import pytest

from layerwalk.data.sets.wanted import Wanted, choose_split
from layerwalk.errors import DataError


@pytest.mark.parametrize(
    ("there", "wanted", "chosen"),
    [
        (["test", "train"], None, "train"),
        (["train", "t10k"], "test", "t10k"),
        (["train", "validation"], "val", "validation"),
        (["Train", "Val"], "train", "Train"),
        (["all"], None, "all"),
        (["a", "b"], "b", "b"),
    ],
)
def test_parts(there: list[str], wanted: str | None, chosen: str) -> None:
    assert choose_split(there, wanted, "it") == chosen


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(DataError) as caught:
        choose_split(["train", "test"], "dev", "it")
    assert str(caught.value) == (
        "it: there is no part 'dev' of it; ask for split='train' or 'test'."
    )
    with pytest.raises(DataError, match="it has parts, and none is named"):
        choose_split(["a", "b"], None, "it")


def test_what_has_no_parts() -> None:
    Wanted().no_parts("it")
    with pytest.raises(DataError) as caught:
        Wanted("test").no_parts("it")
    assert str(caught.value) == (
        "it: it has no part 'test': it is one whole; divide it with data.split(0.2)."
    )
