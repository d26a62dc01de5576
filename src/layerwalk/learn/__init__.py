"""Watch a network learn: any training loop recorded as a run, and one of our own."""

from layerwalk.learn.moments import every, log_steps
from layerwalk.learn.plan import Plan
from layerwalk.learn.run_watch import Watch
from layerwalk.learn.training import Progress, train
from layerwalk.learn.watching import watch

__all__ = ["Plan", "Progress", "Watch", "every", "log_steps", "train", "watch"]
