"""Names of the nodes of an ONNX graph: those of the modules that they were exported from."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Place", "names_of", "place_of"]

_SCOPES = "pkg.torch.onnx.name_scopes"
_CLASSES = "pkg.torch.onnx.class_hierarchy"


@dataclass(frozen=True, slots=True)
class Place:
    """The module that a node was exported from; its path is ``None`` where nothing says so."""

    module: str | None
    module_type: str


def place_of(name: str, metadata: Mapping[str, str]) -> Place:
    """Where a node came from, as torch's exporters tell it.

    The newer one writes the modules' paths beside the node, the older one into its name
    (``"/layer1/layer1.0/conv1/Conv"``).

    Examples
    --------
    >>> place_of("/layer1/layer1.0/conv1/Conv", {})
    Place(module='layer1.0.conv1', module_type='')
    >>> place_of("node_relu", {"pkg.torch.onnx.name_scopes": "['', 'a', 'a.2', 'relu']",
    ...     "pkg.torch.onnx.class_hierarchy": "['Net', 'torch.nn.ReLU', 'aten.relu.default']"})
    Place(module='a.2', module_type='ReLU')
    >>> place_of("Conv_3", {}).module is None
    True
    """
    scopes, classes = (_listed(metadata.get(key, "")) for key in (_SCOPES, _CLASSES))
    if len(scopes) > 1:
        kind = classes[-2].rpartition(".")[2] if len(classes) > 1 else ""
        return Place(scopes[-2], kind)
    if name.startswith("/") and name.count("/") >= 1:
        parts: list[str] = []
        for part in name.split("/")[1:-1]:
            if parts and part.startswith(f"{parts[-1]}."):
                parts[-1] = part  # a sequence's child repeats the sequence's own name
            else:
                parts.append(part)
        return Place(".".join(parts), "")
    return Place(None, "")


def _listed(text: str) -> list[str]:
    try:
        found = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return []
    return [str(part) for part in found] if isinstance(found, list) else []


def names_of(
    places: Sequence[Place], kinds: Sequence[str], weighted: Sequence[bool], own: Sequence[str]
) -> list[str]:
    """A name for each node, made as capture makes those of ops.

    The module's path where the node is its only one, or the only one of it that reads weights;
    else the path and the kind; the node's ``own`` name where it came from no known module.
    Repeats are numbered.

    >>> place = Place("stem", "")
    >>> names_of([place, place], ["pad", "conv2d"], [False, True], ["", ""])
    ['stem.pad', 'stem']
    """
    counts = Counter(place.module for place in places)
    heavy = Counter(place.module for place, heavy in zip(places, weighted, strict=True) if heavy)
    used: Counter[str] = Counter()
    names = []
    for place, kind, reads, name in zip(places, kinds, weighted, own, strict=True):
        path = place.module
        if path is None:
            found = name or kind
        elif path and (counts[path] == 1 or (reads and heavy[path] == 1)):
            found = path
        else:
            found = f"{path}.{kind}" if path else kind
        used[found] += 1
        names.append(found if used[found] == 1 else f"{found}:{used[found]}")
    return names
