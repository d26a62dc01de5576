"""Write the colours that the page must give as the figures do.

    python scripts/colour_fixtures.py        write tests/surfaces/page_colours.json

Each fixture is an array, how its scale is chosen, the scale and the colours. A test in Python
compares the file with what the code says now, one in TypeScript the page with the file.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.render.colour import Scale, choose_scale, colour_ramp, colourise, dark
from layerwalk.render.tables import EXTRA, MapName, colour_table

PATH = Path(__file__).parent.parent / "tests" / "surfaces" / "page_colours.json"

_RAMP = 37


def arrays() -> Iterator[tuple[str, NDArray[Any]]]:
    """Arrays of every dtype that a page reads, with what is difficult about floats."""
    rng = np.random.default_rng(4)
    yield "signed", rng.normal(scale=1.5, size=40).astype(np.float32)
    yield "positive", np.abs(rng.normal(scale=40, size=40)).astype(np.float32)
    yield "rectified", np.maximum(rng.normal(size=40), 0).astype(np.float32)
    yield "far from zero", (1000 + rng.normal(size=40)).astype(np.float32)
    yield "double", rng.normal(scale=1e-4, size=40)
    yield "steps", np.linspace(0, 1, 65, dtype=np.float32)
    yield "signed steps", np.linspace(-1, 1, 128, dtype=np.float32)
    yield "flawed", np.array([np.nan, 1, -np.inf, 0.25, np.inf, 0], np.float32)
    yield "flawed and signed", np.array([np.nan, 1, -np.inf, -0.25, np.inf, 0], np.float32)
    yield "nothing finite", np.array([np.nan, np.inf], np.float32)
    yield "zero", np.zeros(3, np.float32)
    yield "constant", np.full(3, 2.5, np.float32)
    yield "negative constant", np.full(3, -2.5, np.float32)
    yield "largest single", np.array([-3e38, 0, 1e38, 3e38], np.float32)
    yield "smallest single", np.array([-1e-45, 0, 1e-45], np.float32)
    yield "largest double", np.array([-1.7e308, 0.0, 1e308, 1.7e308])
    yield "smallest double", np.array([-5e-324, 0.0, 5e-324])
    yield "half", rng.normal(size=40).astype(np.float16)
    yield "bytes", np.arange(0, 256, 15, dtype=np.uint8)
    yield "signed bytes", np.arange(-128, 128, 5, dtype=np.int8)
    yield "whole", np.arange(-(2**30), 2**30, 2**27 + 1, dtype=np.int32)
    yield "long", np.array([-(2**52), -1, 0, 1, 2**40, 2**52], np.int64)
    yield "truth", np.array([True, False, True])


def choices(array: NDArray[Any]) -> Iterator[dict[str, Any]]:
    """The ways in which the page has a scale chosen."""
    yield {}
    yield {"map": "grey"}
    yield {"map": "magma", "scope": "channel"}
    if array.dtype != np.bool_:
        yield {"map": "bluered"}
        yield {"signed": True, "scope": "channel"}
        yield {"map": "bluered", "limits": [-0.7, 0.7]}
        yield {"map": "viridis", "limits": [0.1, 1.3]}
        yield {"map": "grey", "limits": [0, 0]}


def fixtures() -> Iterator[dict[str, Any]]:
    """Every array with every choice."""
    for name, array in arrays():
        yield {
            "name": name,
            "dtype": str(array.dtype),
            "numbers": [_plain(number) for number in array.tolist()],
            "drawn": [_drawn(array, choice) for choice in choices(array)],
        }


def ramps() -> Iterator[dict[str, Any]]:
    """The colours of each map from end to end, and which of them are dark."""
    names: tuple[MapName, ...] = tuple(EXTRA)
    for name in names:
        scale = Scale(-1, 1, name)
        yield {
            "map": name,
            "ramp": _packed(colour_ramp(scale, _RAMP)),
            "dark": "".join("01"[int(one)] for one in dark(colour_table(name))),
            "extra": list(EXTRA[name]),
        }


def written() -> str:
    """The file's text: one line for each fixture."""
    cases = [json.dumps(one, separators=(",", ":"), allow_nan=False) for one in fixtures()]
    tables = [json.dumps(one, separators=(",", ":")) for one in ramps()]
    return (
        '{"fixtures":[\n' + ",\n".join(cases) + '\n],\n"maps":[\n' + ",\n".join(tables) + "\n]}\n"
    )


def _drawn(array: NDArray[Any], choice: dict[str, Any]) -> dict[str, Any]:
    scale = choose_scale(array, **choice)
    # Nothing added to a minus zero makes it a plain one, as the page has it.
    ends = {"low": scale.low + 0.0, "high": scale.high + 0.0}
    return {
        "choice": choice,
        "scale": {**ends, "map": scale.map, "scope": scale.scope},
        "words": scale.words,
        "colours": _packed(colourise(array, scale)),
    }


def _plain(number: float) -> float | str:
    """JSON has no NaN and no infinity: their names, as JavaScript spells them."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else f"{'-' if number < 0 else ''}Infinity"


def _packed(colours: NDArray[np.uint8]) -> str:
    return base64.b64encode(colours.tobytes()).decode()


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
    print(f"{PATH.name}: {PATH.stat().st_size / 1e3:.0f} kB")
