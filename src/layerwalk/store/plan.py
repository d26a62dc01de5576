"""What a saved trace will consist of: which tensors, how coded, and where each value lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from layerwalk.errors import FileError
from layerwalk.record import Array, Trace, Value
from layerwalk.store.detail import Detail, Scales, chunks, compact, half_error
from layerwalk.store.mapped import Absent, Mapped
from layerwalk.store.pieces import Coding, Kind, Piece
from layerwalk.store.sharing import Place, once, places
from layerwalk.store.tensors import CELLS, Spec, c_strides

__all__ = ["Plan", "Spot", "planned"]

_TAGS = {dtype: tag for tag, dtype in CELLS.items() if tag != "BF16"}
_COARSENESS: tuple[Detail, ...] = ("exact", "half", "compact")
_WEIGHTS = ("parameter", "buffer")
_ALWAYS_EXACT = ("input", "constant")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one value lies: a tensor, and the view of it unless it is all of it."""

    tensor: str
    view: tuple[int, tuple[int, ...]] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """All tensors, the spot of each value by its id, and the photo's tensor."""

    detail: Detail
    pieces: tuple[Piece, ...]
    spots: Mapping[int, Spot]
    photo: str | None


@dataclass(frozen=True, eq=False, slots=True)
class _Stored:
    """Numbers that are stored once, and the values that lie in them, the namesake first."""

    source: Callable[[], Array]
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    members: tuple[Value, ...]


class _Names:
    """Tensor names, each given out once."""

    def __init__(self) -> None:
        self._taken = {"__metadata__"}

    def new(self, wanted: str) -> str:
        # A path that is no Unicode (surrogates) cannot be a key of the header.
        wanted = wanted.encode(errors="replace").decode() or "value"
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f"{wanted}~{count}"
        self._taken.add(name)
        return name


def planned(trace: Trace, detail: Detail, *, weights: bool) -> Plan:
    """Return the plan; every number that the file's header needs is known after it.

    Raises
    ------
    FileError
        A value cannot be stored, or is not what the trace says it is.
    """
    kept = tuple(
        value
        for value in trace.values
        if not isinstance(value.data, Absent) and (weights or value.role not in _WEIGHTS)
    )
    lasting = [(value, array) for value in kept if (array := _memory(value)) is not None]
    where = places([array for _, array in lasting])
    names, pieces, spots = _Names(), list[Piece](), dict[int, Spot]()
    for stored, inside in _gathered(kept, lasting, where):
        coded = _coded(stored, detail, names)
        pieces += coded
        for value, place in inside:
            spots[value.id] = _spot(value, coded[0].spec.name, stored.shape, place)
    photo = None
    if trace.photo is not None:
        pixels = trace.photo.pixels
        photo = names.new("photo")
        pieces.append(Piece(Spec(photo, "U8", pixels.shape), lambda: pixels))
    return Plan(detail, tuple(pieces), spots, photo)


def _memory(value: Value) -> Array | None:
    """The value's own memory; ``None`` where each read makes a copy, which has no address."""
    corner = (slice(0, 1),) * len(value.shape)
    first, second = value.data.read(corner), value.data.read(corner)
    if not first.size or _address(first) != _address(second):
        return None
    array = value.array()
    if array.shape != value.shape:
        raise FileError(
            f"{value.name} holds an array of shape {array.shape} where {value.shape} was recorded"
        )
    return array


def _gathered(
    kept: tuple[Value, ...], lasting: list[tuple[Value, Array]], where: tuple[Place, ...]
) -> Iterator[tuple[_Stored, list[tuple[Value, Place | None]]]]:
    """What is stored, in the order of its namesakes, with the place of each value in it."""
    groups: dict[int, list[tuple[Value, Place | None]]] = {}
    for (value, _), place in zip(lasting, where, strict=True):
        groups.setdefault(lasting[place.stored][0].id, []).append((value, place))
    arrays = {value.id: array for value, array in lasting}
    for value in kept:
        if value.id in groups:
            inside = groups[value.id]
            cells = once(arrays[value.id])
            members = tuple(member for member, _ in inside)
            members = (value, *(member for member in members if member.id != value.id))
            yield _Stored(partial(_itself, cells), cells.dtype, cells.shape, members), inside
        elif value.id not in arrays:
            dtype = value.data.read((slice(0, 1),) * len(value.shape)).dtype
            yield _Stored(value.array, dtype, value.shape, (value,)), [(value, None)]


def _coded(stored: _Stored, detail: Detail, names: _Names) -> list[Piece]:
    """The piece of some numbers, with those of its scales behind it."""
    namesake, dtype = stored.members[0], stored.dtype.newbyteorder("<")
    name = names.new(namesake.name)
    earlier = [member.data for member in stored.members if isinstance(member.data, Mapped)]
    worst = max((data.max_error for data in earlier), default=0.0)
    before = _coarsest(data.detail for data in earlier)

    def piece(tag: str, kind: Kind, now: Detail = "exact", error: float = 0.0) -> Piece:
        coding = Coding(kind, _coarsest((before, now)), worst + error)
        shape = (*stored.shape, 2) if kind == "pairs" else stored.shape
        return Piece(Spec(name, tag, shape), stored.source, coding)

    if dtype in (np.complex64, np.complex128):
        return [piece("F32" if dtype == np.complex64 else "F64", "pairs")]
    if dtype not in _TAGS:
        raise FileError(f"{namesake.name} holds {dtype} numbers, which cannot be stored")
    movable = not any(member.role in _ALWAYS_EXACT for member in stored.members)
    wanted: Detail = detail if dtype.kind == "f" and movable else "exact"
    if wanted == "compact":
        axis = _axis(namesake, stored.shape)
        found = compact(stored.source(), axis)
        if found is not None:
            return _with_scales(piece("U8", "compact", "compact", found[1]), found[0], axis, names)
    if namesake.dtype == "bfloat16" and dtype == np.float32 and _is_bfloat16(stored.source()):
        return [piece("BF16", "raw")]
    if wanted != "exact" and dtype != np.float16:
        error = half_error(stored.source())
        if error is not None:
            return [piece("F16", "half", "half", error)]
    return [piece(_TAGS[dtype], "raw")]


def _with_scales(piece: Piece, scales: Scales, axis: int | None, names: _Names) -> list[Piece]:
    scale, zero = (names.new(f"{piece.spec.name}.{part}") for part in ("scale", "zero"))
    many = scales.scale.shape
    coding = Coding(
        "compact",
        "compact",
        piece.coding.max_error,
        None if many == (1,) else axis,
        scale,
        zero,
    )
    return [
        Piece(piece.spec, piece.source, coding, scales),
        Piece(Spec(scale, "F32", many), lambda: scales.scale),
        Piece(Spec(zero, "U8", many), lambda: scales.zero),
    ]


def _spot(value: Value, name: str, shape: tuple[int, ...], place: Place | None) -> Spot:
    if place is None:
        return Spot(name)
    view = (place.offset, place.strides)
    return Spot(name, None if value.shape == shape and view == (0, c_strides(shape)) else view)


def _axis(value: Value, shape: tuple[int, ...]) -> int | None:
    """The channels' axis: output channels of a weight, axis 1 of a result."""
    if len(shape) < 2:
        return None
    return 0 if value.role in _WEIGHTS else 1


def _is_bfloat16(array: Array) -> bool:
    """Whether the lower half of every float32 is empty."""
    return not any(
        np.bitwise_and(part.view(np.uint32), 0xFFFF).any()
        for part in chunks(array, np.dtype(np.float32))
    )


def _coarsest(details: Iterable[Detail]) -> Detail:
    return _COARSENESS[max((_COARSENESS.index(detail) for detail in details), default=0)]


def _itself(array: Array) -> Array:
    return array


def _address(array: Array) -> int:
    start: int = array.__array_interface__["data"][0]
    return start
