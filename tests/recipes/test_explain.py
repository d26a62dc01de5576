"""Ask a number how it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import layerwalk as lw
from capture.networks import Net
from layerwalk.capture import record
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.recipes.explain import explain, explain_all
from layerwalk.record import Trace


@pytest.fixture
def walk() -> Trace:
    generator = torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1, stride=2, bias=True), nn.ReLU(), nn.MaxPool2d(2, padding=1)
    )
    return record(net.eval(), (torch.randn(1, 2, 6, 5, generator=generator),))


def test_the_terms_of_a_convolution_against_loops(walk: Trace) -> None:
    x, weight, bias = (value.array() for value in walk["0"].inputs)
    found = explain(walk, "0", (0, 1, 0, 2))
    expected = []
    for i in range(2):
        for u in range(3):
            for v in range(3):
                y, x_ = 0 * 2 + u - 1, 2 * 2 + v - 1
                inside = 0 <= y < 6 and 0 <= x_ < 5
                number = float(x[0, i, y, x_]) if inside else 0.0
                expected.append(((0, i, y, x_), number, not inside, float(weight[1, i, u, v])))
    told = [
        (t.factors[0].index, t.factors[0].number, t.factors[0].padding, t.factors[1].number)
        for t in found.terms
    ]
    assert told == expected
    assert [t.factors[1].index for t in found.terms][:3] == [(1, 0, 0, k) for k in range(3)]
    assert all(t.result == t.factors[0].number * t.factors[1].number for t in found.terms)
    assert found.bias == float(bias[1])
    assert found.combine == "sum"
    assert found.formula == "sum + 0.bias"
    assert found.total == pytest.approx(sum(t.result for t in found.terms) + float(bias[1]))
    assert found.recorded == float(walk["0"].array()[0, 1, 0, 2])
    assert found.residue == found.recorded - found.total
    assert abs(found.residue) <= 1e-6 * found.scale
    sizes = sum(abs(t.result) for t in found.terms) + abs(float(bias[1]))
    assert found.scale == pytest.approx(sizes)


def test_the_winner_of_a_pooling_and_what_lies_outside(walk: Trace) -> None:
    found = explain(walk, "2", (0, 0, 0, 0))
    given = walk["2"].inputs[0].array()
    assert [t.factors[0].index for t in found.terms] == [(0, 0, 0, 0)]  # the rest is padding
    found = explain(walk, "2", (0, 0, 1, 1))
    window = given[0, 0, 1:3, 1:3]
    assert len(found.terms) == window.size
    ranked = [found.terms[int(k)].result for k in found.terms.order(by_size=False)]
    assert ranked == sorted((float(n) for n in window.ravel()), reverse=True)
    assert (found.total, found.residue) == (ranked[0], 0)


def test_a_formula_has_one_term_of_all_it_reads() -> None:
    trace = record(Net(lambda _self, x: x + x[:1]), (torch.arange(6.0).reshape(2, 3),))
    found = explain(trace, "add", (1, 2))
    (term,) = found.terms
    assert [(f.value.name, f.index, f.number) for f in term.factors] == [
        ("input", (1, 2), 5.0),
        ("slice", (0, 2), 2.0),
    ]
    assert (found.combine, found.total, found.residue) == ("", 7.0, 0)


def test_many_at_once_are_what_each_is_alone(walk: Trace) -> None:
    places = [(0, c, y, x) for c in range(3) for y in range(3) for x in range(3)]
    for place, one in zip(places, explain_all(walk, "0", places), strict=True):
        alone = explain(walk, "0", place)
        assert one.index == place
        assert (one.total, one.recorded, one.scale) == (alone.total, alone.recorded, alone.scale)
        assert np.array_equal(one.terms.places[0], alone.terms.places[0])
        assert [t.result for t in one.terms] == [t.result for t in alone.terms]


def test_terms_are_a_sequence(walk: Trace) -> None:
    terms = explain(walk, "0", (0, 0, 1, 1)).terms
    assert len(terms) == len(list(terms)) == 18
    assert terms[-1] == terms[17]
    assert terms[2:4] == [terms[2], terms[3]]
    with pytest.raises(IndexError):
        terms[18]
    sizes = [abs(term.result) for term in terms.largest(18)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("op", "index", "says"),
    [
        ("0", (0, 3, 0, 0), r"position 3 of dimension 1 is outside of shape \(1, 3, 3, 3\)"),
        ("0", (0, 0, -1, 0), "position -1 of dimension 2"),
        ("0", (0, 0), r"\(0, 0\) is no position in shape \(1, 3, 3, 3\)"),
        ("0", (0, 0, 1.5, 0), r"\(0, 0, 1.5, 0\) is no position"),
        ("nowhere", (0, 0), "there is no op 'nowhere'"),
        (99, (0,), "there is no op 99"),
    ],
)
def test_questions_without_an_answer(
    walk: Trace, op: str | int, index: tuple[Any, ...], says: str
) -> None:
    with pytest.raises(NotFoundError, match=says):
        explain(walk, op, index)


def test_an_output_that_is_not_there(walk: Trace) -> None:
    with pytest.raises(NotFoundError, match="it made 1"):
        explain(walk, "0", (0, 0, 0, 0), output=1)


def test_an_op_without_a_recipe() -> None:
    trace = record(nn.GRU(3, 4), (torch.randn(2, 1, 3),))
    with pytest.raises(NotFoundError, match="how a number of this gru is made is not known"):
        explain(trace, next(op.name for op in trace if op.kind == "gru"), (0, 0, 0))


def test_a_file_without_weights_says_so(walk: Trace, tmp_path: Path) -> None:
    opened = lw.open(walk.save(tmp_path / "a.safetensors", weights=False))
    with pytest.raises(LayerwalkError, match="weight"):
        explain(opened, "0", (0, 0, 0, 0))
    assert explain(opened, "1", (0, 0, 0, 0)).residue == 0


def test_a_saved_trace_explains_the_same(walk: Trace, tmp_path: Path) -> None:
    opened = lw.open(walk.save(tmp_path / "a.safetensors"))
    one, other = (explain(trace, "0", (0, 2, 1, 1)) for trace in (walk, opened))
    assert (one.total, one.recorded) == (other.total, other.recorded)
    assert list(map(repr, one.terms)) == list(map(repr, other.terms))


def test_numbers_that_are_not_finite() -> None:
    trace = record(nn.ReLU(), (torch.tensor([float("nan"), float("inf"), -float("inf")]),))
    found = explain_all(trace, 0, [(0,), (1,), (2,)])
    assert [e.residue for e in found] == [0, 0, 0]
    assert found[0].total != found[0].total


def test_half_precision_is_explained_in_full() -> None:
    net = nn.Conv2d(2, 2, 3).half()
    trace = record(net, (torch.randn(1, 2, 5, 5).half(),))
    found = explain(trace, 0, (0, 0, 0, 0))
    assert abs(found.residue) <= 2.0**-10 * found.scale


def test_the_input_is_only_read(walk: Trace) -> None:
    before = walk.inputs[0].array().copy()
    explain(walk, "0", (0, 0, 0, 0))
    assert np.array_equal(walk.inputs[0].array(), before)


def test_what_a_term_was_multiplied_by_besides() -> None:
    def resize(_self: Any, x: Tensor) -> Tensor:
        return F.interpolate(x, size=(3, 3), mode="bilinear", align_corners=True)

    trace = record(Net(resize), (torch.tensor([[[[0.0, 4.0], [8.0, 2.0]]]]),))
    found = explain(trace, 0, (0, 0, 1, 0))
    told = [(t.factors[0].number, t.weight, t.result) for t in found.terms if t.weight]
    assert told == [(0.0, 0.5, 0.0), (8.0, 0.5, 4.0)]
    query, key, value = torch.randn(3, 1, 2, 4, generator=torch.Generator().manual_seed(0))
    attend = Net(lambda _self, *given: F.scaled_dot_product_attention(*given))
    terms = explain(record(attend, (query, key, value)), 0, (0, 1, 2)).terms
    weights = torch.softmax(query[0, 1] @ key[0].T / 2, 0).tolist()
    assert [term.weight for term in terms] == pytest.approx(weights, rel=1e-6)
    assert [term.factors[0].index for term in terms] == [(0, 0, 2), (0, 1, 2)]


def test_a_plain_product_has_no_weight(walk: Trace) -> None:
    assert explain(walk, "0", (0, 0, 0, 0)).terms[0].weight is None
