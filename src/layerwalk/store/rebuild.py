"""A trace again, from its JSON and the mapped tensors, trusting neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from layerwalk.record import Argument, Data, Failure, Op, Photo, Ref, Role, Trace, Value
from layerwalk.store.arguments import argument
from layerwalk.store.coded import Coded, coded
from layerwalk.store.document import Damaged, Record
from layerwalk.store.mapped import Absent
from layerwalk.store.rows import Rows
from layerwalk.store.tensors import TensorFile

__all__ = ["rebuilt"]

_ROLES: Mapping[str, Role] = {role: role for role in get_args(Role)}
_OF_VALUE = ("id", "name", "role", "shape", "dtype", "strides", "tensor", "view")
_OF_OP = (
    "name", "kind", "module", "module_type", "module_call", "settings", "inputs", "target",
    "arguments", "writes", "random", "outputs",
)  # fmt: skip


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
    rows = _rows(document, "values", _OF_VALUE)
    ids, names, roles = rows.numbers("id"), rows.texts("name"), rows.texts("role")
    for role in set(roles) - set(_ROLES):
        raise Damaged(f"a value has the unknown role {role!r}")
    if len(set(ids)) < len(ids):
        twice = next(number for k, number in enumerate(ids) if number in ids[:k])
        raise Damaged(f"two values have the number {twice}")
    shapes, dtypes, data = rows.counts("shape"), rows.texts("dtype"), _data(document, rows, file)
    return {
        number: Value(number, name, _ROLES[role], shape, dtype, numbers)
        for number, name, role, shape, dtype, numbers in zip(
            ids, names, roles, shapes, dtypes, data, strict=True
        )
    }


def _data(document: Record, rows: Rows, file: TensorFile) -> list[Data]:
    """Where the numbers of each value lie."""
    codings, views = document.record("codings"), rows.present("view")
    names, shapes, strides = rows.texts("name"), rows.counts("shape"), rows.integers("strides")
    tensors: dict[str, Coded] = {}
    data: list[Data] = []
    for k, tensor in enumerate(rows.maybe_texts("tensor")):
        shape, steps = shapes[k], strides[k]
        if steps and len(steps) != len(shape):  # a sparse layout has none
            raise Damaged(f"the strides {steps} do not belong to the shape {shape}")
        if tensor is None:
            data.append(Absent(steps, names[k]))
            continue
        if tensor not in tensors:
            tensors[tensor] = coded(tensor, file, codings)
        view = rows[k].record("view") if views[k] else None
        spot = None if view is None else (view.count("offset"), view.counts("strides"))
        data.append(tensors[tensor].mapped(file, shape, steps, spot))
    return data


def _ops(document: Record, values: dict[int, Value]) -> tuple[Op, ...]:
    """The ops in order; their values in ``values`` learn which op made them."""
    rows = _rows(document, "ops", _OF_OP)
    reads, makes = rows.counts("inputs"), rows.counts("outputs")
    makers: dict[int, int] = {}
    for index, numbers in enumerate(makes):
        for number in numbers:
            if makers.setdefault(number, index) != index:
                raise Damaged(f"two ops made the value {number}")
    settings, arguments = rows.tables("settings"), rows.lists("arguments")
    writes, calls, random = rows.lists("writes"), rows.numbers("module_call"), rows.flags("random")
    names, kinds, targets = rows.texts("name"), rows.texts("kind"), rows.texts("target")
    modules, types = rows.texts("module"), rows.texts("module_type")
    ops = []
    for index, read in enumerate(reads):
        early = [number for number in read if makers.get(number, -1) >= index]
        if early:
            raise Damaged(f"op {index} reads the value {early[0]} before it was made")
        op = Op(
            index,
            names[index],
            kinds[index],
            modules[index],
            types[index],
            calls[index],
            {name: argument(item) for name, item in settings[index].items()},
            _found(read, values),
            targets[index],
            tuple([_named(pair) for pair in arguments[index]]),
            tuple([_position(item) for item in writes[index]]),
            random[index],
            _found(makes[index], values),
        )
        _check(op)
        for value in op.outputs:
            values[value.id] = value
        ops.append(op)
    return tuple(ops)


def _rows(document: Record, key: str, fields: tuple[str, ...]) -> Rows:
    return Rows(document.list(key), fields, lambda k: f"{key}[{k}] of the graph")


def _check(op: Op) -> None:
    """Refuse what points beyond the op's inputs."""
    count = len(op.inputs)
    _check_refs(op.settings.values(), count)
    _check_refs([item for _, item in op.arguments], count)
    for position in op.writes:
        if position is not None and position >= count:
            raise Damaged(f"op {op.index} writes into an input that it does not have")


def _named(pair: object) -> tuple[str, Argument]:
    if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str):
        return pair[0], argument(pair[1])
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
        return tuple([values[number] for number in numbers])
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
