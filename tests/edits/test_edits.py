"""Edits collected, undone, written down and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import layerwalk as lw
from layerwalk.edits import Edits, edit, load_edits
from layerwalk.edits.step import KINDS
from layerwalk.errors import EditError, FileError

EVERY = (
    edit()
    .set_weight("conv.weight", 0.5, at=(0, 0, 1, 1))
    .set_weight("conv.weight", np.eye(4), at=(0, 0), name="a diagonal")
    .scale_weight("conv.weight", -1.0)
    .use_filter("conv", "identity", at=(1, 0))
    .use_filter("conv", [[0, 1], [1, 0]], at=(2,))
    .silence("relu", 1, 2)
    .silence("relu")
    .scale_channels("relu", 0, by=2.5)
    .fix_channels("relu", 3, to=1)
    .swap_activation("relu", "gelu")
    .change_window("pool", stride=[1, 2], padding=1)
    .hide(1, 2, 3, 4)
    .hide(1, 2, 3, 4, paint=(0.0, 0.5, 1.0))
    .add_noise(0.1, seed=4)
)


def test_each_in_words() -> None:
    assert str(EVERY).splitlines() == [
        "1. set conv.weight[0, 0, 1, 1] to 0.5",
        "2. a diagonal",
        "3. scale conv.weight by -1",
        "4. use identity in conv[1, 0]",
        "5. use the filter 0 1; 1 0 in conv[2]",
        "6. silence channels 1, 2 of relu",
        "7. silence all of relu",
        "8. scale channel 0 of relu by 2.5",
        "9. fix channel 3 of relu at 1",
        "10. gelu in place of relu",
        "11. pool with stride 1x2 and padding 1",
        "12. hide 3x4 at row 1, column 2",
        "13. hide 3x4 at row 1, column 2 with 0; 0.5; 1",
        "14. add noise of deviation 0.1, seed 4",
    ]
    assert str(edit()) == "no edits"
    assert {step.do for step in EVERY} == set(KINDS)


def test_written_down_and_read_again(tmp_path: Path) -> None:
    path = EVERY.save(tmp_path / "edits.json")
    assert load_edits(path) == EVERY
    assert [step.name for step in load_edits(path)][:3] == ["", "a diagonal", ""]
    assert Edits.of(json.loads(json.dumps(EVERY.plain()))) == EVERY


def test_undo_leaves_the_others() -> None:
    assert EVERY.undo() == EVERY[:-1]
    assert EVERY.undo(3) + EVERY[-3:] == EVERY
    assert edit().undo() == edit()
    assert len(EVERY.without("a diagonal")) == len(EVERY) - 1
    assert EVERY.without(0)[0] == EVERY[1]
    with pytest.raises(EditError, match="there is no edit 'the other'"):
        EVERY.without("the other")


def test_a_list_that_is_continued_in_two_ways() -> None:
    base = edit().silence("relu", 0)
    one, other = base.silence("relu", 1), base.silence("relu", 2)
    assert len(base) == 1
    assert one != other
    assert one[:1] == other[:1] == base


def test_edits_without_a_network_walk_nothing() -> None:
    with pytest.raises(EditError, match=r"collect them with lw.edit\(model\)"):
        edit().silence("relu").trace("sample:cat")
    assert lw.edit is edit


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ("silence", "'silence' is no edit; it says what to do: add_noise"),
        ({"do": "sing"}, "is no edit"),
        ({"do": "silence", "op": "relu", "chanels": [1]}, "silence knows no 'chanels'"),
        ({"do": "silence"}, "silence: .*missing 1 required.*'op'"),
        ({"do": "add_noise", "deviation": "much"}, "'much' is no number"),
        ({"do": "add_noise", "deviation": float("nan")}, "nan is not finite"),
        ({"do": "set_weight", "parameter": "w", "at": [-1]}, "count from 0"),
        ({"do": "set_weight", "parameter": "w", "at": ["a"]}, "count from 0"),
        ({"do": "set_weight", "parameter": "w", "to": [[1, 2], [3]]}, "not of one length"),
        ({"do": "swap_activation", "op": "relu", "to": "rellu"}, "choose one of elu, gelu"),
        ({"do": "change_window", "op": "conv"}, "nothing is to be changed"),
        ({"do": "change_window", "op": "conv", "stride": 0}, "stride 0 is none; whole"),
        ({"do": "hide", "top": -1, "left": 0, "height": 1, "width": 1}, "is no patch"),
        ({"do": "use_filter", "parameter": "w", "kernel": "sobell-x"}, "did you mean"),
    ],
)  # fmt: skip
def test_what_is_no_edit(plain: Any, message: str) -> None:
    with pytest.raises(lw.LayerwalkError, match=message):
        Edits.of([plain])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "it cannot be read"),
        ("{", "it is no JSON"),
        ("[]", "it holds no edits"),
        ('{"form": "layerwalk edits", "version": 2}', "of version 2, later than this program"),
        ('{"form": "layerwalk edits", "version": 1, "edits": [{}]}', "edits.json: .* is no edit"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "edits.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises((FileError, EditError), match=message):
        load_edits(path)
