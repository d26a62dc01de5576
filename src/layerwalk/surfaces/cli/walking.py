"""From a photo and a chosen network to a trace, for every command that walks."""

from __future__ import annotations

from layerwalk.data import Image
from layerwalk.errors import CaptureError
from layerwalk.record import Trace
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.terminal import Job, Terminal

__all__ = ["complain_if_incomplete", "walk"]


def walk(choice: ModelChoice, image: Image, terminal: Terminal, job: Job) -> Trace:
    """The trace of the image's walk through the chosen network.

    Raises
    ------
    LayerwalkError
        The network cannot be loaded, does not fit the picture, or raised at once.
    """
    job.stage("loading PyTorch")
    from layerwalk.walk import trace

    job.stage(f"loading {choice.name}")
    model = choice.load()
    job.stage(f"walking {image.name} through {model.name}")
    walked = trace(model, image)
    labels = walked.labels
    output = walked.outputs[0].shape if walked.outputs else ()
    if labels and len(output) == 2 and len(labels) != output[1]:
        terminal.note(
            f"there are {len(labels):,} class names for {output[1]:,} classes, so the classes "
            "are shown by number."
        )
    return walked


def complain_if_incomplete(trace: Trace) -> None:
    """Raise what the network raised half-way, now that what it did before is kept.

    Raises
    ------
    CaptureError
        The trace is incomplete.
    """
    if trace.failure is None:
        return
    count = len(trace)
    raise CaptureError(
        trace.failure.message.rstrip("."),
        where=trace.failure.where,
        mend=f"the network stopped there, and the {count:,} op{'s' * (count != 1)} before it "
        "were kept",
    )
