"""What a walk left behind: frozen records, numpy only.

``Trace`` is the one noun that crosses rooms. It is complete when it is built, holds no
tensor library's types, and reads its arrays lazily: from torch's own memory just after a
walk, from a mapped file after :func:`layerwalk.open`.
"""

from layerwalk.record.argument import Argument, Ref, Symbol
from layerwalk.record.op import EDITED, Op
from layerwalk.record.trace import Failure, Photo, Trace
from layerwalk.record.value import Array, Data, Region, Role, Value

__all__ = [
    "EDITED",
    "Argument",
    "Array",
    "Data",
    "Failure",
    "Op",
    "Photo",
    "Ref",
    "Region",
    "Role",
    "Symbol",
    "Trace",
    "Value",
]
