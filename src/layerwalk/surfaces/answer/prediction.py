"""The most probable classes of a walk."""

from __future__ import annotations

import numpy as np

from layerwalk.prediction import class_scores
from layerwalk.record import Trace
from layerwalk.surfaces.ranking import rank_classes
from layerwalk.surfaces.wire import ClassChance, Prediction

__all__ = ["prediction_of"]

_MOST = 20


def prediction_of(trace: Trace) -> Prediction | None:
    """The twenty most probable classes, best first.

    ``None`` where the network gave no class scores, or some that are not finite numbers.

    Examples
    --------
    >>> import layerwalk as lw
    >>> found = prediction_of(lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog"))
    >>> found.made, found.top[0].label, round(found.top[0].probability, 3)
    ('softmax', 'German Shepherd Dog', 0.971)
    """
    with np.errstate(invalid="ignore"):  # infinite scores give probabilities that are no numbers
        ranked = rank_classes(trace, _MOST)
    if not ranked:
        return None
    found = class_scores(trace)
    top = tuple(
        ClassChance(one.number, one.label, float(found.scores[one.number]), one.probability)
        for one in ranked
    )
    return Prediction(found.value.id, found.made, top)
