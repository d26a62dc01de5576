"""From a photo and a chosen network to a trace, for every command that walks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from layerwalk.data import Image
from layerwalk.errors import CaptureError, ImageError, ModelError
from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.terminal import Job, Terminal

if TYPE_CHECKING:
    from layerwalk.models import Model

__all__ = ["complain_if_incomplete", "walk"]

# What torch says where a map has become smaller than an op needs.
_TOO_SMALL: Final = re.compile(
    r"output size is too small|kernel size can't be greater|padding size should be less"
    r"|padding should be at most half|non-empty|non-zero size|more than 1 spatial|size 0",
    re.IGNORECASE,
)

# ... and what it and others say where one side of a product has another length.
_MISFIT: Final = re.compile(
    r"cannot be multiplied|doesn't match|does not match|must match|size mismatch|is invalid for",
    re.IGNORECASE,
)


def walk(
    choice: ModelChoice,
    image: Image,
    terminal: Terminal,
    job: Job,
    load: Callable[[], Model] | None = None,
) -> Trace:
    """The trace of the image's walk through the chosen network.

    ``load`` gives the network where it may be in memory already.

    Raises
    ------
    LayerwalkError
        The network cannot be loaded, does not fit the picture, or raised at once.
    """
    job.stage("loading PyTorch")
    from layerwalk.walk import trace

    job.stage(f"loading {choice.name}")
    with _still_running(choice.name):
        model = (load or choice.load)()
    job.stage(f"walking {image.name} through {model.name}")
    try:
        with _still_running(model.name):
            walked = trace(model, image)
    except CaptureError as error:
        if error.mend is not None:
            raise
        mend = _mend(error.what, choice) or None
        raise CaptureError(error.what.rstrip("."), where=error.where, mend=mend) from error
    except ImageError as error:
        if choice.input_size is None or "resized" not in error.what:
            raise
        mend = f"--input-size {choice.input_size} is too large for it: give a smaller one"
        raise ImageError(error.what, where=error.where, mend=mend) from error
    labels = walked.labels
    output = walked.outputs[0].shape if walked.outputs else ()
    if labels and len(output) == 2 and len(labels) != output[1]:
        terminal.note(
            f"there are {tell_count(len(labels), 'class name')} for "
            f"{tell_count(output[1], 'class', 'classes')}, so the classes are shown by number."
        )
    return walked


def complain_if_incomplete(trace: Trace, choice: ModelChoice) -> None:
    """Raise what the network raised half-way, now that what it did before is kept.

    Raises
    ------
    CaptureError
        The trace is incomplete.
    """
    if trace.failure is None:
        return
    kept = f"{tell_count(len(trace), 'op')} before it {'was' if len(trace) == 1 else 'were'} kept"
    mend = _mend(trace.failure.message, choice)
    raise CaptureError(
        trace.failure.message.rstrip("."),
        where=trace.failure.where,
        mend=f"{f'{mend}; ' if mend else ''}the network stopped there, and the {kept}",
    )


@contextmanager
def _still_running(name: str) -> Iterator[None]:
    """Refuse that a network's own code ends the program; its status would be ours."""
    try:
        yield
    except SystemExit as end:
        raise ModelError(
            f"its code ended the program (exit status {end.code})",
            where=name,
            mend="take sys.exit() out of it, or raise an error there",
        ) from end


def _mend(message: str, choice: ModelChoice) -> str:
    """How to mend what the network said of its input, if it is about the picture's size."""
    size = choice.input_size
    if _TOO_SMALL.search(message):
        now = f" than {size}" if size else ""
        return f"the picture is too small for this network: give a larger --input-size{now}"
    if size is not None and _MISFIT.search(message):
        return f"it may not fit --input-size {size}: try another, or leave it out"
    return ""
