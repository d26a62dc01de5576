"""A trace again, from its JSON and the mapped tensors, trusting neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import get_args

from layerwalk.record import Argument, Data, Failure, Op, Photo, Ref, Role, Trace, Value
from layerwalk.store.arguments import argument
from layerwalk.store.coded import Coded, coded
from layerwalk.store.document import Damaged, Record
from layerwalk.store.mapped import Absent
from layerwalk.store.tensors import TensorFile

__all__ = ["rebuilt"]

_ROLES: Mapping[str, Role] = {role: role for role in get_args(Role)}


def rebuilt(document: Record, file: TensorFile) -> Trace:
    """Return the trace that ``document`` describes, its numbers left in ``file``.

    Raises
    ------
    Damaged
        The description contradicts itself or the tensors.
    """
    values = _values(document, file)
    ops = _ops(document, values)
    outputs = _found(document.counts("outputs"), values)
    paths = document.texts("output_paths")
    if len(paths) != len(outputs):
        raise Damaged("the outputs and their paths do not match")
    return Trace(
        ops=ops,
        inputs=_found(document.counts("inputs"), values),
        outputs=outputs,
        output_paths=paths,
        modules=_texts(document.record("modules")),
        name=document.text("name"),
        labels=document.texts("labels") if document.has("labels") else None,
        photo=_photo(document.record("photo"), file) if document.has("photo") else None,
        failure=_failure(document.record("failure")) if document.has("failure") else None,
        provenance=_texts(document.record("provenance")),
    )


def _values(document: Record, file: TensorFile) -> dict[int, Value]:
    """Every value by its id, none of them made by an op yet."""
    codings = document.record("codings")
    tensors: dict[str, Coded] = {}
    values: dict[int, Value] = {}
    for entry in document.records("values"):
        role = _ROLES.get(entry.text("role"))
        if role is None:
            raise Damaged(f"a value has the unknown role {entry.text('role')!r}")
        shape, strides, name = entry.counts("shape"), entry.integers("strides"), entry.text("name")
        if strides and len(strides) != len(shape):  # a sparse layout has none
            raise Damaged(f"the strides {strides} do not belong to the shape {shape}")
        if entry.has("tensor"):
            tensor = entry.text("tensor")
            if tensor not in tensors:
                tensors[tensor] = coded(tensor, file, codings)
            view = entry.record("view") if entry.has("view") else None
            spot = None if view is None else (view.count("offset"), view.counts("strides"))
            data: Data = tensors[tensor].mapped(file, shape, strides, spot)
        else:
            data = Absent(strides, name)
        number = entry.count("id")
        if number in values:
            raise Damaged(f"two values have the number {number}")
        values[number] = Value(number, name, role, shape, entry.text("dtype"), data)
    return values


def _ops(document: Record, values: dict[int, Value]) -> tuple[Op, ...]:
    """The ops in order; their values in ``values`` learn which op made them."""
    entries = document.records("ops")
    makers: dict[int, int] = {}
    for index, entry in enumerate(entries):
        for number in entry.counts("outputs"):
            if makers.setdefault(number, index) != index:
                raise Damaged(f"two ops made the value {number}")
    ops = []
    for index, entry in enumerate(entries):
        read = entry.counts("inputs")
        early = [number for number in read if makers.get(number, -1) >= index]
        if early:
            raise Damaged(f"op {index} reads the value {early[0]} before it was made")
        op = _op(index, entry, values)
        for value in op.made:
            values[value.id] = replace(value, op=op)
        ops.append(op)
    return tuple(ops)


def _op(index: int, entry: Record, values: Mapping[int, Value]) -> Op:
    inputs = _found(entry.counts("inputs"), values)
    made = _found(entry.counts("outputs"), values)
    settings = entry.record("settings")
    arguments = tuple(_named(pair) for pair in entry.list("arguments"))
    writes = tuple(_position(item) for item in entry.list("writes"))
    plain = {name: argument(settings.any(name)) for name in settings.keys()}  # noqa: SIM118
    _check_refs((*plain.values(), *(item for _, item in arguments)), len(inputs))
    if any(position is not None and position >= len(inputs) for position in writes):
        raise Damaged(f"op {index} writes into an input that it does not have")
    return Op(
        index=index,
        name=entry.text("name"),
        kind=entry.text("kind"),
        module=entry.text("module"),
        module_type=entry.text("module_type"),
        module_call=entry.count("module_call"),
        settings=plain,
        inputs=inputs,
        target=entry.text("target"),
        arguments=arguments,
        writes=writes,
        random=entry.flag("random"),
        made=made,
    )


def _named(pair: object) -> tuple[str, Argument]:
    match pair:
        case [str(name), item]:
            return name, argument(item)
        case _:
            raise Damaged("an argument has no name")


def _position(item: object) -> int | None:
    if item is None or (isinstance(item, int) and not isinstance(item, bool) and item >= 0):
        return item
    raise Damaged("what an op writes is not the position of an input")


def _check_refs(items: Iterable[Argument], count: int) -> None:
    for item in items:
        if isinstance(item, tuple):
            _check_refs(item, count)
        elif isinstance(item, Ref) and not 0 <= item.input < count:
            raise Damaged(f"an argument names the input {item.input} of {count}")


def _found(numbers: Iterable[int], values: Mapping[int, Value]) -> tuple[Value, ...]:
    try:
        return tuple(values[number] for number in numbers)
    except KeyError as problem:
        raise Damaged(f"the value {problem} does not exist") from problem


def _texts(record: Record) -> dict[str, str]:
    return {key: record.text(key) for key in record.keys()}  # noqa: SIM118 - a Record is no dict


def _photo(entry: Record, file: TensorFile) -> Photo:
    name, box = entry.text("tensor"), argument(entry.any("box"))
    match box, entry.counts("original"):
        case (float(left), float(top), float(right), float(bottom)), (width, height):
            pass
        case _:
            raise Damaged("the photo's place in its original cannot be read")
    shape = file.slot(name).shape
    if len(shape) != 3:
        raise Damaged(f"the photo has the shape {shape}")
    pixels = file.cells(name, "U8", shape)
    return Photo(pixels, entry.text("name"), (left, top, right, bottom), (width, height))


def _failure(entry: Record) -> Failure:
    return Failure(entry.text("where"), entry.text("message"))
