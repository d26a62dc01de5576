"""Draw the README's picture anew: ``python scripts/pictures.py``."""

from __future__ import annotations

from pathlib import Path

import layerwalk as lw
from layerwalk.render.figures import walk_overview
from layerwalk.render.files import save_figure

FOLDER = Path(__file__).parent.parent / "docs" / "images"
OPS = (
    "features.0.conv",
    "features.0.act",
    "features.2.depthwise.conv",
    "features.3.expand.act",
    "features.9.depthwise.act",
    "features.17.act",
)


def main() -> None:
    """Write docs/images/walk.png."""
    trace = lw.trace(lw.load_model("efficientnet_lite0"), lw.load_image("sample:dog"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(save_figure(walk_overview(trace, ops=OPS), FOLDER / "walk.png"))


if __name__ == "__main__":
    main()
