"""What channels contributed to the score, for a page that has no network to ask."""

from __future__ import annotations

from layerwalk.errors import LayerwalkError
from layerwalk.record import Trace
from layerwalk.surfaces.answer.contributions import sheet_of_op, worked_out
from layerwalk.surfaces.wire import ContributionSheet

__all__ = ["contribution_sheets"]


def contribution_sheets(trace: Trace) -> tuple[ContributionSheet, ...]:
    """A sheet for each op; none where the score cannot be traced back.

    So it is with a network that gives no class scores, a trace without its weights, and where
    torch is not installed: the page then says that the report does not hold them.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    >>> [len(sheet.channels) for sheet in contribution_sheets(trace)][:4]
    [6, 6, 6, 16]
    """
    try:
        found = worked_out(trace)
    except LayerwalkError:
        return ()
    return tuple(sheet_of_op(found, op.index) for op in trace.ops)
