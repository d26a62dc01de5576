"""Weights from files: what fits, what does not, and what must never run."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from layerwalk.errors import ModelError
from layerwalk.models.weights_file import load_weights, read_weights

Save = Callable[[dict[str, Tensor], Path], None]


class Net(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 2))


class Wrapped(nn.Module):
    """A network whose own keys begin with a wrapper's prefix."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Net()


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.marker,)


def weights() -> dict[str, Tensor]:
    torch.manual_seed(1)
    return dict(Net().state_dict())


def check_equal(module: nn.Module, state: dict[str, Tensor]) -> None:
    for key, tensor in module.state_dict().items():
        assert torch.equal(tensor, state[key]), key


def as_safetensors(state: dict[str, Tensor], path: Path) -> None:
    save_file(state, path.with_suffix(".safetensors"))


def as_torch(state: dict[str, Tensor], path: Path) -> None:
    torch.save(state, path.with_suffix(".pth"))


def as_old_torch(state: dict[str, Tensor], path: Path) -> None:
    torch.save(state, path.with_suffix(".pt"), _use_new_zipfile_serialization=False)


@pytest.mark.parametrize("save", [as_safetensors, as_torch, as_old_torch])
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "model.", "module._orig_mod."])
def test_round_trip(save: Save, prefix: str, tmp_path: Path) -> None:
    state = weights()
    save({prefix + key: tensor for key, tensor in state.items()}, tmp_path / "weights")
    (path,) = tmp_path.iterdir()
    module = Net()
    load_weights(module, path)
    check_equal(module, state)


@pytest.mark.parametrize("nest", ["state_dict", "model_state_dict", "model"])
def test_nested_checkpoint(nest: str, tmp_path: Path) -> None:
    state = weights()
    path = tmp_path / "checkpoint.pth"
    torch.save({"epoch": 3, "optimizer": {"lr": 0.1}, nest: state}, path)
    module = Net()
    load_weights(module, path)
    check_equal(module, state)


def test_prefix_that_is_the_networks_own_stays(tmp_path: Path) -> None:
    path = tmp_path / "own.pth"
    state = dict(Wrapped().state_dict())
    torch.save(state, path)
    module = Wrapped()
    load_weights(module, path)
    check_equal(module, state)


def test_counter_that_old_files_lack_may_be_missing(tmp_path: Path) -> None:
    state = weights()
    del state["1.num_batches_tracked"]
    path = tmp_path / "old.safetensors"
    save_file(state, path)
    module = Net()
    load_weights(module, path)
    check_equal(module, {**state, "1.num_batches_tracked": torch.tensor(0)})


def test_missing_unknown_and_misshapen_keys_are_named(tmp_path: Path) -> None:
    state = weights()
    state["head.weight"] = state.pop("0.weight")
    state["3.weight"] = torch.zeros(5, 16)
    path = tmp_path / "other.pth"
    torch.save(state, path)
    with pytest.raises(ModelError) as error:
        load_weights(Net(), path)
    assert (
        "missing 0.weight, unknown head.weight, of another shape 3.weight is (5, 16) for (2, 16)"
        in str(error.value)
    )
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_long_lists_of_keys_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "foreign.pth"
    torch.save({f"layer{number}": torch.zeros(1) for number in range(9)}, path)
    with pytest.raises(ModelError, match="unknown layer0, layer1, layer2 and 6 more"):
        load_weights(Net(), path)


def test_spare_keys_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "spare.pth"
    torch.save({**weights(), "aux.weight": torch.zeros(1)}, path)
    load_weights(Net(), path, spare=("aux.",))
    with pytest.raises(ModelError, match=r"unknown aux\.weight"):
        load_weights(Net(), path)


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("place", ["alone", "beside"])
def test_malicious_pickle_is_refused_and_not_run(old: bool, place: str, tmp_path: Path) -> None:
    marker, path = tmp_path / "ran", tmp_path / "evil.pth"
    bomb: object = Bomb(marker)
    content = bomb if place == "alone" else {"state_dict": weights(), "extra": bomb}
    torch.save(content, path, _use_new_zipfile_serialization=not old)
    with pytest.raises(ModelError, match="nothing but weights is loaded"):
        load_weights(Net(), path)
    assert not marker.exists()
    torch.load(path, weights_only=False)
    assert marker.exists(), "the bomb is a dud: the test proves nothing"


def test_plain_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    marker, path = tmp_path / "ran", tmp_path / "evil.bin"
    path.write_bytes(pickle.dumps(Bomb(marker)))
    with pytest.raises(ModelError, match=r"evil\.bin"):
        load_weights(Net(), path)
    assert not marker.exists()


def test_whole_model_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "whole.pth"
    torch.save(nn.Linear(2, 2), path)
    with pytest.raises(ModelError, match=r"it holds a torch\.nn\.modules\.linear\.Linear"):
        read_weights(path)


def test_files_that_are_no_weights(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such weights file"):
        read_weights(tmp_path / "nowhere.pth")
    for name, content in (
        ("text.pth", b"hello, I am no file of weights\n" * 20),
        ("empty.pth", b""),
        ("zeros.pt", bytes(100)),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ModelError, match="it cannot be read as weights"):
            read_weights(tmp_path / name)
    (tmp_path / "text.safetensors").write_bytes(b"hello" * 10)
    with pytest.raises(ModelError, match=r"not a whole \.safetensors file"):
        read_weights(tmp_path / "text.safetensors")


def test_truncated_files(tmp_path: Path) -> None:
    for save in (as_safetensors, as_torch, as_old_torch):
        save(weights(), tmp_path / "whole")
    for path in list(tmp_path.iterdir()):
        path.write_bytes(path.read_bytes()[:-200])
        with pytest.raises(ModelError, match=f"{path.name}: "):
            read_weights(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([torch.zeros(1)], "it holds a list"),
        ({}, "it holds no weights"),
        ({"epoch": 3, "0.weight": torch.zeros(1)}, "epoch are no tensors"),
        (torch.zeros(2), "it holds a Tensor"),
    ],
)
def test_content_that_is_no_state_dict(content: object, words: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.pth"
    torch.save(content, path)
    with pytest.raises(ModelError, match=words):
        read_weights(path)


def test_empty_safetensors_file_misses_all(tmp_path: Path) -> None:
    path = tmp_path / "empty.safetensors"
    save_file({}, path)
    with pytest.raises(ModelError, match=r"missing 0\.weight, 0\.bias, 1\.weight and 6 more"):
        load_weights(Net(), path)


def test_scripted_model_and_other_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.pth", "w") as archive:
        archive.writestr("hello.txt", "hello")
    np.savez(tmp_path / "numpy.npz", a=np.zeros(2))
    (tmp_path / "numpy.npz").rename(tmp_path / "numpy.pt")
    for name in ("other.pth", "numpy.pt"):
        with pytest.raises(ModelError, match="it cannot be read as weights"):
            read_weights(tmp_path / name)
