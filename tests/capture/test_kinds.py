"""One kind for one operation, however it was spelled, and its settings in one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from capture.networks import Net, photo
from layerwalk.capture import record
from layerwalk.capture.kinds import kind_of
from layerwalk.record import Argument, Op

Call = Callable[[Tensor], Any]
ATEN = torch.ops.aten


def op_of(call: Call, x: Tensor | None = None) -> Op:
    """The one op that a call comes to."""
    (op,) = record(Net(lambda _self, x: call(x)).eval(), (photo() if x is None else x,))
    return op


def some(op: Op, wanted: Mapping[str, Argument]) -> dict[str, Argument]:
    """The settings that a test asks for; a missing one fails it."""
    return {name: op.settings[name] for name in wanted}


# -- convolution ----------------------------------------------------------------------------

W = torch.ones(4, 3, 3, 3)
SINGLE = torch.ones(3, 1, 3, 3)
PLAIN: dict[str, Argument] = {
    "kernel_size": (3, 3),
    "stride": (1, 1),
    "padding": (0, 0),
    "dilation": (1, 1),
    "groups": 1,
    "padding_mode": "zeros",
}


@pytest.mark.parametrize(
    ("call", "changed"),
    [
        (nn.Conv2d(3, 4, 3), {}),
        (nn.Conv2d(3, 4, 3, bias=False), {}),
        (lambda x: F.conv2d(x, W), {}),
        (lambda x: torch.conv2d(x, W), {}),
        (lambda x: F.conv2d(x, W, stride=2, padding=1), {"stride": (2, 2), "padding": (1, 1)}),
        (lambda x: F.conv2d(x, W, stride=[2], padding=(1,)), {"stride": (2, 2), "padding": (1, 1)}),
        (lambda x: F.conv2d(x, W, stride=(2, 1)), {"stride": (2, 1)}),
        (lambda x: F.conv2d(x, W, dilation=2), {"dilation": (2, 2)}),
        (lambda x: F.conv2d(x, W, padding="valid"), {}),
        (lambda x: F.conv2d(x, W, padding="same"), {"padding": (1, 1)}),
        (
            lambda x: F.conv2d(x, W, padding="same", dilation=(1, 3)),
            {"padding": (1, 3), "dilation": (1, 3)},
        ),
        (lambda x: F.conv2d(x, SINGLE, groups=3), {"groups": 3}),
        (
            lambda x: torch.convolution(x, W, None, (1, 2), (1, 0), (1, 1), False, (0, 0), 1),
            {"stride": (1, 2), "padding": (1, 0)},
        ),
        (lambda x: ATEN.convolution(x, W, None, [2], [1], [1], False, [0], 1),
         {"stride": (2, 2), "padding": (1, 1)}),
        (lambda x: ATEN._convolution(x, W, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1,
                                     False, False, True, True), {}),
        (lambda x: ATEN.mkldnn_convolution(x, W, None, [0, 0], [1, 1], [1, 1], 1), {}),
    ],
)  # fmt: skip
def test_every_spelling_of_conv2d(call: Call, changed: dict[str, Argument]) -> None:
    op = op_of(call)
    assert op.kind == "conv2d"
    assert some(op, PLAIN) == {**PLAIN, **changed}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize(
    ("kernel", "dilation", "padding"),
    [
        ((3, 3), (1, 1), (1, 1)),
        ((1, 1), (1, 1), (0, 0)),
        ((2, 2), (1, 1), ((0, 1), (0, 1))),
        ((4, 3), (1, 1), ((1, 2), (1, 1))),
        ((2, 4), (1, 2), ((0, 1), (3, 3))),
        ((2, 4), (2, 2), (1, 3)),
        ((4, 2), (3, 1), ((4, 5), (0, 1))),
    ],
)
def test_same_padding_in_numbers(
    kernel: tuple[int, int], dilation: tuple[int, int], padding: tuple[int | tuple[int, int], ...]
) -> None:
    weight, x = torch.randn(2, 3, *kernel), photo(1, 3, 15, 16)
    op = op_of(lambda x: F.conv2d(x, weight, padding="same", dilation=dilation), x)
    assert op.settings["padding"] == padding
    # The numbers are not only there but right: padding by hand gives the same sums.
    sides: list[int] = []
    for pair in reversed(padding):
        sides.extend(pair if isinstance(pair, tuple) else (pair, pair))
    by_hand = F.conv2d(F.pad(x, sides), weight, dilation=dilation)
    assert by_hand.shape == op.shape
    torch.testing.assert_close(torch.tensor(op.array()), by_hand, rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_same_padding_in_one_and_three_dimensions() -> None:
    op = op_of(nn.Conv1d(3, 2, 4, padding="same"), photo(1, 3, 9))
    assert (op.kind, op.settings["padding"]) == ("conv1d", ((1, 2),))
    op = op_of(nn.Conv3d(3, 2, (1, 2, 3), padding="same"), photo(1, 3, 4, 5, 6))
    assert (op.kind, op.settings["padding"]) == ("conv3d", ((0, 0), (0, 1), (1, 1)))


@pytest.mark.parametrize(
    ("call", "shape", "kind", "settings"),
    [
        (nn.Conv1d(3, 2, 3, stride=2), (1, 3, 9), "conv1d",
         {"kernel_size": (3,), "stride": (2,), "padding": (0,), "dilation": (1,)}),
        (nn.Conv3d(3, 2, 2, padding=1), (1, 3, 4, 4, 4), "conv3d",
         {"kernel_size": (2, 2, 2), "stride": (1, 1, 1), "padding": (1, 1, 1)}),
        (nn.Conv2d(3, 2, 3), (3, 9, 9), "conv2d", {"kernel_size": (3, 3), "stride": (1, 1)}),
        (nn.ConvTranspose1d(3, 2, 3, stride=2), (1, 3, 9), "conv_transpose1d",
         {"kernel_size": (3,), "stride": (2,), "output_padding": (0,), "dilation": (1,)}),
        (nn.ConvTranspose2d(3, 4, (2, 3), stride=2, padding=1, output_padding=1, groups=1),
         (1, 3, 9, 9), "conv_transpose2d",
         {"kernel_size": (2, 3), "stride": (2, 2), "padding": (1, 1), "output_padding": (1, 1)}),
        (nn.ConvTranspose3d(3, 2, 2, dilation=2), (1, 3, 4, 4, 4), "conv_transpose3d",
         {"kernel_size": (2, 2, 2), "dilation": (2, 2, 2), "groups": 1}),
        (lambda x: ATEN.convolution(x, W, None, [2], [0], [1], True, [1], 1), (1, 4, 5, 5),
         "conv_transpose2d", {"kernel_size": (3, 3), "stride": (2, 2), "output_padding": (1, 1)}),
    ],
)  # fmt: skip
def test_other_convolutions(
    call: Call, shape: tuple[int, ...], kind: str, settings: dict[str, Argument]
) -> None:
    op = op_of(call, photo(*shape))
    assert op.kind == kind
    assert some(op, settings) == settings
    assert op.settings["padding_mode"] == "zeros"
    assert "transposed" not in op.settings


def test_one_form_of_settings_for_one_kind() -> None:
    plain = op_of(lambda x: F.conv2d(x, W))
    spelled = op_of(lambda x: torch.convolution(x, W, None, [1], [0], [1], False, [0], 1))
    assert dict(spelled.settings) == dict(plain.settings)


def test_settings_of_a_convolution_are_complete() -> None:
    assert some(op_of(lambda x: ATEN.thnn_conv2d(x, W, [3, 3])), PLAIN) == PLAIN


# -- pooling --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "kind", "settings"),
    [
        (nn.MaxPool2d(2), "max_pool2d",
         {"kernel_size": (2, 2), "stride": (2, 2), "padding": (0, 0), "dilation": (1, 1),
          "ceil_mode": False}),
        (nn.MaxPool2d(3, 2, 1, ceil_mode=True), "max_pool2d",
         {"kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1), "ceil_mode": True}),
        (nn.MaxPool2d((2, 3), dilation=2), "max_pool2d",
         {"kernel_size": (2, 3), "stride": (2, 3), "dilation": (2, 2)}),
        (nn.MaxPool2d(3, return_indices=True), "max_pool2d",
         {"kernel_size": (3, 3), "stride": (3, 3)}),
        (lambda x: F.max_pool2d(x, 2), "max_pool2d", {"kernel_size": (2, 2), "stride": (2, 2)}),
        (lambda x: torch.max_pool2d(x, [2]), "max_pool2d", {"stride": (2, 2)}),
        (nn.AvgPool2d(3), "avg_pool2d",
         {"kernel_size": (3, 3), "stride": (3, 3), "padding": (0, 0), "count_include_pad": True}),
        (nn.AvgPool2d(2, 1, 1, count_include_pad=False, divisor_override=3), "avg_pool2d",
         {"stride": (1, 1), "padding": (1, 1), "count_include_pad": False, "divisor_override": 3}),
        (nn.AdaptiveAvgPool2d(1), "adaptive_avg_pool2d", {"output_size": (1, 1)}),
        (nn.AdaptiveAvgPool2d((None, 5)), "adaptive_avg_pool2d", {"output_size": (12, 5)}),
        (lambda x: ATEN._adaptive_avg_pool2d(x, [2, 2]), "adaptive_avg_pool2d",
         {"output_size": (2, 2)}),
        (nn.AdaptiveMaxPool2d(4), "adaptive_max_pool2d", {"output_size": (4, 4)}),
    ],
)  # fmt: skip
def test_pooling(call: Call, kind: str, settings: dict[str, Argument]) -> None:
    op = op_of(call)
    assert op.kind == kind
    assert some(op, settings) == settings


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@pytest.mark.parametrize("sort", ["max", "avg"])
def test_pooling_in_every_dimension_steps_by_its_kernel(dimensions: int, sort: str) -> None:
    pool = getattr(F, f"{sort}_pool{dimensions}d")
    op = op_of(lambda x: pool(x, 2), photo(1, 2, *(6,) * dimensions))
    assert op.kind == f"{sort}_pool{dimensions}d"
    assert op.settings["kernel_size"] == op.settings["stride"] == (2,) * dimensions
    assert op.settings["padding"] == (0,) * dimensions
    assert op.shape == (1, 2, *(3,) * dimensions)


# -- normalisation --------------------------------------------------------------------------

MEAN, VAR = torch.zeros(3), torch.ones(3)


@pytest.mark.parametrize(
    ("call", "kind", "settings"),
    [
        (nn.BatchNorm2d(3, eps=1e-3).eval(), "batch_norm",
         {"training": False, "momentum": 0.1, "eps": 1e-3}),
        (nn.BatchNorm2d(3, track_running_stats=False).eval(), "batch_norm", {"training": True}),
        (lambda x: F.batch_norm(x, MEAN, VAR, eps=1e-4), "batch_norm",
         {"training": False, "eps": 1e-4}),
        (lambda x: torch.native_batch_norm(x, None, None, MEAN, VAR, False, 0.2, 1e-5),
         "batch_norm", {"training": False, "momentum": 0.2, "eps": 1e-5}),
        (nn.InstanceNorm2d(3), "instance_norm", {"use_input_stats": True, "eps": 1e-5}),
        (nn.GroupNorm(3, 3, eps=1e-6), "group_norm", {"num_groups": 3, "eps": 1e-6}),
        (nn.LayerNorm(12), "layer_norm", {"normalized_shape": (12,), "eps": 1e-5}),
        (lambda x: torch.native_layer_norm(x, (12, 12), None, None, 1e-5), "layer_norm",
         {"normalized_shape": (12, 12), "eps": 1e-5}),
        (nn.RMSNorm(12, eps=1e-6), "rms_norm", {"normalized_shape": (12,), "eps": 1e-6}),
    ],
)  # fmt: skip
def test_normalisation(call: Call, kind: str, settings: dict[str, Argument]) -> None:
    op = op_of(call)
    assert op.kind == kind
    assert some(op, settings) == settings
    assert not {"cudnn_enabled", "cudnn_enable"} & set(op.settings)


def test_group_norm_in_one_form() -> None:
    native = op_of(lambda x: torch.native_group_norm(x, None, None, 1, 3, 144, 3, 1e-5))
    assert native.settings["num_groups"] == 3


# -- the rest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "calls"),
    [
        ("relu", [nn.ReLU(), nn.ReLU(True), F.relu, torch.relu, torch.relu_, Tensor.relu,
                  lambda x: F.relu(x, inplace=True)]),
        ("relu6", [nn.ReLU6(), nn.ReLU6(True), F.relu6, lambda x: F.hardtanh(x, 0, 6)]),
        ("hardtanh", [nn.Hardtanh(), lambda x: F.hardtanh(x, 0, 5)]),
        ("sigmoid", [nn.Sigmoid(), torch.sigmoid, Tensor.sigmoid_, torch.special.expit]),
        ("silu", [nn.SiLU(), F.silu, nn.SiLU(True)]),
        ("gelu", [nn.GELU(), F.gelu]),
        ("leaky_relu", [nn.LeakyReLU(), nn.LeakyReLU(0.1, True)]),
        ("hardswish", [nn.Hardswish(), F.hardswish]),
        ("softmax", [nn.Softmax(1), lambda x: x.softmax(1), lambda x: torch.softmax(x, 1),
                     lambda x: torch.special.softmax(x, 1), lambda x: ATEN._softmax(x, 1, False)]),
        ("log_softmax", [nn.LogSoftmax(1), lambda x: F.log_softmax(x, 1),
                         lambda x: torch.special.log_softmax(x, 1)]),
        ("add", [lambda x: x + 1, lambda x: 1 + x, lambda x: x.add_(1), lambda x: torch.add(x, x)]),
        ("sub", [lambda x: x - 1, lambda x: torch.subtract(x, 1)]),
        ("mul", [lambda x: x * 2, lambda x: x.mul_(2), lambda x: torch.multiply(x, 2)]),
        ("div", [lambda x: x / 2, lambda x: x.true_divide(2), lambda x: torch.divide(x, 2)]),
        ("cat", [lambda x: torch.cat([x, x]), lambda x: torch.concat([x, x], 1),
                 lambda x: torch.concatenate([x, x])]),
        ("clamp", [lambda x: x.clamp(0, 1), lambda x: x.clip_(0, 1), lambda x: torch.clip(x, 0)]),
        ("transpose", [lambda x: x.transpose(1, 2), lambda x: torch.swapaxes(x, 1, 2)]),
        ("flatten", [nn.Flatten(), lambda x: x.flatten(1), torch.flatten]),
        ("dropout", [nn.Dropout().eval(), lambda x: F.dropout(x, 0.5, training=False)]),
        ("abs", [abs, torch.absolute, Tensor.abs]),
        ("neg", [lambda x: -x, torch.negative]),
    ],
)  # fmt: skip
def test_one_kind_however_it_was_spelled(kind: str, calls: list[Call]) -> None:
    assert [op_of(call).kind for call in calls] == [kind] * len(calls)


def test_relu6_in_one_form() -> None:
    assert dict(op_of(nn.ReLU6()).settings) == dict(op_of(F.relu6).settings)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("aten::relu_", "relu"),
        ("aten::__and__", "bitwise_and"),
        ("aten::__ixor__", "bitwise_xor"),
        ("aten::__rshift__", "bitwise_right_shift"),
        ("aten::__ilshift__", "bitwise_left_shift"),
        ("aten::_foreach_add_", "_foreach_add"),
        ("prims::sin", "sin"),
        ("quantized::linear_dynamic", "quantized.linear_dynamic"),
        ("torchvision::nms", "torchvision.nms"),
        ("sin", "sin"),
    ],
)
def test_kind_of_a_schema(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_settings_hold_every_argument_that_is_not_a_tensor() -> None:
    op = op_of(lambda x: torch.add(x, x, alpha=3))
    assert dict(op.settings) == {"alpha": 3}
    op = op_of(lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True))
    assert some(op, {"align_corners": True}) == {"align_corners": True}
    op = op_of(nn.Softmax(1))
    assert op.settings["dim"] == 1
