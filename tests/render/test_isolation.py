"""The room draws without torch, without pyplot, and without leaving a setting changed."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
import matplotlib
import numpy as np
before = dict(matplotlib.rcParams)
from layerwalk.render.figures import (
    class_scores, colour_channels, edges_walk, feature_maps, filter_response, filters,
    pixel_grid, walk_overview,
)
from layerwalk.render.tiles import tile_sheet
from layerwalk.render.files import save_figure
pixel_grid(np.eye(4)), colour_channels(np.zeros((4, 4, 3), np.uint8))
filters(np.ones((2, 1, 3, 3)))
filter_response(np.eye(9), np.ones((3, 3)), np.zeros((7, 7))), class_scores([("a", 0.5)])
tile_sheet(np.zeros((3, 4, 4)))
save_figure(pixel_grid(np.eye(3)), sys.argv[1])
assert dict(matplotlib.rcParams) == before, "a setting of matplotlib was changed"
for name in ("torch", "matplotlib.pyplot", "torchvision", "timm"):
    assert name not in sys.modules, name
"""


def test_no_torch_no_pyplot_no_changed_setting(tmp_path: object) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-W", "error", "-c", SCRIPT, f"{tmp_path}/a.svg"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_importing_the_room_imports_nothing_heavy() -> None:
    script = (
        "import sys, layerwalk.render.figures, layerwalk.render.tiles, layerwalk.render.files\n"
        "print([name for name in ('matplotlib', 'PIL', 'torch') if name in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
