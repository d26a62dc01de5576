"""Filters as data: small matrices with names, and what they make of a picture.

``find_filter`` knows those of the tutorials and textbooks by name, ``parse_filter`` reads a
user's own, and ``apply_filter`` lays one over a picture as a network would. numpy only.
"""

from __future__ import annotations

from layerwalk.filters.border import Border, Padding
from layerwalk.filters.catalogue import FOUR_EDGES, filters, find_filter
from layerwalk.filters.correlation import apply_filter
from layerwalk.filters.filter import LARGEST, Filter
from layerwalk.filters.kernel import Kernel, as_filter, as_filters, parse_filter

__all__ = [
    "FOUR_EDGES",
    "LARGEST",
    "Border",
    "Filter",
    "Kernel",
    "Padding",
    "apply_filter",
    "as_filter",
    "as_filters",
    "filters",
    "find_filter",
    "parse_filter",
]
