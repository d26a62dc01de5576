"""Where a program runs."""

from __future__ import annotations

import sys
import types

import pytest

from layerwalk.errors import MissingPackageError
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.notebook import in_notebook, show_in_cell
from layerwalk.surfaces.notebook.widget import ExplorerWidget


class ZMQInteractiveShell:
    """Jupyter's shell, by its name."""


class TerminalInteractiveShell:
    """A terminal's."""


@pytest.mark.parametrize(
    ("shell", "found"), [(ZMQInteractiveShell, True), (TerminalInteractiveShell, False)]
)
def test_a_notebook_is_known_by_its_shell(
    shell: type, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.SimpleNamespace(get_ipython=shell)
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert in_notebook() is found


def test_marimo_says_so_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.SimpleNamespace(running_in_notebook=lambda: True)
    monkeypatch.setitem(sys.modules, "marimo", module)
    assert in_notebook()


def test_the_explorer_is_a_widget() -> None:
    assert isinstance(show_in_cell(Library()), ExplorerWidget)


def test_without_anywidget_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "layerwalk.surfaces.notebook.widget", raising=False)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(MissingPackageError, match="pip install 'layerwalk\\[notebook\\]'"):
        show_in_cell(Library())
