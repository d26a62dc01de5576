"""Films into files: GIF by Pillow, MP4 by ffmpeg where there is one."""

from __future__ import annotations

import importlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from layerwalk.errors import FileError, LayerwalkError, MissingPackageError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Filmed", "film_maker", "save_animation"]

_LAST: Final = 2.0  # seconds that the last picture stays
_RATE: Final = 25  # pictures a second of an MP4


class Filmed(Protocol):
    """Pictures in an order, all of one size."""

    def __len__(self) -> int: ...

    def picture(self, k: int, /) -> Image:
        """Picture number ``k``, mode RGB."""
        ...

    def pictures(self) -> Iterator[Image]:
        """Every picture, in order."""
        ...


def save_animation(
    film: Filmed,
    path: str | os.PathLike[str],
    *,
    seconds: float | None = None,
    done: Callable[[], object] | None = None,
) -> Path:
    """The path of the file that a film was written to: ``.gif`` or ``.mp4``.

    A GIF runs for ever and has 256 colours at most; the file is written beside its place and
    then renamed, so there is never half of one.

    Parameters
    ----------
    film
        From :func:`layerwalk.render.sliding_window.sliding_window`, or of a training.
    path
        Where to.
    seconds
        How long each picture stays; 0.8 for short films, less for long ones, if not given.
    done
        Called after each picture, if given.

    Raises
    ------
    FileError
        The ending is unknown, or the file cannot be written.
    MissingPackageError
        An MP4 was asked for and there is no ffmpeg.
    LayerwalkError
        ``seconds`` is not positive.
    """
    path = Path(path)
    if path.suffix.lower() not in (".gif", ".mp4"):
        raise FileError(
            f"there is no film format {path.suffix!r}",
            where=str(path),
            mend="end the name in .gif or .mp4",
        )
    if seconds is None:
        seconds = min(0.8, max(0.06, 24 / len(film)))
    if not 0.01 <= seconds <= 600:
        raise LayerwalkError(
            f"a picture cannot stay for {seconds} seconds", where=str(path), mend="give 0.5"
        )
    done = done or _nothing
    beside = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        if path.suffix.lower() == ".gif":
            _write_gif(film, beside, seconds, done)
        else:
            _write_mp4(film, beside, seconds, done, film_maker(path))
        beside.replace(path)
    except OSError as error:
        raise FileError(
            f"the film could not be written ({error.strerror or error})",
            where=str(path),
            mend="name another place",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return path


def _nothing() -> None:
    """What is done after a picture that nobody counts."""


def film_maker(path: str | os.PathLike[str]) -> str:
    """The program that writes an MP4 file: ``ffmpeg``, or that of the package imageio-ffmpeg.

    Raises
    ------
    MissingPackageError
        There is neither.
    """
    found = shutil.which("ffmpeg")
    if found is not None:
        return found
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except (ModuleNotFoundError, RuntimeError) as error:
        raise MissingPackageError(
            "an MP4 file needs ffmpeg, which is not installed",
            where=str(path),
            mend="install ffmpeg, pip install imageio-ffmpeg, or end the name in .gif",
        ) from error


def _write_gif(film: Filmed, file: Path, seconds: float, done: Callable[[], object]) -> None:
    from PIL import Image as Pillow

    # One table of colours for all, from the last picture, which has every colour of the
    # film: pictures then differ by what changed, and the file is a fraction of the size.
    last = film.picture(len(film) - 1).quantize(255, dither=Pillow.Dither.NONE)
    pictures = []
    for picture in film.pictures():
        pictures.append(picture.quantize(palette=last, dither=Pillow.Dither.NONE))
        done()
    stay = [round(1000 * seconds)] * (len(pictures) - 1) + [round(1000 * (_LAST + seconds))]
    pictures[0].save(
        file,
        format="gif",
        save_all=True,
        append_images=pictures[1:],
        duration=stay,
        loop=0,
        optimize=True,
    )


def _write_mp4(
    film: Filmed, file: Path, seconds: float, done: Callable[[], object], program: str
) -> None:
    width, height = film.picture(0).size
    given = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(_RATE))
    made = ("-an", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4", str(file))
    words = (program, "-loglevel", "error", "-y", *given, "-i", "-", *made)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stderr=said)  # noqa: S603
        try:
            _feed(process, film, seconds, done)
        except BrokenPipeError:
            pass  # it ended early, and says why
        except BaseException:
            process.kill()
            raise
        finally:
            if process.stdin is not None and not process.stdin.closed:
                _close(process)
            status = process.wait()
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    if status:
        raise FileError(
            f"ffmpeg could not write the film ({lines[-1] if lines else f'status {status}'})",
            where=str(file.with_suffix(".mp4").name),
            mend="end the name in .gif",
        )


def _feed(
    process: subprocess.Popen[bytes], film: Filmed, seconds: float, done: Callable[[], object]
) -> None:
    if process.stdin is None:
        return
    for k, picture in enumerate(film.pictures()):
        stay = seconds + (_LAST if k == len(film) - 1 else 0.0)
        for _ in range(max(round(stay * _RATE), 1)):
            process.stdin.write(picture.tobytes())
        done()


def _close(process: subprocess.Popen[bytes]) -> None:
    try:
        if process.stdin is not None:
            process.stdin.close()
    except BrokenPipeError:
        pass
