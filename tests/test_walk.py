"""The verb that joins the rooms: a picture through a network."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import ImageError, ModelError


def test_a_picture_through_a_built_in_network() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:dog")
    assert [op.name for op in trace] == ["conv", "relu", "pool"]
    assert trace.photo is not None
    assert trace.photo.name == "dog.jpg" or "dog" in trace.photo.name
    assert trace.provenance["model"] == "edges"
    assert len(trace.provenance["image_sha256"]) == 64
    assert trace.inputs[0].shape == (1, 1, 540, 720)


def test_the_edges_answer_as_in_the_tutorial() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (213, 320), dtype=np.uint8)
    trace = lw.trace(lw.load_model("edges"), picture)
    conv, relu, pool = (op.array()[0] for op in trace)
    assert conv.shape == (4, 210, 317)
    assert pool.shape == (4, 105, 158)
    assert (conv[1] == -conv[0]).all()
    assert (conv[3] == -conv[2]).all()
    assert (relu[0] - relu[1] == conv[0]).all()


def test_every_way_to_hand_over_a_picture_is_the_same_walk(tmp_path: object) -> None:
    model = lw.load_model("lenet5")
    image = lw.load_image("sample:digits")
    ways = [image, "sample:digits", image.pixels, PIL.Image.fromarray(image.pixels)]
    answers = [lw.trace(model, way).outputs[0].array() for way in ways]
    assert all((answer == answers[0]).all() for answer in answers)


def test_tensors_and_arrays_go_in_as_they_are() -> None:
    net = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU())
    x = torch.randn(2, 3, 9, 9)
    by_tensor = lw.trace(net, x)
    by_array = lw.trace(net, x.numpy())
    assert by_tensor.name == "Sequential"
    assert (by_tensor.outputs[0].array() == by_array.outputs[0].array()).all()
    assert by_tensor.photo is None


def test_a_tensor_through_a_model_is_not_prepared_again() -> None:
    model = lw.load_model("tiny_vgg")
    x = torch.zeros(1, 3, 64, 64)
    assert (lw.trace(model, x).inputs[0].array() == 0).all()


def test_top_gives_labels_best_first() -> None:
    trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
    best = trace.top(3)
    assert "shepherd" in best[0][0].lower()
    assert best[0][1] > best[1][1] > best[2][1]
    logits = trace.outputs[0].array()[0].astype(np.float64)
    wanted = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert best[0][1] == pytest.approx(wanted.max(), rel=1e-12)


@pytest.mark.parametrize(("last", "kind"), [(nn.Softmax(1), "softmax"), (nn.LogSoftmax(1), "log")])
def test_top_takes_probabilities_as_they_are(last: nn.Module, kind: str) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), last).eval()
    trace = lw.trace(net, torch.randn(1, 1, 2, 2))
    given = trace.outputs[0].array()[0].astype(np.float64)
    chances = np.exp(given) if kind == "log" else given
    assert trace.top(3) == [(f"class {k}", chances[k]) for k in np.argsort(-chances)]


def test_a_bare_module_does_not_guess_how_to_prepare_a_picture() -> None:
    with pytest.raises(ImageError, match="nothing is known about how this network wants"):
        lw.trace(nn.Conv2d(3, 1, 3), "sample:dog")


def test_not_a_network_and_nothing_to_walk() -> None:
    with pytest.raises(ModelError, match="a str is not a network"):
        lw.trace("resnet18", "sample:dog")  # type: ignore[arg-type]
    with pytest.raises(ImageError, match="nothing to walk"):
        lw.trace(nn.ReLU())


def test_efficientnet_names_the_stem_as_documented() -> None:
    trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
    assert trace["features.0.conv"].kind == "conv2d"
    assert trace["features.0.conv"].array().shape == (1, 32, 112, 112)
    assert trace["features.0"].name == "features.0.act"
