"""The explorer of one trace as one HTML file that needs no server and no network.

:mod:`.plan` says which values are kept, :mod:`.coding` how they are written, :mod:`.fields` what
the page needs to know of receptive fields, :mod:`.page` puts the file together, :mod:`.sizes`
tells beforehand how large it would be, :mod:`.run_report` does all that for the steps of a run.
"""

from __future__ import annotations

from layerwalk.surfaces.report.coding import Detail
from layerwalk.surfaces.report.plan import Weights
from layerwalk.surfaces.report.report import Report, Writing, make_report
from layerwalk.surfaces.report.run_report import make_run_report
from layerwalk.surfaces.report.sizes import report_sizes

__all__ = [
    "Detail",
    "Report",
    "Weights",
    "Writing",
    "make_report",
    "make_run_report",
    "report_sizes",
]
