"""``layerwalk edit``: something changed, and what becomes of the scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.record import Trace
from surfaces.commandline import CommandLine


def test_a_photo_is_edited_and_saved(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done(
        "edit", "sample:digits/3", "-m", "lenet5", "-e", "silence channel 1 of c1",
        "-e", "scale f6.weight by 2", "-o", "edited.safetensors", "--save-edits", "edits.json",
        "--top", "3", columns=80,
    )  # fmt: skip
    assert "  1  silence channel 1 of c1" in ended.lines
    assert "  2  scale f6.weight by 2" in ended.lines
    assert "12 of 12 ops read something that changed; 12 gave other numbers." in ended.lines
    assert max(map(len, ended.lines)) <= 80
    edited = lw.open(tmp_path / "edited.safetensors")
    assert not edited["c1"].array()[:, 1].any()
    assert [step["do"] for step in json.loads((tmp_path / "edits.json").read_text())["edits"]] == [
        "silence", "scale_weight",
    ]  # fmt: skip
    # The scores that were printed are those of both walks.
    before = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    number = before.labels.index(before.top(1)[0][0]) if before.labels else -1
    (line,) = [line for line in ended.lines if line.endswith(f"({number})")]
    assert line.split()[0] == f"{100 * before.top(1)[0][1]:.1f}%"
    after = dict(edited.top(10))
    assert line.split()[1] == f"{100 * after[str(number)]:.1f}%"


def test_edits_of_a_file_come_first(layerwalk: CommandLine, tmp_path: Path, edges: Trace) -> None:
    edges.save(tmp_path / "cat.safetensors")
    lw.edit().silence("relu", 2).save(tmp_path / "edits.json")
    ended = layerwalk.done(
        "edit", "cat.safetensors", "--edits", "edits.json", "-e", "pool with stride 1"
    )
    at = ended.lines.index("  1  silence channel 2 of relu")
    assert ended.lines[at + 1] == "  2  pool with stride 1"
    assert "1 of 3 ops read something that changed; 2 gave other numbers." not in ended.lines
    assert "2 of 3 ops read something that changed; 2 gave other numbers." in ended.lines
    assert "  No class scores to compare." in ended.lines


def test_edits_are_taken_from_an_edited_walk(layerwalk: CommandLine, tmp_path: Path) -> None:
    words = "hide 8x8 at row 0, column 4 and 8x16 at row 8, column 4"
    layerwalk.done("edit", "sample:digits/3", "-m", "lenet5", "-e", words, "-o", "one.safetensors")
    ended = layerwalk.done(
        "edit", "sample:digits/4", "-m", "lenet5", "--edits", "one.safetensors",
        "-o", "two.safetensors",
    )  # fmt: skip
    assert f"  1  {words}" in ended.lines
    assert lw.load_edits(tmp_path / "two.safetensors") == lw.load_edits(
        tmp_path / "one.safetensors"
    )


def test_what_is_to_be_known_is_said(layerwalk: CommandLine, tmp_path: Path, edges: Trace) -> None:
    edges.save(tmp_path / "half.safetensors", detail="half")
    ended = layerwalk(
        "edit", "half.safetensors", "-e", "add noise 1/8", "-e", "use roberts-pos in conv[0, 0]",
        columns=80,
    )  # fmt: skip
    assert ended.status == 0
    at = ended.lines.index("  1  add noise of deviation 0.125, seed 0")
    low, high = edges.inputs[0].array().min(), edges.inputs[0].array().max()
    units = f"     in the units that the network reads, here {low:.4g} to {high:.4g}"
    assert ended.lines[at + 1] == units
    assert ended.lines[at + 2 : at + 4] == [
        "  2  use roberts-pos in conv[0, 0]", "     in the middle of 4x4, zeros around",
    ]  # fmt: skip
    assert ended.err.startswith("note: this file has not every bit (half): what was computed again")
    assert ended.err.count("\n") == 1
    edges.save(tmp_path / "exact.safetensors")
    layerwalk.done("edit", "exact.safetensors", "-e", "add noise 1/8")


def test_changes_have_as_many_decimals(layerwalk: CommandLine) -> None:
    words = ("edit", "sample:digits/3", "-m", "lenet5", "--top", "10", "-e")
    for change in ("scale f6.weight by 2", "scale f6.weight by 1.1"):
        ended = layerwalk.done(*words, change)
        told = [line.split(" pt")[0].split()[-1] for line in ended.lines if " pt  " in line]
        exact = [number for number in told if number != "<0.01"]
        assert exact
        assert {len(number.partition(".")[2]) for number in exact} == {2}
        assert all(float(number) for number in exact)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "edit: nothing is to be changed; say what: --edit 'silence channel 2 of relu'"),
        (["-e", "silence 1.5 of it"], "says no edit; say it as in 'silence channels 2, 5"),
        (["-e", "silence chanel 2 of relu"], "did you mean 'silence channel 2 of relu'?"),
        (["-e", "silence relu", "--save-edits", "taken.json"], "name another place with --save"),
        (["-e", "silence relu", "-o", "taken.safetensors"], "name another place with --out"),
        (["-e", "silence channel 9 of relu"], "relu: there is no channel 9; it has 4, from 0"),
        (["-e", "silence channel 1 of rellu"], "there is no op 'rellu'; did you mean relu?"),
        (["--edits", "none.json"], "none.json: it cannot be read"),
        (["-e", "silence all of relu", "-o", "x.png"], "x.png: it is to be a .safetensors file"),
        (["-e", "silence all of relu", "--save-edits", "no/x.json"], "there is no folder no"),
    ],
)
def test_what_cannot_be_done(
    layerwalk: CommandLine, tmp_path: Path, words: list[str], message: str
) -> None:
    (tmp_path / "taken.json").mkdir()
    (tmp_path / "taken.safetensors").mkdir()
    ended = layerwalk("edit", "sample:cat", "-m", "edges", *words)
    assert ended.status == 2
    assert message in ended.err
