"""The first NaN and the first infinity, and the op that made them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from layerwalk.diagnosis.finding import Disease, Finding
from layerwalk.errors import LayerwalkError
from layerwalk.record import Array, Op, Trace, Value

__all__ = ["Flaws"]

_KINDS: tuple[Disease, ...] = ("NaN", "infinity")


@dataclass(slots=True)
class _Origin:
    """Where values of one sort came from, and on which images."""

    op: Op
    source: str
    count: int
    size: int
    images: list[str] = field(default_factory=list)
    reaches: bool = False


@dataclass(slots=True)
class Flaws:
    """Looks for what is no finite number."""

    origins: dict[tuple[Disease, str], _Origin] = field(default_factory=dict)

    def see(self, trace: Trace, images: Sequence[str]) -> None:
        """Take the walk of some images, one batch."""
        waiting = set(_KINDS)
        for op in trace:
            for value in op.made:
                array = _numbers(value)
                if array is None or _finite(array):
                    continue
                for kind in sorted(waiting):
                    found = _which(array, kind)
                    if found.any():
                        waiting.discard(kind)
                        self._note(trace, op, kind, found, images)
            if not waiting:
                return

    def _note(
        self, trace: Trace, op: Op, kind: Disease, found: Array, images: Sequence[str]
    ) -> None:
        source = ""
        for value in op.inputs:
            array = _numbers(value)
            if array is not None and _which(array, kind).any():
                source = value.name
                break
        ends = [_numbers(value) for value in trace.outputs]
        reaches = any(array is not None and not _finite(array) for array in ends)
        per_image = found.shape[:1] == (len(images),)
        shown = [name for at, name in enumerate(images) if not per_image or bool(found[at].any())]
        key = kind, op.name
        origin = self.origins.setdefault(key, _Origin(op, source, int(found.sum()), found.size))
        origin.images += shown
        origin.reaches |= reaches

    def findings(self) -> Iterator[Finding]:
        """The first of each sort; what does not reach the output may be meant, as in a mask."""
        for (kind, name), origin in sorted(self.origins.items(), key=lambda one: one[1].op.index):
            what = "NaN" if kind == "NaN" else "an infinity"
            whose = "read" if origin.source else "made"
            said = f"{name} ({origin.op.kind}) is the first to make {what}"
            if whose == "read":
                said = f"{name} ({origin.op.kind}) is the first to meet {what}, in {origin.source}"
            end = "" if origin.reaches else "; it does not reach the output"
            yield Finding(
                disease=kind,
                serious=origin.reaches,
                op=name,
                sentence=f"{said}: {origin.count:,} of its {origin.size:,} values{end}",
                numbers=(("values", float(origin.count)), ("of", float(origin.size))),
                channels=(),
                images=tuple(origin.images),
                confidence=1.0,
            )


def _numbers(value: Value) -> Array | None:
    """The value where it could hold what is no number and can be read."""
    if not value.dtype.startswith(("float", "bfloat", "complex")):
        return None
    try:
        return value.array()
    except LayerwalkError:
        return None


def _finite(array: Array) -> bool:
    if array.dtype.kind == "c":
        return bool(np.isfinite(array).all())
    # NaN and infinity always reach the minimum or the maximum; no mask is made.
    return not array.size or bool(np.isfinite(array.min()) and np.isfinite(array.max()))


def _which(array: Array, kind: Disease) -> Array:
    return np.isnan(array) if kind == "NaN" else np.isinf(array)
