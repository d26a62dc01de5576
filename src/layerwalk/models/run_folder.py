"""The network of a recorded training, named by its folder: ``"runs/first@1200"``."""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path

from layerwalk.models.model import Model

__all__ = ["RUN", "load_from_run", "names_run"]

RUN = "run.json"
"""The file that makes a folder a run."""

_AT_STEP = re.compile(r"(?P<folder>.+)@(?P<step>\d+)", re.DOTALL)


def names_run(source: str | os.PathLike[str]) -> bool:
    """Whether it can only be the folder of a run, with or without a step.

    One word is a network's name, whatever folders there are: a page may name networks, and must
    not name folders. ``"./first"`` and a ``Path`` are no words.

    Examples
    --------
    >>> names_run("runs/first@1200"), names_run("resnet18"), names_run("timm/resnet18.a1_in1k")
    (True, False, False)
    """
    text = os.fspath(source)
    if _AT_STEP.fullmatch(text):
        return True
    word = not isinstance(source, os.PathLike) and Path(text).name == text
    return not word and not text.startswith("timm/") and (Path(text) / RUN).is_file()


def load_from_run(source: str | os.PathLike[str]) -> Model:
    """The network of a run at the step that is named, or at its last.

    Raises
    ------
    LayerwalkError
        As :meth:`layerwalk.runs.Run.load_model`; or there is no run.
    """
    text = os.fspath(source)
    found = _AT_STEP.fullmatch(text)
    folder, step = (found["folder"], int(found["step"])) if found else (text, None)
    # Bound late: runs stand above networks.
    run = importlib.import_module("layerwalk.runs").open_run(folder)
    model: Model = run.load_model(step)
    return model
