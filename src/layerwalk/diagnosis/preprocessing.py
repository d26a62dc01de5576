"""Whether the network is given what it was made for: the range and the order of its colours.

Two grounds: what is known of the network's preprocessing, and the statistics that the first
batch norm kept of its training.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import comb

import numpy as np
from numpy.typing import NDArray

from layerwalk.diagnosis.finding import Finding, confidence
from layerwalk.diagnosis.stem import Stem, find_stem
from layerwalk.record import Array, Trace

__all__ = ["Preprocessed", "expected_range"]

_FAR = 30.0
_SUSPECT = 8.0
_LEVELS = 32.0  # no network is given numbers this large that were scaled
_BETTER = 0.95
_ENOUGH = 3


@dataclass(slots=True)
class Preprocessed:
    """Looks at what the network was given."""

    images: list[str] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)  # variance seen over variance trained
    distances: list[tuple[float, float]] = field(default_factory=list)  # as given, swapped
    expected: tuple[float, float] | None = None
    norm: str = ""

    def see(self, trace: Trace, images: Sequence[str]) -> None:
        """Take the walk of some images, one batch."""
        if not trace.inputs or trace.inputs[0].dtype not in _FLOATS:
            return
        value = trace.inputs[0]
        if len(value.shape) != 4 or value.shape[0] != len(images) or value.shape[1] not in (1, 3):
            return
        self.expected = expected_range(trace.provenance.get("preprocessing", ""))
        stem = find_stem(trace)
        for sample, name in enumerate(images):
            given = value.read(sample)
            if not np.isfinite(given).all():
                continue
            self.images.append(name)
            self.lows.append(float(given.min()))
            self.highs.append(float(given.max()))
            self.whole.append(bool((given == np.round(given)).all()))
            if stem is not None and self.lows[-1] < self.highs[-1]:
                self._compare(stem, sample, given)

    def _compare(self, stem: Stem, sample: int, given: Array) -> None:
        self.norm = stem.norm.name
        moments = stem.moments(sample)
        heard = stem.heard
        share = np.maximum(moments[1][heard], 1e-30) / stem.variance[heard]
        self.ratios.append(float(np.exp(np.mean(np.log(share)))))
        if given.shape[0] == 3 and stem.conv.settings.get("groups") == 1:
            swapped = stem.swapped_moments(sample)
            self.distances.append((stem.distance(moments), stem.distance(swapped)))

    def findings(self) -> Iterator[Finding]:
        """What does not look as the network expects it."""
        if not self.images:
            return
        constant = [n for n, a, b in zip(self.images, self.lows, self.highs, strict=True) if a == b]
        if constant:
            said = f"{len(constant)} of {len(self.images)} inputs hold one number everywhere"
            yield Finding(
                "constant input", len(constant) == len(self.images), "input", said, (), (),
                tuple(constant), 1.0,
            )  # fmt: skip
        ranged = self._by_range() or self._by_norm()
        if ranged is not None:
            yield ranged
        else:
            yield from self._by_order()

    def _by_range(self) -> Finding | None:
        """Against the range that the known preprocessing gives."""
        low, high = min(self.lows), max(self.highs)
        numbers: tuple[tuple[str, float], ...] = (("lowest", low), ("highest", high))
        seen = f"the input goes from {low:.4g} to {high:.4g}"
        if self.expected is None:
            if high < _LEVELS or not all(self.whole) or self.ratios:
                return None
            said = f"{seen} in whole numbers, like levels of 0 to 255 that nobody scaled"
            return self._finding(said, numbers, serious=False, share=0.5)
        least, most = self.expected
        numbers = (*numbers, ("expected from", least), ("expected to", most))
        wanted = f"the network's preprocessing gives {least:.4g} to {most:.4g}"
        room = 0.05 * (most - least)
        if high > most + room or low < least - room:
            return self._finding(f"{seen}, and {wanted}", numbers, serious=True, share=1.0)
        # A photo has dark places; without the mean taken off there is nothing below zero.
        if least < -0.2 and low >= 0:
            said = f"{seen}, never below 0, and {wanted}: mean and std were left out"
            return self._finding(said, numbers, serious=len(self.images) >= 2, share=1.0)
        return None

    def _by_norm(self) -> Finding | None:
        """Against the statistics that the first batch norm has from the training."""
        if not self.ratios:
            return None
        ratio = float(np.exp(np.mean(np.log(self.ratios))))
        off = max(ratio, 1 / ratio)
        if off < _SUSPECT or (off < _FAR and len(self.ratios) < _ENOUGH):
            return None
        many = ratio if ratio > 1 else 1 / ratio
        way = "larger" if ratio > 1 else "smaller"
        said = (
            f"what the first convolution makes varies {many:.3g} times {way} (in variance) than in "
            f"the training that {self.norm} remembers: the input is likely scaled otherwise"
        )
        return self._finding(
            said, (("variance seen over trained", ratio),), serious=off >= _FAR, share=1.0
        )

    def _by_order(self) -> Iterator[Finding]:
        """Whether the statistics of the training fit better with red and blue exchanged."""
        votes = [swapped < _BETTER * given for given, swapped in self.distances]
        count, agree = len(votes), sum(votes)
        if not count or 2 * agree <= count:
            return
        sure = 1 - sum(comb(count, k) for k in range(agree, count + 1)) / 2**count
        said = (
            f"on {agree} of {count} images the statistics of the training that {self.norm} "
            "remembers fit better with red and blue exchanged: the channels may be in BGR order"
        )
        given, swapped = (float(np.mean([pair[at] for pair in self.distances])) for at in (0, 1))
        yield Finding(
            "channel order",
            serious=count >= _ENOUGH and sure >= 0.85 and swapped < _BETTER * given,
            op="input",
            sentence=said,
            numbers=(("distance as given", given), ("distance exchanged", swapped)),
            channels=(),
            images=tuple(n for n, vote in zip(self.images, votes, strict=False) if vote),
            confidence=sure,
        )

    def _finding(
        self, said: str, numbers: tuple[tuple[str, float], ...], *, serious: bool, share: float
    ) -> Finding:
        sure = share * confidence(len(self.images))
        return Finding("input range", serious, "input", said, numbers, (), tuple(self.images), sure)


_FLOATS = {"float16", "bfloat16", "float32", "float64"}
_NUMBERS = r"(\([^)]*\)|[-+.\de]+)"


def expected_range(preprocessing: str) -> tuple[float, float] | None:
    """The least and the greatest number that a preprocessing, as it describes itself, can give.

    >>> expected_range("shorter side to 256 (bicubic), x/255, mean 0.5, std (0.5, 0.25, 0.5)")
    (-2.0, 2.0)
    >>> expected_range("") is None
    True
    """
    found = re.search(rf"mean {_NUMBERS}, std {_NUMBERS}", preprocessing)
    if found is None:
        return None
    mean, std = (_numbers(text) for text in found.groups())
    scale = re.search(r"x([/*])([-+.\de]+)", preprocessing)
    top = 255.0
    if scale is not None:
        by = float(scale.group(2))
        top = 255 / by if scale.group(1) == "/" else 255 * by
    ends = np.concatenate([(0 - mean) / std, (top - mean) / std])
    return float(ends.min()), float(ends.max())


def _numbers(text: str) -> NDArray[np.float64]:
    return np.array([float(part) for part in text.strip("()").split(",")])
