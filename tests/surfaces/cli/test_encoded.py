from __future__ import annotations

import json
from dataclasses import replace

from layerwalk.recipes.explain import explain
from layerwalk.record import Trace
from layerwalk.surfaces.cli.encoded import encode


def test_numbers_that_json_has_not(edges: Trace) -> None:
    found = explain(edges, "relu", (0, 0, 1, 1))
    odd = replace(found, total=float("nan"), recorded=float("inf"), residue=1 - 2j, bias=True)
    read = json.loads(encode(odd))
    assert read["total"] == "nan"
    assert read["recorded"] == "inf"
    assert read["residue"] == [1, -2]
    assert read["bias"] is True
