from __future__ import annotations

import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch import nn

from layerwalk.errors import FileError, LayerwalkError, MissingPackageError
from layerwalk.render.animation import film_maker, save_animation
from layerwalk.render.film import Film
from layerwalk.render.sliding_window import sliding_window
from render.explained import tutorial

FFMPEG = """#!{python}
import pathlib, sys
size = sys.argv[sys.argv.index("-s") + 1]
data = sys.stdin.buffer.read()
if {status}:
    print("no such codec", file=sys.stderr)
    sys.exit({status})
pathlib.Path(sys.argv[-1]).write_text(f"{{size}} {{len(data)}}")
"""


@pytest.fixture
def film() -> Film:
    return sliding_window(tutorial(nn.MaxPool2d(2)), 0)


def fake_ffmpeg(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> None:
    program = folder / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(FFMPEG.format(python=sys.executable, status=status))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))


def test_a_gif_has_every_picture(film: Film, tmp_path: Path) -> None:
    done: list[None] = []
    path = save_animation(film, tmp_path / "pool.gif", done=lambda: done.append(None))
    assert len(done) == 4
    with Image.open(path) as gif:
        assert getattr(gif, "n_frames") == 4  # noqa: B009 - Pillow does not declare it
        assert gif.info["loop"] == 0
        for k in range(4):
            gif.seek(k)
            shown = np.asarray(gif.convert("RGB")).astype(int)
            drawn = np.asarray(film.picture(k)).astype(int)
            # 255 colours are enough for it, up to the shades of the letters' edges.
            assert np.abs(shown - drawn).mean() < 3
            assert (np.abs(shown - drawn).max(axis=2) > 40).mean() < 0.002
    assert [file.name for file in tmp_path.iterdir()] == ["pool.gif"]


def test_the_same_film_gives_the_same_bytes(film: Film, tmp_path: Path) -> None:
    one = save_animation(film, tmp_path / "one.gif").read_bytes()
    assert save_animation(film, tmp_path / "two.gif").read_bytes() == one


def test_the_last_picture_stays_longer(film: Film, tmp_path: Path) -> None:
    path = save_animation(film, tmp_path / "pool.gif", seconds=0.5)
    with Image.open(path) as gif:
        stay = []
        for k in range(4):
            gif.seek(k)
            stay.append(gif.info["duration"])
    assert stay == [500, 500, 500, 2500]


def test_an_mp4_is_fed_to_ffmpeg(
    film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ffmpeg(tmp_path, monkeypatch)
    path = save_animation(film, tmp_path / "pool.mp4", seconds=0.2)
    width, height = film.picture(0).size
    pictures = 3 * 5 + 55  # 25 a second, the last 2 seconds longer
    assert path.read_text() == f"{width}x{height} {pictures * width * height * 3}"


def test_what_ffmpeg_says_is_told(
    film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_ffmpeg(tmp_path, monkeypatch, status=1)
    with pytest.raises(FileError, match=r"could not write the film \(no such codec\)"):
        save_animation(film, tmp_path / "pool.mp4")
    assert [file.name for file in tmp_path.iterdir()] == ["bin"]


def test_without_ffmpeg_an_mp4_is_one_sentence(
    film: Film, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(MissingPackageError, match="needs ffmpeg, which is not installed; install"):
        save_animation(film, tmp_path / "pool.mp4")


def test_the_package_imageio_ffmpeg_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Package:
        @staticmethod
        def get_ffmpeg_exe() -> str:
            return "its own"

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", Package)
    assert film_maker("a.mp4") == "its own"


def test_what_cannot_be_written_is_told(film: Film, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"no film format '\.avi'; end the name in \.gif or \.mp4"):
        save_animation(film, tmp_path / "pool.avi")
    with pytest.raises(FileError, match="the film could not be written"):
        save_animation(film, tmp_path / "nowhere" / "pool.gif")
    with pytest.raises(LayerwalkError, match="cannot stay for 0 seconds"):
        save_animation(film, tmp_path / "pool.gif", seconds=0)
