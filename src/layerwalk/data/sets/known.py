"""The data sets that have a name."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["KnownSet", "known_sets"]


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A data set that :func:`layerwalk.load_data` knows by name.

    Attributes
    ----------
    name
        What it is called.
    size, shape, classes
        How many pictures it has, of which height, width and channels, and of how many classes.
    package
        What has to be installed for it; ``""`` if nothing.
    hub
        Its name on the Hugging Face Hub, where it is downloaded from; ``""`` if it is not.
    """

    name: str
    size: int
    shape: tuple[int, int, int]
    classes: int
    package: str = ""
    hub: str = ""

    @property
    def at_hand(self) -> str:
        """Whether it is on this machine, in words; nothing is imported to find out."""
        if not self.package:
            return "comes with Layerwalk"
        if importlib.util.find_spec(self.package) is None:
            return f"pip install {_PIP.get(self.package, self.package)} first"
        if not self.hub:
            return f"comes with {_PIP.get(self.package, self.package)}"
        return "on this machine" if _is_cached(self.hub) else "downloaded when first used"


_DATASETS: Final = "datasets"
_PIP: Final = {"sklearn": "scikit-learn"}


def _is_cached(name: str) -> bool:
    """Whether Hugging Face ``datasets`` has prepared a set; where it does, its manual says."""
    home = os.environ.get("HF_HOME") or Path(
        os.environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface"
    )
    cache = Path(os.environ.get("HF_DATASETS_CACHE") or Path(home, "datasets")).expanduser()
    return (cache / name.replace("/", "___")).is_dir()


def known_sets() -> tuple[KnownSet, ...]:
    """The data sets that have a name.

    Examples
    --------
    >>> [one.name for one in known_sets()]
    ['mnist', 'digits', 'fashion-mnist', 'cifar10']
    """
    return (
        KnownSet("mnist", 10_000, (28, 28, 1), 10),
        KnownSet("digits", 1_797, (8, 8, 1), 10, "sklearn"),
        KnownSet(
            "fashion-mnist", 60_000, (28, 28, 1), 10, _DATASETS, "zalando-datasets/fashion_mnist"
        ),
        KnownSet("cifar10", 50_000, (32, 32, 3), 10, _DATASETS, "uoft-cs/cifar10"),
    )
