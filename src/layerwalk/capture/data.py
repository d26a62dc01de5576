"""Recorded values in torch's own memory, read as numpy arrays."""

from __future__ import annotations

import numpy as np
import torch

from layerwalk.errors import CaptureError, NotFoundError
from layerwalk.record import Array, Region

__all__ = ["TorchData", "dtype_name"]

# Types that numpy has. bfloat16 and 8-bit floats fit into float32 without loss.
_NUMPY = {
    torch.float64, torch.float32, torch.float16, torch.complex64, torch.complex128,
    torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.uint16,
    torch.uint32, torch.uint64, torch.bool,
}  # fmt: skip


_NAMES: dict[torch.dtype, str] = {}


def dtype_name(dtype: torch.dtype) -> str:
    """The plain name of a dtype, ``"bfloat16"``."""
    name = _NAMES.get(dtype)
    if name is None:
        name = _NAMES[dtype] = str(dtype).removeprefix("torch.")
    return name


class TorchData:
    """The numbers of one value, kept by reference on the device where they were made.

    torch's version counter is remembered, so that a weight trained further after the trace,
    or a result that the network kept and wrote later, is noticed instead of shown as if it
    were old. Writes through ``weight.data`` torch does not count: save the trace before.
    """

    __slots__ = ("name", "state", "tensor")

    def __init__(self, tensor: torch.Tensor, name: str) -> None:
        self.tensor = tensor
        self.name = name
        self.state = _state(tensor)

    @property
    def strides(self) -> tuple[int, ...]:
        """Strides in elements; ``()`` for layouts without."""
        return tuple(self.tensor.stride()) if self.tensor.layout == torch.strided else ()

    def is_current(self) -> bool:
        """Whether the tensor still holds what it held when it was recorded."""
        return _state(self.tensor) == self.state

    def current(self) -> torch.Tensor:
        """The tensor itself, after a look at its version.

        Raises
        ------
        CaptureError
            It was written after the trace was recorded.
        """
        tensor = self.tensor
        if not self.is_current():
            raise CaptureError(
                "this tensor was changed in place after the trace was recorded",
                where=self.name,
                mend="trace again, or save the trace before training on",
            )
        return tensor

    def read(self, region: Region = ()) -> Array:
        """The region as a read-only array; no copy for plain types on the CPU."""
        tensor = self.current().detach()
        try:
            if tensor.device.type != "cpu" and all(_is_forward(part) for part in region):
                tensor, region = tensor[region], ()  # bring over no more than is asked for
            array: Array = _plain(tensor).numpy()[region] if region else _plain(tensor).numpy()
        except IndexError:
            raise NotFoundError(
                f"there is no part {_spelled(region)} in shape {tuple(tensor.shape)}",
                where=self.name,
                mend="indices count from 0, one for each dimension at most",
            ) from None
        array = np.asarray(array).view()
        array.flags.writeable = False
        return array


def _state(tensor: torch.Tensor) -> tuple[object, ...]:
    """What torch counts and keeps for a tensor: other after a write, ``half()`` or ``.data =``."""
    version = None if tensor.is_inference() else tensor._version
    if tensor.layout != torch.strided:
        return version, tensor.dtype
    return version, tensor.dtype, tensor.data_ptr()


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """The tensor on the CPU in a type that numpy has; itself where it is that already."""
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype not in _NUMPY:
        tensor = tensor.to(torch.float32)
    return tensor.resolve_conj().resolve_neg().cpu()


def _is_forward(part: slice | int) -> bool:
    return isinstance(part, int) or part.step is None or part.step > 0


def _spelled(region: Region) -> str:
    parts = [_spelled_slice(part) if isinstance(part, slice) else str(part) for part in region]
    return f"[{', '.join(parts)}]"


def _spelled_slice(part: slice) -> str:
    ends = [("" if end is None else str(end)) for end in (part.start, part.stop)]
    return ":".join(ends if part.step is None else [*ends, str(part.step)])
