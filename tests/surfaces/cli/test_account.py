from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.recipes.explain import explain
from layerwalk.recipes.explanation import Explanation
from layerwalk.record import Trace
from layerwalk.surfaces.cli.account import account


def walk(module: nn.Module, *shape: int) -> Trace:
    torch.manual_seed(0)
    return lw.trace(module.eval(), torch.randn(shape))


def lines(found: Explanation, room: int | None = 80, most: int | None = 12) -> list[str]:
    return [line.plain.rstrip() for line in account(found, room, most=most)]


def table(found: Explanation, most: int | None = 12) -> list[list[str]]:
    """The words of the rows of terms."""
    said = lines(found, None, most)
    start, stop = (at for at, line in enumerate(said) if not line)
    return [line.split() for line in said[start + 2 : stop]]


def test_the_terms_of_a_convolution_largest_first_and_the_rest_summed() -> None:
    trace = walk(nn.Conv2d(2, 3, 3, padding=1), 1, 2, 6, 6)
    found = explain(trace, 0, (0, 2, 0, 3))
    image, kernel = trace.inputs[0].array(), trace[0].parameters[0].array()
    rows = table(found, 4)
    products = []
    for place, number, weight_place, weight, product in (row for row in rows[:4]):
        n, c, y, x = map(int, place.split(","))
        o, i, v, u = map(int, weight_place.split(","))
        assert (o, n, c, y - v, x - u) == (2, 0, i, -1, 2)
        assert float(number) == pytest.approx(image[n, c, y, x], rel=1e-5)
        assert float(weight) == pytest.approx(kernel[o, i, v, u], rel=1e-5)
        assert float(product) == pytest.approx(float(number) * float(weight), rel=1e-4)
        products.append(abs(float(product)))
    assert products == sorted(products, reverse=True)
    assert rows[4][:5] == ["...", "14", "more", "terms:", "sum"]
    shown = sum(float(row[-1]) for row in rows[:4])
    assert shown + float(rows[4][-1]) == pytest.approx(found.quantities[0][1].real, abs=1e-5)


def test_all_terms_in_the_order_of_reading_with_the_padding_marked() -> None:
    found = explain(walk(nn.Conv2d(1, 1, 3, padding=1), 1, 1, 5, 5), 0, (0, 0, 0, 0))
    said = lines(found, most=None)
    terms = [line for line in said if line.startswith("  0,0,")]
    assert [line.split()[0] for line in terms] == [
        f"0,0,{y},{x}" for y in (-1, 0, 1) for x in (-1, 0, 1)
    ]
    assert ["padding" in line for line in terms] == [True] * 4 + [False] * 2 + [True] + [False] * 2
    assert not any("more" in line for line in said)


def test_the_winner_of_max_pooling_and_the_runners_up() -> None:
    trace = walk(nn.MaxPool2d(3, 2, 1), 1, 1, 6, 6)
    found = explain(trace, 0, (0, 0, 0, 1))
    rows = table(found, 3)
    window = trace.inputs[0].array()[0, 0, 0:2, 1:4]
    best = np.sort(window.reshape(-1))[::-1]
    assert [float(row[1]) for row in rows[:3]] == pytest.approx(best[:3].tolist(), rel=1e-5)
    assert rows[0][2:] == ["<-", "chosen"]
    assert " ".join(rows[3]).startswith("... 3 more terms: the largest ")
    assert float(rows[3][-1]) == pytest.approx(best[3], rel=1e-5)
    assert " ".join(rows[4]) == "3 places of the window hold no input and make no term"


def test_the_winner_is_marked_among_all_terms_and_in_tall_rows() -> None:
    found = explain(walk(nn.MaxPool2d(3), 1, 1, 6, 6), 0, (0, 0, 1, 0))
    marked = [row for row in table(found, None) if row[-1] == "chosen"]
    best = max(found.terms, key=lambda term: term.result.real)
    assert [row[0] for row in marked] == [",".join(map(str, best.factors[0].index))]
    tall = [line for line in lines(found, 24, None) if line.endswith("<- chosen")]
    assert len(tall) == 1
    assert float(tall[0].split()[1]) == pytest.approx(found.total.real, rel=1e-5)


def test_long_names_give_way() -> None:
    name = "a_long_name_of_a_module_that_leaves_no_room_for_numbers_on_a_line_of_80"
    net = nn.Sequential()
    net.add_module(name, nn.BatchNorm2d(3))
    said = lines(explain(walk(net, 1, 3, 5, 5), 0, (0, 1, 2, 3)))
    assert any("..." in line and line.split()[1:] == ["1", "1"] for line in said)
    assert max(len(line) for line in said if "  1  " in line or line.endswith("number")) <= 80


def test_a_nan_wins_a_maximum() -> None:
    image = torch.tensor([[[[1.0, float("nan")], [5.0, 2.0]]]])
    found = explain(lw.trace(nn.MaxPool2d(2), image), 0, (0, 0, 0, 0))
    assert table(found, 2)[0] == ["0,0,0,1", "NaN", "<-", "chosen"]
    assert table(found, 2)[1][:2] == ["0,0,1,0", "5"]


def test_no_row_is_asked_for() -> None:
    said = lines(explain(walk(nn.MaxPool2d(3), 1, 1, 6, 6), 0, (0, 0, 1, 0)), most=0)
    assert "  no term" not in said
    assert any(line.startswith("  ... 9 more terms") for line in said)


def test_a_softmax_tells_its_peak_and_its_total() -> None:
    said = lines(explain(walk(nn.Softmax(1), 1, 5), 0, (0, 2)))
    names = [line.split()[0] for line in said[-6:] if line]
    assert names == ["peak", "total", "result", "recorded", "residue"]


def test_a_batch_norm_is_folded_and_unfolded() -> None:
    trace = walk(nn.BatchNorm2d(2), 1, 2, 3, 3)
    found = explain(trace, 0, (0, 1, 2, 2))
    said = lines(found)
    assert any("sqrt(running_var" in line for line in said)
    at = next(k for k, line in enumerate(said) if line.split()[:1] == ["folded"])
    assert float(said[at + 2].split()[-1]) == pytest.approx(found.total.real)


class Joined(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, x * 2], 1)[:, 1:].permute(0, 2, 1)


def test_what_is_moved_tells_where_it_came_from() -> None:
    trace = walk(Joined(), 1, 2, 3)
    for op in trace:
        if op.kind == "mul":
            continue
        found = explain(trace, op, (0, 1, 1))
        source, place = next((f.value, f.index) for f in found.terms[0].factors)
        said = lines(found)
        number = source.array()[place]
        where = f"  It comes from {source.name} at {','.join(map(str, place))}: {number:.6g}"
        assert where in said
        assert said[-1].split() == ["residue", "0,", "exactly"]


def test_where_it_came_from_goes_on_below_on_a_narrow_terminal() -> None:
    found = explain(walk(Joined(), 1, 2, 3), "cat", (0, 1, 1))
    wide, narrow = lines(found), lines(found, 30)
    at = next(k for k, line in enumerate(narrow) if line.startswith("  It comes from"))
    assert len(narrow[at]) <= 30
    assert narrow[at + 1].strip() == next(x for x in wide if "It comes" in x).split()[-1]


@pytest.mark.parametrize("room", [60, 80])
@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.Conv2d(200, 3, 3, padding=1), (1, 200, 12, 12)),
        (nn.Linear(3000, 2), (1, 3000)),
        (nn.LayerNorm(30), (1, 4, 30)),
        (nn.ConvTranspose2d(2, 2, 3, 2), (1, 2, 4, 4)),
        (nn.BatchNorm2d(3), (1, 3, 2, 2)),
        (nn.GELU(), (1, 3)),
        (nn.Sequential(*[nn.ZeroPad2d(1)] * 3), (1, 1, 2, 2)),
        (nn.Sequential(nn.Sequential(nn.Sequential(nn.Conv2d(30, 30, 3)))), (1, 30, 999, 12)),
    ],
)
def test_no_line_is_wider_than_the_terminal(
    module: nn.Module, shape: tuple[int, ...], room: int
) -> None:
    trace = walk(module, *shape)
    said = lines(explain(trace, 0, tuple(n - 1 for n in trace[0].shape)), room)
    assert max(map(len, said)) <= room, max(said, key=len)
