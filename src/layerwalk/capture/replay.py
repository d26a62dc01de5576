"""Run every recorded op again on its recorded inputs, and compare the bits."""

from __future__ import annotations

import numpy as np
import torch

from layerwalk.capture.again import CannotRunError, recorded_tensor, run_again
from layerwalk.capture.bits import distance, same_bits
from layerwalk.capture.conditions import below_autograd, unchanged_randomness, whole_operations
from layerwalk.checks import Mismatch, Report, Skipped
from layerwalk.errors import LayerwalkError
from layerwalk.record import Argument, Op, Trace

__all__ = ["replay"]


def replay(trace: Trace) -> Report:
    """A report on every op, run again on its recorded inputs and compared bit for bit.

    An op that was given a wrong edge, or whose recorded input was overwritten, gives other
    bits: edges and values are proved at once, for about the price of a forward pass. Ops
    that drew random numbers, whose memory was never written or that could not be seen are
    reported as skipped, with the reason.

    Works on a trace just recorded and on one opened from a file that kept its weights and
    its values exactly.
    """
    failures: list[Mismatch] = []
    skipped: list[Skipped] = []
    worst = 0.0
    with unchanged_randomness(), whole_operations(), below_autograd():
        for op in trace.ops:
            try:
                message, distance = _compare(op, run_again(op, recorded_tensor))
            except CannotRunError as reason:
                skipped.append(Skipped(op.name, str(reason)))
            except LayerwalkError as error:  # a value that was left out, or changed since
                skipped.append(Skipped(op.name, f"{error.where}: {error.what}"))
            except Exception as error:
                failures.append(Mismatch(op.name, f"{type(error).__name__}: {error}"))
            else:
                if message:
                    failures.append(Mismatch(op.name, message))
                    worst = max(worst, distance)
    return Report(len(trace) - len(skipped), worst, tuple(failures), tuple(skipped))


def _compare(op: Op, made: list[torch.Tensor] | Argument) -> tuple[str, float]:
    """What differs, in words, and by how much at most."""
    if not isinstance(made, list):
        recorded = op.settings.get("result")
        return ("" if made == recorded else f"gave {made!r}, not {recorded!r}"), 0.0
    for value, tensor in zip(op.outputs, made, strict=True):
        held = recorded_tensor(value)
        if tuple(tensor.shape) != value.shape or tensor.dtype != held.dtype:
            return f"{value.name}: {tuple(tensor.shape)} {tensor.dtype}, not as recorded", np.inf
        if not same_bits(tensor, held):
            worst = distance(tensor, held)
            return f"{value.name}: bits differ, by {worst:.3g} at most", worst
    return "", 0.0
