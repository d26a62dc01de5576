from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.render.figures import WeightImages, weight_images

LooksLike = Callable[[Figure, str], None]
Images = Callable[[Figure], list[NDArray[np.uint8]]]


def layer(name: str, *shape: int, most: float = 1.0) -> WeightImages:
    every = np.linspace(-most / 2, most, int(np.prod(shape))).reshape(shape)
    return WeightImages(name, "facts", every, every, range(shape[0]))


def test_zero_is_white_and_each_layer_has_its_own_range(
    texts: Callable[[Figure], list[str]], images: Images
) -> None:
    zeros = np.zeros((2, 1, 28, 28))
    one = WeightImages("mlp", "2 neurons", zeros, np.array([-0.25, 0.5]), [7, 300])
    figure = weight_images([one, layer("c1", 6, 1, 5, 5, most=2.0)])
    words = texts(figure)
    assert {"mlp", "c1", "7", "300", "0.5000", "2"} <= set(words)
    white = [picture for picture in images(figure) if (picture == 255).all()]
    assert len([one for one in white if one.shape[0] == one.shape[1]]) == 2


def test_channels_stand_side_by_side(images: Images) -> None:
    figure = weight_images([layer("conv", 4, 3, 7, 7)])
    planes = [picture for picture in images(figure) if picture.shape[0] == picture.shape[1]]
    assert len(planes) == 4 * 3


@pytest.mark.parametrize("shape", [(4, 5, 5), (0, 1, 5, 5)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(LayerwalkError, match="no pictures"):
        weight_images([layer("a", *shape)])
    with pytest.raises(LayerwalkError, match="no weights"):
        weight_images([])


def test_it_looks_as_before(looks_like: LooksLike) -> None:
    layers = [layer("mlp: hidden_1", 6, 1, 28, 28), layer("lenet5: c1", 4, 1, 5, 5, most=0.5)]
    looks_like(weight_images(layers, title="First weights"), "versus-weights")
