"""One operation of a walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NoReturn

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.frozen import ItsOwnCopy, quickly_made
from layerwalk.record.argument import Argument
from layerwalk.record.value import Array, Value

__all__ = ["EDITED", "Op"]

EDITED: Final = "edited"
"""The setting of an op whose first output edits changed: what they did to its channels, each time
that it ran (:mod:`layerwalk.capture.channels`). It is not what the op alone gives."""


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
