"""The page's colours are those of the figures: its tables here, its rule on these fixtures."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from colour_fixtures import PATH, ramps, written
from layerwalk.render.tables import EXTRA, MapName, colour_table

ROOT = Path(__file__).parent.parent.parent
TABLES = (ROOT / "web" / "src" / "lib" / "colour" / "tables.ts").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["viridis", "magma", "bluered"])
def test_the_pages_table_has_the_same_bytes(name: MapName) -> None:
    found = re.search(rf'^  {name}:\s*"([\w+/=]+)"', TABLES, re.MULTILINE)
    assert found
    colours = np.frombuffer(base64.b64decode(found.group(1)), np.uint8).reshape(-1, 3)
    entries = 255 if name == "bluered" else 256
    assert np.array_equal(colours, colour_table(name)[:entries])


def test_the_page_marks_what_is_not_a_number_in_the_same_colours() -> None:
    found = dict(re.findall(r"^  (\w+): \[([\d, ]+)\],$", TABLES, re.MULTILINE))
    assert {name: tuple(map(int, text.split(","))) for name, text in found.items()} == EXTRA


def test_the_fixtures_are_what_the_figures_give() -> None:
    assert PATH.read_text(encoding="utf-8") == written(), "run scripts/colour_fixtures.py"


def test_the_fixtures_have_every_map_and_every_kind_of_number() -> None:
    fixtures: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))["fixtures"]
    scales = [drawn["scale"] for one in fixtures for drawn in one["drawn"]]
    assert {scale["map"] for scale in scales} == set(EXTRA)
    assert {scale["scope"] for scale in scales} == {"layer", "channel", "fixed"}
    assert len({one["dtype"] for one in fixtures}) == 8
    assert len(list(ramps())) == len(EXTRA)
