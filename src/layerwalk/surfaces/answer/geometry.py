"""The window of an op, in whole numbers."""

from __future__ import annotations

from typing import Final

from layerwalk.record import Op

__all__ = ["geometry_of"]

_NAMES: Final = {
    "kernel_size": "kernel",
    "stride": "stride",
    "padding": "padding",
    "dilation": "dilation",
}


def geometry_of(op: Op) -> dict[str, tuple[int, ...]]:
    """Kernel, stride, padding and dilation, (down, across) each, and groups, of a 2-D window.

    What an op does not have, or has otherwise on one side than on the other, is absent.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> geometry_of(trace["pool"])["kernel"], geometry_of(trace["relu"])
    ((2, 2), {})
    """
    if not op.kind.endswith("2d") or "kernel_size" not in op.settings:
        return {}
    found: dict[str, tuple[int, ...]] = {}
    for setting, name in _NAMES.items():
        value = op.settings.get(setting)
        if isinstance(value, tuple) and len(value) == 2:
            pair = tuple(side for side in value if isinstance(side, int))
            found |= {name: pair} if len(pair) == 2 else {}
    groups = op.settings.get("groups")
    if isinstance(groups, int):
        found["groups"] = (groups,)
    return found
