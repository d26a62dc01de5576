"""A network that stands still where a test wants it to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from torch import Tensor, nn

from layerwalk.data import load_image
from layerwalk.models import Model, load_model
from layerwalk.surfaces.library import Network, Order, Picture

__all__ = ["Gate", "order", "tiny"]


class Gate(nn.Module):
    """Three convolutions, with a door before the last; it knows how many came to the door."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.last = (nn.Conv2d(3, 3, 1) for _ in range(3))
        self.door = threading.Event()
        self.came = threading.Semaphore(0)

    def forward(self, x: Tensor) -> Tensor:
        x = self.second(self.first(x))
        self.came.release()
        assert self.door.wait(60)
        passed: Tensor = self.last(x)
        return passed

    def network(self) -> Network:
        return Network("gate", lambda: tiny(self), f"gate {id(self)}")


def tiny(module: nn.Module) -> Model:
    """The module as a network of 8 x 8 pictures in colour."""
    model = load_model(module.eval(), input_size=8, channels=3)
    return replace(model, name="gate" if isinstance(module, Gate) else type(module).__name__)


def order(module: nn.Module | Callable[[], Model], picture: str = "sample:cat") -> Order:
    """A walk through a network of the test's own."""
    name = type(module).__name__
    if isinstance(module, Gate):
        network = module.network()
    elif isinstance(module, nn.Module):
        network = Network(name, lambda: tiny(module), f"{name} {id(module)}")
    else:
        network = Network(name, module, name)
    return Order(network, Picture.named(picture), load_image(picture))
