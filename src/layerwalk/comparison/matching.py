"""Which op of one walk belongs to which op of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from layerwalk.comparison.alignment import align, rising
from layerwalk.comparison.families import PRODUCTS, before_relu, family
from layerwalk.comparison.spans import leaves, led_to
from layerwalk.record import Op, Trace

__all__ = ["How", "Match", "Matching", "Unmatched", "match", "spell_shape"]

How: TypeAlias = Literal["given", "name", "order", "folded", "module"]
Side: TypeAlias = Literal["reference", "other"]


@dataclass(frozen=True, slots=True)
class Match:
    """Two ops, by index, and how they were found to belong together.

    ``"given"`` by the caller, by their ``"name"``, by their kind and shape in the ``"order"``
    of the walk; a batch norm or a ReLU with the op into which it was ``"folded"``; or as what
    one ``"module"`` made in both walks, in one of them by several ops. ``spans`` are the
    reference's ops that the other has in this one.
    """

    reference: int
    other: int
    how: How
    spans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An op that was compared with nothing, and why."""

    op: Op
    side: Side
    reason: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs in the reference's order, and every op that has none."""

    pairs: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]


def match(reference: Trace, other: Trace, names: Mapping[str, str] | None = None) -> Matching:
    """The ops of two walks in pairs.

    Pairs that are given come first, then ops of one name, sort and shape, ReLUs with the op
    that has them in it, what one module made, then what lies between those by kind and shape
    in order, and at last what else has one name and shape (an activation that was swapped for
    another). A name that torch's modules did not give but that was counted (``"relu:2"``) is
    trusted only where both walks count as many. Whole numbers are no twin of real ones: what a
    quantised network adds up in between stands for other numbers than its own.

    Raises
    ------
    NotFoundError
        A name that was given is in neither walk.
    """
    work = _Work(reference, other)
    for one, two in (names or {}).items():
        work.pair(reference[one].index, other[two].index, "given")
    work.by_name(alike=True)
    for side in _SIDES:
        work.fused(side)
    work.by_module()
    work.by_order()
    for side in _SIDES:
        work.told_of_fused(side)
        work.folded(side)
    work.by_name(alike=False)
    return work.result()


_SIDES: Final[tuple[Side, Side]] = ("reference", "other")
_NO_LIKE: Final = "nothing of its name, or of its kind and shape in its place"
_NOTHING: Final = "it made no value"


@dataclass(slots=True)
class _Work:
    reference: Trace
    other: Trace
    there: dict[int, int] = field(default_factory=dict)  # reference to other
    back: dict[int, int] = field(default_factory=dict)
    how: dict[int, How] = field(default_factory=dict)  # by reference
    spans: dict[int, tuple[int, ...]] = field(default_factory=dict)  # by reference
    why: dict[tuple[Side, int], str] = field(default_factory=dict)
    steps: set[tuple[Side, int]] = field(default_factory=set)  # inside a module of the other

    def pair(self, one: int, two: int, how: How) -> None:
        if one in self.there or two in self.back:
            return
        self.there[one], self.back[two], self.how[one] = two, one, how

    def part(self, one: int) -> None:
        two = self.there.pop(one)
        del self.back[two], self.how[one]

    def join(self, side: Side, here: int, there: int, how: How) -> None:
        """Pair an op of a side with one of the other side."""
        self.pair(*((here, there) if side == "reference" else (there, here)), how)

    def trace(self, side: Side) -> Trace:
        return self.reference if side == "reference" else self.other

    def twins(self, side: Side) -> dict[int, int]:
        return self.there if side == "reference" else self.back

    def by_name(self, *, alike: bool) -> None:
        """Ops of one name and shape; first those that do ``alike``, by their kinds."""
        here, there = _families(self.reference), _families(self.other)
        named = {op.name: op for op in self.other}
        for op in self.reference:
            twin = named.get(op.name)
            stem = _stem(op.name)
            if twin is None or here[stem] != there[stem]:
                continue
            if alike and family(op.kind) != family(twin.kind):
                continue  # in a sequence that lost a layer, all behind it have another's name
            if _comparable(op, twin):
                self.pair(op.index, twin.index, "name")
            elif op.made and twin.made:
                said = _apart(op, twin)
                self.why["reference", op.index] = self.why["other", twin.index] = said

    def fused(self, side: Side) -> None:
        """Where the other walk has an op and the ReLU behind it in one, by the op's name."""
        trace, beyond = self.trace(side), self.trace(_across(side))
        named = {op.name: op for op in beyond if before_relu(op.kind)}
        for relu in trace:
            if family(relu.kind) != "relu" or before_relu(relu.kind):
                continue
            for name in {op.name for op in led_to(relu)} & named.keys():
                whole = named[name]
                if led_to(relu, before_relu(whole.kind)) and _comparable(relu, whole):
                    self.join(side, relu.index, whole.index, "folded")

    def told_of_fused(self, side: Side) -> None:
        """What such an op holds besides the ReLU that it was compared with."""
        trace, beyond = self.trace(side), self.trace(_across(side))
        for here, there in list(self.twins(side).items()):
            one = here if side == "reference" else there
            held = before_relu(beyond[there].kind)
            if not held or before_relu(trace[here].kind) or self.how[one] == "given":
                continue
            ops = led_to(trace[here], held)
            if not ops or any(op.index in self.twins(side) for op in ops):
                continue
            self.how[one] = "folded"
            self.hold(side, here, [op.index for op in ops], "with the ReLU behind it")

    def hold(self, side: Side, here: int, held: list[int], how: str) -> None:
        """Ops of a side that the other has inside of one, which is compared ``here``."""
        if side == "reference":
            self.spans[here] = (*sorted(held), here)
        for index in held:
            self.why[side, index] = f"the {_across(side)} has it folded {how}"

    def by_module(self) -> None:
        """What a module made that does in one walk with one op what takes the other several."""
        here, there = leaves(self.reference), leaves(self.other)
        for path in here.keys() & there.keys():
            ones, twos = here[path], there[path]
            one, two = ones[-1], twos[-1]
            free = one.index not in self.there and two.index not in self.back
            if (len(ones) == 1) == (len(twos) == 1) or not free or not _comparable(one, two):
                continue
            self.pair(one.index, two.index, "module")
            self.spans[one.index] = tuple(op.index for op in ones)
            for side, ops in zip(_SIDES, (ones, twos), strict=True):
                for op in ops[:-1]:
                    self.why[side, op.index] = f"a step of {path}, compared by what comes out of it"
                    self.steps.add((side, op.index))

    def by_order(self) -> None:
        anchors = [*rising(sorted(self.there.items())), (len(self.reference), len(self.other))]
        start = (0, 0)
        for one, two in anchors:
            here = [k for k in range(start[0], one) if self.free("reference", k)]
            there = [k for k in range(start[1], two) if self.free("other", k)]
            tokens = [[_token(trace[k]) for k in ops]
                      for trace, ops in ((self.reference, here), (self.other, there))]  # fmt: skip
            for left, right in align(*tokens):
                self.pair(here[left], there[right], "order")
            start = (one + 1, two + 1)

    def free(self, side: Side, index: int) -> bool:
        taken = index in self.twins(side) or (side, index) in self.steps
        return not taken and bool(self.trace(side)[index].made)

    def folded(self, side: Side) -> None:
        """Where just one walk has a batch norm, the other's convolution holds it."""
        trace, beyond, twins = self.trace(side), self.trace(_across(side)), self.twins(side)
        for norm in trace:
            source = _source(norm)
            if norm.index in twins or source is None or source not in twins:
                continue
            there = twins[source]
            one = source if side == "reference" else there
            products = {family(trace[source].kind), family(beyond[there].kind)} & PRODUCTS
            if self.how[one] == "given" or not products or not _comparable(norm, beyond[there]):
                continue
            self.part(one)
            self.join(side, norm.index, there, "folded")
            self.hold(side, norm.index, [source], "with its batch norm")

    def result(self) -> Matching:
        pairs = [
            Match(one, self.there[one], self.how[one], self.spans.get(one, (one,)))
            for one in sorted(self.there)
        ]
        missing = [*self.missing("reference"), *self.missing("other")]
        return Matching(tuple(pairs), tuple(missing))

    def missing(self, side: Side) -> Iterator[Unmatched]:
        for op in self.trace(side):
            if op.index not in self.twins(side):
                yield Unmatched(op, side, self.reason(op, side))

    def reason(self, op: Op, side: Side) -> str:
        return self.why.get((side, op.index), _NO_LIKE if op.made else _NOTHING)


def _across(side: Side) -> Side:
    return "other" if side == "reference" else "reference"


def _stem(name: str) -> str:
    stem, colon, number = name.rpartition(":")
    return stem if colon and number.isdigit() else name


def _families(trace: Trace) -> Counter[str]:
    """How many ops share a name but for its number."""
    return Counter(_stem(op.name) for op in trace)


def _token(op: Op) -> tuple[str, str, tuple[int, ...]]:
    sort = family(op.kind)
    return op.kind, f"{sort} of whole numbers" if _whole(op) else sort, op.shape


def _whole(op: Op) -> bool:
    return op.made[0].dtype.startswith(("int", "uint"))


def _comparable(one: Op, two: Op) -> bool:
    """Whether both made something of one shape and sort of numbers."""
    return bool(one.made and two.made) and one.shape == two.shape and _whole(one) == _whole(two)


def _apart(one: Op, two: Op) -> str:
    if one.shape != two.shape:
        return f"its shape is {spell_shape(one.shape)} and {spell_shape(two.shape)}"
    return f"it makes {one.made[0].dtype} in the reference, {two.made[0].dtype} in the other"


def _source(norm: Op) -> int | None:
    """The op whose result a batch norm normalises."""
    if norm.kind != "batch_norm" or not norm.inputs or norm.inputs[0].op is None:
        return None
    return norm.inputs[0].op.index


def spell_shape(shape: Sequence[int]) -> str:
    """A shape in words.

    >>> spell_shape((4, 3, 32, 32)), spell_shape(())
    ('4x3x32x32', 'scalar')
    """
    return "x".join(map(str, shape)) or "scalar"
