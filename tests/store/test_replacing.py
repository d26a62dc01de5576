from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from layerwalk.errors import FileError
from layerwalk.record import Trace
from layerwalk.store import load, save
from layerwalk.store.replacing import replacing


def test_a_new_file(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as stream:
        stream.write(b"new")
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with replacing(tmp_path / "a") as stream:
        stream.write(b"new")
        stream.flush()
        assert (tmp_path / "a").read_bytes() == b"old"
    assert (tmp_path / "a").read_bytes() == b"new"


@pytest.mark.parametrize("problem", [ValueError("x"), KeyboardInterrupt(), FileError("y")])
def test_any_failure_leaves_everything_as_it_was(problem: BaseException, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def write_and_fail() -> None:
        with replacing(tmp_path / "a") as stream:
            stream.write(b"new")
            raise problem

    with pytest.raises(type(problem)):
        write_and_fail()
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def failing(number: int) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, 'the disk is full; free some space, or save with detail="half".'),
        (errno.EDQUOT, "the disk is full"),
        (errno.EIO, "the file cannot be written ("),
    ],
)
def test_a_full_disk(
    number: int, message: str, saved: Path, walk: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()
    monkeypatch.setattr(os, "fsync", failing(number))
    with pytest.raises(FileError) as caught:
        save(walk, saved)
    assert str(caught.value).startswith(f"{saved}: {message}")
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    assert saved.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
def test_a_write_that_the_system_cuts_off(saved: Path) -> None:
    # A real refusal in the middle of the tensors: no file may grow past 100 kB.
    program = (
        "import resource, sys, numpy as np\n"
        "import layerwalk as lw\n"
        "from layerwalk.errors import FileError\n"
        "from dataclasses import replace\n"
        f"trace = lw.open({str(saved)!r})\n"
        "class Large:\n"
        "    strides = (1,)\n"
        "    def read(self, region=()): return np.zeros(10**6)[region]\n"
        "large = replace(trace.ops[0].made[0], shape=(10**6,), data=Large(), op=None)\n"
        "op = replace(trace.ops[0], made=(large,))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        f"    replace(trace, ops=(op,), outputs=(), output_paths=()).save({str(saved)!r})\n"
        "except FileError as problem:\n"
        "    print(problem)\n"
    )
    before = saved.read_bytes()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{saved}: the file cannot be written (File too large)."
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    assert saved.read_bytes() == before


def refused(path: Path, walk: Trace) -> str:
    with pytest.raises(FileError) as caught:
        save(walk, path)
    return str(caught.value)


def test_a_missing_folder(walk: Trace, tmp_path: Path) -> None:
    path = tmp_path / "no" / "a.safetensors"
    assert refused(path, walk) == f"{path}: there is no folder {tmp_path / 'no'}; make it first."


def test_a_folder_that_is_a_file(walk: Trace, saved: Path) -> None:
    assert "there is no folder" in refused(saved / "a.safetensors", walk)


def test_a_folder_in_place_of_a_file(walk: Trace, tmp_path: Path) -> None:
    assert refused(tmp_path, walk) == f"{tmp_path}: this is a folder; name a file to write."


def test_a_device_in_place_of_a_file(walk: Trace) -> None:
    assert "this is not a regular file" in refused(Path(os.devnull), walk)


def test_names_that_no_file_has(walk: Trace, tmp_path: Path) -> None:
    assert "cannot be written (" in refused(tmp_path / ("x" * 300), walk)
    assert "cannot be written (" in refused(tmp_path / "a\0b", walk)


def test_a_folder_that_may_not_be_written(
    walk: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    assert refused(tmp_path / "a", walk).endswith(
        "/a: the file may not be written here; choose a folder that you may write to."
    )


def test_a_long_name(walk: Trace, tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    assert len(load(save(walk, path))) == len(walk)


@pytest.mark.skipif(os.name != "posix", reason="links and modes are POSIX's")
def test_links_are_followed_and_modes_are_those_of_any_file(walk: Trace, tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    link = tmp_path / "link"
    link.symlink_to("real")
    assert save(walk, link) == link
    assert link.is_symlink()
    assert len(load(tmp_path / "real")) == len(walk)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o666 & ~mask
