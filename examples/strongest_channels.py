"""Walk a photo through a network and draw, from Python, what answered most in each block.

python examples/strongest_channels.py photo.jpg pictures
"""

from __future__ import annotations

import sys
from pathlib import Path

import layerwalk as lw
from layerwalk.render.figures import class_scores, feature_maps
from layerwalk.render.files import save_figure


def main(photo: str, folder: str) -> None:
    """Write the scores, and the eight strongest channels that each block hands on."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    trace = lw.trace(lw.load_model("efficientnet_lite0"), photo)
    save_figure(class_scores(trace), out / "scores.png")
    for block in range(18):
        # A module's path names the last op that it ran.
        figure = feature_maps(trace, f"features.{block}", order="strength", limit=8)
        save_figure(figure, out / f"block-{block:02d}.png")


if __name__ == "__main__":
    main(*sys.argv[1:3])
