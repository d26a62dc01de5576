"""What a walk left behind: frozen records, numpy only.

``Trace`` is the one noun that crosses rooms. It is complete when it is built, holds no
tensor library's types, and reads its arrays lazily: from torch's own memory just after a
walk, from a mapped file after :func:`layerwalk.open`.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NoReturn, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError, NotFoundError, missing
from layerwalk.frozen import ItsOwnCopy, quickly_made

__all__ = [
    "Argument",
    "Array",
    "Data",
    "Failure",
    "Op",
    "Photo",
    "Ref",
    "Region",
    "Role",
    "Symbol",
    "Trace",
    "Value",
]

Array: TypeAlias = NDArray[Any]
Region: TypeAlias = tuple[slice | int, ...]
Role: TypeAlias = Literal["input", "parameter", "buffer", "constant", "result"]


@dataclass(frozen=True, slots=True)
class Ref:
    """An argument that is a tensor: the position of the value in ``Op.inputs``."""

    input: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """An argument that only the framework can spell: ``Symbol("dtype", "float32")``."""

    type: str
    name: str


Argument: TypeAlias = (
    bool | int | float | complex | str | Ref | Symbol | tuple["Argument", ...] | None
)


class Data(Protocol):
    """Where the numbers of one value lie.

    ``strides`` are in elements, as the framework laid the value out; ``read`` returns a
    read-only array, without a copy where the memory allows it.
    """

    @property
    def strides(self) -> tuple[int, ...]:
        """Strides in elements."""
        ...

    def read(self, region: Region = ()) -> Array:
        """The region of the value, or all of it."""
        ...


@quickly_made
@dataclass(frozen=True, eq=False, slots=True)
class Value(ItsOwnCopy):
    """One tensor of the walk: an input, a weight, a constant or an op's result.

    Attributes
    ----------
    id
        Number of the value within its trace.
    name
        ``"input"``, a parameter's path, or the name of the op that made it (with
        ``"[k]"`` behind it where the op made several).
    role
        ``"input"``, ``"parameter"``, ``"buffer"``, ``"constant"`` or ``"result"``.
    shape, dtype
        As the framework had them; ``dtype`` is a plain name such as ``"bfloat16"``.
    op
        The op that made it; ``None`` for everything that came from outside.
    """

    id: int
    name: str
    role: Role
    shape: tuple[int, ...]
    dtype: str
    data: Data = field(repr=False)
    op: Op | None = field(default=None, repr=False)

    def array(self) -> Array:
        """The whole value as a read-only array of ``shape``.

        bfloat16 and 8-bit floats come back as float32 (exactly), quantised values as the
        float32 numbers they stand for.
        """
        return self.data.read()

    def read(self, *region: slice | int) -> Array:
        """A part of the value, ``value.read(0, slice(3, 5))``, without reading the rest."""
        return self.data.read(region)

    @property
    def size(self) -> int:
        """How many numbers the value holds."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.id == other.id and self.data is other.data

    def __hash__(self) -> int:
        return hash((self.id, id(self.data)))

    def __reduce__(self) -> NoReturn:
        raise LayerwalkError(
            "a value is not pickled without its trace", where=self.name, mend="pickle its array()"
        )


@quickly_made
@dataclass(frozen=True, eq=False, slots=True)
class Op(ItsOwnCopy):
    """One whole operation as the network ran it.

    Attributes
    ----------
    index
        Position in ``trace.ops``.
    name
        The module's path where the module ran this op alone (``"layer1.0.conv1"``), else
        the path and the kind (``"layer1.0.add"``); repeats are numbered (``":2"``).
    kind
        The field's term, however the call was spelled: ``"relu"``, ``"conv2d"``.
    module, module_type, module_call
        Path of the innermost module that ran it (``""`` is the network itself), its class,
        and which call of that module it was, from 1.
    settings
        Every argument that is not a tensor, normalised: ``{"stride": (2, 2), ...}``.
    inputs
        The values it read, in the order of its arguments.
    target, arguments
        The call itself, exactly: ``"aten.conv2d.default"`` and its arguments by name,
        tensors as :class:`Ref`. Enough to run it again.
    writes
        For each output, the position in ``inputs`` of the tensor it was written into
        (an in-place op), or ``None``.
    random
        Whether the op drew random numbers, so that running it again gives others.
    made
        The outputs before they are handed out; read ``outputs`` instead.
    """

    index: int
    name: str
    kind: str
    module: str
    module_type: str
    module_call: int
    settings: Mapping[str, Argument]
    inputs: tuple[Value, ...] = field(repr=False)
    target: str = field(repr=False)
    arguments: tuple[tuple[str, Argument], ...] = field(repr=False)
    writes: tuple[int | None, ...] = field(repr=False)
    random: bool = field(repr=False)
    made: tuple[Value, ...] = field(repr=False)

    @property
    def outputs(self) -> tuple[Value, ...]:
        """The values it made, in order."""
        # Handed out anew each time: a stored link back would be a reference cycle, and a
        # dropped trace would keep its tensors until the garbage collector came by.
        return tuple(
            [Value(v.id, v.name, v.role, v.shape, v.dtype, v.data, self) for v in self.made]
        )

    @property
    def parameters(self) -> tuple[Value, ...]:
        """The learned weights it read."""
        return tuple(value for value in self.inputs if value.role == "parameter")

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the first output; ``()`` for an op that made none."""
        return self.made[0].shape if self.made else ()

    def array(self) -> Array:
        """The first output as an array."""
        if not self.made:
            raise NotFoundError("the op made no value", where=self.name)
        return self.made[0].array()

    def __index__(self) -> int:
        return self.index

    def __reduce__(self) -> NoReturn:
        raise LayerwalkError(
            "an op is not pickled without its trace",
            where=self.name,
            mend=f"pickle the trace, whose op {self.index} it is",
        )


@dataclass(frozen=True, eq=False)
class Photo:
    """The picture as the network saw it, before its colours were normalised.

    ``pixels`` is uint8 of shape (H, W, 3) or (H, W, 1), the size of the network's input;
    ``box`` is the part of the original it shows, (left, top, right, bottom) in the
    original's pixels; ``original`` is the original's (width, height).
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    name: str
    box: tuple[float, float, float, float]
    original: tuple[int, int]


@dataclass(frozen=True)
class Failure:
    """Why a trace is incomplete: the op (or module) that raised, and what it said."""

    where: str
    message: str


@dataclass(frozen=True, eq=False, repr=False)
class Trace(ItsOwnCopy):
    """Every op of one forward pass, with every value.

    Nothing in it can change, so :mod:`copy` hands out the trace itself. A pickle carries the
    numbers along and opens without torch; ops and values go with their trace only.

    Attributes
    ----------
    ops
        In the order in which they ran.
    inputs, outputs
        What the network was given and what it returned, flattened in order.
    output_paths
        Where each output stood in the returned structure: ``""``, ``"0"``, ``"logits"``.
    modules
        Path to class name of every module that ran, the network itself under ``""``.
    name
        What the model is called.
    labels
        Class names of the first output, if known.
    photo
        The picture that was walked, if it was one.
    failure
        Set when the model raised half-way: the ops so far are kept.
    provenance
        Versions, weights, preprocessing, the picture's and (in a file) the weights' hash.

    Examples
    --------
    >>> trace = lw.trace(model, image)                      # doctest: +SKIP
    >>> trace["features.0.conv"].array().shape              # doctest: +SKIP
    (1, 32, 112, 112)
    """

    ops: tuple[Op, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    output_paths: tuple[str, ...]
    modules: Mapping[str, str] = field(repr=False)
    name: str
    labels: tuple[str, ...] | None = field(default=None, repr=False)
    photo: Photo | None = None
    failure: Failure | None = None
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        state = "" if self.failure is None else f", stopped at {self.failure.where}"
        return f"<Trace of {self.name}: {len(self.ops)} ops{state}>"

    @property
    def complete(self) -> bool:
        """Whether the forward pass came to its end."""
        return self.failure is None

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every value once, by id: weights, inputs, constants and results."""
        found: dict[int, Value] = {value.id: value for value in self.inputs}
        for op in self.ops:
            for value in op.inputs:
                found.setdefault(value.id, value)
            for value in op.outputs:
                found.setdefault(value.id, value)
        for value in self.outputs:
            found.setdefault(value.id, value)
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def _by_name(self) -> Mapping[str, int]:
        return {op.name: op.index for op in self.ops}

    def __len__(self) -> int:
        return len(self.ops)

    def __iter__(self) -> Iterator[Op]:
        return iter(self.ops)

    def __contains__(self, key: object) -> bool:
        if isinstance(key, Op):
            return any(op is key for op in self.ops)
        try:
            return isinstance(key, (str, int)) and self[key] is not None
        except NotFoundError:
            return False

    def __getitem__(self, key: str | int | Op) -> Op:
        """An op by name or index; a module's path gives the last op that it ran."""
        if isinstance(key, Op):
            key = key.index
        if not isinstance(key, (str, int)):
            raise NotFoundError(
                f"{key!r} is neither a name nor an index",
                where=self.name,
                mend="trace.ops takes slices",
            )
        if isinstance(key, int):
            if not -len(self.ops) <= key < len(self.ops):
                raise NotFoundError(
                    f"there is no op {key}", where=self.name, mend=f"it has {len(self.ops)} ops"
                )
            return self.ops[key]
        if key in self._by_name:
            return self.ops[self._by_name[key]]
        inside = key + "."
        for op in reversed(self.ops):
            if op.module == key or op.module.startswith(inside):
                return op
        near = difflib.get_close_matches(key, self._by_name, n=3, cutoff=0.6)
        raise NotFoundError(
            f"there is no op {key!r}",
            where=self.name,
            mend=f"did you mean {', '.join(near)}?" if near else "trace.ops lists them",
        )

    def top(self, count: int = 5, sample: int = 0) -> list[tuple[str, float]]:
        """The most probable classes, ``[(label, probability), ...]``, best first.

        The last dimension of the first output holds the classes. Logits go through a
        softmax in float64; what the network itself made by softmax, log-softmax or sigmoid
        is taken as it is (see :func:`layerwalk.prediction.probabilities`).

        Raises
        ------
        NotFoundError
            The network returned nothing, or its output is not one row of scores an image.
        """
        if count < 0:
            raise NotFoundError(f"there are no {count} classes", where=self.name)
        chances = _late("layerwalk.prediction", "probabilities")(self, sample)
        order = np.argsort(-chances, kind="stable")[:count]
        labels = self.labels if self.labels and len(self.labels) == len(chances) else None
        return [(labels[k] if labels else f"class {k}", float(chances[k])) for k in order]

    def replay(self) -> Any:
        """Run every op again on its recorded inputs and compare the bits.

        See :func:`layerwalk.capture.replay.replay`. Needs torch.
        """
        return _late("layerwalk.capture.replay", "replay")(self)

    def save(self, path: Any, **options: Any) -> Any:
        """Write the trace as one ``.safetensors`` file. See :func:`layerwalk.store.save`."""
        return _late("layerwalk.store", "save")(self, path, **options)

    def __reduce__(self) -> tuple[Any, ...]:
        return _late("layerwalk.store", "unpacked"), (_late("layerwalk.store", "packed")(self),)


def _late(module: str, name: str) -> Any:
    """A verb of another room, bound by name when it is called (docs/decisions/0002)."""
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise missing(error) from error
