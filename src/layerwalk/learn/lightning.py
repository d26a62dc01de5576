"""Record a training of PyTorch Lightning's: one line more in ``Trainer(callbacks=[...])``.

>>> from layerwalk.learn.lightning import WatchCallback                 # doctest: +SKIP
>>> trainer = Trainer(callbacks=[WatchCallback(probes, run="runs/a")])  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

import torch

from layerwalk.errors import ModelError, missing
from layerwalk.learn.run_watch import Watch
from layerwalk.learn.watching import watch

if TYPE_CHECKING:
    from pytorch_lightning import Callback, LightningModule, Trainer
else:
    # Whoever has the package "lightning" has the same classes under another name.
    try:
        from lightning.pytorch import Callback
    except ModuleNotFoundError:
        try:
            from pytorch_lightning import Callback
        except ModuleNotFoundError as error:
            raise missing(error) from error

__all__ = ["WatchCallback"]


class WatchCallback(Callback):
    """Lets :func:`layerwalk.watch` record what Lightning trains.

    The loss and every number that the module logs are kept; the optimiser, if there is exactly
    one, is recorded with its updates. With several a batch counts as one step. Only the first of
    several processes records.

    Parameters
    ----------
    probes, options
        As :func:`layerwalk.watch` has them.
    network
        The part of the module that is shown, as an attribute: ``"model"``; the module itself
        where not given.

    Attributes
    ----------
    watch
        The recording, once the training has begun.
    """

    def __init__(self, probes: Any, *, network: str | None = None, **options: Any) -> None:
        self.watch: Watch | None = None
        self._probes, self._network, self._options = probes, network, options
        self._trained: set[str] = set()
        self._judged: set[str] = set()
        self._updates = 0

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin the run."""
        if not trainer.is_global_zero:
            return
        module = self._watched(pl_module)
        optimizers = trainer.optimizers
        self.watch = watch(
            module,
            self._probes,
            optimizer=optimizers[0] if len(optimizers) == 1 else None,
            **self._options,
        )
        self._updates = trainer.global_step

    def _watched(self, module: LightningModule) -> torch.nn.Module:
        if self._network is None:
            return module
        try:
            return module.get_submodule(self._network)
        except AttributeError as error:
            parts = ", ".join(name for name, _ in module.named_children())
            raise ModelError(
                f"there is no part {self._network!r} in it",
                where=type(module).__name__,
                mend=f"network= names one of its own: {parts}",
            ) from error

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Keep the step, if the batch ended with an update."""
        if self.watch is None or trainer.global_step == self._updates:
            return  # gradients are accumulated: the weights are the same as before
        # Several optimisers make several updates a batch; whoever steps them returns no loss.
        self._updates = trainer.global_step
        loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
        # What validation logged stays among the logged ones until it runs again.
        logged = _numbers(trainer.logged_metrics, without=self._judged)
        self._trained.update(logged)
        self.watch.step(**{**logged, **_numbers({"loss": loss})})

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep what was measured on held-out examples."""
        if self.watch is not None and not trainer.sanity_checking:
            judged = _numbers(trainer.callback_metrics, without=self._trained | {"loss"})
            self._judged.update(judged)
            self.watch.log(**judged)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """End the run."""
        if self.watch is not None:
            self.watch.close()

    def on_exception(
        self, trainer: Trainer, pl_module: LightningModule, exception: BaseException
    ) -> None:
        """End the run with the reason."""
        if self.watch is not None:
            self.watch.close_for(exception)


def _numbers(
    said: Mapping[str, Any], without: Set[str] = frozenset()
) -> dict[str, float | torch.Tensor]:
    """Those that are one number."""
    return {
        name: value
        for name, value in said.items()
        if name not in without
        and (isinstance(value, (int, float)) or (torch.is_tensor(value) and value.numel() == 1))
    }
