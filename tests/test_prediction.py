"""From the network's last output to probabilities."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.prediction import probabilities

X = torch.tensor([[4.0, 4.0, -4.0]])


class Ends(nn.Module):
    def __init__(self, *ends: nn.Module) -> None:
        super().__init__()
        self.ends = nn.Sequential(*ends)

    def forward(self, x: Tensor) -> Tensor:
        last: Tensor = self.ends(x)
        return last


def chances(*ends: nn.Module, x: Tensor = X) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return probabilities(lw.trace(Ends(*ends).eval(), x))


def test_logits_go_through_a_softmax_in_float64() -> None:
    wanted = torch.softmax(X.double(), 1)[0].numpy()
    assert np.allclose(chances(nn.Hardtanh(-9, 9)), wanted, rtol=1e-12)


@pytest.mark.parametrize("after", [nn.Dropout(), nn.Flatten(), nn.Unflatten(1, (3,))])
def test_a_softmax_is_not_taken_twice(after: nn.Module) -> None:
    once = torch.softmax(X, 1)[0].double().numpy()
    assert (chances(nn.Softmax(1), after) == once).all()


def test_rows_that_are_probabilities_already() -> None:
    class Clamped(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.softmax(1).clamp(1e-6)

    assert (chances(Clamped()) == X.softmax(1).clamp(1e-6)[0].double().numpy()).all()


def test_a_sigmoid_is_taken_as_it_is() -> None:
    assert (chances(nn.Sigmoid()) == X.sigmoid()[0].double().numpy()).all()


def test_a_log_softmax_is_exponentiated() -> None:
    logs = X.log_softmax(1)[0].double().numpy()
    assert (chances(nn.LogSoftmax(1)) == np.exp(logs)).all()


def test_a_softmax_over_the_batch_makes_no_probabilities_of_classes() -> None:
    wanted = torch.softmax(torch.ones(1, 3).double(), 1)[0].numpy()
    assert np.allclose(chances(nn.Softmax(0)), wanted)


@pytest.mark.parametrize("shape", [(1, 1), (3,), (1, 2, 2)])
def test_what_is_not_a_row_of_scores(shape: tuple[int, ...]) -> None:
    with pytest.raises(NotFoundError, match=r"needs a classifier whose output is \(N, classes\)"):
        chances(nn.ReLU(), x=torch.ones(shape))


def test_too_few_classes_cannot_be_asked_for() -> None:
    with pytest.raises(NotFoundError, match="no -1 classes"):
        lw.trace(nn.ReLU(), X).top(-1)


def test_names_and_indexes_that_a_trace_has() -> None:
    trace = lw.trace(nn.Sequential(nn.ReLU(), nn.Tanh()), X)
    assert "0" in trace
    assert trace[1] in trace
    assert "2" not in trace
    assert 5 not in trace
    with pytest.raises(NotFoundError, match=r"neither a name nor an index; trace\.ops takes"):
        trace[0:1]  # type: ignore[index]
