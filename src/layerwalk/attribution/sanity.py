"""Does a map depend on what the network learned? Its weights shuffled, and the map again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from layerwalk.attribution.attribute import (
    Watch,
    answer,
    asked_of,
    check_taken,
    method_named,
)
from layerwalk.attribution.attribution import Attribution
from layerwalk.attribution.network import ReplayedNetwork
from layerwalk.attribution.score import Score
from layerwalk.attribution.target import Aim, target_of
from layerwalk.capture.again import recorded_tensor
from layerwalk.errors import LayerwalkError
from layerwalk.record import Op, Trace, Value

__all__ = ["SanityCheck", "SanityStep", "sanity_check"]

_ALIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class SanityStep:
    """The map after some weights were shuffled.

    Attributes
    ----------
    op
        The op nearest the input whose weights were; those of all behind it were, too.
    shuffled
        How many ops that makes.
    correlation
        Spearman's rank correlation of the heat before and after, for and against.
    sizes
        That of its sizes, whatever their sign. A method that multiplies by the picture keeps
        much of it whatever the weights, because the picture is the same.
    """

    op: str
    shuffled: int
    correlation: float
    sizes: float


@dataclass(frozen=True, slots=True)
class SanityCheck:
    """What became of a map as the weights were shuffled. It is true if the check was passed.

    Attributes
    ----------
    method, target
        How the map was found, and what the score is of.
    ops
        How many ops with weights there are.
    steps
        From the op nearest the score to that nearest the input.
    """

    method: str
    target: str
    ops: int
    steps: tuple[SanityStep, ...]

    @property
    def worst(self) -> SanityStep:
        """The step with half the ops shuffled, or more, after which the map is most alike."""
        half = [step for step in self.steps if 2 * step.shuffled >= self.ops]
        return max(half, key=lambda step: step.correlation)

    @property
    def passed(self) -> bool:
        """Whether the map was another one by then: a correlation below 0.5."""
        return self.worst.correlation < _ALIKE

    def __bool__(self) -> bool:
        return self.passed

    @property
    def verdict(self) -> str:
        """What was found, in words."""
        worst = self.worst
        alike = f"{round(worst.correlation, 2) + 0:.2f}"  # no minus before a zero
        said = f"the weights of the {worst.shuffled} of {self.ops} ops nearest the score shuffled"
        if self.passed:
            return (
                f"{self.method} passes: without what was learned it is another map (its rank "
                f"correlation with the first is at most {alike}, with {said})."
            )
        return (
            f"{self.method} fails: it shows the picture more than what was learned (its rank "
            f"correlation with the first map is still {alike}, with {said})."
        )


def sanity_check(
    trace: Trace,
    method: str = "integrated_gradients",
    aim: Aim = None,
    *,
    sample: int = 0,
    cascade: bool = True,
    stages: int = 4,
    seed: int = 0,
    watch: Watch | None = None,
    **options: Any,
) -> SanityCheck:
    """Whether a method's map changes when what the network learned is taken from it.

    The weights of each op are shuffled among themselves, from the score towards the input;
    after each stage the map is found anew and compared with the first. A map that stays as it
    was says nothing of the network. The user's model is not touched.

    Parameters
    ----------
    trace, method, aim, sample, options
        As :func:`attribute` takes them.
    cascade
        Shuffle from the score towards the input, in stages; or all at once. Guided backprop is
        seen through by the former only.
    stages
        In how many.
    seed
        The same seed gives the same order.
    watch
        Told how many pictures have passed the network, and how many will.

    Raises
    ------
    LayerwalkError
        As :func:`attribute`; or there are no weights to shuffle.

    Notes
    -----
    Adebayo et al. 2018, "Sanity checks for saliency maps". One order of shuffling is one
    sample: the numbers differ a little from seed to seed.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    >>> found = sanity_check(trace, "deeplift", stages=2)
    >>> found.passed, [step.op for step in found.steps]
    (True, ['output', 'c5', 'c1'])
    """
    chosen = method_named(method)
    check_taken(chosen, options)
    if stages < 1:
        raise LayerwalkError(f"{stages} stages are too few", where="stages", mend="give 1 or more")
    target = target_of(trace, aim, sample)
    score = Score(trace, target)
    ops = _weighted(score.network)
    if not ops:
        raise LayerwalkError("there are no weights to shuffle", where=trace.name)
    counts = {1, *(-(-len(ops) * stage // stages) for stage in range(1, stages + 1))}
    counts = counts if cascade else {len(ops)}
    total, past = 0, 0

    def told(done: int, runs: int) -> None:
        nonlocal total
        total = runs * (len(counts) + 1)
        if watch is not None:
            watch(past + done, total)

    first = answer(chosen, asked_of(trace, chosen, score, options), told)
    steps = []
    for count in sorted(counts):
        past += total // (len(counts) + 1)
        shuffled = _shuffled(ops[:count], seed)
        other = Score(trace, target, weights=shuffled, together=score.together)
        after = answer(chosen, asked_of(trace, chosen, other, options), told)
        steps.append(_compared(ops[count - 1][0], count, first, after))
    return SanityCheck(method, target.name, len(ops), tuple(steps))


def _weighted(network: ReplayedNetwork) -> list[tuple[Op, list[Value]]]:
    """The ops with weights, from the score to the input: parameters, or made of parameters."""
    found = []
    for op, reads in reversed(network.steps):
        given = {value.id for value in reads}
        weights = [
            value
            for value in op.inputs
            if value.role == "parameter"
            or (value.role == "result" and value.id not in given and len(value.shape) > 1)
        ]
        if weights:
            found.append((op, weights))
    return found


def _shuffled(ops: list[tuple[Op, list[Value]]], seed: int) -> dict[int, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    weights: dict[int, torch.Tensor] = {}
    for _, values in ops:
        for value in values:
            if value.id not in weights:
                tensor = recorded_tensor(value).detach()
                order = torch.randperm(tensor.numel(), generator=generator)
                weights[value.id] = tensor.flatten()[order.to(tensor.device)].reshape(tensor.shape)
    return weights


def _compared(op: Op, count: int, first: Attribution, after: Attribution) -> SanityStep:
    one, other = (found.map if found.map.ndim < 2 else found.heat() for found in (first, after))
    return SanityStep(
        op.name,
        count,
        rank_correlation(one, other),
        rank_correlation(np.abs(one), np.abs(other)),
    )


def rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Spearman's: that of the ranks, equal numbers sharing theirs; 0 where all are equal.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2, 3, 4]), np.array([1.0, 4, 9, 16]))
    1.0
    """
    ranks = [_ranks(array) for array in (one, other)]
    apart = [each - each.mean() for each in ranks]
    size = float(np.sqrt((apart[0] ** 2).sum() * (apart[1] ** 2).sum()))
    return float((apart[0] * apart[1]).sum() / size) if size else 0.0


def _ranks(array: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, count = np.unique(array, return_inverse=True, return_counts=True)
    shared: NDArray[np.float64] = np.cumsum(count) - (count - 1) / 2
    return shared[place.reshape(-1)]
