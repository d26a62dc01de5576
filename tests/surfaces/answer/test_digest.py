"""What an output holds, in short, against numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer, encoded
from layerwalk.surfaces.answer.digest import digest_of
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskDigests, Digest


class Given(nn.Module):
    """Gives back what it was made with."""

    def __init__(self, tensor: Tensor) -> None:
        super().__init__()
        self.given = tensor

    def forward(self, _: Tensor) -> Tensor:
        return self.given.clone()


def digest(tensor: Tensor, axis: int = 1) -> Digest:
    (op,) = lw.trace(Given(tensor), torch.zeros(1))
    return digest_of(op, axis)


def test_every_op_of_a_network(lite0: Trace) -> None:
    library = Library()
    found = answer(library, AskDigests(library.add(lite0), tuple(range(len(lite0)))))
    assert isinstance(found, tuple)
    for one, op in zip(found, lite0, strict=True):
        assert isinstance(one, Digest)
        array = op.array()
        assert (one.op, one.size) == (op.index, array.size)
        assert (one.low, one.high) == (float(array.min()), float(array.max()))
        assert one.zeros == int((array == 0).sum())
        means = np.abs(array[0]).reshape(array.shape[1], -1).mean(1, dtype=np.float64)
        assert np.allclose(np.sort(means)[::-1][:3], means[list(one.strongest)], rtol=1e-5)


def test_of_several_pictures_all_are_counted_and_the_first_ranks() -> None:
    tensor = torch.zeros(2, 3, 2, 2)
    tensor[0, 2], tensor[1, 0] = -1, 9
    assert digest(tensor) == Digest(0, -1.0, 9.0, 16, 0, 0, 24, (2, 0, 1))


def test_channels_may_be_last() -> None:
    tensor = torch.zeros(1, 2, 2, 5)
    tensor[..., 4], tensor[..., 1] = 3, -4
    assert digest(tensor, -1).strongest == (1, 4, 0)


def test_a_picture_without_a_batch_has_channels_too() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
    trace = lw.trace(network.eval(), torch.randn(3, 9, 12))
    library = Library()
    found = answer(library, AskDigests(library.add(trace), (0, 1, 2)))
    assert isinstance(found, tuple)
    for one, op in zip(found, trace, strict=True):
        assert isinstance(one, Digest)
        means = np.abs(op.array()).mean((1, 2))
        assert one.strongest == tuple(np.argsort(-means)[:3])


@pytest.mark.parametrize(
    ("numbers", "low", "high", "nan", "infinite"),
    [
        ([1.0, float("nan")], 1.0, 1.0, 1, 0),
        ([float("inf"), float("-inf")], None, None, 0, 2),
        ([float("nan")], None, None, 1, 0),
        ([], None, None, 0, 0),
    ],
)
def test_what_is_no_finite_number(
    numbers: list[float], low: float | None, high: float | None, nan: int, infinite: int
) -> None:
    found = digest(torch.tensor([numbers]))
    assert (found.low, found.high, found.nan, found.infinite) == (low, high, nan, infinite)
    assert b"NaN" not in encoded(found)


@pytest.mark.parametrize("shape", [(), (7,)])
def test_what_has_no_channels(shape: tuple[int, ...]) -> None:
    assert digest(torch.ones(shape)).strongest == ()


def test_magnitudes_of_complex_numbers() -> None:
    found = digest(torch.tensor([[3 + 4j, 0j]]))
    assert (found.low, found.high, found.zeros) == (0.0, 5.0, 1)


def test_truth_values_and_whole_numbers() -> None:
    assert digest(torch.tensor([[True, False]])).high == 1.0
    assert digest(torch.tensor([[-3, 5]], dtype=torch.int64)).low == -3.0


def test_an_op_that_is_not_there(edges: Trace) -> None:
    library = Library()
    with pytest.raises(NotFoundError, match="there is no op 3"):
        answer(library, AskDigests(library.add(edges), (0, 3)))


def test_a_digest_is_made_once(edges: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    key = library.add(edges)
    first = answer(library, AskDigests(key, (0, 1, 2)))
    monkeypatch.setattr("layerwalk.surfaces.answer.digest.digest_of", pytest.fail)
    assert answer(library, AskDigests(key, (2, 1, 0))) == tuple(reversed(first))  # type: ignore[arg-type]
