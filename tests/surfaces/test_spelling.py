from __future__ import annotations

import numpy as np
import pytest

from layerwalk.record import Argument, Op, Symbol, Trace
from layerwalk.surfaces.spelling import (
    spell_bytes,
    spell_chance,
    spell_number,
    spell_outputs,
    spell_settings,
    spell_shape,
    spell_share,
)
from store.traces import Builder


def op_of(kind: str, **settings: Argument) -> Op:
    build = Builder()
    made = build.value("made", "result", np.zeros((1, 2)))
    build.op("op", kind, (), (made,), settings=settings)
    return build.ops[0]


def test_the_settings_of_a_real_network(lite0: Trace) -> None:
    said = {op.name: " ".join(spell_settings(op)) for op in lite0}
    assert said["features.0.pad"] == "1 right, 1 bottom"
    assert said["features.0.conv"] == "3x3 stride 2"
    assert said["features.0.norm"] == "eps 0.001"
    assert said["features.0.act"] == ""
    assert said["features.3.depthwise.conv"] == "3x3 padding 1 groups 144"
    assert said["features.3.add"] == ""
    assert said["pool"] == "to 1x1"
    assert said["dropout"] == "p 0.2 off"


def test_pooling_says_its_stride_even_where_it_is_one() -> None:
    pool = op_of("max_pool2d", kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), ceil_mode=False)
    assert spell_settings(pool) == ("3x3", "stride 1", "padding 1")


def test_what_differs_from_the_defaults_is_said() -> None:
    conv = op_of(
        "conv2d",
        kernel_size=(3, 5),
        stride=(2, 1),
        padding=((0, 1), (2, 3)),
        dilation=(2, 2),
        groups=4,
        padding_mode="reflect",
    )
    assert spell_settings(conv) == (
        "3x5",
        "stride 2x1",
        "padding (0, 1)x(2, 3)",
        "dilation 2",
        "groups 4",
        "padding mode reflect",
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"dtype": Symbol("dtype", "float16")}, ("float16",)),
        ({"dims": (0, -1, True, None)}, ("dims (0, -1, True, None)",)),
        ({"other": 0.1767766952966369}, ("other 0.176777",)),
        ({"alpha": 1}, ()),
        ({"alpha": 2}, ("alpha 2",)),
        ({"keepdim": True}, ("keepdim",)),
        ({"dtype": Symbol("dtype", "float32"), "eps": 1e-5, "device": "cpu"}, ()),
        ({"eps": 1e-6}, ("eps 1e-06",)),
        ({"ceil_mode": True, "count_include_pad": False}, ("ceil mode", "count include pad False")),
        ({"name": "gelu"}, ("name gelu",)),
        ({"padding": ()}, ("padding ",)),
    ],
)
def test_any_argument_is_spelled(settings: dict[str, Argument], said: tuple[str, ...]) -> None:
    assert spell_settings(op_of("op", **settings)) == said


@pytest.mark.parametrize(
    ("kind", "settings", "said"),
    [
        ("to", {"dtype": Symbol("dtype", "float32"), "copy": False}, ("float32",)),
        ("mul", {"other": 0.5}, ("by 0.5",)),
        ("pad", {"pad": (1, 0, 2, 3), "mode": "reflect"},
         ("1 left, 2 top, 3 bottom", "mode reflect")),
        ("pad", {"pad": (2, 2, 2, 2), "mode": "constant"}, ("2 on each side",)),
        ("pad", {"pad": (0, 0)}, ("0 on each side",)),
        ("lstm", {"has_biases": True, "num_layers": 2, "dropout": 0.0, "train": False,
                  "bidirectional": True, "batch_first": False},
         ("num layers 2", "bidirectional")),
        ("slice", {"dim": 2, "start": 0, "end": 2**63 - 1, "step": 2}, ("dim 2", "step 2")),
    ],
)  # fmt: skip
def test_what_says_nothing_is_left_out(
    kind: str, settings: dict[str, Argument], said: tuple[str, ...]
) -> None:
    assert spell_settings(op_of(kind, **settings)) == said


def test_numbers_can_be_pasted() -> None:
    assert float(spell_number(-12.3456)) == -12.35
    assert float(spell_number(-1.234e-9)) == -1.234e-9
    assert spell_number(float("-inf")) == "-inf"


def test_a_share_is_rounded_neither_to_none_nor_to_all() -> None:
    assert spell_share(1 / 3_000_000) == "<0.1%"
    assert spell_share(1 - 1 / 3_000_000) == ">99.9%"
    assert spell_share(float("nan")) == ""
    assert (spell_share(0.0), spell_share(1.0)) == ("0%", "100%")


def test_a_chance_is_rounded_neither_to_none_nor_to_certain() -> None:
    assert spell_chance(1e-12) == "<0.01%"
    assert spell_chance(1 - 1e-12) == ">99.9%"
    assert (spell_chance(0.0), spell_chance(1.0)) == ("0.00%", "100.0%")


def test_several_outputs_and_none() -> None:
    build = Builder()
    first, second = (build.value(name, "result", np.zeros((2, 3))) for name in "ab")
    build.op("chunk", "chunk", (), (first, second))
    build.op("nothing", "set", (), ())
    assert [spell_outputs(op) for op in build.ops] == ["2x3 + 1 more", "no value"]
    assert spell_shape(()) == "scalar"


def test_bytes() -> None:
    sizes = [0, 999, 1000, 9_949, 10_500, 999_600, 5_200_000, 3_000_000_000_000]
    assert [spell_bytes(size) for size in sizes] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "9.9 kB",
        "10 kB",
        "1.0 MB",
        "5.2 MB",
        "3000 GB",
    ]
