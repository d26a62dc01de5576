"""Write what every evaluator of recipes must reproduce: tests/recipes/fixtures.json.

    python scripts/recipe_fixtures.py

Each fixture has a recipe, the operands, and at some positions the terms and the total: what
the evaluator in Python gives, beside what PyTorch computed. Numbers of operands are few
binary digits long, so that JSON holds them exactly. The form is told in docs/recipes.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it
from torch import nn

from layerwalk.capture import record
from layerwalk.recipes.book import recipe_of
from layerwalk.recipes.explain import explain_all
from layerwalk.recipes.explanation import Explanation
from layerwalk.recipes.notation import to_plain
from layerwalk.record import Op, Value

PATH = Path(__file__).resolve().parent.parent / "tests" / "recipes" / "fixtures.json"
_POSITIONS = 6


def numbers(*shape: int, low: int = -24, high: int = 24, parts: int = 8) -> torch.Tensor:
    """Eighths between -3 and 3, the same for the same shape."""
    random = np.random.default_rng([low + 100, high + 100, parts, *shape])
    return torch.from_numpy(random.integers(low, high + 1, shape).astype(np.float32) / parts)


def _positive(*shape: int) -> torch.Tensor:
    return numbers(*shape, low=2, high=24)


x2, x3, x4 = numbers(3, 5), numbers(2, 4, 7), numbers(1, 4, 6, 5)

# By name: the function, what it is given, and which of the ops that it runs.
CASES: dict[str, tuple[Callable[..., Any], Sequence[torch.Tensor], str]] = {
    "conv2d": (
        lambda x, w, b: F.conv2d(x, w, b, (2, 1), 1),
        (x4, numbers(3, 4, 3, 3), numbers(3)),
        "conv2d",
    ),
    "conv2d in groups, dilated": (
        lambda x, w: F.conv2d(x, w, None, 1, 2, 2, 2),
        (x4, numbers(6, 2, 3, 2)),
        "conv2d",
    ),
    "conv2d same": (
        lambda x, w: F.conv2d(x, w, padding="same"),
        (x4, numbers(2, 4, 2, 3)),
        "conv2d",
    ),
    "conv1d": (lambda x, w: F.conv1d(x, w, stride=2), (x3, numbers(3, 4, 3)), "conv1d"),
    "conv3d": (
        lambda x, w: F.conv3d(x, w, padding=1),
        (numbers(1, 2, 3, 4, 3), numbers(2, 2, 2, 3, 1)),
        "conv3d",
    ),
    "conv_transpose2d": (
        lambda x, w, b: F.conv_transpose2d(x, w, b, 2, 1, 1),
        (x4, numbers(4, 3, 3, 3), numbers(3)),
        "conv_transpose2d",
    ),
    "max_pool2d": (lambda x: F.max_pool2d(x, 3, 2, 1), (x4,), "max_pool2d"),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True), (x4,), "avg_pool2d"),
    "avg_pool2d without padding": (
        lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
        (x4,),
        "avg_pool2d",
    ),
    "adaptive_avg_pool2d": (
        lambda x: F.adaptive_avg_pool2d(x, (4, 3)),
        (x4,),
        "adaptive_avg_pool2d",
    ),
    "adaptive_max_pool2d": (
        lambda x: F.adaptive_max_pool2d(x, (4, 3)),
        (x4,),
        "adaptive_max_pool2d",
    ),
    "nearest": (lambda x: F.interpolate(x, size=(9, 7)), (x4,), "upsample_nearest2d"),
    "bilinear": (
        lambda x: F.interpolate(x, size=(9, 7), mode="bilinear"),
        (x4,),
        "upsample_bilinear2d",
    ),
    "bicubic": (
        lambda x: F.interpolate(x, size=(9, 7), mode="bicubic", align_corners=True),
        (x4,),
        "upsample_bicubic2d",
    ),
    "pad": (lambda x: F.pad(x, (1, 2, -1, 1), value=0.5), (x4,), "pad"),
    "pad reflect": (lambda x: F.pad(x, (2, 1, 1, 2), "reflect"), (x4,), "pad"),
    "pad circular": (lambda x: F.pad(x, (2, 1, 1, 2), "circular"), (x4,), "pad"),
    "linear": (F.linear, (x2, numbers(4, 5), numbers(4)), "linear"),
    "matmul": (torch.matmul, (numbers(2, 1, 3, 4), numbers(3, 4, 2)), "matmul"),
    "einsum": (
        lambda a, b: torch.einsum("bij,bkj->bik", a, b),
        (numbers(2, 3, 4), numbers(2, 5, 4)),
        "einsum",
    ),
    "attention": (
        F.scaled_dot_product_attention,
        (numbers(1, 2, 3, 4), numbers(1, 2, 5, 4), numbers(1, 2, 5, 3)),
        "scaled_dot_product_attention",
    ),
    "attention, causal": (
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
        (numbers(2, 4, 4), numbers(2, 4, 4), numbers(2, 4, 4)),
        "scaled_dot_product_attention",
    ),
    "batch_norm": (
        F.batch_norm,
        (x4, numbers(4), _positive(4), numbers(4), numbers(4)),
        "batch_norm",
    ),
    "layer_norm": (
        lambda x, w, b: F.layer_norm(x, (5,), w, b),
        (x2, numbers(5), numbers(5)),
        "layer_norm",
    ),
    "group_norm": (lambda x: F.group_norm(x, 2), (x4,), "group_norm"),
    "instance_norm": (F.instance_norm, (x4,), "instance_norm"),
    "softmax": (lambda x: F.softmax(x, -1), (x2,), "softmax"),
    "log_softmax": (lambda x: F.log_softmax(x, 1), (x2,), "log_softmax"),
    "relu": (F.relu, (x2,), "relu"),
    "relu6": (F.relu6, (x2 * 4,), "relu6"),
    "gelu": (F.gelu, (x2,), "gelu"),
    "gelu by tanh": (lambda x: F.gelu(x, approximate="tanh"), (x2,), "gelu"),
    "hardswish": (F.hardswish, (x2,), "hardswish"),
    "elu": (F.elu, (x2,), "elu"),
    "softplus": (F.softplus, (x2,), "softplus"),
    "silu": (F.silu, (x2,), "silu"),
    "mish": (F.mish, (x2,), "mish"),
    "prelu": (F.prelu, (x4, numbers(4)), "prelu"),
    "add, broadcast": (torch.add, (x4, numbers(4, 1, 5)), "add"),
    "sub": (torch.sub, (x2, numbers(5)), "sub"),
    "div": (torch.div, (x2, _positive(3, 1)), "div"),
    "floor_divide": (torch.floor_divide, (x2, _positive(3, 1)), "floor_divide"),
    "remainder": (torch.remainder, (x2, _positive(3, 1)), "remainder"),
    "fmod": (torch.fmod, (x2, _positive(3, 1)), "fmod"),
    "half": (torch.Tensor.half, (x2 / 3,), "to"),
    "pow": (torch.pow, (_positive(3, 5), x2), "pow"),
    "sqrt": (torch.sqrt, (_positive(3, 5),), "sqrt"),
    "log": (torch.log, (_positive(3, 5),), "log"),
    "log1p": (torch.log1p, (_positive(3, 5),), "log1p"),
    "expm1": (torch.expm1, (x2,), "expm1"),
    "sin": (torch.sin, (x2,), "sin"),
    "cos": (torch.cos, (x2,), "cos"),
    "tan": (torch.tan, (x2,), "tan"),
    "atan": (torch.atan, (x2,), "atan"),
    "atan2": (torch.atan2, (x2, numbers(5)), "atan2"),
    "erf": (torch.erf, (x2,), "erf"),
    "sign": (torch.sign, (x2.round(),), "sign"),
    "abs": (torch.abs, (x2,), "abs"),
    "floor": (torch.floor, (x2,), "floor"),
    "ceil": (torch.ceil, (x2,), "ceil"),
    "round": (torch.round, (x2 * 4,), "round"),
    "trunc": (torch.trunc, (x2,), "trunc"),
    "minimum": (torch.minimum, (x2, numbers(5)), "minimum"),
    "where": (torch.where, (x2 > 0, x2, numbers(5)), "where"),
    "greater or equal": (torch.ge, (x2, numbers(5)), "ge"),
    "less": (torch.lt, (x2, numbers(5)), "lt"),
    "less or equal": (torch.le, (x2, numbers(5)), "le"),
    "equal": (torch.eq, (x2, x2.round()), "eq"),
    "not equal": (torch.ne, (x2, x2.round()), "ne"),
    "logical_and": (torch.logical_and, (x2 > 0, x2 < 1), "logical_and"),
    "logical_or": (torch.logical_or, (x2 > 0, x2 < -1), "logical_or"),
    "logical_not": (torch.logical_not, (x2 > 0,), "logical_not"),
    "isnan": (torch.isnan, (x2,), "isnan"),
    "sum": (lambda x: x.sum((0, 2)), (x3,), "sum"),
    "mean": (lambda x: x.mean(-1), (x3,), "mean"),
    "amax": (lambda x: x.amax(1), (x3,), "amax"),
    "amin": (lambda x: x.amin(1), (x3,), "amin"),
    "prod": (lambda x: x.prod(-1), (x2,), "prod"),
    "var": (lambda x: x.var(-1), (x2,), "var"),
    "any": (lambda x: (x > 2).any(-1), (x2,), "any"),
    "all": (lambda x: (x > -2).all(-1), (x2,), "all"),
    "cumsum": (lambda x: x.cumsum(-1), (x2,), "cumsum"),
    "cat": (lambda a, b: torch.cat([a, b, a], 1), (x4, numbers(1, 2, 6, 5)), "cat"),
    "stack": (lambda a, b: torch.stack([a, b], 1), (x2, x2 + 1), "stack"),
    "flatten": (lambda x: x.flatten(1), (x4,), "flatten"),
    "view": (lambda x: x.view(1, 2, 2, 6, 5), (x4,), "view"),
    "permute": (lambda x: x.permute(0, 2, 3, 1), (x4,), "permute"),
    "slice": (lambda x: x[:, 1::2], (x4,), "slice"),
    "roll": (lambda x: x.roll((1, -2), (2, 3)), (x4,), "roll"),
    "flip": (lambda x: x.flip(-1), (x4,), "flip"),
    "expand": (lambda x: x.expand(4, 3, 5), (x2,), "expand"),
    "pixel_shuffle": (lambda x: F.pixel_shuffle(x, 2), (x4,), "pixel_shuffle"),
    "embedding": (F.embedding, (torch.tensor([[2, 0], [1, 2]]), numbers(3, 4)), "embedding"),
    "gather": (lambda x, i: x.gather(1, i), (x2, torch.tensor([[4, 0], [1, 1], [3, 2]])), "gather"),
    "index": (lambda x, i: x[:, i], (x2, torch.tensor([3, 0, 0])), "index"),
    "tril": (torch.tril, (numbers(4, 4),), "tril"),
    "arange": (lambda x: torch.arange(3, 12, 2) + x, (numbers(1),), "arange"),
}


def fixtures() -> Iterator[dict[str, Any]]:
    """Every fixture, as lists, tables, texts and numbers."""
    for name, (function, given, kind) in CASES.items():
        trace = record(_Asked(function), given)
        op = next(op for op in trace if op.kind == kind)
        recipe = recipe_of(op)
        if recipe is None:
            raise SystemExit(f"{name}: {kind} has no recipe")
        yield {
            "name": name,
            "kind": kind,
            "recipe": to_plain(recipe),
            "operands": [_operand(value) for value in op.inputs],
            "values": [_value(e) for e in explain_all(trace, op, _positions(op))],
        }


class _Asked(nn.Module):
    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *given: Any) -> Any:
        return self.function(*given)


def _positions(op: Op) -> list[tuple[int, ...]]:
    """The first and the last position of the output, and some between."""
    size = math.prod(op.shape)
    chosen = sorted({round(k * (size - 1) / (_POSITIONS - 1)) for k in range(_POSITIONS)})
    return [tuple(int(n) for n in np.unravel_index(k, op.shape)) for k in chosen]


def _operand(value: Value) -> dict[str, Any]:
    flat = value.array().reshape(-1).tolist()
    return {"dtype": value.dtype, "shape": list(value.shape), "numbers": flat}


def _value(found: Explanation) -> dict[str, Any]:
    terms = found.terms
    return {
        "index": list(found.index),
        "recorded": found.recorded,
        "total": found.total,
        "scale": found.scale,
        "quantities": dict(found.quantities),
        "forms": {name: total for name, _, total in found.forms},
        "terms": {
            "results": terms.results.tolist(),
            "numbers": [part.tolist() for part in terms.numbers],
            "places": [part.tolist() for part in terms.places],
            "padding": [np.flatnonzero(part).tolist() for part in terms.padding],
        },
    }


def written() -> str:
    """The file's text: one line for each fixture."""
    lines = [json.dumps(one, separators=(",", ":"), allow_nan=False) for one in fixtures()]
    return '{"version":1,"fixtures":[\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
    print(f"{len(CASES)} fixtures, {PATH.stat().st_size / 1e3:.0f} kB: {PATH.name}")
