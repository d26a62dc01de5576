"""Values are read as numpy arrays: the same numbers, no copy where none is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from capture.networks import Net, photo
from layerwalk.capture import record
from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.errors import CaptureError

PLAIN = [
    torch.float64, torch.float32, torch.float16, torch.complex64, torch.complex128, torch.int64,
    torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.uint64,
    torch.bool,
]  # fmt: skip


def data(tensor: Tensor) -> TorchData:
    return TorchData(tensor, "it")


def address(array: np.ndarray[Any, Any]) -> int:
    return int(array.__array_interface__["data"][0])


@pytest.mark.parametrize("dtype", PLAIN, ids=dtype_name)
def test_plain_types_are_read_in_place(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(dtype)
    array = data(tensor).read()
    assert array.dtype.name == dtype_name(dtype)
    assert array.tolist() == tensor.tolist()
    assert address(array) == tensor.data_ptr()


def test_what_is_read_cannot_be_written() -> None:
    tensor = torch.zeros(2, 3)
    array = data(tensor).read()
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        array[0] += 1
    part = data(tensor).read((0,))
    with pytest.raises(ValueError, match="read-only"):
        part[0] = 1
    assert not part.flags.writeable
    assert not tensor.any()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.complex64], ids=dtype_name)
def test_copies_cannot_be_written_either(dtype: torch.dtype) -> None:
    array = data(torch.ones(3, dtype=dtype).conj()).read()
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 2


@pytest.mark.parametrize(
    "region",
    [
        (), (0,), (1, 2), (slice(1, 3),), (slice(None), 1), (0, slice(2, 4), slice(None, None, 2)),
        (slice(0, 0),), (-1, -1, -1), (slice(None), slice(None), slice(1, -1)), (1, 2, 3),
        (slice(5, 99),),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=dtype_name)
def test_regions(region: tuple[slice | int, ...], dtype: torch.dtype) -> None:
    tensor = torch.arange(120.0).reshape(4, 5, 6).to(dtype)
    array = data(tensor).read(region)
    wanted = tensor.float().numpy()[region]
    assert array.shape == wanted.shape
    assert np.array_equal(array, wanted)
    assert isinstance(array, np.ndarray)


def test_a_region_is_read_in_place() -> None:
    tensor = torch.arange(24.0).reshape(2, 3, 4)
    array = data(tensor).read((1, slice(1, 3)))
    assert address(array) == tensor[1, 1:3].data_ptr()
    assert np.shares_memory(array, data(tensor).read())


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x.t(),
        lambda x: x[:, ::2],
        lambda x: x[1:, 1:],
        lambda x: x[0].expand(3, 6),
        lambda x: x.as_strided((3, 3), (1, 6), 2),
        lambda x: x[2:2],
        lambda x: x[1, 1],
    ],
)
def test_views_keep_their_layout(view: Callable[[Tensor], Tensor]) -> None:
    tensor = view(torch.arange(24.0).reshape(4, 6))
    array = data(tensor).read()
    assert array.tolist() == tensor.tolist()
    assert data(tensor).strides == tuple(tensor.stride())
    if tensor.numel() > 1:
        assert tuple(step // 4 for step in array.strides) == tuple(tensor.stride())
    if tensor.numel():
        assert address(array) == tensor.data_ptr()


def test_channels_last() -> None:
    tensor = torch.randn(1, 3, 4, 5).to(memory_format=torch.channels_last)
    assert data(tensor).strides == (60, 1, 15, 3)
    assert np.array_equal(data(tensor).read(), tensor.contiguous().numpy())


@pytest.mark.parametrize(
    "dtype",
    [
        torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz,
        torch.float8_e5m2fnuz,
    ],
    ids=dtype_name,
)  # fmt: skip
def test_types_that_numpy_lacks_are_widened_exactly(dtype: torch.dtype) -> None:
    every = torch.arange(256, dtype=torch.uint8)
    if dtype == torch.bfloat16:
        every = torch.arange(65536).to(torch.int32).to(torch.uint16).view(torch.uint8)
    tensor = every.view(dtype)
    array = data(tensor).read()
    assert array.dtype == np.float32
    assert array.shape == tuple(tensor.shape)
    # There and back again gives the same bits, except for the payload of what is no number.
    back = torch.tensor(array).to(dtype)
    real = ~np.isnan(array)
    assert real.sum() > 200
    assert (back.view(torch.uint8).reshape(len(array), -1)[real]
            == every.reshape(len(array), -1)[real]).all()  # fmt: skip


def test_conjugates_and_negatives_are_resolved() -> None:
    tensor = torch.tensor([1 + 2j, 3 - 4j])
    assert tensor.conj().is_conj()
    assert data(tensor.conj()).read().tolist() == [1 - 2j, 3 + 4j]
    assert tensor.conj().imag.is_neg()
    assert data(tensor.conj().imag).read().tolist() == [-2, 4]
    assert data(tensor.conj()).read((1,)).tolist() == 3 + 4j


@pytest.mark.filterwarnings("ignore:torch.quantize_per")
def test_quantised_tensors_are_the_numbers_they_stand_for() -> None:
    numbers = torch.tensor([[-1.0, 0.0, 0.26], [1.0, 100.0, 0.5]])
    for tensor in (
        torch.quantize_per_tensor(numbers, 0.5, 2, torch.qint8),
        torch.quantize_per_channel(
            numbers, torch.tensor([0.5, 0.25]), torch.tensor([0, 3]), 0, torch.quint8
        ),
    ):
        array = data(tensor).read()
        assert array.dtype == np.float32
        assert array.tolist() == tensor.dequantize().tolist()
        assert data(tensor).read((1, slice(0, 2))).tolist() == tensor.dequantize()[1, :2].tolist()


@pytest.mark.parametrize("layout", ["to_sparse", "to_sparse_csr"])
@pytest.mark.filterwarnings("ignore:Sparse CSR")
def test_sparse_tensors_are_read_dense(layout: str) -> None:
    dense = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
    tensor = getattr(dense, layout)()
    assert data(tensor).strides == ()
    assert data(tensor).read().tolist() == dense.tolist()
    assert data(tensor).read((1,)).tolist() == [2.0, 0.0]


def test_a_weight_is_read_though_it_asks_for_gradients() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    array = data(weight).read()
    assert address(array) == weight.data_ptr()
    assert weight.requires_grad


def test_a_scalar_and_an_empty_tensor() -> None:
    scalar = data(torch.tensor(2.5)).read()
    assert scalar.shape == ()
    assert float(scalar) == 2.5
    assert data(torch.empty(0, 3)).read().shape == (0, 3)
    assert data(torch.empty(0, 3)).strides == (3, 1)


def test_a_tensor_that_was_written_is_not_shown() -> None:
    tensor = torch.zeros(2)
    tensor.add_(1)  # before it was recorded
    held = data(tensor)
    assert held.read().tolist() == [1, 1]
    tensor[0] = 5
    with pytest.raises(CaptureError, match=r"^it: .*trace again"):
        held.read()
    with pytest.raises(CaptureError, match=r"^it: "):
        held.current()


def test_a_tensor_of_inference_mode_counts_no_versions() -> None:
    with torch.inference_mode():
        tensor = torch.ones(2)
    held = data(tensor)
    assert held.read().tolist() == [1, 1]


def test_values_of_a_trace_share_the_memory_of_torch() -> None:
    x = photo()
    conv = torch.nn.Conv2d(3, 4, 3)
    trace = record(Net(lambda self, x: self.conv(x).relu(), conv=conv), (x,))
    assert address(trace.inputs[0].array()) == x.data_ptr()
    assert address(trace["conv"].inputs[1].array()) == conv.weight.data_ptr()
    value = trace["conv"].outputs[0]
    assert np.shares_memory(value.array(), trace["conv"].array())
    assert np.array_equal(value.read(0, slice(1, 3)), value.array()[0, 1:3])
    assert value.size == 400
