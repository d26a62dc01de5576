"""DeepLIFT over recorded ops: differences from a reference, carried back through every op."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import nn

from layerwalk.attribution.gradients import ends_gradients, without_gradient
from layerwalk.attribution.score import Score
from layerwalk.record import EDITED, Op

__all__ = ["deeplift"]

Tensors: TypeAlias = tuple[torch.Tensor, ...]

# Each number of the output is made of one of the input.
_POINTWISE = {
    "abs", "celu", "clamp", "clamp_max", "clamp_min", "cos", "elu", "erf", "exp", "expm1", "gelu",
    "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "log", "log1p",
    "log_sigmoid", "mish", "pow", "prelu", "reciprocal", "relu", "relu6", "rsqrt", "selu",
    "sigmoid", "silu", "sin", "softplus", "softshrink", "softsign", "sqrt", "square", "tanh",
    "threshold",
}  # fmt: skip
# The gradient of these is the same everywhere, so it is the slope between any two points.
_MOVES = {
    EDITED, "add", "cat", "chunk", "clone", "contiguous", "copy", "detach", "expand", "flatten",
    "flip", "mean", "narrow", "neg", "pad", "permute", "reshape", "reread", "roll", "select",
    "slice", "split", "split_with_sizes", "squeeze", "stack", "sub", "sum", "t", "to", "transpose",
    "unbind", "unflatten", "unsqueeze", "view",
}  # fmt: skip
_LINEAR = {
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "addmm", "avg_pool1d",
    "avg_pool2d", "avg_pool3d", "bmm", "div", "linear", "matmul", "mm", "mul",
    "upsample_bilinear2d", "upsample_nearest2d",
}  # fmt: skip
_POOLS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
_NODES, _SHARES = np.polynomial.legendre.leggauss(24)


def deeplift(score: Score, picture: torch.Tensor, baseline: torch.Tensor) -> torch.Tensor:
    """What each number of the picture adds to the score, beyond what the baseline gives.

    Every op passes back not its gradient but its slope between the baseline's numbers and the
    picture's: for a function of one number the Rescale rule; for max-pooling the rule of the
    larger of the two maxima. For ops for which the paper has no rule (products of maps,
    softmax, normalisation by the maps' own statistics) the slope is the gradient averaged
    along the straight line between the two, of which the Rescale rule is the case of one
    number. So the sum is the difference of the two scores, but for rounding and, with the
    latter ops, for the average's being taken at 24 points.

    Parameters
    ----------
    score
        The score.
    picture, baseline
        Of shape (1, C, ...).

    Notes
    -----
    Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating
    activation differences". The averaged gradient is Aumann and Shapley's, op by op.
    """
    before: dict[int, tuple[Tensors, Tensors]] = {}

    def remember(place: int, step: nn.Module, given: Tensors) -> Any:
        made = step(*given)
        before[place] = given, made if isinstance(made, tuple) else (made,)
        return made

    def run(place: int, step: nn.Module, given: Tensors) -> Any:
        op = score.network.steps[place][0]
        rule = _rule(op, step, given)
        if rule is None:
            return step(*given)
        at, there = before[place]
        return _Slope.apply(  # type: ignore[no-untyped-call]
            _Step(op, step, rule, at, there), *given
        )

    with torch.no_grad():
        score.alone(baseline, remember)
    leaf = picture.clone().requires_grad_()
    with torch.enable_grad():
        result = score.alone(leaf, run)
        (slopes,) = torch.autograd.grad(result, leaf)
    return (picture.double() - baseline.double()) * slopes.double()


_Rule: TypeAlias = "Callable[[_Step, Tensors, Tensors, Sequence[torch.Tensor | None]], Tensors]"


@dataclass(frozen=True)
class _Step:
    """An op, how it passes differences back, and what it read and made of the baseline."""

    op: Op
    module: nn.Module
    rule: _Rule
    read: Tensors
    made: Tensors

    def gradients(self, given: Tensors, upward: Sequence[torch.Tensor | None]) -> Tensors:
        """The op's own gradients at some inputs."""
        with torch.enable_grad():
            leaves = tuple(_leaf(tensor) for tensor in given)
            made = self.module(*leaves)
            outputs = made if isinstance(made, tuple) else (made,)
            pairs = [
                (output, grad)
                for output, grad in zip(outputs, upward, strict=True)
                if grad is not None and output.requires_grad
            ]
            wanted = [leaf for leaf in leaves if leaf.requires_grad]
            if ends_gradients(self.op, leaves, outputs):
                raise without_gradient(self.op)
            if not pairs:
                return tuple(torch.zeros_like(leaf) for leaf in leaves)
            found: Sequence[torch.Tensor | None] = torch.autograd.grad(
                [output for output, _ in pairs],
                wanted,
                [grad for _, grad in pairs],
                allow_unused=True,
            )
        known = iter(found)
        every = [next(known) if leaf.requires_grad else None for leaf in leaves]
        return tuple(
            torch.zeros_like(leaf) if grad is None else grad
            for leaf, grad in zip(leaves, every, strict=True)
        )


def _leaf(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().requires_grad_(tensor.is_floating_point())


class _Slope(torch.autograd.Function):
    """An op that passes back slopes in place of gradients."""

    @staticmethod
    def forward(ctx: Any, step: _Step, *given: torch.Tensor) -> Any:
        made = step.module(*given)
        ctx.step, ctx.given = step, given
        outputs = made if isinstance(made, tuple) else (made,)
        # A view of an input must not leave as if it were the input's own.
        outputs = tuple(output.clone() for output in outputs)
        ctx.made = tuple(output.detach() for output in outputs)
        ctx.mark_non_differentiable(*[each for each in outputs if not each.is_floating_point()])
        return outputs if isinstance(made, tuple) else outputs[0]

    @staticmethod
    def backward(ctx: Any, *upward: torch.Tensor | None) -> Any:
        found = ctx.step.rule(ctx.step, ctx.given, ctx.made, upward)
        floats = (tensor.is_floating_point() for tensor in ctx.given)
        return None, *(grad if real else None for grad, real in zip(found, floats, strict=True))


def _rule(op: Op, step: nn.Module, given: Tensors) -> _Rule | None:
    """How an op passes differences back; ``None`` where its gradient does it."""
    floats = [tensor for tensor in given if tensor.is_floating_point()]
    if op.kind in _MOVES or not floats or not op.made:
        return None
    alone = len(given) == 1
    if alone and op.kind in _POINTWISE and op.shape == tuple(given[0].shape):
        return _rescaled
    if isinstance(step, _POOLS) or (alone and "max_pool" in op.kind):
        return _pooled
    if alone and _linear(op, given[0]):
        return None
    return _averaged


def _linear(op: Op, given: torch.Tensor) -> bool:
    if op.kind.startswith("conv") or op.kind in _LINEAR:
        # With one varying input a product is linear in it, unless it stands there twice, or
        # is what something is divided by.
        reads = [value for value in op.inputs if value.shape == tuple(given.shape)]
        twice = len({value.id for value in op.inputs}) < len(op.inputs)
        return not twice and (op.kind != "div" or op.inputs[0] in reads)
    if op.kind == "batch_norm":
        return not op.settings.get("training", False)
    return op.kind == "dropout"


def _rescaled(
    step: _Step, given: Tensors, made: Tensors, upward: Sequence[torch.Tensor | None]
) -> Tensors:
    """The Rescale rule: difference of the outputs by difference of the inputs."""
    (grad,) = upward
    if grad is None:
        return (torch.zeros_like(given[0]),)
    # In half precision what is left of two close numbers may vanish, and so may a product.
    x, x0, y, y0 = (each[0].double() for each in (given, step.read, made, step.made))
    apart = x - x0
    # Of numbers that differ by no more than they were rounded by, the quotient says nothing.
    largest = torch.stack([x, x0, y, y0]).abs().amax(0)
    still = apart.abs() <= torch.finfo(given[0].dtype).eps * largest
    slope = (y - y0) / torch.where(still, 1, apart)
    own = step.gradients(given, upward)[0].double()
    return (torch.where(still, own, grad.double() * slope).to(given[0].dtype),)


def _pooled(
    step: _Step, given: Tensors, made: Tensors, upward: Sequence[torch.Tensor | None]
) -> Tensors:
    """The larger of the two maxima is charged to where each of them lies.

    Where several places hold a maximum, that is meant which holds the other, too: behind a
    baseline of one colour a whole window is such a tie.
    """
    if upward[0] is None:
        return (torch.zeros_like(given[0]),)
    x, x0, y, y0 = (each[0].double() for each in (given, step.read, made, step.made))
    grad, rest = upward[0].double(), [None] * (len(made) - 1)

    def charged(where: torch.Tensor, what: torch.Tensor) -> torch.Tensor:
        return step.gradients((where,), [what, *rest])[0]

    sums = step.module(x + x0)
    # No sum is larger than that of the maxima, and only a place that holds both has it.
    both = (sums[0] if isinstance(sums, tuple) else sums) == y + y0
    larger = torch.maximum(y, y0)
    share = charged(x + x0, torch.where(both, grad * (y - y0), 0))
    share = share + charged(x, torch.where(both, 0, grad * (larger - y0)))
    share = share + charged(x0, torch.where(both, 0, grad * (y - larger)))
    apart = x - x0
    still = apart == 0
    slope = share / torch.where(still, 1, apart)
    return (torch.where(still, charged(x, grad), slope).to(given[0].dtype),)


def _averaged(
    step: _Step, given: Tensors, made: Tensors, upward: Sequence[torch.Tensor | None]
) -> Tensors:
    """The gradient averaged along the straight line from the baseline's numbers."""
    del made
    total = [torch.zeros_like(tensor, dtype=torch.float64) for tensor in given]
    for node, share in zip(_NODES, _SHARES, strict=True):
        there = tuple(
            x0 + (x - x0) * (node + 1) / 2 if x.is_floating_point() else x
            for x, x0 in zip(given, step.read, strict=True)
        )
        for place, found in enumerate(step.gradients(there, upward)):
            total[place] = total[place] + found.double() * (share / 2)
    return tuple(sums.to(tensor.dtype) for sums, tensor in zip(total, given, strict=True))
