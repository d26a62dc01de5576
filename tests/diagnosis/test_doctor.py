from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import layerwalk as lw
from diagnosis.networks import healthy, ill, images, only
from layerwalk.diagnosis.finding import confidence
from layerwalk.diagnosis.preprocessing import expected_range
from layerwalk.errors import LayerwalkError

SERIOUS = ("sample:dog", "sample:cat", "sample:red_panda")


def test_a_healthy_network_is_healthy() -> None:
    found = lw.doctor(healthy(), images(6))
    assert found.findings == ()
    assert found
    assert str(found) == "Sequential, 6 images seen: nothing found"
    assert found.images == tuple(f"image {k}" for k in range(1, 7))


@pytest.mark.parametrize(
    ("name", "photos"),
    [
        ("efficientnet_lite0", SERIOUS),
        ("tiny_vgg", SERIOUS),
        ("edges", SERIOUS),
        ("lenet5", tuple(f"sample:digits/{k}" for k in range(10))),
        ("mlp", tuple(f"sample:digits/{k}" for k in range(10))),
    ],
)
def test_the_built_in_networks_raise_no_alarm(name: str, photos: tuple[str, ...]) -> None:
    found = lw.doctor(lw.load_model(name), photos)
    assert found.serious == ()
    assert found.images == photos


def test_the_op_that_made_the_first_nan() -> None:
    class Root(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.last = nn.Conv2d(3, 4, 1), nn.Conv2d(4, 2, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.last(torch.sqrt(self.conv(x)))
            return found

    torch.manual_seed(0)
    found = lw.doctor(Root(), images(2))
    one = next(one for one in found if one.disease == "NaN")
    assert (one.op, one.serious, one.confidence) == ("sqrt", True, 1.0)
    assert one.sentence.startswith("sqrt (sqrt) is the first to make NaN: ")
    assert one.images == found.images


def test_a_weight_that_is_nan_is_named() -> None:
    def break_it(net: nn.Module) -> None:
        net[2].weight[1, 2, 0, 0] = math.nan  # type: ignore[index]

    found = lw.doctor(ill(healthy(), break_it), images(2))
    assert found.serious[0].sentence.startswith("2 (conv2d) is the first to meet NaN, in 2.weight")
    assert found.serious[0].disease == "NaN"


def test_an_image_that_is_nan_is_named() -> None:
    x = images(3)
    x[1, 0, 0, 0] = math.nan
    found = lw.doctor(healthy(), x)
    one = next(one for one in found if one.disease == "NaN")
    assert one.sentence.startswith("0 (conv2d) is the first to meet NaN, in input")
    assert one.images == ("image 2",)


def test_an_infinity_that_does_not_reach_the_output_is_not_serious() -> None:
    class Masked(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            scores = x.flatten(1)[:, :40].masked_fill(torch.arange(40) > 30, -math.inf)
            return torch.softmax(scores, dim=1)

    one = only(lw.doctor(Masked(), images(2)))
    assert (one.disease, one.op, one.serious) == ("infinity", "masked_fill", False)
    assert one.sentence.endswith("; it does not reach the output")


@pytest.mark.parametrize(
    ("factor", "disease"), [(20.0, "exploding range"), (0.02, "vanishing range")]
)
def test_ranges_along_the_depth(factor: float, disease: str) -> None:
    def scale(net: nn.Module) -> None:
        for layer in net.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                layer.weight.mul_(factor)
                assert layer.bias is not None
                layer.bias.fill_(0)

    found = lw.doctor(ill(healthy(6), scale), images(3))
    (one,) = [one for one in found if one.disease == disease]
    assert one.serious
    assert one.confidence == 0.875
    numbers = dict(one.numbers)
    assert numbers["layers"] == 7
    assert 0.3 * factor < numbers["factor a layer"] < 3 * factor


def trained_stem() -> nn.Sequential:
    """A network whose first batch norm remembers pictures that are red more than blue."""
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.LeakyReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4),
    )  # fmt: skip
    norm = network[1]
    assert isinstance(norm, nn.BatchNorm2d)
    norm.momentum = None  # the mean over all batches
    with torch.no_grad():
        for seed in range(8):
            network(coloured(8, seed))
    return network.eval()


def coloured(count: int, seed: int) -> torch.Tensor:
    noise = images(count, seed=seed)
    return noise * torch.tensor([1.0, 0.6, 0.25])[:, None, None] + torch.tensor(
        [0.8, 0.1, -0.6]
    )[:, None, None]  # fmt: skip


def test_a_trained_stem_takes_what_it_knows() -> None:
    assert lw.doctor(trained_stem(), coloured(5, 100)).findings == ()


def test_the_order_of_the_channels() -> None:
    found = lw.doctor(trained_stem(), coloured(5, 100).flip(1))
    one = only(found)
    assert (one.disease, one.op, one.serious) == ("channel order", "input", True)
    assert one.sentence.startswith("on 5 of 5 images the statistics of the training that 1 ")
    assert one.confidence == pytest.approx(1 - 0.5**5)
    few = only(lw.doctor(trained_stem(), coloured(1, 100).flip(1)))
    assert (few.disease, few.serious, few.confidence) == ("channel order", False, 0.5)


def test_a_range_that_the_first_batch_norm_does_not_know() -> None:
    one = lw.doctor(trained_stem(), coloured(3, 100) * 60 + 120).serious[0]
    assert (one.disease, one.confidence) == ("input range", 0.875)
    assert one.sentence.startswith("what the first convolution makes varies ")
    assert dict(one.numbers)["variance seen over trained"] > 1000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x: (x + 1) / 2, "the input goes from 0 to 1, never below 0, and the network's"),
        (lambda x: x * 127.5 + 127.5, "the input goes from 0 to 255, and the network's"),
    ],
    ids=["not normalised", "not scaled"],
)
def test_a_real_network_that_is_given_another_range(
    change: Callable[[torch.Tensor], torch.Tensor], said: str
) -> None:
    model = lw.load_model("efficientnet_lite0")
    assert model.preprocessing is not None
    given = [torch.from_numpy(model.preprocessing(lw.load_image(one)).array) for one in SERIOUS]
    found = lw.doctor(model, [change(x) for x in given])
    assert [one.disease for one in found.serious] == ["input range"]
    assert found.serious[0].sentence.startswith(said)


def test_a_real_network_that_is_given_blue_for_red() -> None:
    model = lw.load_model("efficientnet_lite0")
    assert model.preprocessing is not None
    given = [torch.from_numpy(model.preprocessing(lw.load_image(one)).array) for one in SERIOUS]
    found = lw.doctor(model, torch.cat(given).flip(1))
    assert [one.disease for one in found.serious] == ["channel order"]
    assert len(found.images) == 3


def test_levels_that_nobody_scaled_are_suspected_without_any_ground() -> None:
    x = torch.randint(0, 256, (3, 3, 16, 16)).float()
    found = lw.doctor(healthy(), x)
    one = next(one for one in found if one.disease == "input range")
    assert not one.serious
    assert one.confidence < 0.5
    assert one.sentence.endswith("in whole numbers, like levels of 0 to 255 that nobody scaled")


def test_an_input_that_is_one_number() -> None:
    found = lw.doctor(healthy(), torch.zeros(2, 3, 16, 16))
    assert "constant input" in {one.disease for one in found.serious}


def test_expected_ranges() -> None:
    assert expected_range("x/255, mean 0.5, std 0.5") == (-1, 1)
    assert expected_range("grey, mean 0, std 1") == (0, 255)
    assert expected_range("") is None
    low, high = expected_range(
        "centre crop 224x224, x/255, mean (0.485, 0.456, 0.406), std (0.229, 0.224, 0.225)"
    ) or (0, 0)
    assert low == pytest.approx(-2.1179, abs=1e-4)
    assert high == pytest.approx(2.64, abs=1e-4)


def test_saved_walks_are_examined_too(tmp_path: Path) -> None:
    model = lw.load_model("tiny_vgg")
    files = [lw.trace(model, photo).save(tmp_path / f"{k}.safetensors")
             for k, photo in enumerate(SERIOUS)]  # fmt: skip
    live = lw.doctor(model, *SERIOUS)
    saved = lw.doctor(lw.open(file) for file in files)
    assert saved == live
    bare = lw.trace(model, SERIOUS[0]).save(tmp_path / "bare.safetensors", weights=False)
    assert lw.doctor(lw.open(bare)).findings


def test_a_network_that_stops() -> None:
    class Stops(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            torch.nn.functional.leaky_relu(x)
            raise RuntimeError("no more")

    with pytest.warns(UserWarning, match="no more"):
        found = lw.doctor(Stops(), images(1))
    one = only(found)
    assert (one.disease, one.serious) == ("incomplete walk", True)
    assert one.sentence == "the network stopped at Stops: no more"


def test_bad_questions_have_answers() -> None:
    trace = lw.trace(healthy(), images(1))
    with pytest.raises(LayerwalkError, match="examined by what it does to images"):
        lw.doctor(healthy())
    with pytest.raises(LayerwalkError, match="a trace has its image in it"):
        lw.doctor(trace, "sample:dog")
    with pytest.raises(LayerwalkError, match="there is nothing to examine"):
        lw.doctor([])
    with pytest.raises(LayerwalkError, match=r"'lenet5' is a name; .*load_model\('lenet5'\)"):
        lw.doctor("lenet5", "sample:dog")  # type: ignore[arg-type]
    with pytest.raises(LayerwalkError, match="int is no trace"):
        lw.doctor([trace, 3])  # type: ignore[list-item]
    with pytest.raises(LayerwalkError, match="no op in common"):
        lw.doctor([trace, lw.trace(nn.Sigmoid(), images(1))])
    wider = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU()).eval()
    with pytest.raises(LayerwalkError) as raised:
        lw.doctor(trace, lw.trace(wider, images(1)))
    assert str(raised.value) == (
        "doctor: Sequential and Sequential are two networks: 0.weight is 16x3x3x3 and 8x3x3x3; "
        "examine one network at a time."
    )


def test_traces_are_given_one_by_one_or_in_a_list() -> None:
    network = healthy()
    traces = [lw.trace(network, images(2, seed=seed)) for seed in range(3)]
    for found in (lw.doctor(*traces), lw.doctor(traces), lw.doctor(iter(traces))):
        assert found.images == tuple(f"image {k}" for k in range(1, 7))


def test_images_come_from_whatever_gives_them() -> None:
    network, x = healthy(), images(6)
    labelled = TensorDataset(x, torch.arange(6))
    givers: list[object] = [
        DataLoader(labelled, batch_size=4),
        DataLoader(list(x), batch_size=2),  # type: ignore[arg-type]
        (x[k : k + 1] for k in range(6)),
        [x[:2], [x[2:]]],
    ]
    for giver in givers:
        assert lw.doctor(network, giver).images == tuple(f"image {k}" for k in range(1, 7))
    with pytest.raises(LayerwalkError, match="examined by what it does to images"):
        lw.doctor(network, iter(()))


def test_a_network_that_does_otherwise_with_another_image_is_one_network() -> None:
    class Branches(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = torch.relu(x)
            return torch.relu(x[:, :2]) if x.mean() > 1 else torch.relu(torch.cat([x, x], 1))

    pictures = torch.rand(2, 3, 8, 8)
    found = lw.doctor(Branches(), pictures[:1] + 2, pictures[1:])
    assert found.images == ("image 1", "image 2")


def test_it_is_told_in_one_line() -> None:
    one = lw.doctor(healthy(), torch.full((1, 3, 8, 8), math.nan))
    assert "1 image seen: 1 serious finding, 1 in all" in str(one)


def test_a_walk_without_channels_has_nothing_to_find() -> None:
    found = lw.doctor(nn.Sigmoid(), torch.tensor([0.25, -0.5]))
    assert found.findings == ()
    assert np.isclose(confidence(1, 0.1), 0.1)
