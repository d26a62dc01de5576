"""Recipes written down and read again."""

from __future__ import annotations

import json
import math

import torch
from torch import nn

from layerwalk.capture import record
from layerwalk.recipes.book import recipe_of
from layerwalk.recipes.notation import from_plain, notated, to_plain
from layerwalk.recipes.recipe import Read, Recipe, Step


def small() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, stride=2), nn.ReLU(), nn.MaxPool2d(2, padding=1), nn.ReLU()
    )


def test_every_recipe_survives_json() -> None:
    trace = record(small().eval(), (torch.randn(1, 3, 9, 8),))
    written = json.loads(notated(trace))
    assert written["version"] == 1
    assert len(written["ops"]) == len(trace)
    for op, row in zip(trace, written["ops"], strict=True):
        assert [from_plain(written["recipes"][place]) for place in row] == [recipe_of(op)]


def test_numbers_that_json_has_no_word_for() -> None:
    recipe = Recipe(
        axes=(("c", 3),),
        reads=(Read(0, ("c",), beyond=-math.inf, limits=((-1, 4),)),),
        steps=(Step("s", (("i", 2),), "sum", ("add", ("read", 0), math.inf), (("j", 1),)),),
        result=("max", "s", -math.inf),
        tables=((1, 2.5), (0, -math.inf)),
        forms=(("folded", ("mul", "s", 2.0)),),
    )
    text = json.dumps(to_plain(recipe), allow_nan=False)
    assert from_plain(json.loads(text)) == recipe


def test_what_several_ops_share_is_written_once() -> None:
    net = nn.Sequential(nn.ReLU(), nn.ReLU(), nn.Sigmoid())
    written = json.loads(notated(record(net, (torch.randn(2, 3),))))
    assert written["ops"] == [[0], [0], [1]]
    assert len(written["recipes"]) == 2


def test_an_op_without_a_recipe_is_null() -> None:
    trace = record(nn.GRU(3, 4), (torch.randn(2, 1, 3),))
    rows = json.loads(notated(trace))["ops"]
    missing = [row for op, row in zip(trace, rows, strict=True) if op.kind == "gru"]
    assert missing == [[None, None]]
