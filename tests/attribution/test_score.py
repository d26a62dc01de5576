"""The score as a network: pictures together where that is the same, one by one where not."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from attributed_networks import picture, untidy
from layerwalk.attribution import target_of
from layerwalk.attribution.score import Score
from layerwalk.capture import record
from layerwalk.errors import CaptureError


class Coupled(nn.Module):
    """Each picture less the mean of all."""

    def forward(self, x: Tensor) -> Tensor:
        return ((x - x.mean(0, keepdim=True)) ** 2).mean((2, 3))


class Counting(nn.Module):
    """Its pictures are rows of a matrix on the way."""

    def forward(self, x: Tensor) -> Tensor:
        return x.transpose(0, 1).reshape(3, -1).sum(1, keepdim=True).t()


@pytest.mark.parametrize("sample", [0, 1])
def test_pictures_together(sample: int) -> None:
    model = untidy()
    trace = record(model, (picture(2),))
    score = Score(trace, target_of(trace, 3, sample))
    assert score.together
    assert score.row == 0
    other = picture(5)
    with torch.no_grad():
        torch.testing.assert_close(score(other), model(other)[:, 3].double())
        torch.testing.assert_close(score(score.picture), model(picture(2))[sample, 3:4].double())
        torch.testing.assert_close(score.alone(other[4:]), model(other)[4, 3].double())


@pytest.mark.parametrize("sample", [0, 1])
def test_pictures_that_depend_on_each_other_keep_their_company(sample: int) -> None:
    trace = record(Coupled(), (picture(2),))
    score = Score(trace, target_of(trace, 1, sample))
    assert not score.together
    assert score.row == sample
    others = picture(6)[3:]
    expected = []
    for other in others:
        batch = picture(2)
        batch[sample] = other
        expected.append(Coupled()(batch)[sample, 1].double())
    assert torch.equal(score(others), torch.stack(expected))


def test_pictures_that_cannot_run_together() -> None:
    trace = record(Counting(), (picture(),))
    score = Score(trace, target_of(trace, 2))
    assert not score.together
    others = picture(3)
    expected = [Counting()(other[None])[0, 2].double() for other in others]
    torch.testing.assert_close(score(others), torch.stack(expected))


def test_a_channels_score_is_its_sum() -> None:
    model = untidy()
    trace = record(model, (picture(),))
    score = Score(trace, target_of(trace, ("first", 2)))
    with torch.no_grad():
        expected = model.first(picture())[:, 2].double().sum((1, 2))
        torch.testing.assert_close(score(picture()), expected)


def test_runs_are_counted() -> None:
    trace = record(untidy(), (picture(),))
    score = Score(trace, target_of(trace, 3))
    rows: list[int] = []
    score.rows = rows.append
    with torch.no_grad():
        score(picture(4))
        score.alone(picture())
    assert rows == [4, 1]


def test_a_batch_that_the_input_has_not() -> None:
    class Doubled(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.cat([x, x]).mean((2, 3))

    trace = record(Doubled(), (picture(),))
    with pytest.raises(CaptureError, match="there is no picture 1"):
        Score(trace, target_of(trace, 0, 1))
