"""Eyes inside a convolutional neural network.

>>> import layerwalk as lw
>>> model = lw.load_model("efficientnet_lite0")         # doctest: +SKIP
>>> trace = lw.trace(model, lw.load_image("dog.jpg"))   # doctest: +SKIP
>>> trace.top(1)                                        # doctest: +SKIP
[('German Shepherd Dog', 0.970...)]

The verbs load when they are first used, so importing the package costs next to nothing
and reading a saved trace needs no torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from layerwalk.errors import missing as _missing

if TYPE_CHECKING:
    from layerwalk.attribution import Attribution as Attribution
    from layerwalk.attribution import Contributions as Contributions
    from layerwalk.attribution import SanityCheck as SanityCheck
    from layerwalk.attribution import attribute as attribute
    from layerwalk.attribution import contributions as contributions
    from layerwalk.attribution import sanity_check as sanity_check
    from layerwalk.comparison.compare import compare as compare
    from layerwalk.comparison.comparison import Comparison as Comparison
    from layerwalk.data.images import Image as Image
    from layerwalk.data.images import load_image as load_image
    from layerwalk.data.preprocessing import Preprocessing as Preprocessing
    from layerwalk.data.sets import DataSet as DataSet
    from layerwalk.data.sets import load_data as load_data
    from layerwalk.diagnosis.doctor import doctor as doctor
    from layerwalk.diagnosis.finding import Diagnosis as Diagnosis
    from layerwalk.edits import Edits as Edits
    from layerwalk.edits import edit as edit
    from layerwalk.edits import load_edits as load_edits
    from layerwalk.errors import LayerwalkError as LayerwalkError
    from layerwalk.filters import Filter as Filter
    from layerwalk.filters import apply_filter as apply_filter
    from layerwalk.filters import find_filter as find_filter
    from layerwalk.learn import Plan as Plan
    from layerwalk.learn import Watch as Watch
    from layerwalk.learn import train as train
    from layerwalk.learn import watch as watch
    from layerwalk.learn.contest import Versus as Versus
    from layerwalk.learn.contest import versus as versus
    from layerwalk.models.filter_network import make_network as make_network
    from layerwalk.models.loading import Model as Model
    from layerwalk.models.loading import load_model as load_model
    from layerwalk.onnx_walk.trace_onnx import trace_onnx as trace_onnx
    from layerwalk.recipes.explain import explain as explain
    from layerwalk.recipes.explanation import Explanation as Explanation
    from layerwalk.recipes.receptive_field import receptive_field as receptive_field
    from layerwalk.recipes.receptive_fields import receptive_fields as receptive_fields
    from layerwalk.recipes.walk_back import walk_back as walk_back
    from layerwalk.record import Op as Op
    from layerwalk.record import Trace as Trace
    from layerwalk.record import Value as Value
    from layerwalk.runs import Run as Run
    from layerwalk.runs import open_run as open_run
    from layerwalk.store import load
    from layerwalk.walk import trace as trace

    open = load  # noqa: A001 - the contract's name

__version__ = "0.1.0"

_HOMES = {
    "Attribution": "layerwalk.attribution:Attribution",
    "Contributions": "layerwalk.attribution:Contributions",
    "SanityCheck": "layerwalk.attribution:SanityCheck",
    "attribute": "layerwalk.attribution:attribute",
    "contributions": "layerwalk.attribution:contributions",
    "sanity_check": "layerwalk.attribution:sanity_check",
    "Edits": "layerwalk.edits:Edits",
    "Comparison": "layerwalk.comparison.comparison:Comparison",
    "DataSet": "layerwalk.data.sets:DataSet",
    "Diagnosis": "layerwalk.diagnosis.finding:Diagnosis",
    "Explanation": "layerwalk.recipes.explanation:Explanation",
    "Filter": "layerwalk.filters:Filter",
    "Image": "layerwalk.data.images:Image",
    "LayerwalkError": "layerwalk.errors:LayerwalkError",
    "Model": "layerwalk.models.loading:Model",
    "Op": "layerwalk.record:Op",
    "Plan": "layerwalk.learn:Plan",
    "Preprocessing": "layerwalk.data.preprocessing:Preprocessing",
    "Run": "layerwalk.runs:Run",
    "Trace": "layerwalk.record:Trace",
    "Value": "layerwalk.record:Value",
    "Versus": "layerwalk.learn.contest:Versus",
    "Watch": "layerwalk.learn:Watch",
    "apply_filter": "layerwalk.filters:apply_filter",
    "edit": "layerwalk.edits:edit",
    "compare": "layerwalk.comparison.compare:compare",
    "doctor": "layerwalk.diagnosis.doctor:doctor",
    "explain": "layerwalk.recipes.explain:explain",
    "find_filter": "layerwalk.filters:find_filter",
    "load_data": "layerwalk.data.sets:load_data",
    "load_edits": "layerwalk.edits:load_edits",
    "load_image": "layerwalk.data.images:load_image",
    "load_model": "layerwalk.models.loading:load_model",
    "make_network": "layerwalk.models.filter_network:make_network",
    "open": "layerwalk.store:load",
    "open_run": "layerwalk.runs:open_run",
    "receptive_field": "layerwalk.recipes.receptive_field:receptive_field",
    "receptive_fields": "layerwalk.recipes.receptive_fields:receptive_fields",
    "trace": "layerwalk.walk:trace",
    "train": "layerwalk.learn:train",
    "trace_onnx": "layerwalk.onnx_walk.trace_onnx:trace_onnx",
    "versus": "layerwalk.learn.contest:versus",
    "watch": "layerwalk.learn:watch",
    "walk_back": "layerwalk.recipes.walk_back:walk_back",
}

__all__ = [*sorted(_HOMES), "__version__"]  # noqa: PLE0604 - names of the table above


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'layerwalk' has no attribute {name!r}")
    module, attribute = _HOMES[name].split(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
