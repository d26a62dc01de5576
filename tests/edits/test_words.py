"""Edits said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edits.test_edits import EVERY
from layerwalk.edits.step import KINDS
from layerwalk.edits.words import EXAMPLES, read_edit
from layerwalk.errors import EditError


@pytest.mark.parametrize("words", [step.describe() for step in EVERY])
def test_what_is_said_is_read_back(words: str) -> None:
    (said,) = [step for step in EVERY if step.describe() == words]
    assert read_edit(words) == replace(said, name="")


def test_there_is_an_example_of_each_kind() -> None:
    assert {read_edit(words).do for words in EXAMPLES} == set(KINDS)


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("silence  channel 2 of relu", {"do": "silence", "op": "relu", "channels": [2]}),
        (
            "add noise of deviation 1e-2",
            {"do": "add_noise", "deviation": 0.01, "seed": 0},
        ),
        (
            "pool with padding 1",
            {"do": "change_window", "op": "pool", "stride": None, "padding": 1, "dilation": None},
        ),
    ],
)
def test_written_otherwise(words: str, plain: dict[str, object]) -> None:
    assert read_edit(words).plain() == plain


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "'' says no edit; say it as in 'silence channels 2, 5"),
        ("silence relu", "'silence relu' says no edit; say it as in 'silence channels 2, 5"),
        ("scale conv1.weight", "say it as in 'scale channel 2 .*, or 'scale conv1.weight"),
        ("rellu in place of relu", "'rellu' is no activation known here"),
        ("conv1 with stride 0", "stride 0 is none"),
    ],
)
def test_words_that_say_none(words: str, message: str) -> None:
    with pytest.raises(EditError, match=message):
        read_edit(words)
