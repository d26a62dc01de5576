"""Two networks trained on the same pictures and compared: ``lw.versus``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from torch import nn

from layerwalk.data.sets import DataSet, load_data
from layerwalk.errors import LearnError
from layerwalk.learn.contest.contender import Contender
from layerwalk.learn.contest.course import Course, Stage, file_stem
from layerwalk.learn.contest.result import Versus
from layerwalk.learn.contest.sweep import sweep_networks
from layerwalk.learn.plan import Plan
from layerwalk.models import Model

__all__ = ["DEFAULT_PLAN", "fresh_folder", "versus"]

DEFAULT_PLAN = Plan(
    epochs=10, batch=64, rate=3e-3, optimizer="adam", decay=0.0, schedule="cosine", held_out=0.2
)
"""How networks are trained where no plan is given: Adam asks for no rate of each one's own."""

_PICTURES = 10_000
_SHIFTS = range(-4, 5)


def versus(
    first: str | Model | nn.Module = "mlp",
    second: str | Model | nn.Module = "lenet5",
    data: str | DataSet = "mnist",
    plan: Plan | None = None,
    *,
    out: str | os.PathLike[str] | None = None,
    shifts: Sequence[int] = _SHIFTS,
    shuffle: bool = True,
    sweep: int = 6,
    seconds: float | None = 240.0,
    most: int = _PICTURES,
    device: str | None = None,
    told: Callable[[Stage], None] | None = None,
    kept: Callable[[Versus], None] | None = None,
) -> Versus:
    """Train two networks on the same pictures, and compare what they are and what they learned.

    Connections, parameters and multiply-adds are counted in a walk of each; both are then
    trained with one plan, from random weights of its seed, on the same pictures in the same
    order. They are asked about held-out pictures as they are, and moved by a few pixels, and
    are trained anew on pictures whose pixels are in one other order. At last each is trained at
    several widths.

    Parameters
    ----------
    first, second
        Networks, or what :func:`layerwalk.load_model` takes. They are copied.
    data
        A data set, or what :func:`layerwalk.load_data` takes.
    plan
        Epochs, learning rate, seed and so on, for every training; :data:`DEFAULT_PLAN` where
        not given.
    out
        The folder to be made: the trainings in ``runs``, the numbers in ``versus.json``, which
        is written anew after each stage. ``versus/FIRST-SECOND`` where not given, numbered if
        that is taken.
    shifts
        By how many pixels the held-out pictures are moved, to the right and down; what comes in
        from outside is black.
    shuffle
        Whether to train on shuffled pixels, too.
    sweep
        At how many sizes each network is trained, from small to that of the larger one; 0 for
        none.
    seconds
        After how long the sweep begins no other training; ``None`` for no limit.
    most
        Of a larger data set so many pictures are taken, of every class its share.
    device
        ``"cpu"``, ``"cuda"``; the GPU where there is one, if not given.
    told
        Called at the beginning of each stage and after each of its steps.
    kept
        Called with what is known so far after each stage: what an interrupt leaves.

    Raises
    ------
    LearnError
        A network does not take these pictures, or a training failed.
    LayerwalkError
        A network, the data set or the folder cannot be used, or a number makes no sense.

    Examples
    --------
    >>> found = lw.versus("mlp", "lenet5")                          # doctest: +SKIP
    >>> print(found)                                                # doctest: +SKIP
    mnist: 8,000 pictures to learn from, 2,000 held out; 1,250 updates
    ...
    """
    plan = plan or DEFAULT_PLAN
    if sweep < 0 or most < 2:
        raise LearnError(f"sweep {sweep} of {most} pictures is none", mend="use larger numbers")
    examples = load_data(data) if isinstance(data, str) else data
    notes = []
    if len(examples) > most:
        notes.append(f"{most:,} of the {len(examples):,} pictures were taken, of every class its "
                     "share.")  # fmt: skip
        examples = examples.split(most, seed=plan.seed)[1]
    one = Contender.of(first, examples)
    two = Contender.of(second, examples)
    if one.name == two.name:
        one, two = (
            replace(side, model=replace(side.model, name=f"{side.name} ({number})"))
            for number, side in ((1, one), (2, two))
        )
    folder = Path(out) if out is not None else fresh_folder(one.name, two.name)
    course = Course(
        (one, two), plan, folder, device=device, told=told, kept=kept, notes=notes,
        shifts=tuple(dict.fromkeys(shifts)),
    )  # fmt: skip
    course.look()
    course.train()
    course.move()
    if shuffle:
        course.shuffle()
    if sweep:
        sweep_networks(course, sweep, seconds)
    return course.found


def fresh_folder(first: str, second: str) -> Path:
    """A folder for a comparison that is not there yet: ``versus/mlp-lenet5``, or numbered."""
    name = f"{file_stem(first)}-{file_stem(second)}"
    path, count = Path("versus") / name, 1
    while path.exists():
        count += 1
        path = Path("versus") / f"{name}-{count}"
    return path
