"""Edits said in words."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import layerwalk as lw
from edits.test_edits import EVERY
from layerwalk.edits import edit
from layerwalk.edits.picture import Hide
from layerwalk.edits.step import KINDS
from layerwalk.edits.words import EXAMPLES, read_edit
from layerwalk.errors import EditError


@pytest.mark.parametrize("words", [step.describe() for step in EVERY])
def test_what_is_said_is_read_back(words: str) -> None:
    (said,) = [step for step in EVERY if step.describe() == words]
    one_patch = said.do == "hide_patches" and " and " not in words
    assert read_edit(words) == (Hide(0, 0, 2, 2, 1.0) if one_patch else replace(said, name=""))


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
    ("words", "meant"),
    [
        ("Silence Channel 2 of Relu", "silence channel 2 of Relu"),
        ("silence relu", "silence all of relu"),
        ("silence 2, 5 of relu", "silence channels 2, 5 of relu"),
        ("silence channels 0 and 2-4 of relu", "silence channels 0, 2, 3, 4 of relu"),
        ("silence channels 1 to 3, 7 of relu", "silence channels 1, 2, 3, 7 of relu"),
        ("silence channels 1\N{EN DASH}2 in relu", "silence channels 1, 2 of relu"),
        ("scale channel 1 of relu by 1/4", "scale channel 1 of relu by 0.25"),
        ("scale 1 of relu by \N{MINUS SIGN}2", "scale channel 1 of relu by -2"),
        ("fix relu to 2", "fix all of relu at 2"),
        ("set c1.weight[0,0] = 2", "set c1.weight[0, 0] to 2"),
        ("set c1.bias to 1, 2/3", "set c1.bias to 1; 0.6666666666666666"),
        ("use sobel x in c1", "use sobel-x in c1"),
        ("use the filter Sobel X in c1", "use sobel-x in c1"),
        ("use filter 1/9 1/9; 1/9 1/9 in c1", "use the filter 1/9 * (1 1; 1 1) in c1"),
        ("LeakyReLU instead of act", "leaky_relu in place of act"),
        ("use leaky relu in place of act", "leaky_relu in place of act"),
        ("c1 with stride 1, padding 3", "c1 with stride 1 and padding 3"),
        ("c1 with Padding = 3, and stride 2 x 1", "c1 with stride 2x1 and padding 3"),
        ("hide 3 x 4 at row 1 column 2", "hide 3x4 at row 1, column 2"),
        ("hide 3x4 at row 1 and column 2 with the mean", "hide 3x4 at row 1, column 2"),
        ("hide 3x4 at row 1, column 2 with 0, .5 1", "hide 3x4 at row 1, column 2 with 0; 0.5; 1"),
        ("add noise 0.1", "add noise of deviation 0.1, seed 0"),
        ("add noise of 1/2 seed -3", "add noise of deviation 0.5, seed -3"),
    ],
)
def test_forgiven(words: str, meant: str) -> None:
    assert str(read_edit(words)) == meant


_numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(_numbers, st.lists(st.lists(_numbers, min_size=3, max_size=3), min_size=2, max_size=5))
def test_every_bit_is_read_back(number: float, rows: list[list[float]]) -> None:
    said = edit().set_weight("w", number).set_weight("w", rows).use_filter("w", rows)
    for step in said:
        # As text, so that -0.0 is not taken for 0.0.
        assert repr(read_edit(step.describe())) == repr(step)


def test_many_numbers_are_told_by_their_count() -> None:
    said = edit().set_weight("w", [1.0] * 8).use_filter("w", np.ones((6, 4)))
    said = said.hide_patches(*[(k, 0, 1, 1) for k in range(4)])
    assert [str(step) for step in said] == [
        "set w to (8 numbers)", "use the filter (24 numbers) in w",
        "hide (4 patches) within 4x1 at row 0, column 0",
    ]  # fmt: skip
    for step in said:
        with pytest.raises(EditError, match=r"leaves its numbers out; take it from a file"):
            read_edit(str(step))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "'' says no edit; say it as in 'silence channels 2, 5"),
        ("mute relu", "'mute relu' says no edit; say it as in 'silence channels 2, 5"),
        ("Scale conv1.weight", "say it as in 'scale channel 2 .*, or 'scale conv1.weight"),
        ("rellu in place of relu", "'rellu' is no activation known here"),
        ("conv1 with stride 0", "stride 0 is none"),
        ("conv1 with stride 2 and stride 3", "conv1: stride is said twice; say it once"),
        ("silence chanel 2 of relu", "did you mean 'silence channel 2 of relu'?"),
        ("Silnce channels 2 off relu", "did you mean 'silence channels 2 of relu'?"),
        ("hide 3x4 at row 1, colum 2", "did you mean 'hide 3x4 at row 1, column 2'?"),
        ("silence channels 3-1 of relu", "relu: there are no channels 3 to 1"),
        ("silence channels 0-999999999 of relu", "there are no channels 0 to 999999999"),
        ("silence channel 1.5 of relu", "says no edit"),
        ("scale c1.weight by much", "'much' is no number; write 0.5 or 1/9"),
        ("scale c1.weight by 1 2", "'1 2' is not one number"),
        ("set c1.weight to inf", "'inf' is no number"),
        ("set c1.weight to \N{ARABIC-INDIC DIGIT THREE}", "is no number"),
        ("set c1.weight to 1 2; 3", "its rows are not of one length"),
        ("use sobell-x in c1", "there is no filter 'sobell-x'; did you mean sobel-x"),
    ],
)
def test_words_that_say_none(words: str, message: str) -> None:
    with pytest.raises(lw.LayerwalkError, match=re.escape(message) if "?" in message else message):
        read_edit(words)
