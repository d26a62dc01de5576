"""Walks and explanations that the tests of pictures share."""

from __future__ import annotations

import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Trace

TUTORIAL = ((20, 45, 80, 90), (140, 85, 40, 50), (235, 215, 150, 45), (230, 240, 250, 200))


def walk(module: nn.Module, *shape: int, seed: int = 0) -> Trace:
    """A walk of random numbers of that shape."""
    torch.manual_seed(seed)
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    return lw.trace(module.eval(), torch.randn(shape))


def tutorial(module: nn.Module) -> Trace:
    """A walk of the tutorial's worked example, 4 x 4 whole numbers."""
    return lw.trace(module, torch.tensor(TUTORIAL, dtype=torch.float32)[None, None])
