from __future__ import annotations

import pytest
import torch

import walk_graphs
from layerwalk.capture import record


@pytest.mark.parametrize("name", ["edges", "unet", "efficientnet_lite0"])
def test_the_graphs_are_what_the_networks_run(name: str) -> None:
    make, shape = walk_graphs.NETWORKS[name]
    module = make().eval()
    trace = record(module, (torch.zeros(shape),))
    written = (walk_graphs.FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
    assert "\n".join(walk_graphs.lines(trace, name, module)) + "\n" == written


def test_every_network_has_its_graph() -> None:
    assert {path.stem for path in walk_graphs.FOLDER.glob("*.tsv")} == set(walk_graphs.NETWORKS)
