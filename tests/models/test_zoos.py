"""The networks of torchvision and timm, by name; what a machine without net or package says."""

from __future__ import annotations

import importlib
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from layerwalk.data.images import Image
from layerwalk.data.preprocessing import Preprocessing
from layerwalk.errors import MissingPackageError, ModelError
from layerwalk.models import torchvision_zoo
from layerwalk.models.labels import imagenet_labels
from layerwalk.models.loading import load_model
from layerwalk.models.package import import_zoo
from layerwalk.models.timm_zoo import _preprocessing, load_timm, timm_names
from layerwalk.models.torchvision_zoo import load_torchvision, torchvision_names
from layerwalk.models.well_known import WELL_KNOWN

torchvision_models: Any = pytest.importorskip("torchvision.models", reason="torchvision is tested")
timm: Any = pytest.importorskip("timm", reason="timm is tested")


def picture() -> Image:
    noise = np.random.default_rng(0).integers(0, 256, (300, 410, 3), dtype=np.uint8)
    return Image(noise, name="noise", mode="RGB")


def load_facts(name: str) -> Preprocessing:
    return torchvision_zoo._preprocessing(torchvision_zoo._default_weights(name))


class Bomb:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, tuple[Path]]:
        return Path.touch, (self.marker,)


@pytest.mark.parametrize("name", ["resnet18", "efficientnet_b1", "vit_b_32"])
def test_torchvision_preprocessing_is_the_presets(name: str) -> None:
    model = load_torchvision(name, pretrained=False)
    preset = torchvision_models.get_model_weights(name).DEFAULT.transforms()
    assert model.preprocessing is not None
    ours = model.preprocessing(picture()).array
    assert np.array_equal(ours[0], preset(picture().pil()).numpy())
    assert model.input_size == ours.shape[1:]
    assert model.labels == imagenet_labels()


@pytest.mark.parametrize("name", ["resnet18", "tf_efficientnet_lite0", "beit_base_patch16_224"])
def test_timm_preprocessing_is_its_transform(name: str) -> None:
    model = load_timm(name, pretrained=False)
    config = timm.data.resolve_data_config(model=model.module)
    transform = timm.data.create_transform(**config)
    assert model.preprocessing is not None
    ours = model.preprocessing(picture()).array
    assert np.array_equal(ours[0], transform(picture().pil()).numpy())
    assert model.input_size == ours.shape[1:] == tuple(config["input_size"])


def test_timm_preprocessing_that_is_more_than_a_crop_is_left_out() -> None:
    config = timm.data.resolve_data_config(pretrained_cfg={"input_size": (3, 64, 64)})
    assert _preprocessing(config) is not None
    assert _preprocessing({**config, "crop_mode": "border"}) is None
    assert _preprocessing({**config, "input_size": (3, 64, 96)}) is None


def test_every_card_gives_a_preprocessing() -> None:
    for name in torchvision_names():
        preprocessing = load_facts(name)
        assert preprocessing.channels == 3
    left_out = []
    for name in timm.list_models():
        card = timm.get_pretrained_cfg(name)
        if _preprocessing(timm.data.resolve_data_config(pretrained_cfg=card.to_dict())) is None:
            left_out.append(name)
            assert card.crop_mode == "border" or card.input_size[1] != card.input_size[2]
    assert len(left_out) <= 20


def test_classes_beyond_the_thousand_are_told_apart() -> None:
    model = load_timm("mobilenetv3_large_100.miil_in21k", pretrained=False)
    assert model.labels is not None
    assert len(set(model.labels)) == len(model.labels) == 11_221


def test_timm_squash_is_its_transform() -> None:
    known = {"input_size": (3, 64, 96), "crop_mode": "squash", "crop_pct": 0.9}
    config = timm.data.resolve_data_config(pretrained_cfg=known)
    squash = _preprocessing(config)
    assert squash is not None
    assert (squash.resize, squash.crop) == ((71, 106), (64, 96))
    theirs = timm.data.create_transform(**config)(picture().pil()).numpy()
    assert np.array_equal(squash(picture()).array[0], theirs)


def test_random_weights_are_the_same_each_time_and_leave_the_seed_alone() -> None:
    before = torch.get_rng_state()
    for source in ("torchvision:squeezenet1_1", "timm:mobilenetv3_small_050"):
        first, second = (load_model(source, weights=None) for _ in range(2))
        assert first.weights == "random, seed 0"
        assert not first.module.training
        for key, tensor in first.module.state_dict().items():
            assert torch.equal(tensor, second.module.state_dict()[key]), key
    assert torch.equal(torch.get_rng_state(), before)


def test_clash_goes_to_torchvision_unless_told() -> None:
    def home(source: str) -> str:
        return type(load_model(source, weights=None).module).__module__.partition(".")[0]

    assert home("resnet18") == home("torchvision:resnet18") == "torchvision"
    assert home("timm:resnet18") == home("timm/resnet18.a1_in1k") == "timm"
    assert home("timm/resnet18") == home("resnet18.a1_in1k") == "timm"
    assert home("efficientnet_lite0") == "layerwalk"
    assert home("timm:efficientnet_lite0") == "timm"


def test_unknown_names() -> None:
    with pytest.raises(ModelError, match=r"resnet81: there is no network .* mean resnet18"):
        load_model("resnet81")
    with pytest.raises(ModelError, match=r"did you mean tiny_vgg\?"):
        load_model("tinyvgg")
    with pytest.raises(ModelError, match=r"torchvision has no network 'resnet26'; did you mean"):
        load_model("torchvision:resnet26")
    with pytest.raises(ModelError, match="timm has no network 'alexnet'"):
        load_model("timm:alexnet")
    with pytest.raises(ModelError, match="layerwalk models lists them"):
        load_model("no such thing at all")
    with pytest.raises(ModelError, match=r"no weights 'zz' for resnet18; take one of .*a1_in1k"):
        load_model("resnet18.zz")


def test_no_connection_torchvision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr("torch.hub.urlopen", fail)
    before = torch.get_rng_state()
    with pytest.raises(ModelError) as error:
        load_model("resnet18")
    assert str(error.value) == (
        "resnet18: its trained weights could not be loaded (URLError: <urlopen error Name or "
        "service not known>); check the connection, or take weights='none' (--weights none) or a "
        "weights file (--weights FILE.safetensors)."
    )
    assert torch.equal(torch.get_rng_state(), before)


def test_no_connection_timm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # The tests run with HF_HUB_OFFLINE=1, so the hub gives up at once.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match=r"test_resnet: its trained weights could not be loaded"):
        load_model("timm:test_resnet")


def test_downloaded_pickle_does_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    weights = torchvision_models.get_model_weights("resnet18").DEFAULT
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    marker = tmp_path / "ran"
    torch.save({"conv1.weight": Bomb(marker)}, folder / Path(weights.url).name)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(ModelError, match="its trained weights could not be loaded"):
        load_model("resnet18")
    assert not marker.exists()


def test_downloaded_weights_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    weights = torchvision_models.get_model_weights("squeezenet1_1").DEFAULT
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    state = torchvision_models.squeezenet1_1().state_dict()
    torch.save(state, folder / Path(weights.url).name)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    model = load_model("squeezenet1_1")
    assert model.weights == "torchvision SqueezeNet1_1_Weights.IMAGENET1K_V1"
    for key, tensor in model.module.state_dict().items():
        assert torch.equal(tensor, state[key]), key


def test_downloaded_weights_of_another_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    weights = torchvision_models.get_model_weights("squeezenet1_1").DEFAULT
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save({"conv.weight": torch.zeros(1)}, folder / Path(weights.url).name)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(ModelError, match=r"could not be loaded \(RuntimeError: Error\(s\) in load"):
        load_model("squeezenet1_1")


def test_network_without_trained_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    untrained = next(
        name for name in timm.list_models() if not timm.get_pretrained_cfg(name).has_weights
    )
    with pytest.raises(ModelError, match="timm has no trained weights for it"):
        load_timm(untrained, pretrained=True)
    monkeypatch.setattr(torchvision_models, "get_model_weights", lambda name: ())
    with pytest.raises(ModelError, match="torchvision has no trained weights for it"):
        load_torchvision("resnet18", pretrained=True)


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_published_weights_of_networks_with_auxiliary_heads(name: str, tmp_path: Path) -> None:
    published = torchvision_models.get_model(name, weights=None, init_weights=False)
    path = tmp_path / "published.pth"
    torch.save(published.state_dict(), path)
    model = load_model(name, weights=path)
    # The builder sets this for its own weights: they want another normalisation.
    assert getattr(model.module, "transform_input", None) is True
    state = model.module.state_dict()
    assert not [key for key in state if "aux" in key.lower()]
    assert all(torch.equal(tensor, published.state_dict()[key]) for key, tensor in state.items())


def absent(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    def has_package(name: str) -> bool:
        return name not in names

    package = importlib.import_module("layerwalk.models.package")
    monkeypatch.setattr(package, "has_package", has_package)


def test_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    torchvision_names.cache_clear()
    absent(monkeypatch, "torchvision", "timm")
    for source in ("resnet18", "torchvision:resnet18", "timm:resnet18", "timm/resnet18"):
        with pytest.raises(MissingPackageError, match=r"pip install 'layerwalk\[all\]'"):
            load_model(source)
    with pytest.raises(ModelError, match="did you mean efficientnet_lite0"):
        load_model("efficientnet_lite")
    assert load_model("edges").name == "edges"


def test_one_package_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    torchvision_names.cache_clear()
    absent(monkeypatch, "torchvision")
    module = load_model("resnet18", weights=None).module
    assert type(module).__module__.startswith("timm")
    with pytest.raises(MissingPackageError, match=r"alexnet: .* torchvision is not installed"):
        load_model("alexnet")


@pytest.fixture
def broken_torchvision(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A torchvision that was built for another torch; timm imports it."""

    def broken(name: str) -> ModuleType:
        raise RuntimeError("operator torchvision::nms does not exist\nand more")

    names = (torchvision_names, timm_names)
    for one in names:
        one.cache_clear()
    monkeypatch.setattr("layerwalk.models.package.importlib.import_module", broken)
    yield
    for one in names:
        one.cache_clear()


@pytest.mark.usefixtures("broken_torchvision")
def test_a_slip_is_told_before_a_broken_package() -> None:
    with pytest.raises(ModelError) as error:
        load_model("resnt18")
    said = str(error.value)
    assert said.startswith("resnt18: no network of this name is known; did you mean resnet18 or")
    assert said.index("resnet18") < said.index("Besides, torchvision and timm are installed but")
    assert said.count("nms does not exist") == 1
    with pytest.raises(ModelError, match="qqq: no network of this name is known; layerwalk"):
        load_model("qqq")


@pytest.mark.usefixtures("broken_torchvision")
def test_a_known_name_of_a_broken_package_is_told_as_that() -> None:
    with pytest.raises(MissingPackageError, match=r"resnet18: no network .* built in, and torc"):
        load_model("resnet18")


def test_the_well_known_names_are_torchvisions() -> None:
    pytest.importorskip("torchvision.models", reason="its names are compared")
    assert set(WELL_KNOWN) <= set(torchvision_names())


def test_broken_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> ModuleType:
        raise RuntimeError("operator torchvision::nms does not exist\nand more")

    monkeypatch.setattr("layerwalk.models.package.importlib.import_module", broken)
    with pytest.raises(MissingPackageError) as error:
        import_zoo("torchvision.models")
    assert "(RuntimeError: operator torchvision::nms does not exist)" in str(error.value)
