from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from layerwalk.errors import FileError
from layerwalk.render.figures import pixel_grid
from layerwalk.render.files import save_figure


def figure() -> Figure:
    return pixel_grid(np.array([[0, 0.5], [1, -1]]), title="cost in $ and $$")


@pytest.mark.parametrize("ending", ["png", "PNG", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, ending: str) -> None:
    first = save_figure(figure(), tmp_path / f"a.{ending}")
    second = save_figure(figure(), str(tmp_path / f"b.{ending}"))
    assert first.read_bytes() == second.read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"a.{ending}", f"b.{ending}"]


def test_nothing_is_said_about_date_and_version(tmp_path: Path) -> None:
    svg = save_figure(figure(), tmp_path / "a.svg").read_text()
    assert "<dc:date>" not in svg
    assert mpl.__version__ not in svg
    pdf = save_figure(figure(), tmp_path / "a.pdf").read_bytes()
    assert b"CreationDate" not in pdf
    with Image.open(save_figure(figure(), tmp_path / "a.png")) as png:
        assert set(png.info) == {"dpi"}


def test_the_users_settings_neither_matter_nor_change(tmp_path: Path) -> None:
    plain = save_figure(figure(), tmp_path / "a.png").read_bytes()
    odd: dict[str, Any] = {
        "text.usetex": True,
        "axes.grid": True,
        "axes.facecolor": "red",
        "image.interpolation": "bilinear",
        "image.origin": "lower",
        "savefig.bbox": "tight",
        "savefig.dpi": 40,
        "savefig.facecolor": "blue",
        "figure.autolayout": True,
        "figure.dpi": 33,
        "font.size": 40,
        "text.color": "green",
        "svg.hashsalt": "mine",
    }
    with mpl.rc_context(odd):  # type: ignore[arg-type]
        before = dict(mpl.rcParams)
        assert save_figure(figure(), tmp_path / "b.png").read_bytes() == plain
        save_figure(figure(), tmp_path / "b.svg")
        assert dict(mpl.rcParams) == before


def test_an_image_is_saved_as_it_is(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (9, 11, 3), np.uint8)
    path = save_figure(Image.fromarray(pixels), tmp_path / "a.png")
    with Image.open(path) as saved:
        assert np.array_equal(np.asarray(saved), pixels)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.jpeg", r"\.jpeg"),
        ("a", "end the name in .png"),
        ("missing/a.png", "make the folder"),
        ("folder.png", "that is a folder"),
        ("x" * 300 + ".png", "could not be written"),
    ],
)
def test_bad_paths_are_told_and_nothing_is_left(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(FileError, match=words):
        save_figure(figure(), tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["folder.png"]


def test_an_image_is_no_vector_drawing(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"end the name in \.png\."):
        save_figure(Image.new("RGB", (2, 2)), tmp_path / "a.svg")


@pytest.mark.skipif(os.name != "posix", reason="rights of folders are those of POSIX")
def test_a_folder_without_rights(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write anywhere")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FileError, match="check the rights"):
            save_figure(figure(), tmp_path / "a.png")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_figure(figure(), tmp_path / "a.png")
    old = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full)
    with pytest.raises(FileError, match="No space left on device"):
        save_figure(figure(), path)
    assert path.read_bytes() == old
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]
