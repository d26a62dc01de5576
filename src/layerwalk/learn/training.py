"""Train a network on a data set, and record how it learned: ``lw.train``."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from layerwalk.capture import record
from layerwalk.data.preprocessing import Preprocessing
from layerwalk.data.sets import DataSet, load_data
from layerwalk.diagnosis.doctor import examine
from layerwalk.errors import LearnError
from layerwalk.learn.batches import Batches
from layerwalk.learn.fitness import begin_anew, check_fit, pixels_as_they_are, place_of
from layerwalk.learn.interrupting import interruptible
from layerwalk.learn.optimizers import make_optimizer, rate_at
from layerwalk.learn.plan import Plan
from layerwalk.learn.probing import evaluating
from layerwalk.learn.run_watch import Watch
from layerwalk.learn.watching import watch
from layerwalk.models import Model, load_model
from layerwalk.models.seed import seeded
from layerwalk.runs import Evaluation, Run, open_run

__all__ = ["Progress", "Told", "train"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is: after ``step`` of ``steps`` updates, in ``epoch`` of ``epochs``.

    ``loss`` is that of the last batch; ``judged`` is how well it does on the held-out pictures,
    once an epoch, else ``None``.
    """

    step: int
    steps: int
    epoch: int
    epochs: int
    loss: float
    judged: Evaluation | None = None


Told: TypeAlias = Callable[[Progress], None]


def train(
    model: str | Model | nn.Module = "lenet5",
    data: str | DataSet = "mnist",
    plan: Plan | None = None,
    *,
    run: str | os.PathLike[str] | None = None,
    weights: str | None = None,
    device: str | None = None,
    told: Told | None = None,
    begun: Callable[[Run], None] | None = None,
    overhead: float | None = 0.05,
    go_on: bool = False,
) -> Run:
    """Train a network to name pictures, and record how it learned.

    The loss is cross-entropy; every step's loss and accuracy are kept, and each epoch's on the
    pictures that are held out. The network is stored at steps on a log scale.

    Parameters
    ----------
    model
        A network, or what :func:`layerwalk.load_model` takes. A network of a name starts from
        random weights of the plan's seed; one that is passed is trained as it is, in place.
    data
        A data set, or what :func:`layerwalk.load_data` takes.
    plan
        Epochs, batch size, learning rate and so on.
    run
        The folder to be made; ``runs/TIME-NAME`` where not given.
    weights
        ``"default"`` to start from a name's trained weights, or a file of weights.
    device
        ``"cpu"``, ``"cuda"``; the GPU where there is one, if not given.
    told
        Called after each update.
    begun
        Called once with the run, as soon as its first step is stored.
    overhead
        The share of the time that recording may take, as :func:`layerwalk.watch` has it.
    go_on
        Take the run in the folder up where it was left; its plan holds.

    Raises
    ------
    LearnError
        The loss is no finite number: the error names the step and the op that made it, and the
        run holds all before.
    LayerwalkError
        The network's output does not fit the labels, the pictures cannot be read, the run
        cannot be written, or a number makes no sense.

    Examples
    --------
    >>> run = lw.train("lenet5", "mnist", lw.Plan(epochs=1))        # doctest: +SKIP
    >>> run.evaluation(run.steps[-1]).accuracy                      # doctest: +SKIP
    0.94
    """
    if go_on and run is None:
        raise LearnError("which run is to go on?", where="learn", mend="name its folder")
    if go_on and run is not None:
        plan = Plan.read(open_run(run).description.settings)
    plan = plan or Plan()
    place = place_of(device)
    examples = load_data(data) if isinstance(data, str) else data
    ready, way = _ready(model, examples, weights, plan.seed)
    ready.module.to(place)
    known, held_out = examples.split(plan.held_out, seed=plan.seed)
    batches = Batches(known, way, plan.batch, seed=plan.seed, workers=plan.workers)
    judged = Batches(held_out, way, max(plan.batch, 256), workers=plan.workers)
    first = judged.normalised(torch.from_numpy(judged[range(min(2, len(held_out)))]))
    wanted = max(len(examples.classes), int(examples.labels.max()) + 1)
    check_fit(ready.module, first.to(place), wanted, ready.name)
    count = min(plan.probes, len(held_out))
    optimizer = make_optimizer(
        plan.optimizer, ready.module.parameters(), plan.highest_rate, plan.momentum, plan.decay
    )
    with seeded(plan.seed):
        watching = watch(
            ready,
            judged.normalised(torch.from_numpy(judged[range(count)])),
            optimizer=optimizer,
            run=run,
            probe_labels=held_out.labels[:count].tolist(),
            classes=examples.classes,
            overhead=overhead,
            go_on=go_on,
            strict=True,
            settings={**plan.told(), **_said(model, data, weights), **_counts(examples, held_out)},
        )
        with watching, interruptible() as interrupted:
            if begun is not None:
                begun(watching.run)
            _Loop(ready, plan, batches, judged, optimizer, watching, place, told, interrupted).run()
    return watching.close()


@dataclass(frozen=True, eq=False, slots=True)
class _Loop:
    """One training."""

    model: Model
    plan: Plan
    batches: Batches
    judged: Batches
    optimizer: torch.optim.Optimizer
    watch: Watch
    device: torch.device
    told: Told | None
    interrupted: threading.Event

    def run(self) -> None:
        each = len(self.batches)
        if self.watch.step_count == 0:
            self._judge()
        for epoch in range(self.watch.step_count // each, self.plan.epochs):
            done = self.watch.step_count - epoch * each
            for images, labels in self.batches.epoch(epoch, skip=done):
                loss = self._update(images.to(self.device), labels.to(self.device))
                self._tell(epoch, loss)
            self._tell(epoch, loss, self._judge())

    def _update(self, images: Tensor, labels: Tensor) -> float:
        module, step = self.model.module, self.watch.step_count
        rate = rate_at(
            step, self.plan.epochs * len(self.batches), self.plan.highest_rate, self.plan.schedule
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        module.train()
        self.optimizer.zero_grad()
        scores = module(images)
        loss = F.cross_entropy(scores, labels)
        number = loss.item()
        if not torch.isfinite(loss):
            raise self._broken(step, number, images)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        right = (scores.argmax(1) == labels).float().mean()
        self.watch.step(loss=number, accuracy=right, rate=rate)
        return number

    def _judge(self) -> Evaluation:
        scores, labels = [], []
        with evaluating(self.model.module), torch.no_grad():
            for images, truth in self.judged.in_order():
                scores.append(self.model.module(images.to(self.device)).cpu())
                labels.append(truth)
        return self.watch.evaluate(torch.cat(scores), torch.cat(labels), self.judged)

    def _broken(self, step: int, loss: float, images: Tensor) -> LearnError:
        """Why the loss is no finite number, as far as a walk of the batch shows it."""
        if self.watch.run.steps[-1] != step:
            self.watch.store()
        found = examine([record(self.model.module, (images,), name=self.model.name)])
        flaws = [one.sentence for one in found if one.disease in ("NaN", "infinity")]
        reason = flaws[0] if flaws else "every op gives finite numbers, the loss of them does not"
        return LearnError(
            f"the loss became {loss} at update {step + 1}: {reason}",
            where=str(self.watch.folder.path),
            mend="a lower learning rate often mends it; the run holds all before",
        )

    def _tell(self, epoch: int, loss: float, judged: Evaluation | None = None) -> None:
        """Between two updates: the one place where a training is interrupted."""
        watch, plan = self.watch, self.plan
        steps = plan.epochs * len(self.batches)
        try:
            self._heed()
            if self.told is not None:
                self.told(Progress(watch.step_count, steps, epoch + 1, plan.epochs, loss, judged))
        except KeyboardInterrupt:
            watch.store()
            raise

    def _heed(self) -> None:
        if self.interrupted.is_set():
            raise KeyboardInterrupt


def _said(model: object, data: object, weights: str | None) -> dict[str, str]:
    """What a run has to know to be gone on with from the command line."""
    given = {"model": model, "data source": data, "weights": weights}
    return {name: value for name, value in given.items() if isinstance(value, str)}


def _counts(data: DataSet, held_out: DataSet) -> dict[str, str]:
    return {
        "data": data.name,
        "examples": str(len(data) - len(held_out)),
        "held out": str(len(held_out)),
    }


def _ready(
    model: str | Model | nn.Module, data: DataSet, weights: str | None, seed: int
) -> tuple[Model, Preprocessing]:
    """The network with its first weights, and a way to prepare the pictures of this set."""
    if isinstance(model, str):
        ready = load_model(model, weights=weights)
        if weights is None:
            begin_anew(ready.module, seed)
    else:
        ready = model if isinstance(model, Model) else load_model(model)
    preprocessing = ready.preprocessing or pixels_as_they_are(data)
    return replace(ready, preprocessing=preprocessing, labels=data.classes), preprocessing
