"""What explaining costs: one value, a thousand, a whole trace, a receptive field.

    python benchmarks/recipes.py

CPU time, one thread, ResNet-50 with random weights at 224 px. The peer of the receptive field is
the one way to have it without recipes: the support of the gradient, by autograd.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from torchvision_schemas import torchvision_operators

# Lets torchvision import beside PyTorch's CPU build.
OPERATORS = torchvision_operators()
CONVOLUTION = "layer4.2.conv2"  # 512 channels of 3x3: 4,608 terms


def timed(name: str, run: Callable[[], Any], rounds: int = 5) -> Any:
    """Print the median CPU time of some rounds; returns the last result."""
    took, result = [], None
    for _ in range(rounds):
        start = time.process_time()
        result = run()
        took.append(time.process_time() - start)
    print(f"{name:58} {sorted(took)[rounds // 2] * 1e3:10.2f} ms")
    return result


def by_gradient(
    net: nn.Module, x: torch.Tensor, name: str, index: tuple[int, ...]
) -> tuple[int, int]:
    """Height and width of the gradient's support, with weights made positive."""
    kept: list[torch.Tensor] = []
    module = net.get_submodule(name)
    handle = module.register_forward_hook(lambda _module, _given, made: kept.append(made))
    given = x.clone().requires_grad_()
    net(given)
    handle.remove()
    (gradient,) = torch.autograd.grad(kept[0][index], given)
    rows, columns = np.nonzero(gradient[0].abs().sum(0).numpy())
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def main() -> None:
    """Print every time."""
    import layerwalk as lw
    from layerwalk.recipes.explain import explain_all
    from layerwalk.recipes.receptive_field import receptive_field
    from layerwalk.recipes.receptive_fields import receptive_fields

    torch.set_num_threads(1)
    net = lw.load_model("resnet50", weights="none").module
    x = torch.rand(1, 3, 224, 224)
    trace = lw.trace(net, x)
    op = trace[CONVOLUTION]
    random = np.random.default_rng(0)
    places = [tuple(int(random.integers(0, n)) for n in op.shape) for _ in range(1000)]
    terms = len(lw.explain(trace, op, places[0]).terms)
    timed(f"one explanation of {terms:,} terms", lambda: lw.explain(trace, op, places[0]))
    timed(
        f"1,000 explanations of {terms:,} terms (goal: 1,000 ms)",
        lambda: explain_all(trace, op, places),
    )
    report = timed("trace.verify(samples=10,000)", lambda: trace.verify(10_000), 3)
    print(f"  {report}; worst residue {report.worst_relative:.2g} of the absolute terms")

    positive = lw.load_model("resnet50", weights="none").module
    with torch.no_grad():
        for parameter in positive.parameters():
            parameter.abs_()
    positive.maxpool = nn.AvgPool2d(3, 2, 1)
    index = (0, 0, 3, 3)
    box = timed("receptive field, by recipes", lambda: receptive_field(trace, CONVOLUTION, index))
    support = timed(
        "receptive field, by gradient", lambda: by_gradient(positive, x, CONVOLUTION, index), 3
    )
    print(f"  by recipes {box}\n  by gradient {support[0]} x {support[1]}")
    timed("receptive fields of all ops", lambda: receptive_fields(trace), 3)


if __name__ == "__main__":
    main()
