"""A training that was recorded: a folder of traces, one a stored step, with what was measured.

>>> run = open_run("runs/first")                                    # doctest: +SKIP
>>> run.trace(run.steps[-1]).top(1)                                 # doctest: +SKIP
[('7', 0.999...)]
"""

from layerwalk.runs.evaluation import Evaluation
from layerwalk.runs.run import Run, open_run
from layerwalk.runs.series import Series
from layerwalk.runs.weight_update import Term, WeightUpdate

__all__ = ["Evaluation", "Run", "Series", "Term", "WeightUpdate", "open_run"]
