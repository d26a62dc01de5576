from __future__ import annotations

import warnings

import pytest

from layerwalk.models import Listed
from surfaces.commandline import CommandLine

BUILT_IN = ["efficientnet_lite0", "edges", "mlp", "lenet5", "tiny_vgg"]
MANY = (
    Listed("edges", "built-in", 64, None, "four filters"),
    Listed("resnet18", "torchvision", 11_689_512, (3, 224, 224), "trained weights"),
    Listed("timm:resnet18", "timm", None, (3, 224, 224), "trained weights"),
    Listed("odd", "timm", None, None, "no trained weights"),
)


def test_the_built_in_networks_first(layerwalk: CommandLine) -> None:
    pytest.importorskip("timm")
    ended = layerwalk.done("models")
    assert [line.split()[0] for line in ended.lines[1:6]] == BUILT_IN
    assert "4,652,008" in ended.lines[1]
    assert "80 of torchvision and " in ended.out
    assert "layerwalk models --search resnet" in ended.out


def test_a_search(layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.models.list_models", lambda: MANY)
    ended = layerwalk.done("models", "--search", "ResNet")
    assert [line.split()[0] for line in ended.lines] == ["name", "resnet18", "timm:resnet18"]
    assert len(layerwalk.done("models", "--all").lines) == 5
    assert "'alexnet' in it" in layerwalk.failed("models", "--search", "alexnet")


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_no_line_is_wider_than_the_terminal(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setattr("layerwalk.models.list_models", lambda: MANY)
    assert max(map(len, layerwalk.done("models", "--all", columns=columns).lines)) <= columns


def test_a_package_that_is_broken_is_noted(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listing() -> tuple[Listed, ...]:
        warnings.warn("timm is installed but cannot be imported.", stacklevel=2)
        warnings.warn_explicit("a matter between packages", UserWarning, "elsewhere.py", 1)
        return MANY[:1]

    monkeypatch.setattr("layerwalk.models.list_models", listing)
    ended = layerwalk("models")
    assert ended.status == 0
    assert ended.err == "note: timm is installed but cannot be imported.\n"
    assert "pip install 'layerwalk[all]'" in ended.lines[-1]
