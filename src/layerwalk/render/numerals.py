"""How numbers are spelled on a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from layerwalk.record import Array

__all__ = [
    "choose_decimals",
    "tell",
    "tell_cell",
    "tell_chance",
    "tell_count",
    "tell_range",
    "tell_shape",
]

_MINUS: Final = "\N{MINUS SIGN}"
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


def tell(value: float) -> str:
    """The number with four significant digits, or exactly when it is a whole number.

    Up to 100,000 all digits before the point are told.

    >>> tell(12.3456), tell(13990.4), tell(6.0), tell(-0.00001234)
    ('12.35', '13990', '6', '−1.234e−5')
    """  # noqa: RUF002
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else f"{_MINUS}inf"
    size = abs(value)
    if value == int(value) and size < 1e7:
        text = str(int(value))
    elif 1e-3 <= size < 1e5:
        text = f"{value:#.4g}".rstrip(".")
        text = f"{value:.0f}" if "e" in text else text
    else:
        digits, exponent = f"{value:.3e}".split("e")
        text = f"{digits}e{int(exponent)}"
    return text.replace("-", _MINUS)


def tell_range(low: float, high: float) -> str:
    """The two ends of a range, or the one value of a constant.

    >>> tell_range(-11.3, 12.18), tell_range(0, 0)
    ('−11.30 to 12.18', '0 everywhere')
    """  # noqa: RUF002
    return f"{tell(low)} everywhere" if low == high else f"{tell(low)} to {tell(high)}"


def tell_count(count: int, noun: str, many: str = "") -> str:
    """A count with its noun, of which there is one or are many.

    >>> tell_count(1, "op"), tell_count(0, "op"), tell_count(1200, "class", "classes")
    ('1 op', '0 ops', '1,200 classes')
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def tell_shape(shape: Sequence[int]) -> str:
    """The lengths of the axes; ``"scalar"`` when there are none.

    >>> tell_shape((1, 64, 112, 112))
    '1 × 64 × 112 × 112'
    """  # noqa: RUF002
    return f" {_TIMES} ".join(str(length) for length in shape) if shape else "scalar"


def choose_decimals(array: Array) -> int | None:
    """How many decimals the values need in their cells: 0 for whole numbers, else 2 to 5.

    ``None`` when they are so large or so small that only powers of ten will do.

    >>> import numpy as np
    >>> choose_decimals(np.array([0.0, 0.25])), choose_decimals(np.array([0, 253]))
    (2, 0)
    """
    finite = array[np.isfinite(array)].astype(np.float64)
    most = float(np.abs(finite).max(initial=0))
    if most >= 1e6:
        return None
    if bool((finite == np.trunc(finite)).all()):
        return 0
    decimals = max(2, 1 - math.floor(math.log10(most)))
    return decimals if decimals <= 5 and most < 1e5 else None


def tell_cell(value: float, decimals: int | None = 2) -> str:
    """The number as it stands in a cell of a grid.

    An exact zero is ``"0"``, so that it can be told from a small value that rounds to
    ``"0.00"``.

    >>> tell_cell(0.0), tell_cell(0.001), tell_cell(-0.5), tell_cell(253, 0)
    ('0', '0.00', '−0.50', '253')
    >>> tell_cell(-1.25e-7, None), tell_cell(1.0, None), tell_cell(-0.0104, None)
    ('−1.2e−7', '1.0', '−0.010')
    """  # noqa: RUF002
    if value == 0 or not math.isfinite(value):
        return tell(value)
    if decimals is not None:
        return f"{value:.{decimals}f}".replace("-", _MINUS)
    digits, power = f"{value:.1e}".split("e")
    exponent = int(power)
    told = f"{value:.{max(0, 1 - exponent)}f}" if -2 <= exponent <= 2 else f"{digits}e{exponent}"
    return told.replace("-", _MINUS)


def tell_chance(probability: float) -> str:
    """A probability or share in per cent, never rounded to nothing or to certainty.

    >>> tell_chance(0.9713), tell_chance(1e-6), tell_chance(0.99999), tell_chance(1.0)
    ('97.1 %', '< 0.1 %', '> 99.9 %', '100.0 %')
    """
    percent = 100 * probability
    if 0 < percent < 0.05:
        return "< 0.1 %"
    if 99.95 <= percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f} %"
