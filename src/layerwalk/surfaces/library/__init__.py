"""The library of open traces: what the explorer's pages look at, and the walks that make more.

A :class:`Library` holds traces for as long as there is room, and the queue of walks. It knows
nothing of pages: :mod:`layerwalk.surfaces.answer` asks it on their behalf.
"""

from __future__ import annotations

from layerwalk.surfaces.library.inquiry import Inquiry
from layerwalk.surfaces.library.job import Tell
from layerwalk.surfaces.library.library import Library
from layerwalk.surfaces.library.network import Network
from layerwalk.surfaces.library.open_data import OpenData
from layerwalk.surfaces.library.open_run import OpenRun
from layerwalk.surfaces.library.opened import Opened
from layerwalk.surfaces.library.order import Order
from layerwalk.surfaces.library.picture import Picture

__all__ = [
    "Inquiry", "Library", "Network", "OpenData", "OpenRun", "Opened", "Order", "Picture", "Tell",
]  # fmt: skip
