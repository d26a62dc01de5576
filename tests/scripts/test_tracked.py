from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tracked import tracked_files


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("a.py", ".ci/run", "docs/b.md", "demo/walk.png", ".venv/lib/c.py", ".gitignore"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(".venv/\ndemo/\n")
    return tmp_path


KEPT = [".ci/run", ".gitignore", "a.py", "docs/b.md"]


def names(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in tracked_files(root)]


def test_without_git_what_is_made_is_left_out(tree: Path) -> None:
    assert names(tree) == KEPT


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_with_git_what_is_ignored_is_left_out(tree: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tree)], check=True)  # noqa: S603, S607
    assert names(tree) == KEPT
