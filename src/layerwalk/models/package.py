"""The two optional packages that know networks by name."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from layerwalk.errors import MissingPackageError

__all__ = ["has_package", "import_zoo"]


def has_package(name: str) -> bool:
    """Whether a package is installed; it is not imported to find out."""
    return importlib.util.find_spec(name) is not None


def import_zoo(name: str) -> ModuleType:
    """The module ``name`` of torchvision or timm.

    Raises
    ------
    MissingPackageError
        It is not installed, or installed but broken (for instance built for another torch).
    """
    package = name.partition(".")[0]
    if not has_package(package):
        raise MissingPackageError(
            f"{package} is not installed", mend="run pip install 'layerwalk[all]'"
        )
    try:
        return importlib.import_module(name)
    except Exception as error:  # a build for another torch fails in many ways
        lines = str(error).strip().splitlines() or [""]
        raise MissingPackageError(
            f"{package} is installed but cannot be imported "
            f"({type(error).__name__}: {lines[0].rstrip('.')})",
            mend=f"install the {package} that belongs to your torch: "
            "pip install --force-reinstall 'layerwalk[all]'",
        ) from error
