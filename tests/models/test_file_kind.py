"""Files that are taken for a network or for weights, and what is said of them."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

import layerwalk as lw
from layerwalk.errors import ModelError
from layerwalk.models.file_kind import FileKind, kind_of


@pytest.fixture
def trace_file(tmp_path: Path) -> Path:
    trace = lw.trace(nn.ReLU(), torch.zeros(1, 2))
    trace.save(tmp_path / "walk.safetensors")
    return tmp_path / "walk.safetensors"


@pytest.fixture
def script_file(tmp_path: Path) -> Path:
    path = tmp_path / "net.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        scripted = torch.jit.trace(nn.Linear(2, 2), torch.zeros(1, 2))  # type: ignore[no-untyped-call]
        scripted.save(str(path))
    return path


@pytest.fixture
def exported_file(tmp_path: Path) -> Path:
    torch.export.save(torch.export.export(nn.ReLU(), (torch.zeros(1),)), tmp_path / "net.pt2")
    return (tmp_path / "net.pt2").rename(tmp_path / "net.pt")


def test_a_trace(trace_file: Path) -> None:
    assert kind_of(trace_file) is FileKind.trace
    with pytest.raises(ModelError, match="a trace that Layerwalk saved, not a network; layerwalk"):
        lw.load_model(str(trace_file))
    with pytest.raises(ModelError, match="a trace that Layerwalk saved, not weights; pass the"):
        lw.load_model("edges", weights=trace_file)


def test_a_torchscript_program(script_file: Path) -> None:
    assert kind_of(script_file) is FileKind.torchscript
    with pytest.raises(ModelError, match=r"a TorchScript program, .*\(file.py:Net\), or export it"):
        lw.load_model(str(script_file))
    with pytest.raises(ModelError, match="a TorchScript program, not weights; write its weights"):
        lw.load_model("edges", weights=script_file)


def test_an_exported_program_under_another_ending(exported_file: Path) -> None:
    assert kind_of(exported_file) is FileKind.exported
    with pytest.raises(ModelError, match=r"an exported program under another .*end its name in"):
        lw.load_model(str(exported_file))
    with pytest.raises(ModelError, match="an exported program, not weights; pass it as the netw"):
        lw.load_model("edges", weights=exported_file)


def test_weights_are_weights(tmp_path: Path) -> None:
    save_file({"w": torch.zeros(2)}, tmp_path / "w.safetensors")
    torch.save({"w": torch.zeros(2)}, tmp_path / "w.pth")
    for name in ("w.safetensors", "w.pth"):
        assert kind_of(tmp_path / name) is FileKind.other
        with pytest.raises(ModelError, match="it holds weights, not a network; name the network"):
            lw.load_model(str(tmp_path / name))


@pytest.mark.parametrize(
    "content",
    [b"", b"nothing", b"\xff" * 8, b"\x02" + b"\0" * 7 + b"[]", b"\x02" + b"\0" * 7 + b"{"],
)
def test_broken_files_are_nothing_in_particular(tmp_path: Path, content: bytes) -> None:
    for name in ("a.safetensors", "a.pth"):
        (tmp_path / name).write_bytes(content)
        assert kind_of(tmp_path / name) is FileKind.other
    assert kind_of(tmp_path / "none.pth") is FileKind.other
