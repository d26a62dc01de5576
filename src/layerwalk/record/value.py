"""One tensor of a walk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, TypeAlias

from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.frozen import ItsOwnCopy, quickly_made

if TYPE_CHECKING:
    from layerwalk.record.op import Op

__all__ = ["Array", "Data", "Region", "Role", "Value"]

Array: TypeAlias = NDArray[Any]
Region: TypeAlias = tuple[slice | int, ...]
Role: TypeAlias = Literal["input", "parameter", "buffer", "constant", "result"]


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
