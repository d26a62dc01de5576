"""What a comparison of two networks found, as plain numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from layerwalk.store.replacing import replacing

__all__ = ["Connections", "Contestant", "LayerCost", "SweepPoint", "Versus"]


@dataclass(frozen=True, slots=True)
class LayerCost:
    """One layer: its output's shape, its parameters, and its multiply-adds for one picture.

    ``multiply_adds`` is ``None`` where no recipe says how many.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int | None


@dataclass(frozen=True, slots=True)
class Connections:
    """The first layer with weights, as neurons that read pixels.

    Attributes
    ----------
    layer, kind
        Its name, and what it does: ``"conv2d"``.
    neurons
        How many outputs it has.
    each
        How many numbers each of them reads.
    connections
        All together, those to padding included.
    weights
        How many different weights they have, without biases.
    """

    layer: str
    kind: str
    neurons: int
    each: int
    connections: int
    weights: int

    @property
    def shared(self) -> float:
        """How many connections have the same weight."""
        return self.connections / self.weights


@dataclass(frozen=True, slots=True)
class Contestant:
    """One of the two networks.

    Attributes
    ----------
    name
        What it is called.
    parameters, multiply_adds
        All of its learned numbers, and its products for one picture as far as they are known.
    layers
        Those with parameters or multiply-adds.
    first
        The first layer's connections; ``None`` where a note of the comparison says why.
    accuracy
        On the held-out pictures, 0 to 1; ``None`` where it was not trained.
    across, down
        The same with every held-out picture moved by each of the comparison's shifts, to the
        right and down; empty where not measured.
    shuffled
        The accuracy of the network trained anew on shuffled pixels.
    run, shuffled_run
        The folders of the two trainings, within the comparison's.
    """

    name: str
    parameters: int
    multiply_adds: int
    layers: tuple[LayerCost, ...] = field(repr=False)
    first: Connections | None
    accuracy: float | None = None
    across: tuple[float, ...] = ()
    down: tuple[float, ...] = ()
    shuffled: float | None = None
    run: str = ""
    shuffled_run: str = ""


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """A network made wider or narrower, trained like the two.

    ``factor`` is what the width of every hidden layer was multiplied by.
    """

    network: str
    factor: float
    parameters: int
    multiply_adds: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class Versus:
    """Two networks compared on the same pictures. Printed, a table of 80 columns.

    Attributes
    ----------
    data, learned, held_out
        The data set, and how many of its pictures were learned from and held out.
    epochs, updates, seed
        How often each picture was seen, how many updates that were, and the seed of all that
        is drawn at random.
    contestants
        The two networks.
    shifts
        By how many pixels the held-out pictures were moved.
    sweep
        Each network at several widths, its own among them.
    notes
        What was left out or does not apply, a sentence each.

    Examples
    --------
    >>> found = lw.versus("mlp", "lenet5")                          # doctest: +SKIP
    >>> [one.parameters for one in found.contestants]               # doctest: +SKIP
    [669706, 61706]
    """

    data: str
    learned: int
    held_out: int
    epochs: int
    updates: int
    seed: int
    contestants: tuple[Contestant, Contestant]
    shifts: tuple[int, ...] = ()
    sweep: tuple[SweepPoint, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()

    @property
    def doubt(self) -> float | None:
        """Two standard errors of an accuracy, for the lower of the two; ``None`` before both."""
        known = [one.accuracy for one in self.contestants if one.accuracy is not None]
        if len(known) < 2:
            return None
        least = min(known)
        return 2 * math.sqrt(least * (1 - least) / self.held_out)

    def moved(self, contestant: Contestant, pixels: int) -> float | None:
        """The mean accuracy when moved that far, over the four directions; where it was."""
        places = [at for at, shift in enumerate(self.shifts) if abs(shift) == pixels]
        found = [way[at] for way in (contestant.across, contestant.down) for at in places if way]
        return sum(found) / len(found) if found else None

    def save(self, path: Path) -> None:
        """Put every number into a JSON file, whole or not at all."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        with replacing(path) as stream:
            stream.write(text.encode())

    def __str__(self) -> str:
        first, second = self.contestants
        head = (
            f"{self.data}: {self.learned:,} pictures to learn from, {self.held_out:,} held out; "
            f"{self.updates:,} updates"
        )
        wide = min(max(len(one.name) for one in self.contestants), 20)
        wide = max(wide, 9)
        lines = [head, "", f"{'':26}{_cut(first.name, wide)}  {_cut(second.name, wide)}"]
        for name, one, other in self._rows():
            lines.append(f"{name:26}{one:>{wide}}  {other:>{wide}}".rstrip())
        if self.doubt is not None:
            lines += ["", f"two standard errors of an accuracy: {100 * self.doubt:.1f} points"]
        return "\n".join(lines)

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        one, two = self.contestants
        yield _row("parameters", [each.parameters for each in (one, two)])
        yield _row("multiply-adds", [each.multiply_adds for each in (one, two)])
        firsts = [each.first for each in (one, two)]
        if any(firsts):
            kinds = [first.kind if first else "" for first in firsts]
            yield "first layer", kinds[0], kinds[1]
            for name in ("neurons", "each", "connections", "weights"):
                said = "inputs of each" if name == "each" else name
                counts = [getattr(first, name) if first else None for first in firsts]
                yield _row(f"  {said}", counts)
        if one.accuracy is not None or two.accuracy is not None:
            yield _row("accuracy", [each.accuracy for each in (one, two)])
        for pixels in sorted({abs(shift) for shift in self.shifts} - {0}):
            moved = [self.moved(each, pixels) for each in (one, two)]
            if any(each is not None for each in moved):
                yield _row(f"  moved by {pixels} pixel{'s' * (pixels > 1)}", moved)
        if one.shuffled is not None or two.shuffled is not None:
            yield _row("  trained on shuffled", [each.shuffled for each in (one, two)])


def _row(name: str, numbers: Sequence[float | None]) -> tuple[str, str, str]:
    one, two = (
        "" if number is None else f"{number:,}" if isinstance(number, int) else f"{number:.1%}"
        for number in numbers
    )
    return name, one, two


def _cut(name: str, wide: int) -> str:
    return name.rjust(wide) if len(name) <= wide else f"...{name[len(name) - wide + 3 :]}"
