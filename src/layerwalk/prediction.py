"""From the network's last output to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError

if TYPE_CHECKING:
    from layerwalk.record import Trace

__all__ = ["probabilities"]


def probabilities(trace: Trace, sample: int = 0) -> NDArray[np.float64]:
    """Class probabilities of one image, float64 of shape (classes,).

    Logits go through a softmax; an output that the network itself made by ``softmax`` is
    taken as it is, one made by ``log_softmax`` is exponentiated.

    Raises
    ------
    NotFoundError
        The trace is incomplete, or the first output is not of shape (N, classes).
    """
    if not trace.outputs:
        raise NotFoundError(
            "there are no class scores",
            where=trace.name,
            mend="the trace is incomplete" if trace.failure else "the network returned no tensor",
        )
    output = trace.outputs[0]
    if len(output.shape) != 2 or not 0 <= sample < output.shape[0]:
        raise NotFoundError(
            f"the output of shape {output.shape} has no row {sample} of class scores",
            where=trace.name,
            mend="top() needs a classifier whose output is (N, classes)",
        )
    scores = np.asarray(output.read(sample), dtype=np.float64)
    made_by = output.op.kind if output.op else ""
    if made_by == "softmax":
        return scores
    if made_by == "log_softmax":
        return np.exp(scores)
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())
