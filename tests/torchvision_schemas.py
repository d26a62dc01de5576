"""A torchvision that imports beside a PyTorch its compiled operators were not built for.

PyTorch's CPU build beside torchvision's CUDA build is such a pair: the networks run, but the
import stops at the missing schemas of operators that no network here uses.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch

__all__ = ["torchvision_operators"]


def torchvision_operators() -> torch.library.Library | None:
    """The declarations that torchvision asks for at import, alive as long as the object is.

    ``None`` where the compiled operators load, or there is no torchvision.
    """
    spec = importlib.util.find_spec("torchvision")
    places = spec.submodule_search_locations if spec else None
    compiled = [path for place in places or () for path in Path(place).glob("_C*.so")]
    compiled += [path for place in places or () for path in Path(place).glob("_C*.pyd")]
    try:
        for path in compiled:
            torch.ops.load_library(str(path))  # type: ignore[no-untyped-call]
    except (ImportError, OSError):
        compiled = []
    if compiled or not places:
        return None
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        schema = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        library.define(schema)  # type: ignore[no-untyped-call]
    return library
