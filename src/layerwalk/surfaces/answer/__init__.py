"""What the page asks is answered here, and nowhere else.

:func:`answer` is the one dispatcher: the server and the notebook pass questions on to it and
send back what it gives, :class:`Binary`, :class:`Document` and :class:`Stream` as they are, all
else as JSON (:mod:`.coding`). Each answer is made in the file that is called after it.
"""

from __future__ import annotations

from layerwalk.surfaces.answer.answer import PATIENCE, Answer, answer
from layerwalk.surfaces.answer.binary import Binary, Document, Stream
from layerwalk.surfaces.answer.coding import decoded, encoded

__all__ = ["PATIENCE", "Answer", "Binary", "Document", "Stream", "answer", "decoded", "encoded"]
