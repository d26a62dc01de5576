"""Draw the README's pictures anew: ``python scripts/pictures.py``."""

from __future__ import annotations

from pathlib import Path

import layerwalk as lw
from layerwalk.render.figures import explanation_figure, walk_overview
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
    """Write docs/images/walk.png and explain.png."""
    trace = lw.trace(lw.load_model("efficientnet_lite0"), lw.load_image("sample:dog"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(save_figure(walk_overview(trace, ops=OPS), FOLDER / "walk.png"))
    found = lw.explain(trace, "features.0.conv", (0, 3, 10, 12))
    print(save_figure(explanation_figure(found), FOLDER / "explain.png"))


if __name__ == "__main__":
    main()
