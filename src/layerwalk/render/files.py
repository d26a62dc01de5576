"""Pictures into files: whole or not at all, and the same bytes every time."""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from layerwalk.errors import FileError
from layerwalk.render.paper import DPI

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

__all__ = ["save_figure"]

# What each format would say of its own accord: dates and versions, which differ every time.
_UNSAID: Final = {
    "png": ("Software",),
    "svg": ("Date", "Creator"),
    "pdf": ("CreationDate", "Creator", "Producer"),
}
_LOCK = threading.Lock()


def save_figure(figure: Figure | Image, path: str | os.PathLike[str]) -> Path:
    """The path of the file that a figure or tile sheet was written to.

    The format is told by the ending: ``.png``, ``.svg`` or ``.pdf`` for figures, ``.png``
    for tile sheets. The file is written beside its place and then renamed, so there is
    never half of one; the same figure gives the same bytes.

    Raises
    ------
    FileError
        The ending is unknown, the folder is missing or cannot be written to, or the disk
        is full.

    Examples
    --------
    >>> save_figure(class_scores(trace), "scores.png")    # doctest: +SKIP
    PosixPath('scores.png')
    """
    from PIL.Image import Image as PillowImage

    path = Path(path)
    ending = path.suffix[1:].lower()
    formats = ("png",) if isinstance(figure, PillowImage) else tuple(_UNSAID)
    if ending not in formats:
        raise FileError(
            f"there is no picture format {path.suffix!r} for this",
            where=str(path),
            mend=f"end the name in {', '.join('.' + known for known in formats)}",
        )
    try:
        _write_beside(figure, path, ending)
    except OSError as error:
        raise FileError(
            f"the picture could not be written ({error.strerror or error})",
            where=str(path),
            mend=_mend(path),
        ) from error
    return path


def _write_beside(figure: Figure | Image, path: Path, ending: str) -> None:
    from PIL.Image import Image as PillowImage

    beside = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with beside.open("xb") as file:
            if isinstance(figure, PillowImage):
                # Of large areas of one colour: more effort takes thrice the time for a tenth.
                figure.save(file, format="png", dpi=(DPI, DPI), compress_level=1)
            else:
                _write_figure(figure, file, ending)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write_figure(figure: Figure, file: BinaryIO, ending: str) -> None:
    import matplotlib as mpl

    # matplotlib takes these from global settings only; they hold while one file is
    # written, one at a time.
    settings = mpl.rc_context(
        {
            "svg.hashsalt": "layerwalk",
            "svg.fonttype": "path",
            "svg.image_inline": True,
            "pdf.fonttype": 42,
            "savefig.bbox": None,
            "image.composite_image": False,
        }
    )
    with _LOCK, settings:
        figure.savefig(
            file,
            format=ending,
            dpi=DPI,
            facecolor=figure.get_facecolor(),
            edgecolor="none",
            transparent=False,
            metadata=dict.fromkeys(_UNSAID[ending]),
            # As with Pillow's pictures: photos take a third of the time, and are no larger.
            **({"pil_kwargs": {"compress_level": 3}} if ending == "png" else {}),
        )


def _mend(path: Path) -> str:
    # Not pathlib's: that raises where the name itself is what is wrong.
    if not os.path.isdir(path.parent):  # noqa: PTH112
        return f"make the folder {path.parent} first"
    if os.path.isdir(path):  # noqa: PTH112
        return "that is a folder: give a file name"
    return "check the rights of the folder and the space on the disk"
