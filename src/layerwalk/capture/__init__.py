"""Capture: run a network once and record every op that it runs.

It knows torch and nothing of models or pictures, and gives back a plain
:class:`layerwalk.record.Trace`.
"""

from layerwalk.capture.replay import replay
from layerwalk.capture.run import record

__all__ = ["record", "replay"]
