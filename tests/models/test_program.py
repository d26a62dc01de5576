"""Exported programs: the round trip, and what is refused before it can run."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.export import Dim

import layerwalk as lw
from layerwalk.errors import ModelError
from layerwalk.models import load_model


class Net(nn.Module):
    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.head = nn.Linear(4, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = torch.relu(self.norm(self.conv(x)))
        logits: torch.Tensor = self.head(maps.mean((2, 3)))
        return logits


class Two(nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return x + y


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.marker),)


def export(path: Path, net: nn.Module, *inputs: torch.Tensor, **options: object) -> Path:
    program = torch.export.export(net.eval(), inputs, **options)  # type: ignore[arg-type]
    torch.export.save(program, path)
    return path


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    return export(tmp_path / "net.pt2", Net(), torch.zeros(1, 3, 12, 16))


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Change the parts of an archive, by their names below its root folder."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = next(iter(parts)).partition("/")[0]
    below = {name.removeprefix(f"{root}/"): content for name, content in parts.items()}
    change(below)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in below.items():
            archive.writestr(f"{root}/{name}", content)


def pickled(content: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


def test_round_trip_and_input_size(exported: Path) -> None:
    model = load_model(exported)
    assert (model.name, model.weights) == ("net.pt2", "file net.pt2")
    assert model.input_size == (3, 12, 16)
    assert model.labels is None
    assert model.preprocessing is not None
    assert model.preprocessing.resize == (12, 16)
    program = torch.export.load(exported)
    x = torch.randn(1, 3, 12, 16, generator=torch.Generator().manual_seed(0))
    assert torch.equal(model.module(x), program.module()(x))


def test_rewritten_archive_still_loads(exported: Path) -> None:
    # Else the refusals below could come from the rewriting.
    rewrite(exported, lambda parts: None)
    assert load_model(exported).input_size == (3, 12, 16)


def test_user_says_how_to_normalise(exported: Path) -> None:
    model = load_model(str(exported), mean=0.5, std=(0.2, 0.3, 0.4), labels=list("abcde"))
    assert model.preprocessing is not None
    assert model.preprocessing.mean == (0.5, 0.5, 0.5)
    assert model.preprocessing.std == (0.2, 0.3, 0.4)
    assert model.labels == tuple("abcde")


def test_dynamic_sizes_pass_the_screen(tmp_path: Path) -> None:
    shapes = ({0: Dim("b"), 2: 2 * Dim("h", min=8), 3: Dim("w", min=4, max=99)},)
    path = export(tmp_path / "d.pt2", Net(), torch.zeros(2, 3, 32, 16), dynamic_shapes=shapes)
    model = load_model(path)
    assert model.input_size == (3, 32, 16)
    assert model.preprocessing is not None
    assert model.module(torch.zeros(1, 3, 20, 50)).shape == (1, 5)


def test_program_for_a_fixed_batch_takes_no_picture(tmp_path: Path) -> None:
    model = load_model(export(tmp_path / "b.pt2", Net(), torch.zeros(2, 3, 8, 8)))
    assert model.input_size == (3, 8, 8)
    assert model.preprocessing is None


def test_other_channels_and_inputs_take_no_picture(tmp_path: Path) -> None:
    four = load_model(export(tmp_path / "four.pt2", Net(4), torch.zeros(1, 4, 8, 8)))
    assert (four.input_size, four.preprocessing) == ((4, 8, 8), None)
    with pytest.raises(ModelError, match="pictures have 1 or 3 channels, not 4"):
        load_model(tmp_path / "four.pt2", mean=0.5)
    two = load_model(export(tmp_path / "two.pt2", Two(), torch.zeros(1, 3, 8, 8), torch.zeros(8)))
    assert (two.input_size, two.preprocessing) == (None, None)


def test_exported_module_itself_keeps_its_only_mode(exported: Path) -> None:
    module = torch.export.load(exported).module()
    model = load_model(module, input_size=(12, 16))
    x = torch.randn(1, 3, 12, 16, generator=torch.Generator().manual_seed(0))
    assert torch.equal(model.module(x), module(x))


def test_it_has_its_own_weights(exported: Path) -> None:
    for weights in ("none", exported):
        with pytest.raises(ModelError, match="an exported program has its own weights"):
            load_model(exported, weights=weights)


def test_files_that_are_no_program(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        load_model(tmp_path / "nowhere.pt2")
    path = tmp_path / "odd.pt2"
    path.write_bytes(b"hello")
    with pytest.raises(ModelError, match="it is not an exported program"):
        load_model(path)
    torch.save({"a": torch.zeros(1)}, path)
    with pytest.raises(ModelError, match="it cannot be read as an exported program"):
        load_model(path)


def test_truncated_program(exported: Path) -> None:
    exported.write_bytes(exported.read_bytes()[:-300])
    with pytest.raises(ModelError, match=r"net\.pt2"):
        load_model(exported)


def check_refused(path: Path, marker: Path, words: str) -> None:
    with pytest.raises(ModelError, match=words) as error:
        load_model(path)
    assert "\n" not in str(error.value)
    assert not marker.exists()


def test_pickle_as_example_inputs_does_not_run(exported: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    bomb = pickled(((Bomb(marker),), {}))
    rewrite(exported, lambda parts: parts.update({"data/sample_inputs/model.pt": bomb}))
    check_refused(exported, marker, r"model\.pt in it is not made of tensors alone")
    torch.load(io.BytesIO(bomb), weights_only=False)
    assert marker.exists(), "the bomb is a dud: the test proves nothing"


def test_pickled_weight_does_not_run(exported: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"

    def plant(parts: dict[str, bytes]) -> None:
        name = "data/weights/model_weights_config.json"
        config = json.loads(parts[name])
        config["config"]["conv.weight"]["use_pickle"] = True
        parts[name] = json.dumps(config).encode()
        parts["data/weights/weight_0"] = pickled(Bomb(marker))

    rewrite(exported, plant)
    check_refused(exported, marker, "weight_0 in it is not made of tensors alone")


@pytest.mark.parametrize("prefix", ["custom_obj_0", "opaque_obj_0"])
def test_pickled_object_does_not_run(prefix: str, exported: Path, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    payload = {"path_name": prefix, "is_param": False, "use_pickle": True, "tensor_meta": None}

    def plant(parts: dict[str, bytes]) -> None:
        config = {"config": {"thing": payload}}
        parts["data/constants/model_constants_config.json"] = json.dumps(config).encode()
        parts[f"data/constants/{prefix}"] = pickle.dumps(Bomb(marker))

    rewrite(exported, plant)
    check_refused(exported, marker, "it holds a pickled object")


def change_model(path: Path, old: str, new: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        text = parts["models/model.json"].decode()
        assert old in text
        parts["models/model.json"] = text.replace(old, new).encode()

    rewrite(path, change)


@pytest.mark.parametrize(
    "target",
    [
        "torch.os.system",
        "torch.ops.load_library",
        "torch.ops.aten.__class__",
        "_operator.methodcaller",
        "torch.hub.load",
    ],
)
def test_foreign_function_is_refused(target: str, exported: Path, tmp_path: Path) -> None:
    change_model(exported, "torch.ops.aten.relu.default", target)
    check_refused(exported, tmp_path / "ran", f"it calls {target}")


def test_foreign_expression_is_not_evaluated(tmp_path: Path) -> None:
    path = export(
        tmp_path / "d.pt2", Net(), torch.zeros(2, 3, 8, 8), dynamic_shapes=({0: Dim("b")},)
    )
    with zipfile.ZipFile(path) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("models/model.json")]
        text = archive.read(name).decode()
    start = text.index('"expr_str": "') + len('"expr_str": "')
    expression = text[start : text.index('"', start)]
    marker = tmp_path / "ran"
    for attack in (f"__import__('os').mkdir('{marker}')", f"open('{marker}','w')", "().x"):
        change_model(path, expression, attack)
        check_refused(path, marker, "a size in it is")
        change_model(path, attack, expression)


def test_compiled_code_is_refused(exported: Path, tmp_path: Path) -> None:
    more: Mapping[str, bytes] = {"data/aotinductor/model/model.so": b"\x7fELF"}
    rewrite(exported, lambda parts: parts.update(more))
    check_refused(exported, tmp_path / "ran", "it holds compiled code")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_part_that_is_there_twice_is_refused(exported: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported, "a") as archive:
        archive.writestr(archive.namelist()[0], b"again")
    check_refused(exported, tmp_path / "ran", "two parts of it have the same name")


def test_deep_json_is_one_sentence(exported: Path, tmp_path: Path) -> None:
    deep = b"[" * 200_000
    rewrite(exported, lambda parts: parts.update({"models/model.json": deep}))
    check_refused(exported, tmp_path / "ran", r"model\.json in it cannot be read")


class Deep(nn.Module):
    """Modules in modules, one of them called twice, one that trains, and an op in between."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.body = nn.Conv2d(4, 4, 3, padding=1)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(4, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maps = self.stem(x)
        maps = self.body(torch.relu(self.body(maps)) + maps)
        logits: torch.Tensor = self.head(self.drop(maps.mean((2, 3))))
        return logits


@pytest.mark.parametrize("training", [False, True])
def test_ops_are_named_after_the_modules_they_came_from(tmp_path: Path, training: bool) -> None:
    network, picture = Deep().train(training), torch.rand(2, 3, 8, 8)
    program = torch.export.export(network, (picture,))
    torch.export.save(program, tmp_path / "deep.pt2")
    module = load_model(tmp_path / "deep.pt2").module
    flat = torch.export.load(tmp_path / "deep.pt2").module()
    torch.manual_seed(0)
    walked = lw.trace(module, picture)
    torch.manual_seed(0)
    with torch.no_grad():
        assert np.array_equal(walked.outputs[0].array(), flat(picture).numpy())
    found = [op.name for op in walked]
    calls = [
        *("stem.0", "stem.1", "stem.2", "body", "relu", "add", "body:2", "mean"),
        *(["drop", "head"] if training else ["head"]),
    ]
    assert [name for name in found if name in calls] == calls
    assert walked["body"].parameters[0].name == "body.weight"
    if not training:
        assert walked.replay()


@pytest.mark.parametrize("nested", [None, nn.ReLU()], ids=["raises", "calls other ops"])
def test_a_program_that_cannot_be_nested_stays_flat(
    exported: Path, monkeypatch: pytest.MonkeyPatch, nested: nn.Module | None
) -> None:
    def unflatten(_: object) -> nn.Module:
        if nested is None:
            raise RuntimeError("not this one")
        return torch.fx.symbolic_trace(nested)

    monkeypatch.setattr(torch.export, "unflatten", unflatten)
    model = load_model(exported)
    walked = lw.trace(model, torch.zeros(1, 3, 12, 16))
    assert [op.name for op in walked][:3] == ["conv2d", "batch_norm", "relu"]
    assert walked.outputs[0].shape == (1, 5)
