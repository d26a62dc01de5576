"""A slow, plain reader of what a report holds: the judge of what wrote it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import numpy as np

from layerwalk.record import Array


def numbers(text: str, dtype: str) -> Array:
    """The numbers in the text of a script element."""
    raw = zlib.decompress(base64.b64decode(text), -zlib.MAX_WBITS)
    width = np.dtype(dtype).itemsize
    count = len(raw) // width
    plain = bytes(raw[part * count + k] for k in range(count) for part in range(width))
    return np.frombuffer(plain, dtype=np.dtype(dtype).newbyteorder("<"))


def elements(content: bytes) -> dict[str, str]:
    """The script elements of a report by name."""
    found = re.findall(r'<script type="application/[\w-]+" id="([\w-]+)">(.*?)</script>',
                       content.decode(), flags=re.DOTALL)  # fmt: skip
    return dict(found)


def tensor(parts: dict[str, str], entry: dict[str, Any]) -> Array:
    """A tensor of a report's sheet."""
    name, shape = f"layerwalk-{entry['place']}", entry["shape"]
    found = numbers(parts[name], entry["dtype"]).reshape(shape)
    if entry["channels"] is None:
        return found
    scales = numbers(parts[f"{name}-scales"], "float32").reshape(-1, 2)
    if len(shape) < 3:
        return np.asarray(found * scales[0, 1] + scales[0, 0])
    along = [1] * len(shape)
    along[entry["channels"]] = -1
    return np.asarray(found * scales[:, 1].reshape(along) + scales[:, 0].reshape(along))


def sheet(content: bytes) -> dict[str, Any]:
    """The sheet of a report."""
    found: dict[str, Any] = json.loads(elements(content)["layerwalk-sheet"])
    return found
