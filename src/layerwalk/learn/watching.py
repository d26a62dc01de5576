"""Record any training loop: ``lw.watch``."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

import layerwalk
from layerwalk.errors import FileError, ModelError
from layerwalk.learn.asked import (
    check_labels,
    check_network,
    check_optimizer,
    check_wishes,
)
from layerwalk.learn.checkpoint import Checkpoint
from layerwalk.learn.moments import Moments, log_steps
from layerwalk.learn.probing import as_probes
from layerwalk.learn.run_watch import Watch
from layerwalk.models import Model
from layerwalk.runs.description import Description
from layerwalk.runs.folder import RunFolder
from layerwalk.runs.series import require_arrow
from layerwalk.store import Detail
from layerwalk.store.replacing import unwritable

__all__ = ["fresh_folder", "watch"]

_KEPT = 65_536


def watch(
    model: Model | nn.Module,
    probes: Any,
    *,
    optimizer: torch.optim.Optimizer | None = None,
    run: str | os.PathLike[str] | None = None,
    probe_labels: Sequence[int] | None = None,
    classes: Sequence[str] | None = None,
    moments: Moments | None = None,
    updates: Literal["some", "all", "none"] = "some",
    detail: Detail = "exact",
    overhead: float | None = 0.05,
    go_on: bool = False,
    strict: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Watch:
    """Record a training loop of your own, step by step on a log scale.

    Two lines do: one before the loop, and ``watch.step(loss=loss)`` after each update.

    Parameters
    ----------
    model
        The network that is trained; nothing is attached to it.
    probes
        The pictures whose walk is stored: a tensor of shape (N, C, H, W) as the network takes
        it, a tuple of its arguments, or, for a :class:`layerwalk.Model`, pictures.
    optimizer
        Also keep how the update after each stored step was made (see
        :meth:`layerwalk.runs.Run.why`), gradient sizes, and what it needs to go on.
    run
        The folder to be made; ``runs/TIME-NAME`` where not given.
    probe_labels, classes
        The probes' true classes by number, and the class names.
    moments
        Which steps to store, as a function of the step; :func:`.moments.log_steps` where not
        given. The first and the last always are.
    updates
        ``"some"`` keeps at most 65,536 numbers of each parameter's update, in whole rows;
        ``"all"`` all; ``"none"`` none.
    detail
        How exactly traces are stored, as :func:`layerwalk.store.save` has it.
    overhead
        The share of the training's time that looking may take; a step that would exceed it is
        stored later. A training is taken to last 16 s at least. ``None`` for no limit.
    go_on
        The run is there: take the network, the optimiser and torch's random numbers from its
        last checkpoint, forget what came after, and go on counting.
    strict
        Raise when the run cannot be written, instead of a warning.
    settings
        What else to tell of the training, in plain words.

    Raises
    ------
    CaptureError
        The network does not run on the probes.
    FileError
        There is a run in the folder already, or none to go on with.
    ImageError
        There are no probes, or they cannot be prepared.
    LearnError
        The optimiser is none, or of another network, or an option makes no sense.
    MissingPackageError
        PyArrow, which writes the metrics, is not installed.
    ModelError
        It is no network, or the checkpoint is of another one.

    Examples
    --------
    >>> watch = lw.watch(net, probes=images[:10], optimizer=optimizer)      # doctest: +SKIP
    >>> for images, labels in batches:                                      # doctest: +SKIP
    ...     loss = ...                      # your own step
    ...     watch.step(loss=loss)
    >>> watch.close().steps                                                 # doctest: +SKIP
    (0, 1, 2, 3, 4, 6, 7, 10, …)
    """
    if not isinstance(model, (Model, nn.Module)):
        raise ModelError(
            f"{type(model).__name__} is no network", where="watch", mend="pass a torch.nn.Module"
        )
    module = _plain(model.module if isinstance(model, Model) else model)
    check_network(module)
    check_optimizer(optimizer, module)
    check_wishes(moments=moments, updates=updates, detail=detail, overhead=overhead)
    given = as_probes(model, probes)
    check_labels(probe_labels, given)
    name = model.name if isinstance(model, Model) else type(module).__name__
    folder = RunFolder(Path(run) if run is not None else fresh_folder(name))
    labels = model.labels if classes is None and isinstance(model, Model) else classes
    description = Description(
        model=name,
        begun=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        parameters={key: tuple(one.shape) for key, one in module.named_parameters()},
        classes=None if labels is None else tuple(labels),
        probe_labels=None if probe_labels is None else tuple(int(one) for one in probe_labels),
        optimizer=None if optimizer is None else type(optimizer).__name__,
        settings=dict(settings or {}),
        provenance={
            "layerwalk": layerwalk.__version__,
            "torch": torch.__version__,
            "model": name,
        },
    )
    require_arrow()
    checkpoint = _begin(folder, description, go_on=go_on)
    made = Watch(
        module,
        given,
        folder,
        description,
        optimizer=optimizer,
        moments=moments or log_steps(),
        detail=detail,
        updates=updates != "none",
        most=None if updates == "all" else _KEPT,
        overhead=overhead,
        strict=strict,
    )
    if checkpoint is None:
        try:
            made.store()
        except BaseException:
            made.abandon()
            raise
    else:
        try:
            made.go_on(checkpoint)
        except BaseException:
            made.leave()
            raise
    return made


def _begin(folder: RunFolder, description: Description, *, go_on: bool) -> Checkpoint | None:
    """Make the folder, or read the last checkpoint of the run in it."""
    where = str(folder.path)
    # One without a stored step never began: its disk was full, say.
    taken = folder.description.exists() and (go_on or bool(folder.steps()))
    if taken and not go_on:
        mend = "name another folder, or go on with it (--continue, or go_on=True)"
        raise FileError("there is a run here already", where=where, mend=mend)
    if not go_on:
        try:
            folder.make()
        except OSError as problem:
            raise unwritable(folder.path, problem) from problem
        description.write(folder.description)
        return None
    begun = Description.read(folder.description)
    checkpoint = Checkpoint.read(folder.checkpoint)
    if begun.parameters != description.parameters:
        mend = f"it was begun with {begun.model}"
        raise ModelError("the run is of another network", where=where, mend=mend)
    return checkpoint


def fresh_folder(name: str) -> Path:
    """A folder for a run that is not there yet: ``runs/TIME-NAME``."""
    stem = f"{datetime.datetime.now():%Y-%m-%d-%H%M%S}-{name.replace('/', '-').replace(':', '-')}"
    path, count = Path("runs") / stem, 1
    while path.exists():
        path, count = Path("runs") / f"{stem}-{count}", count + 1
    return path


def _plain(module: nn.Module) -> nn.Module:
    """The network itself, without what torch.compile or parallel training put round it."""
    while True:
        inner = getattr(module, "_orig_mod", None)
        if inner is None and isinstance(
            module, (nn.DataParallel, nn.parallel.DistributedDataParallel)
        ):
            inner = module.module
        if not isinstance(inner, nn.Module):
            return module
        module = inner
