"""The repository's own files, with or without git at hand."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

# What .gitignore names, for a copy of the repository that is not a git checkout.
MADE = {"demo", "dist", "build", "htmlcov", "__pycache__", "node_modules"}


def tracked_files(root: Path) -> list[Path]:
    """Every file under ``root`` that is, or will be, part of the repository, sorted."""
    git = shutil.which("git")
    if git and (root / ".git").exists():
        command = [git, "-C", str(root), "ls-files", "-z", "--cached", "--others"]
        listed = subprocess.run(  # noqa: S603 - git, found on the PATH, with words of our own
            [*command, "--exclude-standard"], check=True, capture_output=True, text=True
        )
        names = [root / name for name in listed.stdout.split("\0") if name]
        return sorted({path for path in names if path.is_file()})
    return sorted(path for path in root.rglob("*") if path.is_file() and _kept(path, root))


def _kept(path: Path, root: Path) -> bool:
    folders = path.relative_to(root).parts[:-1]
    return not any(
        name in MADE
        or (name.startswith(".") and name not in {".ci", ".github"})
        or name.endswith(".egg-info")
        for name in folders
    )
