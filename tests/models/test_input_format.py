"""What the user says about the input, over what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from torch import nn

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.errors import ModelError
from layerwalk.models.input_format import InputFormat, plain_preprocessing
from layerwalk.models.model import Model

MEAN, STD = (0.4, 0.5, 0.6), (0.1, 0.2, 0.3)
KNOWN = Model(
    "known",
    nn.Identity(),
    Preprocessing(256, 224, "bicubic", MEAN, STD, 3),
    None,
    "none",
    (3, 224, 224),
)
UNKNOWN = Model("unknown", nn.Identity(), None, None, "none", None)


def preprocessing(model: Model, **said: object) -> Preprocessing:
    found = InputFormat(**said).over(model).preprocessing  # type: ignore[arg-type]
    assert found is not None
    return found


def test_nothing_said_changes_nothing() -> None:
    assert InputFormat().over(KNOWN) is KNOWN
    assert InputFormat().over(UNKNOWN) is UNKNOWN


@pytest.mark.parametrize("size", [448, (448, 448), [3, 448, 448]])
def test_square_size_keeps_the_proportion_of_the_crop(size: object) -> None:
    model = InputFormat(input_size=size).over(KNOWN)  # type: ignore[arg-type]
    assert model.preprocessing == Preprocessing(512, 448, "bicubic", MEAN, STD, 3)
    assert model.input_size == (3, 448, 448)


def test_other_proportions_are_resized_to() -> None:
    found = preprocessing(KNOWN, input_size=(96, 160))
    assert (found.resize, found.crop) == ((96, 160), None)


def test_squashing_networks_go_on_squashing() -> None:
    assert KNOWN.preprocessing is not None
    squash = replace(KNOWN, preprocessing=replace(KNOWN.preprocessing, resize=(384, 384)))
    assert preprocessing(squash, input_size=96).resize == (96, 96)


def test_mean_and_std_alone() -> None:
    assert preprocessing(KNOWN, mean=0.5) == Preprocessing(
        256, 224, "bicubic", (0.5, 0.5, 0.5), STD, 3
    )
    assert preprocessing(KNOWN, std=[1, 2, 3]).std == (1.0, 2.0, 3.0)


def test_unknown_network() -> None:
    assert preprocessing(UNKNOWN, input_size=32) == plain_preprocessing((32, 32), 3)
    grey = InputFormat(input_size=(28, 28), channels=1, mean=0.1307, std=(0.3081,)).over(UNKNOWN)
    assert grey.preprocessing == Preprocessing(28, 28, "bilinear", (0.1307,), (0.3081,), 1)
    assert grey.input_size == (1, 28, 28)
    any_size = preprocessing(UNKNOWN, channels=1)
    assert (any_size.resize, any_size.crop, any_size.channels) == (None, None, 1)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"input_size": 0}, "the input size is 0"),
        ({"input_size": (3, 4, 5, 6)}, "the input size is"),
        ({"input_size": (2.5, 3)}, "the input size is"),
        ({"input_size": "64"}, "the input size is '64'"),
        ({"input_size": 2.5}, r"the input size is 2\.5"),
        ({"input_size": (1, 8, 8), "channels": 3}, "has 1 channels, not 3"),
        ({"input_size": (4, 8, 8)}, "1 or 3 channels, not 4"),
        ({"channels": 0}, "1 or 3 channels, not 0"),
        ({"mean": (1.0, 2.0)}, "not one number for each of 3 channels"),
        ({"mean": "red"}, "not one number for each of 3 channels"),
        ({"std": 0}, "std is 0"),
        ({"std": (1, 1, -1)}, "std is"),
        ({"mean": float("nan")}, "nan"),
    ],
)
def test_numbers_that_make_no_sense(said: dict[str, object], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        preprocessing(UNKNOWN, **said)


def test_channels_of_a_known_network_stay() -> None:
    assert preprocessing(KNOWN, channels=3) == KNOWN.preprocessing
    for said in ({"channels": 1}, {"input_size": (1, 8, 8)}):
        with pytest.raises(ModelError, match="takes 3-channel pictures, not 1-channel ones"):
            preprocessing(KNOWN, **said)
