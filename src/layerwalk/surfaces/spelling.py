"""How ops and their numbers are spelled in plain text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from layerwalk.record import EDITED, Argument, Op, Symbol
from layerwalk.render.numerals import tell

__all__ = [
    "spell_bytes",
    "spell_chance",
    "spell_number",
    "spell_outputs",
    "spell_settings",
    "spell_shape",
    "spell_share",
]

_TIMES: Final = "x"
_SPATIAL: Final = {"kernel_size", "stride", "padding", "dilation", "output_padding", "output_size"}
# What PyTorch does unless it is told otherwise, or what the kind says already.
_UNSAID: Final[dict[str, Argument]] = {
    "padding": 0,
    "output_padding": 0,
    "dilation": 1,
    "groups": 1,
    "padding_mode": "zeros",
    "ceil_mode": False,
    "count_include_pad": True,
    "alpha": 1,
    "end_dim": -1,
    "training": False,
    "keepdim": False,
    "implicit": False,
    "dropout_p": 0.0,
    "is_causal": False,
    "enable_gqa": False,
    "eps": 1e-5,
    "dtype": Symbol("dtype", "float32"),
    "mode": "constant",
    "approximate": "none",
    "align_corners": False,
    "antialias": False,
    "start": 0,
    "end": 2**63 - 1,
    "step": 1,
    "padding_idx": -1,
    "has_biases": True,
    "num_layers": 1,
    "dropout": 0.0,
    "bidirectional": False,
    "batch_first": False,
    "normalized": False,
}
# They change no number of a walk.
_NEVER_SAID: Final = {
    "copy", "device", "inplace", "layout", "memory_format", "momentum", "non_blocking",
    "pin_memory", "requires_grad", "scale_grad_by_freq", "sparse",
}  # fmt: skip
_OF_RELU6: Final = {"min_val", "max_val"}
_SIDES: Final = ("left", "right", "top", "bottom", "front", "back")


def spell_number(number: float) -> str:
    """The number with four significant digits, in ASCII, so that it can be pasted.

    >>> spell_number(-12.3456), spell_number(6.0), spell_number(float("nan"))
    ('-12.35', '6', 'NaN')
    """
    return tell(number).replace("\N{MINUS SIGN}", "-")


def spell_share(share: float) -> str:
    """A share in per cent, never rounded to none or to all.

    >>> [spell_share(share) for share in (0.0, 1e-6, 0.4312, 0.99999, 1.0)]
    ['0%', '<0.1%', '43.1%', '>99.9%', '100%']
    """
    percent = 100 * share
    if math.isnan(share):
        return ""
    if 0 < percent < 0.05:
        return "<0.1%"
    if 99.95 <= percent < 100:
        return ">99.9%"
    return f"{percent:.0f}%" if percent in (0, 100) else f"{percent:.1f}%"


def spell_chance(probability: float) -> str:
    """A probability in per cent with one decimal, or two where it is small.

    >>> spell_chance(0.97098), spell_chance(0.00166), spell_chance(1e-9)
    ('97.1%', '0.17%', '<0.01%')
    """
    percent = 100 * probability
    if 0 < percent < 0.005:
        return "<0.01%"
    if 99.95 <= percent < 100:
        return ">99.9%"
    return f"{percent:.1f}%" if percent >= 1 else f"{percent:.2f}%"


def spell_shape(shape: Sequence[int]) -> str:
    """The lengths of the axes, the batch first.

    >>> spell_shape((1, 64, 7, 7)), spell_shape(())
    ('1x64x7x7', 'scalar')
    """
    return _TIMES.join(str(length) for length in shape) if shape else "scalar"


def spell_outputs(op: Op) -> str:
    """The shape of what an op made; of several outputs the first, and how many more.

    >>> spell_outputs(trace["lstm"])                        # doctest: +SKIP
    '1x5x8 + 2 more'
    """
    if not op.made:
        return "no value"
    more = f" + {len(op.made) - 1} more" if len(op.made) > 1 else ""
    return spell_shape(op.shape) + more


def spell_settings(op: Op) -> tuple[str, ...]:
    """The settings that differ from PyTorch's defaults, a few words for each.

    >>> spell_settings(trace["features.2.depthwise.conv"])  # doctest: +SKIP
    ('3x3', 'stride 2', 'groups 96')
    """
    words = []
    for name, value in op.settings.items():
        if name in _NEVER_SAID or (op.kind == "relu6" and name in _OF_RELU6):
            continue
        if name == "train":
            words += ["off"] if op.kind.endswith("dropout") and not value else []
            continue
        plain = _single(value) if name in _SPATIAL else value
        if name in _UNSAID and plain == _UNSAID[name] and op.kind != "to":
            continue
        if name == "stride" and plain == 1 and "conv" in op.kind:
            continue
        words.append(_setting(name, value, op.kind))
    return tuple(words)


def _setting(name: str, value: Argument, kind: str) -> str:
    if name == "kernel_size" and isinstance(value, tuple):
        return _TIMES.join(_plain(part) for part in value)
    if name == "output_size" and isinstance(value, tuple):
        return "to " + _TIMES.join(_plain(part) for part in value)
    if name in _SPATIAL:
        single = _single(value)
        if not isinstance(single, tuple):
            return f"{name} {_plain(single)}"
        return f"{name} {_TIMES.join(_plain(part) for part in single)}"
    if kind == name == "pad" and isinstance(value, tuple) and len(value) <= len(_SIDES):
        return _sides(value)
    if name == "other" and kind in ("mul", "div"):
        return f"by {_plain(value)}"
    said = name.replace("_", " ")
    if value is True or name == EDITED:
        return said
    return _plain(value) if name in (kind, "dtype") else f"{said} {_plain(value)}"


def _sides(pad: tuple[Argument, ...]) -> str:
    """How much was put round something: PyTorch tells the last side first."""
    if len(set(pad)) == 1:
        return f"{_plain(pad[0])} on each side"
    return ", ".join(f"{_plain(n)} {side}" for n, side in zip(pad, _SIDES, strict=False) if n)


def _single(value: Argument) -> Argument:
    """One number for a tuple of equal ones."""
    if isinstance(value, tuple) and value and all(part == value[0] for part in value):
        return value[0]
    return value


def _plain(value: Argument) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_plain(part) for part in value)})"
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return value.name if isinstance(value, Symbol) else str(value)


def spell_bytes(count: int) -> str:
    """A file's size in the units of file managers.

    >>> spell_bytes(640), spell_bytes(108_226_228)
    ('640 bytes', '108 MB')
    """
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 999.5 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if size >= 10 or unit == "bytes" else f"{size:.1f} {unit}"
