"""Arguments as plain data, and back."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from layerwalk.capture.arguments import Held, decode, encode
from layerwalk.record import Ref, Symbol


def there(value: Any) -> tuple[Any, list[torch.Tensor]]:
    tensors: list[torch.Tensor] = []

    def refer(tensor: torch.Tensor) -> Ref:
        tensors.append(tensor)
        return Ref(len(tensors) - 1)

    return encode(value, refer), tensors


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (True, True),
        (2.5, 2.5),
        (1 + 2j, 1 + 2j),
        ("mean", "mean"),
        ([1, [2, None]], (1, (2, None))),
        (torch.bfloat16, Symbol("dtype", "bfloat16")),
        (torch.device("cuda", 1), Symbol("device", "cuda:1")),
        (torch.channels_last, Symbol("memory_format", "channels_last")),
        (torch.sparse_coo, Symbol("layout", "sparse_coo")),
    ],
)
def test_there_and_back(value: Any, plain: Any) -> None:
    encoded, tensors = there(value)
    assert (encoded, tensors) == (plain, [])
    assert decode(encoded, lambda _: None) == value


def test_tensors_become_their_places() -> None:
    first, second = torch.zeros(1), torch.ones(2)
    encoded, tensors = there([first, 3, (second,)])
    assert encoded == (Ref(0), 3, (Ref(1),))
    back = decode(encoded, lambda ref: tensors[ref.input])
    assert back[0] is first
    assert back[2][0] is second


def test_what_cannot_be_written_down_is_held_until_it_is_saved() -> None:
    thing = torch.Generator()
    encoded, _ = there(thing)
    assert isinstance(encoded, Held)
    assert encoded == Held("object", "Generator")
    assert decode(encoded, lambda _: None) is thing
    with pytest.raises(LookupError, match="object Generator is not in the file"):
        decode(Symbol("object", "Generator"), lambda _: None)
