"""What channels contributed, as the page is told it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import layerwalk as lw
from layerwalk.attribution import contributions as worked_out
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.report.contributions import contribution_sheets
from layerwalk.surfaces.wire import AskContributions, AskDigests, ContributionSheet, Digest


@pytest.fixture(scope="module")
def digit() -> Trace:
    return lw.trace(lw.load_model("lenet5"), "sample:digits/3")


def test_the_shares_of_an_op(digit: Trace) -> None:
    library, found = Library(), worked_out(digit)
    sheet = answer(library, AskContributions(library.add(digit), 3))
    assert isinstance(sheet, ContributionSheet)
    shares = found.channels[3]
    assert shares is not None
    assert (sheet.op, sheet.target) == (3, found.target)
    assert sheet.score == pytest.approx(found.score, rel=1e-6)
    assert list(sheet.channels) == pytest.approx(list(shares), rel=1e-6)


def test_the_channels_that_mattered_stand_first(digit: Trace) -> None:
    library, found = Library(), worked_out(digit)
    key = library.add(digit)
    by_share = answer(library, AskDigests(key, (0, 3), "attribution"))
    by_strength = answer(library, AskDigests(key, (0, 3)))
    assert isinstance(by_share, tuple)
    assert isinstance(by_strength, tuple)
    for one, other in zip(by_share, by_strength, strict=True):
        assert isinstance(one, Digest)
        assert isinstance(other, Digest)
        assert list(one.strongest) == found.ranked(one.op)[:3]
        assert replace(one, strongest=other.strongest) == other
    assert by_share != by_strength


def test_a_report_holds_them(digit: Trace) -> None:
    sheets = contribution_sheets(digit)
    assert [sheet.op for sheet in sheets] == list(range(len(digit)))
    library = Library()
    assert sheets[5] == answer(library, AskContributions(library.add(digit), 5))


def test_a_network_without_classes() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    library = Library()
    key = library.add(trace)
    for ask in (AskContributions(key, 0), AskDigests(key, (0,), "attribution")):
        with pytest.raises(LayerwalkError, match="holds no class scores"):
            answer(library, ask)
    assert contribution_sheets(trace) == ()


def test_an_op_that_is_not_there(digit: Trace) -> None:
    library = Library()
    with pytest.raises(NotFoundError, match="there is no op 99"):
        answer(library, AskContributions(library.add(digit), 99))
