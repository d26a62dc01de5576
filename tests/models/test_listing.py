"""The list of networks: true, complete, and made without building one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from torch import nn

from layerwalk.models import listing
from layerwalk.models.builtin import BUILT_IN
from layerwalk.models.listing import Listed, list_models
from layerwalk.models.loading import load_model
from layerwalk.models.package import LostPackageError
from layerwalk.models.zoos import ZOOS, Zoo


def forbid(*_: object, **__: object) -> None:
    raise AssertionError("a network was built")


def test_nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    for layer in (nn.Conv2d, nn.Linear, nn.LayerNorm, nn.BatchNorm2d):
        monkeypatch.setattr(layer, "__init__", forbid)
    assert list_models()


def test_built_in_first_and_in_full() -> None:
    rows = list_models()[: len(BUILT_IN)]
    assert [row.name for row in rows] == [*BUILT_IN]
    assert {row.source for row in rows} == {"built-in"}
    assert rows[0].parameters == 4_652_008
    assert all(row.parameters and row.note for row in rows)
    assert [row.name for row in rows if "untrained, seed 0" in row.note] == [
        *("mlp", "lenet5", "tiny_vgg")
    ]


def test_names_are_unique_and_give_what_the_row_says() -> None:
    pytest.importorskip("torchvision.models", reason="torchvision's rows are tested")
    pytest.importorskip("timm", reason="timm's rows are tested")
    rows = {row.name: row for row in list_models()}
    assert len(rows) == len(list_models())
    assert rows["resnet18"] == Listed(
        "resnet18", "torchvision", 11_689_512, (3, 224, 224), "trained weights"
    )
    assert rows["timm:resnet18"].source == "timm"
    assert "timm:efficientnet_lite0" in rows
    for name in ("squeezenet1_1", "timm:resnet18", "mobilenetv3_small_050"):
        model = load_model(name, weights=None)
        row = rows[name]
        assert model.input_size == row.input_size
        count = sum(parameter.numel() for parameter in model.module.parameters())
        assert row.parameters in (None, count)


def test_missing_package_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "has_package", lambda name: False)
    assert len(list_models()) == len(BUILT_IN)


def test_broken_package_is_left_out_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(zoo: Zoo) -> Zoo:
        def names() -> tuple[str, ...]:
            raise LostPackageError(zoo.package, "RuntimeError: no nms")

        return replace(zoo, names=names)

    monkeypatch.setattr(listing, "ZOOS", tuple(broken(zoo) for zoo in ZOOS))
    monkeypatch.setattr(listing, "has_package", lambda name: True)
    with pytest.warns(UserWarning, match="cannot be imported") as told:
        rows = list_models()
    assert len(rows) == len(BUILT_IN)
    (warning,) = told
    assert str(warning.message).startswith(
        "torchvision and timm are installed but cannot be imported (RuntimeError: no nms); "
        "install the torchvision that belongs to your torch: "
    )
