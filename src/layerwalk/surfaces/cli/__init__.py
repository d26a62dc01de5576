"""The command line: ``layerwalk show``, ``trace``, ``figures``, ``explain``, ....

What a command needs is imported when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

from layerwalk.surfaces.cli.commands import app
from layerwalk.surfaces.cli.program import main

__all__ = ["app", "main"]
