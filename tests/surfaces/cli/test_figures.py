from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from layerwalk.errors import LayerwalkError
from surfaces.commandline import CommandLine


def written(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_the_tutorial(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("figures", "edges", "sample:cat")
    names = ["1-photo.png", "2-filters.png", "3-convolution.png", "4-relu.png", "5-pooling.png"]
    assert written(tmp_path / "figures-cat") == names
    for name in names:
        assert any(line.startswith(f"  {name}  ") for line in ended.lines)
        with Image.open(tmp_path / "figures-cat" / name) as picture:
            picture.verify()


def test_the_tutorial_with_the_channels_of_an_op(layerwalk: CommandLine, tmp_path: Path) -> None:
    layerwalk.done("figures", "edges", "sample:cat", "--op", "relu", "-o", "out")
    assert "layers/001-relu.png" in written(tmp_path / "out")
    assert len(written(tmp_path / "out")) == 6


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_figures_for_print(layerwalk: CommandLine, tmp_path: Path, ending: str) -> None:
    layerwalk.done("figures", "edges", "sample:cat", "--format", ending, "-o", "out")
    files = written(tmp_path / "out")
    assert len(files) == 5
    start = b"<?xml" if ending == "svg" else b"%PDF"
    for name in files:
        assert name.endswith(ending)
        assert (tmp_path / "out" / name).read_bytes().startswith(start)


def test_the_tour_of_a_digit(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("figures", "lenet5", "sample:digits/3", "--kind", "conv2d", "-o", "out")
    assert written(tmp_path / "out") == [
        "filters.png",
        "layers/000-c1.png",
        "layers/003-c3.png",
        "photo.png",
        "pixels.png",
        *(f"responses/filter-00{at}.png" for at in range(6)),
        "scores.png",
        "walk.png",
    ]
    assert "  layers/      2 sheets of an op's channels" in ended.lines


def test_the_tour_of_a_colour_photo(layerwalk: CommandLine, tmp_path: Path) -> None:
    layerwalk.done("figures", "tiny_vgg", "sample:cat", "--op", "output", "--op", "relu_1_1")
    files = written(tmp_path / "figures-cat")
    assert {"channels.png", "layers/001-relu_1_1.png", "layers/011-output.png"} <= set(files)
    with Image.open(tmp_path / "figures-cat" / "photo.png") as photo:
        assert photo.size == (64, 64)


def test_a_sheet_that_would_be_too_large_is_noted(
    layerwalk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise LayerwalkError("it would be 70000 x 70000 pixels", where="sheet")

    monkeypatch.setattr("layerwalk.render.tiles.tile_sheet", refused)
    ended = layerwalk("figures", "tiny_vgg", "sample:cat", "--op", "relu_1_1")
    assert ended.status == 0
    assert ended.err == (
        "note: layers/001-relu_1_1.png was not drawn: sheet: it would be 70000 x 70000 pixels.\n"
    )
    assert "layers/" not in ended.out
    assert "channels.png" in written(tmp_path / "figures-cat")


def test_an_op_that_is_not_there(layerwalk: CommandLine) -> None:
    said = layerwalk.failed("figures", "edges", "sample:cat", "--op", "cnv")
    assert said == "edges: there is no op 'cnv'; did you mean conv?"


def test_a_network_that_raises_half_way(layerwalk: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "from torch import nn\n"
        "class Net(nn.Sequential):\n"
        "    def __init__(self):\n"
        "        super().__init__(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(8, 8, 3))\n"
    )
    ended = layerwalk("figures", "net.py:Net", "sample:cat", "--input-size", "16", "-o", "out")
    assert ended.status == 2
    assert ended.sentence().startswith("2 (conv2d): ")
    assert {"walk.png", "channels.png", "layers/001-1.png"} <= set(written(tmp_path / "out"))
