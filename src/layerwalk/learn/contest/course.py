"""The course of a comparison: its stages, and what is known after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets import DataSet
from layerwalk.errors import FileError, NotFoundError
from layerwalk.learn.batches import Batches
from layerwalk.learn.contest.contender import Contender
from layerwalk.learn.contest.first_layer import first_layer
from layerwalk.learn.contest.pixels import moved
from layerwalk.learn.contest.result import Contestant, LayerCost, Versus
from layerwalk.learn.plan import Plan
from layerwalk.learn.training import Progress, train
from layerwalk.models import Model
from layerwalk.recipes.multiply_adds import multiply_adds
from layerwalk.record import Trace
from layerwalk.runs import Run
from layerwalk.store.replacing import unwritable

__all__ = ["RESULT_FILE", "Course", "Stage", "file_stem"]

RESULT_FILE = "versus.json"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a comparison is doing: ``done`` of ``total`` steps of ``what``."""

    what: str
    done: int
    total: int


class Course:
    """A comparison of two networks under way.

    Attributes
    ----------
    sides
        The two networks.
    found
        What is known so far.
    """

    def __init__(
        self,
        sides: tuple[Contender, Contender],
        plan: Plan,
        folder: Path,
        *,
        shifts: tuple[int, ...],
        device: str | None = None,
        told: Callable[[Stage], None] | None = None,
        kept: Callable[[Versus], None] | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self.sides = sides
        self.plan = plan
        self.folder = folder
        self._device = device
        self._told = told or (lambda stage: None)
        self._kept = kept or (lambda found: None)
        known, held_out = sides[0].data.split(plan.held_out, seed=plan.seed)
        self._moves = shifts
        self._trained: list[Model] = []
        plain = tuple(Contestant(one.name, one.parameters, 0, (), None) for one in sides)
        way = sides[0].model.preprocessing
        each = len(Batches(known, way, plan.batch)) if way else 0
        self.found = Versus(
            data=sides[0].data.name,
            learned=len(known),
            held_out=len(held_out),
            epochs=plan.epochs,
            updates=plan.epochs * each,
            seed=plan.seed,
            contestants=(plain[0], plain[1]),
            notes=tuple(notes),
        )
        if (folder / RESULT_FILE).exists():
            mend = "name another folder"
            raise FileError("there is a comparison here already", where=str(folder), mend=mend)
        try:
            (folder / "runs").mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise unwritable(folder, problem) from problem

    def look(self) -> None:
        """Count layers, parameters, multiply-adds and connections."""
        for number, side in enumerate(self.sides):
            self._told(Stage(f"walking {side.name}", number, 2))
            trace = side.walk(side.fresh(self.plan.seed), side.data.picture(0))
            self._looked(number, trace)
        self.keep()

    def train(self) -> None:
        """Train both, and keep how well they do."""
        for number, side in enumerate(self.sides):
            model = side.fresh(self.plan.seed)
            run = self.trained(model, side.data, f"training {side.name}", file_stem(side.name))
            self._trained.append(model)
            self._now(number, accuracy=_accuracy(run), run=self._within(run))
            self.keep()

    def move(self) -> None:
        """Ask both about the held-out pictures, moved."""
        total = 2 * len(self._moves)
        if not total:
            return
        done = 0
        self.found = replace(self.found, shifts=self._moves)
        for number, (side, model) in enumerate(zip(self.sides, self._trained, strict=True)):
            pictures, labels = self.held_out(side.data)
            across, down = [], []
            for by in self._moves:
                self._told(Stage(f"moving the pictures, {side.name}", done, total))
                across.append(side.accuracy(model, moved(pictures, 0, by), labels))
                down.append(side.accuracy(model, moved(pictures, by, 0), labels))
                done += 1
            self._now(number, across=tuple(across), down=tuple(down))
        self.keep()

    def shuffle(self) -> None:
        """Train both anew on shuffled pixels."""
        for number, side in enumerate(self.sides):
            run = self.trained(
                side.fresh(self.plan.seed),
                side.on_shuffled(self.plan.seed),
                f"training {side.name} on shuffled pixels",
                f"{file_stem(side.name)}-shuffled",
            )
            self._now(number, shuffled=_accuracy(run), shuffled_run=self._within(run))
            self.keep()

    def trained(
        self, model: Model, data: DataSet, what: str, name: str, folder: Path | None = None
    ) -> Run:
        """A training by the plan, told step by step; the model itself learns.

        It is recorded with the comparison's, unless a folder of its own is given.
        """

        def tell(progress: Progress) -> None:
            self._told(Stage(what, progress.step, progress.steps))

        self._told(Stage(what, 0, self.found.updates))
        run = (folder or self.folder / "runs") / name
        share = 0.05 if folder is None else 0.0
        return train(
            model, data, self.plan, run=run, device=self._device, told=tell, overhead=share
        )

    def held_out(self, data: DataSet) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The pictures and labels that are not learned from."""
        _, out = data.split(self.plan.held_out, seed=self.plan.seed)
        return out.pictures(range(len(out))), out.labels

    def note(self, sentence: str) -> None:
        """Say once what does not apply."""
        self.found = replace(self.found, notes=tuple(dict.fromkeys((*self.found.notes, sentence))))

    def keep(self) -> None:
        """Write down what is known, and tell it."""
        self.found.save(self.folder / RESULT_FILE)
        self._kept(self.found)

    def _looked(self, number: int, trace: Trace) -> None:
        work = multiply_adds(trace)
        layers = tuple(
            LayerCost(row.op.name, row.op.kind, row.op.shape[1:], row.parameters, row.products)
            for row in work.rows
            if row.parameters or row.products or row.products is None
        )
        connections = None
        try:
            connections = first_layer(trace).connections()
        except NotFoundError as reason:
            self.note(str(reason))
        if work.unknown:
            named = ", ".join(dict.fromkeys(row.op.kind for row in work.unknown))
            self.note(f"{trace.name}: the multiply-adds of {named} are not known; the sum is the "
                      "least there are.")  # fmt: skip
        self._now(number, multiply_adds=work.total, layers=layers, first=connections)

    def _now(self, number: int, **known: object) -> None:
        sides = list(self.found.contestants)
        sides[number] = replace(sides[number], **known)  # type: ignore[arg-type] # its own fields
        self.found = replace(self.found, contestants=(sides[0], sides[1]))

    def _within(self, run: Run) -> str:
        return run.path.relative_to(self.folder).as_posix()


def _accuracy(run: Run) -> float:
    return run.evaluation(run.evaluated[-1]).accuracy


def file_stem(name: str) -> str:
    """A network's name as part of a file's.

    >>> file_stem("nets/my.py:Net"), file_stem("mlp (2)")
    ('nets-my-Net', 'mlp-2')
    """
    kept = name.replace(".py:", "-")
    words = "".join(one if one.isalnum() or one in "._-" else " " for one in kept).split()
    return "-".join(words).strip("-.") or "network"
