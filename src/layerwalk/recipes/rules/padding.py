"""Padding: what stands around a map before a window slides over it."""

from __future__ import annotations

import math
import struct

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe
from layerwalk.recipes.rules.window import affine

__all__ = ["padded"]

_MODES = {
    "constant_pad_nd": "constant", "reflection_pad1d": "reflect", "reflection_pad2d": "reflect",
    "reflection_pad3d": "reflect", "replication_pad1d": "replicate",
    "replication_pad2d": "replicate", "replication_pad3d": "replicate", "_pad_circular": "circular",
}  # fmt: skip
# As `_pad_enum` numbers them.
_NUMBERED = ("reflect", "replicate", "circular", "constant")


@rule("pad", "_pad_enum", *_MODES)
def padded(call: Call) -> Recipe:
    """The input with more positions around it; negative padding takes positions away.

    ``constant`` has a number there, ``reflect`` the input mirrored at its ends (which are not
    repeated), ``replicate`` the input's end, ``circular`` the input from its other end.
    """
    operand = call.tensor("self", "input")
    value = call.input(operand)
    pads = call.argument("pad", "padding")
    mode = _MODES.get(call.kind) or call.argument("mode")
    if isinstance(mode, int):
        mode = _NUMBERED[mode]
    index: list[Expression] = list(call.places)
    # The padding is given from the last dimension on: before and behind.
    for k, (before, behind) in enumerate(zip(pads[::2], pads[1::2], strict=True)):
        dimension = len(index) - 1 - k
        index[dimension] = _position(mode, index[dimension], value.shape[dimension], before, behind)
    beyond = None
    if mode == "constant" and any(pad > 0 for pad in pads):
        beyond = _held(call.argument("value", default=0) or 0, value.dtype)
    return Recipe(call.axes, (Read(operand, tuple(index), beyond=beyond),), (), ("read", 0))


def _position(mode: str, place: Expression, length: int, before: int, behind: int) -> Expression:
    shifted = affine((1, place), -before)
    if not before and not behind:
        return place
    if mode == "constant" or (before <= 0 and behind <= 0):
        return shifted
    if mode == "reflect":
        return ("reflect", shifted, length)
    if mode == "replicate":
        return ("clamp", shifted, 0, length - 1)
    if mode == "circular":  # what negative padding takes away does not come round
        start, left = max(-before, 0), length + min(before, 0) + min(behind, 0)
        turn: Expression = ("mod", affine((1, place), -max(before, 0)), left)
        return affine((1, turn), start)
    raise NoRecipeError(f"padding mode {mode!r}")


def _held(number: float, dtype: str) -> float:
    """The number as the type holds it; float32 and wider round it when it is read."""
    if dtype == "bfloat16" and math.isfinite(number):
        bits = struct.unpack("<I", struct.pack("<f", number))[0]
        bits += 0x7FFF + ((bits >> 16) & 1)  # to the nearest, ties to even
        return float(struct.unpack("<f", struct.pack("<I", bits & 0xFFFF0000))[0])
    if dtype.startswith("float8") and number:
        raise NoRecipeError(f"{number} is rounded to {dtype}")
    return number
