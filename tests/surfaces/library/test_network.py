"""Networks by name: which may be named, and which are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import ModelError
from layerwalk.models import Model
from layerwalk.surfaces.library import Library, Network
from layerwalk.surfaces.library.network import Networks
from layerwalk.surfaces.library.problem import RequestError


def counted(name: str, loads: list[str]) -> Network:
    def load() -> Model:
        loads.append(name)
        return lw.load_model("edges")

    return Network(name, load, name)


def test_the_last_two_are_kept() -> None:
    networks, loads = Networks(), []  # type: ignore[var-annotated]
    one, two, three = (counted(name, loads) for name in ("one", "two", "three"))
    first = networks.model(one)
    assert networks.model(one) is first
    networks.model(two)
    networks.model(one)
    networks.model(three)  # two goes: it was used longest ago
    networks.model(one)
    networks.model(two)
    assert loads == ["one", "two", "three", "two"]


@pytest.mark.parametrize(
    "name",
    ["net.py", "net.py:Net", "/etc/net.py:a.b", "NET.PY:x\ny", "a.pt2", "w.pth", "x.safetensors"],
)
def test_a_page_may_not_run_files(name: str) -> None:
    with pytest.raises(RequestError, match="a network in a file is not opened from the page"):
        Networks().find(name)


@pytest.mark.parametrize(
    "name", ["a.pt2/", "/b/a.pt2/.", "a.pt2\\", "b/net", "timm:./a.pt2/", "", " "]
)
def test_what_could_be_a_path_is_no_name(name: str) -> None:
    # pathlib drops a slash at the end: "a.pt2/" would be opened as the file.
    with pytest.raises(RequestError, match="is no name of a network"):
        Networks().find(name)


@pytest.mark.parametrize("name", ["resnet18", "timm:a.b-c_1", "timm/resnet18.a1_in1k"])
def test_names_of_every_package(name: str) -> None:
    assert Networks().find(name).name == name


def test_a_saved_trace_may_not_name_a_file_either(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    asked: list[str] = []
    monkeypatch.setattr("layerwalk.models.load_model", asked.append)
    forged = replace(trace, provenance={**trace.provenance, "model": "folder/net.pt2/"})
    with pytest.raises(ModelError, match="is not at hand"):
        Network.of(forged).load()
    assert asked == []


def test_the_file_that_the_program_was_started_with_may_be_named() -> None:
    own = Network("net.py:Net", lambda: lw.load_model("edges"), "own")
    networks = Networks(own)
    assert networks.find("net.py:Net") is own
    assert networks.usual is own
    with pytest.raises(RequestError):
        networks.find("net.py:Other")


def test_a_name_is_a_name() -> None:
    network = Networks().find("tiny_vgg")
    assert Networks().model(network).name == "tiny_vgg"
    assert Networks().usual.name == "efficientnet_lite0"


def test_a_network_whose_pictures_nobody_knows_cannot_be_walked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = lw.load_model(nn.ReLU())
    monkeypatch.setattr("layerwalk.models.load_model", lambda _: bare)
    with pytest.raises(ModelError, match="nothing is known about the pictures it takes; say so"):
        Networks().model(Network.named("relu"))


def test_a_trace_made_elsewhere_tells_its_network() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    network = Network.of(trace)
    assert network.name == "edges"
    assert network.load().weights == trace.provenance["weights"]


@pytest.mark.parametrize("source", ["other weights", "other pictures", "bare", "file"])
def test_another_network_of_the_same_name_is_not_taken_for_it(source: str, tmp_path: Path) -> None:
    if source == "other weights":
        trace = lw.trace(lw.load_model("efficientnet_lite0", weights=None), "sample:cat")
    elif source == "other pictures":
        trace = lw.trace(lw.load_model("efficientnet_lite0", input_size=64), "sample:cat")
    elif source == "bare":
        trace = lw.trace(nn.Conv2d(3, 2, 1).eval(), torch.zeros(1, 3, 8, 8))
    else:
        file = tmp_path / "net.py"
        file.write_text("from torch import nn\nclass Net(nn.ReLU): ...\n")
        trace = lw.trace(lw.load_model(f"{file}:Net", input_size=8), "sample:cat")
        file.write_text("raise AssertionError('run')\n")
    with pytest.raises(ModelError, match="is not at hand with the weights it had; choose"):
        Network.of(trace).load()


def test_the_network_of_a_saved_trace(tmp_path: Path) -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    library = Library()
    key = library.add(lw.open(trace.save(tmp_path / "cat.safetensors")))
    assert library.networks.model(library.network_of(key)).name == "edges"
