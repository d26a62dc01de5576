from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layerwalk.data import load_image
from layerwalk.errors import LayerwalkError
from layerwalk.filters import apply_filter, filters
from layerwalk.render.figures import FilterResult, filter_results
from layerwalk.surfaces.cli.filters import parse_padding
from surfaces.commandline import CommandLine


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[FilterResult]:
    """What was drawn, in order."""
    seen: list[FilterResult] = []

    def draw(photo: object, results: list[FilterResult], **how: object) -> object:
        seen.extend(results)
        return filter_results(photo, results, **how)  # type: ignore[arg-type] # handed on

    monkeypatch.setattr("layerwalk.surfaces.cli.filters.filter_results", draw)
    return seen


def test_one_filter(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("filters", "sample:digits/3", "--kernel", "sobel-x")
    with Image.open(tmp_path / "filters-digits-3.png") as picture:
        picture.verify()
    assert "  photo    sample:digits/3, 28 x 28 pixels, in grey, levels 0 to 255" in ended.lines
    (row,) = [line for line in ended.lines if line.startswith("  sobel-x")]
    assert row.split()[1:3] == ["3x3", "26x26"]
    assert ended.lines[-2:] == [
        "Written:",
        "  filters-digits-3.png  the photo, the filter and the result",
    ]


def test_what_is_drawn_is_what_the_filter_makes(
    layerwalk: CommandLine, drawn: list[FilterResult]
) -> None:
    words = ("-k", "Sobel Y", "-k", "box-5", "-k", "sobel-y", "--matrix", "[[0, 1], [-1, 0]]")
    how = ("--stride", "2", "--padding", "same", "--border", "reflect")
    ended = layerwalk.done("filters", "sample:cat", *words, *how, "-o", "a.svg")
    assert [one.filter.name for one in drawn] == ["sobel-y", "box-5", "matrix"]
    grey = load_image("sample:cat").grey()
    for one in drawn:
        made = apply_filter(grey, one.filter, stride=2, padding="same", border="reflect")
        np.testing.assert_array_equal(one.result, made)
        assert made.shape == (150, 226)
    assert "  padding  same, reflect" in ended.lines
    assert "a row for each filter" in ended.lines[-1]


def test_six_filters_if_none_is_named(layerwalk: CommandLine, drawn: list[FilterResult]) -> None:
    layerwalk.done("filters", "sample:digits/3")
    assert [one.filter.name for one in drawn] == [
        *("gaussian", "sharpen", "emboss", "edge", "sobel-x", "sobel-y")
    ]


def test_a_folder_has_a_picture_of_each(layerwalk: CommandLine, tmp_path: Path) -> None:
    words = ("-k", "edge", "--matrix", "1 -1", "--matrix", "1; -1", "-o", "new/out")
    ended = layerwalk.done("filters", "sample:digits/3", *words)
    names = ["edge.png", "matrix-1.png", "matrix-2.png"]
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == names
    assert all(any(line.startswith(f"  {name} ") for line in ended.lines) for name in names)


def test_a_photo_is_resized_first_if_asked(
    layerwalk: CommandLine, drawn: list[FilterResult]
) -> None:
    ended = layerwalk.done("filters", "sample:dog", "-k", "identity", "--size", "54")
    assert drawn[0].result.shape == (52, 70)
    assert "720 x 540 pixels, resized to 72 x 54, in grey" in ended.out


def test_the_list_is_read_by_programs(layerwalk: CommandLine) -> None:
    lines = layerwalk.done("filters", "--list").lines
    assert [line.split()[0] for line in lines] == [one.name for one in filters()]
    for line, one in zip(lines, filters(), strict=True):
        assert f"  {one.text}  {one.about}" in line


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_the_list_is_read_by_people(layerwalk: CommandLine, columns: int) -> None:
    ended = layerwalk.done("filters", "--list", columns=columns)
    assert max(map(len, ended.lines)) <= columns
    at = next(at for at, line in enumerate(ended.lines) if line.startswith("  gaussian-5 "))
    block = ended.lines[at : at + 5]
    assert block[1].startswith("  5x5, each / 256")
    assert "6  24  36  24   6" in block[2]


def test_no_line_is_wider_than_the_terminal(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("filters", "sample:digits/3", "--matrix", "1 0; 0 1", columns=60)
    assert max(map(len, ended.lines)) <= 60


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "no photo is named; name one, or ask for the filters with --list."),
        (("x.jpg",), "x.jpg: there is no such file"),
        (("sample:cat", "-k", "sobl-x"), "there is no filter 'sobl-x'; did you mean sobel-x"),
        (("sample:cat", "--matrix", "1 2; 3"), "filter '1 2; 3': row 2 has a length of 1"),
        (("sample:cat", "--matrix", "a b"), "filter 'a b': 'a' is no number"),
        (("sample:cat", "--padding", "full"), "--padding: 'full' is no padding"),
        (("sample:cat", "--border", "mirror"), "border: there is no border 'mirror'; use zero"),
        (("sample:digits/3", "-k", "box", "--stride", "0"), "Invalid value for '--stride'"),
        (("sample:cat", "-o", "a.txt"), "a.txt: --out writes no .txt"),
        (("sample:cat", "-o", "no/a.png"), "no/a.png: there is no folder no; make it first."),
    ],
)
def test_what_cannot_be_used(
    layerwalk: CommandLine, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert layerwalk.failed("filters", *words).startswith(sentence)
    assert not list(tmp_path.iterdir())


def test_a_filter_larger_than_the_photo(layerwalk: CommandLine, tmp_path: Path) -> None:
    Image.new("L", (2, 2)).save(tmp_path / "tiny.png")
    said = layerwalk.failed("filters", "tiny.png", "-k", "edge")
    assert "a filter of 3 x 3 does not fit into 2 x 2 pixels" in said
    assert said.endswith("; use the padding same, or a smaller filter.")
    layerwalk.done("filters", "tiny.png", "-k", "edge", "--padding", "same")


def test_a_figure_that_would_be_too_large_is_noted(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise LayerwalkError("it would be 70000 x 70000 pixels", where="figure")

    monkeypatch.setattr("layerwalk.surfaces.cli.filters.filter_results", refused)
    assert "70000" in layerwalk.failed("filters", "sample:digits/3", "-k", "box")
    ended = layerwalk("filters", "sample:digits/3", "-k", "box", "-o", "out")
    assert ended.err.startswith("note: box.png was not drawn: figure: it would be")
    assert ended.status == 0
    assert "Written" not in ended.out


def test_paddings() -> None:
    said = ("valid", "same", "0", "12")
    assert [parse_padding(text) for text in said] == ["valid", "same", 0, 12]
    for text in ("", "-1", "1.5", "1234567", "Same"):
        with pytest.raises(LayerwalkError, match="is no padding"):
            parse_padding(text)
