"""Traces built by hand of numpy arrays, and what it takes for two to be the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from layerwalk.record import (
    Argument,
    Array,
    Failure,
    Op,
    Photo,
    Ref,
    Region,
    Role,
    Symbol,
    Trace,
    Value,
)


@dataclass(frozen=True, eq=False)
class Memory:
    """Numbers in memory, as capture hands them out; ``copies`` as a GPU or bfloat16 does."""

    numbers: Array
    copies: bool = False

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(step // self.numbers.itemsize for step in self.numbers.strides)

    def read(self, region: Region = ()) -> Array:
        part = self.numbers[(*region, ...)]
        part = part.copy() if self.copies else part.view()
        part.flags.writeable = False
        return part


class Builder:
    """A trace, op by op."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.count = 0

    def value(
        self,
        name: str,
        role: Role,
        numbers: Array,
        *,
        dtype: str | None = None,
        copies: bool = False,
    ) -> Value:
        self.count += 1
        data = Memory(numbers, copies)
        return Value(self.count - 1, name, role, numbers.shape, dtype or str(numbers.dtype), data)

    def op(
        self,
        name: str,
        kind: str,
        inputs: tuple[Value, ...],
        made: tuple[Value, ...],
        **rest: Any,
    ) -> tuple[Value, ...]:
        op = Op(
            index=len(self.ops),
            name=name,
            kind=kind,
            module=rest.get("module", name),
            module_type=rest.get("module_type", kind.title()),
            module_call=rest.get("module_call", 1),
            settings=rest.get("settings", {}),
            inputs=inputs,
            target=rest.get("target", f"aten.{kind}.default"),
            arguments=rest.get("arguments", tuple((f"x{k}", Ref(k)) for k in range(len(inputs)))),
            writes=rest.get("writes", (None,) * len(made)),
            random=rest.get("random", False),
            made=made,
        )
        self.ops.append(op)
        return op.outputs

    def trace(self, inputs: tuple[Value, ...], outputs: tuple[Value, ...]) -> Trace:
        return Trace(
            ops=tuple(self.ops),
            inputs=inputs,
            outputs=outputs,
            output_paths=tuple(f"out.{k}" for k in range(len(outputs))),
            modules={op.module: op.module_type for op in self.ops},
            name="Tiny",
        )


ODD_ARGUMENTS: tuple[tuple[str, Argument], ...] = (
    ("input", Ref(0)),
    ("weight", Ref(1)),
    ("none", None),
    ("flags", (True, False, 1, 0, 1.0, 0.0)),
    ("limits", (float("nan"), float("inf"), float("-inf"), -0.0, 1e-310, 1e16)),
    ("complex", (1 + 2j, complex(float("nan"), -0.0), complex(0.0, float("inf")))),
    ("dtype", Symbol("dtype", "float32")),
    ("nested", ((), (1, (2, (Ref(2), "x", Symbol("device", "cuda:0")))), "")),
    ("large", (2**70, -(2**70))),
    ("text", 'quote " backslash \\ newline \n zero \0 \u2028 \U0001f600 \udc80'),
)


def tiny() -> Trace:
    """A walk with every kind of sharing: in place, views, several outputs, shared inputs."""
    rng = np.random.default_rng(0)

    def floats(*shape: int) -> Array:
        return rng.standard_normal(shape).astype(np.float32)

    build = Builder()
    image = build.value("input", "input", floats(1, 3, 8, 8))
    weight = build.value("conv1.weight", "parameter", floats(4, 3, 3, 3))
    bias = build.value("conv1.bias", "parameter", floats(4))
    mean = build.value("bn1.running_mean", "buffer", floats(4))
    # Channels last, as convolutions give it: memory order differs from the order of the axes.
    before = floats(1, 6, 6, 4).transpose(0, 3, 1, 2)
    conv = build.value("conv1", "result", before)
    (conv,) = build.op(
        "conv1",
        "conv2d",
        (image, weight, bias),
        (conv,),
        arguments=ODD_ARGUMENTS,
        settings={"stride": (1, 1), "eps": 1e-5, "padding_mode": "zeros", "bias": True},
    )
    after = np.maximum(before.transpose(0, 2, 3, 1), 0).transpose(0, 3, 1, 2)
    (relu,) = build.op(
        "relu", "relu", (conv,), (build.value("relu", "result", after),), writes=(0,)
    )
    first, second = build.op(
        "chunk",
        "chunk",
        (relu,),
        (
            build.value("chunk[0]", "result", after[:, :2]),
            build.value("chunk[1]", "result", after[:, 2:]),
        ),
    )
    total = floats(1, 2, 6, 6)
    (added,) = build.op(
        "add", "add", (first, second), (build.value("add", "result", total),), random=True
    )
    flat = total.reshape(1, 72)
    (flat_value,) = build.op(
        "flatten", "flatten", (added,), (build.value("flatten", "result", flat),)
    )
    (twice,) = build.op(
        "add:2", "add", (flat_value, flat_value), (build.value("add:2", "result", flat + flat),)
    )
    wide = np.broadcast_to(floats(1, 1, 5), (2, 7, 5))
    build.op("expand", "expand", (twice, mean), (build.value("expand", "result", wide),))
    build.op("_foreach", "_foreach_add_", (twice,), ())
    (same,) = build.op(
        "identity", "dropout", (twice,), (build.value("identity", "result", flat + flat),)
    )
    return build.trace((image,), (same, twice))


def full() -> Trace:
    """``tiny()`` with everything a trace may carry beside its ops."""
    pixels = np.arange(8 * 8 * 3, dtype=np.uint8).reshape(8, 8, 3)
    return replace(
        tiny(),
        labels=("German shepherd", "<b>chat</b>", "\u72ac"),
        photo=Photo(pixels, "dog.jpg", (0.5, 1.0, 99.25, 100.0), (120, 101)),
        failure=Failure("layer4.1", "expected 4D input"),
        provenance={"torch": "2.13.0", "path": "/photos/\udcff.jpg"},
    )


def _spelled(item: Argument) -> Any:
    """An argument so that equal means the same: types and bits told apart."""
    if isinstance(item, tuple):
        return tuple(_spelled(part) for part in item)
    return type(item).__name__, repr(item)


def _numbers(value: Value) -> tuple[Any, ...]:
    array = value.array()
    return array.dtype, array.shape, np.ascontiguousarray(array).tobytes()


def assert_same(one: Trace, other: Trace) -> None:
    for name in ("name", "labels", "failure", "output_paths"):
        assert getattr(one, name) == getattr(other, name), name
    assert dict(one.modules) == dict(other.modules)
    known = {key: text for key, text in other.provenance.items() if key in one.provenance}
    assert dict(one.provenance) == known
    assert set(other.provenance) - set(known) <= {"weights_sha256"}  # a file adds it
    assert [v.id for v in one.inputs] == [v.id for v in other.inputs]
    assert [v.id for v in one.outputs] == [v.id for v in other.outputs]
    assert len(one.values) == len(other.values)
    for value, twin in zip(one.values, other.values, strict=True):
        for name in ("id", "name", "role", "shape", "dtype"):
            assert getattr(value, name) == getattr(twin, name), (value, name)
        assert value.data.strides == twin.data.strides, value
        assert (value.op and value.op.index) == (twin.op and twin.op.index), value
        assert _numbers(value) == _numbers(twin), value
    assert len(one.ops) == len(other.ops)
    for op, match in zip(one.ops, other.ops, strict=True):
        for name in (
            "index", "name", "kind", "module", "module_type", "module_call",
            "target", "writes", "random", "shape",
        ):  # fmt: skip
            assert getattr(op, name) == getattr(match, name), (op, name)
        assert [v.id for v in op.inputs] == [v.id for v in match.inputs]
        assert [v.id for v in op.outputs] == [v.id for v in match.outputs]
        for pairs, twins in (
            (op.arguments, match.arguments),
            (tuple(op.settings.items()), tuple(match.settings.items())),
        ):
            assert [(name, _spelled(item)) for name, item in pairs] == [
                (name, _spelled(item)) for name, item in twins
            ]
    _assert_same_photo(one.photo, other.photo)


def _assert_same_photo(one: Photo | None, other: Photo | None) -> None:
    if one is None or other is None:
        assert one is other
        return
    assert (one.name, one.box, one.original) == (other.name, other.box, other.original)
    assert other.pixels.dtype == np.uint8
    np.testing.assert_array_equal(one.pixels, other.pixels)


def one(trace: Trace, name: str) -> Value:
    """The value of this name."""
    return next(value for value in trace.values if value.name == name)


def trace_of(
    arrays: Mapping[str, Array] | None = None,
    *,
    role: Role = "result",
    dtype: str | None = None,
    copies: bool = False,
    **named: Array,
) -> Trace:
    """A trace whose single op made these arrays, or read them where they are no results."""
    builder = Builder()
    values = tuple(
        builder.value(name, role, array, dtype=dtype, copies=copies)
        for name, array in {**(arrays or {}), **named}.items()
    )
    if role != "result":
        builder.op("read", "read", values, ())
        return builder.trace((), ())
    return builder.trace((), builder.op("made", "make", (), values))
