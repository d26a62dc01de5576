"""Where this program runs: in a notebook, or not."""

from __future__ import annotations

import sys
from typing import Any

from layerwalk.errors import MissingPackageError
from layerwalk.surfaces.library import Library

__all__ = ["in_notebook", "show_in_cell"]

# The shell of every front end that shows widgets; a terminal's is another.
_SHELLS = {"ZMQInteractiveShell", "Shell"}


def in_notebook() -> bool:
    """Whether what a cell ends with is shown as a widget.

    >>> in_notebook()
    False
    """
    marimo = sys.modules.get("marimo")
    if marimo is not None and marimo.running_in_notebook():
        return True
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ in _SHELLS


def show_in_cell(library: Library, trace: str = "") -> Any:
    """The explorer of a library's traces as a widget, at the one with this id.

    Raises
    ------
    MissingPackageError
        anywidget is not installed.
    FileError
        The explorer's page has not been built.
    """
    try:
        from layerwalk.surfaces.notebook.widget import ExplorerWidget
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "layerwalk":
            raise
        raise MissingPackageError(
            f"the explorer in a notebook needs the package {error.name}, which is not installed",
            mend="pip install 'layerwalk[notebook]'",
        ) from error
    colab = sys.modules.get("google.colab")
    if colab is not None:
        # Colab shows widgets that it did not bring itself only when told to.
        colab.output.enable_custom_widget_manager()
    return ExplorerWidget(library, trace)
