"""The explorer in a notebook's cell: Jupyter, JupyterLab, VS Code, Colab and marimo."""

from __future__ import annotations

from layerwalk.surfaces.notebook.place import in_notebook, show_in_cell

__all__ = ["in_notebook", "show_in_cell"]
