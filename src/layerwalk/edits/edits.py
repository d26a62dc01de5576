"""Edits in order: collected, undone, written down and read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

from layerwalk.edits.calls import ChangeWindow, SwapActivation
from layerwalk.edits.channels import FixChannels, ScaleChannels, Silence
from layerwalk.edits.given import Channels, Named, as_name
from layerwalk.edits.picture import AddNoise, Hide, HidePatches, Paint
from layerwalk.edits.step import Edit, parse_edit
from layerwalk.edits.weights import ScaleWeight, SetWeight, UseFilter
from layerwalk.edits.words import read_edit
from layerwalk.errors import EditError, FileError
from layerwalk.store.replacing import replacing

if TYPE_CHECKING:
    from torch import nn

    from layerwalk.models import Model
    from layerwalk.record import Trace

__all__ = ["Edits", "edit", "load_edits"]

_FORM: Final = "layerwalk edits"
_VERSION: Final = 1
_OURS: Final = "pass what edits.save() wrote"


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits of a network and its input, in the order in which they are made.

    Nothing in it can change: each method gives the edits with one more, so that those before
    are still at hand, and one list can be continued in two ways. The network itself is never
    touched.

    Attributes
    ----------
    steps
        The edits.
    model
        The network whose edits they are, if :func:`edit` was told; :meth:`trace` walks it.

    Examples
    --------
    >>> import layerwalk as lw
    >>> edits = lw.edit().silence("relu", 2).scale_weight("conv.weight", 0.5, at=(0,))
    >>> print(edits)
    1. silence channel 2 of relu
    2. scale conv.weight[0] by 0.5
    >>> len(edits.undo()), edits.undo() + edits.undo(2)
    (1, Edits(silence channel 2 of relu))
    """

    steps: tuple[Edit, ...] = ()
    model: Model | nn.Module | None = field(default=None, repr=False, compare=False)

    # -- collecting ---------------------------------------------------------------------------

    def set_weight(
        self, parameter: Named, to: Any, *, at: int | tuple[int, ...] = (), name: str = ""
    ) -> Edits:
        """A part of a weight set to a number, or to an array of numbers of its shape."""
        return self.and_then(SetWeight(as_name(parameter), _tuples(at), to, name=name))

    def scale_weight(
        self, parameter: Named, by: float, *, at: int | tuple[int, ...] = (), name: str = ""
    ) -> Edits:
        """A part of a weight times a number."""
        return self.and_then(ScaleWeight(as_name(parameter), _tuples(at), by, name=name))

    def use_filter(
        self, parameter: Named, kernel: Any, *, at: int | tuple[int, ...] = (), name: str = ""
    ) -> Edits:
        """Kernels replaced by a filter: its name, a :class:`layerwalk.Filter`, or a matrix.

        One kernel, ``at=(3, 0)``, becomes the filter itself. Where a filter of the network or
        all of the weight is named, each kernel becomes the filter divided by the number of
        input channels, so that it answers to their mean.
        """
        return self.and_then(UseFilter(as_name(parameter), _tuples(at), kernel, name=name))

    def silence(self, op: Named, *channels: Channels, name: str = "") -> Edits:
        """Channels of what an op made set to zero; all of them where none is named."""
        return self.and_then(Silence(as_name(op), channels, name=name))

    def scale_channels(self, op: Named, *channels: Channels, by: float, name: str = "") -> Edits:
        """Channels times a number."""
        return self.and_then(ScaleChannels(as_name(op), channels, by, name=name))

    def fix_channels(self, op: Named, *channels: Channels, to: float, name: str = "") -> Edits:
        """Channels set to one number."""
        return self.and_then(FixChannels(as_name(op), channels, to, name=name))

    def swap_activation(self, op: Named, to: str, *, name: str = "") -> Edits:
        """An activation swapped for another."""
        return self.and_then(SwapActivation(as_name(op), to, name=name))

    def change_window(
        self, op: Named, *, stride: Any = None, padding: Any = None, dilation: Any = None,
        name: str = "",
    ) -> Edits:  # fmt: skip
        """A convolution or pooling with another stride, padding or dilation."""
        return self.and_then(
            ChangeWindow(
                as_name(op), _tuples(stride), _tuples(padding), _tuples(dilation), name=name
            )
        )

    def hide(
        self, top: int, left: int, height: int, width: int, *, paint: Paint = "mean",
        name: str = "",
    ) -> Edits:  # fmt: skip
        """A patch of the input painted over; a number is one as the network reads it."""
        top, left, height, width = _tuples((top, left, height, width))
        return self.and_then(Hide(top, left, height, width, _tuples(paint), name=name))

    def hide_patches(
        self, *patches: tuple[int, int, int, int], paint: Paint = "mean", name: str = ""
    ) -> Edits:
        """Several patches painted over at once, each ``(top, left, height, width)``."""
        return self.and_then(HidePatches(_tuples(patches), _tuples(paint), name=name))

    def add_noise(self, deviation: float, *, seed: int = 0, name: str = "") -> Edits:
        """Normal noise added to the input, in the units that the network reads."""
        return self.and_then(AddNoise(deviation, seed, name=name))

    def and_then(self, *steps: Edit | str) -> Edits:
        """These edits, and then those: each an edit, or one in words.

        Examples
        --------
        >>> edit().and_then("silence channel 2 of relu")
        Edits(silence channel 2 of relu)

        Raises
        ------
        EditError
            Words say no edit.
        """
        return replace(self, steps=(*self.steps, *map(_step, steps)))

    # -- a list -------------------------------------------------------------------------------

    def undo(self, count: int = 1) -> Edits:
        """Without the last edits."""
        return replace(self, steps=self.steps[: max(len(self.steps) - count, 0)])

    def without(self, which: int | str) -> Edits:
        """Without one of them, by its place or its name.

        Raises
        ------
        EditError
            There is none.
        """
        found = [k for k, step in enumerate(self.steps) if which in (k, str(step))]
        if not found:
            raise EditError(f"there is no edit {which!r}", mend=f"there are: {self}")
        return replace(self, steps=self.steps[: found[0]] + self.steps[found[0] + 1 :])

    def __add__(self, other: Edits) -> Edits:
        return self.and_then(*other.steps)

    def __iter__(self) -> Iterator[Edit]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, place: int) -> Edit: ...
    @overload
    def __getitem__(self, place: slice) -> Edits: ...
    def __getitem__(self, place: int | slice) -> Edit | Edits:
        if isinstance(place, slice):
            return replace(self, steps=self.steps[place])
        return self.steps[place]

    def __str__(self) -> str:
        if not self.steps:
            return "no edits"
        return "\n".join(f"{k}. {step}" for k, step in enumerate(self.steps, start=1))

    def __repr__(self) -> str:
        return f"Edits({', '.join(map(str, self.steps))})"

    # -- use ----------------------------------------------------------------------------------

    def trace(self, *inputs: Any, **keywords: Any) -> Trace:
        """A walk of the network with these edits; what :func:`layerwalk.trace` takes.

        Raises
        ------
        EditError
            They were collected without a network; or as :func:`layerwalk.edits.rerun.rerun`.
        """
        from layerwalk.edits.rerun import rerun
        from layerwalk.walk import trace

        if self.model is None:
            raise EditError(
                "these edits belong to no network",
                mend="collect them with lw.edit(model), or use trace.rerun(edits)",
            )
        return rerun(trace(self.model, *inputs, **keywords), self)

    def plain(self) -> list[dict[str, Any]]:
        """The edits as JSON has them."""
        return [step.plain() for step in self.steps]

    @classmethod
    def of(cls, plain: Any, where: str = "edits") -> Edits:
        """The edits that were written down.

        Raises
        ------
        EditError
            They are no list, or one of them is none.
        """
        if not isinstance(plain, Iterable) or isinstance(plain, str | Mapping):
            raise EditError(
                f"{plain!r} is no list of edits"[:200],
                where=where,
                mend="list them as edits.plain() does",
            )
        return cls(tuple(parse_edit(item, where) for item in plain))

    def save(self, path: str | Path) -> Path:
        """Write the edits as a JSON file.

        Raises
        ------
        FileError
            It cannot be written there.
        """
        target = Path(path)
        document = {"form": _FORM, "version": _VERSION, "edits": self.plain()}
        with replacing(target) as stream:
            stream.write((json.dumps(document, indent=2) + "\n").encode())
        return target


def edit(model: Model | nn.Module | None = None) -> Edits:
    """A list of edits, empty still, of a network that stays as it is.

    Parameters
    ----------
    model
        The network, for :meth:`Edits.trace`. Edits of a trace need none.

    Examples
    --------
    >>> import layerwalk as lw
    >>> edits = edit(lw.load_model("edges")).silence("relu", 0, 1)
    >>> [float(plane.max()) > 0 for plane in edits.trace("sample:cat")["pool"].array()[0]]
    [False, False, True, True]
    """
    return Edits(model=model)


def load_edits(path: str | Path) -> Edits:
    """The edits of a JSON file that :meth:`Edits.save` wrote, or those a saved trace was given.

    Raises
    ------
    FileError
        It cannot be read, or is no such file.
    EditError
        An edit in it is none.

    Examples
    --------
    >>> import tempfile, layerwalk as lw
    >>> edits = lw.edit().silence("relu", 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     said = load_edits(edits.save(f"{folder}/edits.json"))
    ...     walk = lw.trace(lw.load_model("edges"), "sample:cat").rerun(edits)
    ...     given = load_edits(walk.save(f"{folder}/silent.safetensors"))
    >>> said == given == edits
    True
    """
    where = str(path)
    if Path(path).suffix.lower() == ".safetensors":
        return _of_trace(where)
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"it cannot be read ({error.strerror})", where=where) from error
    except (ValueError, RecursionError) as error:
        raise FileError("it is no JSON", where=where, mend=_OURS) from error
    if not isinstance(document, dict) or document.get("form") != _FORM:
        raise FileError("it holds no edits", where=where, mend=_OURS)
    version = document.get("version")
    if type(version) is not int or version < _VERSION:
        raise FileError("it does not say of which version it is", where=where, mend=_OURS)
    if version > _VERSION:
        raise FileError(
            f"it is of version {version}, later than this program",
            where=where,
            mend="update layerwalk",
        )
    return Edits.of(document.get("edits"), where)


def as_edits(given: Any) -> Edits:
    """The edits that were meant: a list of them, one alone, words, or several of these.

    Examples
    --------
    >>> as_edits("silence channel 2 of relu") == edit().silence("relu", 2)
    True

    Raises
    ------
    EditError
        There are none in it.
    """
    if isinstance(given, Edits):
        return given
    several = given if isinstance(given, list | tuple) else (given,)
    return Edits(tuple(map(_step, several)))


def edits_of(trace: Trace) -> Edits:
    """The edits that a trace has been given already, by its own account.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> edits_of(trace), edits_of(trace.rerun(lw.edit().silence("relu", 2)))
    (Edits(), Edits(silence channel 2 of relu))
    """
    try:
        plain = json.loads(trace.provenance.get("edits", "[]"))
    except (ValueError, RecursionError) as error:
        raise EditError("what it says of its edits is no JSON", where=trace.name) from error
    return Edits.of(plain, trace.name)


def _of_trace(where: str) -> Edits:
    from layerwalk.store import load

    edits = edits_of(load(where))
    if not edits:
        raise FileError(
            "the walk in it was not edited", where=where, mend=f"{_OURS}, or an edited walk"
        )
    return edits


def _step(given: Any) -> Edit:
    if isinstance(given, Edit):
        return given
    if isinstance(given, str):
        return read_edit(given)
    if isinstance(given, Mapping):
        return parse_edit(given)
    raise EditError(
        f"{given!r} is no edit"[:200],
        where="edit",
        mend="collect edits with lw.edit(), or say one in words",
    )


def _tuples(value: Any) -> Any:
    """Lists and arrays as tuples, their numbers as Python's own."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(_tuples(item) for item in value) if isinstance(value, (list, tuple)) else value
