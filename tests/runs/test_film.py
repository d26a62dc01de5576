"""A run as a film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.learn.moments import every
from layerwalk.runs import Run
from layerwalk.runs.film import learning_film
from learn.loop import SmallNet, probes, train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    torch.manual_seed(2)
    net = SmallNet()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with lw.watch(
        net,
        probes(),
        optimizer=optimizer,
        run=tmp_path_factory.mktemp("film") / "run",
        moments=every(3),
        overhead=None,
        probe_labels=[3, 1, 4],
    ) as watch:
        train(net, optimizer, watch, 8)
    return watch.run


def test_each_picture_is_a_stored_step(run: Run) -> None:
    film = learning_film(run, sample=1)
    assert [moment.step for moment in film.moments] == [0, 3, 6, 8]
    for moment in film.moments:
        trace = run.trace(moment.step)
        assert np.array_equal(moment.kernels, trace["conv"].parameters[0].array()[:, 0])
        assert np.array_equal(moment.maps, trace["conv"].array()[1])
        assert moment.scores.sum() == pytest.approx(1)
    assert film.truth == 1
    assert film.kernels == "conv: 4 kernels of 5 x 5"
    assert film.probe is not None
    assert film.probe.shape == (28, 28, 1)
    (loss,) = film.curves
    assert np.array_equal(loss.values, run.series["loss"].values)


def test_another_op_can_be_shown(run: Run) -> None:
    film = learning_film(run, op="out")
    assert film.moments[0].maps.shape == (1, 2, 5)
    assert film.moments[0].kernels.shape == (10, 1, 256)
    with pytest.raises(NotFoundError, match="there is no op 'nose'"):
        learning_film(run, op="nose")
    with pytest.raises(NotFoundError, match="there is no probe 3; there are 3, from 0"):
        learning_film(run, sample=3)


def test_a_dense_layer_over_pixels_is_drawn_as_pictures(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 6), nn.ReLU(), nn.Linear(6, 10))
    run = lw.watch(net, probes(), run=tmp_path / "run").close()
    film = learning_film(run)
    weight = run.trace(0)["1"].parameters[0].array()
    assert np.array_equal(film.moments[0].kernels, weight.reshape(6, 28, 28))
    assert film.moments[0].maps.shape == (1, 2, 3)


def test_a_gif_has_every_step(run: Run, tmp_path: Path) -> None:
    path = run.film(tmp_path / "run.gif")
    with Image.open(path) as picture:
        assert getattr(picture, "n_frames", 1) == 4


def test_nothing_stored_is_said(tmp_path: Path) -> None:
    run = lw.watch(SmallNet(), probes(), run=tmp_path / "run").close()
    run.folder.trace(0).unlink()
    with pytest.raises(NotFoundError, match="no step is stored yet"):
        learning_film(run)
