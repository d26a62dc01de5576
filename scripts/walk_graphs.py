"""Write the graphs of real networks that the explorer's walk is tested on.

    python scripts/walk_graphs.py

One file a network in web/tests/lib/walk/graphs: structure alone, no numbers. After a line with
the network's name and its class comes a line an op, with tabs between its name, kind, module,
which call of that module it was, which ops it read (``-`` for the network's input; weights are
left out), the shape of its first output and how many learned numbers it was the first to read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

import layerwalk as lw
from layerwalk.capture import record
from layerwalk.record import Op, Trace

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "web" / "tests" / "lib" / "walk" / "graphs"


class UNet(nn.Module):
    """Four stages down, three up, each given what its opposite made."""

    def __init__(self) -> None:
        super().__init__()
        widths = (8, 16, 32, 64)
        ins = (3, *widths)
        self.down = nn.ModuleList(_twice(a, b) for a, b in zip(ins, widths, strict=False))
        self.pool = nn.MaxPool2d(2)
        self.grow = nn.ModuleList(
            nn.ConvTranspose2d(2 * width, width, 2, 2) for width in widths[-2::-1]
        )
        self.up = nn.ModuleList(_twice(2 * width, width) for width in widths[-2::-1])
        self.head = nn.Conv2d(widths[0], 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Two maps, of the size of what was given."""
        kept: list[torch.Tensor] = []
        for stage in self.down[:-1]:
            kept.append(stage(x))
            x = self.pool(kept[-1])
        x = self.down[-1](x)
        for grow, stage in zip(self.grow, self.up, strict=True):
            x = stage(torch.cat((kept.pop(), grow(x)), 1))
        made: torch.Tensor = self.head(x)
        return made


def _twice(width: int, wider: int) -> nn.Sequential:
    """A convolution and a ReLU, and both again."""
    return nn.Sequential(
        nn.Conv2d(width, wider, 3, 1, 1),
        nn.ReLU(),
        nn.Conv2d(wider, wider, 3, 1, 1),
        nn.ReLU(),
    )


def _torchvision(name: str, **options: Any) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        import torchvision  # noqa: PLC0415 - after its operators are declared

        made: nn.Module = getattr(torchvision.models, name)(weights=None, **options)
        return made

    return make


def _timm(name: str) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        import timm  # noqa: PLC0415 - it imports torchvision

        return timm.create_model(name)

    return make


def _builtin(name: str) -> Callable[[], nn.Module]:
    return lambda: lw.load_model(name).module


# By name: what makes it, and the shape of what it is given.
NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "edges": (_builtin("edges"), (1, 1, 64, 64)),
    "unet": (UNet, (1, 3, 64, 64)),
    "vgg16": (_torchvision("vgg16"), (1, 3, 224, 224)),
    "resnet50": (_torchvision("resnet50"), (1, 3, 224, 224)),
    "efficientnet_lite0": (_builtin("efficientnet_lite0"), (1, 3, 224, 224)),
    "googlenet": (_torchvision("googlenet", init_weights=False), (1, 3, 224, 224)),
    "densenet121": (_torchvision("densenet121"), (1, 3, 224, 224)),
    "hrnet_w18_small": (_timm("hrnet_w18_small"), (1, 3, 224, 224)),
}


def lines(trace: Trace, name: str, module: nn.Module) -> Iterator[str]:
    """The file of a network, line by line."""
    yield f"{name}\t{type(module).__name__}"
    read: set[int] = set()
    for op in trace.ops:
        learned = {value.id: value.size for value in op.parameters if value.id not in read}
        read.update(learned)
        words = (op.name, op.kind, op.module, op.module_call, ",".join(_sources(op)))
        yield "\t".join(map(str, (*words, ",".join(map(str, op.shape)), sum(learned.values()))))


def _sources(op: Op) -> list[str]:
    return [
        "-" if value.op is None else str(value.op.index)
        for value in op.inputs
        if value.op is not None or value.role == "input"
    ]


def main() -> None:
    """Write all of them."""
    # Loaded by its path's folder, as pytest does.
    sys.path.insert(0, str(ROOT / "tests"))
    from torchvision_schemas import torchvision_operators  # noqa: PLC0415 - not on the path before

    kept = torchvision_operators()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (make, shape) in NETWORKS.items():
        torch.manual_seed(0)
        module = make().eval()
        trace = record(module, (torch.zeros(shape),))
        text = "\n".join(lines(trace, name, module)) + "\n"
        (FOLDER / f"{name}.tsv").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {len(trace.ops)} ops\n")
    del kept


if __name__ == "__main__":
    main()
