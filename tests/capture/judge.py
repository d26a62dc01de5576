"""A second, independent recorder: slower, above autograd, by functions instead of ops.

It meets ``torch.*`` and ``F.*`` calls as Python makes them and copies every result at once,
so it needs no copy-on-write, no schema and no dispatcher. What it saw, the trace must hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, resolve_name

from layerwalk.capture import record, replay
from layerwalk.capture.data import TorchData
from layerwalk.capture.structure import flatten
from layerwalk.record import Trace, Value

__all__ = ["Judge", "bits", "judged", "tensor_of"]

# Handles and views of the same numbers that do no work of their own, and new memory as it came.
_NO_WORK = (
    "empty",
    "__get__",
    "detach",
    "size",
    "numpy",
    "requires_grad_",
    "data_ptr",
    "to",
    "item",
)


class Judge(TorchFunctionMode):
    """Copies the result of every torch function."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, torch.Tensor]] = []

    def __torch_function__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        name = (resolve_name(func) or getattr(func, "__name__", "?")).split(".")[-1]
        if name not in _NO_WORK:
            found = result if isinstance(result, (list, tuple)) else [result]
            self.seen.extend(
                (name, item.detach().clone()) for item in found if isinstance(item, torch.Tensor)
            )
        return result


def bits(tensor: torch.Tensor) -> tuple[Any, ...]:
    """Shape, type and bytes of a tensor: equal for equal bits only."""
    plain = tensor.detach()
    if plain.is_quantized:
        plain = plain.int_repr()
    # Not `contiguous`: a single number counts as such whatever its stride, and is no bytes then.
    plain = plain.resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)
    raw = plain.reshape(-1).view(torch.uint8).numpy().tobytes() if plain.numel() else b""
    return tuple(tensor.shape), tensor.dtype, raw


def tensor_of(value: Value) -> torch.Tensor:
    """The recorded tensor itself."""
    assert isinstance(value.data, TorchData)
    return value.data.tensor


def _state(net: torch.nn.Module) -> list[Any]:
    tensors = [*net.named_parameters(), *net.named_buffers()]
    return [
        [(name, bits(tensor), tensor.requires_grad) for name, tensor in tensors],
        [module.training for module in net.modules()],
        [(len(m._forward_hooks), len(m._forward_pre_hooks)) for m in net.modules()],
    ]


def judged(net: torch.nn.Module, *args: Any, seed: int = 0, **kwargs: Any) -> Trace:
    """The trace of one walk, after every promise of the recorder was checked.

    The plain forward's outputs bit for bit; the network, its input and the random state
    untouched; every op's replay equal; every value the judge saw present, in order.
    """
    given = [bits(tensor) for _, tensor in flatten((args, kwargs))]
    torch.manual_seed(seed)
    # The judge goes first on a net whose first pass may change it (caches); the recorder
    # then meets the net as the plain pass does.
    before = _snapshot(net)
    with torch.no_grad(), Judge() as judge:
        net(*args, **kwargs)
    _put_back(net, before, args, kwargs, given)

    torch.manual_seed(seed)
    with torch.no_grad():
        plain = [bits(tensor) for _, tensor in flatten(net(*args, **kwargs))]
    _put_back(net, before, args, kwargs, given)

    torch.manual_seed(seed)
    state, random_state = _state(net), torch.get_rng_state()
    trace = record(net, args, kwargs)
    assert trace.complete
    assert [bits(tensor_of(value)) for value in trace.outputs] == plain
    assert _state(net) == state, "the network was changed"
    assert torch.equal(torch.get_rng_state(), random_state), "the random state was changed"
    assert [bits(tensor) for _, tensor in flatten((args, kwargs))] == given
    report = replay(trace)
    assert not report.failures, report.failures
    assert report.checked + len(report.skipped) == len(trace)
    _agree(judge.seen, trace)
    torch.manual_seed(seed)
    again = record(net, args, kwargs)
    assert [bits(tensor_of(value)) for value in again.outputs] == plain, "the second walk"
    return trace


def _agree(seen: Sequence[tuple[str, torch.Tensor]], trace: Trace) -> None:
    """Every value of the judge is in the trace, new ones in the same order."""
    recorded = [bits(tensor_of(value)) for value in trace.values]
    position = 0
    for name, tensor in seen:
        wanted = bits(tensor)
        if wanted in recorded[position:]:
            position += recorded[position:].index(wanted)
        else:
            assert wanted in recorded, f"the judge saw {name} of {wanted[:2]}, the trace did not"


def _snapshot(net: torch.nn.Module) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(t, t.detach().clone()) for t in (*net.parameters(), *net.buffers())]


def _put_back(
    net: torch.nn.Module,
    before: list[tuple[torch.Tensor, torch.Tensor]],
    args: Any,
    kwargs: Any,
    given: list[tuple[Any, ...]],
) -> None:
    with torch.no_grad():
        for tensor, old in before:
            tensor.copy_(old)
        for (_, tensor), (_, dtype, raw) in zip(flatten((args, kwargs)), given, strict=True):
            if raw:
                old = torch.frombuffer(bytearray(raw), dtype=dtype).reshape(tensor.shape)
                tensor.copy_(old)
