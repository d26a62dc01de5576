from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL.Image import Image
from torch import nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.record import Failure, Trace
from layerwalk.render.weights import titled
from layerwalk.surfaces.album import (
    choose_layers,
    first_filters,
    layer_pictures,
    overview_ops,
    walk_pictures,
)
from store.traces import Builder


def names(trace: Trace) -> list[str]:
    return [picture.name for picture in walk_pictures(trace)]


def test_the_pictures_of_a_walk(lite0: Trace) -> None:
    assert names(lite0) == ["walk.png", "scores.png", "channels.png", "filters.png"]
    assert [picture.name for picture in walk_pictures(lite0, ending="svg")] == [
        "walk.png",
        "scores.svg",
        "channels.svg",
        "filters.svg",
    ]


def test_what_a_walk_does_not_have_is_left_out(edges: Trace) -> None:
    assert names(edges) == ["walk.png", "filters.png"]
    broken = replace(edges, outputs=(), output_paths=(), failure=Failure("pool", "no"))
    assert names(broken) == ["walk.png", "filters.png"]
    assert names(lw.trace(lw.load_model("mlp"), np.eye(28))) == ["walk.png", "scores.png"]


@pytest.mark.parametrize("name", ["mlp", "lenet5", "tiny_vgg", "edges", "efficientnet_lite0"])
def test_random_weights_of_every_built_in_network_are_known(name: str) -> None:
    trace = lw.trace(lw.load_model(name, weights=None), "sample:digits/3")
    assert titled("x", trace) == "x, untrained (random weights)"


def test_given_weights_are_not_called_random(lite0: Trace, edges: Trace) -> None:
    assert titled("x", lite0) == titled("x", edges) == "x"


def test_pictures_of_an_untrained_network_say_so() -> None:
    trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    for picture in [*walk_pictures(trace), *layer_pictures(trace, trace.ops[-1:])][1:]:
        figure = picture.draw()
        assert isinstance(figure, Figure)
        assert figure.texts[0].get_text().endswith("untrained (random weights)"), picture


def test_scores_that_are_no_numbers_are_drawn() -> None:
    head = nn.Linear(4, 3)
    with torch.no_grad():
        head.weight.fill_(torch.nan)
    trace = lw.trace(nn.Sequential(nn.Flatten(), head), torch.ones(1, 1, 2, 2))
    for picture in walk_pictures(trace):
        assert picture.draw() is not None
    assert "scores.png" in names(trace)


def test_the_overview_of_a_long_walk_shows_each_block(lite0: Trace) -> None:
    shown = [op.name for op in overview_ops(lite0)]
    assert shown[:3] == ["features.0.act", "features.1.project.norm", "features.2.project.norm"]
    assert shown[-3:] == ["features.17.act", "pool", "classifier"]
    assert len(shown) == 20


def test_the_overview_of_a_short_walk_shows_every_op(edges: Trace) -> None:
    assert overview_ops(edges) == list(edges.ops)


class Flat(nn.Module):
    """Ops that belong to no module of their own."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(self.count):
            x = x + 1
        return x


class Deep(nn.Module):
    """Two blocks, too few to tell a walk, of many parts."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(*(nn.ReLU() for _ in range(200)))
        self.head = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.head(self.body(x))
        return result


@pytest.mark.parametrize("network", [Flat(300), Deep()], ids=["flat", "deep"])
def test_the_overview_of_a_walk_without_blocks_is_thinned(network: nn.Module) -> None:
    trace = lw.trace(network, torch.zeros(1, 2, 3, 3))
    shown = overview_ops(trace)
    assert 12 <= len(shown) <= 49
    assert shown[-1] is trace.ops[-1]
    assert [op.index for op in shown] == sorted({op.index for op in shown})


def test_a_walk_without_ops_has_no_overview() -> None:
    build = Builder()
    given = build.value("input", "input", np.zeros(2))
    with pytest.raises(NotFoundError, match="no op to draw"):
        overview_ops(build.trace((given,), ()))


def test_the_layers_of_each_choice(lite0: Trace) -> None:
    main = choose_layers(lite0, "main")
    assert {op.kind for op in main} == {"conv2d", "relu6", "add"}
    assert len(main) == 91
    every = choose_layers(lite0, "all")
    assert {op.kind for op in every} == {"conv2d", "relu6", "add", "batch_norm", "pad"}
    assert choose_layers(lite0, "none") == []


def test_a_sheet_holds_every_channel(lite0: Trace) -> None:
    op = lite0["features.17.act"]
    (sheet,) = layer_pictures(lite0, [op])
    assert sheet.name == "layers/144-features.17.act.png"
    drawn = sheet.draw()
    assert isinstance(drawn, Image)
    # 1,280 maps of 7 x 7 whole pixels each cannot lie on less.
    assert drawn.width * drawn.height > 1280 * 7 * 7


def test_a_row_of_numbers_is_a_figure(lite0: Trace) -> None:
    (figure,) = layer_pictures(lite0, [lite0["classifier"]])
    assert not isinstance(figure.draw(), Image)


def test_a_vector_format_gives_figures(lite0: Trace) -> None:
    (figure,) = layer_pictures(lite0, [lite0["features.0.act"]], ending="pdf")
    assert figure.name == "layers/003-features.0.act.pdf"
    assert not isinstance(figure.draw(), Image)


class Nasty(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleDict({"a/b:c*?": nn.ReLU()})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for part in self.parts.values():
            x = part(part(x))
        return x


def test_a_file_name_holds_nothing_that_a_file_system_minds() -> None:
    trace = lw.trace(Nasty(), torch.zeros(1, 2, 3, 3))
    first, second = layer_pictures(trace, trace.ops)
    assert first.name == "layers/000-parts.a-b-c--.png"
    assert second.name == "layers/001-parts.a-b-c---2.png"


def test_the_first_filters(lite0: Trace, edges: Trace) -> None:
    found = first_filters(lite0)
    assert found is not None
    assert found.name == "features.0.conv"
    assert first_filters(lw.trace(nn.ReLU(), torch.zeros(1, 1, 2, 2))) is None
    assert first_filters(edges) is edges.ops[0]


def test_of_very_many_layers_those_of_the_overview_get_a_sheet() -> None:
    trace = lw.trace(Flat(300), torch.zeros(1, 2, 3, 3))
    assert choose_layers(trace, "main") == overview_ops(trace)
    assert len(choose_layers(trace, "all")) == 300


def test_the_whole_walk_is_drawn_on_request() -> None:
    net = torch.nn.Sequential(*[torch.nn.Conv2d(3, 3, 1) for _ in range(60)])
    trace = lw.trace(net, torch.randn(1, 3, 6, 6))
    names = [picture.name for picture in walk_pictures(trace)]
    assert "walk-all.png" not in names
    (whole,) = [p for p in walk_pictures(trace, whole=True) if p.name == "walk-all.png"]
    assert whole.title == "the whole walk, 60 ops"
    image, short = whole.draw(), walk_pictures(trace)[0].draw()
    assert image.height > 1.5 * short.height  # type: ignore[union-attr]
