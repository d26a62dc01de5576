"""The two optional packages that know networks by name."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from types import ModuleType

from layerwalk.errors import MissingPackageError

__all__ = ["LostPackageError", "has_package", "import_zoo", "tell_lost"]


class LostPackageError(MissingPackageError):
    """torchvision or timm cannot be asked.

    Attributes
    ----------
    package
        Its name.
    reason
        Why it cannot be imported; ``""`` where it is not installed.
    """

    def __init__(self, package: str, reason: str = "") -> None:
        self.package = package
        self.reason = reason
        what, mend = _told([package], reason)
        super().__init__(what, mend=mend)


def has_package(name: str) -> bool:
    """Whether a package is installed; it is not imported to find out."""
    return importlib.util.find_spec(name) is not None


def import_zoo(name: str) -> ModuleType:
    """The module ``name`` of torchvision or timm.

    Raises
    ------
    LostPackageError
        It is not installed, or installed but broken (for instance built for another torch).
    """
    package = name.partition(".")[0]
    if not has_package(package):
        raise LostPackageError(package)
    try:
        return importlib.import_module(name)
    except Exception as error:  # a build for another torch fails in many ways
        lines = str(error).strip().splitlines() or [""]
        reason = f"{type(error).__name__}: {lines[0].rstrip('.')}"
        raise LostPackageError(package, reason) from error


def tell_lost(lost: Sequence[LostPackageError]) -> tuple[str, str]:
    """What to say of packages that cannot be asked, and how to mend it; one reason is told once.

    timm imports torchvision, so that a broken torchvision breaks both for one reason.

    Examples
    --------
    >>> tell_lost([LostPackageError("torchvision"), LostPackageError("timm")])[0]
    'torchvision and timm are not installed'
    """
    told = [
        _told([one.package for one in lost if one.reason == reason], reason)
        for reason in dict.fromkeys(one.reason for one in lost)
    ]
    return ", and ".join(what for what, _ in told), told[0][1]


def _told(packages: Sequence[str], reason: str) -> tuple[str, str]:
    names, verb = " and ".join(packages), "is" if len(packages) == 1 else "are"
    if not reason:
        return f"{names} {verb} not installed", "run pip install 'layerwalk[all]'"
    mend = f"install the {packages[0]} that belongs to your torch"
    return (
        f"{names} {verb} installed but cannot be imported ({reason})",
        f"{mend}: pip install --force-reinstall 'layerwalk[all]'",
    )
