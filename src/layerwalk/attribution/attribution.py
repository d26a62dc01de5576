"""Which pixels, or which numbers of an op, mattered to a score."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.attribution.methods import METHODS
from layerwalk.errors import NotFoundError

__all__ = ["Attribution"]


@dataclass(frozen=True, eq=False, slots=True)
class Attribution:
    """What mattered to one score, by one method.

    Attributes
    ----------
    method
        How it was found.
    target
        What the score is of: a class label, or an op's channel.
    op
        On which op's output the map lies; ``None`` for the network's input.
    map
        Float64 of the input's shape (C, H, W) or of the op's. Grad-CAM's is (1, h, w), on the
        op's own grid; that of occlusion and feature ablation (1, H, W), because they hide all
        channels of a place at once; a channel ablation's (C,).
    score
        The score itself, as the network computed it.
    baseline_score
        That of the baseline; ``None`` where the method has none.
    total
        The sum of the map.
    residue
        ``total`` less the difference of the two scores: 0 but for rounding and the steps of an
        integral. ``None`` where the method promises nothing of the kind.
    """

    method: str
    target: str
    op: str | None
    map: NDArray[np.float64] = field(repr=False)
    score: float
    baseline_score: float | None
    total: float
    residue: float | None

    def heat(self) -> NDArray[np.float64]:
        """The map without its channels, (H, W): their sum; of saliency, the largest.

        Raises
        ------
        NotFoundError
            The map has no places, only channels.

        Examples
        --------
        >>> import layerwalk as lw
        >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
        >>> lw.attribute(trace, "deeplift").heat().shape
        (28, 28)
        """
        if self.map.ndim < 2:
            raise NotFoundError(
                "the map has one number for each channel, and no places", where=self.method
            )
        # A gradient's size has no sign to cancel: Simonyan's saliency is the largest.
        flat = self.map.max(0) if self.method == "saliency" else self.map.sum(0)
        return np.asarray(flat[None] if flat.ndim == 1 else flat)

    @property
    def signed(self) -> bool:
        """Whether its numbers say for (above zero) or against (below)."""
        return METHODS[self.method].signed

    def ranked(self) -> list[int]:
        """The map's channels, those that mattered most first: by the size of their sum.

        Examples
        --------
        >>> import layerwalk as lw
        >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
        >>> sorted(lw.attribute(trace, "feature_ablation", op="c1").ranked())
        [0, 1, 2, 3, 4, 5]
        """
        sums = self.map.reshape(len(self.map), -1).sum(1)
        return [int(channel) for channel in np.argsort(-np.abs(sums), kind="stable")]
