from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

import layerwalk as lw
from layerwalk.recipes.explain import explain
from layerwalk.record import Trace
from layerwalk.surfaces.cli.explain import parse_position
from surfaces.commandline import CommandLine

CONV = ("explain", "sample:cat", "-m", "edges", "--op", "conv", "--at", "0,1,20,30")


def test_a_number_of_a_photo(layerwalk: CommandLine, edges: Trace) -> None:
    ended = layerwalk.done(*CONV, columns=80)
    found = explain(edges, "conv", (0, 1, 20, 30))
    assert "  op       conv (Conv2d)" in ended.lines
    assert "  kind     conv2d 4x4" in ended.lines
    assert "  number   0,1,20,30 of conv, 1x4x297x448" in ended.lines
    assert "  ... 4 more terms: sum " in ended.out
    assert f"  recorded  {found.recorded:.9g}" in ended.lines
    assert max(map(len, ended.lines)) <= 80
    assert len(layerwalk.done(*CONV, "--all").lines) == len(ended.lines) + 3
    assert len(layerwalk.done(*CONV, "--terms", "2").lines) == len(ended.lines) - 10


def test_a_saved_trace_needs_no_network(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "cat.safetensors")
    ended = layerwalk.done("explain", "cat.safetensors", *CONV[4:])
    assert ended.out == layerwalk.done(*CONV).out
    noted = layerwalk("explain", "cat.safetensors", *CONV[2:])
    assert noted.status == 0
    assert noted.err.startswith("note: a saved trace has its network in it")


def test_a_trace_without_weights_is_one_sentence(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "cat.safetensors", weights=False)
    said = layerwalk.failed("explain", "cat.safetensors", *CONV[4:])
    assert said.startswith("conv.weight was left out when the trace was saved")


def test_json_has_every_term(layerwalk: CommandLine, edges: Trace) -> None:
    ended = layerwalk.done(*CONV, "--json")
    read = json.loads(ended.out)
    found = explain(edges, "conv", (0, 1, 20, 30))
    assert len(ended.lines) == 1
    assert len(read["terms"]) == 16
    for term, known in zip(read["terms"], found.terms, strict=True):
        assert term["result"] == known.result
        assert [factor["index"] for factor in term["factors"]] == [
            list(factor.index) for factor in known.factors
        ]
    assert (read["total"], read["recorded"]) == (found.total, found.recorded)
    assert read["residue"] == found.residue
    assert (read["op"], read["kind"], read["index"]) == ("conv", "conv2d", [0, 1, 20, 30])
    assert read["quantities"] == {"sum": dict(found.quantities)["sum"]}
    assert "path" not in read


def test_the_way_back_to_the_input(layerwalk: CommandLine) -> None:
    words = ("explain", "sample:cat", "-m", "edges", "--op", "pool", "--at", "0,1,20,30", "--back")
    ended = layerwalk.done(*words, columns=80)
    start = ended.lines.index("Walked back, by the term that adds most:")
    steps = [line for line in ended.lines[start + 1 :] if not line.startswith("   ")]
    assert [line.split()[0] for line in steps] == ["pool", "relu", "conv", "input"]
    assert max(map(len, ended.lines)) <= 80
    read = json.loads(layerwalk.done(*words, "--json").out)
    assert [step["op"] for step in read["path"]] == ["pool", "relu", "conv"]
    assert read["end"]["value"] == "input"
    assert read["stopped"] == ""


def test_figure_and_animation(layerwalk: CommandLine, tmp_path: Path) -> None:
    words = ("explain", "sample:digits/3", "-m", "lenet5", "--op", "c1", "--at", "0,2,3,4")
    ended = layerwalk.done(
        *words, "--back", "--figure", "a.png", "--animation", "a.gif", "--channel", "0"
    )
    written = ended.lines[ended.lines.index("Written:") + 1 :]
    assert [line.split()[0] for line in written] == ["a.png", "a.gif", "a-back.png"]
    for name in ("a.png", "a-back.png", "a.gif"):
        with Image.open(tmp_path / name) as picture:
            picture.load()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-back.png", "a.gif", "a.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--op conv --at 0,1,x,3", "--at: '0,1,x,3' is no position; give a whole number for each"),
        ("--op conv --at 0,1.5", "--at: '0,1.5' is no position"),
        ("--op conv --at 0,1,2", "conv: (0, 1, 2) is no position in shape (1, 4, 297, 448); give"),
        ("--op conv --at 0,4,0,0", "conv: position 4 of dimension 1 is outside of shape"),
        ("--op conv --at=-1,0,0,0", "conv: position -1 of dimension 0 is outside of shape"),
        ("--op cnv --at 0", "edges: there is no op 'cnv'; did you mean conv?"),
        ("--op conv", "Missing option '--at'"),
        ("--at 0", "Missing option '--op'"),
        ("--op conv --at 0,0,0,0 --output 1", "conv: there is no output 1; it made 1"),
        ("--op conv --at 0,0,0,0 --figure a.jpg", "a.jpg: --figure writes no .jpg; end its name"),
        ("--op conv --at 0,0,0,0 --figure x/a.png", "x/a.png: there is no folder x; make it"),
        ("--op conv --at 0,0,0,0 --animation a", "a: --animation writes no file without an ending"),
        ("--op relu --at 0,0,0,0 --animation a.gif", "relu: no window slides over what relu reads"),
        ("--op conv --at 0,0,0,0 --figure a.png --channel 1", "input: the window does not go"),
        ("--op conv --at 0,0,0,0 --terms -1", "Invalid value for '--terms'"),
    ],
)
def test_bad_input_is_one_sentence(layerwalk: CommandLine, words: str, said: str) -> None:
    sentence = layerwalk.failed("explain", "sample:cat", "-m", "edges", *words.split())
    assert sentence.startswith(said), sentence


@pytest.mark.parametrize("name", ["nope.safetensors", "bad.safetensors", "nope.jpg"])
def test_a_source_that_cannot_be_read(layerwalk: CommandLine, tmp_path: Path, name: str) -> None:
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    assert layerwalk.failed("explain", name, "--op", "a", "--at", "0").startswith(f"{name}: ")


def test_an_mp4_without_ffmpeg_is_refused_before_the_walk(
    layerwalk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    said = layerwalk.failed("explain", "nope.jpg", *CONV[4:], "--animation", "a.mp4")
    assert said.startswith("a.mp4: an MP4 file needs ffmpeg, which is not installed")


@pytest.mark.parametrize("text", ["0,3", " 0 , 3 ", "(0, 3)", "[0,3]", "0,3,"])
def test_positions_are_read_as_people_write_them(text: str) -> None:
    assert parse_position(text) == (0, 3)


@pytest.mark.parametrize("text", ["0 3", "0,,3", "a", "1e3", "0;3", "(0,3", "9" * 40])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(lw.LayerwalkError, match="is no position"):
        parse_position(text)


def test_a_rounded_file_says_that_its_numbers_are(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "half.safetensors", detail="half")
    ended = layerwalk("explain", "half.safetensors", *CONV[4:])
    assert ended.status == 0
    assert ended.err.startswith("note: this file has not every bit (half")
    edges.save(tmp_path / "exact.safetensors")
    assert layerwalk("explain", "exact.safetensors", *CONV[4:]).err == ""
