"""How finely the numbers of a walk are told, and how far apart rounding may bring two of them."""

from __future__ import annotations

from typing import Final

from layerwalk.record import Op, Trace

__all__ = ["default_tolerance", "grains", "spell_grain"]

_GRAINS: Final = {
    "float64": 2.0**-52, "complex128": 2.0**-52, "float32": 2.0**-23, "complex64": 2.0**-23,
    "float16": 2.0**-10, "bfloat16": 2.0**-7, "float8_e4m3fn": 2.0**-3, "float8_e5m2": 2.0**-2,
    "qint8": 2.0**-7, "quint8": 2.0**-7,
}  # fmt: skip
_EIGHT_BITS: Final = 2.0**-7
_DETAILS: Final = {"half": 2.0**-10, "compact": _EIGHT_BITS}
_NAMES: Final = {
    2.0**-52: "float64", 2.0**-23: "float32", 2.0**-10: "float16", 2.0**-7: "bfloat16 or 8 bits",
    2.0**-3: "8-bit floats", 2.0**-2: "8-bit floats",
}  # fmt: skip
# Narrow types are summed in float32 and rounded once an op; float32 is summed in float32, and
# two libraries add up in two orders.
_ROUNDINGS_WIDE: Final = 84
_ROUNDINGS_NARROW: Final = 16


def grains(trace: Trace) -> tuple[float, ...]:
    """For each op the spacing of its numbers: 2**-23 for float32, 2**-7 for bfloat16.

    It is that of the coarsest type met on the way to the op, by a value, a weight or a
    quantised op: what was rounded once stays rounded. Whole numbers and booleans have 0. A
    trace from a file that has not every bit is as coarse as the file.

    Examples
    --------
    >>> import layerwalk as lw
    >>> grains(lw.trace(lw.load_model("edges"), "sample:dog")) == (2**-23,) * 3
    True
    """
    detail = trace.provenance.get("detail", "exact").split(" ", maxsplit=1)[0].rstrip(":,")
    floor = _DETAILS.get(detail, 0.0)
    known: dict[int, float] = {}
    found = []
    for op in trace.ops:
        grain = max(floor, _EIGHT_BITS if is_quantised(op) else 0.0)
        for value in op.inputs:
            grain = max(grain, known.get(value.id, 0.0), _GRAINS.get(value.dtype, 0.0))
        for value in op.made:
            grain = max(grain, _GRAINS.get(value.dtype, 0.0))
        known.update((value.id, grain) for value in op.made)
        found.append(grain)
    return tuple(found)


def is_quantised(op: Op) -> bool:
    """Whether the op works on, or makes, 8-bit whole numbers that stand for real ones."""
    return op.kind.startswith("quantized.") or "quantize" in op.kind


def default_tolerance(grain: float) -> float:
    """The relative error up to which rounding alone may explain a difference.

    84 spacings of float32 and float64 (1e-5 and 2e-14), 16 of anything narrower (0.016 for
    float16, 0.125 for bfloat16 and 8 bits): about twice to five times of what EfficientNet-Lite0
    (149 ops deep) was measured to lose. Nothing is forgiven whole numbers.

    >>> [f"{default_tolerance(grain):.2g}" for grain in (2**-23, 2**-10, 2**-7, 0)]
    ['1e-05', '0.016', '0.12', '0']
    """
    return grain * (_ROUNDINGS_NARROW if grain > 2.0**-23 else _ROUNDINGS_WIDE)


def spell_grain(grain: float) -> str:
    """The type with that spacing, in words."""
    return _NAMES.get(grain, "whole numbers" if grain == 0 else f"a spacing of {grain:.2g}")
