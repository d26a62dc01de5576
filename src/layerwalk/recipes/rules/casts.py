"""Copies and casts: the number itself, or what another type can hold of it."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe

__all__ = ["cast", "copied", "filled_in", "kept", "size_of"]

# Digits of the significand, and the exponent of the smallest normal number.
_FLOATS = {
    "float16": (11, -14), "bfloat16": (8, -126), "float32": (24, -126), "float64": (53, -1022),
}  # fmt: skip
# Digits, and whether there is a sign.
_WHOLE = {
    "uint8": (8, False), "int8": (7, True), "int16": (15, True), "int32": (31, True),
    "int64": (63, True), "uint16": (16, False), "uint32": (32, False), "uint64": (64, False),
}  # fmt: skip
_COMPLEX = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}


@rule(
    "clone", "contiguous", "alias", "detach", "to", "type_as", "lift", "lift_fresh",
    "lift_fresh_copy", "positive", "resolve_conj", "resolve_neg", "cpu", "cuda", "identity",
    "requires_grad",
)  # fmt: skip
def copied(call: Call) -> Recipe:
    """The same number, as far as the output's type holds it."""
    return _cast_of(call, call.tensor("self", "input"))


@rule("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")
def kept(call: Call) -> Recipe:
    """The same number: outside of training dropout drops nothing."""
    if call.output:
        raise NoRecipeError("the mask of a dropout that drops nothing")
    return _cast_of(call, call.tensor("input", "self"))


@rule("copy")
def filled_in(call: Call) -> Recipe:
    """The number of the source, written over what was there."""
    return _cast_of(call, call.tensor("src"))


def _cast_of(call: Call, operand: int) -> Recipe:
    read = Read(operand, call.aligned(operand))
    result = cast(("read", 0), call.input(operand).dtype, call.made.dtype)
    return Recipe(call.axes, (read,), (), result)


def cast(number: Expression, given: str, wanted: str) -> Expression:
    """What a number of one type becomes in another."""
    if given == wanted:
        return number
    if wanted == "bool" and (given in _FLOATS or given in _WHOLE or given in _COMPLEX):
        return ("ne", number, 0)
    if wanted in _WHOLE and (given in _FLOATS or given in _WHOLE or given == "bool"):
        return _whole(number, given, wanted)
    if wanted in _COMPLEX:
        if given in _COMPLEX and _holds(_COMPLEX[wanted], _COMPLEX[given]):
            return number
        if given not in _COMPLEX and _holds(_COMPLEX[wanted], given):
            return number
    elif given in _COMPLEX and wanted in _FLOATS:
        real: Expression = ("real", number)
        return cast(real, _COMPLEX[given], wanted)
    elif wanted in _FLOATS and (given in _FLOATS or given in _WHOLE or given == "bool"):
        return number if _holds(wanted, given) else ("rounded", number, *_FLOATS[wanted])
    raise NoRecipeError(f"{given} becomes {wanted}")


def _holds(wanted: str, given: str) -> bool:
    """Whether a float type holds every number of another type."""
    digits, least = _FLOATS[wanted]
    if given in _FLOATS:
        return _FLOATS[given][0] <= digits and _FLOATS[given][1] >= least
    return given == "bool" or (given in _WHOLE and _WHOLE[given][0] <= digits)


def _whole(number: Expression, given: str, wanted: str) -> Expression:
    digits, signed = _WHOLE[wanted]
    if given == "bool":
        return number
    if given in _FLOATS:  # beyond the type's ends the framework's answer is undefined
        return ("trunc", number)
    if _WHOLE[given][0] <= digits and (signed or not _WHOLE[given][1]):
        return number
    if digits > 32:
        raise NoRecipeError(f"{given} becomes {wanted}")
    if not signed:
        return ("mod", number, 2**digits)
    return ("sub", ("mod", ("add", number, 2**digits), 2 ** (digits + 1)), 2**digits)


def size_of(dtype: str) -> int:
    """How many bytes a number of the type takes."""
    if dtype == "bool" or dtype.startswith("float8"):
        return 1
    digits = "".join(mark for mark in dtype if mark.isdigit())
    if not digits:
        raise NoRecipeError(f"the size of {dtype} is not known")
    return int(digits) // 8
