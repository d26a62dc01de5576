"""One trace, one file: ``.safetensors``, opened by any tool, mapped, never run.

>>> from layerwalk.store import load, save
>>> save(trace, "dog.safetensors", detail="half")           # doctest: +SKIP
PosixPath('dog.safetensors')
>>> load("dog.safetensors")["conv1"].outputs[0].read(0, 3).shape    # doctest: +SKIP
(112, 112)
"""

from layerwalk.store.detail import Detail
from layerwalk.store.load import load
from layerwalk.store.mapped import Absent, Mapped
from layerwalk.store.packed import packed, unpacked
from layerwalk.store.save import save

__all__ = ["Absent", "Detail", "Mapped", "load", "packed", "save", "unpacked"]
