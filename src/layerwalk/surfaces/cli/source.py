"""Where a trace comes from: a photo that is walked now, or a file of a walk before."""

from __future__ import annotations

from pathlib import Path

from layerwalk.data import load_image
from layerwalk.record import Trace
from layerwalk.store import load
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.cli.walking import walk

__all__ = ["is_trace_file", "open_or_walk"]


def is_trace_file(name: str) -> bool:
    """Whether a name is that of a saved trace: it ends in ``.safetensors``.

    >>> is_trace_file("dog.safetensors"), is_trace_file("sample:dog")
    (True, False)
    """
    return Path(name).suffix.lower() == ".safetensors"


def open_or_walk(source: str, choice: ModelChoice, terminal: Terminal, job: Job) -> Trace:
    """The trace in a file, without torch; or that of a photo's walk through a network.

    Raises
    ------
    LayerwalkError
        The file is no trace, the photo cannot be read, or as :func:`.walking.walk`.
    """
    if not is_trace_file(source):
        return walk(choice, load_image(source), terminal, job)
    job.stage(f"opening {source}")
    if choice != ModelChoice():
        terminal.note("a saved trace has its network in it; what was said of one is left aside.")
    return load(source)
