"""Small files of named arrays with some JSON beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from layerwalk.errors import FileError
from layerwalk.store.replacing import replacing

__all__ = ["read_arrays", "write_arrays"]


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray[Any, Any]], facts: object) -> None:
    """Put arrays and facts into one ``.safetensors`` file, whole or not at all."""
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    content = save(whole, metadata={"layerwalk": json.dumps(facts)})
    with replacing(path) as stream:
        stream.write(content)


def read_arrays(path: Path) -> tuple[dict[str, np.ndarray[Any, Any]], Any]:
    """The arrays and facts in such a file.

    Raises
    ------
    FileError
        The file is missing, damaged or something else.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            facts = json.loads(file.metadata()["layerwalk"])
            return {name: file.get_tensor(name) for name in file.keys()}, facts  # noqa: SIM118
    except FileNotFoundError as error:
        raise FileError("there is no such file", where=str(path)) from error
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())
        raise FileError(f"the file is damaged ({said})", where=str(path)) from error
