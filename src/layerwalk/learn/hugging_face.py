"""Record a training of Hugging Face's ``Trainer``: one line more in ``callbacks=[...]``.

>>> from layerwalk.learn.hugging_face import WatchCallback              # doctest: +SKIP
>>> trainer = Trainer(..., callbacks=[WatchCallback(probes)])           # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from layerwalk.errors import missing
from layerwalk.learn.run_watch import Watch
from layerwalk.learn.watching import watch

try:
    from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
except ModuleNotFoundError as error:
    raise missing(error) from error

__all__ = ["WatchCallback"]


class WatchCallback(TrainerCallback):
    """Lets :func:`layerwalk.watch` record what Hugging Face's ``Trainer`` trains.

    Every number that the trainer logs is kept, at the trainer's own pace (``logging_steps``).
    Only the first of several processes records.

    Parameters
    ----------
    probes, options
        As :func:`layerwalk.watch` has them.

    Attributes
    ----------
    watch
        The recording, once the training has begun.
    """

    def __init__(self, probes: Any, **options: Any) -> None:
        self.watch: Watch | None = None
        self._probes, self._options = probes, options

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **given: Any,
    ) -> None:
        """Begin the run."""
        if state.is_world_process_zero:
            optimizer = _plain(given.get("optimizer"))
            self.watch = watch(given["model"], self._probes, optimizer=optimizer, **self._options)

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **given: Any,
    ) -> None:
        """Keep the step."""
        if self.watch is not None:
            self.watch.step()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> None:
        """Keep what the trainer has measured."""
        if self.watch is not None:
            numbers = {k: v for k, v in (logs or {}).items() if isinstance(v, (int, float))}
            self.watch.log(**numbers)

    def on_train_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **given: Any,
    ) -> None:
        """End the run."""
        if self.watch is not None:
            self.watch.close()


def _plain(optimizer: Any) -> torch.optim.Optimizer | None:
    """The optimiser itself, without what accelerate puts round it."""
    inner = getattr(optimizer, "optimizer", optimizer)
    return inner if isinstance(inner, torch.optim.Optimizer) else None
