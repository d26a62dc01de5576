"""Tensors are found in every structure that networks take and return."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict, UserDict, deque
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn

from layerwalk.capture.structure import flatten

ONE, TWO, THREE = (torch.full((1,), float(k)) for k in range(3))


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclasses.dataclass
class Answer:
    logits: Tensor
    hidden: tuple[Tensor, ...] = ()
    note: str = "plain"
    maker: type = dict


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    only: Tensor


class Held:
    def __init__(self, **parts: Any) -> None:
        self.__dict__.update(parts)


class Output(OrderedDict[str, Any]):
    """What language model libraries return: a mapping and a dataclass at once."""


@pytest.mark.parametrize(
    ("structure", "places"),
    [
        (ONE, [""]),
        ((ONE, TWO), ["0", "1"]),
        ([ONE, [TWO, (THREE,)]], ["0", "1.0", "1.1.0"]),
        ({"b": ONE, "a": TWO}, ["b", "a"]),
        ({3: ONE, ("x", 1): TWO}, ["3", "('x', 1)"]),
        (MappingProxyType({"a": [ONE]}), ["a.0"]),
        (UserDict(a=ONE), ["a"]),
        (Output(logits=ONE, aux=TWO), ["logits", "aux"]),
        (Pair(ONE, {"deep": TWO}), ["left", "right.deep"]),
        (Answer(ONE, (TWO, THREE)), ["logits", "hidden.0", "hidden.1"]),
        (Slotted(ONE), ["only"]),
        (Held(tensors=ONE, mask=[TWO]), ["tensors", "mask.0"]),
        (SimpleNamespace(a=ONE), ["a"]),
        ({"a": {"b": {"c": [Answer(ONE)]}}}, ["a.b.c.0.logits"]),
    ],
)
def test_places(structure: Any, places: list[str]) -> None:
    found = flatten(structure)
    assert [place for place, _ in found] == places
    expected = (ONE, TWO, THREE)[: len(places)]
    assert all(tensor is wanted for (_, tensor), wanted in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    "structure",
    [
        None, 1, 2.5, True, 1j, "text", b"bytes", (), [], {}, {"a": None}, dict, Answer, len,
        lambda: ONE, nn.Linear(1, 1), torch.float32, torch.device("cpu"), torch.Size([1]), range(3),
    ],
)  # fmt: skip
def test_no_tensors(structure: Any) -> None:
    assert flatten(structure) == []


def test_a_module_is_not_opened() -> None:
    assert flatten([nn.Linear(1, 1), ONE]) == [("1", ONE)]


def test_one_tensor_in_two_places_is_found_twice() -> None:
    shared = [ONE]
    assert [place for place, _ in flatten({"a": shared, "b": shared, "c": ONE})] == [
        "a.0",
        "b.0",
        "c",
    ]


def test_a_structure_that_holds_itself_comes_to_an_end() -> None:
    circle: list[Any] = [ONE]
    circle.append(circle)
    assert [place for place, _ in flatten(circle)] == ["0"]
    held = Held(first=TWO)
    held.__dict__["again"] = {"me": held, "third": THREE}
    assert [place for place, _ in flatten(held)] == ["first", "again.third"]


def test_parameters_are_tensors() -> None:
    parameter = nn.Parameter(torch.ones(2))
    assert flatten((parameter,))[0][1] is parameter


@pytest.mark.parametrize("structure", [{ONE}, frozenset({ONE}), deque([ONE, TWO])], ids=str)
def test_sets_and_queues_are_opened(structure: Any) -> None:
    assert len(flatten(structure)) == len(structure)


def test_a_field_that_was_never_set_holds_no_tensor() -> None:
    @dataclasses.dataclass
    class Partial:
        first: Tensor
        late: Tensor = dataclasses.field(init=False)

    assert flatten(Partial(ONE)) == [("first", ONE)]
