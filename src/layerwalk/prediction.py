"""From the network's last output to probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError

if TYPE_CHECKING:
    from layerwalk.record import Trace, Value

__all__ = ["ClassScores", "class_scores", "probabilities"]

_HAND_ON = {
    "alias", "clone", "contiguous", "dropout", "flatten", "reshape", "squeeze", "to", "unsqueeze",
    "view",
}  # fmt: skip
_NEAR_ONE = 1e-4


@dataclass(frozen=True, eq=False, slots=True)
class ClassScores:
    """The scores of one image's classes, and the probabilities that they became.

    Attributes
    ----------
    value
        The network's output that holds the scores, of shape (N, classes).
    scores
        The image's row of it, float64 of shape (classes,).
    made
        How they became probabilities: by a ``"softmax"`` over the classes, by the exponential
        (``"exp"``, of log-probabilities), or not at all, having been ``"given"`` as such.
    probabilities
        float64 of shape (classes,).
    """

    value: Value
    scores: NDArray[np.float64] = field(repr=False)
    made: Literal["softmax", "exp", "given"]
    probabilities: NDArray[np.float64] = field(repr=False)


def probabilities(trace: Trace, sample: int = 0) -> NDArray[np.float64]:
    """Class probabilities of one image, float64 of shape (classes,).

    Logits go through a softmax. What the network itself made by a softmax over the classes,
    by a sigmoid or by a log-softmax is taken as it is (the last exponentiated), also where
    steps that only move numbers, or a dropout in evaluation mode, came after; and so are rows
    that already are probabilities.

    Raises
    ------
    NotFoundError
        The trace is incomplete, or the first output is not of shape (N, classes) with at
        least two classes.
    """
    return class_scores(trace, sample).probabilities


def class_scores(trace: Trace, sample: int = 0) -> ClassScores:
    """One image's scores with their :func:`probabilities`, and how the ones became the others.

    Raises
    ------
    NotFoundError
        As for :func:`probabilities`.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    >>> class_scores(trace).made
    'softmax'
    """
    if not trace.outputs:
        raise NotFoundError(
            "there are no class scores",
            where=trace.name,
            mend="the trace is incomplete" if trace.failure else "the network returned no tensor",
        )
    output = trace.outputs[0]
    if len(output.shape) != 2 or output.shape[1] < 2 or not 0 <= sample < output.shape[0]:
        raise NotFoundError(
            f"the output of shape {output.shape} has no row {sample} of class scores",
            where=trace.name,
            mend="top() needs a classifier whose output is (N, classes)",
        )
    scores = np.asarray(output.read(sample), dtype=np.float64)
    made_by = _maker(output)
    if made_by in ("softmax", "sigmoid"):
        return ClassScores(output, scores, "given", scores)
    if made_by == "log_softmax":
        return ClassScores(output, scores, "exp", np.exp(scores))
    if (scores >= 0).all() and abs(scores.sum() - 1) < _NEAR_ONE:
        return ClassScores(output, scores, "given", scores)
    powers = np.exp(scores - scores.max())
    return ClassScores(output, scores, "softmax", np.asarray(powers / powers.sum()))


def _maker(output: Value) -> str:
    """The kind of the op that made these numbers, before steps that only hand them on."""
    op = output.op
    while op is not None and op.kind in _HAND_ON and op.inputs and not op.random:
        op = op.inputs[0].op
    if op is None:
        return ""
    if op.kind in ("softmax", "log_softmax"):
        over_classes = op.settings.get("dim") in (-1, len(op.shape) - 1)
        return op.kind if over_classes else ""
    return op.kind
