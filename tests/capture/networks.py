"""Small networks for the tests, from one function each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from layerwalk.record import Trace

__all__ = ["Net", "kinds", "names", "photo"]


class Net(nn.Module):
    """A network from one function of ``(self, x, ...)`` and named parts."""

    def __init__(self, body: Callable[..., Any], **parts: nn.Module) -> None:
        super().__init__()
        self.body = body
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.body(self, *args, **kwargs)


def photo(*shape: int) -> Tensor:
    return torch.randn(*(shape or (1, 3, 12, 12)), generator=torch.Generator().manual_seed(1))


def kinds(trace: Trace) -> list[str]:
    return [op.kind for op in trace]


def names(trace: Trace) -> list[str]:
    return [op.name for op in trace]
