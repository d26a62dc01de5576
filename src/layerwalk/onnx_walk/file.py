"""An ONNX file, opened so that every value in it can be seen."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from layerwalk.errors import CaptureError, FileError, MissingPackageError

__all__ = ["OnnxFile", "first_line", "open_file"]

_NOT_ONNX = "this is not an ONNX file, or it is damaged"
_LARGEST = 2_000_000_000  # a message of protobuf holds no more


@dataclass(frozen=True, eq=False, slots=True)
class OnnxFile:
    """A graph and the session that runs it.

    Attributes
    ----------
    path
        Where it is.
    graph
        The ``onnx.GraphProto``, as the file has it.
    session
        Runs it, with every value that a node makes among its outputs, in the graph's order,
        and none of the engine's own rewriting.
    """

    path: Path
    graph: Any = field(repr=False)
    session: Any = field(repr=False)


def open_file(path: str | os.PathLike[str]) -> OnnxFile:
    """The file, ready to run.

    Raises
    ------
    FileError
        It is missing, damaged, no ONNX file, or larger than 2 GB.
    CaptureError
        onnxruntime does not run it.
    MissingPackageError
        onnx or onnxruntime is not installed.
    """
    try:
        import onnx
        import onnxruntime
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in ("onnx", "onnxruntime"):
            raise
        raise MissingPackageError(
            f"this needs the package {package}, which is not installed",
            mend="pip install 'layerwalk[onnx]'",
        ) from error

    place = Path(path)
    model = _loaded(place, onnx.load)
    graph = onnx.GraphProto()
    graph.CopyFrom(model.graph)
    known = {value.name for value in model.graph.output}
    for node in graph.node:
        for name in node.output:
            if name and name not in known:
                known.add(name)
                model.graph.output.append(onnx.ValueInfoProto(name=name))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors have no base of their own
        raise CaptureError(
            f"onnxruntime does not run this network ({first_line(error)})", where=str(place)
        ) from error
    return OnnxFile(place, graph, session)


def _loaded(place: Path, load: Callable[[Path], Any]) -> Any:
    """The model in the file."""
    if not place.is_file():
        what = "this is a folder" if place.is_dir() else "there is no such file"
        raise FileError(what, where=str(place), mend="give the path of an .onnx file")
    try:
        model = load(place)
    except OSError as error:
        raise FileError(
            f"the file cannot be read ({error.strerror or error})", where=str(place)
        ) from error
    except Exception as error:  # protobuf's and onnx's own, which have no base in common
        raise FileError(_NOT_ONNX, where=str(place), mend="export the network again") from error
    if not model.graph.node or not model.opset_import:
        raise FileError(_NOT_ONNX, where=str(place), mend="export the network again")
    if model.ByteSize() > _LARGEST:
        raise FileError(
            "networks of more than 2 GB are not walked",
            where=str(place),
            mend="export a part of it",
        )
    return model


def first_line(error: Exception) -> str:
    """What an engine said, on one line and without its log's prefixes."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].split(" : ", 3)[-1].strip().rstrip(".")[:300]
