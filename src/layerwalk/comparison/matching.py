"""Which op of one walk belongs to which op of another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from layerwalk.comparison.alignment import align
from layerwalk.comparison.families import PRODUCTS, family
from layerwalk.record import Op, Trace

__all__ = ["How", "Match", "Matching", "Unmatched", "match"]

How: TypeAlias = Literal["given", "name", "order", "folded"]
Side: TypeAlias = Literal["reference", "other"]


@dataclass(frozen=True, slots=True)
class Match:
    """Two ops, by index, and how they were found to belong together.

    ``"given"`` by the caller, by their ``"name"``, by their kind and shape in the ``"order"``
    of the walk, or a batch norm with the convolution into which it was ``"folded"``.
    """

    reference: int
    other: int
    how: How


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

    Pairs that are given come first, then ops of one name, sort and shape, then what lies between
    those by kind and shape in order, and at last what else has one name and shape (an activation
    that was swapped for another). A name that torch's modules did not give but that was
    counted (``"relu:2"``) is trusted only where both walks count as many.

    Raises
    ------
    NotFoundError
        A name that was given is in neither walk.
    """
    work = _Work(reference, other)
    for one, two in (names or {}).items():
        work.pair(reference[one].index, other[two].index, "given")
    work.by_name(alike=True)
    work.by_order()
    work.folded()
    work.by_name(alike=False)
    return work.result()


_NO_LIKE: Final = "nothing of its name, or of its kind and shape in its place"
_NOTHING: Final = "it made no value"


@dataclass(slots=True)
class _Work:
    reference: Trace
    other: Trace
    there: dict[int, int] = field(default_factory=dict)  # reference to other
    back: dict[int, int] = field(default_factory=dict)
    how: dict[int, How] = field(default_factory=dict)  # by reference
    why: dict[tuple[Side, int], str] = field(default_factory=dict)

    def pair(self, one: int, two: int, how: How) -> None:
        if one in self.there or two in self.back:
            return
        self.there[one], self.back[two], self.how[one] = two, one, how

    def part(self, one: int) -> None:
        two = self.there.pop(one)
        del self.back[two], self.how[one]

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
            if op.made and twin.made and op.shape == twin.shape:
                self.pair(op.index, twin.index, "name")
            elif op.made and twin.made:
                said = f"its shape is {_spelled(op)} and {_spelled(twin)}"
                self.why["reference", op.index] = self.why["other", twin.index] = said

    def by_order(self) -> None:
        anchors = [*_rising(sorted(self.there.items())), (len(self.reference), len(self.other))]
        start = (0, 0)
        for one, two in anchors:
            here = [k for k in range(start[0], one) if k not in self.there and self.free(k, 0)]
            there = [k for k in range(start[1], two) if k not in self.back and self.free(k, 1)]
            tokens = [[_token(trace[k]) for k in ops]
                      for trace, ops in ((self.reference, here), (self.other, there))]  # fmt: skip
            for left, right in align(*tokens):
                self.pair(here[left], there[right], "order")
            start = (one + 1, two + 1)

    def free(self, index: int, side: int) -> bool:
        return bool((self.reference, self.other)[side][index].made)

    def folded(self) -> None:
        """Where just one walk has a batch norm, the other's convolution holds it."""
        for norm in self.reference:
            source = _source(norm)
            if norm.index in self.there or source is None or source not in self.there:
                continue
            two = self.there[source]
            if self.how[source] != "given" and family(self.other[two].kind) in PRODUCTS:
                self.part(source)
                self.pair(norm.index, two, "folded")
                self.why["reference", source] = "the other has it folded with its batch norm"
        for norm in self.other:
            source = _source(norm)
            if norm.index in self.back or source is None or source not in self.back:
                continue
            one = self.back[source]
            if self.how[one] != "given" and family(self.reference[one].kind) in PRODUCTS:
                self.part(one)
                self.pair(one, norm.index, "folded")
                self.why["other", source] = "the reference has it folded with its batch norm"

    def result(self) -> Matching:
        pairs = [Match(one, self.there[one], self.how[one]) for one in sorted(self.there)]
        missing = [*self.missing("reference"), *self.missing("other")]
        return Matching(tuple(pairs), tuple(missing))

    def missing(self, side: Side) -> Iterator[Unmatched]:
        trace, known = (
            (self.reference, self.there) if side == "reference" else (self.other, self.back)
        )
        for op in trace:
            if op.index not in known:
                yield Unmatched(op, side, self.reason(op, side))

    def reason(self, op: Op, side: Side) -> str:
        return self.why.get((side, op.index), _NO_LIKE if op.made else _NOTHING)


def _stem(name: str) -> str:
    stem, colon, number = name.rpartition(":")
    return stem if colon and number.isdigit() else name


def _families(trace: Trace) -> Counter[str]:
    """How many ops share a name but for its number."""
    return Counter(_stem(op.name) for op in trace)


def _token(op: Op) -> tuple[str, str, tuple[int, ...]]:
    return op.kind, family(op.kind), op.shape


def _source(norm: Op) -> int | None:
    """The op whose result a batch norm normalises."""
    if norm.kind != "batch_norm" or not norm.inputs or norm.inputs[0].op is None:
        return None
    return norm.inputs[0].op.index


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Most pairs such that both sides rise: what is crossed is no anchor of an order."""
    ends: list[int] = []  # the lowest end of a rising run of each length
    at: list[int] = []  # the pair that ends it
    before: list[int] = []
    for number, (_, two) in enumerate(pairs):
        length = bisect_left(ends, two)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1], at[length : length + 1] = [two], [number]
    chain, number = [], at[-1] if at else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _spelled(op: Op) -> str:
    return "x".join(map(str, op.shape)) or "scalar"
