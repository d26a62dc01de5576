"""Data sets: pictures with labels, by number or as a stream, from many kinds of places.

``load_data`` gives a :class:`DataSet` (or, where asked, a :class:`Stream`) of anything that
holds pictures with labels. numpy and Pillow only; Hugging Face ``datasets`` and scikit-learn
are imported where a set needs them, PyTorch's data sets are taken as they are.
"""

from __future__ import annotations

from layerwalk.data.sets.array_set import ArraySet
from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.known import KnownSet, known_sets
from layerwalk.data.sets.load import DataSource, load_data
from layerwalk.data.sets.statistics import Statistics, measure
from layerwalk.data.sets.stream import Stream

__all__ = [
    "ArraySet",
    "DataSet",
    "DataSource",
    "KnownSet",
    "Statistics",
    "Stream",
    "known_sets",
    "load_data",
    "measure",
]
