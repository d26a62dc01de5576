"""Ask what mattered to a score."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from layerwalk.attribution.attribution import Attribution
from layerwalk.attribution.baseline import Baseline
from layerwalk.attribution.methods import METHODS, Method
from layerwalk.attribution.question import Question, question
from layerwalk.attribution.score import Score
from layerwalk.attribution.target import Aim, target_of
from layerwalk.errors import CaptureError, LayerwalkError, NotFoundError
from layerwalk.record import Op, Trace

__all__ = ["Watch", "answer", "asked_of", "attribute", "check_taken", "method_named"]

Watch: TypeAlias = Callable[[int, int], None]
"""Told how many pictures have passed the network, and how many will."""


def attribute(
    trace: Trace,
    method: str = "integrated_gradients",
    aim: Aim = None,
    *,
    op: Op | str | int | None = None,
    sample: int = 0,
    baseline: Baseline | None = None,
    steps: int | None = None,
    window: int | Sequence[int] | None = None,
    stride: int | Sequence[int] | None = None,
    features: ArrayLike | None = None,
    watch: Watch | None = None,
) -> Attribution:
    """What mattered to the score of a class, or of any op's channel.

    The recorded ops are run, not the user's model: no hook is set on it, and in-place and
    functional ops, or a module that is used twice, are no obstacle.

    Parameters
    ----------
    trace
        The walk, with its weights.
    method
        ``"saliency"``, ``"input_x_gradient"``, ``"integrated_gradients"``,
        ``"guided_backprop"``, ``"deeplift"``, ``"grad_cam"``, ``"guided_grad_cam"``,
        ``"occlusion"``, ``"feature_ablation"`` or ``"layer_conductance"``: see
        ``docs/attribution.md`` for what each promises.
    aim
        A class by number or label, ``(op, channel)``, or ``None`` for the best class.
    op
        Grad-CAM, layer conductance: the op whose maps they look at; by default the last one
        with feature maps. Feature ablation: silence this op's channels, one by one, in place
        of parts of the picture.
    sample
        Which picture of the batch.
    baseline
        What the picture is compared with, and what hides a part of it: see
        :data:`layerwalk.attribution.baseline.Baseline`. 0 if not given.
    steps
        Integrated gradients, layer conductance: points on the way from the baseline; 50 if
        not given.
    window, stride
        Occlusion: the size of the patch, by default an eighth of the picture, and how far it
        moves, by default half of that. Feature ablation: the size of its squares.
    features
        Feature ablation: a whole number for each place, (H, W); places of one number are
        hidden together.
    watch
        Told how many pictures have passed the network, and how many will.

    Raises
    ------
    NotFoundError
        There is no such method, class, op, channel or sample.
    CaptureError
        The score does not depend on the input or the op, or an op cannot be run again.
    LayerwalkError
        The method does not take an option, or cannot use it.
    MissingPackageError
        The method is Captum's, and that is not installed.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    >>> found = attribute(trace, "deeplift")
    >>> found.target, found.map.shape, abs(found.residue) < 1e-4
    ('9', (1, 28, 28), True)
    >>> attribute(trace, "grad_cam", ("c3", 4), op="s2").map.shape
    (1, 14, 14)
    """
    chosen = method_named(method)
    given = {
        "op": op, "baseline": baseline, "steps": steps, "window": window, "stride": stride,
        "features": features,
    }  # fmt: skip
    check_taken(chosen, given)
    score = Score(trace, target_of(trace, aim, sample))
    return answer(chosen, asked_of(trace, chosen, score, given), watch)


def method_named(name: str) -> Method:
    """The method of a name.

    Raises
    ------
    NotFoundError
        There is none.

    Examples
    --------
    >>> method_named("deeplift").complete
    True
    """
    if name not in METHODS:
        near = difflib.get_close_matches(name, METHODS, n=1)
        raise NotFoundError(
            f"there is no method {name!r}",
            where="attribute",
            mend=f"did you mean {near[0]}?" if near else f"choose one of {', '.join(METHODS)}",
        )
    return METHODS[name]


def check_taken(method: Method, given: Mapping[str, object]) -> None:
    """Refuse an option that a method does not take.

    Raises
    ------
    LayerwalkError
        It was given one.

    Examples
    --------
    >>> check_taken(method_named("saliency"), {"steps": None})
    """
    for word, option in given.items():
        if option is not None and word not in method.takes:
            who = [each.name for each in METHODS.values() if word in each.takes]
            raise LayerwalkError(
                f"it takes no {word}", where=method.name, mend=f"{word} is for {', '.join(who)}"
            )


def asked_of(trace: Trace, method: Method, score: Score, given: Mapping[str, object]) -> Question:
    """What the method is asked: see :func:`layerwalk.attribution.question.question`."""
    return question(trace, method.name, method.looks_at_op, score, given)


def answer(method: Method, asked: Question, watch: Watch | None = None) -> Attribution:
    """The attribution, with the scores that it is measured by."""
    score = asked.score
    asked.watched(watch, method.runs(asked))
    found = method.run(asked).detach().double().cpu().numpy()
    score.rows = None
    _check_finite(method, asked, found)
    by_picture = "baseline" in method.takes and not _by_channel(method, asked)
    with torch.no_grad():
        itself = float(score.alone(asked.picture))
        base = float(score.alone(asked.baseline)) if by_picture else None
    total, residue = float(found.sum()), None
    if method.complete and base is not None and _cuts(method, asked):
        residue = total - (itself - base)
    on_op = asked.op is not None and (method.grid or _by_channel(method, asked))
    return Attribution(
        method.name,
        score.aim.name,
        asked.op.name if on_op and asked.op is not None else None,
        found,
        itself,
        base,
        total,
        residue,
    )


def _check_finite(method: Method, asked: Question, found: NDArray[np.float64]) -> None:
    bad = found.size - int(np.isfinite(found).sum())
    if bad:
        half = asked.score.network.input.dtype in ("float16", "bfloat16")
        raise CaptureError(
            f"{bad:,} of the {found.size:,} numbers of its map are not finite",
            where=method.name,
            mend="walk the network in float32" if half else None,
        )


def _by_channel(method: Method, asked: Question) -> bool:
    return method.name == "feature_ablation" and asked.op is not None


def _cuts(method: Method, asked: Question) -> bool:
    """Whether all that the score depends on passes where the map lies."""
    return not method.grid or asked.score.network.all_through(asked.layer_op)
