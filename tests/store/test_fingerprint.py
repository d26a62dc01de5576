"""The hash of the weights: the same for the same, other for others, known where it can be."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Array, Region, Trace
from layerwalk.store import load, save
from layerwalk.store.fingerprint import weights_sha256
from store.traces import Memory, one, trace_of


def net(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    layers = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU())
    return layers.eval()


def walked(module: nn.Module, seed: int = 1) -> Trace:
    torch.manual_seed(seed)
    return lw.trace(module, torch.randn(1, 1, 6, 6))


def test_it_is_what_the_docstring_says() -> None:
    module = net()
    digest = hashlib.sha256()
    for name, tensor in sorted(module.state_dict().items()):
        if name != "1.num_batches_tracked":  # a walk in evaluation mode does not read it
            digest.update(f"{name} float32 {tuple(tensor.shape)}\n".encode())
            digest.update(tensor.numpy().tobytes())
    assert weights_sha256(walked(module)) == digest.hexdigest()


def test_the_same_weights_have_the_same_hash_whatever_the_input(tmp_path: Path) -> None:
    files = [save(walked(net(), seed), tmp_path / f"{seed}.safetensors") for seed in (1, 2)]
    first, second = (load(path).provenance["weights_sha256"] for path in files)
    assert first == second == weights_sha256(walked(net()))
    assert len(first) == 64


@pytest.mark.parametrize("place", ["0.weight", "0.bias", "1.weight", "1.running_var"])
def test_one_changed_number_gives_another(place: str) -> None:
    module = net()
    before = weights_sha256(walked(module))
    with torch.no_grad():
        number = module.state_dict()[place].view(-1)[-1:]
        number.copy_(torch.nextafter(number, torch.tensor(9.0)))
    assert weights_sha256(walked(module)) not in (before, None)


def test_names_types_and_shapes_count() -> None:
    numbers = np.arange(6, dtype=np.float32)
    hashes = {
        weights_sha256(trace_of({name: array}, role="parameter", dtype=dtype))
        for name, array, dtype in (
            ("a", numbers, None),
            ("b", numbers, None),
            ("a", numbers.reshape(2, 3), None),
            ("a", numbers, "bfloat16"),
            ("a", numbers.view(np.int32), None),
        )
    }
    assert len(hashes) == 5
    assert None not in hashes


def test_where_the_numbers_lie_does_not_count() -> None:
    array = np.random.default_rng(0).standard_normal((4, 3, 2, 2)).astype(np.float32)
    last = np.ascontiguousarray(array.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    swapped = array.astype(">f4")
    hashes = {weights_sha256(trace_of(role="buffer", w=way)) for way in (array, last)}
    hashes.add(weights_sha256(trace_of(role="buffer", dtype="float32", w=swapped)))
    assert len(hashes) == 1


def test_it_is_kept_where_weights_are_left_out_or_rounded(tmp_path: Path) -> None:
    trace = walked(net())
    known = weights_sha256(trace)
    without = load(save(trace, tmp_path / "a.safetensors", weights=False))
    rounded = load(save(trace, tmp_path / "b.safetensors", detail="half"))
    again = load(save(rounded, tmp_path / "c.safetensors", weights=False))
    for opened in (without, rounded, again):
        assert opened.provenance["weights_sha256"] == known


def test_it_is_not_made_up(tmp_path: Path) -> None:
    trace = walked(net())
    assert "weights_sha256" not in trace.provenance  # a walk takes no time for it
    bare = walked(nn.Sequential(nn.ReLU()))
    for k, (options, start) in enumerate(
        [({"weights": False}, trace), ({"detail": "half"}, trace), ({}, bare)]
    ):
        opened = load(save(start, tmp_path / f"{k}.safetensors", **options))  # type: ignore[arg-type]
        forgotten = replace(opened, provenance={})
        assert weights_sha256(forgotten) is None
        assert "weights_sha256" not in load(save(forgotten, tmp_path / "x.safetensors")).provenance
    exact = replace(load(save(trace, tmp_path / "y.safetensors")), provenance={})
    assert weights_sha256(exact) == weights_sha256(trace)


def test_weights_trained_on_since_have_none(tmp_path: Path) -> None:
    module = net()
    trace = walked(module)
    with torch.no_grad():
        module.get_parameter("0.weight").add_(1)
    opened = load(save(trace, tmp_path / "a.safetensors", weights=False))
    assert "weights_sha256" not in opened.provenance
    assert len(opened) == len(trace)


def test_another_failure_is_not_hidden() -> None:
    trace = trace_of(role="parameter", w=np.zeros(3, np.float32))

    class Broken(Memory):
        def read(self, region: Region = ()) -> Array:
            raise OSError("gone")

    value = replace(one(trace, "w"), data=Broken(np.zeros(3)))
    broken = replace(trace, ops=(replace(trace[0], inputs=(value,)),))
    with pytest.raises(OSError, match="gone"):
        weights_sha256(broken)
