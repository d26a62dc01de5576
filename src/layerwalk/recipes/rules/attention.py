"""Scaled dot-product attention as its parts: scores, softmax, weighted sum."""

from __future__ import annotations

import math

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe, Step
from layerwalk.recipes.rules.operands import Operands

__all__ = ["attention"]

_NEVER = float("-inf")


@rule("scaled_dot_product_attention")
def attention(call: Call) -> Recipe:
    """The values of all keys, weighted by a softmax of the query's scores.

    As PyTorch defines ``torch.nn.functional.scaled_dot_product_attention``.
    """
    if call.output:
        raise NoRecipeError("an output besides the attended values")
    if call.argument("dropout_p", default=0.0) or call.operand("dropout_mask") is not None:
        raise NoRecipeError("dropout")
    query, key = (call.input(call.tensor(name)).shape for name in ("query", "key"))
    if len(query) < 2 or len(key) < 2:
        raise NoRecipeError(f"queries of {query}")
    keys, size = key[-2], key[-1]
    each = (("s", keys),)
    operands = Operands(call)
    row = call.places[-2]
    q = operands.read(call.tensor("query"), (*_lead(call, "query"), row, "e"))
    k = operands.read(call.tensor("key"), (*_lead(call, "key"), "s", "e"))
    v = operands.read(call.tensor("value"), (*_lead(call, "value"), "s", call.places[-1]))
    scale = call.argument("scale", default=None)
    if scale is None:
        scale = 1 / math.sqrt(size) if size else 1.0
    score: Expression = ("mul", scale, "product")
    masked = False
    if call.argument("is_causal", default=False):  # no key behind the query's own place
        score, masked = ("where", ("le", "s", row), score, _NEVER), True
    mask = call.operand("attn_mask", "attn_bias")
    if mask is not None:
        read = operands.read(mask, _mask_index(call, mask))
        truth = call.input(mask).dtype == "bool"
        score = ("where", read, score, _NEVER) if truth else ("add", score, read)
        masked = True
    above: Expression = ("exp", ("sub", "score", "peak"))
    weight: Expression = ("div", above, "total")
    if masked:  # a query that sees no key gets 0
        weight = ("where", ("eq", "peak", _NEVER), 0.0, weight)
    steps = (
        Step("product", (("e", size),), "sum", ("mul", q, k), each),
        Step("score", (), "sum", score, each),
        Step("peak", each, "max", "score"),
        Step("total", each, "sum", above),
        Step("weight", (), "sum", weight, each),
        Step("sum", each, "sum", ("mul", "weight", v)),
    )
    return operands.recipe("sum", steps)


def _lead(call: Call, name: str) -> tuple[Expression, ...]:
    """Everything before the last two dimensions, broadcast; shared by groups of heads."""
    shape = call.input(call.tensor(name)).shape[:-2]
    places = call.places[:-2]
    found = list(places[len(places) - len(shape) :])
    if call.argument("enable_gqa", default=False) and found:
        heads = call.shape[-3]
        if heads % shape[-1]:
            raise NoRecipeError(f"{heads} heads in {shape[-1]} groups")
        if heads != shape[-1]:
            found[-1] = ("floordiv", found[-1], heads // shape[-1])
    return tuple(0 if n == 1 else place for n, place in zip(shape, found, strict=True))


def _mask_index(call: Call, mask: int) -> tuple[Expression, ...]:
    shape = call.input(mask).shape
    places = (*call.places[:-1], "s")
    if len(shape) > len(places):
        raise NoRecipeError(f"a mask of {shape}")
    tail = places[len(places) - len(shape) :]
    return tuple(0 if n == 1 else place for n, place in zip(shape, tail, strict=True))
