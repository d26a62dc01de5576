from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image

from layerwalk.errors import FileError, LayerwalkError
from layerwalk.record import Trace
from layerwalk.surfaces.album import Picture
from layerwalk.surfaces.folder import TRACE_FILE, check_folder, clear_older, write_pictures


def picture(name: str) -> Picture:
    return Picture(name, "a dot", lambda: Image.new("RGB", (2, 3)))


def too_large() -> Image.Image:
    raise LayerwalkError("the picture would be too large", where="sheet")


def test_pictures_are_written_with_their_folders(tmp_path: Path) -> None:
    steps: list[int] = []
    pictures = [picture("walk.png"), picture("layers/000-a.png")]
    undrawn = write_pictures(pictures, tmp_path / "new" / "walk", lambda: steps.append(1))
    assert undrawn == ()
    assert len(steps) == 2
    with Image.open(tmp_path / "new" / "walk" / "layers" / "000-a.png") as written:
        assert written.size == (2, 3)


def test_one_picture_that_cannot_be_drawn_does_not_cost_the_others(tmp_path: Path) -> None:
    steps: list[int] = []
    bad = Picture("large.png", "too large", too_large)
    (undrawn,) = write_pictures([bad, picture("b.png")], tmp_path, lambda: steps.append(1))
    assert undrawn.picture is bad
    assert str(undrawn.reason) == "sheet: the picture would be too large."
    assert [path.name for path in tmp_path.iterdir()] == ["b.png"]
    assert len(steps) == 2


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "layers").write_text("a file")
    with pytest.raises(FileError, match="layers: it cannot be written"):
        write_pictures([picture("layers/a.png")], tmp_path)


def test_a_folder_is_checked_without_being_made(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(FileError, match="file: this is a file"):
        check_folder(file)
    with pytest.raises(FileError, match="file is a file"):
        check_folder(file / "below")


def test_a_folder_without_the_right_to_write_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> NoReturn:
        raise OSError(errno.EROFS, "Read-only file system")

    # chmod does not bind root, which tests may run as.
    monkeypatch.setattr("layerwalk.surfaces.folder.tempfile.TemporaryFile", refused)
    with pytest.raises(FileError, match=r"may not be written \(Read-only file system\)"):
        check_folder(tmp_path / "new")


def test_looking_leaves_nothing(tmp_path: Path) -> None:
    check_folder(tmp_path / "new" / "deep", folders=("layers",), files=(TRACE_FILE,))
    assert list(tmp_path.iterdir()) == []


def test_names_that_something_else_has_are_told_before(tmp_path: Path) -> None:
    (tmp_path / "layers").write_text("")
    (tmp_path / TRACE_FILE).mkdir()
    with pytest.raises(FileError, match="layers: this is a file, and a folder of this name"):
        check_folder(tmp_path, folders=("layers",))
    with pytest.raises(FileError, match="this is a folder, and a file of this name"):
        check_folder(tmp_path, files=(TRACE_FILE,))


def test_the_pictures_of_an_older_walk_go(tmp_path: Path, edges: Trace) -> None:
    edges.save(tmp_path / TRACE_FILE)
    (tmp_path / "layers").mkdir()
    older = ["walk.png", "filters.png", "layers/000-conv.png", "layers/002-pool.png"]
    others = ["scores.png", "notes.txt", "layers/000-mine.png"]
    for name in (*older, *others):
        (tmp_path / name).write_text("")
    clear_older(tmp_path, [picture("walk.png"), picture("layers/002-pool.png")])
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"walk.png", "layers/002-pool.png", TRACE_FILE, *others}


@pytest.mark.parametrize("content", [None, b"no trace"], ids=["missing", "strange"])
def test_a_folder_that_holds_no_walk_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / TRACE_FILE).write_bytes(content)
    (tmp_path / "walk.png").write_text("")
    clear_older(tmp_path, [])
    assert (tmp_path / "walk.png").exists()
