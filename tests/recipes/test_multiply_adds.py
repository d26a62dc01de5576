from __future__ import annotations

import itertools

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import layerwalk as lw
from layerwalk.recipes.multiply_adds import Workload, multiply_adds


def work_of(module: nn.Module, *shape: int) -> Workload:
    return multiply_adds(lw.trace(module.eval(), torch.zeros(shape)))


def test_lenet_has_as_many_as_its_paper_says() -> None:
    work = multiply_adds(lw.trace(lw.load_model("lenet5"), "sample:digits/0"))
    # LeCun et al. count 122,304 connections of C1, one of each neuron to its bias among them.
    assert work["c1"] == 122_304 - 6 * 28 * 28
    assert work["c3"] == 16 * 10 * 10 * 6 * 25
    assert (work["c5"], work["f6"], work["output"]) == (400 * 120, 120 * 84, 84 * 10)
    assert sum(row.parameters for row in work.rows) == 61_706
    assert not work.unknown


def test_a_dense_network_has_one_for_each_weight() -> None:
    work = multiply_adds(lw.trace(lw.load_model("mlp"), "sample:digits/0"))
    assert work.total == 784 * 512 + 512 * 512 + 512 * 10
    assert sum(row.parameters for row in work.rows) == 669_706


@pytest.mark.parametrize(
    "name", ["resnet18", "mobilenet_v2", "shufflenet_v2_x0_5", "efficientnet_b0", "vit_b_32"]
)
def test_torchvision_publishes_the_same(name: str) -> None:
    models = pytest.importorskip("torchvision.models")
    published = next(iter(models.get_model_weights(name))).meta["_ops"]  # in thousand millions
    module = models.get_model(name).eval()
    with torch.no_grad():
        work = work_of(module, 1, 3, 224, 224)
    assert round(work.total / 1e9, 3) == published
    assert not work.unknown


def test_a_batch_is_the_work_of_all_its_pictures() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3, groups=1), nn.Flatten(), nn.Linear(144, 5))
    assert work_of(net, 2, 3, 8, 8).total == 2 * work_of(net, 1, 3, 8, 8).total


def test_groups_divide_the_work() -> None:
    assert work_of(nn.Conv2d(6, 6, 3, groups=6), 1, 6, 8, 8).total == 6 * 36 * 9
    assert work_of(nn.Conv2d(6, 12, 3, groups=3), 1, 6, 8, 8).total == 12 * 36 * 2 * 9


@pytest.mark.parametrize(
    ("stride", "padding", "dilation"), [*itertools.product((1, 2, 3), (0, 1), (1, 2))]
)
def test_a_transposed_convolution_has_the_products_that_there_are(
    stride: int, padding: int, dilation: int
) -> None:
    layer = nn.ConvTranspose2d(
        2, 3, (3, 2), stride=stride, padding=(padding, 0), dilation=dilation, bias=False
    )
    found = work_of(layer, 1, 2, 4, 5).total
    # With ones everywhere each output is the number of its products.
    ones = F.conv_transpose2d(
        torch.ones(1, 2, 4, 5), torch.ones(2, 3, 3, 2), None, stride, (padding, 0), 0, 1, dilation
    )
    assert found == int(ones.sum())


def test_scores_of_attention_count_once() -> None:
    class Attention(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return F.scaled_dot_product_attention(x, x, x)

    assert work_of(Attention(), 1, 2, 7, 4).total == 2 * (2 * 7 * 7 * 4)


def test_what_is_not_added_up_has_none() -> None:
    net = nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.AvgPool2d(2), nn.LayerNorm([3, 4, 4]),
                        nn.Upsample(scale_factor=2, mode="bilinear"), nn.Softmax(1))  # fmt: skip
    assert work_of(net, 1, 3, 8, 8).total == 0


def test_an_op_without_a_recipe_is_named() -> None:
    work = work_of(nn.Sequential(nn.LSTM(4, 3)), 5, 1, 4)
    assert [row.op.kind for row in work.unknown] == ["lstm"]
    assert work.unknown[0].missing
    assert work["0"] is None
