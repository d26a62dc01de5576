"""What if: weights, channels, ops and the picture changed, and every layer's answer."""

from layerwalk.edits.edits import Edits, edit, load_edits
from layerwalk.edits.rerun import rerun
from layerwalk.edits.step import Edit

__all__ = ["Edit", "Edits", "edit", "load_edits", "rerun"]
