"""The explorer of one trace as one HTML file that needs no server and no network.

:mod:`.plan` says which values are kept, :mod:`.coding` how they are written, :mod:`.fields` what
the page needs to know of receptive fields, :mod:`.page` puts the file together.
"""

from __future__ import annotations

from layerwalk.surfaces.report.coding import Detail
from layerwalk.surfaces.report.plan import Weights
from layerwalk.surfaces.report.report import Report, make_report

__all__ = ["Detail", "Report", "Weights", "make_report"]
