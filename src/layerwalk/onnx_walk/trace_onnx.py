"""Walk an ONNX file: the verb."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from layerwalk.errors import CaptureError
from layerwalk.onnx_walk.file import OnnxFile, first_line, open_file
from layerwalk.onnx_walk.given import given_to
from layerwalk.onnx_walk.kinds import meaning_of
from layerwalk.onnx_walk.naming import Place, names_of, place_of
from layerwalk.onnx_walk.node import Node
from layerwalk.onnx_walk.numbers import Numbers
from layerwalk.record import Array, Op, Role, Trace, Value

__all__ = ["trace_onnx"]

_RANDOM = {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
           "Multinomial", "Bernoulli"}  # fmt: skip


def trace_onnx(
    path: str | os.PathLike[str],
    /,
    *inputs: Any,
    name: str | None = None,
    labels: tuple[str, ...] | None = None,
) -> Trace:
    """The trace of an ONNX file run by onnxruntime, every node and every value.

    The engine's own rewriting of the graph is off, so each node is run as the file has it. Ops
    are called after the modules they were exported from where the file says so, and their kinds
    and arguments are those of :func:`layerwalk.trace`: what a number is made of is explained
    and verified the same way, and :func:`layerwalk.compare` finds the op where an export goes
    wrong. Needs the packages onnx and onnxruntime; no torch.

    Parameters
    ----------
    path
        The .onnx file.
    inputs
        Arrays or tensors, in order; or one mapping by name; or one :class:`Trace`, whose inputs
        are given, and whose photo and class names are kept.
    name
        What to call the network; the file's name if not given.
    labels
        Class names of the first output.

    Raises
    ------
    FileError
        The file is missing, damaged or no ONNX file.
    CaptureError
        The inputs are not those that the network takes, or onnxruntime does not run it.
    MissingPackageError
        onnx or onnxruntime is not installed.

    Examples
    --------
    >>> exported = lw.trace_onnx("net.onnx", trace)           # doctest: +SKIP
    >>> lw.compare(trace, exported).first                     # doctest: +SKIP
    """
    file = open_file(path)
    title = name or file.path.name
    given = given_to(file.session.get_inputs(), inputs, title)
    wanted = [slot.name for slot in file.session.get_outputs()]
    try:
        made = dict(zip(wanted, file.session.run(wanted, given), strict=True))
    except Exception as error:  # onnxruntime's errors have no base of their own
        raise CaptureError(
            f"onnxruntime stopped: {first_line(error)}", where=title, mend="check its inputs"
        ) from error
    like = inputs[0] if len(inputs) == 1 and isinstance(inputs[0], Trace) else None
    work = _Assembly(file, given, made)
    work.run()
    return Trace(
        ops=tuple(work.ops),
        inputs=tuple(work.values[slot.name] for slot in file.session.get_inputs()),
        outputs=tuple(work.latest(slot.name) for slot in file.graph.output),
        output_paths=tuple(slot.name for slot in file.graph.output),
        modules=work.modules,
        name=title,
        labels=labels or (like.labels if like else None),
        photo=like.photo if like else None,
        provenance={
            "model": title,
            "engine": f"onnxruntime {version('onnxruntime')}",
            "onnx": version("onnx"),
            "weights": "those in the file",
        },
    )


class _Assembly:
    """Nodes to ops, one after the other."""

    def __init__(self, file: OnnxFile, given: Mapping[str, Array], made: Mapping[str, Any]) -> None:
        from onnx import numpy_helper

        self.graph = file.graph
        self.made = made
        self.count = 0
        self.ops: list[Op] = []
        self.values: dict[str, Value] = {}
        self.constants: dict[str, Array] = {}
        self.modules: dict[str, str] = {"": file.path.name}
        for name, array in given.items():
            called = "input" if len(given) == 1 else name
            self.bring(name, called, array, "input")
        for tensor in self.graph.initializer:
            self.constants[tensor.name] = numpy_helper.to_array(tensor)
        for node in self.graph.node:
            if node.op_type == "Constant" and isinstance(made.get(node.output[0]), np.ndarray):
                self.constants[node.output[0]] = made[node.output[0]]

    def run(self) -> None:
        nodes = [one for one in self.graph.node if one.op_type != "Constant"]
        seen = [self.node(one) for one in nodes]
        meanings = [meaning_of(one) for one in seen]
        places = [place_of(one.name, {p.key: p.value for p in one.metadata_props})
                  for one in nodes]  # fmt: skip
        weighted = [any(array.dtype.kind == "f" and array.ndim for array in one.known.values())
                    for one in seen]  # fmt: skip
        kinds = [meaning.kind.removeprefix("onnx.") for meaning in meanings]
        names = names_of(places, kinds, weighted, [one.name for one in nodes])
        for at, (proto, meaning, place) in enumerate(zip(nodes, meanings, places, strict=True)):
            module = self.enter(place)
            op = Op(
                index=at,
                name=names[at],
                kind=meaning.kind,
                module=module,
                module_type=place.module_type or self.modules[module],
                module_call=1,
                settings=meaning.settings,
                inputs=tuple(self.read(name) for name in proto.input if name),
                target=f"onnxruntime.{proto.op_type}.default",
                arguments=meaning.arguments,
                writes=(None,) * len(self.results(proto)),
                random=proto.op_type in _RANDOM,
                made=tuple(self.make(proto, names[at])),
            )
            self.ops.append(op)
            self.values.update(zip(self.results(proto), op.outputs, strict=True))

    def node(self, proto: Any) -> Node:
        from onnx import helper

        known = {k: self.constants[n] for k, n in enumerate(proto.input) if n in self.constants}
        domain = proto.domain if proto.domain not in ("", "ai.onnx") else ""
        attributes = {one.name: _plain(helper.get_attribute_value(one)) for one in proto.attribute}
        return Node(
            operator=f"{domain}.{proto.op_type}" if domain else proto.op_type,
            attributes=attributes,
            inputs=tuple(self.array(name) if name else None for name in proto.input),
            known=known,
            outputs=tuple(self.made[name] for name in self.results(proto)),
        )

    def results(self, proto: Any) -> list[str]:
        """The outputs that are tensors and that were made."""
        return [n for n in proto.output if n and isinstance(self.made.get(n), np.ndarray)]

    def array(self, name: str) -> Array | None:
        if name in self.constants:
            return self.constants[name]
        if name in self.values:
            return self.values[name].array()
        found = self.made.get(name)
        return found if isinstance(found, np.ndarray) else None

    def enter(self, place: Place) -> str:
        module = place.module or ""
        self.modules.setdefault(module, place.module_type or "module")
        return module

    def read(self, name: str) -> Value:
        if name not in self.values:
            array = self.constants.get(name)
            if array is None:
                raise CaptureError(
                    f"it reads {name}, which is not a tensor", where=self.modules[""]
                )
            learned = array.dtype.kind == "f" and array.ndim > 0
            self.bring(name, name, array, "parameter" if learned else "constant")
        return self.values[name]

    def make(self, proto: Any, name: str) -> Sequence[Value]:
        results = self.results(proto)
        return [
            self.value(name if len(results) == 1 else f"{name}[{at}]", self.made[one], "result")
            for at, one in enumerate(results)
        ]

    def bring(self, key: str, name: str, array: Array, role: Role) -> None:
        self.values[key] = self.value(name, array, role)

    def value(self, name: str, array: Array, role: Role) -> Value:
        self.count += 1
        return Value(self.count, name, role, array.shape, array.dtype.name, Numbers(array, name))

    def latest(self, name: str) -> Value:
        """An output of the network, which may be an input or a constant handed on."""
        return self.read(name)


def _plain(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
