from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.learn.contest.first_layer import first_layer


def walked(module: nn.Module, *shape: int) -> lw.Trace:
    image = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    return lw.trace(module.eval(), image)


def jacobian_row(module: nn.Module, trace: lw.Trace, index: tuple[int, ...]) -> np.ndarray:
    """How one output depends on every number of the input, by autograd."""
    given = torch.from_numpy(trace.inputs[0].array().copy()).requires_grad_()
    (row,) = torch.autograd.grad(module(given)[index], given)
    return row.numpy()


def test_lenet_shares_its_weights_and_the_dense_network_does_not() -> None:
    counted = first_layer(lw.trace(lw.load_model("lenet5"), "sample:digits/0")).connections()
    assert (counted.neurons, counted.each) == (6 * 28 * 28, 25)
    assert (counted.connections, counted.weights, counted.shared) == (117_600, 150, 784)
    counted = first_layer(lw.trace(lw.load_model("mlp"), "sample:digits/0")).connections()
    assert (counted.neurons, counted.each) == (512, 784)
    assert (counted.connections, counted.weights, counted.shared) == (401_408, 401_408, 1)


@pytest.mark.parametrize(
    ("module", "index"),
    [
        (nn.Sequential(nn.Flatten(), nn.Linear(2 * 6 * 5, 7)), (1, 3)),
        (nn.Conv2d(2, 4, 3, padding=1), (0, 2, 0, 0)),
        (nn.Conv2d(2, 4, (3, 2), stride=2, dilation=(1, 2)), (1, 3, 1, 1)),
    ],
)
def test_pixels_and_weights_of_a_neuron_are_autograds(
    module: nn.Module, index: tuple[int, ...]
) -> None:
    trace = walked(module, 2, 2, 6, 5)
    neuron = first_layer(trace).neuron(index)
    found = np.zeros(trace.inputs[0].shape)
    found[tuple(neuron.pixels.T)] = neuron.weights
    np.testing.assert_allclose(found, jacobian_row(module, trace, index), rtol=1e-6)


def test_what_only_moves_the_pixels_may_come_before() -> None:
    class Turned(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.drop = nn.Dropout(0.5)
            self.out = nn.Linear(30, 4)

        def forward(self, x: Tensor) -> Tensor:
            return self.out(self.drop(x).transpose(2, 3).reshape(x.shape[0], -1))  # type: ignore[no-any-return]

    module = Turned()
    trace = walked(module, 1, 1, 6, 5)
    layer = first_layer(trace)
    images = layer.weight_images()
    assert images.shape == (4, 1, 6, 5)
    for neuron in range(4):
        wanted = jacobian_row(module, trace, (0, neuron))[0]
        np.testing.assert_allclose(images[neuron], wanted, rtol=1e-6)


def test_filters_are_drawn_as_they_are() -> None:
    module = nn.Conv2d(3, 4, 5)
    images = first_layer(walked(module, 1, 3, 8, 8)).weight_images()
    np.testing.assert_array_equal(images, module.weight.detach().numpy())


def test_a_layer_behind_others_is_refused_in_a_sentence() -> None:
    module = nn.Sequential(nn.ReLU(), nn.Flatten(), nn.Linear(30, 4))
    with pytest.raises(NotFoundError, match=r"does not read the pixels: 0 \(relu\) comes before"):
        first_layer(walked(module, 1, 1, 6, 5))
    with pytest.raises(NotFoundError, match="no layer that reads the pixels"):
        first_layer(walked(nn.Flatten(), 1, 1, 6, 5))


def test_a_row_of_weights_for_parts_of_a_picture_is_no_picture() -> None:
    layer = first_layer(walked(nn.Linear(5, 4), 1, 1, 6, 5))
    with pytest.raises(NotFoundError, match="laid out as pictures"):
        layer.weight_images()
