"""The explorer's page as it was built.

``explorer.js`` loads what it needs from beside it; ``whole.js`` has everything in it, for reports
and notebooks; ``explorer.css`` is for both.
"""

from __future__ import annotations

from pathlib import Path

from layerwalk.errors import FileError

__all__ = ["STATIC", "page_file"]

STATIC = Path(__file__).parent / "static"


def page_file(name: str) -> str:
    """The text of one of the page's files: ``"whole.js"``, ``"explorer.css"``.

    Raises
    ------
    FileError
        The page has not been built.
    """
    try:
        return (STATIC / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileError(
            "the explorer's page has not been built",
            where=name,
            mend="run make page where Layerwalk's sources are, or install Layerwalk again",
        ) from None
