"""Edits collected, undone, written down and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import layerwalk as lw
from layerwalk.edits import Edits, edit, load_edits
from layerwalk.edits.step import KINDS
from layerwalk.errors import EditError, FileError
from layerwalk.filters import parse_filter

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
    .hide_patches((0, 0, 2, 2), (2, 1, 3, 2))
    .hide_patches((0, 0, 2, 2), paint=1.0)
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
        "14. hide 2x2 at row 0, column 0 and 3x2 at row 2, column 1",
        "15. hide 2x2 at row 0, column 0 with 1",
        "16. add noise of deviation 0.1, seed 4",
    ]
    assert str(edit()) == "no edits"
    assert {step.do for step in EVERY} == set(KINDS)


def test_written_down_and_read_again(tmp_path: Path) -> None:
    path = EVERY.save(tmp_path / "edits.json")
    assert load_edits(path) == EVERY
    assert [step.name for step in load_edits(path)][:3] == ["", "a diagonal", ""]
    assert Edits.of(json.loads(json.dumps(EVERY.plain()))) == EVERY


def test_many_patches_are_told_by_their_frame() -> None:
    stroke = edit().hide_patches(*np.array([[k, 2 * k, 4, 3] for k in range(6)]))
    assert str(stroke) == "1. hide (6 patches) within 9x13 at row 0, column 0"
    assert stroke.plain()[0]["patches"][1] == [1, 2, 4, 3]
    assert Edits.of(json.loads(json.dumps(stroke.plain()))) == stroke


def test_edits_of_a_saved_trace(tmp_path: Path) -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    edits = edit().silence("relu", 2).hide(0, 0, 9, 9, name="a corner")
    path = trace.rerun(edits).save(tmp_path / "after.safetensors")
    assert load_edits(path) == load_edits(str(path)) == edits
    assert lw.open(path).rerun(edit().silence("conv", 0)).save(path) == path
    assert load_edits(path) == edits.silence("conv", 0)
    trace.save(path)
    with pytest.raises(FileError, match=r"the walk in it was not edited; pass what edits\.save"):
        load_edits(path)
    with pytest.raises(FileError, match="there is no such file"):
        load_edits(tmp_path / "none.safetensors")


HALF: Any = np.float32(0.5)
NONE: Any = np.int64(0)
THREE: Any = np.int64(3)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (lambda: edit().silence("relu", np.int64(2), [0, 1]), edit().silence("relu", 2, 0, 1)),
        (lambda: edit().silence("relu", range(3)), edit().silence("relu", 0, 1, 2)),
        (lambda: edit().scale_channels("relu", np.array([1]), by=HALF),
         edit().scale_channels("relu", 1, by=0.5)),
        (lambda: edit().set_weight("w", torch.ones(2), at=(NONE,)),
         edit().set_weight("w", [1, 1], at=(0,))),
        (lambda: edit().use_filter("w", "0 1/2; 1 0"), edit().use_filter("w", [[0, 0.5], [1, 0]])),
        (lambda: edit().use_filter("w", lw.find_filter("edge")), edit().use_filter("w", "edge")),
        (lambda: edit().use_filter("w", "Laplacian"), edit().use_filter("w", "edge")),
        (lambda: edit().use_filter("w", parse_filter("0 1")), edit().use_filter("w", [[0, 1]])),
        (lambda: edit().add_noise(HALF, seed=THREE), edit().add_noise(0.5, seed=3)),
        (lambda: edit().and_then("silence channel 2 of relu"), edit().silence("relu", 2)),
    ],
)  # fmt: skip
def test_given_otherwise(given: Callable[[], Edits], meant: Edits) -> None:
    assert given() == meant
    assert Edits.of(json.loads(json.dumps(given().plain()))) == meant


def test_what_has_a_name_may_stand_for_it() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    assert edit().silence(trace["relu"], 1) == edit().silence("relu", 1)
    weight = trace["conv"].inputs[1]
    assert edit().scale_weight(weight, 2.0) == edit().scale_weight("conv.weight", 2.0)


@pytest.mark.parametrize("channel", [True, 1.0, "1", None, []])
def test_what_is_no_channel(channel: object) -> None:
    with pytest.raises(EditError, match=r"is no channel|names no channel"):
        edit().silence("relu", channel)


def test_what_a_trace_says_of_its_edits_may_be_damaged() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    damaged = replace(trace, provenance={**trace.provenance, "edits": "{"})
    with pytest.raises(EditError, match="what it says of its edits is no JSON"):
        damaged.rerun(edit().silence("relu", 1))


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
        ({"do": ["silence"]}, "is no edit"),
        ({"do": "silence", "op": 5}, "edits: 5 is no name; name an op"),
        ({"do": "silence", "op": "relu", "name": 7}, "edits: 7 is no name"),
        ({"do": "silence", "op": "relu", "channels": "abc"}, "relu: 'abc' are no channels"),
        ({"do": "silence", "op": "relu", "channels": [[]]}, "an empty list names no channel"),
        ({"do": "add_noise", "deviation": 1, "seed": None}, "None is no seed; give a whole"),
        ({"do": "add_noise", "deviation": 1, "seed": 2**70}, "is too large"),
        ({"do": "add_noise", "deviation": 10**400}, "is not finite"),
        ({"do": "scale_weight", "parameter": "w", "at": None}, "w: None is no index"),
        ({"do": "set_weight", "parameter": "w", "to": []}, "there are no numbers"),
        ({"do": "use_filter", "parameter": "w", "kernel": [1, 2]}, r"shape \(2,\) are no filter"),
        ({"do": "hide", "top": 0, "left": 0, "height": 1, "width": 1, "paint": [[1]]}, "no paint"),
        ({"do": "hide", "top": 0, "left": 0, "height": 1, "width": 1, "paint": "red"}, "no paint"),
        ({"do": "change_window", "op": "conv", "stride": True}, "stride True is none"),
        ({"do": "silence", "op": "relu", "chanels": [1]}, "silence knows no 'chanels'"),
        ({"do": "silence"}, "silence: .*missing 1 required.*'op'"),
        ({"do": "add_noise", "deviation": "much"}, "'much' is no number"),
        ({"do": "add_noise", "deviation": float("nan")}, "nan is not finite"),
        ({"do": "set_weight", "parameter": "w", "at": [-1]}, "count from 0"),
        ({"do": "set_weight", "parameter": "w", "at": ["a"]}, "w: 'a' is no index; give a whole"),
        ({"do": "set_weight", "parameter": "w", "to": [[1, 2], [3]]}, "not of one length"),
        ({"do": "swap_activation", "op": "relu", "to": "rellu"}, "choose one of elu, gelu"),
        ({"do": "change_window", "op": "conv"}, "nothing is to be changed"),
        ({"do": "change_window", "op": "conv", "stride": 0}, "stride 0 is none; give whole"),
        ({"do": "hide", "top": -1, "left": 0, "height": 1, "width": 1}, "is no patch"),
        ({"do": "hide", "top": 1.5, "left": 0, "height": 1, "width": 1}, "is no patch"),
        ({"do": "hide_patches", "patches": []}, "are no patches; give top, left"),
        ({"do": "hide_patches", "patches": 4}, "4 are no patches"),
        ({"do": "hide_patches", "patches": [[1, 2, 3]]}, "are no patches"),
        ({"do": "hide_patches", "patches": [[1, 2, 3, 0]]}, "3x0 at row 1, column 2 is no patch"),
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
        ('{"form": "layerwalk edits", "version": 1, "edits": 5}', "5 is no list of edits"),
        ('{"form": "layerwalk edits", "version": 1, "edits": "abc"}', "'abc' is no list of edits"),
        ('{"form": "layerwalk edits", "version": 1}', "None is no list of edits"),
        ('{"form": "layerwalk edits", "edits": []}', "it does not say of which version it is"),
        ("[" * 100_000, "it is no JSON"),
    ],
)
def test_files_that_are_none(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "edits.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises((FileError, EditError), match=message):
        load_edits(path)
