"""``load_model``: every kind of source and of weights, as a user meets them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, Self

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import layerwalk
from layerwalk.errors import ModelError
from layerwalk.models import Model, load_model

NET = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(12, 2)

    def forward(self, x):
        return self.head(x.flatten(1))
"""


class Awkward(nn.Module):
    """Can be neither copied nor put into evaluation mode."""

    def __deepcopy__(self, memo: dict[int, Any]) -> nn.Module:
        raise RuntimeError("only leaf tensors can be copied")

    def train(self, mode: bool = True) -> Self:
        raise ValueError("no modes here\nnone at all")


@pytest.fixture
def net_file(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(NET, encoding="utf-8")
    return path


def test_the_public_names() -> None:
    assert layerwalk.load_model is load_model
    assert layerwalk.Model is Model


def test_file_and_class(net_file: Path) -> None:
    model = load_model(f"{net_file}:Net")
    assert (model.name, model.weights) == ("net.py:Net", "as net.py makes them, seed 0")
    assert (model.preprocessing, model.labels, model.input_size) == (None, None, None)
    assert not model.module.training
    assert load_model(net_file).name == "net.py:Net"


def test_file_with_input(net_file: Path) -> None:
    model = load_model(f"{net_file}:Net", input_size=(3, 2, 2), mean=0.5, labels=["cat", "dog"])
    assert model.input_size == (3, 2, 2)
    assert model.labels == ("cat", "dog")
    assert model.preprocessing is not None
    assert model.preprocessing.mean == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_file_with_weights(net_file: Path, suffix: str) -> None:
    state = load_model(net_file).module.state_dict()
    state = {key: tensor + 1 for key, tensor in state.items()}
    path = net_file.with_name(f"trained{suffix}")
    if suffix == ".pth":
        torch.save(state, path)
    else:
        save_file(state, path)
    model = load_model(net_file, weights=str(path))
    assert model.weights == f"file trained{suffix}"
    assert torch.equal(model.module.state_dict()["head.bias"], state["head.bias"])


def test_call_in_place_of_a_name(net_file: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no 'Net\(\)' in it; did you mean Net\?"):
        load_model(f"{net_file}:Net()")


def test_bad_file_of_a_user_is_a_model_error(net_file: Path) -> None:
    net_file.write_text("import torch\n1 / 0\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"net\.py:2: the file failed with ZeroDivisionError"):
        load_model(f"{net_file}:Net")


def test_module_that_is_ready_is_used_itself() -> None:
    module = nn.Sequential(nn.Linear(2, 2)).eval()
    model = load_model(module)
    assert model.module is module
    assert (model.name, model.weights) == ("Sequential", "as given")


def test_module_in_training_is_left_in_training() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    module[0].eval()
    model = load_model(module)
    assert model.module is not module
    assert not any(part.training for part in model.module.modules())
    assert [part.training for part in module.modules()] == [True, False, True]


def test_module_elsewhere_is_copied_to_the_cpu() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no GPU here")
    module = nn.Linear(2, 2).cuda().eval()
    model = load_model(module)
    assert next(model.module.parameters()).device.type == "cpu"
    assert next(module.parameters()).device.type == "cuda"


def test_weights_for_a_module_do_not_change_it(tmp_path: Path) -> None:
    module = nn.Linear(2, 2).eval()
    before = copy.deepcopy(module.state_dict())
    path = tmp_path / "w.pth"
    torch.save({"weight": torch.ones(2, 2), "bias": torch.ones(2)}, path)
    model = load_model(module, weights=path)
    assert torch.equal(model.module.state_dict()["weight"], torch.ones(2, 2))
    assert all(torch.equal(before[key], tensor) for key, tensor in module.state_dict().items())
    with pytest.raises(ModelError, match="Linear: the module has its own weights"):
        load_model(module, weights=None)


def test_awkward_modules() -> None:
    awkward = Awkward()
    with pytest.raises(ModelError, match=r"cannot be copied \(RuntimeError\); call \.eval"):
        load_model(awkward)
    awkward.training = False
    with pytest.raises(ModelError, match=r"evaluation mode on the CPU \(ValueError: no modes her"):
        load_model(awkward)
    with pytest.raises(ModelError, match="evaluation mode on the CPU"):
        load_model(nn.Linear(2, 2, device="meta").eval())


def test_weights_that_are_neither_word_nor_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'imagenet' are neither a file nor 'default' or 'none'"):
        load_model("edges", weights="imagenet")
    with pytest.raises(ModelError, match="there is no such weights file"):
        load_model("edges", weights=tmp_path / "nowhere.safetensors")


def test_weights_file_in_place_of_a_network(tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    torch.save({}, path)
    with pytest.raises(ModelError, match="it holds weights, not a network; name the network"):
        load_model(path)


def test_built_in_with_weights_and_overrides(tmp_path: Path) -> None:
    path = tmp_path / "mlp.safetensors"
    state = {key: tensor * 0 for key, tensor in load_model("mlp").module.state_dict().items()}
    save_file(state, path)
    model = load_model("mlp", weights=path, mean=0.1307, std=0.3081)
    assert model.weights == "file mlp.safetensors"
    assert float(model.module(torch.rand(1, 1, 28, 28)).detach().abs().max()) == 0.0
    assert model.preprocessing is not None
    assert (model.preprocessing.mean, model.preprocessing.crop) == ((0.1307,), 28)
    with pytest.raises(ModelError, match="the weights do not fit the network"):
        load_model("lenet5", weights=path)
