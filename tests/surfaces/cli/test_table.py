from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.record import Argument, Op, Trace
from layerwalk.surfaces.cli.table import op_lines
from layerwalk.surfaces.summary import OpSummary, summarise
from store.traces import Builder


def op_of(
    name: str, kind: str = "conv2d", shape: tuple[int, ...] = (1, 2), **settings: Argument
) -> Op:
    build = Builder()
    build.op(name, kind, (), (build.value("made", "result", np.zeros(shape)),), settings=settings)
    return build.ops[0]


def summary_of(op: Op, **counts: float) -> OpSummary:
    plain = {"low": -1.0, "high": 1.0, "parameters": 0, "zeros": 0, "nan": 0, "infinite": 0}
    return OpSummary(op=op, values=100, **{**plain, **counts})  # type: ignore[arg-type]


def lines(summaries: list[OpSummary], room: int | None) -> list[str]:
    return [line.plain.rstrip() for line in op_lines(summaries, room)]


LONG = op_of("features.denseblock4.denselayer16.conv2", groups=1000, dims=(0, 2, 3, 1), p=0.25)


def test_one_line_an_op_in_a_pipe() -> None:
    pointwise = op_of("layer1.conv2", kernel_size=(1, 1), stride=(2, 2), groups=1000)
    assert lines([summary_of(pointwise, parameters=1234567)], None) == [
        " #  op            kind and settings                output  parameters  low  high  zeros",
        " 0  layer1.conv2  conv2d 1x1 stride 2 groups 1000  1x2      1,234,567   -1     1     0%",
    ]


def test_long_settings_go_on_below_their_column() -> None:
    heading, first, second = lines([summary_of(LONG)], 112)
    assert heading.index("kind and settings") == first.index("conv2d")
    assert first.index("conv2d") == second.index("dims (0, 2, 3, 1) p 0.25")
    assert first.endswith("0%")


def test_two_lines_where_one_does_not_fit() -> None:
    rows = lines([summary_of(LONG, parameters=64)], 80)
    assert rows == [
        " #  op                                                                    output",
        "    kind and settings                               parameters  low  high  zeros",
        " 0  features.denseblock4.denselayer16.conv2                                  1x2",
        "    conv2d groups 1000 dims (0, 2, 3, 1) p 0.25             64   -1     1     0%",
    ]


def test_a_real_network_on_usual_terminals(lite0: Trace) -> None:
    summaries = list(summarise(lite0))
    assert len(lines(summaries, None)) == len(lines(summaries, 120)) == 1 + 149
    rows = lines(summaries, 80)
    assert len(rows) == 2 + 2 * 149
    assert max(map(len, rows)) == 80
    assert [row.split()[1] for row in rows[2::2]] == [op.name for op in lite0]


def test_a_short_table_takes_one_line_on_any_terminal() -> None:
    assert len(lines([summary_of(op_of("conv"))], 70)) == 2
    assert len(lines([summary_of(op_of("conv"))], 40)) == 4


def test_a_name_longer_than_the_terminal_is_whole() -> None:
    name = "module." * 20 + "end"
    rows = lines([summary_of(op_of(name))], 60)
    assert [row[4:60].removesuffix("1x2").strip() for row in rows[2:5]] == [
        name[:56],
        name[56:112],
        name[112:],
    ]
    assert rows[4].endswith("  1x2")
    exact = lines([summary_of(op_of("x" * 56))], 60)
    assert exact[2:4] == [" 0  " + "x" * 56, "1x2".rjust(60)]


def test_flaws_are_told_beside_the_kind() -> None:
    row = lines([summary_of(op_of("a"), nan=3, infinite=1200)], None)[1]
    assert "conv2d 3 NaN, 1,200 infinite" in row


def test_an_op_without_a_value() -> None:
    build = Builder()
    build.op("a", "set", (), ())
    bare = OpSummary(build.ops[0], 0, 0, math.nan, math.nan, 0, 0, 0)
    assert lines([bare], None)[1] == " 0  a   set                no value"


def test_no_op_is_a_heading() -> None:
    assert lines([], 80) == [" #  op  kind and settings  output  parameters  low  high  zeros"]


words = st.text("abc.é漢_0", min_size=1, max_size=90)


@given(
    st.lists(st.tuples(words, words, st.integers(0, 10**9)), min_size=1, max_size=4),
    st.integers(60, 200),
)
@settings(max_examples=80)
def test_no_line_is_wider_than_the_terminal(ops: list[tuple[str, str, int]], room: int) -> None:
    summaries = [
        summary_of(op_of(name, kind, (1, 2, 3), other=kind), parameters=count, low=-1.234e-9)
        for name, kind, count in ops
    ]
    told = list(op_lines(summaries, room))
    assert max(line.cell_len for line in told) <= room
    # Nothing is cut: every letter of every name is there.
    everything = re.sub(r"\s", "", "".join(line.plain for line in told))
    for name, _, _ in ops:
        assert not set(name) - set(everything)


@pytest.mark.parametrize("room", [None, 60, 80, 110, 160])
def test_every_op_is_told(room: int | None) -> None:
    summaries = [summary_of(op_of(f"op{at}")) for at in range(12)]
    text = "\n".join(lines(summaries, room))
    assert all(f"op{at} " in text or f"op{at}\n" in text for at in range(12))
