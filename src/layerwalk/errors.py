"""The one root error: what was wrong, where, and how to mend it."""

from __future__ import annotations

__all__ = [
    "CaptureError",
    "DataError",
    "EditError",
    "FileError",
    "ImageError",
    "LayerwalkError",
    "LearnError",
    "MissingPackageError",
    "ModelError",
    "NotFoundError",
    "missing",
]


class LayerwalkError(Exception):
    """An input that cannot be used, told in one sentence.

    Parameters
    ----------
    what
        What was wrong, without a full stop: ``"the image is truncated"``.
    where
        The thing it was wrong in: a path, an op name, a model name.
    mend
        How to mend it, as an instruction: ``"pass a JPEG, PNG or WebP file"``.

    Examples
    --------
    >>> print(LayerwalkError("the image is truncated", where="dog.jpg", mend="copy it again"))
    dog.jpg: the image is truncated; copy it again.
    """

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(what, where, mend)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"; {self.mend}" if self.mend else ""
        end = "" if cure.endswith(("?", ".")) else "."
        return f"{place}{self.what}{cure}{end}"


class ImageError(LayerwalkError):
    """A picture that cannot be read or does not fit the network."""


class ModelError(LayerwalkError):
    """A model that cannot be found, built or given its weights."""


class DataError(LayerwalkError):
    """A data set that cannot be found, read or used."""


class CaptureError(LayerwalkError):
    """A forward pass that could not be recorded or replayed."""


class EditError(LayerwalkError):
    """An edit that does not fit the network, or whose effect cannot be computed."""


class FileError(LayerwalkError):
    """A file that cannot be read or written."""


class LearnError(LayerwalkError):
    """A training that cannot begin or go on."""


class NotFoundError(LayerwalkError, LookupError):
    """A name or index that is not in the trace."""


class MissingPackageError(LayerwalkError, ImportError):
    """An optional package that is not installed."""


# Packages that are installed under another name than they are imported by.
_PACKAGES = {"sklearn": "scikit-learn"}


def missing(error: ModuleNotFoundError) -> Exception:
    """The error to raise for a package that is not installed; one of ours is not that."""
    name = (error.name or "").split(".")[0]
    if not name or name == "layerwalk":
        return error
    name = _PACKAGES.get(name, name)
    return MissingPackageError(
        f"this needs the package {name}, which is not installed", mend=f"pip install {name}"
    )
